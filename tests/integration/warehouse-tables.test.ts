/** Batches through the real store and back: every column, exactly. */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { readNative } from '../../core/codec/native/native-reader.ts';
import { bigSumAt, LIMBS, sumFromWords } from '../../core/math/exact-sum.ts';
import { BAR_STATUS_NAMES, BarBatch } from '../../core/model/bar-batch.ts';
import { setBigMantissa } from '../../core/model/decimal.ts';
import { Names } from '../../core/model/names.ts';
import { Present, TickBatch } from '../../core/model/tick-batch.ts';
import { askStores } from '../../core/store/answers.ts';
import { BAR_COLUMNS, barBlocks, barsFromColumns } from '../../core/store/tables/bars.ts';
import { LATEST_COLUMNS, latestBlocks, latestFromColumns } from '../../core/store/tables/served-latest.ts';
import { SILVER_COLUMNS, silverBlocks, ticksFromColumns } from '../../core/store/tables/silver-ticks.ts';
import { TAXONOMY_COLUMNS, taxonomyBlock, taxonomyFromColumns } from '../../core/store/tables/taxonomy.ts';
import { DAY } from '../../core/time/instant.ts';
import { type ChdbWarehouse, openChdb } from '../../drivers/chdb/warehouse.ts';
import { migrateWarehouse } from '../../drivers/clickhouse/migrate.ts';

const MIGRATIONS = resolve(import.meta.dirname, '../../migrations/clickhouse');
const INTERVALS = ['1m', '5m', '1h', '1d'];

let folder: string;
let w: ChdbWarehouse;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warehouse-tables-'));
  w = openChdb(join(folder, 'warehouse'));
  await migrateWarehouse(w, MIGRATIONS, 0);
});
after(async () => {
  await w.close();
  await rm(folder, { recursive: true, force: true });
});

test('a warehouse written by a newer version is refused, one whose migration has changed too', async () => {
  const record = (name: string): Promise<void> =>
    w.execute(`INSERT INTO schema_migrations (name, checksum, applied_at) VALUES ('${name}', 'another', 5)`);
  await record('900_later');
  await assert.rejects(migrateWarehouse(w, MIGRATIONS, 6), {
    code: 'STORE_NEWER',
    message: /900_later/,
  });
  await w.execute('TRUNCATE TABLE schema_migrations');
  await record('001_init_silver');
  await assert.rejects(migrateWarehouse(w, MIGRATIONS, 6), { code: 'STORE_MIGRATION_CHANGED' });
  // Applied once more over tables that are there: harmless.
  await w.execute('TRUNCATE TABLE schema_migrations');
  assert.ok((await migrateWarehouse(w, MIGRATIONS, 7)).includes('001_init_silver'));
});

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constant('Zürich ☃'),
);
const LIMIT = 999_999_999_999_999_999n;
const mantissa = fc.oneof(
  fc.bigInt({ min: -LIMIT, max: LIMIT }),
  fc.constantFrom(0n, -1n, LIMIT, -LIMIT, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 0xffffffffn, -0x80000000n),
);
const whole = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 32, 2 ** 53));
const word = fc.oneof(fc.nat(), fc.constantFrom(0xffffffff, 0x80ff80ff));
/** Times within a few years, so that rows share days and blocks are cut. */
const time = fc.integer({ min: 1_600_000_000_000_000, max: 1_780_000_000_000_000 });
const words4 = fc.tuple(word, word, word, word);

const tickRow = fc.record({
  texts: fc.array(text, { minLength: 11, maxLength: 11 }),
  times: fc.tuple(time, time, time),
  decimals: fc.tuple(mantissa, mantissa, mantissa, mantissa),
  present: fc.nat({ max: 31 }),
  whole: fc.tuple(whole, whole),
  words: fc.tuple(word, word, word),
  id: words4,
});
type TickRow = typeof tickRow extends fc.Arbitrary<infer T> ? T : never;

/** A row's numbers differ by its index, so that no two rows share a key. */
function tickBatch(rows: readonly TickRow[], names: Names): TickBatch {
  const b = new TickBatch(names);
  b.reserve(rows.length);
  rows.forEach((row, i) => {
    const [id, market, product, location, field, unit, tenant, source, dataset, trace, topic] = row.texts;
    b.tenant[i] = names.tenants.idOf(tenant);
    b.instrument[i] = names.instruments.idOf(id, { market, product, location, field, unit });
    b.source[i] = names.sources.idOf(source);
    b.dataset[i] = names.datasets.idOf(dataset);
    b.trace[i] = names.traces.idOf(trace);
    b.srcTopic[i] = names.topics.idOf(topic);
    b.archive[i] = names.archives.idOf(trace + topic);
    b.tradeId[i] = dataset + id;
    [b.eventStart[i], b.eventEnd[i], b.knownAt[i]] = row.times;
    b.present[i] = row.present;
    const columns = [b.price, b.size, b.bid, b.ask];
    // What is absent is zero: a null in the store keeps no number.
    columns.forEach((column, k) => {
      if ((row.present & (1 << k)) !== 0) setBigMantissa(column, i, row.decimals[k]);
    });
    b.sequence[i] = (row.present & Present.SEQUENCE) === 0 ? 0 : row.whole[0];
    b.srcOffset[i] = i;
    [b.flags[i], b.srcPartition[i], b.row[i]] = row.words;
    b.id.set([i, ...row.id.slice(1)], 4 * i);
  });
  return b;
}

function tickAt(b: TickBatch, i: number): unknown {
  const { names } = b;
  const parts = names.instruments.partsOf(b.instrument[i]);
  return {
    names: [
      names.tenants.nameOf(b.tenant[i]),
      names.instruments.nameOf(b.instrument[i]),
      names.sources.nameOf(b.source[i]),
      names.datasets.nameOf(b.dataset[i]),
      names.traces.nameOf(b.trace[i]),
      names.topics.nameOf(b.srcTopic[i]),
      names.archives.nameOf(b.archive[i]),
      b.tradeId[i],
    ],
    parts,
    times: [b.eventStart[i], b.eventEnd[i], b.knownAt[i]],
    words: [b.price, b.size, b.bid, b.ask].map((c) => [c[2 * i], c[2 * i + 1]]),
    rest: [b.present[i], b.flags[i], b.sequence[i], b.srcPartition[i], b.srcOffset[i], b.row[i]],
    id: [...b.id.slice(4 * i, 4 * i + 4)],
  };
}

const allTicks = (b: TickBatch): unknown[] => Array.from({ length: b.length }, (_, i) => tickAt(b, i));

test('ticks come back as they went in, into new dictionaries', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(tickRow, { maxLength: 40 }), async (rows) => {
      const sent = tickBatch(rows, new Names());
      await w.execute('TRUNCATE TABLE silver_ticks');
      for (const block of silverBlocks(sent)) await w.insertBlock('silver_ticks', block, null);
      const columns = await w.queryColumns(`SELECT ${SILVER_COLUMNS} FROM silver_ticks ORDER BY src_offset`);
      assert.deepEqual(allTicks(ticksFromColumns(columns, new Names())), allTicks(sent));
    }),
    { numRuns: 40 },
  );
});

test('the same ticks give the same blocks, whatever ids and order they have in the process', () => {
  fc.assert(
    fc.property(
      fc.array(tickRow, { minLength: 1, maxLength: 30 }),
      fc.infiniteStream(fc.nat()),
      (rows, dice) => {
        const sent = tickBatch(rows, new Names());
        const order = Uint32Array.from(rows, (_, i) => i);
        for (let i = order.length - 1; i > 0; i--) {
          const j = (dice.next().value as number) % (i + 1);
          [order[i], order[j]] = [order[j], order[i]];
        }
        const names = new Names();
        // Other dense ids: names met in another order.
        for (const i of order) {
          const id = sent.instrument[i];
          names.instruments.idOf(sent.names.instruments.nameOf(id), sent.names.instruments.partsOf(id));
          names.tenants.idOf(sent.names.tenants.nameOf(sent.tenant[i]));
        }
        const again = tickBatch(rows, names);
        assert.deepEqual(silverBlocks(again, order), silverBlocks(sent));
      },
    ),
  );
});

test('a block lies in the order of the table key, so that the store need not sort it', () => {
  const keyOf = (b: TickBatch, i: number): string =>
    [b.eventStart[i], b.knownAt[i], b.sequence[i], b.id[4 * i]]
      .map((n) => String(n).padStart(17, '0'))
      .join();
  const names = new Names();
  const b = new TickBatch(names);
  b.reserve(500);
  for (let i = 0; i < 500; i++) {
    const dice = (i * 7919) % 500;
    b.tenant[i] = names.tenants.idOf(dice % 2 === 0 ? 'b' : 'a');
    b.instrument[i] = names.instruments.idOf(`I${9 - (dice % 3)}`, {
      market: '',
      product: '',
      location: '',
      field: '',
      unit: '',
    });
    b.eventStart[i] = 1_700_000_000_000_000 + (dice % 4);
    b.knownAt[i] = 1_700_000_000_000_000 + ((dice >> 2) % 5);
    b.sequence[i] = (dice >> 4) % 3;
    b.id[4 * i] = dice;
  }
  const back = ticksFromColumns(readNative(silverBlocks(b)[0]), names);
  const keys = Array.from({ length: 500 }, (_, i) =>
    [
      names.tenants.nameOf(back.tenant[i]),
      names.instruments.nameOf(back.instrument[i]),
      keyOf(back, i),
    ].join(),
  );
  assert.deepEqual(keys, keys.toSorted());
});

test('blocks touch at most 100 days each, and together hold every row once', async () => {
  const names = new Names();
  const rows = 1234;
  const batch = new TickBatch(names);
  batch.reserve(rows);
  for (let i = 0; i < rows; i++) {
    batch.tenant[i] = names.tenants.idOf('t');
    batch.eventStart[i] = 1_700_000_000_000_000 + ((i * 37) % 250) * DAY;
    batch.eventEnd[i] = batch.eventStart[i];
    batch.srcOffset[i] = i;
    batch.id[4 * i] = i;
  }
  const blocks = silverBlocks(batch, null);
  assert.equal(blocks.length, 3);
  await w.execute('TRUNCATE TABLE silver_repeats');
  for (const [k, block] of blocks.entries()) await w.insertBlock('silver_repeats', block, `cut${k}`);
  const [row] = await w.queryRows('SELECT count() AS n, uniqExact(src_offset) AS u FROM silver_repeats');
  assert.deepEqual(row, { n: String(rows), u: String(rows) });
  assert.deepEqual(silverBlocks(batch, new Uint32Array(0)), []);
});

const barRow = fc.record({
  texts: fc.array(text, { minLength: 9, maxLength: 9 }),
  interval: fc.nat({ max: INTERVALS.length - 1 }),
  status: fc.nat({ max: BAR_STATUS_NAMES.length - 1 }),
  times: fc.tuple(time, time, time, time, time),
  decimals: fc.tuple(mantissa, mantissa, mantissa, mantissa),
  /** Sums of up to 37 digits; limbs may run over their 32 bits. */
  sums: fc.tuple(
    fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }),
    fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }),
    fc.bigInt({ min: -(10n ** 37n), max: -1n }),
  ),
  seconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
  whole: fc.tuple(whole, whole, whole),
  words: fc.tuple(word, word),
  ids: fc.tuple(words4, words4),
});
type BarRow = typeof barRow extends fc.Arbitrary<infer T> ? T : never;

function putSum(sums: Float64Array, i: number, value: bigint): void {
  const words = new Int32Array(4);
  for (let k = 0; k < 4; k++) words[k] = Number(BigInt.asIntN(32, value >> BigInt(32 * k)));
  sumFromWords(words, 0, sums, i);
  // The same value with a limb that has run over, as a sum in the making has it.
  sums[LIMBS * i] += 4_294_967_296;
  sums[LIMBS * i + 1] -= 1;
}

function barBatch(rows: readonly BarRow[], names: Names): BarBatch {
  const b = new BarBatch(names);
  rows.forEach((row, i) => {
    b.reserve();
    const [id, market, product, location, field, unit, tenant, trace, topic] = row.texts;
    b.tenant[i] = names.tenants.idOf(tenant);
    b.instrument[i] = names.instruments.idOf(id, { market, product, location, field, unit });
    b.trace[i] = names.traces.idOf(trace);
    b.srcTopic[i] = names.topics.idOf(topic);
    b.interval[i] = row.interval;
    b.status[i] = row.status;
    [b.start[i], b.end[i], , b.openTime[i], b.closeTime[i]] = row.times;
    b.knownAt[i] = row.times[2] + i;
    [b.open, b.high, b.low, b.close].forEach((column, k) => {
      setBigMantissa(column, i, row.decimals[k]);
    });
    [b.volume, b.notional, b.priceSeconds].forEach((sums, k) => {
      putSum(sums, i, row.sums[k]);
    });
    b.seconds[i] = row.seconds;
    [b.count[i], b.openSequence[i], b.closeSequence[i]] = row.whole;
    [b.flags[i], b.srcPartition[i]] = row.words;
    b.srcOffset[i] = i;
    b.openId.set(row.ids[0], 4 * i);
    b.closeId.set(row.ids[1], 4 * i);
  });
  return b;
}

function barAt(b: BarBatch, i: number): unknown {
  const { names } = b;
  return {
    names: [
      names.tenants.nameOf(b.tenant[i]),
      names.instruments.nameOf(b.instrument[i]),
      names.traces.nameOf(b.trace[i]),
      names.topics.nameOf(b.srcTopic[i]),
    ],
    parts: names.instruments.partsOf(b.instrument[i]),
    times: [b.start[i], b.end[i], b.knownAt[i], b.openTime[i], b.closeTime[i]],
    words: [b.open, b.high, b.low, b.close].map((c) => [c[2 * i], c[2 * i + 1]]),
    sums: [b.volume, b.notional, b.priceSeconds].map((s) => bigSumAt(s, i)),
    rest: [b.interval[i], b.status[i], b.seconds[i], b.count[i], b.flags[i]],
    order: [b.openSequence[i], b.closeSequence[i], b.srcPartition[i], b.srcOffset[i]],
    ids: [[...b.openId.slice(4 * i, 4 * i + 4)], [...b.closeId.slice(4 * i, 4 * i + 4)]],
  };
}

const allBars = (b: BarBatch): unknown[] => Array.from({ length: b.length }, (_, i) => barAt(b, i));

test('bars come back as they went in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(barRow, { maxLength: 30 }), async (rows) => {
      const sent = barBatch(rows, new Names());
      await w.execute('TRUNCATE TABLE bars');
      for (const block of barBlocks(sent, INTERVALS, '{"policy":"é"}'))
        await w.insertBlock('bars', block, null);
      const columns = await w.queryColumns(`SELECT ${BAR_COLUMNS} FROM bars ORDER BY src_offset`);
      assert.deepEqual(allBars(barsFromColumns(columns, INTERVALS, new Names())), allBars(sent));
    }),
    { numRuns: 40 },
  );
});

test('an interval that is not configured is an error, not another interval', async () => {
  await w.execute('TRUNCATE TABLE bars');
  const row = fc.sample(barRow, { numRuns: 1, seed: 1 })[0];
  for (const block of barBlocks(barBatch([row], new Names()), INTERVALS, ''))
    await w.insertBlock('bars', block, null);
  const columns = await w.queryColumns(`SELECT ${BAR_COLUMNS} FROM bars`);
  assert.throws(() => barsFromColumns(columns, ['2h'], new Names()), { code: 'STORE_REFUSED' });
});

test('bars of intervals that policy has dropped are left out of what stages ask for', async () => {
  await w.execute('TRUNCATE TABLE bars');
  const [sample] = fc.sample(barRow, { numRuns: 1, seed: 1 });
  const rows = INTERVALS.map((_, interval) => ({
    ...sample,
    interval,
    status: BAR_STATUS_NAMES.indexOf('final'),
  }));
  const sent = barBatch(rows, new Names());
  for (const block of barBlocks(sent, INTERVALS, '')) await w.insertBlock('bars', block, null);
  const left = ['1d', '5m'];
  const [answer] = await askStores(
    w,
    null,
    new Names(),
    left,
  )([{ kind: 'bars', tenant: sample.texts[6], instruments: [], from: -Infinity, to: Infinity }]);
  assert.ok(answer.kind === 'bars');
  const { bars } = answer;
  assert.deepEqual([...bars.interval.subarray(0, bars.length)].map((k) => left[k]).sort(), left);
});

test('served values come back as they went in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(tickRow, { maxLength: 20 }), async (rows) => {
      // One row per instrument: the table keeps only the last.
      const unique = rows.map((row, i) => ({
        ...row,
        texts: [`${i}:${row.texts[0]}`, ...row.texts.slice(1)],
      }));
      const sent = tickBatch(unique, new Names());
      const gone = Uint8Array.from(unique, (_, i) => i % 2);
      await w.execute('TRUNCATE TABLE served_latest');
      for (const block of latestBlocks(sent, gone)) await w.insertBlock('served_latest', block, null);
      const columns = await w.queryColumns(
        `SELECT ${LATEST_COLUMNS} FROM served_latest FINAL ORDER BY src_offset`,
      );
      const back = latestFromColumns(columns, new Names());
      assert.deepEqual(allTicks(back.ticks), allTicks(sent));
      assert.deepEqual(back.gone, gone);
    }),
    { numRuns: 20 },
  );
});

test('taxonomy entries come back, the highest version of each', async () => {
  const entry = {
    instrumentId: 'Ä',
    commodity: 'power',
    region: 'é',
    productTier: 'DA',
    tags: ['a', '☃'],
    confidence: 0.7,
  };
  await w.insertBlock('taxonomy', taxonomyBlock('t', [{ ...entry, region: 'old' }], 1), 'a');
  await w.insertBlock(
    'taxonomy',
    taxonomyBlock('t', [entry, { ...entry, instrumentId: 'B', tags: [] }], 2),
    'b',
  );
  const columns = await w.queryColumns(
    `SELECT ${TAXONOMY_COLUMNS} FROM taxonomy FINAL ORDER BY instrument_id`,
  );
  assert.deepEqual(taxonomyFromColumns(columns), [
    { entry: { ...entry, instrumentId: 'B', tags: [] }, version: 2 },
    { entry, version: 2 },
  ]);
});
