/**
 * Which price each contract has: the last said, of those known and not withdrawn. Inputs come in the order in which they
 * became known, and what the board says depends on the set of them alone.
 */

import type { CurveInput, PlacedInput } from '../../../core/model/curve-input.ts';
import { compareIds } from '../../../core/model/hash128.ts';

/** The versions of the values of one contract that count: one for each natural key. */
interface Lane {
  readonly values: Map<string, CurveInput>;
  best: CurveInput | null;
}

/** The prices of one curve and day of the market. */
export class QuoteBoard {
  private readonly lanes = new Map<string, Lane>();

  /** Takes an input in. */
  add({ input }: PlacedInput): void {
    const lane = this.lanes.getOrInsertComputed(input.contract, () => ({ values: new Map(), best: null }));
    const key = input.valueKey.join();
    const before = lane.values.get(key);
    if (before !== undefined && !isLater(input, before)) return;
    lane.values.set(key, input);
    if (before !== undefined && before === lane.best) lane.best = newestOf(lane.values.values());
    else if (!input.withdrawn && (lane.best === null || isNewer(input, lane.best))) lane.best = input;
  }

  /** The price of each contract that has one, in order of contract. */
  quotes(): CurveInput[] {
    return [...this.lanes.values()]
      .flatMap(({ best }) => best ?? [])
      .sort((a, b) => (a.contract < b.contract ? -1 : 1));
  }
}

/** Of two versions of one value the last known counts; of those known at once the one with the greater id. */
function isLater(a: CurveInput, b: CurveInput): boolean {
  return a.knownAt === b.knownAt ? compareIds(a.valueId, 0, b.valueId, 0) > 0 : a.knownAt > b.knownAt;
}

/** Of two values of a contract the last said counts: by event time, known time, sequence, id. */
function isNewer(a: CurveInput, b: CurveInput): boolean {
  const order =
    a.eventTime - b.eventTime ||
    a.knownAt - b.knownAt ||
    (a.sequence ?? 0) - (b.sequence ?? 0) ||
    compareIds(a.valueId, 0, b.valueId, 0);
  return order > 0;
}

function newestOf(values: Iterable<CurveInput>): CurveInput | null {
  let newest: CurveInput | null = null;
  for (const value of values)
    if (!value.withdrawn && (newest === null || isNewer(value, newest))) newest = value;
  return newest;
}
