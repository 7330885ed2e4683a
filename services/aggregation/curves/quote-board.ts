/**
 * Which price each contract has: the last said, of those known and not withdrawn. Inputs come in the order in which they
 * became known, and what the board says depends on the set of them alone.
 */

import type { CurveInput, PlacedInput } from '../../../core/model/curve-input.ts';
import { compareIds } from '../../../core/model/hash128.ts';

/** The versions of the values of one contract that count: one for each natural key. */
interface Lane {
  readonly values: Map<string, CurveInput>;
  /** Those of the board below; a version of a key that stands above counts in its place. */
  readonly below: Lane | null;
  best: CurveInput | null;
}

/** The prices of one curve and day of the market. */
export class QuoteBoard {
  private readonly below: QuoteBoard | null;
  private readonly lanes = new Map<string, Lane>();

  /** On top of another board, which is not to change as long as this one is used: what is added does not reach it. */
  constructor(below: QuoteBoard | null = null) {
    this.below = below;
  }

  /** Takes an input in. */
  add({ input }: PlacedInput): void {
    const lane = this.laneOf(input.contract);
    const key = input.valueKey.join();
    const before = valueIn(lane, key);
    if (before !== undefined && !isLater(input, before)) return;
    lane.values.set(key, input);
    if (before !== undefined && before === lane.best) lane.best = newestIn(lane);
    else if (!input.withdrawn && (lane.best === null || isNewer(input, lane.best))) lane.best = input;
  }

  /** The price of each contract that has one, in order of contract. */
  quotes(): CurveInput[] {
    const best = new Map<string, CurveInput | null>();
    for (let board: QuoteBoard | null = this; board !== null; board = board.below)
      for (const [contract, lane] of board.lanes) if (!best.has(contract)) best.set(contract, lane.best);
    return [...best.values()]
      .flatMap((input) => input ?? [])
      .sort((a, b) => (a.contract < b.contract ? -1 : 1));
  }

  private laneOf(contract: string): Lane {
    const own = this.lanes.get(contract);
    if (own !== undefined) return own;
    const below = this.below?.find(contract) ?? null;
    const lane: Lane = { values: new Map(), below, best: below?.best ?? null };
    this.lanes.set(contract, lane);
    return lane;
  }

  private find(contract: string): Lane | null {
    return this.lanes.get(contract) ?? this.below?.find(contract) ?? null;
  }
}

function valueIn(lane: Lane, key: string): CurveInput | undefined {
  return lane.values.get(key) ?? (lane.below === null ? undefined : valueIn(lane.below, key));
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

/** The last said of the values of a lane that are not withdrawn. */
function newestIn(lane: Lane): CurveInput | null {
  let newest: CurveInput | null = null;
  const seen = new Set<string>();
  for (let at: Lane | null = lane; at !== null; at = at.below)
    for (const [key, value] of at.values) {
      if (seen.has(key)) continue;
      seen.add(key);
      if (!value.withdrawn && (newest === null || isNewer(value, newest))) newest = value;
    }
  return newest;
}
