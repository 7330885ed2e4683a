/** Spans of bytes: equality, text, and dense ids for spans, so that a known name is never made a string again. */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Text of `bytes[from, to)`, or null when they are not UTF-8. */
export function textOf(bytes: Uint8Array, from: number, to: number): string | null {
  try {
    return decoder.decode(bytes.subarray(from, to));
  } catch {
    return null;
  }
}

/** True when `a[i, i + length)` and `b[j, j + length)` hold the same bytes. */
export function sameBytes(a: Uint8Array, i: number, b: Uint8Array, j: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (a[i + k] !== b[j + k]) return false;
  return true;
}

/** Joins byte arrays into one: a view where they follow each other in one memory already, else a copy. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  let isOneRun = parts.length > 0;
  for (const part of parts) {
    isOneRun &&= part.buffer === parts[0].buffer && part.byteOffset === parts[0].byteOffset + length;
    length += part.length;
  }
  if (isOneRun) return new Uint8Array(parts[0].buffer, parts[0].byteOffset, length);
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Gives the id of a span seen for the first time; negative refuses it, and nothing is kept. */
export type SpanResolver = (bytes: Uint8Array, from: number, to: number) => number;

/**
 * Ids of byte spans: open addressing over a store of copied bytes. The span asked for last is tried first, since
 * neighbours are mostly alike.
 */
export class SpanTable {
  private readonly resolve: SpanResolver;
  /** Entry number + 1 by hash; 0 is free. Its length is a power of two. */
  private slots = new Int32Array(64);
  private count = 0;
  private hashes = new Int32Array(32);
  private starts = new Int32Array(33);
  private ids = new Int32Array(32);
  private store = new Uint8Array(1024);
  private last = -1;

  constructor(resolve: SpanResolver) {
    this.resolve = resolve;
  }

  /** The id of `bytes[from, to)`; negative when the resolver refused the span. */
  idOf(bytes: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (this.last >= 0 && this.holds(this.last, bytes, from, length)) return this.ids[this.last];
    let hash = length;
    let p = from;
    for (const end = to - 3; p < end; p += 4) {
      hash = Math.imul(
        hash ^ (bytes[p] | (bytes[p + 1] << 8) | (bytes[p + 2] << 16) | (bytes[p + 3] << 24)),
        0x9e3779b1,
      );
      hash ^= hash >>> 15;
    }
    for (; p < to; p++) hash = Math.imul(hash ^ bytes[p], 0x85ebca6b);
    hash ^= hash >>> 13;
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = this.slots[slot] - 1;
      if (this.hashes[entry] === hash && this.holds(entry, bytes, from, length)) {
        this.last = entry;
        return this.ids[entry];
      }
    }
    const id = this.resolve(bytes, from, to);
    if (id >= 0) this.insert(slot, hash, bytes, from, length, id);
    return id;
  }

  private holds(entry: number, bytes: Uint8Array, from: number, length: number): boolean {
    const start = this.starts[entry];
    return this.starts[entry + 1] - start === length && sameBytes(this.store, start, bytes, from, length);
  }

  private insert(
    slot: number,
    hash: number,
    bytes: Uint8Array,
    from: number,
    length: number,
    id: number,
  ): void {
    const entry = this.count++;
    const start = this.starts[entry];
    if (start + length > this.store.length)
      this.store = grown(this.store, new Uint8Array(Math.max(start + length, 2 * this.store.length)));
    for (let k = 0; k < length; k++) this.store[start + k] = bytes[from + k];
    this.starts[entry + 1] = start + length;
    this.hashes[entry] = hash;
    this.ids[entry] = id;
    this.slots[slot] = entry + 1;
    this.last = entry;
    if (this.count === this.ids.length) this.widen();
  }

  private widen(): void {
    const n = 2 * this.ids.length;
    this.hashes = grown(this.hashes, new Int32Array(n));
    this.ids = grown(this.ids, new Int32Array(n));
    this.starts = grown(this.starts, new Int32Array(n + 1));
    this.slots = new Int32Array(2 * n);
    const mask = 2 * n - 1;
    for (let entry = 0; entry < this.count; entry++) {
      let slot = this.hashes[entry] & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = entry + 1;
    }
  }
}

function grown<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
