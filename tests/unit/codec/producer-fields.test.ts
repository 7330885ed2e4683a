/** The stamp of a producer on a batch, with the client's codec as the oracle. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecordsBatch, Reader, readRecordsBatch } from '@platformatic/kafka';
import fc from 'fast-check';
import { concatBytes } from '../../../core/codec/bytes.ts';
import {
  emptiedBatch,
  readStamp,
  restampedBatch,
  sequenceAfter,
} from '../../../core/codec/kafka/producer-fields.ts';
import { assignBaseOffset, RecordSpans, readBatchHeader } from '../../../core/codec/kafka/record-batch.ts';
import { packBody, packedBatch, plainBatches, unpackBody } from '../../../drivers/kafka/compression.ts';
import { batchOf } from '../../conformance/event-log-records.ts';

const stamps = fc.record({
  id: fc.integer({ min: 0, max: 2 ** 50 }),
  epoch: fc.integer({ min: 0, max: 32_767 }),
  sequence: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
});
const values = fc.array(fc.string({ maxLength: 300 }), { minLength: 1, maxLength: 30 });
const T0 = 1_772_928_000_000;

/** A batch as its readers get it. */
const unpackBatch = (batch: Uint8Array): Uint8Array => plainBatches([batch], [unpackBody(batch)])[0];

test('what is stamped and packed is what the client reads, with its stamp', async () => {
  const codecs = fc.constantFrom('none', 'lz4', 'zstd');
  await fc.assert(
    fc.asyncProperty(values, stamps, codecs, async (texts, stamp, compression) => {
      const plain = batchOf(...texts.map((text, i) => [text, T0 + i] as const));
      const before = plain.slice();
      const packed = packedBatch(plain, await packBody(plain, compression), stamp);
      assert.deepEqual(plain, before, 'the caller keeps its bytes');
      const read = readRecordsBatch(Reader.from(Buffer.from(packed)));
      assert.deepEqual(
        [Number(read.producerId), read.producerEpoch, read.firstSequence],
        [stamp.id, stamp.epoch, stamp.sequence],
      );
      assert.deepEqual(
        read.records.map(({ value }) => value?.toString() ?? ''),
        texts,
      );
      assert.deepEqual(readStamp(packed), { ...stamp });
      assert.equal(readBatchHeader(packed).crcValid, true);
      const unpacked = unpackBatch(packed);
      assert.equal(readBatchHeader(unpacked).crcValid, true);
      assert.deepEqual(unpacked.subarray(61), plain.subarray(61));
    }),
  );
});

test('what the client packs in any codec is unpacked to what it packed', () => {
  fc.assert(
    fc.property(values, fc.constantFrom('none', 'gzip', 'snappy', 'lz4', 'zstd'), (texts, compression) => {
      const messages = texts.map((text, i) => ({ value: Buffer.from(text), timestamp: BigInt(T0 + i) }));
      const made = createRecordsBatch(
        messages.map((message) => ({ topic: 't', ...message })),
        { compression },
      );
      const spans = new RecordSpans().walk(unpackBatch(made.buffer));
      const found = Array.from({ length: spans.count }, (_, k) =>
        Buffer.from(spans.bytes.subarray(spans.valueFrom[k], spans.valueTo[k])).toString(),
      );
      assert.deepEqual(found, texts);
    }),
  );
});

test('a body that does not get shorter is left as it is', async () => {
  const plain = batchOf(['x', T0]);
  for (const compression of ['lz4', 'zstd'] as const) {
    const packed = packedBatch(plain, await packBody(plain, compression), { id: 1, epoch: 0, sequence: 0 });
    assert.equal(packed[22] & 7, 0);
  }
});

test('batches of several codecs are unpacked one behind the other into one memory; plain ones stay where they are', async () => {
  const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(5000));
  const plain = texts.map((text) => batchOf([text, T0]));
  const stamp = { id: 1, epoch: 0, sequence: 0 };
  const packed = await Promise.all(
    (['zstd', 'none', 'lz4'] as const).map(async (compression, k) =>
      packedBatch(plain[k], await packBody(plain[k], compression), stamp),
    ),
  );
  const unpacked = plainBatches(packed, packed.map(unpackBody));
  const spans = new RecordSpans().walk(concatBytes(unpacked));
  assert.equal(concatBytes(unpacked).buffer, unpacked[0].buffer, 'no copy is made to read them as one');
  assert.deepEqual(
    texts.map((_, k) => Buffer.from(spans.bytes.subarray(spans.valueFrom[k], spans.valueTo[k])).toString()),
    texts,
  );
  assert.ok(unpacked.every((batch) => readBatchHeader(batch).crcValid));
  assert.equal(plainBatches(plain, plain.map(unpackBody))[1], plain[1]);
});

test('sequences wrap at 2^31', () => {
  assert.deepEqual(
    [sequenceAfter(0, 5), sequenceAfter(2 ** 31 - 1, 1), sequenceAfter(2 ** 31 - 3, 10)],
    [5, 0, 7],
  );
});

test('an emptied batch covers the same offsets and has no record', () => {
  const batch = batchOf(['a', T0], ['b', T0], ['c', T0]);
  assignBaseOffset(batch, 40);
  const empty = emptiedBatch(batch);
  const head = readBatchHeader(empty);
  assert.deepEqual(
    [head.baseOffset, head.lastOffsetDelta, head.recordCount, head.crcValid],
    [40, 2, 0, true],
  );
  assert.equal(new RecordSpans().walk(empty).count, 0);
});

test('a batch of a producer without an id says so', () => {
  assert.deepEqual(readStamp(batchOf(['a', T0])), { id: -1, epoch: -1, sequence: -1 });
  const stamped = restampedBatch(batchOf(['a', T0]), new Uint8Array(0), 0, {
    id: 7,
    epoch: 32_767,
    sequence: 1,
  });
  assert.deepEqual(readStamp(stamped), { id: 7, epoch: 32_767, sequence: 1 });
});
