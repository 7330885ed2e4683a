/** `demo` as a newcomer and as a program run it: every market, every count, a port taken, a signal, no network. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, newFolder, type Row, rowsOf, start } from './carbon.ts';

const WELL_KNOWN = [
  'CAISO.DA.LMP.TH_NP15_GEN-APND',
  'CAISO.RT.LMP.TH_NP15_GEN-APND',
  'MISO.DA.LMP.INDIANA.HUB',
  'MISO.RT.LMP.INDIANA.HUB',
  'NYISO.DA.LMP.N.Y.C.',
  'NYISO.RT.LMP.N.Y.C.',
  'NG_HH_BALMO',
];
/** The evening after the clocks went back: 25 hours in two of the three markets. */
const EVENING = ['--at', '2025-11-03T03:00:00Z'];

test('demo --once --json: all markets are served, every count balances, and the first bar is timed', async (t) => {
  const data = newFolder();
  const rows = await rowsOf(data, 'demo', '--once', ...EVENING);
  const of = (table: string): Row[] => rows.filter((row) => row['table'] === table);
  assert.deepEqual(
    of('latest').map((row) => row['instrument_id']),
    WELL_KNOWN,
  );
  for (const { price } of of('latest')) assert.match(String(price), /^-?\d+(\.\d+)?$/);
  assert.ok(of('bars').length >= 6);

  const counts = new Map(of('counts').map((row) => [String(row['stage']), row]));
  assert.deepEqual(
    [...counts.keys()],
    [
      'fetch',
      'archive',
      'decode',
      'raw log',
      'normalization',
      'enrichment',
      'aggregation',
      'projection',
      'curves',
      'silver',
    ],
  );
  for (const [stage, row] of counts) {
    const dropped = Object.values(row['dropped'] as Record<string, number>);
    const fates = Number(row['out']) + Number(row['rejected']) + dropped.reduce((sum, n) => sum + n, 0);
    assert.equal(fates, row['in'], stage);
    assert.ok(Number(row['in']) > 0, stage);
    assert.equal(row['balanced'], true, stage);
  }
  assert.deepEqual(counts.get('fetch')?.['dropped'], { retried: 3 }, 'one mishap each');
  assert.ok(Number(counts.get('normalization')?.['rejected']) > 0, 'some trades cannot be read');

  const [summary] = of('summary');
  assert.equal(summary?.['balanced'], true);
  t.diagnostic(`first bar after ${summary?.['first_bar_seconds']} s`);
  assert.ok(Number(summary?.['first_bar_seconds']) > 0);
  assert.match(JSON.stringify(of('why')), /line.{1,40}N\.Y\.C\./);

  // What it printed is what is stored, for the commands that it names and for another run on top of it.
  const curve = await rowsOf(data, 'curve', 'show', 'NG_HH');
  assert.deepEqual(
    of('curve').map(({ table: _, ...row }) => row),
    curve,
  );
  assert.equal(curve[0]?.['delivery_start'], '2025-11-03');
  assert.equal(curve.at(-1)?.['delivery_end'], '2027-01-01');
  const quotes = await rowsOf(data, 'curve', 'show', 'NG_HH', '--inputs');
  assert.deepEqual(
    quotes.map(({ contract, fate }) => [contract, fate]),
    ['BALMO', '2025-12', '2026-01', 'Q1-2026', 'CAL-2026'].map((tenor) => [`NG_HH_${tenor}`, 'USED']),
  );
  const moved = await rowsOf(data, 'curve', 'diff', 'NG_HH', '2025-11-03T02:00:00Z');
  assert.ok(moved.length > 0);
  for (const { before, after, change } of moved)
    assert.ok(Math.abs(Number(after) - Number(before) - Number(change)) < 1e-9);
  assert.deepEqual(await rowsOf(data, 'curve', 'build', '--dry-run'), []);
  const projections = await rowsOf(data, 'projection', 'list');
  assert.deepEqual(
    projections.map(({ projection, instruments }) => [projection, Number(instruments) > 0]),
    [
      ['latest_prices', true],
      ['rolling_metrics', true],
      ['curves', true],
    ],
  );
  assert.match(
    String((await errorOf(5, ['--data', data, 'curve', 'show', 'NG_XX']))['message']),
    /NG_HH, PWR/,
  );
  const [latest] = await rowsOf(data, 'latest', 'NG_HH_BALMO');
  assert.equal(latest?.['price'], of('latest').at(-1)?.['price']);
  const days = await rowsOf(data, 'bars', 'NYISO.DA.LMP.N.Y.C.', '--interval', '1d');
  const autumn = days.find((row) => row['interval_start'] === '2025-11-02T04:00:00Z');
  assert.equal(autumn?.['trade_count'], '25');
  const letters = await rowsOf(data, 'tap', 'processing.deadletter.normalization.v1');
  assert.ok(letters.length > 0);
  const refused = await errorOf(2, ['--data', data, 'demo', '--once', ...EVENING]);
  assert.equal(refused['field'], '--at', 'its time would go back');
  const again = await rowsOf(data, 'demo', '--once');
  assert.equal(again.find((row) => row['table'] === 'summary')?.['balanced'], true);
});

test('demo goes on and answers over HTTP while trades come in; its folder and port are its own; SIGTERM ends it with 0', async () => {
  const data = newFolder();
  const running = start(['--data', data, 'demo']);
  await running.shown('Ctrl-C stops it');
  const [, url, port] = /projection +(http:\S+:(\d+))/.exec(running.stderr()) ?? [];
  const newest = async (): Promise<string> => {
    const response = await fetch(`${url}/v1/latest?instrument=NG_HH_BALMO`);
    assert.equal(response.status, 200);
    const { data: found } = (await response.json()) as { data: Row[] };
    return String(found[0]?.['ts']);
  };
  const before = await newest();
  const deadline = Date.now() + 20_000;
  while ((await newest()) === before) {
    assert.ok(Date.now() < deadline, 'no trade came in');
    await new Promise((done) => setTimeout(done, 200));
  }
  assert.equal((await errorOf(6, ['--data', data, 'demo', '--once']))['code'], 'PLAN_CONFLICT');
  const ports = { DATA_PROC_PROJECTION_PORT: String(port) };
  const taken = await errorOf(6, ['--data', newFolder(), 'demo'], ports);
  assert.equal(taken['code'], 'PORT_TAKEN');
  running.child.kill('SIGTERM');
  const ended = await running.ended;
  assert.equal(ended.exit, 0, ended.stderr);
  assert.match(ended.stdout, /balanced: every value in has one fate/);
  // The commands that it prints name the folder, which may be any length.
  for (const line of ended.stdout.replaceAll(data, 'DIR').split('\n')) assert.ok(line.length <= 100, line);
});

test('a signal in the middle ends it with 0, and wrong options are told', async () => {
  const running = start(['--data', newFolder(), '--log-level', 'info', 'demo', '--once', '--days', '7']);
  await running.shown('payload.published');
  running.child.kill('SIGINT');
  const ended = await running.ended;
  assert.equal(ended.exit, 0, ended.stderr);
  assert.equal(ended.stdout, '', 'half a demo shows nothing');
  const cases: [string[], string][] = [
    [['--days', '8'], '--days'],
    [['--seed', 'x'], '--seed'],
    [['--at', 'noon'], '--at'],
    [['--live', '--at', '2025-11-03'], '--at'],
  ];
  for (const [words, field] of cases)
    assert.equal(
      (await errorOf(2, ['--data', newFolder(), 'demo', '--once', ...words]))['field'],
      field,
      words.join(' '),
    );
});
