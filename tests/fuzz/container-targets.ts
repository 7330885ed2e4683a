/** Archives and streams as targets: what the container driver opens. */

import { gzipSync } from 'node:zlib';
import { openContainer } from '../../drivers/containers/container.ts';
import type { ContainerLimits } from '../../drivers/containers/limits.ts';
import { type ZipSource, zipOf } from '../../scripts/samples/zip-writer.ts';
import { bytesOf } from '../support/read-body.ts';
import { type FuzzTarget, type Outcome, promise, refusedAs } from './target.ts';

/** Small enough for a bomb to be felt. */
const LIMITS: ContainerLimits = { maxMembers: 20, maxBytes: 40_000_000, maxRatio: 250, maxDepth: 2 };

const day = 'time,price\n2025-11-02T05:00:00Z,31.25\n'.repeat(20);
const member = (path: string, text: string, more: Partial<ZipSource> = {}): ZipSource => ({
  path,
  bytes: bytesOf(text),
  deflate: true,
  ...more,
});

const ZIPS: readonly Uint8Array[] = [
  zipOf([member('day.csv', day)]),
  zipOf([member('day.csv', day, { deflate: false })]),
  zipOf([member('a.csv', day), member('deep/b.csv', 'x'.repeat(3000)), member('c.csv', '1\n', { flags: 8 })]),
  zipOf([{ path: 'month.zip', bytes: zipOf([member('1.csv', day), member('2.csv', day)]) }]),
  zipOf([{ path: 'in.gz', bytes: gzipSync(day) }]),
];

const GZIPS: readonly Uint8Array[] = [
  new Uint8Array(gzipSync(day)),
  new Uint8Array(Buffer.concat([gzipSync(day), gzipSync('more\n')])),
  new Uint8Array(gzipSync(ZIPS[0] as Uint8Array)),
];

/** Zip and gzip. */
export function containerTargets(): FuzzTarget[] {
  const target = (name: string, bodies: readonly Uint8Array[]): FuzzTarget => ({
    name,
    market: null,
    form: 'zip',
    bodies,
    check,
  });
  return [target('container.zip', ZIPS), target('container.gzip', GZIPS)];
}

async function check(bytes: Uint8Array): Promise<Outcome> {
  const body = { name: 'body.zip', bytes };
  try {
    const { members, skipped } = await openContainer(body, LIMITS);
    promise(members.length > 0 && members.length <= LIMITS.maxMembers, `${members.length} members`);
    const size = members.reduce((sum, each) => sum + each.bytes.length, 0);
    promise(size <= LIMITS.maxBytes, `${size} bytes`);
    for (const { member: path } of members)
      promise(path === null || !path.split(/[\\/]/).includes('..'), `a member that leads out: ${path}`);
    const again = await openContainer(body, LIMITS);
    promise(again.members.length === members.length, 'other members the second time');
    members.forEach((each, i) => {
      const other = again.members[i];
      const isSame = other?.member === each.member && Buffer.compare(other.bytes, each.bytes) === 0;
      promise(isSame, `another member ${i} the second time`);
    });
    return { kind: 'whole', rows: members.length, rejected: skipped.length };
  } catch (error) {
    return refusedAs(error, ['SOURCE_CONTAINER_DAMAGED']);
  }
}
