/**
 * Trades without end: the lines of a file again and again, each pass later by the four hours that a file spans. Only the
 * day and the hour of the two times of a line are written anew, so that a thread can offer half a million lines a second.
 */

import { SPAN } from './generate.ts';

/** `2026-03-01T00`. */
const HOUR_LENGTH = 13;
const QUOTE = 0x22;
const Z = 0x5a;
const KEY = Buffer.from('"ts"');

/** Moves the times in chunks of whole lines. */
export class LaterPass {
  private readonly by: number;
  /** Text of an hour, by its day of the month and hour, as it is after the move. */
  private readonly moved = new Map<number, Uint8Array>();

  /** `pass` 0 leaves everything as it is. */
  constructor(pass: number) {
    this.by = pass * SPAN;
  }

  /** Moves all times of a chunk, in place. */
  move(chunk: Uint8Array): void {
    if (this.by === 0) return;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    for (let from = 0; from < chunk.length; ) {
      let end = chunk.indexOf(0x0a, from);
      if (end === -1) end = chunk.length;
      this.moveHour(chunk, eventTimeIn(bytes, from, end));
      let last = end - 1;
      while (chunk[last] !== Z) last--;
      // The known time stands last, and ends with `.007Z`.
      this.moveHour(chunk, last - '2026-03-01T00:00:00.007'.length);
      from = end + 1;
    }
  }

  private moveHour(chunk: Uint8Array, at: number): void {
    const digits = (p: number): number => 10 * (chunk[p] - 0x30) + chunk[p + 1] - 0x30;
    const key = 100 * digits(at + 8) + digits(at + 11);
    const text = this.moved.getOrInsertComputed(key, () => this.later(chunk.slice(at, at + HOUR_LENGTH)));
    for (let k = 0; k < HOUR_LENGTH; k++) chunk[at + k] = text[k];
  }

  private later(hour: Uint8Array): Uint8Array {
    const at = Date.parse(`${new TextDecoder().decode(hour)}:00:00Z`) + this.by;
    return new TextEncoder().encode(new Date(at).toISOString().slice(0, HOUR_LENGTH));
  }
}

/** Where the text of the key `ts` begins, in the line that begins at `from`. */
function eventTimeIn(chunk: Buffer, from: number, end: number): number {
  let at = chunk.indexOf(KEY, from);
  if (at === -1 || at >= end) throw new Error('a line of the data set has no time');
  for (at += KEY.length; chunk[at] !== QUOTE; at++);
  return at + 1;
}
