/** What the rows of a payload say about each interval, in the words of the interval ledger. Pure. */

import { FieldHash } from '../../core/model/hash128.ts';
import { knownAtOf, type RawRow } from '../../core/model/raw-row.ts';
import type { Landing } from '../../core/ports/interval-ledger.ts';
import type { Micros } from '../../core/time/instant.ts';

/** What all rows of one payload share. */
export interface LandingContext {
  readonly sha256: string;
  /** Known time of rows whose body prints no publication time. UTC micros. */
  readonly knownAt: Micros;
}

/** Sums of hashes, so that the order of rows does not count. */
interface Tally {
  readonly start: Micros;
  readonly end: Micros;
  readonly places: Uint32Array;
  readonly digest: Uint32Array;
  values: number;
  knownAt: Micros;
}

/**
 * One landing per interval, in the order in which the rows begin them. An interval in which the source prints no value
 * at all has not landed. Two bodies with the same numbers give the same digest, whatever their order and their zeros
 * after the point.
 */
export function landingsOf(rows: readonly RawRow[], context: LandingContext): Landing[] {
  const tallies = new LandingTallies(context);
  tallies.add(rows);
  return tallies.landings();
}

/** The same of rows that come a few at a time. */
export class LandingTallies {
  private readonly context: LandingContext;
  private readonly tallies = new Map<string, Tally>();
  private readonly hash = new FieldHash();
  private readonly words = new Uint32Array(4);

  constructor(context: LandingContext) {
    this.context = context;
  }

  add(rows: readonly RawRow[]): void {
    for (const row of rows) {
      const { intervalStart: start, intervalEnd: end } = row;
      const tally = this.tallies.getOrInsertComputed(`${start}/${end}`, () => newTally(start, end));
      tally.knownAt = Math.max(tally.knownAt, knownAtOf(row, this.context.knownAt));
      for (const { field, value } of row.values) {
        this.place(row, field);
        this.count(tally.places);
        this.place(row, field).text(value === null ? '' : plainest(value));
        this.count(tally.digest);
        if (value !== null) tally.values++;
      }
    }
  }

  /** What {@link landingsOf} gives of all rows that were added. */
  landings(): Landing[] {
    const { sha256 } = this.context;
    return [...this.tallies.values()].flatMap(({ start, end, places, digest, values, knownAt }) =>
      values === 0
        ? []
        : [
            {
              interval: { start, end },
              places: hexOf(places),
              digest: hexOf(digest),
              values,
              knownAt,
              sha256,
            },
          ],
    );
  }

  private place(row: RawRow, field: string): FieldHash {
    return this.hash
      .reset()
      .text(row.location ?? '')
      .text(row.series ?? '')
      .text(field);
  }

  private count(sums: Uint32Array): void {
    const { words } = this;
    this.hash.digest(words, 0);
    sums[0] = (sums[0] as number) + (words[0] as number);
    sums[1] = (sums[1] as number) + (words[1] as number);
  }
}

const newTally = (start: Micros, end: Micros): Tally => ({
  start,
  end,
  places: new Uint32Array(2),
  digest: new Uint32Array(2),
  values: 0,
  knownAt: Number.NEGATIVE_INFINITY,
});

const plainest = (value: string): string =>
  value.includes('.') ? value.replace(/0+$/, '').replace(/\.$/, '') : value;

const hexOf = (sums: Uint32Array): string =>
  Array.from(sums, (word) => word.toString(16).padStart(8, '0')).join('');
