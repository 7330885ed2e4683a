/** `up` beside other commands: over its socket, through signals, after kill -9, and against a second one. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWarehouse } from '../../../app/stores/open-warehouse.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import { freePort, within } from '../../support/engine-server.ts';
import {
  AUTUMN,
  carbon,
  daemon,
  errorOf,
  linesOf,
  newFolder,
  type Row,
  replay,
  rowsOf,
  SPRING,
  start,
} from './carbon.ts';
import { appendRaw, tradeAt } from './raw-record.ts';

const BARS = 'SELECT count() AS n FROM bars_current';

/** The doctor's line about one check. */
async function finding(data: string, check: string): Promise<Row> {
  const rows = await rowsOf(data, 'doctor');
  return rows.find((row) => row['check'] === check) ?? {};
}

test('commands work over the socket of up, replay waits for it, and SIGTERM ends it with 0', async () => {
  const data = newFolder();
  const up = await daemon(data);
  assert.ok(existsSync(join(data, 'warehouse.sock')));
  const { stdout, stderr } = await replay(data, SPRING);
  assert.match(stderr, /waiting for it/);
  assert.match(stdout, /"served":"bars_1h","rows":"1035"/);
  assert.equal((await rowsOf(data, 'latest', '--field', 'lmp')).length, 15);
  assert.equal((await rowsOf(data, 'bars', 'NYISO.DA.LMP.CAPITL')).length, 23);
  assert.equal((await rowsOf(data, 'why', 'NYISO.DA.LMP.CAPITL')).length, 1);
  assert.equal((await rowsOf(data, 'tap', 'ingestion.nyiso.raw.v1', '--limit', '3')).length, 3);
  assert.deepEqual(await rowsOf(data, 'sql', BARS), [{ n: '1080' }]);
  assert.match(
    String((await finding(data, 'warehouse'))['detail']),
    new RegExp(`process ${up.child.pid} owns it and answers`),
  );
  assert.equal((await finding(data, 'lag of pipeline'))['status'], 'ok');

  const begun = Date.now();
  up.child.kill('SIGTERM');
  const { exit } = await up.ended;
  assert.equal(exit, 0);
  assert.ok(Date.now() - begun < 5000);
  assert.equal(existsSync(join(data, 'warehouse.sock')), false);
  // What it wrote is there for whoever comes next.
  assert.deepEqual(await rowsOf(data, 'sql', BARS), [{ n: '1080' }]);
});

test('after kill -9 it starts again and goes on where it was', async () => {
  const data = newFolder();
  const first = await daemon(data);
  await replay(data, SPRING);
  first.child.kill('SIGKILL');
  await first.ended;
  // The socket that was left behind misleads nobody.
  assert.deepEqual(await rowsOf(data, 'sql', BARS), [{ n: '1080' }]);
  const second = await daemon(data);
  const { stdout } = await replay(data, AUTUMN);
  assert.match(stdout, /"served":"bars_1h","rows":"2160"/);
  assert.deepEqual(await rowsOf(data, 'sql', BARS), [{ n: String(1080 + 45 * 26) }]);
  second.child.kill('SIGINT');
  assert.equal((await second.ended).exit, 0);
});

test('a second up on the same directory is refused, and the first goes on', async () => {
  const data = newFolder();
  const first = await daemon(data);
  const error = await errorOf(6, ['--data', data, '--log-level', 'error', 'up']);
  assert.ok(['PLAN_CONFLICT', 'STORE_BUSY'].includes(String(error['code'])), String(error['code']));
  assert.match(String(error['message']), /another process/);
  const other = await carbon(['--data', data, 'run', 'enrichment']);
  assert.equal(other.exit, 6, other.stderr);
  await replay(data, SPRING);
  first.child.kill('SIGTERM');
  assert.equal((await first.ended).exit, 0);
});

test('up that is told to stop while the warehouse is gone ends all the same', async () => {
  const data = newFolder();
  const warehouse = await openWarehouse({ dataDir: data, clock: systemClock, serve: true });
  const up = await daemon(data);
  // A trade of now keeps its window open: there is something to drain.
  const now = new Date().toISOString();
  await appendRaw(data, 'ingestion.miso.raw.v1', 0, tradeAt(now, now, 'default', '2.55'));
  await up.shown('service.started');
  for (
    let tries = 0;
    tries < 20 && (await carbon(['--data', data, 'latest', 'NG_HH_BALMO'])).exit !== 0;
    tries++
  );
  await warehouse.close();
  const begun = Date.now();
  up.child.kill('SIGTERM');
  const { exit, stderr } = await up.ended;
  assert.equal(exit, 0, stderr);
  assert.match(stderr, /"event":"drain.left"/);
  assert.ok(Date.now() - begun < 5000);
  for (const line of linesOf(stderr.replaceAll(/^[^{].*$/gm, '')))
    if (line['event'] !== 'http.listening') assert.match(String(line['service']), /^(pipeline|curves)$/);
});

test('DATA_PROC_LOG_LEVEL holds for services too', async () => {
  const data = newFolder();
  const port = String(await freePort());
  const up = start(['--data', data, 'up'], {
    DATA_PROC_LOG_LEVEL: 'error',
    DATA_PROC_PROJECTION_PORT: port,
  });
  // It says nothing: that it answers tells that it is there.
  await within(30_000, () =>
    fetch(`http://127.0.0.1:${port}/livez`).then(
      ({ ok }) => (ok ? true : null),
      () => null,
    ),
  );
  up.child.kill('SIGTERM');
  const { exit, stderr } = await up.ended;
  assert.deepEqual([exit, stderr], [0, 'SIGTERM: finishing the work at hand\n']);
});
