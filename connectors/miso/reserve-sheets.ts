/**
 * MISO's sheets of clearing prices by reserve zone: short-term reserve (`_da_expost_str_mcp.xlsx`, `_da_exante_str_mcp`,
 * `_rt_expost_str_mcp`, `_rt_expost_str_5min_mcp`) with a column for each zone, ramp capability (`…_ramp_mcp`) with a column up
 * and one down below the name of each zone, and regulation with the contingency reserves by five minutes
 * (`_5min_exante_mcp.xlsx`, `_5min_expost_mcp.xlsx`) with a line for each zone. EST; hours and five minutes by their ends.
 */

import { MINUTE } from '../../core/time/instant.ts';
import type { Dataset, PublishedField, SourceRow } from '../kit/contract.ts';
import { textAt } from '../kit/readers/sheet.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { inAnyForm } from '../kit/time/stamp-forms.ts';
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
type Kind = 'day-ahead' | 'day-ahead-ex-ante' | 'real-time-hourly' | 'real-time' | 'real-time-ex-ante';

const FIELDS: readonly PublishedField[] = [
  { field: 'mcp_str', unit: UNIT, what: 'short-term reserve' },
  { field: 'mcp_ramp_up', unit: UNIT, what: 'ramp capability up' },
  { field: 'mcp_ramp_down', unit: UNIT, what: 'ramp capability down' },
  { field: 'mcp_regulation', unit: UNIT, what: 'regulation' },
  { field: 'mcp_spin', unit: UNIT, what: 'spinning reserve' },
  { field: 'mcp_supplemental', unit: UNIT, what: 'supplemental reserve' },
];

const FIVE_MINUTES: TimeConvention = {
  ...SHEET_HOUR,
  name: 'est-five-minutes-ending',
  pattern: 'M/D/YYYY h:mm:ss A',
  stamp: 'ending-clock',
  length: 5 * MINUTE,
  onGrid: false,
};
/** Stamps of cells that are moments, and of texts of other years. */
const STAMPS = ['YYYY-MM-DD hh:mm[:ss]', 'YYYY-MM-DD h:mm:ss A', 'M/D/YYYY h:mm[:ss]'];

const ZONE = /^(?:reserve\s*)?(?:zone\s*)?0?(\d)$/i;
const PRODUCTS: readonly (readonly [words: RegExp, field: string])[] = [
  [/ramp\s*up/i, 'mcp_ramp_up'],
  [/ramp\s*down/i, 'mcp_ramp_down'],
  [/regulation/i, 'mcp_regulation'],
  [/\bspin/i, 'mcp_spin'],
  [/\bsupp/i, 'mcp_supplemental'],
];
const productOf = (words: string): string | null =>
  /mcp|ramp/i.test(words) ? (PRODUCTS.find(([product]) => product.test(words))?.[1] ?? null) : null;
const zoneName = (words: string): string | null => {
  const zone = ZONE.exec(words.trim())?.[1];
  return zone === undefined ? null : `Reserve Zone ${zone}`;
};

/** A column of prices: its field, and its zone where the line does not say it. */
interface PriceColumn {
  readonly at: number;
  readonly field: string;
  readonly zone: string | null;
}

function columnsOf(names: readonly string[], above: Above, taken: readonly number[]): PriceColumn[] {
  const words = above.words();
  const isShortTerm = /short.?term|\bstr\b|_str_/i.test(words);
  let zone: string | null = null;
  return names.flatMap((name, at): PriceColumn[] => {
    zone = zoneName(textAt(above.row, at)) ?? zone;
    if (taken.includes(at) || name === '') return [];
    const own = zoneName(name);
    if (own !== null) return isShortTerm ? [{ at, field: 'mcp_str', zone: own }] : [];
    const field = productOf(name);
    return field === null ? [] : [{ at, field, zone }];
  });
}

/** Which of the reports a header is: real time is preliminary or final, or has a clock; ex ante is said by its words. */
function kindOf(names: readonly string[], words: string): Kind {
  const isExAnte = /ex.?ante/i.test(words) && !/ex.?post/i.test(words);
  if (names.some((name) => name === 'timeest')) return isExAnte ? 'real-time-ex-ante' : 'real-time';
  if (names.some((name) => name === 'preliminaryfinal' || name === 'marketdate')) return 'real-time-hourly';
  return isExAnte ? 'day-ahead-ex-ante' : 'day-ahead';
}

const reader =
  (kind: Kind) =>
  (header: SheetRow, above: Above): LineReader | null => {
    const cells = cellsOf(header);
    const names = cells.map(compact);
    const at = (...wanted: readonly string[]): number => names.findIndex((name) => wanted.includes(name));
    const [hour, clock] = [at('hourending', 'markethourending'), at('timeest', 'time')];
    const [date, stage, zone] = [at('marketdate'), at('preliminaryfinal'), at('zone')];
    const when = clock >= 0 ? clock : hour;
    if (when < 0) return null;
    const columns = columnsOf(cells, above, [hour, clock, date, stage, zone]);
    if (columns.length === 0 || (zone < 0 && columns.some((column) => column.zone === null))) return null;
    if (kindOf(names, [above.words(), ...cells].join('\n')) !== kind) return null;
    return (row, line, printed): SourceRow[] => {
      const time = timeOf(row, { when, date, clock }, printed);
      if (time === null) return [];
      const places = new Map<string, SourceRow>();
      for (const { at: column, field, zone: own } of columns) {
        const place = own ?? zoneName(textAt(row, zone)) ?? textAt(row, zone);
        let made = places.get(place);
        if (made === undefined) places.set(place, (made = sourceRow(line, place, time, [])));
        made.values.push({ field, value: row?.[column]?.text ?? null, unit: UNIT });
      }
      return [...places.values()];
    };
  };

/** The words of a line for its time; null for a line of other words. */
function timeOf(
  row: SheetRow,
  at: { readonly when: number; readonly date: number; readonly clock: number },
  printed: string | null,
): string | null {
  const words = textAt(row, at.when).replace(/\s+/g, ' ');
  if (at.clock >= 0) return /\d:\d{2}/.test(words) ? words : null;
  const hour = hourOf(words);
  const day = at.date < 0 ? printed : dayOf(textAt(row, at.date));
  return hour === null || day === null ? null : `${day} HE ${hour}`;
}

const reportOf = (kind: Kind): HourReport => ({
  open: reader(kind),
  // These reports came after the old workbooks.
  words: /(?!)/,
  named: kind.startsWith('day-ahead') ? /da_ex\w+_mcp/i : /rt_expost_\w+_mcp|5min_ex\w+_mcp/i,
  expected: 'Hour Ending or Time (EST), and prices by reserve zone',
});

function sheets(kind: Kind, name: string, title: string, time: TimeConvention): Dataset {
  const dataset = hourDataset(reportOf(kind), { name, title, time, fields: FIELDS });
  return time.length === FIVE_MINUTES.length ? inAnyForm(dataset, STAMPS) : dataset;
}

/** The datasets. */
export const reserveSheets: readonly Dataset[] = [
  sheets(
    'day-ahead',
    'da_as_prices_zone',
    'Day-ahead prices of ramp and short-term reserve by zone',
    SHEET_HOUR,
  ),
  sheets(
    'day-ahead-ex-ante',
    'da_as_prices_zone_ex_ante',
    'Day-ahead prices of ramp and short-term reserve by zone, of the clearing',
    SHEET_HOUR,
  ),
  sheets(
    'real-time-hourly',
    'rt_as_prices_zone_hourly',
    'Real-time prices of ramp and short-term reserve by zone and hour, preliminary or final',
    SHEET_HOUR,
  ),
  sheets(
    'real-time',
    'rt_as_prices_zone',
    'Real-time prices of reserves by zone and five minutes, as settled',
    FIVE_MINUTES,
  ),
  sheets(
    'real-time-ex-ante',
    'rt_as_prices_zone_ex_ante',
    'Real-time prices of reserves by zone and five minutes, of the dispatch',
    FIVE_MINUTES,
  ),
];
