/**
 * A reader of delimited text that keeps positions: LF or CRLF, quoted fields with delimiters, doubled quotes and line
 * ends inside, blank lines between records. It copies no more than the fields themselves.
 */

import { CarbonError } from '../../../core/errors.ts';
import type { Payload, PieceOfBody } from '../contract.ts';
import { textOf } from '../payload.ts';

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** Reads records one by one; `fields` and `line` are those of the record that `next` found last. */
export class CsvReader {
  /** Fields of the record; the array is used again for the next one. */
  readonly fields: string[] = [];
  /** Line on which the record begins, counted from 1. */
  line = 0;
  /** True when the record read last ran to the end of the text without a line end. */
  unterminated = false;

  private readonly text: string;
  private readonly delimiter: string;
  private readonly file: string;
  private position = 0;
  private nextLine = 1;
  private nextQuote: number;
  /** The delimiter found last, at or after what is read: lines without one do not look for it again, each to its end. */
  private nextDelimiter = -1;
  /** Lines to count on once the header of a piece is read; null for a whole body, and then. */
  private piece: PieceOfBody | null;

  /** `file` is the name used in error positions; empty for none. Lines of a piece are counted as in its body. */
  constructor(text: string, file: string, delimiter = ',', piece: PieceOfBody | null = null) {
    this.text = text;
    this.file = file;
    this.delimiter = delimiter;
    this.piece = piece;
    this.nextQuote = text.indexOf('"');
  }

  /** Lines up to the end of the record that `next` found last. */
  get linesRead(): number {
    return this.nextLine - 1;
  }

  /** Moves to the next record that is not blank. Throws SOURCE_MALFORMED with line and column. */
  next(): boolean {
    const text = this.text;
    while (this.position < text.length) {
      this.line = this.nextLine;
      this.fields.length = 0;
      if (this.nextQuote >= 0 && this.nextQuote < this.position)
        this.nextQuote = text.indexOf('"', this.position);
      const newline = text.indexOf('\n', this.position);
      const end = newline < 0 ? text.length : newline;
      if (this.nextQuote < 0 || this.nextQuote > end) this.readPlain(end, newline < 0);
      else this.readQuoted();
      if (this.fields.length > 1 || (this.fields[0] ?? '').trim() !== '') return true;
    }
    return false;
  }

  /**
   * Moves to the next record that holds any text: a line of delimiters alone is blank in a table, as spreadsheets leave
   * below and between what they save. Throws as {@link next}.
   */
  nextFilled(): boolean {
    while (this.next()) if (this.fields.some((field) => field.trim() !== '')) return true;
    return false;
  }

  private readPlain(end: number, last: boolean): void {
    const text = this.text;
    const stop = end > this.position && text.charCodeAt(end - 1) === CR ? end - 1 : end;
    let from = this.position;
    for (;;) {
      if (this.nextDelimiter < from) {
        const found = text.indexOf(this.delimiter, from);
        this.nextDelimiter = found < 0 ? Infinity : found;
      }
      if (this.nextDelimiter >= stop) break;
      this.fields.push(text.slice(from, this.nextDelimiter));
      from = this.nextDelimiter + 1;
    }
    this.fields.push(text.slice(from, stop));
    this.finish(end, last);
  }

  private finish(end: number, last: boolean): void {
    this.unterminated = last;
    this.position = last ? end : end + 1;
    this.nextLine++;
    const { piece } = this;
    if (piece !== null && this.nextLine > piece.headerLines) {
      this.nextLine += piece.passed;
      this.piece = null;
    }
  }

  private readQuoted(): void {
    const text = this.text;
    const start = this.position;
    let p = start;
    for (;;) {
      p = text.charCodeAt(p) === QUOTE ? this.quotedField(p, start) : this.openField(p, start);
      if (p >= text.length) {
        this.finish(text.length, true);
        return;
      }
      if (text[p] !== this.delimiter) break;
      p++;
    }
    if (text.charCodeAt(p) === CR && p + 1 < text.length) p++;
    if (text.charCodeAt(p) === CR) this.finish(text.length, true);
    else this.finish(p, false);
  }

  /** Reads an unquoted field and returns where it ends. */
  private openField(from: number, start: number): number {
    const text = this.text;
    let p = from;
    for (; p < text.length; p++) {
      const c = text.charCodeAt(p);
      if (c === LF || text[p] === this.delimiter) break;
      if (c === CR && (p + 1 === text.length || text.charCodeAt(p + 1) === LF)) break;
      if (c === QUOTE) throw this.damaged('a quote inside an unquoted field', p, start);
    }
    this.fields.push(text.slice(from, p));
    return p;
  }

  /** Reads a quoted field and returns where it ends, after the closing quote. */
  private quotedField(from: number, start: number): number {
    const text = this.text;
    let value = '';
    let p = from + 1;
    for (;;) {
      const quote = text.indexOf('"', p);
      if (quote < 0) throw this.damaged('a quoted field is not closed', from, start);
      value += text.slice(p, quote);
      p = quote + 1;
      if (text.charCodeAt(p) !== QUOTE) break;
      value += '"';
      p++;
    }
    for (let n = value.indexOf('\n'); n >= 0; n = value.indexOf('\n', n + 1)) this.nextLine++;
    const c = text.charCodeAt(p);
    const atEnd = p >= text.length || c === LF || text[p] === this.delimiter;
    if (!atEnd && !(c === CR && (p + 1 === text.length || text.charCodeAt(p + 1) === LF)))
      throw this.damaged('text after a closing quote', p, start);
    this.fields.push(value);
    return p;
  }

  private damaged(what: string, at: number, start: number): CarbonError {
    return new CarbonError('SOURCE_MALFORMED', `line ${this.line}: ${what}`, {
      position: {
        ...(this.file === '' ? {} : { file: this.file }),
        line: this.line,
        column: at - start + 1,
        got: this.text.slice(at, at + 40).split('\n', 1)[0] ?? '',
      },
    });
  }
}

/**
 * A reader of a body of values between commas, or another delimiter, or of a piece of one. Throws SOURCE_MALFORMED when
 * it is not UTF-8.
 */
export function csvOf(payload: Payload, delimiter = ','): CsvReader {
  return new CsvReader(textOf(payload), payload.name, delimiter, payload.piece ?? null);
}

/** The fields of the first record at the start of a body; none where it is blank, or damaged, which no header is. */
export function firstFields(text: string): string[] {
  const reader = new CsvReader(text, '');
  try {
    return reader.next() ? [...reader.fields] : [];
  } catch {
    return [];
  }
}
