/**
 * Completeness of one body: per location the intervals follow each other, and all locations cover the same span. Where
 * a report prints the numbers of a location on rows of their own, each of them is held to it.
 *
 * This is what turns a line lost on the way, a stamp with a flipped digit or a body cut at a line end into
 * SOURCE_MALFORMED instead of a quietly shorter or shifted series.
 */

import { CarbonError } from '../../core/errors.ts';
import type { RawRow } from '../../core/model/raw-row.ts';
import { formatInstant, type Micros } from '../../core/time/instant.ts';
import type { Coverage, Rejection } from './contract.ts';

interface Track {
  readonly place: string;
  readonly label: string;
  readonly start: Micros;
  /** The interval seen last. */
  latest: Micros;
  end: Micros;
}

const placeOf = (row: { location: string | null; series: string | null }): string =>
  `${row.location ?? ''}\u0000${row.series ?? ''}`;

/** A row's place, and its field where it is alone in its row. */
const keyOf = (row: RawRow): string =>
  `${placeOf(row)}\u0000${row.values.length === 1 ? row.values[0]?.field : ''}`;

/** What a coverage rule finds in a body, each with its place; null for what is not found. */
export interface CoverageFindings {
  /** Intervals or whole ends of locations that are not there: a line was lost, or somebody left it out. */
  readonly gap: CarbonError | null;
  /** Time that runs back or repeats: a stamp or a line is wrong. */
  readonly back: CarbonError | null;
  /** The time of every location runs back throughout: the newest row stands first. */
  readonly reversed: boolean;
  /** Locations that do not cover the same span. */
  readonly uneven: CarbonError | null;
}

/**
 * What a coverage rule finds. Locations with a rejected row are known to be incomplete and are only held to run forward.
 * `lastLine` is where a body that ends too early is pointed at.
 */
export function coverageFindings(
  rows: readonly RawRow[],
  rejected: readonly Rejection[],
  coverage: Coverage,
  file: string,
  lastLine: number,
): CoverageFindings {
  const check = new CoverageCheck(coverage, file);
  check.add(rows, rejected);
  return check.findings(lastLine);
}

/** The check of one body, whose rows come at once or piece by piece, in their order. */
export class CoverageCheck {
  private readonly coverage: Coverage;
  private readonly file: string;
  private readonly tracks = new Map<string, Track>();
  /** Places that had a row rejected, wherever in the body. */
  private readonly excused = new Set<string>();
  /** The first gap of each place, in the order of the body; void once its place is excused. */
  private readonly gaps = new Map<string, CarbonError>();
  /** The first time that ran back: nothing excuses it. */
  private back: CarbonError | null = null;
  private falls = false;
  private rises = false;

  constructor(coverage: Coverage, file: string) {
    this.coverage = coverage;
    this.file = file;
  }

  /** The next rows of the body, and those of them that were set aside. */
  add(rows: readonly RawRow[], rejected: readonly Rejection[]): void {
    for (const row of rejected) this.excused.add(placeOf(row));
    for (const row of rows) {
      this.follow(row);
    }
  }

  private follow(row: RawRow): void {
    const key = keyOf(row);
    const track = this.tracks.get(key);
    if (track === undefined) {
      this.tracks.set(key, {
        place: placeOf(row),
        label: labelOf(row),
        start: row.intervalStart,
        latest: row.intervalStart,
        end: row.intervalEnd,
      });
      return;
    }
    if (row.intervalStart < track.latest) this.falls = true;
    else this.rises = true;
    const { contiguous, forward } = this.coverage;
    const isGap = contiguous && row.intervalStart > track.end;
    const isBack =
      (contiguous && row.intervalStart < track.end) ||
      (forward === true && row.intervalStart <= track.latest);
    // Nothing behind a time that ran back comes before it.
    if (isBack) this.back ??= discontinuity(row, track, false, this.file);
    else if (this.back === null && isGap && !this.gaps.has(track.place))
      this.gaps.set(track.place, discontinuity(row, track, true, this.file));
    track.latest = row.intervalStart;
    track.end = row.intervalEnd;
  }

  /** What was found, once the body is read; `lastLine` as for {@link coverageFindings}. */
  findings(lastLine: number): CoverageFindings {
    const gap = [...this.gaps].find(([place]) => !this.excused.has(place))?.[1] ?? null;
    const held = [...this.tracks.values()].filter((track) => !this.excused.has(track.place));
    const uneven = this.coverage.sameSpan ? unevenSpan(held, this.file, lastLine) : null;
    return { gap, back: this.back, reversed: this.falls && !this.rises, uneven };
  }
}

const labelOf = (row: RawRow): string => [row.location, row.series].filter((part) => part !== null).join(' ');

function discontinuity(row: RawRow, track: Track, gap: boolean, file: string): CarbonError {
  const what = gap ? 'an interval is missing before' : 'the time runs back or repeats at';
  return new CarbonError(
    'SOURCE_MALFORMED',
    `line ${row.row}: ${what} ${formatInstant(row.intervalStart)} for ${track.label}`,
    {
      position: {
        ...(file === '' ? {} : { file }),
        line: row.row,
        field: 'time',
        expected: formatInstant(track.end),
        got: formatInstant(row.intervalStart),
      },
    },
  );
}

function unevenSpan(tracks: readonly Track[], file: string, lastLine: number): CarbonError | null {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const track of tracks) {
    start = Math.min(start, track.start);
    end = Math.max(end, track.end);
  }
  const short = tracks.filter((track) => track.start !== start || track.end !== end);
  const first = short[0];
  if (first === undefined) return null;
  const late = first.start !== start;
  return new CarbonError(
    'SOURCE_MALFORMED',
    `${short.length} of ${tracks.length} locations do not cover the whole span, the first is ${first.label}: lines are missing`,
    {
      position: {
        ...(file === '' ? {} : { file }),
        line: lastLine + 1,
        field: 'time',
        expected: late ? `a begin at ${formatInstant(start)}` : `an end at ${formatInstant(end)}`,
        got: formatInstant(late ? first.start : first.end),
      },
    },
  );
}
