/** One gzip stream in memory (RFC 1952): its bytes, checked, and the name that it carries. */

import { constants, createGunzip, gunzip, type ZlibOptions } from 'node:zlib';
import { CarbonError } from '../../core/errors.ts';
import { unpackedChunks } from './chunks.ts';
import type { Allowance } from './limits.ts';

/** The two magic bytes. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

const FNAME = 8;
const FEXTRA = 4;

/** The file name in the header; null where it has none. Only its base name counts. */
export function gzipName(bytes: Uint8Array): string | null {
  const flags = bytes[3] ?? 0;
  if ((flags & FNAME) === 0) return null;
  const from = (flags & FEXTRA) === 0 ? 10 : 12 + ((bytes[10] ?? 0) | ((bytes[11] ?? 0) << 8));
  const end = bytes.indexOf(0, from);
  if (end <= from || end - from > 255) return null;
  const name = new TextDecoder('latin1').decode(bytes.subarray(from, end));
  return name.split(/[\\/]/).at(-1) || null;
}

/**
 * Unpacks a stream (of one or many members, as RFC 1952 allows). Throws SOURCE_CONTAINER_DAMAGED: cut, damaged,
 * followed by other bytes, empty, or larger than allowed.
 */
export async function gunzipped(
  bytes: Uint8Array,
  member: string | null,
  allowance: Allowance,
): Promise<Uint8Array> {
  const room = allowance.room(bytes.length);
  if (room === 0) throw allowance.tooLarge(bytes.length, member);
  const { buffer, read } = await unpack(bytes, room).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') throw allowance.tooLarge(bytes.length, member);
    throw unreadable(error, member, allowance);
  });
  requireEnd(bytes, read, member, allowance);
  allowance.takeBytes(buffer.length);
  return buffer;
}

/** Tapes and some servers pad with zeros; anything else behind the stream is not ours to ignore. */
function requireEnd(bytes: Uint8Array, read: number, member: string | null, allowance: Allowance): void {
  if (bytes.subarray(read).some((byte) => byte !== 0))
    throw allowance.damaged(`${bytes.length - read} bytes follow the gzip stream`, member);
}

/**
 * Unpacks a stream a stretch at a time, for one that is too large to be held. The checksum is that of the format, checked
 * at the end. Throws as {@link gunzipped}; counting the bytes is left to whoever reads to the end.
 */
export async function* gunzippedChunks(
  bytes: Uint8Array,
  member: string | null,
  allowance: Allowance,
): AsyncIterable<Uint8Array> {
  const room = allowance.room(bytes.length);
  const engine = createGunzip();
  let length = 0;
  try {
    for await (const chunk of unpackedChunks(engine, bytes)) {
      length += chunk.length;
      if (length > room) throw allowance.tooLarge(bytes.length, member);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof CarbonError) throw error;
    throw unreadable(error, member, allowance);
  }
  requireEnd(bytes, engine.bytesWritten, member, allowance);
}

function unreadable(error: unknown, member: string | null, allowance: Allowance): CarbonError {
  const words = error instanceof Error ? error.message : 'unreadable';
  return allowance.damaged(`the gzip stream is damaged: ${words}`, member, error);
}

function unpack(bytes: Uint8Array, room: number): Promise<{ buffer: Uint8Array; read: number }> {
  // With `info` zlib hands out the engine too, which knows how many bytes it took; the types do not say so.
  const options: ZlibOptions = { maxOutputLength: room, info: true, finishFlush: constants.Z_FINISH };
  return new Promise((resolve, reject) => {
    gunzip(bytes, options, (error, result: unknown) => {
      if (error !== null) {
        reject(error);
        return;
      }
      const { buffer, engine } = result as { buffer: Uint8Array; engine: { bytesWritten: number } };
      resolve({ buffer, read: engine.bytesWritten });
    });
  });
}
