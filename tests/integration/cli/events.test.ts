/** Events that producers write to a raw topic themselves, while `up` runs: both JSON forms, and a broken record. */

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { carbon, daemon, linesOf, newFolder, type Row, rowsOf } from './carbon.ts';
import { appendRaw, tradeAt } from './raw-record.ts';

const TOPIC = 'ingestion.miso.raw.v1';
const data = newFolder();
before(() => daemon(data));

const nested = (tenant: string, price: string): string =>
  tradeAt('2024-01-01T00:00:01Z', '2024-01-01T00:00:00Z', tenant, price);

const flat = (price: string): string => `{
  "event_id": "1", "occurred_at": "2024-01-01T00:05:01Z", "tenant_id": "default", "schema_version": "1.0.0",
  "producer": "desk",
  "payload": {"source": "desk", "market": "MISO", "dataset": "trade", "location": null, "series": "NG_HH_BALMO",
    "source_time": "t", "interval_start": "2024-01-01T00:05:00Z", "interval_end": "2024-01-01T00:05:00Z",
    "values": [{"field": "price", "value": "${price}", "unit": "USD"}, {"field": "volume", "value": "7", "unit": ""}]}}`;

const append = (text: string, partition = 0): Promise<number> => appendRaw(data, TOPIC, partition, text);

/** Rows of a command, asked again until they are as wanted; the last ones after ten seconds. */
async function eventually(args: readonly string[], isDone: (rows: Row[]) => boolean): Promise<Row[]> {
  for (let tries = 0; ; tries++) {
    const { stdout } = await carbon(['--data', data, '--json', ...args]);
    const rows = linesOf(stdout);
    if (isDone(rows) || tries === 25) return rows;
    await new Promise((done) => setTimeout(done, 100));
  }
}

test('the nested form is served with price, volume, bid and ask, under its tenant', async () => {
  await append(nested('tenant_1', '2.5500'));
  const [row] = await eventually(
    ['--tenant', 'tenant_1', 'latest', 'NG_HH_BALMO'],
    (rows) => rows.length > 0,
  );
  assert.deepEqual(
    [row?.['price'], row?.['volume'], row?.['bid'], row?.['ask'], row?.['ts']],
    ['2.55', '1000', '2.5', '2.6', '2024-01-01T00:00:00Z'],
  );
  assert.equal(
    (await carbon(['--data', data, 'latest', 'NG_HH_BALMO'])).exit,
    5,
    'another tenant sees nothing',
  );
  // The record stands in the log as it was written, digits and all.
  const { stdout } = await carbon(['--data', data, 'tap', TOPIC, '--limit', '1']);
  assert.match(stdout, /"price":2\.5500,"volume":1000,"bid":2\.50/);
  const [bar] = await eventually(
    ['--tenant', 'tenant_1', 'bars', 'NG_HH_BALMO', '--interval', '1d'],
    (r) => r.length > 0,
  );
  assert.deepEqual([bar?.['open'], bar?.['volume'], Number(bar?.['trade_count'])], ['2.55', '1000', 1]);
});

test('the flat form is served, and the newer event is the latest', async () => {
  await append(nested('default', '2.55'));
  await append(flat('2.61'));
  const [row] = await eventually(['latest', 'NG_HH_BALMO'], ([first]) => first?.['price'] === '2.61');
  assert.deepEqual([row?.['price'], row?.['volume'], row?.['ts']], ['2.61', '7', '2024-01-01T00:05:00Z']);
});

test('a broken record goes to the dead letters with its bytes and its position, and the rest goes on', async () => {
  const broken = '{"payload": {"market": "MISO", "raw_data": {"price": 1';
  const offset = await append(broken, 1);
  await append(nested('after', '3.10'), 1);
  const letters = await eventually(
    ['tap', 'processing.deadletter.normalization.v1'],
    (rows) => rows.length > 0,
  );
  assert.equal(letters.length, 1);
  const letter = (letters[0]['value'] as Row)['payload'] as Row;
  const shown = JSON.stringify(letter);
  assert.ok(shown.includes('EVENT_UNDECODABLE'), shown);
  assert.ok(Object.values(letter).includes(broken), shown);
  assert.deepEqual(
    [letter['source_topic'], letter['source_partition'], letter['source_offset']],
    [TOPIC, 1, offset],
  );
  const rows = await eventually(['--tenant', 'after', 'latest', 'NG_HH_BALMO'], (found) => found.length > 0);
  assert.equal(rows[0]?.['price'], '3.1');
  assert.deepEqual(
    (await rowsOf(data, 'doctor')).filter((r) => r['status'] === 'fail'),
    [],
  );
});
