/**
 * The bodies of a file that is too large to be held in memory: the file itself, or the members of the container that it
 * is. Every member is unpacked to its end and checked before the first is given (all or nothing, as
 * {@link openContainer}), and unpacked again by each reading.
 */

import { open, readFile, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { CHUNK_BYTES, Glimpse, type GlimpseSize, gathered } from './chunks.ts';
import {
  baseName,
  isCutMagic,
  type Member,
  namesInGzip,
  PACKAGE_MARK,
  refuseDepth,
  sheetsOf,
} from './container.ts';
import { gunzippedChunks, isGzip } from './gzip.ts';
import { Allowance, CONTAINER_LIMITS, type ContainerLimits } from './limits.ts';
import {
  isZip,
  requireIntact,
  type SkippedMember,
  type ZipMember,
  zipDirectory,
  zipMemberChunks,
} from './zip.ts';

/** A body that can be read as often as is needed. */
export interface StreamedBody {
  readonly name: string;
  /** As {@link Member.member}. */
  readonly member: string | null;
  /** As {@link Member.isSheet}. */
  readonly isSheet?: boolean;
  /** Bytes, unpacked. */
  readonly size: number;
  /** Its head and its tail, one behind the other; the whole of a short body. */
  readonly glimpse: Uint8Array;
  /** Its bytes from the begin; a stretch is to be read before the next one is asked for. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** All bodies in the order of the archive. */
export interface StreamedFile {
  readonly bodies: readonly StreamedBody[];
  readonly skipped: readonly SkippedMember[];
}

/** Bytes that a file unpacks to, by what it declares: a hint, as nothing is checked. Throws what the file system does. */
export async function declaredSize(path: string): Promise<number> {
  const { size } = await stat(path);
  const start = await firstBytes(path, 4);
  if (isGzip(start)) {
    const end = await firstBytes(path, 4, Math.max(0, size - 4));
    return Math.max(size, end.length < 4 ? 0 : new DataView(end.buffer, end.byteOffset).getUint32(0, true));
  }
  if (!isZip(start)) return size;
  try {
    const { members } = await zipDirectory(await readFile(path), new Allowance('', CONTAINER_LIMITS));
    return members.reduce((sum, member) => sum + member.size, 0);
  } catch {
    // A damaged archive: whoever opens it says how.
    return size;
  }
}

/** Checks a file and gives its bodies. Throws SOURCE_CONTAINER_DAMAGED, and what the file system does. */
export async function streamFile(
  path: string,
  glimpse: GlimpseSize,
  limits: ContainerLimits = CONTAINER_LIMITS,
): Promise<StreamedFile> {
  const name = baseName(path);
  const start = await firstBytes(path, 4);
  const allowance = new Allowance(name, limits);
  if (isCutMagic(start)) throw allowance.damaged('a container cut after its first bytes', null);
  const into: Collected = { bodies: [], skipped: [] };
  if (isZip(start) || isGzip(start))
    await walk({ name, bytes: await readFile(path), member: null }, 0, { allowance, glimpse, into });
  else {
    into.bodies.push(await bodyOf({ name, member: null }, () => fileChunks(path), glimpse));
  }
  if (into.bodies.length === 0) throw allowance.damaged('the container holds no data', null);
  return into;
}

interface Collected {
  readonly bodies: StreamedBody[];
  readonly skipped: SkippedMember[];
}

interface Walk {
  readonly allowance: Allowance;
  readonly glimpse: GlimpseSize;
  readonly into: Collected;
}

type Named = Pick<StreamedBody, 'name' | 'member' | 'isSheet'>;

async function walk(container: Member, depth: number, how: Walk): Promise<void> {
  if (isZip(container.bytes)) await walkZip(container, depth, how);
  else await walkGzip(container, depth, how);
}

async function walkZip(container: Member, depth: number, how: Walk): Promise<void> {
  const { allowance, into } = how;
  const { members, skipped } = await zipDirectory(container.bytes, allowance);
  if (members.some(({ path }) => path === PACKAGE_MARK)) {
    const member = container.member ?? (depth === 0 ? null : container.name);
    const whole = { ...container, member };
    for (const { bytes, ...named } of (await sheetsOf(container, members, allowance)) ?? [whole])
      into.bodies.push(await bodyOf(named, () => inMemory(bytes), how.glimpse));
    return;
  }
  refuseDepth(container, depth, allowance);
  const prefix = container.member === null ? '' : `${container.member}/`;
  for (const { path, reason } of skipped) into.skipped.push({ path: `${prefix}${path}`, reason });
  if (members.length === 0) throw allowance.damaged('the zip archive is empty', container.member);
  for (const member of members) {
    const path = `${prefix}${member.path}`;
    const named = { name: baseName(path), member: path };
    // Readings after this one have their own count of bytes: the member was counted when it was checked.
    const again = new Allowance(allowance.file, allowance.limits);
    await take(
      named,
      () => checkedMember(member, allowance),
      () => zipMemberChunks(member, again),
      depth,
      how,
    );
  }
}

async function* checkedMember(member: ZipMember, allowance: Allowance): AsyncIterable<Uint8Array> {
  let length = 0;
  let crc = 0;
  for await (const chunk of zipMemberChunks(member, allowance)) {
    length += chunk.length;
    crc = crc32(chunk, crc);
    yield chunk;
  }
  requireIntact(member, length, crc, allowance);
}

async function walkGzip(container: Member, depth: number, how: Walk): Promise<void> {
  const { allowance } = how;
  refuseDepth(container, depth, allowance);
  allowance.takeMembers(1);
  const { bytes, member } = container;
  const first = await startOf(gunzippedChunks(bytes, member, allowance));
  if (first.length === 0) throw allowance.damaged('the gzip stream is empty', member);
  const again = new Allowance(allowance.file, allowance.limits);
  await take(
    namesInGzip(container, first),
    () => gunzippedChunks(bytes, member, allowance),
    () => gunzippedChunks(bytes, member, again),
    depth,
    how,
    (length) => allowance.takeBytes(length),
  );
}

/** Reads a member to its end, checked, and keeps it as a body, or goes on into it where it is a container itself. */
async function take(
  named: Named,
  checked: () => AsyncIterable<Uint8Array>,
  chunks: () => AsyncIterable<Uint8Array>,
  depth: number,
  how: Walk,
  read: (length: number) => void = () => undefined,
): Promise<void> {
  const body = await bodyOf(named, checked, how.glimpse);
  read(body.size);
  if (isZip(body.glimpse) || isGzip(body.glimpse))
    await walk({ ...named, bytes: await gathered(chunks(), body.size) }, depth + 1, how);
  else how.into.bodies.push({ ...body, chunks });
}

async function bodyOf(
  named: Named,
  chunks: () => AsyncIterable<Uint8Array>,
  size: GlimpseSize,
): Promise<StreamedBody> {
  const glimpse = new Glimpse(size);
  for await (const chunk of chunks()) glimpse.add(chunk);
  return { ...named, size: glimpse.length, glimpse: glimpse.bytes(), chunks };
}

/** A file a stretch at a time, in memory that is used again. */
async function* fileChunks(path: string): AsyncIterable<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* inMemory(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

async function startOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  for await (const chunk of chunks) if (chunk.length > 0) return chunk;
  return new Uint8Array(0);
}

async function firstBytes(path: string, count: number, from = 0): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(count), 0, count, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
