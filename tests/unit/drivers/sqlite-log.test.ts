import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { crc32c } from '../../../core/codec/kafka/crc32c.ts';
import { recordsOf, repacked } from '../../../core/codec/kafka/packed-batch.ts';
import { Attribute } from '../../../core/codec/kafka/record-batch.ts';
import { HOUR } from '../../../core/time/instant.ts';
import { openSqliteLog } from '../../../drivers/sqlite-log/event-log.ts';
import { batchOf, readAll } from '../../conformance/event-log-records.ts';
import { killChild, runChild, temporaryFolder } from './child.ts';

/** Runs statements on the file behind the back of the log. */
function tamper(path: string, sql: string, ...values: (number | Uint8Array)[]): void {
  const db = new DatabaseSync(path);
  db.prepare(sql).run(...values);
  db.close();
}

test('a flipped byte is told with topic, partition and offset, and the batches before it can be read', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const log = openSqliteLog({ path });
  await log.createTopic({ name: 'a.topic', partitions: 2, retention: null });
  await log.append('a.topic', 1, [batchOf(['one', 1], ['two', 2]), batchOf(['three', 3])]);
  const damaged = batchOf(['three', 3]);
  damaged[damaged.length - 3] ^= 0x10;
  tamper(path, 'update batches set bytes = ? where base = 2', damaged);
  const error = { code: 'LOG_CORRUPT', context: { topic: 'a.topic', partition: 1, offset: 2 } };
  await assert.rejects(log.read('a.topic', 1, 0, 1_000_000), error);
  await assert.rejects(log.read('a.topic', 1, 2, 1), error);
  await assert.rejects(log.seekTime('a.topic', 1, 3000), error);
  assert.equal((await log.read('a.topic', 1, 0, 1)).length, 1);
  await log.close();
});

test('a batch whose base offset alone was damaged is served with the right one', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const log = openSqliteLog({ path });
  await log.createTopic({ name: 'a', partitions: 1, retention: null });
  await log.append('a', 0, [batchOf(['one', 1]), batchOf(['two', 2])]);
  const damaged = batchOf(['two', 2]);
  damaged.fill(0x55, 0, 8);
  tamper(path, 'update batches set bytes = ? where base = 1', damaged);
  const seen = await readAll(log, 'a', 0, 0);
  assert.deepEqual(
    seen.map((r) => r.offset),
    [0, 1],
  );
  await log.close();
});

test('appends that are asked for together are stored in the order of asking, however long each takes to pack', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const log = openSqliteLog({ path });
  await log.createTopic({ name: 'a', partitions: 1, retention: null });
  const long = Array.from({ length: 20_000 }, (_, k): [string, number] => [`record ${k} ${k * 7919}`, k]);
  const asked = [
    log.append('a', 0, [batchOf(...long)]),
    log.append('a', 0, [batchOf(['short', 1])]),
    log.append('b', 0, [batchOf(['nowhere', 1])]),
    log.append('a', 0, [batchOf(['last', 2])]),
  ];
  const ended = await Promise.allSettled(asked);
  assert.deepEqual(
    ended.map((end) => (end.status === 'fulfilled' ? end.value : (end.reason as { code: string }).code)),
    [0, 20_000, 'LOG_TOPIC_UNKNOWN', 20_001],
  );
  await log.close();
});

test('the batches of one read lie one behind the other, packed or not', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const log = openSqliteLog({ path });
  await log.createTopic({ name: 'a', partitions: 1, retention: null });
  const long = Array.from({ length: 500 }, (_, k): [string, number] => [`record ${k}`, k]);
  await log.append('a', 0, [batchOf(...long), batchOf(['short', 1]), batchOf(...long)]);
  const slices = await log.read('a', 0, 0, 1_000_000);
  assert.equal(slices.length, 3);
  for (const [k, { bytes }] of slices.slice(1).entries()) {
    const before = slices[k].bytes;
    assert.equal(bytes.buffer, before.buffer);
    assert.equal(bytes.byteOffset, before.byteOffset + before.length);
  }
  await log.close();
});

test('a batch that is gone from the middle, or has other records than it took offsets, is told', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const log = openSqliteLog({ path });
  await log.createTopic({ name: 'a', partitions: 1, retention: null });
  await log.append('a', 0, [batchOf(['one', 1]), batchOf(['two', 2]), batchOf(['three', 3])]);
  tamper(path, 'update batches set bytes = ? where base = 2', batchOf(['x', 1], ['y', 1]));
  await assert.rejects(log.read('a', 0, 2, 1000), {
    code: 'LOG_CORRUPT',
    context: { topic: 'a', partition: 0, offset: 2 },
  });
  tamper(path, 'delete from batches where base = 1');
  await assert.rejects(log.read('a', 0, 0, 1000), {
    code: 'LOG_CORRUPT',
    context: { topic: 'a', partition: 0, offset: 1 },
  });
  await assert.rejects(log.read('a', 0, 1, 1000), { code: 'LOG_CORRUPT' });
  tamper(path, 'delete from batches');
  await assert.rejects(log.read('a', 0, 0, 1000), { code: 'LOG_CORRUPT' });
  await log.close();
});

test('compressed batches, and batches with holes, are not taken', async (t) => {
  const log = openSqliteLog({ path: join(await temporaryFolder(t), 'log.db') });
  await log.createTopic({ name: 'a', partitions: 1, retention: null });
  const remade = (change: (bytes: Uint8Array) => void): Uint8Array => {
    const bytes = batchOf(['one', 1]);
    change(bytes);
    new DataView(bytes.buffer).setUint32(17, crc32c(bytes, 21));
    return bytes;
  };
  assert.equal(await log.append('a', 0, [remade(() => {})]), 0);
  for (const change of [
    (b: Uint8Array) => (b[22] |= 4 & Attribute.COMPRESSION),
    (b: Uint8Array) => (b[26] = 1),
    (b: Uint8Array) => (b[60] = 0),
  ])
    await assert.rejects(log.append('a', 0, [remade(change)]), { code: 'LOG_CORRUPT' });
  await log.close();
});

test('what packs is stored packed and read as it was appended; a damaged piece is told', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const log = openSqliteLog({ path });
  await log.createTopic({ name: 'a', partitions: 1, retention: null });
  const line = '{"market":"MISO","price":23.5,"volume":10}';
  const batch = batchOf(...Array.from({ length: 500 }, (_, k) => [`${k} ${line}`, 1000 + k] as const));
  await log.append('a', 0, [batch, batch]);
  const [first, second] = await log.read('a', 0, 0, 1_000_000);
  assert.deepEqual(first.bytes, batch);
  assert.deepEqual(second.bytes.subarray(8), batch.subarray(8));
  assert.equal(await log.seekTime('a', 0, 1_499_000), 499);
  await log.close();
  const db = new DatabaseSync(path);
  const stored = db.prepare('select bytes from batches where base = 500').get()?.['bytes'] as Uint8Array;
  db.close();
  assert.ok(stored.length < batch.length / 4, `${stored.length} of ${batch.length} bytes`);
  assert.equal(stored[22], 4, 'the attributes name zstd');
  // Cut in its middle, with length and CRC made to fit: only unpacking can tell.
  const cut = repacked(stored, 4, recordsOf(stored).subarray(0, 100));
  tamper(path, 'update batches set bytes = ? where base = 500', cut);
  const again = openSqliteLog({ path });
  await assert.rejects(again.read('a', 0, 500, 1000), {
    code: 'LOG_CORRUPT',
    context: { topic: 'a', partition: 0, offset: 500 },
  });
  await again.close();
});

test('a batch that was packed without its length being said is read like others, in one piece or several', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const log = openSqliteLog({ path });
  await log.createTopic({ name: 'a', partitions: 1, retention: null });
  for (const text of ['the same again and again', '']) {
    const values = Array.from({ length: 500 }, (_, k) => [text || `${Math.sin(k)}`, 1000 + k] as const);
    const batch = batchOf(...values);
    const base = await log.append('a', 0, [batch]);
    const frame = await promisify(zstdCompress)(recordsOf(batch), { chunkSize: 4096 });
    assert.equal(frame[4] >> 6, 0, 'its head says no length');
    tamper(path, `update batches set bytes = ? where base = ${base}`, repacked(batch, 4, frame));
    const [{ bytes, to }] = await log.read('a', 0, base, 1);
    assert.deepEqual(bytes.subarray(8), batch.subarray(8));
    assert.equal(to, base + 500);
  }
  await log.close();
});

test('a read ends with the batch that fills it, by the length that it unpacks to', async (t) => {
  const log = openSqliteLog({ path: join(await temporaryFolder(t), 'log.db') });
  await log.createTopic({ name: 'a', partitions: 1, retention: null });
  const batch = batchOf(...Array.from({ length: 500 }, (_, k) => ['the same again and again', k] as const));
  await log.append('a', 0, [batch, batch, batch, batch]);
  const lengths = async (most: number): Promise<number> => (await log.read('a', 0, 0, most)).length;
  assert.deepEqual(
    await Promise.all([1, batch.length, batch.length + 1, 3 * batch.length].map(lengths)),
    [1, 1, 2, 3],
  );
  await log.close();
});

test('a file of layout 1 is taken over: its plain batches are read, new ones lie beside them', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const plain = batchOf(['a line that comes again and again '.repeat(200), 1]);
  const log = openSqliteLog({ path });
  await log.createTopic({ name: 'a', partitions: 1, retention: null });
  await log.append('a', 0, [plain]);
  await log.close();
  tamper(path, 'update batches set bytes = ?', plain);
  tamper(path, 'pragma user_version = 1');
  const again = openSqliteLog({ path });
  await again.append('a', 0, [plain]);
  assert.equal((await readAll(again, 'a', 0, 0)).length, 2);
  await again.close();
});

test('a newer layout, a foreign database and a file that is none are refused', async (t) => {
  const folder = await temporaryFolder(t);
  const newer = join(folder, 'newer.db');
  await openSqliteLog({ path: newer }).close();
  tamper(newer, 'pragma user_version = 3');
  assert.throws(() => openSqliteLog({ path: newer }), { code: 'STORE_NEWER' });
  const foreign = join(folder, 'foreign.db');
  tamper(foreign, 'create table t (x)');
  assert.throws(() => openSqliteLog({ path: foreign }), { code: 'STORE_REFUSED' });
  const text = join(folder, 'text.db');
  writeFileSync(text, 'not a database at all '.repeat(100));
  assert.throws(() => openSqliteLog({ path: text }), { code: 'LOG_CORRUPT' });
  assert.throws(() => openSqliteLog({ path: folder }), { code: 'STORE_UNREACHABLE' });
});

test('a topic takes over another retention', async (t) => {
  const log = openSqliteLog({ path: join(await temporaryFolder(t), 'log.db') });
  await log.createTopic({ name: 'a', partitions: 1, retention: null });
  await log.createTopic({ name: 'a', partitions: 1, retention: HOUR });
  assert.deepEqual(await log.listTopics(), [{ name: 'a', partitions: 1, retention: HOUR }]);
  await assert.rejects(log.createTopic({ name: 'b', partitions: 0, retention: null }), {
    code: 'USAGE_INVALID',
  });
  await log.close();
});

test('retention gives the pages back to the file system', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const log = openSqliteLog({ path });
  await log.createTopic({ name: 'a', partitions: 1, retention: HOUR });
  // More batches than one transaction of retention takes.
  for (let i = 0; i < 20; i++)
    await log.append(
      'a',
      0,
      // Noise, which does not pack.
      Array.from({ length: 30 }, () => batchOf([randomBytes(22_000).toString('base64'), 1000])),
    );
  await log.close();
  const before = statSync(path).size;
  const again = openSqliteLog({ path });
  assert.equal(await again.applyRetention(2 * HOUR), 600);
  assert.deepEqual(await again.bounds('a', 0), { earliest: 600, end: 600 });
  await again.close();
  assert.ok(
    before > 12_000_000 && statSync(path).size < 500_000,
    `${before} to ${statSync(path).size} bytes`,
  );
});

test('several processes that make one log and append to it never take the same offset', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const outputs = await Promise.all(
    ['p', 'q', 'r'].map((mark) => runChild(t, 'append.ts', path, 'a', mark, '150')),
  );
  const log = openSqliteLog({ path });
  const seen = await readAll(log, 'a', 0, 0, 100_000);
  assert.deepEqual(
    seen.map((r) => r.offset),
    Array.from({ length: 900 }, (_, i) => i),
  );
  for (const line of outputs.flat()) {
    const [offset, value] = line.split(' ');
    assert.equal(seen[Number(offset)].value, value);
  }
  assert.equal(outputs.flat().length, 450);
  await log.close();
});

test('an append of another process ends the wait', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const log = openSqliteLog({ path });
  await log.createTopic({ name: 'a', partitions: 1, retention: null });
  await log.createTopic({ name: 'quiet', partitions: 1, retention: null });
  let quietEnded = false;
  const quiet = log.waitForAppend(['quiet'], 60_000).then(() => (quietEnded = true));
  const started = Date.now();
  const waits = [log.waitForAppend(['a'], 60_000), log.waitForAppend(['quiet', 'a'], 60_000)];
  await runChild(t, 'append.ts', path, 'a', 'p', '1');
  await Promise.all(waits);
  assert.ok(Date.now() - started < 30_000);
  assert.equal(quietEnded, false, 'a commit to another topic does not');
  await log.close();
  await quiet;
});

test('kill -9 in the middle of appends loses nothing acknowledged and leaves a readable log', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const acknowledged: string[] = [];
  for (let round = 0; round < 5; round++)
    acknowledged.push(...(await killChild(t, 5 + 23 * round, 'append.ts', path, 'a', `r${round}`, '0')));
  const log = openSqliteLog({ path });
  const seen = await readAll(log, 'a', 0, 0, 50_000);
  seen.forEach((record, i) => {
    assert.equal(record.offset, i);
  });
  assert.ok(acknowledged.length >= 5 * 5 + 23 * 10);
  for (const line of acknowledged) {
    const [offset, value] = line.split(' ');
    assert.equal(seen[Number(offset)]?.value, value);
    assert.ok(seen[Number(offset) + 1].value.startsWith(`${value}-second`));
  }
  const committed = await log.committed('group', 'a', 0);
  const last = Number(acknowledged[acknowledged.length - 1].split(' ')[0]) + 2;
  assert.ok(committed !== null && committed >= last && committed <= seen.length);
  await log.close();
});
