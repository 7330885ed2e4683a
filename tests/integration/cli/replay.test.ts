/** `replay` from bytes to served values: DST days, repetition, correction, and what a dry run leaves behind. */

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AUTUMN, carbon, edited, linesOf, newFolder, replay, rowsOf, SPRING } from './carbon.ts';

const CAPITL = 'NYISO.DA.LMP.CAPITL';

for (const [name, file, hours] of [
  ['spring', SPRING, 23],
  ['autumn', AUTUMN, 25],
] as const)
  test(`the ${name} day has ${hours} hours for every location`, async () => {
    const data = newFolder();
    const { stdout, stderr } = await replay(data, file);
    const served = new Map(linesOf(stdout).map((row) => [row['served'], row]));
    assert.equal(Number(served.get('bars_1h')?.['rows']), hours * 45);
    assert.equal(Number(served.get('bars_1h')?.['instruments']), 45);
    assert.equal(Number(served.get('bars_1d')?.['rows']), 45);
    assert.equal(Number(served.get('latest_prices')?.['rows']), 45);
    assert.match(stderr, new RegExp(`published ${hours * 15} rows, ${hours * 45} values of NYISO/da_lmp`));
    assert.match(stderr, new RegExp(`projection: ${hours * 45} in, ${hours * 45} out`));

    const perInstrument = await rowsOf(
      data,
      'sql',
      "SELECT instrument_id, count() AS n, uniqExact(interval_start) AS starts FROM bars_current WHERE interval = '1h' GROUP BY 1",
    );
    assert.equal(perInstrument.length, 45);
    for (const row of perInstrument) {
      assert.equal(Number(row['n']), hours, String(row['instrument_id']));
      assert.equal(Number(row['starts']), hours);
    }
    const bars = await rowsOf(data, 'bars', CAPITL);
    assert.equal(bars.length, hours);
    // Windows follow each other without a gap: no hour is doubled or lost.
    for (const [k, bar] of bars.entries())
      if (k > 0) assert.equal(bar['interval_start'], bars[k - 1]['interval_end']);
    const [day] = await rowsOf(data, 'bars', CAPITL, '--interval', '1d');
    const length = Date.parse(String(day['interval_end'])) - Date.parse(String(day['interval_start']));
    assert.equal(length, hours * 3_600_000);
    const latest = await rowsOf(data, 'latest', '--market', 'nyiso', '--field', 'lmp');
    assert.equal(latest.length, 15);
    for (const row of latest) assert.equal(row['ts'], bars.at(-1)?.['interval_start']);
    assert.equal(latest.find((row) => row['instrument_id'] === CAPITL)?.['price'], bars.at(-1)?.['close']);
  });

test('the same file twice gives the same rows, and counts duplicates', async () => {
  const data = newFolder();
  await replay(data, SPRING);
  const before = await rowsOf(data, 'bars', CAPITL, '--history');
  const latest = await rowsOf(data, 'latest');
  const [{ ticks }] = await rowsOf(data, 'sql', 'SELECT count() AS ticks FROM silver_ticks');
  const { stderr } = await replay(data, SPRING);
  assert.match(stderr, /\(known before\)/);
  assert.match(stderr, /normalization: 1035 in, 0 out, 1035 DUPLICATE/);
  assert.deepEqual(await rowsOf(data, 'bars', CAPITL, '--history'), before);
  assert.deepEqual(await rowsOf(data, 'latest'), latest);
  assert.deepEqual(await rowsOf(data, 'sql', 'SELECT count() AS ticks FROM silver_ticks'), [{ ticks }]);
});

test('a corrected file adds a revision, and the old answer stays readable as of its time', async () => {
  const data = newFolder();
  await replay(data, SPRING);
  const [first] = await rowsOf(data, 'bars', CAPITL);
  const corrected = edited(SPRING, '"CAPITL",61757,-3.31,', '"CAPITL",61757,-4.5,');
  const { stderr } = await replay(data, corrected);
  assert.match(stderr, /normalization: 1035 in, 1 out, 1034 UNCHANGED/);

  const [now, second] = await rowsOf(data, 'bars', CAPITL);
  assert.deepEqual([now['close'], Number(now['revision']), now['status']], ['-4.5', 2, 'revised']);
  assert.equal(Number(second['revision']), 1);
  assert.ok(Date.parse(String(now['known_at'])) > Date.parse(String(first['known_at'])));

  const [then] = await rowsOf(data, 'bars', CAPITL, '--as-of', String(first['known_at']));
  assert.deepEqual([then['close'], Number(then['revision'])], ['-3.31', 1]);
  const [asOfNow] = await rowsOf(data, 'bars', CAPITL, '--as-of', String(now['known_at']));
  assert.equal(asOfNow['close'], '-4.5');

  const history = (await rowsOf(data, 'bars', CAPITL, '--history')).filter(
    (row) => row['interval_start'] === first['interval_start'],
  );
  assert.deepEqual(
    history
      .map((row) => [row['close'], Number(row['revision'])])
      .toSorted((a, b) => Number(a[1]) - Number(b[1])),
    [
      ['-3.31', 1],
      ['-4.5', 2],
    ],
  );
});

test('a dry run says what would be published and writes nothing', async () => {
  const data = join(newFolder(), 'never');
  const { exit, stdout } = await carbon(['--data', data, '--json', 'replay', SPRING, '--dry-run']);
  assert.equal(exit, 0);
  assert.deepEqual(linesOf(stdout), [
    { would_publish: 345, values: 1035, market: 'NYISO', dataset: 'da_lmp', topic: 'ingestion.nyiso.raw.v1' },
  ]);
  assert.equal(existsSync(data), false);
});

test('two versions of a price in one body: the later one counts, the earlier one is history', async () => {
  const data = newFolder();
  const version = (lmp: number, nbr: number): string =>
    `{"datetime_beginning_utc":"2025-07-16T04:00:00","pnode_id":1,"pnode_name":"AEP","type":"ZONE","total_lmp_da":${lmp},"row_is_current":${nbr === 2},"version_nbr":${nbr}}`;
  const file = join(data, 'da_hrl_lmps.json');
  writeFileSync(file, `[${version(40.5, 2)},${version(31.5, 1)}]`);
  await replay(data, file);
  const bars = await rowsOf(data, 'bars', 'PJM.DA.LMP.AEP', '--history');
  assert.deepEqual(
    bars.map(({ close, trade_count, revision, status }) => [
      Number(close),
      Number(trade_count),
      Number(revision),
      status,
    ]),
    [
      [31.5, 1, 1, 'final'],
      [40.5, 1, 2, 'revised'],
    ],
  );
  const [latest] = await rowsOf(data, 'latest', 'PJM.DA.LMP.AEP');
  assert.equal(Number(latest?.['price']), 40.5);
});
