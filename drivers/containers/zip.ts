/**
 * Members of a zip archive in memory. The central directory rules (yauzl reads it and checks its records); every local
 * header has to agree with it, members may not overlap, sizes and checksums have to hold.
 *
 * Source: PKWARE's APPNOTE.TXT, 4.3 and 4.4.
 */

import { promisify } from 'node:util';
import { crc32, createInflateRaw, inflateRaw } from 'node:zlib';
import { type Entry, fromBufferPromise, type LocalFileHeader, type ZipFile } from 'yauzl';
import { CarbonError } from '../../core/errors.ts';
import { unpackedChunks } from './chunks.ts';
import type { Allowance } from './limits.ts';

const STORED = 0;
const DEFLATED = 8;
const inflate = promisify(inflateRaw);

/** A member of the directory, before its bytes are unpacked. */
export interface ZipMember {
  /** Path inside the archive, with forward slashes. */
  readonly path: string;
  readonly packed: Uint8Array;
  readonly method: number;
  readonly size: number;
  readonly crc: number;
}

/** A member that is no data, and why it is passed over. */
export interface SkippedMember {
  readonly path: string;
  readonly reason: 'directory' | 'desktop-metadata';
}

/** What the central directory lists. */
export interface ZipDirectory {
  readonly members: readonly ZipMember[];
  readonly skipped: readonly SkippedMember[];
}

/** The bytes `PK` and one of the records that an archive begins with: a member, or the end of an empty one. */
export function isZip(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  return a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6) || (c === 7 && d === 8));
}

/**
 * Reads the directory. Throws SOURCE_CONTAINER_DAMAGED: cut, inconsistent, too many members, two of one name, an
 * encrypted one, a path that leads out of the archive.
 */
export async function zipDirectory(bytes: Uint8Array, allowance: Allowance): Promise<ZipDirectory> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: { member: ZipMember; start: number }[] = [];
  const skipped: SkippedMember[] = [];
  const taken = new Set<string>();
  let entryName: string | null = null;
  try {
    const zip = await fromBufferPromise(buffer, { decodeStrings: true, strictFileNames: false });
    allowance.takeMembers(zip.entryCount);
    let listed = 0;
    for await (const entry of zip.eachEntry()) {
      entryName = entry.fileName;
      listed += ENTRY_HEAD + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
      if (entry.fileName.endsWith('/') && entry.uncompressedSize > 0)
        throw allowance.damaged('a directory holds bytes', entry.fileName);
      const reason = noData(entry);
      if (reason !== null) {
        skipped.push({ path: entry.fileName, reason });
        continue;
      }
      if (entry.isEncrypted()) throw allowance.damaged('the member is encrypted', entry.fileName);
      if (taken.has(entry.fileName)) throw allowance.damaged('two members have this name', entry.fileName);
      taken.add(entry.fileName);
      found.push(await locate(zip, entry, buffer, allowance));
      entryName = null;
    }
    entryName = null;
    if (!listsAll(buffer, listed)) throw allowance.damaged('the directory lists more than it counts', null);
  } catch (error) {
    if (error instanceof Error && error.name === 'CarbonError') throw error;
    throw allowance.damaged(wordsOf(error), entryName, error);
  }
  refuseOverlap(found, allowance);
  return { members: found.map(({ member }) => member), skipped };
}

/** Bytes of an entry of the directory before its name; of the record that ends an archive, and where it has the size. */
const ENTRY_HEAD = 46;
const END_MARK = Buffer.from('PK\x05\x06', 'latin1');
const DIRECTORY_SIZE_AT = 12;
/** Stands for a size that is found elsewhere, in archives beyond 4 GB. */
const ELSEWHERE = 0xffff_ffff;

/** True when the entries read are all that the directory holds: a wrong count would pass over members in silence. */
function listsAll(buffer: Buffer, listed: number): boolean {
  const end = buffer.lastIndexOf(END_MARK);
  if (end === -1 || end + DIRECTORY_SIZE_AT + 4 > buffer.length) return true;
  const size = buffer.readUInt32LE(end + DIRECTORY_SIZE_AT);
  return size === ELSEWHERE || size === listed;
}

const wordsOf = (error: unknown): string =>
  error instanceof Error ? `the zip archive is damaged: ${error.message}` : 'the zip archive is damaged';

function noData(entry: Entry): SkippedMember['reason'] | null {
  if (entry.fileName.endsWith('/')) return 'directory';
  const parts = entry.fileName.split('/');
  if (parts[0] === '__MACOSX' || parts.at(-1) === '.DS_Store') return 'desktop-metadata';
  return null;
}

async function locate(
  zip: ZipFile,
  entry: Entry,
  buffer: Buffer,
  allowance: Allowance,
): Promise<{ member: ZipMember; start: number }> {
  const header = await zip.readLocalFileHeaderPromise(entry);
  const contradiction = contradictionOf(entry, header);
  if (contradiction !== null)
    throw allowance.damaged(`the directory and the member disagree on ${contradiction}`, entry.fileName);
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    throw allowance.damaged(
      `compression method ${entry.compressionMethod} is not known; 0 and 8 are`,
      entry.fileName,
    );
  const end = header.fileDataStart + entry.compressedSize;
  if (end > buffer.length) throw allowance.damaged('the member is cut short', entry.fileName);
  return {
    start: header.fileDataStart,
    member: {
      path: entry.fileName,
      packed: buffer.subarray(header.fileDataStart, end),
      method: entry.compressionMethod,
      size: entry.uncompressedSize,
      crc: entry.crc32,
    },
  };
}

/** What a local header says otherwise than the directory; sizes and checksum may stand behind the data (bit 3). */
function contradictionOf(entry: Entry, header: LocalFileHeader): string | null {
  if (!header.fileName.equals(entry.fileNameRaw)) return 'its name';
  if (header.compressionMethod !== entry.compressionMethod) return 'its compression';
  const later = (header.generalPurposeBitFlag & 8) !== 0;
  const is64 = header.uncompressedSize === 0xffffffff || header.compressedSize === 0xffffffff;
  if (later || is64) return null;
  if (header.crc32 !== entry.crc32) return 'its checksum';
  const sizes =
    header.compressedSize === entry.compressedSize && header.uncompressedSize === entry.uncompressedSize;
  return sizes ? null : 'its size';
}

/** Members that share bytes are how a small archive unpacks to a large one. */
function refuseOverlap(found: readonly { member: ZipMember; start: number }[], allowance: Allowance): void {
  const sorted = [...found].sort((a, b) => a.start - b.start);
  for (const [i, { member, start }] of sorted.entries()) {
    const before = sorted[i - 1];
    if (before !== undefined && before.start + before.member.packed.length > start)
      throw allowance.damaged('the member overlaps another one', member.path);
  }
}

/** The bytes of a member. Throws SOURCE_CONTAINER_DAMAGED: too large, cut, or not what its checksum says. */
export async function zipMemberBytes(member: ZipMember, allowance: Allowance): Promise<Uint8Array> {
  requireRoom(member, allowance);
  const bytes = member.method === STORED ? member.packed : await inflated(member, allowance);
  requireIntact(member, bytes.length, crc32(bytes), allowance);
  return bytes;
}

/**
 * The bytes of a member a stretch at a time, for one that is too large to be held. They are not checked here: whoever
 * reads to the end holds them to {@link requireIntact}. Throws SOURCE_CONTAINER_DAMAGED: too large, cut, damaged.
 */
export async function* zipMemberChunks(member: ZipMember, allowance: Allowance): AsyncIterable<Uint8Array> {
  requireRoom(member, allowance);
  if (member.method === STORED) {
    yield member.packed;
    return;
  }
  let length = 0;
  try {
    for await (const chunk of unpackedChunks(createInflateRaw(), member.packed)) {
      length += chunk.length;
      if (length > member.size) throw allowance.damaged(beyond(member), member.path);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof CarbonError) throw error;
    throw allowance.damaged(UNREADABLE, member.path, error);
  }
}

function requireRoom(member: ZipMember, allowance: Allowance): void {
  const packed = member.packed.length;
  if (member.size > allowance.room(packed)) throw allowance.tooLarge(packed, member.path);
}

/** Holds what a member unpacked to against its declared size and checksum, and counts it. */
export function requireIntact(member: ZipMember, length: number, crc: number, allowance: Allowance): void {
  if (length !== member.size)
    throw allowance.damaged(`holds ${length} bytes where ${member.size} are declared`, member.path);
  if (crc !== member.crc) throw allowance.damaged('its checksum does not hold', member.path);
  allowance.takeBytes(length);
}

const UNREADABLE = 'its data is damaged or cut short';
const beyond = (member: ZipMember): string => `unpacks to more than the ${member.size} bytes declared`;

async function inflated(member: ZipMember, allowance: Allowance): Promise<Uint8Array> {
  try {
    return await inflate(member.packed, { maxOutputLength: Math.max(1, member.size) });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') throw allowance.damaged(beyond(member), member.path, error);
    throw allowance.damaged(UNREADABLE, member.path, error);
  }
}
