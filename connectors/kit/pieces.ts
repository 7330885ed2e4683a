/**
 * Cuts the records of a large body into pieces that are bodies themselves: the header first, then records up to a line
 * end outside of quotes. Why, and what holds: `docs/decisions/0008-bodies-in-pieces.md`.
 */

import type { Payload, PayloadHead } from './contract.ts';
import { CsvReader } from './readers/csv.ts';

/** About how many bytes of records a piece holds: few enough for its rows to be young when they are let go of. */
export const PIECE_BYTES = 65_536;

/** No record is longer, in bytes: where no line ends before, a quote is open that nothing closes. */
const RECORD_BYTES = 8_388_608;

const LF = 0x0a;
const QUOTE = 0x22;

/**
 * How many lines of a head are its header: up to the end of the first record that `isHeader` takes for it, the first of
 * all by default; lines of delimiters alone are blank. Null for markup and JSON, and where no such record is whole within the head.
 */
export function headerLines(
  head: PayloadHead,
  isHeader: (fields: readonly string[]) => boolean = () => true,
): number | null {
  if (/^\s*[<{[]/.test(head.text)) return null;
  const end = head.text.lastIndexOf('\n') + 1;
  const reader = new CsvReader(head.text.slice(0, end), head.name);
  try {
    while (reader.nextFilled()) if (isHeader(reader.fields)) return reader.linesRead;
  } catch {
    // Damaged above its header: such a body is read whole, and the decoder says where.
  }
  return null;
}

/**
 * Takes the bytes of one body in order, and gives them back as pieces. The bytes of a piece are those of the splitter: they
 * are to be read before the next piece is asked for.
 */
export class PieceSplitter {
  private readonly name: string;
  private readonly lines: number;
  private readonly pieceBytes: number;
  /** Length of the header at the begin of `held`; null until it is all there. */
  private header: number | null = null;
  /** The header, and records behind it. */
  private held = new Uint8Array(0);
  private length = 0;
  /** How far `held` is searched: bytes, line ends of records, and whether a quote is open there. */
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

  /** Takes the next bytes, which are copied; gives the pieces that are full. */
  *push(chunk: Uint8Array): Iterable<Payload> {
    for (let from = 0; from < chunk.length; from += this.pieceBytes) {
      this.hold(chunk.subarray(from, from + this.pieceBytes));
      this.search();
      const { header } = this;
      if (header === null) continue;
      if (this.whole >= header + this.pieceBytes) yield* this.give(this.whole, this.wholeLines);
      else if (this.length >= RECORD_BYTES && this.whole === 0) yield* this.give(this.length, this.lineEnds);
    }
  }

  /** No more bytes follow: gives what is left. A body without a piece yet is one piece, whatever it holds. */
  *end(): Iterable<Payload> {
    const header = (this.header ??= 0);
    if (this.length > header || this.given === 0) yield* this.give(this.length, this.lineEnds);
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
        if (this.header === null) {
          if (lineEnds < this.lines) continue;
          this.header = at + 1;
          lineEnds = 0;
          quoted = false;
        } else if (!quoted) {
          this.whole = at + 1;
          this.wholeLines = lineEnds;
        }
      }
    }
    this.searched = length;
    this.lineEnds = lineEnds;
    this.quoted = quoted;
  }

  /** Gives what is held up to an end, and lets go of its records when it was read. */
  private *give(end: number, lines: number): Iterable<Payload> {
    const piece = { headerLines: this.lines, passed: this.passed, closed: 0 };
    yield { name: this.name, bytes: this.held.subarray(0, end), piece };
    const header = this.header as number;
    this.held.copyWithin(header, end, this.length);
    this.length -= end - header;
    this.searched = header;
    this.lineEnds = 0;
    // At a record's end no quote is open; where a record was cut by force, the reader has found the damage by now.
    this.quoted = false;
    this.whole = 0;
    this.wholeLines = 0;
    this.passed += lines;
    this.given++;
  }
}
