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
  const tallies = new Map<string, Tally>();
  const hash = new FieldHash();
  const words = new Uint32Array(4);
  const add = (sums: Uint32Array): void => {
    hash.digest(words, 0);
    sums[0] = (sums[0] as number) + (words[0] as number);
    sums[1] = (sums[1] as number) + (words[1] as number);
  };
  const place = (row: RawRow, field: string): FieldHash =>
    hash
      .reset()
      .text(row.location ?? '')
      .text(row.series ?? '')
      .text(field);
  for (const row of rows) {
    const { intervalStart: start, intervalEnd: end } = row;
    const tally = tallies.getOrInsertComputed(`${start}/${end}`, () => newTally(start, end));
    tally.knownAt = Math.max(tally.knownAt, knownAtOf(row, context.knownAt));
    for (const { field, value } of row.values) {
      place(row, field);
      add(tally.places);
      place(row, field).text(value === null ? '' : plainest(value));
      add(tally.digest);
      if (value !== null) tally.values++;
    }
  }
  return [...tallies.values()].flatMap(({ start, end, places, digest, values, knownAt }) =>
    values === 0
      ? []
      : [
          {
            interval: { start, end },
            places: hexOf(places),
            digest: hexOf(digest),
            values,
            knownAt,
            sha256: context.sha256,
          },
        ],
  );
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
