/**
 * The six-month files of EIA's grid monitor, CSV without a key: `EIA930_BALANCE_2024_Jan_Jun.csv` (demand, forecast, net
 * generation in all and by fuel, interchange), `EIA930_INTERCHANGE_…` (with each neighbour), `EIA930_SUBREGION_…`
 * (demand of parts). An hour is named by its end in UTC; the local time beside it is not read.
 */

import { civilFromDays, DAY, daysFromCivil, HOUR } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import type { Dataset, Decoded, Payload, PayloadHead, SourceRequest, SourceRow } from '../kit/contract.ts';
import { headOf } from '../kit/payload.ts';
import { headerLines } from '../kit/pieces.ts';
import { firstFields } from '../kit/readers/csv.ts';
import { readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { isAuthoritySheet, readAuthoritySheet } from './authority-sheets.ts';
import { isDashboardExport, readDashboardExport } from './dashboard-export.ts';
import { EIA_NULL_WORDS } from './null-words.ts';
import { HOURS, hourEndingOnClock } from './period.ts';

const UNIT = 'MW';
const AUTHORITY = 'balancing authority';
const TIME = 'utc time at end of hour';
const NEIGHBOUR = 'directly interconnected balancing authority';
const PART = 'sub-region';

/** Which of the files a head is. */
export type SixMonthFile = 'balance' | 'interchange' | 'part';

const plain = (name: string): string => name.trim().toLowerCase().replace(/\s+/g, ' ');

/** The file that a head is; null for any other body. */
export function sixMonthFile(head: PayloadHead): SixMonthFile | null {
  const names = firstFields(head.text).map(plain);
  if (!names.includes(AUTHORITY) || !names.includes(TIME)) return null;
  if (names.includes(NEIGHBOUR)) return 'interchange';
  if (names.includes(PART)) return 'part';
  return names.some((name) => name.startsWith('net generation')) ? 'balance' : null;
}

/** A figure of the balance: its field, and the fuel as series. */
interface Figure {
  readonly field: string;
  readonly series: string | null;
}

const KINDS: Readonly<Record<string, string>> = {
  demand: 'load',
  'demand forecast': 'load_forecast',
  'net generation': 'generation',
  'total interchange': 'interchange',
  'sum(valid dibas)': 'interchange_of_neighbours',
};
const COLUMN = /^(.+?) \(mw\)(?: from (.+?))?(?: \((imputed|adjusted)\))?$/;

/** `Net Generation (MW) from Coal (Imputed)` → generation_imputed of Coal; null for a column that is no figure. */
function figureOf(name: string): Figure | null {
  const parts = COLUMN.exec(name.trim().replace(/\s+/g, ' ').toLowerCase());
  const kind = parts?.[1] ?? '';
  const field = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (parts === null || field === undefined) return null;
  const fuel =
    parts[2] === undefined
      ? null
      : (/ from (.+?)(?: \((?:Imputed|Adjusted)\))?$/i.exec(name.trim())?.[1] ?? null);
  return { field: parts[3] === undefined ? field : `${field}_${parts[3]}`, series: fuel };
}

/** Reads a file of any of the kinds. Throws as {@link readTable}. */
export function readSixMonthFile(payload: Payload): Decoded {
  const kind = sixMonthFile(headOf(payload)) ?? 'balance';
  const header = firstFields(headOf(payload).text);
  const columns: Record<string, string> = { place: AUTHORITY, time: TIME };
  if (kind === 'interchange') columns['other'] = NEIGHBOUR;
  if (kind === 'part') columns['other'] = PART;
  const figures = header.flatMap((name, at): [number, Figure][] => {
    if (kind !== 'balance' && plain(name) === (kind === 'part' ? 'demand (mw)' : 'interchange (mw)'))
      return [[at, { field: kind === 'part' ? 'load' : 'interchange', series: null }]];
    const figure = kind === 'balance' ? figureOf(name) : null;
    return figure === null ? [] : [[at, figure]];
  });
  // Figures are found by their place, as their names differ in what stands in parentheses only.
  const known = header.map((name) =>
    name
      .replace(/\([^)]*(?:\)|$)/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .toLowerCase(),
  );
  const rows: SourceRow[] = [];
  const decoded = readTable(
    payload,
    { columns, ignored: known.filter((name) => !Object.values(columns).includes(name)) },
    (fields, at, line) => {
      const cell = (key: string): string => (fields[at[key] ?? -1] ?? '').trim();
      const { words, bounds } = hourEndingOnClock(cell('time'));
      for (const [index, { field, series }] of figures)
        rows.push(
          sourceRow(line, cell('place'), words, [{ field, value: fields[index] ?? '', unit: UNIT }], {
            bounds,
            series: 'other' in columns ? cell('other') : series,
          }),
        );
      return null;
    },
  );
  return { ...decoded, rows, layout: { time: HOURS } };
}

const BASE = 'https://www.eia.gov/electricity/gridmonitor/sixMonthFiles';
const MAX_BYTES = 300_000_000;

/** The files of half years that hold a window, oldest first. */
function halfYears(window: Interval): SourceRequest[] {
  const requests: SourceRequest[] = [];
  const [first] = civilFromDays(Math.floor(window.start / DAY));
  const [last] = civilFromDays(Math.floor(Math.max(window.start, window.end - 1) / DAY));
  for (let year = first; year <= last; year++)
    for (const [half, from, to] of [
      ['Jan_Jun', daysFromCivil(year, 1, 1), daysFromCivil(year, 7, 1)],
      ['Jul_Dec', daysFromCivil(year, 7, 1), daysFromCivil(year + 1, 1, 1)],
    ] as const) {
      const span = { start: from * DAY, end: to * DAY };
      if (span.end <= window.start || span.start >= window.end) continue;
      const name = `EIA930_BALANCE_${year}_${half}.csv`;
      // The file of the running half year grows day by day.
      requests.push({
        url: `${BASE}/${name}`,
        name,
        window: span,
        expectedAt: span.start + 36 * HOUR,
        maxBytes: MAX_BYTES,
      });
    }
  return requests;
}

const corrected = (field: string, what: string): Dataset['fields'] => [
  { field, unit: UNIT, what },
  { field: `${field}_imputed`, unit: UNIT, what: `${what}, where EIA put in a value of its own` },
  { field: `${field}_adjusted`, unit: UNIT, what: `${what}, with what EIA put in` },
];

/** The dataset `balance`. */
export const balance: Dataset = {
  name: 'balance',
  title: 'Hourly balance of each authority in files of six months: demand, generation by fuel, interchange',
  time: HOURS,
  nullWords: EIA_NULL_WORDS,
  coverage: null,
  fields: [
    ...corrected('load', 'demand'),
    { field: 'load_forecast', unit: UNIT, what: 'day-ahead forecast of demand' },
    ...corrected('generation', 'net generation, in all or of the fuel that is the series'),
    ...corrected('interchange', 'total interchange'),
    { field: 'interchange_of_neighbours', unit: UNIT, what: 'sum of the interchange with each neighbour' },
  ],
  recognise: (head) =>
    sixMonthFile(head) === 'balance' || isAuthoritySheet(head) || isDashboardExport(head)
      ? /BALANCE|930-data/i.test(head.name)
        ? 3
        : 2
      : 0,
  plan: halfYears,
  pieces: (head) => (isAuthoritySheet(head) ? null : headerLines(head)),
  decode(payload) {
    const head = headOf(payload);
    if (isDashboardExport(head)) return readDashboardExport(payload);
    return isAuthoritySheet(head) ? readAuthoritySheet(payload) : readSixMonthFile(payload);
  },
};
