import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Checkpoints } from '../../../drivers/sqlite-log/checkpoints.ts';
import { openLogDatabase } from '../../../drivers/sqlite-log/database.ts';
import { openSqliteLog } from '../../../drivers/sqlite-log/event-log.ts';
import { killChild, temporaryFolder } from './child.ts';

const MEGABYTE = 1024 * 1024;

let rows = 0;

function write(db: DatabaseSync, bytes: number): void {
  db.prepare('insert into batches (lane, base, next, newest_ms, bytes) values (1, ?, 0, 0, ?)').run(
    rows++,
    new Uint8Array(bytes),
  );
}

const limitOf = (db: DatabaseSync): number =>
  Number(Object.values(db.prepare('pragma wal_autocheckpoint').get() ?? {})[0]);

async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !isSo(); await sleep(5))
    assert.ok(Date.now() < deadline, 'it does not come to that');
}

test('what was appended goes into the database file without a commit doing it, and the write-ahead log begins anew', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const db = openLogDatabase(path, 'process');
  // No commit of this connection makes a checkpoint.
  db.exec('pragma wal_autocheckpoint = 0');
  const checkpoints = new Checkpoints(db, path);
  write(db, 9 * MEGABYTE);
  checkpoints.note(7 * MEGABYTE);
  await sleep(50);
  assert.ok(statSync(path).size < MEGABYTE, 'little is left where it is');
  checkpoints.note(2 * MEGABYTE);
  await until(() => statSync(path).size > 9 * MEGABYTE);
  assert.equal(limitOf(db), 8192, 'the commits leave it to the thread');
  // Written from the front the file does not grow; how soon that can be is up to the thread.
  await until(() => {
    const { size } = statSync(`${path}-wal`);
    write(db, 1);
    checkpoints.note(9 * MEGABYTE);
    return statSync(`${path}-wal`).size === size;
  });
  await checkpoints.close();
  db.close();
});

test('without its thread the commits make the checkpoints again', async (t) => {
  const folder = await temporaryFolder(t);
  const db = openLogDatabase(join(folder, 'log.db'), 'process');
  const checkpoints = new Checkpoints(db, join(folder, 'no such folder', 'log.db'));
  checkpoints.note(9 * MEGABYTE);
  assert.equal(limitOf(db), 8192);
  await until(() => limitOf(db) === 1000);
  checkpoints.note(9 * MEGABYTE);
  assert.equal(limitOf(db), 1000, 'it is not tried again');
  await checkpoints.close();
  db.close();
});

test('kill -9 while checkpoints are made loses nothing acknowledged', async (t) => {
  const path = join(await temporaryFolder(t), 'log.db');
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round++)
    acknowledged.push(...(await killChild(t, 25 + 9 * round, 'append-plenty.ts', path, 'a', `r${round}`)));
  assert.ok(statSync(path).size > 40 * MEGABYTE, 'most of it was checkpointed');
  const log = openSqliteLog({ path });
  const { end } = await log.bounds('a', 0);
  assert.ok(end >= acknowledged.length);
  for (const line of acknowledged) {
    const [offset, value] = line.split(' ');
    const [slice] = await log.read('a', 0, Number(offset), 1);
    assert.equal(slice.from, Number(offset));
    assert.ok(Buffer.from(slice.bytes).includes(`${value} `));
  }
  await log.close();
});
