/**
 * Price files of NYISO: text quoted, numbers not, LF, rows by time and then by name; the congestion column has the
 * opposite sign of the other markets. Form: reference 6.
 */

import { daysFromCivil, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText, plainText } from '../decimal-text.ts';
import { clockText, slashDate, wallAt } from '../local-time.ts';
import { type PriceParts, type PriceProcess, partsAt } from '../price-process.ts';
import { partsPublished, regularIntervals, type Series } from '../series.ts';
import { quotedCell, type Table, type TableRow } from '../table.ts';
import type { NyisoLocation } from './locations.ts';
import {
  advisoryIntervals,
  NYISO_ZONE,
  type NyisoSeries,
  nyisoDay,
  nyisoDayOf,
  realTimeIntervals,
} from './publication.ts';

/** What all files are made from. */
export interface NyisoWorld {
  readonly process: PriceProcess;
  readonly series: NyisoSeries;
  readonly zones: readonly NyisoLocation[];
  readonly generators: readonly NyisoLocation[];
}

/** LBMP = energy + losses − congestion as printed. */
export const LBMP_FIELDS: readonly { readonly field: string; of(parts: PriceParts): number }[] = [
  { field: 'lmp', of: (parts) => parts.energy + parts.loss + parts.congestion },
  { field: 'loss', of: ({ loss }) => loss },
  { field: 'congestion', of: ({ congestion }) => (congestion === 0 ? 0 : -congestion) },
];

/** Files of days before this one have a header whose last name is cut off. */
const WHOLE_HEADER_SINCE = daysFromCivil(2016, 7, 1);

function headerOn(day: number): string[] {
  return [
    'Time Stamp',
    'Name',
    'PTID',
    'LBMP ($/MWHr)',
    'Marginal Cost Losses ($/MWHr)',
    day < WHOLE_HEADER_SINCE ? 'Marginal Cost Congestion ($/MWH' : 'Marginal Cost Congestion ($/MWHr)',
  ].map(quotedCell);
}

/** One stamp of a file: an interval, and by which series its prices are read. */
interface Line {
  readonly interval: Interval;
  /** Advisory prices are a run of their own, which the real one replaces later. */
  readonly isAdvisory: boolean;
}

/** Prices that the dispatch expects: a run of its own. */
export function advisoryParts(
  process: PriceProcess,
  location: NyisoLocation,
  { start, end }: Interval,
): PriceParts {
  return partsAt(process, 'rt-advisory', location, start, end - start);
}

/** Hours begin with their stamp, five-minute intervals end with theirs. */
type StampOf = (interval: Interval) => string;

const hourStamp: StampOf = ({ start }) =>
  `${slashDate(nyisoDayOf(start))} ${clockText(wallAt(NYISO_ZONE, start), false)}`;
const endStamp: StampOf = ({ end }) =>
  `${slashDate(nyisoDayOf(end))} ${clockText(wallAt(NYISO_ZONE, end), true)}`;

/** The file of a day of hourly prices, as of an instant; null when nothing of it is published. */
export function hourlyTable(
  world: NyisoWorld,
  series: Series,
  locations: readonly NyisoLocation[],
  day: number,
  at: Micros,
): Table | null {
  const lines = linesOf(regularIntervals(nyisoDay(day), series.step), series, at);
  return lines.length === 0 ? null : tableOf(world, series, locations, lines, hourStamp, at);
}

/** The real-time file of a day, which grows; on the day itself it ends with advisory quarter hours of the future. */
export function realTimeTable(
  world: NyisoWorld,
  locations: readonly NyisoLocation[],
  day: number,
  at: Micros,
): Table | null {
  const series = world.series.fiveMinute;
  const window = nyisoDay(day);
  const lines = linesOf(realTimeIntervals(world.process, window.start, window.end), series, at);
  if (lines.length === 0) return null;
  if (nyisoDayOf(at) === day)
    for (const interval of advisoryIntervals(series, at)) lines.push({ interval, isAdvisory: true });
  return tableOf(world, series, locations, lines, endStamp, at);
}

/** The newest interval alone. */
export function latestTable(
  world: NyisoWorld,
  locations: readonly NyisoLocation[],
  at: Micros,
): Table | null {
  const series = world.series.fiveMinute;
  const lines = linesOf(realTimeIntervals(world.process, at - 15 * MINUTE, at), series, at);
  return lines.length === 0 ? null : tableOf(world, series, locations, lines.slice(-1), endStamp, at);
}

function linesOf(intervals: Iterable<Interval>, series: Series, at: Micros): Line[] {
  const lines: Line[] = [];
  for (const interval of intervals) {
    if (series.publishedAt(interval) > at) break;
    lines.push({ interval, isAdvisory: false });
  }
  return lines;
}

function tableOf(
  world: NyisoWorld,
  series: Series,
  locations: readonly NyisoLocation[],
  lines: readonly Line[],
  stampOf: StampOf,
  at: Micros,
): Table {
  const { process } = world;
  const rows: TableRow[] = [];
  for (const { interval, isAdvisory } of lines) {
    const stamp = quotedCell(stampOf(interval));
    for (const location of locations) {
      const parts = isAdvisory
        ? advisoryParts(process, location, interval)
        : partsPublished(process, series, location, interval, at);
      if (parts === null) continue;
      const numbers = LBMP_FIELDS.map(({ of }) => of(parts));
      rows.push({
        cells: [
          stamp,
          quotedCell(location.name),
          String(location.ptid),
          ...numbers.map((number) => fixedText(number, process.decimals)),
        ],
        facts: () =>
          LBMP_FIELDS.map(({ field }, k) => ({
            dataset: series.dataset,
            location: location.name,
            field,
            ...interval,
            value: plainText(numbers[k], process.decimals),
            column: 3 + k,
          })),
      });
    }
  }
  return {
    preamble: [],
    header: headerOn(nyisoDayOf(lines[0].interval.start)),
    rows,
    footer: [],
    textCell: quotedCell,
    restamped:
      stampOf === hourStamp
        ? null
        : (row, later) => {
            const [{ start, end }] = row.facts();
            return [quotedCell(stampOf({ start: start + later, end: end + later })), ...row.cells.slice(1)];
          },
  };
}
