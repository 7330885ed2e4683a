import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { partitionOf } from '../../../core/codec/kafka/partition.ts';
import { decodeEnriched, encodeEnriched } from '../../../core/codec/topics/enriched.ts';
import { decodeLatest, decodeTicks, encodeLatest, encodeTicks } from '../../../core/codec/topics/ticks.ts';
import { Names } from '../../../core/model/names.ts';
import type { TickBatch } from '../../../core/model/tick-batch.ts';
import {
  asSlice,
  avscType,
  type Event,
  framed,
  fromAvsc,
  recordsOf,
  sliceOf,
  tickEvent,
  tickRows,
  ticksOf,
  toAvsc,
} from './events.ts';

const NORMALIZED = 'events/avro/normalized.market.ticks.v1.avsc';
const events = (b: TickBatch): Event[] => Array.from({ length: b.length }, (_, i) => tickEvent(b, i, 'test'));
const sorted = (list: readonly Event[]): string[] => list.map((e) => JSON.stringify(e, asText)).sort();
const asText = (_k: string, v: unknown): unknown => (typeof v === 'bigint' ? `${v}n` : v);

for (const [file, encode, decode] of [
  [NORMALIZED, encodeTicks, decodeTicks],
  ['events/avro/served.market.latest_prices.v1.avsc', encodeLatest, decodeLatest],
] as const) {
  const type = avscType(file);

  test(`${file}: avsc reads what we write, and every column comes back`, () => {
    fc.assert(
      fc.property(tickRows, fc.integer({ min: 1, max: 5 }), (rows, partitions) => {
        const batch = ticksOf(new Names(), rows);
        const encoded = encode(batch, 7, partitions, 'test');
        const read: Event[] = [];
        const back: Event[] = [];
        for (const part of encoded) {
          assert.equal(part.count, recordsOf(part.batch).length);
          for (const { key, value, ms } of recordsOf(part.batch)) {
            assert.deepEqual([...value.subarray(0, 5)], [0, 0, 0, 0, 7]);
            const event = fromAvsc(type, value.subarray(5));
            read.push(event);
            const { location, instrument_id, market } = event.payload;
            assert.equal(
              key,
              `${event['tenant_id']}|${market}|${location === '' ? instrument_id : location}`,
            );
            assert.equal(partitionOf(Buffer.from(key), partitions), part.partition);
            assert.equal(ms, Math.floor((event['occurred_at'] as number) / 1000));
          }
          const slice = asSlice(part, 1000);
          const decoded = decode(slice, slice.from, slice.to, new Names());
          assert.deepEqual(decoded.rejected, []);
          back.push(...events(decoded.batch));
        }
        assert.deepEqual(sorted(read), sorted(events(batch)));
        assert.deepEqual(sorted(back), sorted(events(batch)));
      }),
    );
  });

  test(`${file}: we read what avsc writes`, () => {
    fc.assert(
      fc.property(tickRows, (rows) => {
        const expected = events(ticksOf(new Names(), rows));
        if (expected.length === 0) return;
        const slice = sliceOf(expected.map((e) => framed(toAvsc(type, e))));
        const { batch, rejected } = decode(slice, 0, expected.length, new Names());
        assert.deepEqual(rejected, []);
        assert.deepEqual(events(batch), expected);
      }),
    );
  });
}

const sample = (): TickBatch =>
  ticksOf(new Names(), fc.sample(tickRows, { numRuns: 1, seed: 11 })[0]?.slice(0, 3) ?? []);

test('only records of the range asked for are read, and order is kept', () => {
  const batch = ticksOf(
    new Names(),
    fc.sample(
      tickRows.filter((r) => r.length > 6),
      { numRuns: 1, seed: 5 },
    )[0],
  );
  const [part] = encodeTicks(batch, 1, 1, 'test');
  const slice = asSlice(part, 40);
  const { batch: back } = decodeTicks(slice, 42, 45, new Names());
  assert.deepEqual(events(back), events(batch).slice(2, 5));
});

test('batches are cut at the size asked for', () => {
  const batch = ticksOf(
    new Names(),
    fc.sample(
      tickRows.filter((r) => r.length > 9),
      { numRuns: 1, seed: 6 },
    )[0],
  );
  const parts = encodeTicks(batch, 1, 1, 'test', 1000);
  assert.ok(parts.length > 1);
  assert.equal(
    parts.reduce((n, p) => n + p.count, 0),
    batch.length,
  );
  for (const p of parts) assert.ok(p.count === 1 || p.batch.length <= 1000);
});

test('batches never part the ticks of one raw event', () => {
  const batch = ticksOf(
    new Names(),
    fc.sample(
      tickRows.filter((r) => r.length > 9),
      { numRuns: 1, seed: 6 },
    )[0],
  );
  batch.srcTopic.fill(batch.srcTopic[0]);
  for (let i = 0; i < batch.length; i++) batch.srcOffset[i] = Math.floor(i / 3);
  const parts = encodeTicks(batch, 1, 1, 'test', 1000);
  assert.ok(parts.length > 1);
  const offsets = parts.map((part) => [
    ...new Set(
      decodeTicks(asSlice(part), 0, part.count, new Names()).batch.srcOffset.subarray(0, part.count),
    ),
  ]);
  assert.deepEqual(
    offsets.flat(),
    Array.from({ length: Math.ceil(batch.length / 3) }, (_, event) => event),
  );
});

test('trace headers: both when the trace is 32 hex digits, trace_id alone otherwise, none without a trace', () => {
  const names = new Names();
  const rows = fc
    .sample(
      tickRows.filter((r) => r.length > 2),
      { numRuns: 1, seed: 7 },
    )[0]
    .slice(0, 3);
  const traces = ['0af7651916cd43dd8448eb211c80319c', 'job-7', ''];
  const batch = ticksOf(
    names,
    rows.map((row, i) => ({ ...row, trace: traces[i] })),
  );
  const found = encodeTicks(batch, 1, 1, 'test').flatMap((p) => recordsOf(p.batch));
  assert.deepEqual(
    found.map((r) => [r.trace, r.parent]),
    [
      [traces[0], '00-0af7651916cd43dd8448eb211c80319c-8448eb211c80319c-01'],
      ['job-7', null],
      [null, null],
    ],
  );
});

test('damaged bodies are rejected one by one and never throw', () => {
  const type = avscType(NORMALIZED);
  fc.assert(
    fc.property(
      tickRows,
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      fc.boolean(),
      (rows, where, byte, cut) => {
        const good = events(ticksOf(new Names(), rows.slice(0, 3)));
        if (good.length === 0) return;
        const bodies = good.map((e) => framed(toAvsc(type, e)));
        const at = 5 + (where % (bodies[0].length - 5));
        const broken = cut ? bodies[0].subarray(0, at) : Uint8Array.from(bodies[0]);
        if (!cut) broken[at] = byte;
        const slice = sliceOf([broken, null, Buffer.from('{}'), ...bodies.slice(1)]);
        const { batch, rejected } = decodeTicks(slice, 0, slice.to, new Names());
        assert.equal(batch.length + rejected.length, bodies.length + 2);
        assert.deepEqual(events(batch).slice(-(bodies.length - 1) || Infinity), good.slice(1));
        for (const r of rejected) {
          assert.equal(r.code, 'EVENT_UNDECODABLE');
          assert.deepEqual(r.raw, new Uint8Array([broken, new Uint8Array(0), Buffer.from('{}')][r.offset]));
        }
        if (cut) assert.equal(rejected[0].offset, 0);
      },
    ),
    { numRuns: 1000 },
  );
});

test('a fault names the field and what was expected', () => {
  const type = avscType(NORMALIZED);
  const batch = sample();
  const event = events(batch)[0];
  const value = framed(toAvsc(type, { ...event, event_id: 'not an id' }));
  const { rejected } = decodeTicks(sliceOf([value]), 0, 1, new Names());
  assert.equal(rejected[0].field, 'event_id');
  assert.equal(rejected[0].expected, 'a UUID');
  const flags = framed(toAvsc(type, { ...event, payload: { ...event.payload, quality_flags: ['NO_SUCH'] } }));
  assert.equal(decodeTicks(sliceOf([flags]), 0, 1, new Names()).rejected[0].field, 'payload.quality_flags');
});

test('arrays in blocks with negative counts are read', () => {
  const type = avscType(NORMALIZED);
  const event = events(sample())[0];
  const flags = ['PRICE_NEGATIVE', 'ROUNDED'];
  const body = toAvsc(type, { ...event, payload: { ...event.payload, quality_flags: flags } });
  const oneBlock = Buffer.concat([
    Buffer.from([4]),
    ...flags.map((f) => Buffer.concat([Buffer.from([2 * f.length]), Buffer.from(f)])),
    Buffer.from([0]),
  ]);
  const at = body.indexOf(oneBlock);
  assert.ok(at > 0);
  const blocks = Buffer.concat(
    flags.map((f) => Buffer.concat([Buffer.from([1, 2 * (f.length + 1), 2 * f.length]), Buffer.from(f)])),
  );
  const split = Buffer.concat([
    body.subarray(0, at),
    blocks,
    Buffer.from([0]),
    body.subarray(at + oneBlock.length),
  ]);
  const { batch, rejected } = decodeTicks(sliceOf([framed(split)]), 0, 1, new Names());
  assert.deepEqual(rejected, []);
  assert.deepEqual(events(batch)[0].payload['quality_flags'], flags);
});

const taxonomy = fc.record(
  {
    commodity: fc.string(),
    region: fc.string(),
    productTier: fc.string(),
    tags: fc.array(fc.string(), { maxLength: 4 }),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }).map((n) => n + 0),
    version: fc.integer({ min: 0, max: 2 ** 52 }),
  },
  { noNullPrototype: true },
);

test('enriched ticks: avsc agrees in both directions and taxonomy comes back', () => {
  const type = avscType('events/avro/enriched.market.ticks.v1.avsc');
  fc.assert(
    fc.property(tickRows, fc.array(taxonomy, { minLength: 1, maxLength: 3 }), (rows, taxa) => {
      const ticks = ticksOf(new Names(), rows);
      const taxonomyOf = Uint32Array.from({ length: ticks.length }, (_, i) => i % taxa.length);
      const expected = events(ticks).map((event, i) => {
        const { productTier, version, ...t } = taxa[taxonomyOf[i]];
        return {
          ...event,
          payload: { ...event.payload, ...t, product_tier: productTier, taxonomy_version: version },
        };
      });
      const encoded = encodeEnriched({ ticks, taxonomyOf, taxa }, 7, 1, 'test');
      const written = encoded.flatMap((p) => recordsOf(p.batch));
      assert.deepEqual(
        written.map((r) => sorted([fromAvsc(type, r.value.subarray(5))])[0]),
        expected.map((e) => sortedKeys(type, e)),
      );
      if (expected.length === 0) return;
      for (const slice of [asSlice(encoded[0]), sliceOf(expected.map((e) => framed(toAvsc(type, e))))]) {
        const { batch, rejected } = decodeEnriched(slice, 0, slice.to, new Names());
        assert.deepEqual(rejected, []);
        assert.deepEqual(events(batch.ticks), events(ticks));
        for (let i = 0; i < ticks.length; i++)
          assert.deepEqual(batch.taxa[batch.taxonomyOf[i]], taxa[taxonomyOf[i]]);
      }
    }),
  );
});

/** An event with its keys in the order of the schema. */
function sortedKeys(type: ReturnType<typeof avscType>, event: Event): string {
  return sorted([fromAvsc(type, toAvsc(type, event))])[0];
}
