/** Headers of CloudEvents on batches of our topics. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { topicsOfSetting } from '../../../app/stores/cloud-events-log.ts';
import { encodeHeaders, RecordBatchWriter, RecordSpans } from '../../../core/codec/kafka/record-batch.ts';
import { withCloudEvents } from '../../../core/codec/topics/cloud-events.ts';
import { encodeDeadLetters } from '../../../core/codec/topics/reports.ts';
import { traceHeaders } from '../../../core/codec/topics/routing.ts';
import type { DeadLetter } from '../../../core/model/dead-letter.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const letter: DeadLetter = {
  tenant: 'acme power',
  traceId: TRACE,
  knownAt: 1_772_928_000_000_000,
  stage: 'normalization',
  code: 'VALUE_NOT_NUMERIC',
  message: 'no number',
  sourceTopic: 'ingestion.nyiso.raw.v1',
  sourcePartition: 1,
  sourceOffset: 7,
  field: null,
  expected: null,
  got: null,
  raw: new Uint8Array(0),
  values: 1,
};
const TOPIC = 'processing.deadletter.normalization.v1';

const textOf = (spans: RecordSpans, from: Int32Array, to: Int32Array, k: number): string =>
  Buffer.from(spans.bytes.subarray(from[k], to[k])).toString('latin1');

test('the envelope is told in headers, beside those of the trace', () => {
  const [{ batch }] = encodeDeadLetters([letter], 77, 1, '254carbon-normalization');
  const before = new RecordSpans().walk(batch.slice());
  const id = Buffer.from(batch)
    .toString('latin1')
    .match(/[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/)?.[0];
  const made = withCloudEvents(batch, { topic: TOPIC, schemas: 'http://registry:8081/schemas/ids' });
  const spans = new RecordSpans().walk(made);
  assert.equal(spans.count, 1);
  const expected = {
    trace_id: TRACE,
    traceparent: `00-${TRACE}-${TRACE.slice(16)}-01`,
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: '/acme%20power/254carbon-normalization',
    ce_type: `com.carbon254.${TOPIC}`,
    ce_time: '2026-03-08T00:00:00Z',
    ce_subject: 'acme power|ingestion.nyiso.raw.v1|1',
    ce_dataschema: 'http://registry:8081/schemas/ids/77',
    'content-type': 'application/avro',
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(spans.header(0, name), value, name);
  assert.equal(
    textOf(spans, spans.valueFrom, spans.valueTo, 0),
    textOf(before, before.valueFrom, before.valueTo, 0),
  );
  assert.equal(spans.timestampMs[0], before.timestampMs[0]);
  assert.deepEqual(withCloudEvents(made, { topic: TOPIC, schemas: null }), made, 'once is enough');
  const bare = new RecordSpans().walk(withCloudEvents(batch, { topic: TOPIC, schemas: null }));
  assert.equal(bare.header(0, 'ce_dataschema'), null);
});

test('property: records that are no events of ours stay as they are', () => {
  const part = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null });
  const records = fc.array(fc.tuple(part, part, fc.integer({ min: 0, max: 10 ** 12 }), fc.boolean()), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(records, (rows) => {
      const writer = new RecordBatchWriter();
      for (const [key, value, at, traced] of rows) {
        // Not framed: whatever the first byte is, it is not 0.
        if (value !== null && value.length > 0) value[0] |= 1;
        writer.add(
          at,
          key,
          0,
          key?.length ?? 0,
          value,
          0,
          value?.length ?? 0,
          traced ? traceHeaders(TRACE) : encodeHeaders([]),
        );
      }
      const batch = writer.finish();
      assert.deepEqual(withCloudEvents(batch, { topic: 't', schemas: null }), batch);
    }),
  );
});

test('topics are named one by one or by pattern', () => {
  const some = topicsOfSetting('served.*, pricing.curve.updates.v1');
  assert.deepEqual(
    [
      'served.market.latest_prices.v1',
      'pricing.curve.updates.v1',
      'pricing.curve.updates.v10',
      'xserved.a',
    ].map(some),
    [true, true, false, false],
  );
  assert.equal(topicsOfSetting('')('a'), false);
  assert.equal(topicsOfSetting('*')('a'), true);
  assert.equal(topicsOfSetting('a.b')('aXb'), false);
});
