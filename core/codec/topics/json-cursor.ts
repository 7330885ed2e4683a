/**
 * A cursor over the bytes of one JSON value: passes what is spelled as feeds really spell it, and says no to the rest
 * (escapes, control characters, bytes beyond ASCII, exponents), so that another reader can look.
 */

import { sameBytes, utf8 } from '../bytes.ts';

/** What a slot holds. `time` is a text that was read as a time already. */
export const Kind = { absent: 0, text: 1, number: 2, null: 3, true: 4, false: 5, time: 6 } as const;

export const QUOTE = 0x22;

/** 1 for bytes that stand for themselves within quotes. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, b) =>
  Number(b >= 0x20 && b <= 0x7e && b !== QUOTE && b !== 0x5c),
);

const WORDS = [
  { bytes: utf8('null'), is: Kind.null },
  { bytes: utf8('true'), is: Kind.true },
  { bytes: utf8('false'), is: Kind.false },
];

/** Passes over bytes. Reused for every record. */
export class JsonCursor {
  protected bytes: Uint8Array = new Uint8Array(0);
  /** The same bytes, four at a time. */
  protected view = new DataView(this.bytes.buffer);
  protected p = 0;
  protected end = 0;

  protected open(bytes: Uint8Array, from: number, to: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.p = from;
    this.end = to;
  }

  /** Passes the rest of a string and its closing quote. */
  protected string(): boolean {
    const { bytes, end } = this;
    let p = this.p;
    while (p < end && PLAIN[bytes[p]] === 1) p++;
    if (p >= end || bytes[p] !== QUOTE) return false;
    this.p = p + 1;
    return true;
  }

  /** Passes a number as JSON has them. */
  protected number(): boolean {
    const { bytes, end } = this;
    let p = this.p;
    if (bytes[p] === 0x2d) p++;
    const first = p;
    while (p < end && bytes[p] >= 0x30 && bytes[p] <= 0x39) p++;
    if (p === first || (bytes[first] === 0x30 && p > first + 1)) return false;
    if (p < end && bytes[p] === 0x2e) {
      const point = p++;
      while (p < end && bytes[p] >= 0x30 && bytes[p] <= 0x39) p++;
      if (p === point + 1) return false;
    }
    if (p >= end || bytes[p] === 0x65 || bytes[p] === 0x45) return false;
    this.p = p;
    return true;
  }

  /** Passes a value that has no quotes; returns its kind, absent for none. */
  protected bare(): number {
    const first = this.bytes[this.p];
    if (first !== 0x2d && (first < 0x30 || first > 0x39)) return this.word();
    return this.number() ? Kind.number : Kind.absent;
  }

  private word(): number {
    for (const { bytes, is } of WORDS)
      if (this.p + bytes.length < this.end && sameBytes(bytes, 0, this.bytes, this.p, bytes.length)) {
        this.p += bytes.length;
        return is;
      }
    return Kind.absent;
  }

  /** Passes white space. */
  protected space(): void {
    const { bytes, end } = this;
    let p = this.p;
    while (p < end && (bytes[p] === 0x20 || bytes[p] === 0x0a || bytes[p] === 0x0d || bytes[p] === 0x09)) p++;
    this.p = p;
  }
}
