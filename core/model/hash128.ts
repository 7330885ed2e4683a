/**
 * MurmurHash3 x86_128 (Appleby, public domain) over fields, in pure integer arithmetic.
 *
 * Not for security: event ids and dedupe keys only. Payloads are named by SHA-256 (DESIGN 5b).
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

const rotl = (x: number, r: number): number => (x << r) | (x >>> (32 - r));

function fmix(h: number): number {
  let x = h;
  x ^= x >>> 16;
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/**
 * Hashes 32-bit words that a caller pushes one by one; strings go in with their length first, so that no two
 * different lists of as many fields give the same words. The last block is filled up with zeros: fields at the end that
 * may be absent need a tag before them. Reused for every row: it makes no garbage.
 */
export class FieldHash {
  private words = new Int32Array(64);
  private count = 0;
  /** The state that the words of the buffer are mixed into, and how many words it stands for. */
  private readonly state = new Int32Array(4);
  private mixed = 0;

  /** Forgets the fields pushed so far. */
  reset(seed = 0): this {
    this.count = 0;
    this.mixed = 0;
    for (let k = 0; k < 4; k++) this.state[k] = seed;
    return this;
  }

  /**
   * Copies the state after all words pushed so far, whole blocks of four, to `out[4 * index]`: `resume` goes on from
   * there, and many hashes may share a beginning.
   */
  save(out: Int32Array, index: number): void {
    if ((this.count & 3) !== 0)
      throw new RangeError('a state is saved after whole blocks of four words only');
    this.mix();
    out.set(this.state, 4 * index);
  }

  /** Begins as if the `words` words after which a state was saved had been pushed. */
  resume(saved: Int32Array, index: number, words: number): this {
    for (let k = 0; k < 4; k++) this.state[k] = saved[4 * index + k];
    this.mixed = words;
    this.count = 0;
    return this;
  }

  /** Pushes one 32-bit word. */
  word(value: number): this {
    if (this.count === this.words.length) {
      const grown = new Int32Array(this.words.length * 2);
      grown.set(this.words);
      this.words = grown;
    }
    this.words[this.count++] = value;
    return this;
  }

  /** Pushes an integer of up to 53 bits and its sign. */
  integer(value: number): this {
    const high = Math.floor(value / 4_294_967_296);
    return this.word((value - high * 4_294_967_296) | 0).word(high | 0);
  }

  /** The same from a column: a number that is handed over as one would be put on the heap first. */
  integerAt(column: Float64Array | Uint32Array, index: number): this {
    const high = Math.floor(column[index] / 4_294_967_296);
    return this.word((column[index] - high * 4_294_967_296) | 0).word(high | 0);
  }

  /** Pushes a string as its length and its UTF-16 units, two to a word. */
  text(value: string): this {
    this.word(value.length);
    for (let i = 0; i < value.length; i += 2)
      this.word((value.charCodeAt(i) << 16) | (i + 1 < value.length ? value.charCodeAt(i + 1) : 0));
    return this;
  }

  /** Writes the 128-bit hash of all pushed fields as four words at `out[4 * index]`. */
  digest(out: Uint32Array, index: number): void {
    while (this.count & 3) this.word(0);
    this.mix();
    let h1 = this.state[0];
    let h2 = this.state[1];
    let h3 = this.state[2];
    let h4 = this.state[3];
    const length = this.mixed * 4;
    h1 ^= length;
    h2 ^= length;
    h3 ^= length;
    h4 ^= length;
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = (h2 + h1) | 0;
    h3 = (h3 + h1) | 0;
    h4 = (h4 + h1) | 0;
    h1 = fmix(h1);
    h2 = fmix(h2);
    h3 = fmix(h3);
    h4 = fmix(h4);
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = (h2 + h1) | 0;
    h3 = (h3 + h1) | 0;
    h4 = (h4 + h1) | 0;
    out[4 * index] = h1;
    out[4 * index + 1] = h2;
    out[4 * index + 2] = h3;
    out[4 * index + 3] = h4;
  }

  /** Mixes the words of the buffer, whole blocks, into the state. */
  private mix(): void {
    const { words: w, state } = this;
    let h1 = state[0];
    let h2 = state[1];
    let h3 = state[2];
    let h4 = state[3];
    for (let i = 0; i < this.count; i += 4) {
      h1 ^= Math.imul(rotl(Math.imul(w[i], C1), 15), C2);
      h1 = (Math.imul((rotl(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
      h2 ^= Math.imul(rotl(Math.imul(w[i + 1], C2), 16), C3);
      h2 = (Math.imul((rotl(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
      h3 ^= Math.imul(rotl(Math.imul(w[i + 2], C3), 17), C4);
      h3 = (Math.imul((rotl(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
      h4 ^= Math.imul(rotl(Math.imul(w[i + 3], C4), 18), C1);
      h4 = (Math.imul((rotl(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
    }
    state[0] = h1;
    state[1] = h2;
    state[2] = h3;
    state[3] = h4;
    this.mixed += this.count;
    this.count = 0;
  }
}

/** Marks a 128-bit hash as a UUID of version 8 (RFC 9562: custom content) in place. */
export function markAsUuid8(ids: Uint32Array, index: number): void {
  ids[4 * index + 1] = (ids[4 * index + 1] & 0xffff0fff) | 0x8000;
  ids[4 * index + 2] = (ids[4 * index + 2] & 0x3fffffff) | 0x80000000;
}

const hex8 = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');

/** `xxxxxxxx-xxxx-8xxx-yxxx-xxxxxxxxxxxx`. */
export function formatUuid(ids: Uint32Array, index: number): string {
  const h =
    hex8(ids[4 * index]) + hex8(ids[4 * index + 1]) + hex8(ids[4 * index + 2]) + hex8(ids[4 * index + 3]);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

/** Reads a UUID's text into four words; false when it is not one. */
export function parseUuid(text: string, ids: Uint32Array, index: number): boolean {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)) return false;
  const h = text.replaceAll('-', '');
  for (let k = 0; k < 4; k++) ids[4 * index + k] = Number.parseInt(h.slice(8 * k, 8 * k + 8), 16);
  return true;
}

/** Order of two ids as unsigned 128-bit numbers, which is the order of their texts. */
export function compareIds(a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  for (let k = 0; k < 4; k++) {
    const d = a[4 * i + k] - b[4 * j + k];
    if (d !== 0) return d;
  }
  return 0;
}
