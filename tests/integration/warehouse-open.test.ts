/** Who owns the warehouse, how others reach it, and what a kill leaves behind. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openWarehouse } from '../../app/stores/open-warehouse.ts';
import { warehouseSocketPath } from '../../drivers/chdb/socket-path.ts';
import { migrateWarehouse } from '../../drivers/clickhouse/migrate.ts';
import { openClickHouse } from '../../drivers/clickhouse/warehouse.ts';
import { sleepingClock as clock } from './warehouse-clock.ts';

const CHILD = resolve(import.meta.dirname, 'warehouse-child.ts');
const ROWS = 4000;

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warehouse-open-'));
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const children: ChildProcess[] = [];

function start(...args: string[]): { child: ChildProcess; lines: AsyncIterator<string> } {
  const child = spawn(process.execPath, [CHILD, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  return { child, lines: createInterface({ input: child.stdout! })[Symbol.asyncIterator]() };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

test('another process reaches the owner over the socket; a killed owner is replaced, its socket too', async () => {
  const dataDir = join(folder, 'served');
  const first = start('serve', dataDir);
  assert.equal((await first.lines.next()).value, 'ready true');
  const socketPath = warehouseSocketPath(dataDir);
  assert.equal(statSync(socketPath).mode & 0o777, 0o600);
  const remote = await openWarehouse({ dataDir, clock });
  assert.equal(remote.isOwner, false);
  const folderOfMigrations = resolve(import.meta.dirname, '../../migrations/clickhouse');
  assert.equal((await migrateWarehouse(remote, folderOfMigrations, 5)).length > 0, true);
  assert.deepEqual(await migrateWarehouse(remote, folderOfMigrations, 6), []);
  await kill(first.child);
  await assert.rejects(remote.queryRows('SELECT 1'), { code: 'STORE_UNREACHABLE' });
  await remote.close();
  assert.ok(existsSync(socketPath));
  const owner = await openWarehouse({ dataDir, clock, serve: true });
  try {
    assert.equal(owner.isOwner, true);
    const [row] = await owner.queryRows('SELECT count() AS n FROM schema_migrations WHERE applied_at = 5');
    assert.notEqual(row['n'], '0');
    const second = openClickHouse({ socketPath });
    assert.deepEqual(await second.queryRows('SELECT 1 AS a'), [{ a: 1 }]);
    await second.close();
  } finally {
    await owner.close();
  }
  assert.equal(existsSync(socketPath), false);
});

test('an owner that does not serve is STORE_BUSY to others, and free when it ends', async () => {
  const dataDir = join(folder, 'held');
  const holder = start('hold', dataDir);
  assert.equal((await holder.lines.next()).value, 'ready true');
  await assert.rejects(openWarehouse({ dataDir, clock }), {
    code: 'STORE_BUSY',
    message: new RegExp(`in use by process ${holder.child.pid}$`),
  });
  const waiting = openWarehouse({ dataDir, clock });
  await sleep(300);
  holder.child.stdin!.end();
  const w = await waiting;
  assert.equal(w.isOwner, true);
  await w.close();
  if (holder.child.exitCode === null) await once(holder.child, 'exit');
});

test('a directory too deep for a socket gets one in the temporary folder, and works', async () => {
  const dataDir = join(folder, 'deep'.repeat(20), 'deeper'.repeat(10));
  await mkdir(dataDir, { recursive: true });
  const socketPath = warehouseSocketPath(dataDir);
  assert.ok(Buffer.byteLength(socketPath) <= 100 && socketPath.startsWith(tmpdir()));
  assert.notEqual(warehouseSocketPath(`${dataDir}x`), socketPath);
  const owner = await openWarehouse({ dataDir, clock, serve: true });
  const other = openClickHouse({ socketPath });
  assert.equal(await other.answers(), true);
  await other.close();
  await owner.close();
});

test('a closed warehouse says so', async () => {
  const w = await openWarehouse({ dataDir: join(folder, 'closed'), clock });
  await w.close();
  await w.close();
  await assert.rejects(w.queryRows('SELECT 1'), { code: 'STORE_UNREACHABLE' });
});

test('kill -9 loses no acknowledged block, and the retry with its token adds only what is missing', async () => {
  const dataDir = join(folder, 'killed');
  const kills = Number(process.env['CARBON_TEST_KILLS'] ?? 6);
  let acknowledged = -1;
  let partial = 0;
  for (let round = 0; round < kills; round++) {
    const { child, lines } = start('write', dataDir, String(acknowledged + 1));
    const first = (await lines.next()).value as string;
    partial += Number(/^partial (\d+)$/.exec(first)?.[1]);
    // Let some blocks through, then strike at a moment that differs from round to round.
    for (let n = 0; n < 3; n++) acknowledged = Number((await lines.next()).value);
    setTimeout(() => child.kill('SIGKILL'), 7 * round + 3);
    for (let line = await lines.next(); line.done !== true; line = await lines.next())
      acknowledged = Number(line.value);
    const w = await openWarehouse({ dataDir, clock });
    const c = await w.queryColumns('SELECT b, count() AS n, uniqExact(v) AS u FROM t GROUP BY b ORDER BY b');
    const [b, n, u] = ['b', 'n', 'u'].map((name) => c.numbers(name));
    for (let i = 0; i <= acknowledged; i++) assert.deepEqual([b[i], n[i], u[i]], [i, ROWS, ROWS]);
    // At most the block in flight is there beyond, whole or in part.
    assert.ok(c.rows <= acknowledged + 2);
    await w.close();
  }
  assert.ok(acknowledged >= 3 * kills - 1);
  console.log(`# ${kills} kills, ${acknowledged + 1} blocks, ${partial} left in part and completed`);
});

test('a lock that does not say yet whose it is is waited for', async () => {
  const dataDir = join(folder, 'nameless');
  const status = join(dataDir, 'warehouse/status');
  await mkdir(join(dataDir, 'warehouse'), { recursive: true });
  // What a starting owner looks like for a moment: the file is locked and empty.
  const holder = spawn('flock', ['--exclusive', status, 'sh', '-c', 'echo held; sleep 0.5'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(holder);
  await once(holder.stdout, 'data');
  const warehouse = await openWarehouse({ dataDir, clock });
  assert.deepEqual(await warehouse.queryRows('SELECT 1 AS n', {}), [{ n: 1 }]);
  await warehouse.close();
});
