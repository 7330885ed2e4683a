import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { crc32c } from '../../../core/codec/kafka/crc32c.ts';
import { murmur2, partitionOf } from '../../../core/codec/kafka/partition.ts';
import {
  assignBaseOffset,
  encodeHeaders,
  RecordBatchWriter,
  RecordSpans,
  readBatchHeader,
} from '../../../core/codec/kafka/record-batch.ts';

const protocol = resolve(import.meta.dirname, '../../../node_modules/@platformatic/kafka/dist/protocol');
const load = (file: string): Promise<Record<string, (...args: unknown[]) => unknown>> =>
  import(pathToFileURL(`${protocol}/${file}`).href);
const records = await load('records.js');
const crcOracle = await load('crc32c.js');
const murmurOracle = await load('murmur2.js');
const Reader = (await load('reader.js')).Reader as unknown as { from(b: Buffer): unknown };

interface Message {
  timestamp: bigint;
  key: Buffer | null;
  value: Buffer | null;
  headers: Map<Buffer, Buffer>;
}
interface OracleBatch {
  firstOffset: bigint;
  crc: number;
  lastOffsetDelta: number;
  firstTimestamp: bigint;
  maxTimestamp: bigint;
  producerId: bigint;
  producerEpoch: number;
  firstSequence: number;
  partitionLeaderEpoch: number;
  records: {
    timestampDelta: bigint;
    offsetDelta: number;
    key: Buffer | null;
    value: Buffer | null;
    headers: [Buffer, Buffer][];
  }[];
}

const bytes = fc.uint8Array({ maxLength: 700 }).map((b) => Buffer.from(b));
const message = fc.record({
  timestamp: fc.maxSafeNat().map((n) => BigInt(n % 4_102_444_800_000)),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc
    .uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 3 })
    .map((names) => new Map(names.map((n) => [Buffer.from(n), Buffer.from(`${n}-value`)]))),
});
const messages = fc.array(message, { minLength: 1, maxLength: 30 });
/** Within 24 days: the library's encoder cuts time deltas beyond 2^31 ms (its decoder does not). */
const nearMessages = fc.array(
  message.map((m) => ({ ...m, timestamp: 1_700_000_000_000n + (m.timestamp % 2_000_000_000n) })),
  { minLength: 1, maxLength: 30 },
);

function write(list: readonly Message[], writer = new RecordBatchWriter(61)): Uint8Array {
  for (const m of list) {
    const headers = encodeHeaders([...m.headers].map(([k, v]) => [String(k), String(v)] as const));
    const pad = Buffer.concat([Buffer.from('xx'), m.value ?? Buffer.alloc(0), Buffer.from('yy')]);
    writer.add(
      Number(m.timestamp),
      m.key,
      0,
      m.key?.length ?? 0,
      m.value === null ? null : pad,
      2,
      pad.length - 2,
      headers,
    );
  }
  return writer.finish();
}

const span = (b: Uint8Array, from: number, to: number): Buffer | null =>
  from < 0 ? null : Buffer.from(b.subarray(from, to));

test('crc32c equals the library and the published check value', () => {
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(20), (b, skip) => {
      const from = Math.min(skip, b.length);
      assert.equal(crc32c(b, from), crcOracle.jsCRC32C(b.slice(from)));
    }),
  );
});

test('partitionOf equals the library and the values of the Java client', () => {
  // org.apache.kafka.common.utils.UtilsTest, testMurmur2.
  assert.equal(murmur2(Buffer.from('21')), -973932308);
  assert.equal(murmur2(Buffer.from('foobar')), -790332482);
  assert.equal(murmur2(Buffer.from('a-little-bit-long-string')), -985981536);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 64 }), (b, n) => {
      const hash = murmurOracle.murmur2(Buffer.from(b)) as number;
      assert.equal(murmur2(b), hash);
      assert.equal(partitionOf(b, n), (hash & 0x7fffffff) % n);
    }),
  );
  assert.throws(() => partitionOf(new Uint8Array(1), 0), { code: 'CONFIG_INVALID' });
});

test('the library reads what the writer wrote', () => {
  const writer = new RecordBatchWriter(80);
  fc.assert(
    fc.property(messages, (list) => {
      const batch = records.readRecordsBatch(Reader.from(Buffer.from(write(list, writer)))) as OracleBatch;
      assert.equal(batch.records.length, list.length);
      assert.equal(batch.lastOffsetDelta, list.length - 1);
      assert.equal(batch.partitionLeaderEpoch, -1);
      assert.equal(batch.producerId, -1n);
      assert.equal(batch.producerEpoch, -1);
      assert.equal(batch.firstSequence, -1);
      assert.equal(
        batch.maxTimestamp,
        list
          .map((m) => m.timestamp)
          .toSorted((a, b) => Number(a - b))
          .at(-1),
      );
      list.forEach((m, i) => {
        const r = batch.records[i];
        assert.equal(batch.firstTimestamp + r.timestampDelta, m.timestamp);
        assert.equal(r.offsetDelta, i);
        assert.deepEqual(r.key, m.key);
        assert.deepEqual(r.value, m.value);
        assert.deepEqual(
          r.headers.map(([k, v]) => [String(k), String(v)]),
          [...m.headers].map(([k, v]) => [String(k), String(v)]),
        );
      });
    }),
  );
});

test('the walker reads what the library wrote, several batches in a row', () => {
  const spans = new RecordSpans();
  fc.assert(
    fc.property(nearMessages, nearMessages, fc.nat(1_000_000_000_000), (a, b, base) => {
      const parts = [a, b].map((list) =>
        Buffer.from((records.createRecordsBatch(list) as { buffer: Buffer }).buffer),
      );
      assignBaseOffset(parts[0], base);
      assignBaseOffset(parts[1], base + a.length);
      const all = new Uint8Array(Buffer.concat(parts));
      const head = readBatchHeader(all);
      assert.equal(head.crcValid, true);
      assert.equal(head.baseOffset, base);
      assert.equal(head.byteLength, parts[0].length);
      assert.equal(head.recordCount, a.length);
      assert.equal(head.baseTimestampMs, Number(a[0].timestamp));
      const list = [...a, ...b];
      assert.equal(spans.walk(all).count, list.length);
      list.forEach((m, i) => {
        assert.equal(spans.offset[i], base + i);
        assert.equal(spans.timestampMs[i], Number(m.timestamp));
        assert.deepEqual(span(all, spans.keyFrom[i], spans.keyTo[i]), m.key);
        assert.deepEqual(span(all, spans.valueFrom[i], spans.valueTo[i]), m.value);
        for (const [k, v] of m.headers)
          if (/^[ -~]*$/.test(String(k))) assert.equal(spans.header(i, String(k)), String(v));
        assert.equal(spans.header(i, 'no such header'), null);
      });
    }),
  );
});

test('byteLength and count foretell the finished batch, and a writer is reusable', () => {
  const writer = new RecordBatchWriter();
  const value = Buffer.from('value');
  for (let round = 0; round < 2; round++) {
    writer.add(1000, null, 0, 0, value, 0, 5);
    writer.add(990, value, 1, 3, null, 0, 0);
    const { byteLength, count } = writer;
    const batch = writer.finish();
    assert.equal(batch.length, byteLength);
    assert.equal(count, 2);
    assert.equal(writer.count, 0);
    const head = readBatchHeader(batch);
    assert.deepEqual([head.baseTimestampMs, head.maxTimestampMs, head.lastOffsetDelta], [1000, 1000, 1]);
  }
});

test('time deltas of any size survive', () => {
  const spans = new RecordSpans();
  fc.assert(
    fc.property(messages, (list) => {
      spans.walk(write(list));
      assert.deepEqual(
        [...spans.timestampMs.subarray(0, spans.count)],
        list.map((m) => Number(m.timestamp)),
      );
    }),
  );
});

test('broken bytes raise LOG_CORRUPT and nothing else', () => {
  const spans = new RecordSpans();
  fc.assert(
    fc.property(messages, fc.nat(), fc.integer({ min: 1, max: 255 }), (list, where, mask) => {
      const batch = write(list);
      const at = where % batch.length;
      batch[at] ^= mask;
      try {
        spans.walk(batch);
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'LOG_CORRUPT');
      }
      if (at >= 17) {
        let valid = false;
        try {
          valid = readBatchHeader(batch).crcValid;
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'LOG_CORRUPT');
        }
        assert.equal(valid, false);
      }
    }),
    { numRuns: 500 },
  );
  const whole = write([{ timestamp: 0n, key: null, value: Buffer.from('abc'), headers: new Map() }]);
  for (let cut = 1; cut < whole.length; cut++)
    assert.throws(() => spans.walk(whole.subarray(0, cut)), { code: 'LOG_CORRUPT' });
});
