/**
 * TickBatch: the unit between stages. Columns, never one object per tick (DESIGN 5b).
 *
 * One row is one value of one instrument for one instant or delivery interval, as known from one moment on.
 */

import type { Names } from './names.ts';

/** Which of the optional numbers of a row are there. */
export const Present = { PRICE: 1, SIZE: 2, BID: 4, ASK: 8, SEQUENCE: 16 } as const;

/** Numbers among the presence bits: what conservation counts as values. */
const VALUE_BITS = Present.PRICE | Present.SIZE | Present.BID | Present.ASK;

const COUNT_OF = Uint8Array.from(
  { length: 16 },
  (_, n) => (n & 1) + ((n >> 1) & 1) + ((n >> 2) & 1) + (n >> 3),
);

/** How many values a row's presence bits announce; a row that says "nothing was printed" counts as one. */
export function valuesIn(present: number): number {
  return Math.max(1, COUNT_OF[present & VALUE_BITS]);
}

/** A growable set of tick columns. `length` rows are valid; the arrays may be longer. */
export class TickBatch {
  readonly names: Names;
  length = 0;
  private capacity: number;

  /** Dense ids in `names`. */
  tenant: Uint32Array;
  instrument: Uint32Array;
  source: Uint32Array;
  dataset: Uint32Array;
  trace: Uint32Array;
  /** UTC micros, half-open; equal for a reading at one instant. */
  eventStart: Float64Array;
  eventEnd: Float64Array;
  /** UTC micros: when the value became known (DESIGN 5b, "known_at is data"). */
  knownAt: Float64Array;
  /** Exact mantissas at scale 8, two words each (`core/model/decimal.ts`); meaningful where `present` says so. */
  price: Int32Array;
  size: Int32Array;
  bid: Int32Array;
  ask: Int32Array;
  /** Bits of {@link Present}. */
  present: Uint8Array;
  /** Bits of `core/model/quality-flags.ts`. */
  flags: Uint32Array;
  /** Number that the source gave, for order within one event time; 0 where it gave none. */
  sequence: Float64Array;
  /** Id that the source gave the trade; the empty string where it gave none. */
  tradeId: string[];
  /** Event id, four words each: UUIDv8 of natural key, known time and values. */
  id: Uint32Array;
  /** Position of the raw event in the log. */
  srcTopic: Uint32Array;
  srcPartition: Uint32Array;
  srcOffset: Float64Array;
  /** Payload (dense id of its SHA-256) and row in it, counted from 1; 0 for streams without files. */
  archive: Uint32Array;
  row: Uint32Array;

  constructor(names: Names, capacity = 64) {
    const n = Math.max(1, capacity);
    this.names = names;
    this.capacity = n;
    this.tenant = new Uint32Array(n);
    this.instrument = new Uint32Array(n);
    this.source = new Uint32Array(n);
    this.dataset = new Uint32Array(n);
    this.trace = new Uint32Array(n);
    this.eventStart = new Float64Array(n);
    this.eventEnd = new Float64Array(n);
    this.knownAt = new Float64Array(n);
    this.price = new Int32Array(2 * n);
    this.size = new Int32Array(2 * n);
    this.bid = new Int32Array(2 * n);
    this.ask = new Int32Array(2 * n);
    this.present = new Uint8Array(n);
    this.flags = new Uint32Array(n);
    this.sequence = new Float64Array(n);
    this.tradeId = [];
    this.id = new Uint32Array(4 * n);
    this.srcTopic = new Uint32Array(n);
    this.srcPartition = new Uint32Array(n);
    this.srcOffset = new Float64Array(n);
    this.archive = new Uint32Array(n);
    this.row = new Uint32Array(n);
  }

  /** Adds `count` zeroed rows and returns the index of the first. Column references taken before may be stale. */
  reserve(count = 1): number {
    const first = this.length;
    this.length += count;
    if (this.length > this.capacity) this.grow();
    for (let i = first; i < this.length; i++) this.tradeId[i] = '';
    return first;
  }

  /** Takes all rows out and keeps the memory. Rows that are reserved next hold what stood there before. */
  clear(): this {
    this.length = 0;
    return this;
  }

  /** Sets the numbers of row `i` to zero, as in a row that was never used: blocks hold them even where they are null. */
  clearNumbers(i: number): void {
    for (let w = 2 * i; w < 2 * i + 2; w++) this.price[w] = this.size[w] = this.bid[w] = this.ask[w] = 0;
  }

  private grow(): void {
    const n = Math.max(this.length, this.capacity * 2);
    this.capacity = n;
    this.tenant = wider(this.tenant, new Uint32Array(n));
    this.instrument = wider(this.instrument, new Uint32Array(n));
    this.source = wider(this.source, new Uint32Array(n));
    this.dataset = wider(this.dataset, new Uint32Array(n));
    this.trace = wider(this.trace, new Uint32Array(n));
    this.eventStart = wider(this.eventStart, new Float64Array(n));
    this.eventEnd = wider(this.eventEnd, new Float64Array(n));
    this.knownAt = wider(this.knownAt, new Float64Array(n));
    this.price = wider(this.price, new Int32Array(2 * n));
    this.size = wider(this.size, new Int32Array(2 * n));
    this.bid = wider(this.bid, new Int32Array(2 * n));
    this.ask = wider(this.ask, new Int32Array(2 * n));
    this.present = wider(this.present, new Uint8Array(n));
    this.flags = wider(this.flags, new Uint32Array(n));
    this.sequence = wider(this.sequence, new Float64Array(n));
    this.id = wider(this.id, new Uint32Array(4 * n));
    this.srcTopic = wider(this.srcTopic, new Uint32Array(n));
    this.srcPartition = wider(this.srcPartition, new Uint32Array(n));
    this.srcOffset = wider(this.srcOffset, new Float64Array(n));
    this.archive = wider(this.archive, new Uint32Array(n));
    this.row = wider(this.row, new Uint32Array(n));
  }

  /** Appends row `i` of another batch of the same process and returns its index here. */
  append(from: TickBatch, i: number): number {
    const j = this.reserve();
    this.copyInto(j, from, i);
    return j;
  }

  /** Appends rows `[first, end)` of another batch of the same process, column by column. */
  appendRange(from: TickBatch, first: number, end: number): void {
    const count = end - first;
    const j = this.length;
    this.length += count;
    if (this.length > this.capacity) this.grow();
    copyRows(from.tenant, first, this.tenant, j, count);
    copyRows(from.instrument, first, this.instrument, j, count);
    copyRows(from.source, first, this.source, j, count);
    copyRows(from.dataset, first, this.dataset, j, count);
    copyRows(from.trace, first, this.trace, j, count);
    copyTimes(from.eventStart, first, this.eventStart, j, count);
    copyTimes(from.eventEnd, first, this.eventEnd, j, count);
    copyTimes(from.knownAt, first, this.knownAt, j, count);
    copyWords(from.price, 2 * first, this.price, 2 * j, 2 * count);
    copyWords(from.size, 2 * first, this.size, 2 * j, 2 * count);
    copyWords(from.bid, 2 * first, this.bid, 2 * j, 2 * count);
    copyWords(from.ask, 2 * first, this.ask, 2 * j, 2 * count);
    for (let k = 0; k < count; k++) this.present[j + k] = from.present[first + k];
    copyRows(from.flags, first, this.flags, j, count);
    copyTimes(from.sequence, first, this.sequence, j, count);
    for (let k = 0; k < count; k++) this.tradeId[j + k] = from.tradeId[first + k];
    copyRows(from.id, 4 * first, this.id, 4 * j, 4 * count);
    copyRows(from.srcTopic, first, this.srcTopic, j, count);
    copyRows(from.srcPartition, first, this.srcPartition, j, count);
    copyTimes(from.srcOffset, first, this.srcOffset, j, count);
    copyRows(from.archive, first, this.archive, j, count);
    copyRows(from.row, first, this.row, j, count);
  }

  /** Writes row `i` of another batch of the same process, or of this one, over row `j`. */
  copyInto(j: number, from: TickBatch, i: number): void {
    this.tenant[j] = from.tenant[i];
    this.instrument[j] = from.instrument[i];
    this.source[j] = from.source[i];
    this.dataset[j] = from.dataset[i];
    this.trace[j] = from.trace[i];
    this.eventStart[j] = from.eventStart[i];
    this.eventEnd[j] = from.eventEnd[i];
    this.knownAt[j] = from.knownAt[i];
    for (let w = 0; w < 2; w++) {
      this.price[2 * j + w] = from.price[2 * i + w];
      this.size[2 * j + w] = from.size[2 * i + w];
      this.bid[2 * j + w] = from.bid[2 * i + w];
      this.ask[2 * j + w] = from.ask[2 * i + w];
    }
    this.present[j] = from.present[i];
    this.flags[j] = from.flags[i];
    this.sequence[j] = from.sequence[i];
    this.tradeId[j] = from.tradeId[i];
    for (let w = 0; w < 4; w++) this.id[4 * j + w] = from.id[4 * i + w];
    this.srcTopic[j] = from.srcTopic[i];
    this.srcPartition[j] = from.srcPartition[i];
    this.srcOffset[j] = from.srcOffset[i];
    this.archive[j] = from.archive[i];
    this.row[j] = from.row[i];
  }

  /** The same rows with flags of their own: a later stage may add flags without changing what this batch says. */
  withOwnFlags(): TickBatch {
    const twin = Object.assign(new TickBatch(this.names, 1), this);
    twin.flags = this.flags.slice();
    return twin;
  }

  /** Values in all rows: what conservation counts. */
  countValues(): number {
    let n = 0;
    for (let i = 0; i < this.length; i++) n += valuesIn(this.present[i]);
    return n;
  }
}

// One function per kind of column, so that each is compiled for one kind. The runs are short: a view of each would cost
// more than the loop.

function copyRows(from: Uint32Array, i: number, to: Uint32Array, j: number, count: number): void {
  for (let k = 0; k < count; k++) to[j + k] = from[i + k];
}

function copyWords(from: Int32Array, i: number, to: Int32Array, j: number, count: number): void {
  for (let k = 0; k < count; k++) to[j + k] = from[i + k];
}

function copyTimes(from: Float64Array, i: number, to: Float64Array, j: number, count: number): void {
  for (let k = 0; k < count; k++) to[j + k] = from[i + k];
}

/** Copies a column into a longer one of its kind. */
export function wider<T extends Float64Array | Uint32Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
