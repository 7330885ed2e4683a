/** The body of an answer: read to its end within a limit, the encoding of its transfer undone on the way. */

import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { CarbonError } from '../../core/errors.ts';

/**
 * All bytes of a body. Stops reading as soon as more than `maxBytes` came, encoded or not, so that a small body that
 * grows large costs no more than that. Throws SOURCE_TOO_LARGE, SOURCE_NOT_DATA for an unknown encoding, and whatever
 * the stream throws when it is cut.
 */
export async function readBody(
  body: Readable,
  encoding: string,
  maxBytes: number,
  name: string,
): Promise<Uint8Array> {
  const decoders = decodersOf(encoding, name);
  const chunks: Uint8Array[] = [];
  const within = limited(maxBytes, name);
  const collect = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of limited(maxBytes, name)(source)) chunks.push(chunk);
  };
  if (decoders.length === 0) await pipeline(body, collect);
  else await pipeline([body, within, ...decoders, collect]);
  return Buffer.concat(chunks);
}

function limited(maxBytes: number, name: string) {
  return async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let taken = 0;
    for await (const chunk of source) {
      taken += chunk.length;
      if (taken > maxBytes) throw tooLarge(maxBytes, name, `more than ${maxBytes}`);
      yield chunk;
    }
  };
}

/** The refusal of a body over its limit. */
export function tooLarge(maxBytes: number, name: string, got: string): CarbonError {
  return new CarbonError('SOURCE_TOO_LARGE', `${name} has ${got} bytes, and ${maxBytes} are allowed`, {
    position: { field: 'maxBytes', expected: `at most ${maxBytes} bytes`, got },
  });
}

/** Decoders in the order in which they are undone: the reverse of the order in which they were applied. */
function decodersOf(encoding: string, name: string): Transform[] {
  const words = encoding
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '' && word !== 'identity');
  return words.reverse().map((word) => {
    if (word === 'gzip' || word === 'x-gzip') return createGunzip();
    if (word === 'deflate') return createInflate();
    if (word === 'br') return createBrotliDecompress();
    throw new CarbonError('SOURCE_NOT_DATA', `${name} comes in the encoding ${word}`, {
      position: { field: 'content-encoding', expected: 'gzip, deflate, br', got: encoding },
    });
  });
}
