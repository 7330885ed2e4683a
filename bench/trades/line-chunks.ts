/** A file of lines in pieces: as large as reading likes them, or of so many lines. */

import { closeSync, openSync, readSync } from 'node:fs';
import { LaterPass } from './passes.ts';

const CHUNK = 1 << 22;

/**
 * Whole lines of a file, a few megabytes at a time, each chunk in the memory of the one before; `again:FILE` has no end,
 * each pass is later than the one before.
 */
export function* chunksOf(path: string): Generator<Uint8Array> {
  const file = path.replace(/^again:/, '');
  for (let pass = 0; pass === 0 || file !== path; pass++) {
    const later = new LaterPass(pass);
    for (const chunk of readChunks(file)) {
      later.move(chunk);
      yield chunk;
    }
  }
}

function* readChunks(file: string): Generator<Uint8Array> {
  const fd = openSync(file, 'r');
  const buffer = new Uint8Array(CHUNK);
  let kept = 0;
  for (;;) {
    const n = readSync(fd, buffer, kept, CHUNK - kept, null);
    if (n === 0) break;
    const end = buffer.subarray(0, kept + n).lastIndexOf(0x0a) + 1;
    yield buffer.subarray(0, end);
    buffer.copyWithin(0, end, kept + n);
    kept = kept + n - end;
  }
  if (kept > 0) yield buffer.subarray(0, kept);
  closeSync(fd);
}

/** The file cut into parts of about so many lines, by how long those of its beginning are: nothing is looked at twice. */
export function* partsOf(path: string, lines: number): Generator<Uint8Array> {
  let length = 0;
  for (const chunk of chunksOf(path)) {
    length ||= Math.max(1, Math.round((lines * chunk.length) / linesIn(chunk)));
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(0x0a, from + length - 1);
      const to = end === -1 ? chunk.length : end + 1;
      yield chunk.subarray(from, to);
      from = to;
    }
  }
}

function linesIn(chunk: Uint8Array): number {
  let lines = 0;
  for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) lines++;
  return Math.max(1, lines);
}
