/**
 * VersionTable: the versions of natural keys that normalization remembers, in columns.
 *
 * An open-addressing table from 128-bit natural keys to chains of versions ordered by (known time, event id). It is a
 * cache of silver: what it does not hold is asked of the store, so the oldest half of it may be forgotten at any time.
 */

import { compareIds } from '../../core/model/hash128.ts';
import { wider } from '../../core/model/tick-batch.ts';
import type { Micros } from '../../core/time/instant.ts';

/** Versions by columns: at the same index, or at four words each, stand all parts of one. */
export interface VersionColumns {
  /** Natural keys. */
  readonly keys: Uint32Array;
  /** Event start, the same for all versions of a key. */
  readonly starts: Float64Array;
  readonly knownAt: Float64Array;
  /** Hashes of what they say. */
  readonly values: Uint32Array;
  readonly ids: Uint32Array;
}

/** Keys that are looked at to find the middle one by event start. */
const SAMPLE = 1001;

/** What a new version is beside those known before. */
export const Verdict = { first: 0, revision: 1, unchanged: 2, duplicate: 3, conflict: 4 } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** Versions by natural key. Grows with what it is given until it is told to forget. */
export class VersionTable {
  /**
   * By hash: the index of a key, or -1, and beside it a word of the key, so that the keys themselves are looked at only
   * where they are likely to be equal. Two words per slot; the number of slots is a power of two.
   */
  private slots = new Int32Array(2 * 1024).fill(-1);
  private keyCount = 0;
  private keys = new Uint32Array(4 * 512);
  private starts = new Float64Array(512);
  private heads = new Int32Array(512);
  private versionCount = 0;
  private knownAt = new Float64Array(512);
  private values = new Uint32Array(4 * 512);
  private ids = new Uint32Array(4 * 512);
  private repeats = new Uint8Array(512);
  private nexts = new Int32Array(512);
  /** Version that the last `add` inserted, for `successorToReinstate`. */
  private last = -1;

  /** Versions held. */
  get size(): number {
    return this.versionCount;
  }

  /**
   * Forgets the keys that begin before the middle one, with all their versions. Returns the event start from which on
   * everything is still held; Infinity when all was forgotten, because half of the keys begin together.
   */
  forgetOldest(): Micros {
    const from = this.middleStart();
    this.last = -1;
    this.slots.fill(-1);
    if (from === Infinity) {
      this.keyCount = 0;
      this.versionCount = 0;
      return from;
    }
    const placeOf = this.dropVersionsBefore(from);
    let kept = 0;
    for (let key = 0; key < this.keyCount; key++) {
      if (this.starts[key] < from) continue;
      this.keys.copyWithin(4 * kept, 4 * key, 4 * key + 4);
      this.starts[kept] = this.starts[key];
      this.heads[kept] = placeOf[this.heads[key]];
      this.putInSlot(kept);
      kept++;
    }
    this.keyCount = kept;
    return from;
  }

  /** The least start that at least half of a sample of the keys lie before. */
  private middleStart(): Micros {
    const step = Math.max(1, Math.floor(this.keyCount / SAMPLE));
    const sample = this.starts.subarray(0, this.keyCount).filter((_, key) => key % step === 0);
    sample.sort();
    for (let k = (sample.length + 1) >> 1; k < sample.length; k++)
      if (sample[k] > sample[k - 1]) return sample[k];
    return Infinity;
  }

  /** Moves the versions that stay together; says where each has gone to. */
  private dropVersionsBefore(from: Micros): Int32Array {
    const placeOf = new Int32Array(this.versionCount);
    for (let key = 0; key < this.keyCount; key++)
      if (this.starts[key] < from) for (let n = this.heads[key]; n !== -1; n = this.nexts[n]) placeOf[n] = -1;
    let kept = 0;
    for (let n = 0; n < this.versionCount; n++) if (placeOf[n] === 0) placeOf[n] = kept++;
    for (let n = 0; n < this.versionCount; n++) {
      const at = placeOf[n];
      if (at === -1) continue;
      this.knownAt[at] = this.knownAt[n];
      this.values.copyWithin(4 * at, 4 * n, 4 * n + 4);
      this.ids.copyWithin(4 * at, 4 * n, 4 * n + 4);
      this.repeats[at] = this.repeats[n];
      this.nexts[at] = this.nexts[n] === -1 ? -1 : placeOf[this.nexts[n]];
    }
    this.versionCount = kept;
    return placeOf;
  }

  /** Judges version `i` of the columns against those of its key and remembers it, unless it is a duplicate. */
  add(versions: VersionColumns, i: number): Verdict {
    const key = this.keyIndex(versions, i);
    const { ids, knownAt } = versions;
    let before = -1;
    for (let n = this.heads[key]; n !== -1; n = this.nexts[n]) {
      const order = this.knownAt[n] - knownAt[i] || compareIds(this.ids, n, ids, i);
      if (order === 0) return Verdict.duplicate;
      if (order > 0) break;
      before = n;
    }
    const after = before === -1 ? this.heads[key] : this.nexts[before];
    const unchanged = before !== -1 && sameWords(this.values, before, versions.values, i);
    this.last = this.insert(key, before, versions, i, unchanged);
    if (unchanged) return Verdict.unchanged;
    if (
      (before !== -1 && this.knownAt[before] === knownAt[i]) ||
      (after !== -1 && this.knownAt[after] === knownAt[i])
    )
      return Verdict.conflict;
    return before === -1 && after === -1 ? Verdict.first : Verdict.revision;
  }

  /** Remembers a version that the store holds; does nothing when it is known. */
  load(versions: VersionColumns, i: number, repeat: boolean): void {
    const key = this.keyIndex(versions, i);
    let before = -1;
    for (let n = this.heads[key]; n !== -1; n = this.nexts[n]) {
      const order = this.knownAt[n] - versions.knownAt[i] || compareIds(this.ids, n, versions.ids, i);
      if (order === 0) {
        // A repeat that was reinstated lies in both tables; the statement of silver counts.
        if (!repeat) this.repeats[n] = 0;
        return;
      }
      if (order > 0) break;
      before = n;
    }
    this.insert(key, before, versions, i, repeat);
  }

  /**
   * After `add` of a version between two others: when the next one was dropped as unchanged and now differs from the
   * version before it, marks it as a statement again and copies its event id. False when there is nothing to do.
   */
  successorToReinstate(id: Uint32Array): boolean {
    if (this.last === -1) return false;
    const next = this.nexts[this.last];
    if (next === -1 || this.repeats[next] === 0 || sameWords(this.values, next, this.values, this.last))
      return false;
    this.repeats[next] = 0;
    for (let w = 0; w < 4; w++) id[w] = this.ids[4 * next + w];
    return true;
  }

  private insert(key: number, before: number, versions: VersionColumns, i: number, repeat: boolean): number {
    const n = this.versionCount++;
    if (n >= this.knownAt.length) this.growVersions();
    this.knownAt[n] = versions.knownAt[i];
    for (let w = 0; w < 4; w++) {
      this.values[4 * n + w] = versions.values[4 * i + w];
      this.ids[4 * n + w] = versions.ids[4 * i + w];
    }
    this.repeats[n] = repeat ? 1 : 0;
    if (before === -1) {
      this.nexts[n] = this.heads[key];
      this.heads[key] = n;
    } else {
      this.nexts[n] = this.nexts[before];
      this.nexts[before] = n;
    }
    return n;
  }

  private keyIndex({ keys, starts }: VersionColumns, i: number): number {
    if (this.keyCount * 4 >= this.slots.length) this.growSlots();
    const { slots } = this;
    const mask = slots.length / 2 - 1;
    const mark = keys[4 * i + 1] | 0;
    let slot = keys[4 * i] & mask;
    for (;;) {
      const key = slots[2 * slot];
      if (key === -1) break;
      if (slots[2 * slot + 1] === mark && sameWords(this.keys, key, keys, i)) return key;
      slot = (slot + 1) & mask;
    }
    const key = this.keyCount++;
    if (4 * key >= this.keys.length) {
      this.keys = wider(this.keys, new Uint32Array(this.keys.length * 2));
      this.starts = wider(this.starts, new Float64Array(this.starts.length * 2));
      this.heads = wider(this.heads, new Int32Array(this.heads.length * 2));
    }
    for (let w = 0; w < 4; w++) this.keys[4 * key + w] = keys[4 * i + w];
    this.starts[key] = starts[i];
    this.heads[key] = -1;
    slots[2 * slot] = key;
    slots[2 * slot + 1] = mark;
    return key;
  }

  private growSlots(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    for (let key = 0; key < this.keyCount; key++) this.putInSlot(key);
  }

  /** Puts a key that is in no slot into the first free one. */
  private putInSlot(key: number): void {
    const { slots } = this;
    const mask = slots.length / 2 - 1;
    let slot = this.keys[4 * key] & mask;
    while (slots[2 * slot] !== -1) slot = (slot + 1) & mask;
    slots[2 * slot] = key;
    slots[2 * slot + 1] = this.keys[4 * key + 1];
  }

  private growVersions(): void {
    const n = this.knownAt.length * 2;
    this.knownAt = wider(this.knownAt, new Float64Array(n));
    this.values = wider(this.values, new Uint32Array(4 * n));
    this.ids = wider(this.ids, new Uint32Array(4 * n));
    this.repeats = wider(this.repeats, new Uint8Array(n));
    this.nexts = wider(this.nexts, new Int32Array(n));
  }
}

function sameWords(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  return (
    a[4 * i] === b[4 * j] &&
    a[4 * i + 1] === b[4 * j + 1] &&
    a[4 * i + 2] === b[4 * j + 2] &&
    a[4 * i + 3] === b[4 * j + 3]
  );
}
