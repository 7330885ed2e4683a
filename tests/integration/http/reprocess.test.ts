/**
 * `POST /reprocess`: what a rule refused is judged anew once the rule is another; what is there stays as it was, however
 * often it is asked for.
 */

import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { freePort, within } from '../../support/engine-server.ts';
import { newFolder, ROOT, type Row, type Running, rowsOf, start } from '../cli/carbon.ts';
import { appendRaw, tradeAt } from '../cli/raw-record.ts';

const RAW = 'ingestion.miso.raw.v1';
const PRICE = 'price: { min: "-100000", max: "1000000", price: true }';
const STRICT = 'price: { min: "-100000", max: "3", price: true, refuse_above: "3" }';

const data = newFolder();
const rules = join(newFolder(), 'rules.yaml');
let url = '';
let up: Running;

before(async () => {
  copyFileSync(join(ROOT, 'configs/normalization_rules.yaml'), rules);
  edit(PRICE, STRICT);
  const port = await freePort();
  url = `http://127.0.0.1:${port}/reprocess`;
  const variables = { NORMALIZATION_RULES_PATH: rules, DATA_PROC_NORMALIZATION_PORT: String(port) };
  up = start(['--data', data, 'up'], variables);
  await up.shown('service.started');
});
function edit(from: string, to: string): void {
  const text = readFileSync(rules, 'utf8');
  assert.ok(text.includes(from), from);
  writeFileSync(rules, text.replace(from, to));
}

async function post(body: unknown): Promise<{ status: number; body: Record<string, Row> }> {
  const answer = await fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, Row> };
}

const count = async (sql: string): Promise<number> => Number((await rowsOf(data, 'sql', sql))[0]?.['n']);
const ticks = (): Promise<number> => count('SELECT count() AS n FROM silver_ticks FINAL');
const eventually = (isSo: () => Promise<boolean>): Promise<true> =>
  within(30_000, async () => ((await isSo()) ? true : null));

/** Everything that a reader sees, without positions. */
const shown = async (): Promise<Row[]> => [
  ...(await rowsOf(
    data,
    'sql',
    'SELECT event_id, price, known_at, flags FROM silver_ticks FINAL ORDER BY ALL',
  )),
  ...(await rowsOf(data, 'bars', 'NG_HH_BALMO', '--interval', '1h')),
  ...(await rowsOf(data, 'latest')),
];

test('refused values are judged by the rule of today, with the time at which they were known', async () => {
  const at = (minute: string): string => `2024-01-01T00:${minute}:00Z`;
  for (const [minute, price] of [
    ['10', '2.5'],
    ['20', '9.75'],
    ['30', '2.75'],
  ] as const)
    await appendRaw(data, RAW, 0, tradeAt(at(minute), at(minute), 'default', price));
  // Another day, another tenant: neither is asked for.
  await appendRaw(data, RAW, 0, tradeAt('2024-01-05T00:00:00Z', '2024-01-05T00:00:00Z', 'default', '9.5'));
  await appendRaw(data, RAW, 0, tradeAt(at('40'), at('40'), 'another', '9.25'));
  await eventually(async () => (await ticks()) === 2);

  edit(STRICT, PRICE);
  await up.shown('policies.reloaded');
  const { status, body } = await post({ reprocess_window: { from: '2024-01-01', to: '2024-01-01' } });
  assert.deepEqual([status, body['data']?.['events'], body['data']?.['copies']], [202, 3, 0]);
  await eventually(async () => (await ticks()) === 3);
  const [hour] = await rowsOf(data, 'bars', 'NG_HH_BALMO', '--interval', '1h');
  assert.deepEqual(
    [hour?.['open'], hour?.['high'], hour?.['close'], Number(hour?.['trade_count'])],
    ['2.5', '9.75', '2.75', 3],
  );
  const [late] = await rowsOf(data, 'sql', 'SELECT known_at FROM silver_ticks WHERE price > 9');
  assert.match(String(late?.['known_at']), /^2024-01-01 00:20:00/);
});

test('asked for again it changes nothing, and copies are told', async () => {
  const before = await shown();
  const { body } = await post({ reprocess_window: { from: '2024-01-01', to: '2024-01-02' }, market: 'miso' });
  assert.deepEqual([body['data']?.['events'], body['data']?.['copies']], [3, 3]);
  // The last of the copies is behind what is asked for next.
  await appendRaw(data, RAW, 0, tradeAt('2024-01-01T00:50:00Z', '2024-01-01T00:50:00Z', 'other', '1'));
  await eventually(
    async () => (await count("SELECT count() AS n FROM silver_ticks WHERE tenant_id = 'other'")) === 1,
  );
  const after = await shown();
  assert.deepEqual(
    after.filter((row) => row['price'] !== '1'),
    before,
  );
  const nothing = await post({
    reprocess_window: { from: '2024-01-01', to: '2024-01-02' },
    dataset: 'da_lmp',
  });
  assert.equal(nothing.body['data']?.['events'], 0);
});

test('what is not understood is refused, and names its place', async () => {
  const day = { from: '2024-01-01', to: '2024-01-01' };
  const cases: readonly (readonly [unknown, number, string])[] = [
    ['', 400, 'body'],
    ['{', 400, 'body'],
    [{}, 400, 'reprocess_window'],
    [{ reprocess_window: { from: '2024-01-01' } }, 400, 'reprocess_window.to'],
    [{ reprocess_window: { from: 'noon', to: '2024-01-01' } }, 400, 'from'],
    [{ reprocess_window: { from: '2024-01-02', to: '2024-01-01' } }, 400, 'to'],
    [{ reprocess_window: { from: '2023-01-01', to: '2024-01-01' } }, 400, 'to'],
    [{ reprocess_window: day, markt: 'MISO' }, 400, 'body'],
    ['x'.repeat(70_000), 413, 'request'],
  ];
  for (const [asked, status, field] of cases) {
    const answer = await post(asked);
    assert.deepEqual(
      [answer.status, answer.body['error']?.['field']],
      [status, field],
      JSON.stringify(asked),
    );
  }
  const got = await fetch(url);
  assert.deepEqual([got.status, got.headers.get('allow')], [405, 'POST']);
  const elsewhere = await fetch(url.replace('reprocess', 'metrics'), {
    method: 'POST',
    body: 'x'.repeat(70_000),
  });
  assert.deepEqual([elsewhere.status, elsewhere.headers.get('allow')], [405, 'GET, HEAD']);

  up.child.kill('SIGTERM');
  assert.equal((await up.ended).exit, 0);
});
