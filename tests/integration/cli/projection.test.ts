/** `carbon projection rebuild`: finds nothing where all is well, and mends damage beside an `up` that remembers it. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { within } from '../../support/engine-server.ts';
import { carbon, daemon, errorOf, newFolder, type Row, replay, rowsOf, SPRING } from './carbon.ts';
import { appendRaw, tradeAt } from './raw-record.ts';

const INSTRUMENT = 'NG_HH_BALMO';

async function append(data: string, minute: string, price: string): Promise<void> {
  const at = `2024-01-01T00:${minute}:00Z`;
  await appendRaw(data, 'ingestion.miso.raw.v1', 0, tradeAt(at, at, 'default', price));
}

/** The served price once it is the one wanted; throws after half a minute. */
async function serves(data: string, price: string): Promise<void> {
  await within(30_000, async () => {
    const { stdout } = await carbon(['--data', data, '--json', 'latest', INSTRUMENT]);
    return stdout.includes(`"price":"${price}"`) ? true : null;
  });
}

/** Serves the value of an instrument as if it were of a later time, under the position that it has. */
async function pretend(data: string, at: string, price: string): Promise<void> {
  const { exit, stderr } = await carbon([
    '--data',
    data,
    'sql',
    '--write',
    `INSERT INTO served_latest SELECT * REPLACE (toDateTime64('${at}', 6, 'UTC') AS ts, toDecimal64('${price}', 8) AS price)
     FROM served_latest FINAL WHERE instrument_id = '${INSTRUMENT}'`,
  ]);
  assert.equal(exit, 0, stderr);
}

const rebuild = (data: string, ...more: string[]): Promise<Row[]> =>
  rowsOf(data, 'projection', 'rebuild', 'latest_prices', ...more);

test('beside an up that took a wrong row in, what comes after the rebuild is served', async () => {
  const data = newFolder();
  const first = await daemon(data);
  await append(data, '10', '2.5');
  await serves(data, '2.5');
  await pretend(data, '2024-01-01 05:00:00', '9.75');
  first.child.kill('SIGKILL');
  await first.ended;

  // From here on the wrong row is what the projection remembers: a value before it is superseded.
  const up = await daemon(data);
  await append(data, '20', '2.6');
  await within(30_000, async () => {
    const rows = await rowsOf(data, 'sql', 'SELECT count() AS n FROM silver_ticks');
    return rows[0]?.['n'] === '2' ? true : null;
  });
  await serves(data, '9.75');

  const wrong = { instrument_id: INSTRUMENT, reason: 'other' };
  const times = { before_ts: '2024-01-01T05:00:00Z', now_ts: '2024-01-01T00:20:00Z' };
  const expected = [
    { ...wrong, before_ts: times.before_ts, before_price: '9.75', now_ts: times.now_ts, now_price: '2.6' },
  ];
  assert.deepEqual(await rebuild(data, '--dry-run'), expected);
  await serves(data, '9.75');
  assert.deepEqual(await rebuild(data), expected);
  await serves(data, '2.6');
  const forgotten = (): number => up.stderr().split('"event":"projection.forgotten"').length - 1;
  const before = forgotten();
  assert.ok(before > 0);
  // One that was killed after its last write finds nothing the next time, and what is remembered is forgotten then.
  assert.deepEqual(await rebuild(data), []);
  await within(10_000, async () => (forgotten() > before ? true : null));

  await append(data, '30', '2.7');
  await serves(data, '2.7');
  assert.deepEqual(await rebuild(data), []);

  // One instrument, by the topic: the service makes it anew, and counts.
  await pretend(data, '2024-01-01 06:00:00', '9.75');
  await serves(data, '9.75');
  const word = await carbon(['--data', data, 'projection', 'invalidate', INSTRUMENT, '--reason', 'desk']);
  assert.equal(word.exit, 0, word.stderr);
  await serves(data, '2.7');
  await up.shown('"reason":"desk"');
  up.child.kill('SIGTERM');
  assert.equal((await up.ended).exit, 0);
});

test('alone: rows that are lost come back, those served without cause go, --since leaves the rest', async () => {
  const data = newFolder();
  await replay(data, SPRING);
  const before = await rowsOf(data, 'latest');
  assert.deepEqual(await rebuild(data), []);
  const [{ instruments }] = (await rowsOf(data, 'projection', 'list')) as [Row];
  assert.equal(Number(instruments), before.length);

  const sql = (text: string): Promise<Row[]> => rowsOf(data, 'sql', '--write', text);
  await sql(`ALTER TABLE served_latest DELETE WHERE field = 'lmp' SETTINGS mutations_sync = 1`);
  await sql(`INSERT INTO served_latest SELECT * REPLACE ('NYISO.DA.LMP.NOWHERE' AS instrument_id)
    FROM served_latest FINAL WHERE field = 'loss' LIMIT 1`);
  assert.deepEqual(await rebuild(data, '--since', '2100-01-01'), []);
  const mended = await rebuild(data);
  const count = (reason: string): number => mended.filter((row) => row['reason'] === reason).length;
  assert.deepEqual([count('missing'), count('withdrawn'), count('other')], [15, 1, 0]);
  assert.deepEqual(await rowsOf(data, 'latest'), before);
  assert.deepEqual(await rebuild(data), []);
});

test('rolling metrics: rows that are lost, wrong, or of no bar are written again, and only those', async () => {
  const data = newFolder();
  await replay(data, SPRING);
  const metrics = (): Promise<Row[]> => rowsOf(data, 'rolling', 'NYISO.DA.LMP.CAPITL');
  const before = await metrics();
  const sql = (text: string): Promise<Row[]> => rowsOf(data, 'sql', '--write', text);
  const own = "instrument_id = 'NYISO.DA.LMP.CAPITL' AND interval = '1h'";
  const end = (time: string): string => `window_end = toDateTime64('2025-03-09 ${time}:00:00', 6, 'UTC')`;
  await sql(`ALTER TABLE rolling_metrics DELETE WHERE ${own} AND ${end('07')} SETTINGS mutations_sync = 1`);
  await sql(`INSERT INTO rolling_metrics SELECT * REPLACE (toDecimal64('99', 8) AS sma)
    FROM rolling_metrics FINAL WHERE ${own} AND ${end('08')}`);
  await sql(`INSERT INTO rolling_metrics SELECT * REPLACE (window_end + INTERVAL 2 DAY AS window_end)
    FROM (SELECT * FROM rolling_metrics FINAL WHERE ${own} AND ${end('09')})`);
  const mend = (...more: string[]): Promise<Row[]> =>
    rowsOf(data, 'projection', 'rebuild', 'rolling_metrics', ...more);
  assert.deepEqual(await mend('--since', '2100-01-01'), []);
  const found = await mend();
  assert.deepEqual(
    found.map((row) => `${row['reason']} ${row['rows']} ${row['window']} ${row['first_end']}`),
    [
      'missing 1 24h 2025-03-09T07:00:00Z',
      'other 1 24h 2025-03-09T08:00:00Z',
      'leftover 1 24h 2025-03-11T09:00:00Z',
    ],
  );
  assert.deepEqual(await metrics(), before);
  assert.deepEqual(await mend(), []);
});

test('what cannot be rebuilt is said', async () => {
  const data = newFolder();
  const unknown = await errorOf(2, ['--data', data, 'projection', 'rebuild', 'prices']);
  assert.match(String(unknown['message']), /no projection prices; there are latest_prices/);
  const when = await errorOf(2, [
    '--data',
    data,
    'projection',
    'rebuild',
    'latest_prices',
    '--since',
    'noon',
  ]);
  assert.match(String(when['message']), /--since is not a time/);
  const nothing = await errorOf(5, ['--data', join(data, 'none'), 'projection', 'list']);
  assert.equal(nothing['code'], 'NOT_FOUND');
});
