/**
 * The half of `standardize_timezone` for reports that print begin and end of every interval: both are read, and they
 * must be as far apart as the dataset says. A stamp with a flipped digit is refused so, and moves no value in time.
 */

import type { Micros } from '../../../core/time/instant.ts';
import type { Dataset, Rejection, SourceRow, Transform } from '../contract.ts';
import { momentOf, type TimeConvention } from '../time/convention.ts';

interface Refusal {
  readonly what: string;
  readonly expected: string;
  readonly got: string;
}

const MINUTE = 60_000_000;

/** Resolves rows by their bounds; a row without them, or whose bounds do not fit, is rejected (TIME_UNPARSEABLE). */
export const resolveBounds: Transform = (rows, dataset) => {
  const convention = dataset.time;
  const known = new Map<string, Micros>();
  const instantOf = (text: string): Micros => {
    let at = known.get(text);
    if (at === undefined) {
      // The grid is that of the interval's own length, which is known only when both ends are.
      at = momentOf({ ...convention, onGrid: false }, text).first;
      known.set(text, at);
    }
    return at;
  };
  const kept: SourceRow[] = [];
  const rejected: Rejection[] = [];
  for (const row of rows) {
    const refusal = resolve(row, convention, instantOf);
    if (refusal === null) kept.push(row);
    else rejected.push(rejection(row, dataset, refusal));
  }
  return { rows: kept, rejected };
};

function resolve(
  row: SourceRow,
  convention: TimeConvention,
  instantOf: (text: string) => Micros,
): Refusal | null {
  const { bounds } = row;
  if (bounds === null)
    return { what: 'the row prints no begin and end', expected: convention.pattern, got: row.sourceTime };
  const start = instantOf(bounds.start);
  const end = instantOf(bounds.end);
  for (const [at, text] of [
    [start, bounds.start],
    [end, bounds.end],
  ] as const)
    if (Number.isNaN(at))
      return { what: 'the time stamp is not in the layout', expected: convention.pattern, got: text };
  const length = end - start;
  const lengths = [convention.length, ...(convention.otherLengths ?? [])];
  const printed = `${bounds.start} to ${bounds.end}`;
  if (!lengths.includes(length))
    return {
      what: `the interval is ${length / MINUTE} minutes long`,
      expected: `${lengths.map((each) => each / MINUTE).join(' or ')} minutes`,
      got: printed,
    };
  if (convention.onGrid && start % length !== 0)
    return {
      what: 'the interval is off the grid',
      expected: `a multiple of ${length / MINUTE} minutes`,
      got: printed,
    };
  row.intervalStart = start;
  row.intervalEnd = end;
  row.timeRule = convention.name;
  return null;
}

function rejection(row: SourceRow, dataset: Dataset, refusal: Refusal): Rejection {
  return {
    row: row.row,
    code: 'TIME_UNPARSEABLE',
    message: `line ${row.row}: ${refusal.what} (${row.location ?? dataset.name}, ${row.sourceTime.slice(0, 40)})`,
    field: 'time',
    expected: refusal.expected,
    got: refusal.got.slice(0, 80),
    location: row.location,
    series: row.series,
  };
}
