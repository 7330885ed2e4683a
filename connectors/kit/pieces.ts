/**
 * Cuts the records of a large body into pieces that are bodies themselves: the header first, then records up to a line
 * end outside of quotes. Why, and what holds: `docs/decisions/0008-bodies-in-pieces.md`.
 */

import type { Payload, PayloadHead } from './contract.ts';
import { CsvReader } from './readers/csv.ts';

/** About how many bytes of records a piece holds. */
export const PIECE_BYTES = 1_048_576;

/** No record is longer, in bytes: where no line ends before, a quote is open that nothing closes. */
const RECORD_BYTES = 8_388_608;

const LF = 0x0a;
const QUOTE = 0x22;

/**
 * How many lines of a head are its header: up to the end of the first record that `isHeader` takes for it, the first of
 * all by default. Null for markup and JSON, and where no such record is whole within the head.
 */
export function headerLines(
  head: PayloadHead,
  isHeader: (fields: readonly string[]) => boolean = () => true,
): number | null {
  if (/^\s*[<{[]/.test(head.text)) return null;
  const end = head.text.lastIndexOf('\n') + 1;
  const reader = new CsvReader(head.text.slice(0, end), head.name);
  try {
    while (reader.next()) if (isHeader(reader.fields)) return reader.linesRead;
  } catch {
    // Damaged above its header: such a body is read whole, and the decoder says where.
  }
  return null;
}

/** Takes the bytes of one body in order, and gives them back as pieces. */
export class PieceSplitter {
  private readonly name: string;
  private readonly lines: number;
  private readonly pieceBytes: number;
  private header: Uint8Array | null = null;
  private held = new Uint8Array(0);
  private length = 0;
  /** How far `held` is searched: bytes, line ends, and whether a quote is open there. */
  private searched = 0;
  private lineEnds = 0;
  private quoted = false;
  /** End of the last whole record of `held`, and the line ends before it. */
  private whole = 0;
  private wholeLines = 0;
  private passed = 0;
  private given = 0;

  /** `lines` as a dataset tells them for the head of this body. */
  constructor(name: string, lines: number, pieceBytes = PIECE_BYTES) {
    this.name = name;
    this.lines = lines;
    this.pieceBytes = pieceBytes;
  }

  /** Takes the next bytes; gives the pieces that are full. */
  *push(chunk: Uint8Array): Iterable<Payload> {
    for (let from = 0; from < chunk.length; from += this.pieceBytes) {
      this.hold(chunk.subarray(from, from + this.pieceBytes));
      this.search();
      if (this.header === null) continue;
      if (this.whole >= this.pieceBytes) yield this.give(this.whole, this.wholeLines);
      else if (this.length >= RECORD_BYTES && this.whole === 0) yield this.give(this.length, this.lineEnds);
    }
  }

  /** No more bytes follow: gives what is left. A body without a piece yet is one piece, whatever it holds. */
  *end(): Iterable<Payload> {
    if (this.header === null) this.header = new Uint8Array(0);
    if (this.length > 0 || this.given === 0) yield this.give(this.length, this.lineEnds);
  }

  private hold(chunk: Uint8Array): void {
    if (this.length + chunk.length > this.held.length) {
      const larger = new Uint8Array(Math.max(2 * this.held.length, this.length + chunk.length));
      larger.set(this.held.subarray(0, this.length));
      this.held = larger;
    }
    this.held.set(chunk, this.length);
    this.length += chunk.length;
  }

  private search(): void {
    const { held, length } = this;
    let { lineEnds, quoted } = this;
    for (let at = this.searched; at < length; at++) {
      const byte = held[at];
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === LF) {
        lineEnds++;
        if (this.header === null && lineEnds === this.lines) {
          this.header = held.slice(0, at + 1);
          this.drop(at + 1);
          this.quoted = false;
          this.search();
          return;
        }
        if (!quoted) {
          this.whole = at + 1;
          this.wholeLines = lineEnds;
        }
      }
    }
    this.searched = length;
    this.lineEnds = lineEnds;
    this.quoted = quoted;
  }

  /** Lets go of the first bytes held; what follows is to be searched from its begin. */
  private drop(bytes: number): void {
    this.held.copyWithin(0, bytes, this.length);
    this.length -= bytes;
    this.searched = 0;
    this.lineEnds = 0;
    this.whole = 0;
    this.wholeLines = 0;
  }

  private give(bytes: number, lines: number): Payload {
    const header = this.header as Uint8Array;
    const piece = new Uint8Array(header.length + bytes);
    piece.set(header);
    piece.set(this.held.subarray(0, bytes), header.length);
    const place = { headerLines: this.lines, passed: this.passed, closed: 0 };
    // A record that was cut by force leaves its quote open; the reader has found the damage by then.
    this.quoted = false;
    this.drop(bytes);
    this.passed += lines;
    this.given++;
    return { name: this.name, bytes: piece, piece: place };
  }
}
