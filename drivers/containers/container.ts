/**
 * Opens what markets wrap their bodies in: zip archives of one or many members, gzip streams, and one inside the other.
 *
 * All or nothing: either every member is there, checked, or SOURCE_CONTAINER_DAMAGED says what is wrong. A body that is
 * no container is its own only member. A workbook (xlsx) is opened into its sheets, each a CSV text (`workbook.ts`); the
 * package of another office document is its own form and stays whole.
 */

import { gunzipped, gzipName, isGzip } from './gzip.ts';
import { Allowance, CONTAINER_LIMITS, type ContainerLimits } from './limits.ts';
import { WORKBOOK_PART, workbookSheets } from './workbook.ts';
import { isZip, type SkippedMember, type ZipMember, zipDirectory, zipMemberBytes } from './zip.ts';

/** A body with its name; the name may be empty. */
export interface Body {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One body that a container held. */
export interface Member extends Body {
  /** Path inside the container: what a raw event calls its archive member. Null when the body is no container. */
  readonly member: string | null;
  /** True for a sheet of a workbook: beside those with data there are covers and notes. */
  readonly isSheet?: boolean;
}

/** All members in the order of the archive, and those passed over with their reason. */
export interface OpenedContainer {
  readonly members: readonly Member[];
  readonly skipped: readonly SkippedMember[];
}

/** Member by which the packaging of office documents is known (ECMA-376, part 2). */
export const PACKAGE_MARK = '[Content_Types].xml';
/** A sheet may be as large as this share of what a container may unpack to. */
const MAX_SHEETS = 4;

/** Opens a body to the bottom. Throws SOURCE_CONTAINER_DAMAGED with the file and the member at fault. */
export async function openContainer(
  body: Body,
  limits: ContainerLimits = CONTAINER_LIMITS,
): Promise<OpenedContainer> {
  const allowance = new Allowance(baseName(body.name), limits);
  const opened: OpenedContainer & { members: Member[]; skipped: SkippedMember[] } = {
    members: [],
    skipped: [],
  };
  if (isCutMagic(body.bytes)) throw allowance.damaged('a container cut after its first bytes', null);
  await open({ ...body, member: null }, 0, allowance, opened);
  if (opened.members.length === 0) throw allowance.damaged('the container holds no data', null);
  return opened;
}

/** The member of a path; where a container has only one it is that one, whatever it is called. */
export function memberOf(opened: OpenedContainer, path: string | null): Member | null {
  if (opened.members.length === 1) return opened.members[0] ?? null;
  return opened.members.find((candidate) => candidate.member === path) ?? null;
}

type Collected = { members: Member[]; skipped: SkippedMember[] };

async function open(body: Member, depth: number, allowance: Allowance, into: Collected): Promise<void> {
  const zip = isZip(body.bytes);
  if (!zip && !isGzip(body.bytes)) {
    into.members.push(body);
    return;
  }
  if (zip) await openZip(body, depth, allowance, into);
  else await openGzip(body, depth, allowance, into);
}

/** Throws where a container lies deeper in others than is allowed. */
export function refuseDepth(body: Pick<Member, 'member'>, depth: number, allowance: Allowance): void {
  if (depth >= allowance.limits.maxDepth)
    throw allowance.damaged(
      `a container inside ${depth} others, where ${allowance.limits.maxDepth} layers are allowed`,
      body.member,
    );
}

async function openZip(body: Member, depth: number, allowance: Allowance, into: Collected): Promise<void> {
  const { members, skipped } = await zipDirectory(body.bytes, allowance);
  if (members.some(({ path }) => path === PACKAGE_MARK)) {
    const whole = { ...body, member: body.member ?? (depth === 0 ? null : body.name) };
    into.members.push(...((await sheetsOf(body, members, allowance)) ?? [whole]));
    return;
  }
  refuseDepth(body, depth, allowance);
  const prefix = body.member === null ? '' : `${body.member}/`;
  for (const { path, reason } of skipped) into.skipped.push({ path: `${prefix}${path}`, reason });
  if (members.length === 0) throw allowance.damaged('the zip archive is empty', body.member);
  for (const member of members) {
    const path = `${prefix}${member.path}`;
    const bytes = await zipMemberBytes(member, allowance);
    await open({ name: baseName(path), bytes, member: path }, depth + 1, allowance, into);
  }
}

/**
 * The sheets of a workbook, which is one layer with what wraps it, named after the tabs; nothing for another package.
 * `members` are those of its zip. Throws SOURCE_CONTAINER_DAMAGED.
 */
export async function sheetsOf(
  body: Member,
  members: readonly ZipMember[],
  allowance: Allowance,
): Promise<Member[] | null> {
  if (!members.some(({ path }) => path === WORKBOOK_PART)) return null;
  const sheets: Member[] = [];
  const parts = new Map<string, Uint8Array>();
  for (const member of members)
    if (member.path.endsWith('.xml') || member.path.endsWith('.rels'))
      parts.set(member.path, await zipMemberBytes(member, allowance));
  const prefix = body.member === null ? '' : `${body.member}/`;
  try {
    const partOf = (path: string): Uint8Array | null => parts.get(path) ?? null;
    for (const { name, csv } of workbookSheets(partOf, allowance.limits.maxBytes / MAX_SHEETS)) {
      allowance.takeMembers(1);
      allowance.takeBytes(csv.length);
      sheets.push({
        name: `${baseName(body.name)}.${name}.csv`,
        bytes: csv,
        member: `${prefix}${name}`,
        isSheet: true,
      });
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'CarbonError') throw error;
    const words = error instanceof Error ? error.message : 'unreadable';
    throw allowance.damaged(`the workbook cannot be read: ${words}`, body.member, error);
  }
  return sheets;
}

async function openGzip(body: Member, depth: number, allowance: Allowance, into: Collected): Promise<void> {
  refuseDepth(body, depth, allowance);
  allowance.takeMembers(1);
  const bytes = await gunzipped(body.bytes, body.member, allowance);
  if (bytes.length === 0) throw allowance.damaged('the gzip stream is empty', body.member);
  await open({ ...namesInGzip(body, bytes), bytes }, depth + 1, allowance, into);
}

/**
 * Name and path of what a gzip stream holds. In a zip the entry names the member; a stream of its own is named by its
 * header or its file, and adds no step to the paths of a zip inside it: they must not change with the name of the file.
 */
export function namesInGzip(body: Member, start: Uint8Array): { name: string; member: string | null } {
  const name = gzipName(body.bytes) ?? baseName(body.name).replace(/\.gz$/i, '');
  return { name, member: body.member ?? (isZip(start) ? null : name === '' ? 'data' : name) };
}

/** The last part of a path. */
export const baseName = (name: string): string => name.split(/[\\/]/).at(-1) ?? name;

/** One to three bytes that only a container begins with. */
export function isCutMagic(bytes: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.length > 3) return false;
  const magic = [0x50, 0x4b, 3];
  const asZip = bytes.every((byte, i) => byte === magic[i]) && bytes.length > 1;
  return asZip || (bytes.length < 3 && isGzip(bytes));
}
