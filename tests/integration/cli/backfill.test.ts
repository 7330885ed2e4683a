/** `carbon backfill` beside an `up` that is killed in the midst of a job, and alone, by the script that the documents name. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import { within } from '../../support/engine-server.ts';
import { carbon, daemon, errorOf, newFolder, ROOT, type Row, rowsOf } from './carbon.ts';
import { appendRaw, tradeAt } from './raw-record.ts';

const INSTRUMENT = 'NG_HH_BALMO';
const WINDOW = ['--from', '2024-01-01', '--to', '2024-01-04'];
const data = newFolder();

const backfill = (...words: string[]): Promise<Row[]> => rowsOf(data, 'backfill', ...words);
const bars = (): Promise<Row[]> => rowsOf(data, 'bars', INSTRUMENT, '--interval', '1h', '--history');

/** Adds a dollar to the last price of the hourly bars. */
async function damage(): Promise<void> {
  const { exit, stderr } = await carbon([
    ...['--data', data, 'sql', '--write'],
    `INSERT INTO bars SELECT * REPLACE (close_price + 1 AS close_price) FROM bars FINAL WHERE interval = '1h'`,
  ]);
  assert.equal(exit, 0, stderr);
}

test('a job whose service is killed goes on with the next one, where it stood', async () => {
  const first = await daemon(data, ['up'], { DATA_PROC_BACKFILL_SHARE: '1' });
  for (const day of ['01', '02', '03', '04']) {
    const at = `2024-01-${day}T00:10:00Z`;
    await appendRaw(data, 'ingestion.miso.raw.v1', 0, tradeAt(at, at, 'default', '2.5'));
  }
  await systemClock.sleep(1500);
  const good = await within(30_000, async () => {
    const rows = await bars();
    return rows.length === 4 && rows.every((row) => row['status'] === 'final') ? rows : null;
  });
  await damage();
  assert.notDeepEqual(await bars(), good);
  const [made] = await backfill('create', ...WINDOW, '--request', 'nightly');
  assert.ok(made?.['status'] === 'pending' || made?.['status'] === 'running');
  const id = String(made?.['id']);
  // Whatever it was at: it has found the first difference.
  await first.shown('"event":"bars.differed"');
  first.child.kill('SIGKILL');
  await first.ended;

  const second = await daemon(data, ['up'], { DATA_PROC_BACKFILL_SHARE: '100' });
  const [ended] = await backfill('create', ...WINDOW, '--request', 'nightly', '--wait');
  assert.deepEqual(
    [ended?.['id'], ended?.['status'], ended?.['done'], ended?.['total']],
    [id, 'succeeded', 4, 4],
  );
  // The newest bar is stated once more by an aggregation that begins anew, if the job does not come first.
  assert.ok([3, 4].includes(Number(ended?.['differences'])), String(ended?.['differences']));
  assert.deepEqual(await bars(), good);
  second.child.kill('SIGTERM');
  assert.equal((await second.ended).exit, 0);
});

test('without a service the command runs the job itself, under its other name too', async () => {
  const good = await bars();
  await damage();
  const script = join(ROOT, 'scripts/backfill_window.py');
  const words = [script, ...WINDOW, '--instrument', INSTRUMENT, '--data', data, '--json'];
  const lines = await new Promise<string>((done, fail) =>
    execFile('python3', words, (error, stdout) => (error === null ? done(stdout) : fail(error))),
  );
  const job = JSON.parse(lines) as Row;
  assert.deepEqual([job['status'], job['what'], job['differences']], ['succeeded', INSTRUMENT, 4]);
  assert.deepEqual(await bars(), good);
  const [dry] = await backfill('create', ...WINDOW, '--market', 'miso', '--dry-run');
  assert.deepEqual([dry?.['dry_run'], dry?.['differences'], dry?.['done']], [true, 0, 4]);
  assert.equal((await backfill('list', '--status', 'succeeded')).length, 3);
});

test('what is not understood, or is no more, is said', async () => {
  const of = ['--data', data, 'backfill'];
  const cases: readonly (readonly [number, readonly string[], RegExp])[] = [
    [2, ['create', '--from', '2023-01-01', '--to', '2024-01-01'], /366 days long; take at most 31/],
    [5, ['create', ...WINDOW, '--instrument', 'NOBODY'], /nothing is known of an instrument NOBODY/],
    [6, ['create', ...WINDOW, '--request', 'nightly', '--dry-run'], /the request nightly is another job/],
  ];
  for (const [exit, words, message] of cases)
    assert.match(String((await errorOf(exit, [...of, ...words]))['message']), message, words.join(' '));
  const [last] = await backfill('list', '--limit', '1');
  const over = await errorOf(6, [...of, 'cancel', String(last?.['id'])]);
  assert.match(String(over['message']), /is succeeded: there is nothing to cancel/);
});
