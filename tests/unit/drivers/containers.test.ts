/** Containers open whole or not at all: every cut, flip and trick is a typed refusal, never other bytes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, gzipSync } from 'node:zlib';
import { CarbonError } from '../../../core/errors.ts';
import { type Body, memberOf, openContainer } from '../../../drivers/containers/container.ts';
import { CONTAINER_LIMITS, type ContainerLimits } from '../../../drivers/containers/limits.ts';
import { type ZipSource, zipOf } from '../../../scripts/samples/zip-writer.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const source = (path: string, text: string, deflate = true): ZipSource => ({
  path,
  bytes: bytesOf(text),
  deflate,
});

async function opened(bytes: Uint8Array, limits?: ContainerLimits): Promise<[string | null, string][]> {
  const { members } = await openContainer({ name: 'x.zip', bytes }, limits);
  return members.map((member) => [member.member, textOf(member.bytes)]);
}

async function refused(bytes: Uint8Array, limits?: ContainerLimits): Promise<string> {
  try {
    await openContainer({ name: 'folder/x.zip', bytes }, limits);
  } catch (error) {
    assert.ok(error instanceof CarbonError, String(error));
    assert.equal(error.code, 'SOURCE_CONTAINER_DAMAGED');
    assert.equal(error.position.file, 'x.zip');
    return error.message;
  }
  throw new assert.AssertionError({ message: 'it was opened' });
}

const MANY = [
  source('a.csv', 'a,b\n1,2\n'),
  source('deep/b.csv', 'x'.repeat(5000)),
  source('c.csv', '', false),
];

test('a plain body is its own only member, and has no member name', async () => {
  const body: Body = { name: 'a.csv', bytes: bytesOf('1,2\n') };
  const { members, skipped } = await openContainer(body);
  assert.deepEqual(members, [{ ...body, member: null }]);
  assert.deepEqual(skipped, []);
});

test('many members come in the order of the archive, stored or deflated, with sizes before or behind the data', async () => {
  const expected = MANY.map(({ path, bytes }) => [path, textOf(bytes)]);
  assert.deepEqual(await opened(zipOf(MANY)), expected);
  assert.deepEqual(await opened(zipOf(MANY.map((member) => ({ ...member, flags: 8 })))), expected);
  const { members } = await openContainer({ name: '', bytes: zipOf(MANY) });
  assert.deepEqual(
    members.map(({ name }) => name),
    ['a.csv', 'b.csv', 'c.csv'],
  );
});

test('a gzip stream is named by its header, else by its file; several streams are one body', async () => {
  const [plain] = (await openContainer({ name: 'dir/day.csv.gz', bytes: gzipSync('1\n') })).members;
  assert.deepEqual(
    [plain?.name, plain?.member, textOf(plain?.bytes ?? bytesOf(''))],
    ['day.csv', 'day.csv', '1\n'],
  );
  const named = Buffer.concat([
    gzipSync('1\n').subarray(0, 10),
    Buffer.from('in.csv\0'),
    gzipSync('1\n').subarray(10),
  ]);
  named[3] = 8;
  assert.deepEqual(await opened(named), [['in.csv', '1\n']]);
  assert.deepEqual(await opened(Buffer.concat([gzipSync('1\n'), gzipSync('2\n')])), [['x.zip', '1\n2\n']]);
  assert.deepEqual(await opened(Buffer.concat([gzipSync('1\n'), Buffer.alloc(512)])), [['x.zip', '1\n']]);
});

test('containers inside containers: two layers are opened, a third is refused', async () => {
  const inner = zipOf([source('a.csv', '1')]);
  const two = zipOf([
    { path: 'day.zip', bytes: inner },
    { path: 'b.csv.gz', bytes: gzipSync('2') },
  ]);
  assert.deepEqual(await opened(two), [
    ['day.zip/a.csv', '1'],
    ['b.csv.gz', '2'],
  ]);
  assert.deepEqual(await opened(gzipSync(inner)), [['a.csv', '1']]);
  assert.match(await refused(gzipSync(two)), /inside 2 others/);
});

test('the package of an office document that is no workbook stays whole', async () => {
  const letter = zipOf([source('[Content_Types].xml', '<Types/>'), source('word/document.xml', '<w/>')]);
  const { members } = await openContainer({ name: 'a.docx', bytes: letter });
  assert.deepEqual(members, [{ name: 'a.docx', bytes: letter, member: null }]);
  const zip = zipOf([{ path: 'a.docx', bytes: letter }]);
  const [inside] = (await openContainer({ name: 'a.zip', bytes: zip })).members;
  assert.deepEqual([inside?.member, inside?.bytes.length], ['a.docx', letter.length]);
});

test('folders and what a desktop leaves behind are passed over with a reason', async () => {
  const bytes = zipOf([
    source('d/', ''),
    source('__MACOSX/._a.csv', 'x'),
    source('a.csv', '1'),
    source('.DS_Store', 'x'),
  ]);
  const { members, skipped } = await openContainer({ name: '', bytes });
  assert.deepEqual(
    members.map(({ member }) => member),
    ['a.csv'],
  );
  assert.deepEqual(skipped, [
    { path: 'd/', reason: 'directory' },
    { path: '__MACOSX/._a.csv', reason: 'desktop-metadata' },
    { path: '.DS_Store', reason: 'desktop-metadata' },
  ]);
});

const LIMITS: ContainerLimits = { ...CONTAINER_LIMITS, maxBytes: 100_000 };
const wrongSize = (): Buffer => {
  const bytes = zipOf([source('a.csv', 'hello, world', false)]);
  bytes.writeUInt32LE(11, 22);
  bytes.writeUInt32LE(11, bytes.length - 22 - 51 + 24);
  return bytes;
};

for (const [what, bytes, message, limits] of [
  ['an empty archive', zipOf([]), /empty/],
  ['an archive of folders only', zipOf([source('d/', '')]), /empty/],
  ['an empty gzip stream', gzipSync(''), /empty/],
  ['an encrypted member', zipOf([{ ...source('a.csv', '1'), flags: 1 }]), /member a\.csv: .*encrypted/],
  ['a path that climbs out', zipOf([source('../a.csv', '1')]), /invalid relative path: \.\.\/a\.csv/],
  ['an absolute path', zipOf([source('/etc/a.csv', '1')]), /absolute path/],
  ['two members of one name', zipOf([source('a.csv', '1'), source('a.csv', '2')]), /two members/],
  ['too many members', zipOf(MANY), /3 members, more than the 2/, { ...LIMITS, maxMembers: 2 }],
  [
    'too many bytes in all',
    zipOf([MANY[1] as ZipSource, source('z', 'y'.repeat(200_000))]),
    /member z: .*100000 bytes/,
    LIMITS,
  ],
  ['a gzip stream that is too long', gzipSync('y'.repeat(200_000)), /100000 bytes/, LIMITS],
  ['a declared size that is not that of the data', wrongSize(), /size|bytes|disagree/],
  ['text behind a gzip stream', Buffer.concat([gzipSync('1'), bytesOf('tail')]), /damaged/],
  [
    'text behind padding',
    Buffer.concat([gzipSync('1'), bytesOf('\0\0tail')]),
    /bytes follow the gzip stream/,
  ],
  ['two bytes of gzip', Uint8Array.of(0x1f, 0x8b), /cut after its first bytes/],
  ['three bytes of zip', Uint8Array.of(0x50, 0x4b, 3), /cut after its first bytes/],
] as const)
  test(`${what}: refused with its reason`, async () => assert.match(await refused(bytes, limits), message));

test('a bomb is refused by its ratio before it is unpacked, zip and gzip', async () => {
  const zeros = Buffer.alloc(40_000_000);
  assert.match(await refused(zipOf([{ path: 'zeros', bytes: zeros, deflate: true }])), /250 times/);
  assert.match(await refused(gzipSync(zeros)), /250 times/);
});

test('members that share their bytes are refused', async () => {
  const bytes = zipOf([source('a.csv', 'x'.repeat(100), false), source('b.csv', 'x'.repeat(100), false)]);
  // The second entry of the directory points at the first member, whose name it takes.
  const second = bytes.lastIndexOf('b.csv') - 46;
  bytes.write('a.csv', second + 46);
  bytes.writeUInt32LE(0, second + 42);
  assert.match(await refused(bytes), /two members|overlaps/);
});

test('a flipped bit of the data breaks the checksum', async () => {
  const bytes = zipOf([source('a.csv', 'hello, world', false)]);
  bytes[bytes.indexOf('hello')] = 0x48;
  assert.match(await refused(bytes), /checksum/);
  assert.notEqual(crc32('hello, world'), crc32('Hello, world'));
});

test('cut anywhere: a typed refusal, never a part', async () => {
  const archives = [
    zipOf(MANY),
    gzipSync('a,b\n1,2\n'.repeat(50)),
    zipOf([{ path: 'in.gz', bytes: gzipSync('1\n') }]),
  ];
  for (const archive of archives)
    for (let length = 2; length < archive.length; length++) await refused(archive.subarray(0, length));
});

test('whatever byte is changed: the same members, or a typed refusal', async () => {
  const archive = zipOf(MANY);
  const right = JSON.stringify(MANY.map(({ bytes }) => textOf(bytes)));
  let kept = 0;
  for (let at = 0; at < archive.length; at++)
    for (const byte of [0, 1, 2, 0x2f, 0xff, archive[at] ^ 1, archive[at] ^ 0x80]) {
      const changed = Uint8Array.from(archive);
      changed[at] = byte;
      try {
        const { members, skipped } = await openContainer({ name: 'x.zip', bytes: changed });
        // Without its magic it is no container; that is for the recognition to refuse.
        if (members[0]?.member === null) continue;
        assert.equal(members.length + skipped.length, MANY.length, `byte ${at} is ${byte}`);
        // An empty member that is called a directory now is passed over with that reason.
        if (skipped.length > 0) continue;
        assert.equal(
          JSON.stringify(members.map(({ bytes }) => textOf(bytes))),
          right,
          `byte ${at} is ${byte}`,
        );
        kept++;
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        assert.ok(error instanceof CarbonError, String(error));
      }
    }
  assert.ok(kept > 5, 'no changed archive was read: the property is hollow');
});

test('a member is found by its path; an only one under any', async () => {
  const many = await openContainer({ name: 'x.zip', bytes: zipOf(MANY) });
  assert.equal(memberOf(many, 'deep/b.csv')?.bytes.length, 5000);
  assert.equal(memberOf(many, 'b.csv'), null);
  const one = await openContainer({ name: '', bytes: gzipSync('1') });
  assert.equal(memberOf(one, 'day.csv')?.name, '');
});
