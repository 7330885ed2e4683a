/**
 * What MISO and a neighbour owe each other at the flowgates that both load: the entitlements of a day,
 * `YYYYMMDD_M2M_FFE.csv`, and what was settled of them, `M2M_Settlement_srw_YYYY.csv`. Stamps end their hour in EST, of
 * twelve hours with AM and PM or of 24 with `24:00:00` for midnight.
 */

import { textAt } from '../kit/readers/sheet.ts';
import { sourceRow } from '../kit/source-row.ts';
import { inAnyForm } from '../kit/time/stamp-forms.ts';
import {
  cellsOf,
  compact,
  type HourReport,
  hourDataset,
  type LineReader,
  SHEET_HOUR,
} from './hour-sheets.ts';

const MW = 'MW';
const STAMP = 'M/D/YYYY h:mm:ss A';
const OTHER_STAMPS = ['YYYY-MM-DD hh:mm:ss', 'M/D/YYYY h:mm[:ss]', 'M/D/YYYY h:mm A'];

/** Column, field, unit, and the column that names whose figure it is; null for MISO's. */
type Figure = readonly [column: string, field: string, unit: string, whose: string | null];

const ENTITLED: readonly Figure[] = [
  ['adjustedffe', 'firm_flow_entitlement_adjusted', MW, 'nonmonitoringrto'],
  ['nonmonitoringrtoffe', 'firm_flow_entitlement', MW, 'nonmonitoringrto'],
];
const SETTLED: readonly Figure[] = [
  ['misoshadowprice', 'shadow_price', 'USD/MW', null],
  ['misomktflow', 'market_flow', MW, null],
  ['misoffe', 'firm_flow_entitlement', MW, null],
  ['misocredit', 'credit', 'USD', null],
  ['cpshadowprice', 'shadow_price', 'USD/MW', 'cprto'],
  ['cpmktflow', 'market_flow', MW, 'cprto'],
  ['cpffe', 'firm_flow_entitlement', MW, 'cprto'],
  ['cpcredit', 'credit', 'USD', 'cprto'],
];

function linesOf(names: readonly string[], figures: readonly Figure[]): LineReader | null {
  const hourAt = names.indexOf('hourending');
  const placeAt = names.findIndex((name) => /^(?:nerc)?flowgateid$/.test(name));
  if (hourAt < 0 || placeAt < 0 || !figures.every(([column]) => names.includes(column))) return null;
  return (row, line) => {
    const time = textAt(row, hourAt).replace(/\s+/g, ' ');
    // Below the last hour stand words about the report.
    if (!/\d:\d\d/.test(time)) return [];
    return figures.map(([column, field, unit, whose]) =>
      sourceRow(
        line,
        textAt(row, placeAt),
        time,
        [{ field, value: row?.[names.indexOf(column)]?.text ?? null, unit }],
        { series: whose === null ? 'MISO' : textAt(row, names.indexOf(whose)) || null },
      ),
    );
  };
}

const REPORT: HourReport = {
  open(header) {
    const names = cellsOf(header).map(compact);
    return linesOf(names, ENTITLED) ?? linesOf(names, SETTLED);
  },
  words: /Non Monitoring RTO FFE|MISO_MKT_FLOW/,
  named: /M2M/i,
  expected:
    'NERC Flowgate ID, …, Hour Ending, Adjusted FFE, …; or HOUR_ENDING, FLOWGATE_ID, …, MISO_SHADOW_PRICE, …',
};

/** The dataset `market_to_market` of MISO. */
export const marketToMarket = inAnyForm(
  hourDataset(REPORT, {
    name: 'market_to_market',
    title: 'Flowgates that MISO and a neighbour share, by the hour',
    rule: {
      kind: 'series',
      product: 'M2M',
      lateness: '7d',
      horizon: '1d',
      fields: {
        firm_flow_entitlement: { min: '-20000', max: '20000' },
        firm_flow_entitlement_adjusted: { min: '-20000', max: '20000' },
        market_flow: { min: '-20000', max: '20000' },
        shadow_price: { min: '-20000', max: '20000' },
        credit: { min: '-10000000', max: '10000000' },
      },
    },
    time: { ...SHEET_HOUR, name: 'est-hour-ending-clock', pattern: STAMP, stamp: 'ending-clock' },
    fields: [
      {
        field: 'firm_flow_entitlement',
        unit: MW,
        what: 'flow that the market that is the series is entitled to',
      },
      { field: 'firm_flow_entitlement_adjusted', unit: MW, what: 'the same, adjusted' },
      { field: 'market_flow', unit: MW, what: 'flow of the market that is the series' },
      { field: 'shadow_price', unit: 'USD/MW', what: 'shadow price in the market that is the series' },
      { field: 'credit', unit: 'USD', what: 'what the market that is the series is owed' },
    ],
  }),
  OTHER_STAMPS,
);
