/**
 * Makes the CAISO samples and golden cases besides prices at nodes, the same on every run:
 * `scripts/node scripts/samples/make-caiso-page-samples.ts` writes them. The bodies are those of `caiso-page-bodies.ts`.
 */

import {
  AUTUMN,
  across,
  NORMAL,
  oasisCsvOf,
  oasisXmlOf,
  outlookTable,
  renewablesWatch,
  SPRING,
} from './caiso-page-bodies.ts';
import { writeFiles } from './case-folder.ts';
import { filesOf, type GoldenCase } from './golden-case.ts';

const PRICE = 'USD/MWh';
const ITEMS = { LMP: ['LMP_PRC', 'lmp'], MCC: ['LMP_CONG_PRC', 'congestion'] } as const;

/** Prices at a tie in a run. */
const tie = (run: string, minutes: number): GoldenCase['body'] =>
  oasisCsvOf(
    {
      columns: ['NODE', 'TIE', 'MARKET_RUN_ID', 'LMP_TYPE', 'XML_DATA_ITEM'],
      minutes,
      start: '2026-03-08T10:00:00Z',
      rows: Object.entries(ITEMS).map(([type, [item, field]]) => [
        { NODE: 'MALIN_5_N101', TIE: 'MALIN500', MARKET_RUN_ID: run, LMP_TYPE: type, XML_DATA_ITEM: item },
        { location: 'MALIN_5_N101', series: 'MALIN500', field, unit: PRICE },
      ]),
    },
    'PRC',
  );

const CLOCKS = ['00:00', '00:05', '00:10'];
/** Of the autumn day: the hour that comes twice, in order. */
const REPEATED = ['00:55', '01:00', '01:55', '01:00', '01:55', '02:00'];

function repeated(): GoldenCase['body'] {
  const made = across(
    'Net Demand',
    '2020-11-01',
    '2020-11-01T07:55:00Z',
    [['Net demand', 'net_load', null]],
    REPEATED,
  );
  const starts = ['07:55', '08:00', '08:55', '09:00', '09:55', '10:00'];
  return {
    payload: made.payload,
    figures: made.figures.map((figure, i) => {
      const start = Date.parse(`2020-11-01T${starts[i]}:00Z`);
      return { ...figure, start, end: start + 300_000 };
    }),
  };
}

const csv = (what: string, body: GoldenCase['body'], sample?: string): GoldenCase => ({
  what,
  ending: 'csv',
  body,
  ...(sample === undefined ? {} : { sample }),
});
const watch = (what: string, body: GoldenCase['body'], sample?: string): GoldenCase => ({
  ...csv(what, body, sample),
  ending: 'txt',
});

const CASES: Readonly<Record<string, GoldenCase>> = {
  'fuel_mix_hourly/normal-day': watch(
    '24 hours',
    renewablesWatch(NORMAL),
    '20170704_DailyRenewablesWatch.txt',
  ),
  'fuel_mix_hourly/spring-day': watch('23 hours; the skipped one holds words', renewablesWatch(SPRING)),
  'fuel_mix_hourly/autumn-day': watch('24 lines for 25 hours', renewablesWatch(AUTUMN)),
  'load_outlook/saved': csv(
    'times across, the date in the first cell',
    across(
      'Demand',
      '2020-07-08',
      '2020-07-08T07:00:00Z',
      [
        ['Day-ahead forecast', 'load_forecast_day_ahead', null],
        ['Demand', 'load', null],
      ],
      CLOCKS,
    ),
  ),
  'load_outlook/autumn-night': csv('the hour that comes twice, in order', repeated()),
  'fuel_mix/saved': csv(
    'times across, resources as series',
    across(
      'Supply',
      '2020-07-08',
      '2020-07-08T07:00:00Z',
      [
        ['Renewables', 'generation', 'Renewables'],
        ['Natural gas', 'generation', 'Natural gas'],
      ],
      CLOCKS,
    ),
  ),
  'storage/saved': csv(
    'times across',
    across(
      'Batteries',
      '2020-07-08',
      '2020-07-08T07:00:00Z',
      [['Batteries', 'storage_net', 'Batteries']],
      CLOCKS,
    ),
  ),
  'da_lmp_tie/hours': csv('day-ahead', tie('DAM', 60), '20260308_20260308_PRC_SPTIE_LMP_DAM_v5.csv'),
  'rt_lmp_15min_tie/quarters': csv(
    'fifteen minutes',
    tie('RTPD', 15),
    '20260308_20260308_PRC_SPTIE_LMP_RTPD_v5.csv',
  ),
  'rt_lmp_tie/five-minutes': csv('five minutes', tie('RTD', 5), '20260308_20260308_PRC_SPTIE_LMP_RTD_v5.csv'),
  'rt_as_prices/quarters': csv(
    'a report of its own in real time',
    oasisCsvOf(
      {
        columns: ['ANC_TYPE', 'ANC_REGION', 'MARKET_RUN_ID', 'XML_DATA_ITEM'],
        minutes: 15,
        start: '2026-03-08T10:00:00Z',
        rows: [
          [
            { ANC_TYPE: 'RU', ANC_REGION: 'AS_CAISO', MARKET_RUN_ID: 'RTM', XML_DATA_ITEM: 'RU_CLR_PRC' },
            { location: 'AS_CAISO', field: 'mcp_regup', unit: 'USD/MW' },
          ],
        ],
      },
      'MW',
    ),
    '20260308_20260308_PRC_INTVL_AS_RTM.csv',
  ),
  'gas_price/spring-days': csv(
    'a trade day of 23 hours and what follows, no name of an item',
    oasisCsvOf(
      {
        columns: ['FUEL_REGION_ID'],
        minutes: 23 * 60,
        start: '2026-03-08T08:00:00Z',
        rows: [[{ FUEL_REGION_ID: 'SCE1' }, { location: 'SCE1', field: 'gas_price', unit: 'USD/MMBtu' }]],
      },
      'PRC',
    ),
    '20260308_20260308_PRC_FUEL.csv',
  ),
  'ghg_allowance_price/days': csv(
    'no place and no name of an item',
    oasisCsvOf(
      {
        columns: [],
        minutes: 24 * 60,
        start: '2026-03-09T07:00:00Z',
        rows: [[{}, { location: 'CAISO', field: 'ghg_allowance_price', unit: 'USD/t' }]],
      },
      'GHG_PRC_IDX',
    ),
    '20260308_20260308_PRC_GHG_ALLOWANCE.csv',
  ),
  'figures/requirements': {
    what: 'a report that no other dataset reads, under a later namespace',
    ending: 'xml',
    body: oasisXmlOf('AS_REQ', 'SP_REQ_MIN_MW'),
    sample: '20260308_20260308_AS_REQ_DAM_v1.xml',
  },
  'figures/shadow-prices': csv(
    'a cause as series, no unit printed',
    oasisCsvOf(
      {
        columns: ['NOMOGRAM_ID', 'MARKET_RUN_ID', 'CONSTRAINT_CAUSE'],
        minutes: 60,
        start: '2026-03-08T10:00:00Z',
        rows: [
          [
            { NOMOGRAM_ID: 'OMS 1_NG', MARKET_RUN_ID: 'DAM', CONSTRAINT_CAUSE: 'BASE CASE' },
            { location: 'OMS 1_NG', series: 'BASE CASE', field: 'prc', unit: PRICE },
          ],
        ],
      },
      'PRC',
    ),
  ),
};

/** Tables whose date is in their name: samples only, as golden bodies have no name. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  'caiso_20260308_fuelsource.csv': ['Solar', 'Natural gas', 'Imports'],
  'caiso_20260308_demand.csv': ['Day ahead forecast', 'Hour ahead forecast', 'Current demand'],
  'caiso_20260308_storage.csv': ['Total batteries', 'Stand-alone batteries', 'Hybrid batteries'],
};

/** Every file that this script makes: path from the root of the project → content. */
export function samples(): Map<string, string | Uint8Array> {
  const files = filesOf('caiso', 'make-caiso-page-samples.ts', CASES);
  for (const [name, columns] of Object.entries(TABLES)) files.set(`samples/${name}`, outlookTable(columns));
  return files;
}

if (import.meta.main) writeFiles(samples());
