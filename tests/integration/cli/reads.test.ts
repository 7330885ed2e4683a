/** The reading commands on one replayed day, for people and for programs. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { before, test } from 'node:test';
import {
  carbon,
  errorOf,
  linesOf,
  newFolder,
  ROOT,
  type Row,
  replay,
  rowsOf,
  SPRING,
  start,
} from './carbon.ts';
import { appendRaw, tradeAt } from './raw-record.ts';

const CAPITL = 'NYISO.DA.LMP.CAPITL';
const RAW = 'ingestion.nyiso.raw.v1';
const data = newFolder();
before(() => replay(data, SPRING));

/** Standard output of a command that must succeed. */
async function textOf(...args: string[]): Promise<string> {
  const { exit, stdout, stderr } = await carbon(['--data', data, ...args]);
  assert.equal(exit, 0, stderr);
  return stdout;
}

test('latest: table, JSON lines and CSV say the same', async () => {
  const rows = await rowsOf(data, 'latest', 'NYISO.DA.LMP.*');
  assert.equal(rows.length, 15);
  const table = (await textOf('latest', 'NYISO.DA.LMP.*')).trimEnd().split('\n');
  assert.equal(table.length, 16);
  assert.match(table[0], /^instrument_id +price +unit/);
  for (const [k, row] of rows.entries()) {
    assert.ok(table[k + 1].startsWith(String(row['instrument_id'])));
    assert.ok(table[k + 1].includes(String(row['price'])));
  }
  const csv = (await textOf('-o', 'csv', 'latest', CAPITL)).trimEnd().split('\n');
  assert.deepEqual(csv[1].split(',').slice(0, 3), [CAPITL, '36.85', 'USD/MWh']);
});

test('latest loads no decoder, and nothing else that it does not need', async () => {
  const into = join(newFolder(), 'loaded');
  const hook = `--import=${join(ROOT, 'tests/support/loaded-files.ts')}`;
  const { exit, stderr } = await carbon(['--data', data, 'latest', CAPITL], {
    NODE_OPTIONS: hook,
    CARBON_LOADED_FILES: into,
  });
  assert.equal(exit, 0, stderr);
  const loaded = readFileSync(into, 'utf8')
    .split('\n')
    .map((file) => relative(ROOT, file));
  assert.ok(loaded.includes('app/read/latest.ts'));
  const needless = /^(connectors|simulators|node_modules\/(pino|yaml|undici|fastify))\/(?!package.json)/;
  assert.deepEqual(
    loaded.filter((file) => needless.test(file)),
    [],
  );
});

test('latest --in-delivery --at gives the hour that holds then', async () => {
  const [row] = await rowsOf(data, 'latest', CAPITL, '--in-delivery', '--at', '2025-03-09T05:30:00Z');
  assert.deepEqual([row['price'], row['ts']], ['-3.31', '2025-03-09T05:00:00Z']);
});

test('bars: a window by dates and by times', async () => {
  const bars = await rowsOf(
    data,
    'bars',
    CAPITL,
    '--from',
    '2025-03-09T06:00:00Z',
    '--to',
    '2025-03-09T08:00:00Z',
  );
  assert.deepEqual(
    bars.map((bar) => bar['close']),
    ['-3.78', '-3.37'],
  );
  assert.equal((await rowsOf(data, 'bars', CAPITL, '--from', '2025-03-09', '--to', '2025-03-09')).length, 19);
  assert.match(await textOf('bars', CAPITL), /^instrument_id +interval +interval_start/);
});

test('rolling: windows by their last bars, exact figures, one length or all', async () => {
  const rows = await rowsOf(data, 'rolling', CAPITL);
  assert.equal(rows.length, 23);
  const bars = await rowsOf(data, 'bars', CAPITL);
  const cents = bars.map((bar) => Math.round(Number(bar['close']) * 100));
  rows.forEach((row, k) => {
    const window = cents.slice(0, k + 1);
    assert.equal(row['window_end'], bars[k]['interval_end']);
    assert.deepEqual([row['bars'], row['bars_expected'], row['is_full']], [k + 1, 24, false]);
    const mean = window.reduce((sum, n) => sum + n, 0) / window.length / 100;
    assert.ok(Math.abs(Number(row['sma']) - mean) < 1e-8);
    assert.deepEqual(
      [Number(row['high']), Number(row['low'])],
      [Math.max(...window), Math.min(...window)].map((n) => n / 100),
    );
    assert.equal(row['vwap'], null);
  });
  assert.deepEqual([rows[0]['stddev'], rows[0]['rms_change'], rows[1]['zscore']], [null, null, null]);
  const day = ['--from', '2025-03-09', '--to', '2025-03-09'];
  assert.deepEqual(await rowsOf(data, 'rolling', CAPITL, ...day, '--window', '24h'), rows.slice(0, 19));
  const [week] = await rowsOf(data, 'rolling', CAPITL, '--interval', '1d');
  assert.deepEqual(
    [week['window'], week['window_start'], week['window_end'], week['bars_expected']],
    ['7d', '2025-03-03T05:00:00Z', '2025-03-10T04:00:00Z', 7],
  );
  const csv = (await textOf('-o', 'csv', 'rolling', CAPITL)).split('\n');
  assert.ok(
    csv[1].startsWith(`${CAPITL},1h,24h,2025-03-08T06:00:00Z,2025-03-09T06:00:00Z,1,24,false,-3.31,`),
  );
  assert.deepEqual(await rowsOf(data, 'rolling', CAPITL, '--history'), rows);
});

test('rolling: what cannot be asked for is said with what can', async () => {
  const refusal = async (exit: number, ...args: string[]) =>
    errorOf(exit, ['--data', data, 'rolling', ...args]);
  const interval = await refusal(2, CAPITL, '--interval', '5m');
  assert.equal(interval['code'], 'USAGE_INVALID');
  assert.match(JSON.stringify(interval), /1h, 1d/);
  assert.match(JSON.stringify(await refusal(2, CAPITL, '--window', '12h')), /24h/);
  assert.match(
    JSON.stringify(await refusal(2, CAPITL, '--as-of', '2025-03-09', '--history')),
    /one of the two/,
  );
  assert.equal((await refusal(5, CAPITL, '--as-of', '2020-01-01'))['code'], 'NOT_FOUND');
  assert.match(String((await refusal(5, 'NYISO.DA.LMP.CAPITOL'))['message']), /CAPITL/);
});

test('why names the raw event, the rule, the payload and its line', async () => {
  const story = await textOf('why', CAPITL, '--interval', '1h', '--at', '2025-03-09T05:00:00Z');
  for (const part of [
    '-3.31',
    `raw event ${RAW}/`,
    'eastern-hour-beginning',
    'row 2: "03/09/2025 00:00","CAPITL"',
  ])
    assert.ok(story.includes(part) || story.includes(part.replace('row 2', 'row 1')), `${part} in\n${story}`);
  const [found] = await rowsOf(data, 'why', CAPITL, '--interval', '1h', '--at', '2025-03-09T05:00:00Z');
  const [input] = found['inputs'] as Row[];
  const event = input['raw_event'] as Row;
  // The position leads to the very record.
  const [record] = await rowsOf(
    data,
    ...[
      'tap',
      RAW,
      '--partition',
      String(event['partition']),
      '--from',
      String(event['offset']),
      '--limit',
      '1',
    ],
  );
  const payload = (record['value'] as Row)['payload'] as Row;
  assert.deepEqual([payload['location'], payload['source_time']], ['CAPITL', '03/09/2025 00:00']);
  assert.equal(payload['archive_sha256'], (input['payload'] as Row)['sha256']);
});

test('sql: rows, and a format that the statement names', async () => {
  assert.deepEqual(await rowsOf(data, 'sql', "SELECT 1 AS one, 'a' AS letter"), [{ one: 1, letter: 'a' }]);
  assert.equal(await textOf('sql', 'SELECT 1 AS one, 2 AS two FORMAT CSVWithNames'), '"one","two"\n1,2\n');
  const error = await errorOf(1, ['--data', data, 'sql', 'SELECT nope']);
  assert.equal(error['code'], 'STORE_REFUSED');
  assert.match(String(error['message']), /nope/);
});

test('decode: a line per value, for people a table only on a terminal', async () => {
  const lines = await rowsOf(data, 'decode', SPRING);
  assert.equal(lines.length, 1035);
  assert.deepEqual(lines[0], {
    market: 'NYISO',
    dataset: 'da_lmp',
    location: 'CAPITL',
    interval_start: '2025-03-09T05:00:00Z',
    interval_end: '2025-03-09T06:00:00Z',
    field: 'lmp',
    value: '-3.31',
    unit: 'USD/MWh',
  });
  assert.equal(linesOf(await textOf('decode', SPRING)).length, 1035);
});

test('tap: records of every topic are decoded, oldest first', async () => {
  const records = await rowsOf(data, 'tap', RAW, '--limit', '1000');
  assert.equal(records.length, 345);
  const [first] = records;
  assert.deepEqual(Object.keys(first), [
    'topic',
    'partition',
    'offset',
    'timestamp',
    'key',
    'headers',
    'value',
  ]);
  assert.match(String(first['timestamp']), /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  assert.match(String(first['key']), /^default\|NYISO\|/);
  const value = first['value'] as Row;
  assert.equal((first['headers'] as Row)['trace_id'], value['trace_id']);
  const capitl = records
    .map((r) => (r['value'] as Row)['payload'] as Row)
    .filter((p) => p['location'] === 'CAPITL');
  assert.equal(capitl.length, 23);
  assert.deepEqual((capitl[0]['values'] as Row[])[0], { field: 'lmp', value: '-3.31', unit: 'USD/MWh' });
  assert.equal(capitl[0]['interval_start'], '2025-03-09T05:00:00Z');
  assert.equal(capitl[0]['published_at'], null);

  // Exact decimals and enumerations of the bars, which are unions, decimals and arrays.
  const bars = await rowsOf(data, 'tap', 'aggregated.market.bars.1d.v1');
  const bar = bars
    .map((r) => (r['value'] as Row)['payload'] as Row)
    .find((p) => p['instrument_id'] === CAPITL);
  const [stored] = await rowsOf(data, 'bars', CAPITL, '--interval', '1d');
  assert.deepEqual([bar?.['open_price'], bar?.['low_price']], [stored['open'], stored['low']]);
  assert.equal(bar?.['interval_start'], '2025-03-09T05:00:00Z');
});

test('tap: positions, partitions and limits', async () => {
  const list = await rowsOf(data, 'tap', '--list');
  const raw = list.find((row) => row['topic'] === RAW) as Row;
  assert.deepEqual([raw['partitions'], raw['records'], raw['earliest']], [2, 345, [0, 0]]);
  assert.equal(
    (raw['end'] as number[]).reduce((a, b) => a + b),
    345,
  );
  const table = await textOf('tap', '--list');
  assert.match(table, /^topic +partitions +records +earliest +end\n/);

  const end = (raw['end'] as number[])[1];
  const tail = await rowsOf(data, 'tap', RAW, '--partition', '1', '--from', String(end - 2));
  assert.deepEqual(
    tail.map((r) => [r['partition'], r['offset']]),
    [
      [1, end - 2],
      [1, end - 1],
    ],
  );
  assert.equal((await rowsOf(data, 'tap', RAW, '--from', '2001-01-01', '--limit', '7')).length, 7);
  assert.equal((await rowsOf(data, 'tap', RAW, '--from', '2200-01-01')).length, 0);
  assert.equal((await rowsOf(data, 'tap', RAW)).length, 100);
  const error = await errorOf(5, ['--data', data, 'tap', RAW, '--partition', '1', '--from', String(end + 1)]);
  assert.equal(error['code'], 'LOG_OFFSET_OUT_OF_RANGE');
  assert.match(String(error['message']), new RegExp(`partition 1: 0 to ${end}`));
  const unknown = await errorOf(5, ['--data', data, 'tap', 'ingestion.nyso.raw.v1']);
  assert.equal(unknown['code'], 'LOG_TOPIC_UNKNOWN');
  assert.match(String(unknown['message']), /did you mean ingestion\.nyiso\.raw\.v1/);
  const never = join(newFolder(), 'never');
  await errorOf(5, ['--data', never, 'tap', RAW]);
  assert.equal(existsSync(never), false);
});

test('tap ends quietly when its reader goes away', async () => {
  const tap = start(['--data', data, 'tap', RAW, '--limit', '100000', '--follow']);
  await tap.shown('"offset":0');
  tap.child.stdout?.destroy();
  // More arrives for a reader that is gone: the next line ends it.
  await replay(data, SPRING);
  const { exit, stderr } = await tap.ended;
  assert.deepEqual([exit, stderr], [0, '']);
});

test('tap --follow shows what arrives, and SIGINT ends it with 130', async () => {
  const tap = start(['--data', data, 'tap', RAW, '--from', 'latest', '--follow', '--partition', '0']);
  // Where the latest is when it begins to look, only what it shows can tell.
  const at = '2024-01-01T00:00:00Z';
  let isThere = false;
  const there = tap.shown('NG_HH_BALMO').then(() => {
    isThere = true;
  });
  while (!isThere) {
    await appendRaw(data, RAW, 0, tradeAt(at, at, 'default', '2.5'));
    await Promise.race([there, new Promise((done) => setTimeout(done, 100))]);
  }
  await replay(data, SPRING);
  await tap.shown('"location":"');
  tap.child.kill('SIGINT');
  const { exit, stdout } = await tap.ended;
  assert.equal(exit, 130);
  assert.equal(linesOf(stdout).filter((row) => JSON.stringify(row).includes('"location":"')).length, 115);
});
