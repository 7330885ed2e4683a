/**
 * MISO's reports of constraints that bind: by the hour day-ahead (`_da_bc.xls`, `_da_pbc.csv`, `_da_rpe.xls`, the year
 * `YYYY_da_bc_HIST.csv`) and by five minutes in real time (`_rt_bc.xls`, `_rt_or.xls`, `_rt_pbc.csv`, `_rt_rpe.xls`). Each
 * line is a constraint and its shadow price. The hour, or the clock of the five minutes, is their end in EST; the day
 * stands in the line, or above the header as `Market Date: …`. Likewise the displays of what binds now, as CSV
 * (`getrealtimebindingconstraints`, `…bindingsrpbconstraints`, `getreservebindingconstraints`): `Name,Period,Price,…`.
 */

import { MINUTE } from '../../core/time/instant.ts';
import type { Dataset } from '../kit/contract.ts';
import { textAt } from '../kit/readers/sheet.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import {
  type Above,
  cellsOf,
  compact,
  dayOf,
  type HourReport,
  hourDataset,
  hourOf,
  type LineReader,
  SHEET_HOUR,
  type SheetRow,
} from './hour-sheets.ts';

const UNIT = 'USD/MW';
type Market = 'day-ahead' | 'real-time';

const FIVE_MINUTES: TimeConvention = {
  ...SHEET_HOUR,
  name: 'est-five-minutes-ending',
  pattern: 'YYYY-MM-DD h:mm[:ss]',
  stamp: 'ending-clock',
  length: 5 * MINUTE,
  onGrid: false,
};

/** Titles tell the market; without one only the real-time report calls its prices preliminary. */
function marketOf(names: readonly string[], above: Above): Market {
  const words = above.words();
  if (/day.?ahead|\bDA\b/i.test(words)) return 'day-ahead';
  if (/real.?time|\bRT\b/i.test(words)) return 'real-time';
  return ['preliminaryshadowprice', 'timeofoccurence', 'period'].some((name) => names.includes(name))
    ? 'real-time'
    : 'day-ahead';
}

const reader =
  (market: Market) =>
  (header: SheetRow, above: Above): LineReader | null => {
    const names = cellsOf(header).map(compact);
    const at = (word: RegExp): number => names.findIndex((name) => word.test(name));
    const isDisplay = ['name', 'period', 'price'].every((each) => names.includes(each));
    const [name, price] = isDisplay
      ? [at(/^name$/), at(/^price$/)]
      : [at(/^constraintname$/), at(/^(?:preliminary)?shadowprice$/)];
    const when = at(isDisplay ? /^period$/ : /^(?:hour|time)ofoccurr?ence$|^markethourest$/);
    if (name < 0 || price < 0 || when < 0 || marketOf(names, above) !== market) return null;
    const [day, contingency] = [at(/^marketdate$/), at(/^contingency(?:description|name)$/)];
    return (row, line, printed) => {
      const words = textAt(row, when);
      const dated = day < 0 && /\d[-/]\d/.test(words);
      const date = day >= 0 ? dayOf(textAt(row, day)) : dated ? dayOf(words) : printed;
      const time = timeOf(words, market, dated);
      // Below the last constraint stand words about the report.
      if (date === null || time === null) return [];
      // A display in which nothing binds has one line of this name.
      if (isDisplay && /^none$/i.test(textAt(row, name))) return null;
      const values = [{ field: 'shadow_price', value: row?.[price]?.text ?? null, unit: UNIT }];
      return [
        sourceRow(line, textAt(row, name), `${date} ${time}`, values, {
          series: contingency < 0 ? null : textAt(row, contingency) || null,
        }),
      ];
    };
  };

/**
 * `HE 7` of `7` and `07:00`, `7:05` of a clock; null for words that are no time. Midnight ends the day of the report, and
 * where its own date stands beside it the day before that.
 */
function timeOf(words: string, market: Market, dated: boolean): string | null {
  const clock = /(?:^|[ T])(\d{1,2}:\d{2})(?::\d{2})?$/.exec(words.trim())?.[1];
  if (market === 'real-time') return clock ?? null;
  const hour = clock === undefined ? hourOf(words) : Number(clock.split(':')[0]);
  return hour === null ? null : `HE ${hour === 0 && !dated ? 24 : hour}`;
}

const reportOf = (market: Market): HourReport => ({
  open: reader(market),
  words:
    market === 'real-time'
      ? /Preliminary Shadow Price|Time of Occurr?ence/
      : /^(?![\s\S]*(?:Preliminary Shadow Price|Time of Occurr?ence))[\s\S]*Hour of\s+Occurr?ence/,
  named:
    market === 'real-time' ? /rt_(?:bc|pbc|rpe|or)|binding.?(?:srpb)?constraints/i : /da_(?:bc|pbc|rpe)/i,
  expected: 'Constraint Name, Hour of Occurrence, Shadow Price, …',
});

function constraints(market: Market, name: string, title: string, time: TimeConvention): Dataset {
  return hourDataset(reportOf(market), {
    name,
    title,
    time,
    fields: [
      { field: 'shadow_price', unit: UNIT, what: 'shadow price of a constraint, its contingency as series' },
    ],
  });
}

/** The dataset `da_constraints` of MISO. */
export const dayAheadConstraints = constraints(
  'day-ahead',
  'da_constraints',
  'Day-ahead constraints that bind, by the hour',
  SHEET_HOUR,
);

/** The dataset `rt_constraints` of MISO. */
export const realTimeConstraints = constraints(
  'real-time',
  'rt_constraints',
  'Real-time constraints that bind, by five minutes',
  FIVE_MINUTES,
);
