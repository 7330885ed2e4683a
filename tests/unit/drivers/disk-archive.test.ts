import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exchangeFromJson, exchangeToJson } from '../../../drivers/disk-archive/exchange-json.ts';
import { openDiskArchive } from '../../../drivers/disk-archive/payload-archive.ts';
import { killChild, runChild, temporaryFolder } from './child.ts';

const EXCHANGE = { url: 'https://example.org/x', market: 'MISO', dataset: 'da_lmp', archivedAt: 17 };
const LATER = { ...EXCHANGE, archivedAt: 99 };
const ABC = new TextEncoder().encode('abc');
const HASH = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const pathOf = (folder: string): string => join(folder, 'ba', '78', HASH);

test('a payload lies under the parts of its hash, its exchange beside it, nothing else', async (t) => {
  const folder = await temporaryFolder(t);
  await (await openDiskArchive({ folder })).put(ABC, EXCHANGE);
  assert.equal(readFileSync(pathOf(folder), 'utf8'), 'abc');
  assert.deepEqual(JSON.parse(readFileSync(`${pathOf(folder)}.json`, 'utf8')), EXCHANGE);
  assert.deepEqual(readdirSync(folder).sort(), ['ba', 'incoming']);
  assert.deepEqual(readdirSync(join(folder, 'ba', '78')).sort(), [HASH, `${HASH}.json`]);
  assert.deepEqual(readdirSync(join(folder, 'incoming')), []);
});

test('damage is told when the payload is read, and mended when the same bytes come again', async (t) => {
  const folder = await temporaryFolder(t);
  const archive = await openDiskArchive({ folder });
  await archive.put(ABC, EXCHANGE);
  for (const damage of ['abd', 'ab', '']) {
    writeFileSync(pathOf(folder), damage);
    await assert.rejects(archive.get(HASH), { code: 'ARCHIVE_CORRUPT', context: { sha256: HASH } });
    const again = await archive.put(ABC, LATER);
    assert.deepEqual([again.isNew, again.exchange], [false, EXCHANGE]);
    assert.deepEqual(new Uint8Array(await archive.get(HASH)), ABC);
  }
});

test('an exchange record that cannot be read is told, one that is gone is taken from the next put', async (t) => {
  const folder = await temporaryFolder(t);
  const archive = await openDiskArchive({ folder });
  await archive.put(ABC, EXCHANGE);
  writeFileSync(`${pathOf(folder)}.json`, '{"url": 1}');
  await assert.rejects(archive.exchangeOf(HASH), { code: 'ARCHIVE_CORRUPT' });
  rmSync(`${pathOf(folder)}.json`);
  await assert.rejects(archive.exchangeOf(HASH), { code: 'ARCHIVE_MISSING' });
  assert.deepEqual((await archive.put(ABC, LATER)).exchange, LATER);
  assert.deepEqual(await archive.exchangeOf(HASH), LATER);
});

test('a death between exchange and payload reads as not archived; the retry completes it with the first time', async (t) => {
  const folder = await temporaryFolder(t);
  const archive = await openDiskArchive({ folder });
  mkdirSync(join(folder, 'ba', '78'), { recursive: true });
  writeFileSync(`${pathOf(folder)}.json`, exchangeToJson(EXCHANGE));
  await assert.rejects(archive.get(HASH), { code: 'ARCHIVE_MISSING' });
  await assert.rejects(archive.exchangeOf(HASH), { code: 'ARCHIVE_MISSING' });
  const retried = await archive.put(ABC, LATER);
  assert.deepEqual([retried.isNew, retried.exchange], [true, EXCHANGE]);
});

test('what killed processes left is swept after a day, what is being written stays', async (t) => {
  const folder = await temporaryFolder(t);
  await openDiskArchive({ folder });
  for (const name of ['old', 'fresh']) writeFileSync(join(folder, 'incoming', name), 'half');
  const now = Date.now() / 1000;
  for (const [name, hours] of [
    ['old', 25],
    ['fresh', 0],
  ] as const)
    utimesSync(join(folder, 'incoming', name), now - 3600 * hours, now - 3600 * hours);
  await openDiskArchive({ folder });
  assert.deepEqual(readdirSync(join(folder, 'incoming')), ['fresh']);
});

test('a folder that cannot be written to is a store that does not answer', async (t) => {
  const folder = await temporaryFolder(t);
  writeFileSync(join(folder, 'file'), '');
  await assert.rejects(openDiskArchive({ folder: join(folder, 'file', 'archive') }), {
    code: 'STORE_UNREACHABLE',
  });
  const archive = await openDiskArchive({ folder: join(folder, 'archive') });
  rmSync(join(folder, 'archive'), { recursive: true });
  await assert.rejects(archive.put(ABC, EXCHANGE), { code: 'STORE_UNREACHABLE' });
});

test('processes that archive the same payloads at once agree on each exchange, and one of them is new', async (t) => {
  const folder = join(await temporaryFolder(t), 'archive');
  const outputs = await Promise.all(['1', '2', '3'].map((at) => runChild(t, 'archive.ts', folder, at, '60')));
  const archive = await openDiskArchive({ folder });
  for (let i = 0; i < 60; i++) {
    const rows = outputs.map((lines) => lines[i].split(' '));
    const { archivedAt } = await archive.exchangeOf(rows[0][0]);
    for (const row of rows) assert.deepEqual([row[1], Number(row[2])], [`payload-${i}`, archivedAt]);
    assert.equal(rows.filter((row) => row[3] === 'true').length, 1);
  }
});

test('kill -9 in the middle of puts loses nothing acknowledged, and a retry keeps the first times', async (t) => {
  const folder = join(await temporaryFolder(t), 'archive');
  const first = new Map<string, string>();
  for (let round = 0; round < 4; round++) {
    const lines = await killChild(t, 5 + 11 * round, 'archive.ts', folder, String(1000 + round), '0');
    for (const line of lines) {
      const [hash, text, archivedAt] = line.split(' ');
      assert.equal(archivedAt, first.get(hash) ?? archivedAt, 'the same as told before');
      first.set(hash, archivedAt);
      const archive = await openDiskArchive({ folder });
      assert.equal(Buffer.from(await archive.get(hash)).toString(), text);
      assert.equal(String((await archive.exchangeOf(hash)).archivedAt), archivedAt);
    }
  }
  assert.ok(first.size >= 38);
});

test('an exchange record keeps every key, and takes those of later versions', () => {
  const full = { ...EXCHANGE, url: 'https://example.org/"☃"\n', status: 304, etag: 'W/"x"' };
  assert.deepEqual(exchangeFromJson(exchangeToJson(full)), full);
  assert.deepEqual(exchangeFromJson(exchangeToJson(EXCHANGE)), EXCHANGE);
  assert.deepEqual(exchangeFromJson(JSON.stringify({ ...EXCHANGE, later: 1 })), EXCHANGE);
  for (const text of ['', '{', 'null', '[]', '{}', JSON.stringify({ ...EXCHANGE, archivedAt: '17' })])
    assert.equal(exchangeFromJson(text), null, text);
  assert.equal(exchangeFromJson(JSON.stringify({ ...EXCHANGE, archivedAt: 1.5 })), null);
});
