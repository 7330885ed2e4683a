/** What the views of the store answer: current, as of a time, history, served. */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { readNative } from '../../core/codec/native/native-reader.ts';
import { addProductToSum, addToSum, setBigSum } from '../../core/math/exact-sum.ts';
import { BAR_STATUS_NAMES, BarBatch, BarStatus } from '../../core/model/bar-batch.ts';
import { formatScaled, setBigMantissa } from '../../core/model/decimal.ts';
import { Names } from '../../core/model/names.ts';
import { Flag, flagNames } from '../../core/model/quality-flags.ts';
import { RollingBatch, RollingStatus } from '../../core/model/rolling-batch.ts';
import { Present, TickBatch } from '../../core/model/tick-batch.ts';
import { barBlocks } from '../../core/store/tables/bars.ts';
import { rollingBlocks } from '../../core/store/tables/rolling-metrics.ts';
import { latestBlocks } from '../../core/store/tables/served-latest.ts';
import { silverBlocks } from '../../core/store/tables/silver-ticks.ts';
import { taxonomyBlock } from '../../core/store/tables/taxonomy.ts';
import { formatInstant, HOUR, MINUTE } from '../../core/time/instant.ts';
import { type ChdbWarehouse, openChdb } from '../../drivers/chdb/warehouse.ts';
import { migrateWarehouse } from '../../drivers/clickhouse/migrate.ts';

const INTERVALS = ['1m', '5m', '1h', '1d'];
const T0 = 1_767_225_600_000_000;
const storeTime = (at: number): string => formatInstant(at).replace('T', ' ').replace('Z', '');

let folder: string;
let w: ChdbWarehouse;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warehouse-views-'));
  w = openChdb(join(folder, 'warehouse'));
  await migrateWarehouse(w, resolve(import.meta.dirname, '../../migrations/clickhouse'), 0);
});
after(async () => {
  await w.close();
  await rm(folder, { recursive: true, force: true });
});

const parts = { market: 'NYISO', product: 'DA', location: 'CAPITL', field: 'lmp', unit: 'USD/MWh' };

interface Bar {
  readonly instrument?: string;
  readonly interval?: string;
  readonly start?: number;
  readonly knownAt: number;
  readonly status?: BarStatus;
  readonly close?: bigint;
  readonly trades?: readonly (readonly [price: bigint, size: bigint])[];
  readonly seconds?: number;
  readonly priceSeconds?: bigint;
  readonly offset: number;
}

async function insertBars(tenant: string, bars: readonly Bar[]): Promise<void> {
  const names = new Names();
  const b = new BarBatch(names);
  const words = new Int32Array(4);
  for (const bar of bars) {
    const i = b.reserve();
    b.tenant[i] = names.tenants.idOf(tenant);
    b.instrument[i] = names.instruments.idOf(bar.instrument ?? 'I', parts);
    b.interval[i] = INTERVALS.indexOf(bar.interval ?? '1h');
    b.start[i] = bar.start ?? T0;
    b.end[i] = b.start[i] + HOUR;
    b.knownAt[i] = bar.knownAt;
    b.status[i] = bar.status ?? BarStatus.final;
    setBigMantissa(b.close, i, bar.close ?? 0n);
    for (const [price, size] of bar.trades ?? []) {
      setBigMantissa(words, 0, price);
      setBigMantissa(words, 1, size);
      addToSum(b.volume, i, words, 1);
      addProductToSum(b.notional, i, words, 0, words, 1);
      b.count[i]++;
    }
    if (bar.priceSeconds !== undefined) {
      setBigMantissa(words, 0, bar.priceSeconds);
      addToSum(b.priceSeconds, i, words, 0);
    }
    b.seconds[i] = bar.seconds ?? 0;
    b.srcOffset[i] = bar.offset;
    // One block for each row: nothing is merged before the store's own merge or FINAL.
    const single = new BarBatch(names);
    single.append(b, i);
    for (const block of barBlocks(single, INTERVALS, '{}')) await w.insertBlock('bars', block, null);
  }
}

/** Whole-number division, halves to the even digit. */
function divideHalfEven(up: bigint, by: bigint): bigint {
  const negative = up < 0n !== by < 0n;
  const [u, d] = [up < 0n ? -up : up, by < 0n ? -by : by];
  let q = u / d;
  const twice = 2n * (u - q * d);
  if (twice > d || (twice === d && q % 2n === 1n)) q++;
  return negative ? -q : q;
}

test('a bar is its newest revision; history counts them; as of a time it is what was known', async () => {
  await insertBars('t1', [
    { knownAt: T0, status: BarStatus.provisional, close: 1n, offset: 1 },
    { knownAt: T0 + 10, status: BarStatus.final, close: 2n, offset: 2 },
    { knownAt: T0 + 20, status: BarStatus.revised, close: 3n, offset: 3 },
    // The same key again from a later position: the later one counts.
    { knownAt: T0 + 20, status: BarStatus.revised, close: 4n, offset: 4 },
    { knownAt: T0 + 30, status: BarStatus.revised, close: 5n, offset: 5 },
    { knownAt: T0 + 30, status: BarStatus.retracted, close: 5n, offset: 6 },
  ]);
  const current = await w.queryRows(
    "SELECT close_price, revision, status FROM bars_1h WHERE tenant_id = 't1'",
  );
  assert.deepEqual(current, [{ close_price: '0.00000004', revision: '2', status: 'revised' }]);
  const history = await w.queryRows(
    "SELECT close_price AS c, revision AS r FROM bars_history WHERE tenant_id = 't1' ORDER BY r",
  );
  assert.deepEqual(history, [
    { c: '0.00000002', r: '1' },
    { c: '0.00000004', r: '2' },
  ]);
  const asOf = (at: number) =>
    w.queryRows(
      "SELECT close_price AS c, revision AS r, status FROM bars_as_of(as_of = {at:String}) WHERE tenant_id = 't1'",
      { at: storeTime(at) },
    );
  assert.deepEqual(await asOf(T0 - 1), []);
  assert.deepEqual(await asOf(T0), [{ c: '0.00000001', r: '1', status: 'provisional' }]);
  assert.deepEqual(await asOf(T0 + 19), [{ c: '0.00000002', r: '1', status: 'final' }]);
  assert.deepEqual(await asOf(T0 + 20), [{ c: '0.00000004', r: '2', status: 'revised' }]);
  assert.deepEqual(await w.queryRows("SELECT * FROM bars_5m WHERE tenant_id = 't1'"), []);
});

test('a window that was emptied has no bar, until it has values again', async () => {
  await insertBars('t2', [
    { knownAt: T0, close: 1n, offset: 1 },
    { knownAt: T0 + 1, status: BarStatus.empty, offset: 2 },
    { knownAt: T0, close: 7n, start: T0 + HOUR, offset: 3 },
  ]);
  const closes = async () =>
    (
      await w.queryRows(
        "SELECT close_price AS c, revision AS r FROM bars_1h WHERE tenant_id = 't2' ORDER BY interval_start",
      )
    ).map((row) => `${row['c']} ${row['r']}`);
  assert.deepEqual(await closes(), ['0.00000007 1']);
  await insertBars('t2', [{ knownAt: T0 + 2, status: BarStatus.revised, close: 2n, offset: 4 }]);
  assert.deepEqual(await closes(), ['0.00000002 3', '0.00000007 1']);
});

interface Metric {
  readonly knownAt: number;
  readonly status?: RollingStatus;
  readonly bars?: number;
  readonly mean?: bigint;
  /** Four figures: VWAP, deviation, score, changes. */
  readonly figures?: readonly (bigint | null)[];
  readonly offset: number;
}

async function insertRolling(tenant: string, metrics: readonly Metric[]): Promise<void> {
  const names = new Names();
  for (const metric of metrics) {
    const b = new RollingBatch(names);
    const i = b.reserve();
    b.tenant[i] = names.tenants.idOf(tenant);
    b.instrument[i] = names.instruments.idOf('I', parts);
    b.interval[i] = INTERVALS.indexOf('1h');
    b.start[i] = T0;
    b.end[i] = T0 + 3 * HOUR;
    b.knownAt[i] = metric.knownAt;
    b.status[i] = metric.status ?? RollingStatus.final;
    b.bars[i] = metric.bars ?? 3;
    b.expected[i] = 3;
    setBigMantissa(b.mean, i, metric.mean ?? 0n);
    const columns = [b.vwap, b.deviation, b.score, b.rmsChange];
    (metric.figures ?? []).forEach((figure, k) => {
      if (figure === null) return;
      b.present[i] |= 1 << k;
      setBigSum(columns[k], i, figure);
    });
    b.srcOffset[i] = metric.offset;
    for (const block of rollingBlocks(b, { intervals: INTERVALS, windows: ['3h'] }, '{}'))
      await w.insertBlock('rolling_metrics', block, null);
  }
}

test('rolling metrics: the newest revision, history, as of a time; taken back and emptied ones are not seen', async () => {
  const wide = 123_456_789_012_345_678_901_234_567n;
  await insertRolling('r1', [
    { knownAt: T0 + 10, bars: 2, mean: 5n, figures: [null, 7n, -wide, 8n], offset: 1 },
    { knownAt: T0 + 20, status: RollingStatus.revised, mean: 6n, offset: 2 },
    { knownAt: T0 + 20, status: RollingStatus.revised, mean: -250_000_000n, figures: [wide], offset: 3 },
    { knownAt: T0 + 30, status: RollingStatus.revised, mean: 9n, offset: 4 },
    { knownAt: T0 + 30, status: RollingStatus.retracted, offset: 5 },
  ]);
  const columns = 'sma, vwap, stddev, zscore, rms_change, is_full, revision AS r, status';
  const rowsOf = (view: string): Promise<unknown[]> =>
    w.queryRows(`SELECT ${columns} FROM ${view} WHERE tenant_id = 'r1' ORDER BY known_at`);
  const first = {
    ...{ sma: '0.00000005', vwap: null, stddev: '0.00000007', zscore: formatScaled(-wide, 8) },
    ...{ rms_change: '0.00000008', is_full: 0, r: '1', status: 'final' },
  };
  const second = {
    ...{ sma: '-2.5', vwap: formatScaled(wide, 8), stddev: null, zscore: null, rms_change: null },
    ...{ is_full: 1, r: '2', status: 'revised' },
  };
  assert.deepEqual(await rowsOf('rolling_metrics_current'), [second]);
  assert.deepEqual(await rowsOf('rolling_metrics_history'), [first, second]);
  const asOf = (at: number) => rowsOf(`rolling_metrics_as_of(as_of = '${storeTime(at)}')`);
  assert.deepEqual(await asOf(T0 + 9), []);
  assert.deepEqual(await asOf(T0 + 19), [first]);
  assert.deepEqual(await asOf(T0 + 31), [second]);
  await insertRolling('r1', [{ knownAt: T0 + 40, status: RollingStatus.empty, bars: 0, offset: 6 }]);
  assert.deepEqual(await rowsOf('rolling_metrics_current'), []);
  assert.deepEqual(await asOf(T0 + 39), [second]);
});

test('rolling metrics of many months make blocks of at most a hundred partitions', () => {
  const names = new Names();
  const b = new RollingBatch(names);
  for (let month = 0; month < 150; month++) {
    const i = b.reserve();
    b.tenant[i] = names.tenants.idOf('r2');
    b.instrument[i] = names.instruments.idOf('I', parts);
    b.interval[i] = 2;
    b.end[i] = T0 - month * 31 * 24 * HOUR;
    b.start[i] = b.end[i] - HOUR;
    b.status[i] = RollingStatus.final;
  }
  const blocks = rollingBlocks(b, { intervals: INTERVALS, windows: ['3h'] }, '{}');
  const months = blocks.map((block) => {
    const ends = readNative(block).numbers('window_end');
    return new Set([...ends].map((end) => formatInstant(end).slice(0, 7))).size;
  });
  assert.equal(months[0], 100);
  assert.equal(
    blocks.reduce((sum, block) => sum + readNative(block).rows, 0),
    150,
  );
});

test('VWAP and TWAP are exact quotients, halves to the even digit', async () => {
  const price = fc.oneof(
    fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }),
    fc.bigInt({ min: -20n, max: 20n }),
  );
  const size = fc.oneof(fc.bigInt({ min: 1n, max: 10n ** 14n }), fc.bigInt({ min: 1n, max: 8n }));
  const bar = fc.record({
    trades: fc.array(fc.tuple(price, size), { maxLength: 3 }),
    priceSeconds: price,
    micros: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 86_400_000_000 }),
      fc.integer({ min: 1, max: 24 }).map((n) => n * 1_000_000),
    ),
  });
  const bars = fc.sample(bar, { numRuns: 150, seed: 7 });
  await insertBars(
    't3',
    bars.map((b, i) => ({
      trades: b.trades,
      priceSeconds: b.priceSeconds,
      seconds: b.micros / 1e6,
      start: T0 + i * HOUR,
      knownAt: T0,
      offset: i,
    })),
  );
  const rows = await w.queryRows(
    "SELECT vwap, twap FROM bars_1h WHERE tenant_id = 't3' ORDER BY interval_start",
  );
  const expected = bars.map(({ trades, priceSeconds, micros }) => {
    const volume = trades.reduce((sum, [, s]) => sum + s, 0n);
    const notional = trades.reduce((sum, [p, s]) => sum + p * s, 0n);
    return {
      vwap: volume === 0n ? null : formatScaled(divideHalfEven(notional, volume), 8),
      twap: micros === 0 ? null : formatScaled(divideHalfEven(priceSeconds * 1_000_000n, BigInt(micros)), 8),
    };
  });
  assert.deepEqual(rows, expected);
  for (const view of ['bars_history', "bars_as_of(as_of = '2100-01-01')"])
    assert.deepEqual(
      await w.queryRows(`SELECT vwap, twap FROM ${view} WHERE tenant_id = 't3' ORDER BY interval_start`),
      expected,
    );
});

interface Tick {
  readonly instrument?: string;
  readonly start?: number;
  readonly end?: number;
  readonly knownAt: number;
  readonly price: bigint | null;
  readonly id?: readonly number[];
  readonly flags?: number;
  readonly tradeId?: string;
  readonly sequence?: number;
  readonly offset: number;
}

function ticksOf(tenant: string, ticks: readonly Tick[]): TickBatch {
  const names = new Names();
  const b = new TickBatch(names);
  b.reserve(ticks.length);
  ticks.forEach((tick, i) => {
    b.tenant[i] = names.tenants.idOf(tenant);
    b.instrument[i] = names.instruments.idOf(tick.instrument ?? 'I', parts);
    b.eventStart[i] = tick.start ?? T0;
    b.eventEnd[i] = tick.end ?? b.eventStart[i] + HOUR;
    b.knownAt[i] = tick.knownAt;
    if (tick.price !== null) {
      b.present[i] |= Present.PRICE;
      setBigMantissa(b.price, i, tick.price);
    }
    if (tick.sequence !== undefined) {
      b.present[i] |= Present.SEQUENCE;
      b.sequence[i] = tick.sequence;
    }
    b.flags[i] = tick.flags ?? 0;
    b.tradeId[i] = tick.tradeId ?? '';
    b.id.set(tick.id ?? [i, 0, 0, 0], 4 * i);
    b.srcOffset[i] = tick.offset;
  });
  return b;
}

async function insertTicks(tenant: string, ticks: readonly Tick[]): Promise<void> {
  for (const block of silverBlocks(ticksOf(tenant, ticks))) await w.insertBlock('silver_ticks', block, null);
}

test('silver_current holds the newest version of each value; equal times go by event id as its text orders it', async () => {
  await insertTicks('s1', [
    { knownAt: T0, price: 1n, offset: 1 },
    { knownAt: T0 + 5, price: 2n, offset: 2, id: [1, 0, 0xffffffff, 0] },
    { knownAt: T0 + 5, price: 3n, offset: 3, id: [2, 0, 0, 0] },
    { knownAt: T0, price: 10n, offset: 4, tradeId: 'a', sequence: 1 },
    // A trade keeps its identity when its sequence number changes.
    { knownAt: T0 + 1, price: 11n, offset: 5, tradeId: 'a', sequence: 2 },
    { knownAt: T0, price: 20n, offset: 6, sequence: 1 },
    { knownAt: T0, price: 21n, offset: 7, sequence: 0 },
    { knownAt: T0, price: 30n, offset: 8, tradeId: 'b' },
    { knownAt: T0 + 9, price: null, offset: 9, tradeId: 'b', flags: Flag.CANCELLED },
  ]);
  const prices = async (from: string, at = '') =>
    (await w.queryRows(`SELECT price FROM ${from} WHERE tenant_id = 's1' ORDER BY price`, { at })).map(
      (r) => r['price'],
    );
  const text = (...values: number[]) =>
    values.map((v) => `0.${String(v).padStart(8, '0')}`.replace(/0+$/, ''));
  assert.deepEqual(await prices('silver_current'), text(3, 11, 20, 21));
  assert.deepEqual(
    await prices('silver_as_of(as_of = {at:String})', storeTime(T0 + 4)),
    text(1, 11, 20, 21, 30),
  );
  assert.deepEqual(await prices('silver_as_of(as_of = {at:String})', storeTime(T0 - 1)), []);
});

test('quality flags read in the store as they do in the program', async () => {
  const bits = Object.values(Flag).filter((bit) => bit !== Flag.CANCELLED);
  const all = bits.reduce((sum, bit) => sum | bit, 0);
  const flags = [0, all, ...bits];
  await insertTicks(
    's2',
    flags.map((f, i) => ({ knownAt: T0, start: T0 + i * MINUTE, price: 0n, flags: f, offset: i })),
  );
  const rows = await w.queryRows(
    "SELECT quality_flags AS q FROM silver_current WHERE tenant_id = 's2' ORDER BY ts",
  );
  assert.deepEqual(
    rows.map((r) => r['q']),
    flags.map((f) => flagNames(f)),
  );
});

test('in delivery is the value whose interval holds the time, as known then', async () => {
  const at = (now: number) =>
    w.queryRows(
      "SELECT instrument_id AS i, price AS p FROM served_in_delivery(now = {now:String}, as_of = {now:String}) WHERE tenant_id = 's3'",
      {
        now: storeTime(now),
      },
    );
  await insertTicks('s3', [
    { knownAt: T0 - HOUR, price: 1n, offset: 1 },
    { knownAt: T0 - HOUR, start: T0 + HOUR, price: 2n, offset: 2 },
    { knownAt: T0 + 30 * MINUTE, price: 3n, offset: 3 },
    { knownAt: T0 - HOUR, price: 4n, offset: 4, instrument: 'J' },
    { knownAt: T0 + 40 * MINUTE, price: null, offset: 5, instrument: 'J', flags: Flag.CANCELLED },
    // A reading at an instant holds no time.
    { knownAt: T0, end: T0, price: 9n, offset: 6, instrument: 'K' },
  ]);
  assert.deepEqual(await at(T0 - 1), []);
  assert.deepEqual(await at(T0), [
    { i: 'I', p: '0.00000001' },
    { i: 'J', p: '0.00000004' },
  ]);
  assert.deepEqual(await at(T0 + 45 * MINUTE), [{ i: 'I', p: '0.00000003' }]);
  assert.deepEqual(await at(T0 + HOUR), [{ i: 'I', p: '0.00000002' }]);
  assert.deepEqual(await at(T0 + 2 * HOUR), []);
});

test('served_latest_prices holds the last row per instrument, and none of those gone', async () => {
  const put = async (ticks: readonly Tick[], gone: readonly number[]) => {
    for (const block of latestBlocks(ticksOf('s4', ticks), Uint8Array.from(gone)))
      await w.insertBlock('served_latest', block, null);
  };
  await put(
    [
      { knownAt: T0, price: 2n, offset: 5 },
      { knownAt: T0, price: 3n, offset: 6, instrument: 'J' },
    ],
    [0, 0],
  );
  await put([{ knownAt: T0, price: 1n, offset: 4 }], [0]);
  await put([{ knownAt: T0, price: null, offset: 7, instrument: 'J' }], [1]);
  const rows = await w.queryRows(
    "SELECT instrument_id AS i, price AS p FROM served_latest_prices WHERE tenant_id = 's4'",
  );
  assert.deepEqual(rows, [{ i: 'I', p: '0.00000002' }]);
});

test('enriched_ticks joins the newest taxonomy; ticks without an entry stay', async () => {
  await insertTicks('s5', [
    { knownAt: T0, price: 1n, offset: 1 },
    { knownAt: T0, price: 2n, offset: 2, instrument: 'unknown' },
  ]);
  const entry = {
    instrumentId: 'I',
    commodity: 'power',
    region: 'NY',
    productTier: 'day-ahead',
    tags: ['x'],
    confidence: 1,
  };
  await w.insertBlock('taxonomy', taxonomyBlock('s5', [{ ...entry, commodity: 'gas' }], 1), null);
  await w.insertBlock('taxonomy', taxonomyBlock('s5', [entry], 2), null);
  await w.insertBlock('taxonomy', taxonomyBlock('other', [{ ...entry, commodity: 'wrong' }], 9), null);
  const rows = await w.queryRows(
    "SELECT instrument_id AS i, commodity AS c, tags AS t, confidence AS f FROM enriched_ticks WHERE tenant_id = 's5' ORDER BY i",
  );
  assert.deepEqual(rows, [
    { i: 'I', c: 'power', t: ['x'], f: 1 },
    { i: 'unknown', c: '', t: [], f: 0 },
  ]);
});

test('the views read one instrument and not the table', async () => {
  await w.execute(`INSERT INTO silver_ticks (tenant_id, instrument_id, ts, known_at, event_id, src_offset)
    SELECT 's6', toString(number % 50), toDateTime64('2026-01-01', 6, 'UTC') + intDiv(number, 50) AS ts, ts, generateUUIDv4(number), number
    FROM numbers(1000000) SETTINGS max_partitions_per_insert_block = 1000`);
  for (const view of ['silver_current', "silver_as_of(as_of = '2027-01-01')"]) {
    const plan = await w.queryRows(
      `EXPLAIN indexes = 1 SELECT * FROM ${view} WHERE tenant_id = 's6' AND instrument_id = '7' AND ts < '2026-01-01 02:00:00'`,
    );
    const granules = plan
      .map((r) => /Granules: (\d+)\/(\d+)/.exec(String(r['explain'])))
      .filter((m) => m !== null);
    const read = Math.min(...granules.map((m) => Number(m[1])));
    const all = Math.max(...granules.map((m) => Number(m[2])));
    assert.ok(all > 50 && read <= 4, `${view} reads ${read} of ${all} granules`);
  }
});

test('status names are those the views know', () => {
  assert.deepEqual(BAR_STATUS_NAMES, ['provisional', 'final', 'revised', 'empty', 'retracted']);
});
