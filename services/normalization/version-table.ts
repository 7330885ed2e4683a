/**
 * VersionTable: the versions of natural keys that normalization remembers, in columns.
 *
 * An open-addressing table from 128-bit natural keys to chains of versions ordered by (known time, event id). It is a
 * cache of silver: what it does not hold is asked of the store, so it may be emptied at any time.
 */

import { compareIds } from '../../core/model/hash128.ts';
import { wider } from '../../core/model/tick-batch.ts';

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

/** What a new version is beside those known before. */
export const Verdict = { first: 0, revision: 1, unchanged: 2, duplicate: 3, conflict: 4 } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** Versions by natural key. Grows with what it is given until `clear`. */
export class VersionTable {
  /**
   * By hash: the index of a key, or -1, and beside it a word of the key, so that the keys themselves are looked at only
   * where they are likely to be equal. Two words per slot; the number of slots is a power of two.
   */
  private slots = new Int32Array(2 * 1024).fill(-1);
  private keyCount = 0;
  private keys = new Uint32Array(4 * 512);
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

  /** Forgets everything; the room stays. */
  clear(): void {
    this.slots.fill(-1);
    this.keyCount = 0;
    this.versionCount = 0;
    this.last = -1;
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

  private keyIndex({ keys }: VersionColumns, i: number): number {
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
      this.heads = wider(this.heads, new Int32Array(this.heads.length * 2));
    }
    for (let w = 0; w < 4; w++) this.keys[4 * key + w] = keys[4 * i + w];
    this.heads[key] = -1;
    slots[2 * slot] = key;
    slots[2 * slot + 1] = mark;
    return key;
  }

  private growSlots(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = slots.length / 2 - 1;
    for (let key = 0; key < this.keyCount; key++) {
      let slot = this.keys[4 * key] & mask;
      while (slots[2 * slot] !== -1) slot = (slot + 1) & mask;
      slots[2 * slot] = key;
      slots[2 * slot + 1] = this.keys[4 * key + 1];
    }
    this.slots = slots;
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
