/** A file of lines in pieces: as large as reading likes them, or of so many lines. */

import { closeSync, openSync, readSync } from 'node:fs';
import { tradeChunks } from './generate.ts';

const CHUNK = 1 << 22;

/** Whole lines of a file, a few megabytes at a time; `d1:TICKS:INSTRUMENTS` is made up as it goes. */
export function* chunksOf(path: string): Generator<Uint8Array> {
  const made = /^d1:(\d+):(\d+)$/.exec(path);
  if (made !== null) {
    const set = { ticks: Number(made[1]), instruments: Number(made[2]), seed: 7 };
    for (const { bytes } of tradeChunks(set)) yield bytes;
    return;
  }
  const fd = openSync(path, 'r');
  const buffer = new Uint8Array(CHUNK);
  let kept = 0;
  for (;;) {
    const n = readSync(fd, buffer, kept, CHUNK - kept, null);
    if (n === 0) break;
    const end = buffer.subarray(0, kept + n).lastIndexOf(0x0a) + 1;
    yield buffer.slice(0, end);
    buffer.copyWithin(0, end, kept + n);
    kept = kept + n - end;
  }
  if (kept > 0) yield buffer.slice(0, kept);
  closeSync(fd);
}

/** The file cut into parts of so many lines. */
export function* partsOf(path: string, lines: number): Generator<Uint8Array> {
  for (const chunk of chunksOf(path))
    for (let from = 0; from < chunk.length; ) {
      let to = from;
      for (let n = 0; n < lines && to < chunk.length; n++) {
        const end = chunk.indexOf(0x0a, to);
        to = end === -1 ? chunk.length : end + 1;
      }
      yield chunk.subarray(from, to);
      from = to;
    }
}
