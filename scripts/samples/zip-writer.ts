/**
 * Writes zip archives for samples and tests, byte for byte the same on every run: no clock, fixed order. Members are
 * stored unless asked otherwise, because what a compressor makes depends on its version.
 *
 * Source: PKWARE's APPNOTE.TXT, 4.3.
 */

import { crc32, deflateRawSync } from 'node:zlib';

/** One member to write. */
export interface ZipSource {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly deflate?: boolean;
  /** General purpose bits: 1 marks an encrypted member, 8 puts sizes and checksum behind the data. */
  readonly flags?: number;
}

/** 1 January 1980, the first day that the format knows. */
const DATE = 0x0021;
const LATER = 8;

/** The archive of the members in their order. */
export function zipOf(sources: readonly ZipSource[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const add = (...buffers: readonly Buffer[]): void => {
    for (const buffer of buffers) {
      parts.push(buffer);
      at += buffer.length;
    }
  };
  for (const source of sources) {
    const name = Buffer.from(source.path);
    const data = source.deflate === true ? deflateRawSync(source.bytes) : Buffer.from(source.bytes);
    const later = ((source.flags ?? 0) & LATER) !== 0;
    const sizes = { crc: crc32(source.bytes), packed: data.length, size: source.bytes.length };
    const offset = at;
    add(header(source, name.length, later ? { crc: 0, packed: 0, size: 0 } : sizes), name, data);
    if (later) add(descriptor(sizes));
    directory.push(Buffer.concat([entry(source, name.length, sizes, offset), name]));
  }
  const start = at;
  add(...directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(sources.length, 8);
  end.writeUInt16LE(sources.length, 10);
  end.writeUInt32LE(at - start, 12);
  end.writeUInt32LE(start, 16);
  add(end);
  return Buffer.concat(parts);
}

interface Sizes {
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/** The fields that local headers and the directory share, from the flags on. */
function common(target: Buffer, at: number, source: ZipSource, nameLength: number, sizes: Sizes): void {
  target.writeUInt16LE(source.flags ?? 0, at);
  target.writeUInt16LE(source.deflate === true ? 8 : 0, at + 2);
  target.writeUInt16LE(DATE, at + 6);
  target.writeUInt32LE(sizes.crc, at + 8);
  target.writeUInt32LE(sizes.packed, at + 12);
  target.writeUInt32LE(sizes.size, at + 16);
  target.writeUInt16LE(nameLength, at + 20);
}

function header(source: ZipSource, nameLength: number, sizes: Sizes): Buffer {
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  common(local, 6, source, nameLength, sizes);
  return local;
}

function entry(source: ZipSource, nameLength: number, sizes: Sizes, offset: number): Buffer {
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(20, 4);
  central.writeUInt16LE(20, 6);
  common(central, 8, source, nameLength, sizes);
  central.writeUInt32LE(offset, 42);
  return central;
}

function descriptor(sizes: Sizes): Buffer {
  const trailer = Buffer.alloc(16);
  trailer.writeUInt32LE(0x08074b50, 0);
  trailer.writeUInt32LE(sizes.crc, 4);
  trailer.writeUInt32LE(sizes.packed, 8);
  trailer.writeUInt32LE(sizes.size, 12);
  return trailer;
}
