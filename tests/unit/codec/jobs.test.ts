/** Requests, reports and invalidations on the wire: whole again by our reader and by avsc; plain JSON beside them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readBackfillJson } from '../../../app/backfill/request-words.ts';
import { readInvalidationJson } from '../../../app/projection/host-invalidations.ts';
import { RecordBatchWriter } from '../../../core/codec/kafka/record-batch.ts';
import {
  type DecodedObjects,
  decodeBackfillRequests,
  decodeInvalidations,
  decodeJobReports,
  encodeBackfillRequests,
  encodeInvalidations,
  encodeJobReports,
} from '../../../core/codec/topics/jobs.ts';
import type { EncodedBatch } from '../../../core/codec/topics/routing.ts';
import {
  type BackfillMessage,
  type Invalidation,
  JOB_STATUSES,
  type JobReport,
} from '../../../core/model/job.ts';
import type { LogSlice } from '../../../core/ports/event-log.ts';
import { asSlice, avscType, plain, recordsOf } from './events.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const micros = fc.integer({ min: 0, max: 2 ** 51 });
const known = { tenant: text, traceId: fc.constant(''), knownAt: micros };
const scope = {
  start: micros,
  end: micros,
  instruments: fc.array(text, { maxLength: 4 }),
  market: fc.option(text),
  dryRun: fc.boolean(),
  requestId: text,
  requestedBy: text,
};
const record = <T>(fields: object): fc.Arbitrary<T> =>
  fc.record(fields as Record<string, fc.Arbitrary<unknown>>, { noNullPrototype: true }) as fc.Arbitrary<T>;
const request = record<BackfillMessage>({ ...known, ...scope });
const report = record<JobReport>({
  ...known,
  ...scope,
  jobId: text,
  kind: fc.constant('backfill'),
  status: fc.constantFrom(...JOB_STATUSES),
  done: fc.nat(),
  total: micros,
  differences: fc.nat(),
  errorCode: fc.option(text),
  errorMessage: fc.option(text),
});
const invalidation = record<Invalidation>({ ...known, instrument: text, reason: text, requestedBy: text });

type Encode<T> = (
  rows: readonly T[],
  schemaId: number,
  partitions: number,
  producer: string,
) => EncodedBatch[];

function comesBack<T>(
  topic: string,
  one: fc.Arbitrary<T>,
  encode: Encode<T>,
  decode: (slice: LogSlice, from: number, to: number) => DecodedObjects<T>,
  shown: (row: T) => unknown,
  payloadOf: (payload: Record<string, unknown>) => unknown,
): void {
  const type = avscType(`events/avro/${topic}.avsc`);
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 4 }), (rows) => {
      const [part] = encode(rows, 3, 1, 'test');
      const slice = asSlice(part, 5);
      const found = decode(slice, 5, slice.to);
      assert.deepEqual([found.rows, found.rejected], [rows, []]);
      assert.deepEqual(
        found.offsets,
        rows.map((_, i) => 5 + i),
      );
      recordsOf(part.batch).forEach(({ value }, i) => {
        const event = plain(type.fromBuffer(value.subarray(5))) as { payload: Record<string, unknown> };
        assert.deepEqual(payloadOf(event.payload), shown(rows[i]));
      });
    }),
    { numRuns: 60 },
  );
}

test('they come back whole, and avsc reads them', () => {
  comesBack(
    'processing.backfill.request.v1',
    request,
    encodeBackfillRequests,
    decodeBackfillRequests,
    (row) => [row.requestId, row.start, row.end, row.instruments, row.market, row.dryRun, row.requestedBy],
    (p) => [
      p['request_id'],
      p['window_start'],
      p['window_end'],
      p['instruments'],
      p['market'],
      p['dry_run'],
      p['requested_by'],
    ],
  );
  comesBack(
    'processing.job.status.v1',
    report,
    encodeJobReports,
    decodeJobReports,
    (row) => [row.jobId, row.status, row.done, row.total, row.differences, row.errorCode, row.instruments],
    (p) => [
      p['job_id'],
      p['status'],
      p['done'],
      p['total'],
      p['differences'],
      p['error_code'],
      p['instruments'],
    ],
  );
  comesBack(
    'projection.invalidate.instrument.v1',
    invalidation,
    encodeInvalidations,
    decodeInvalidations,
    (row) => [row.instrument, row.reason, row.requestedBy],
    (p) => [p['instrument_id'], p['reason'], p['requested_by']],
  );
});

/** JSON texts as records of a log, at a time. */
function sliceOf(texts: readonly string[]): LogSlice {
  const writer = new RecordBatchWriter();
  for (const each of texts) {
    const bytes = new TextEncoder().encode(each);
    writer.add(1_700_000_000_000, null, 0, 0, bytes, 0, bytes.length);
  }
  return asSlice({ partition: 0, batch: writer.finish(), count: texts.length });
}

test('plain JSON is taken, with and without an envelope; what is not understood names its field', () => {
  const day = { from: '2025-07-01', to: '2025-07-01' };
  const requests = decodeBackfillRequests(
    sliceOf([
      JSON.stringify({ ...day, instrument: 'A', instruments: ['B'], market: 'MISO' }),
      JSON.stringify({ tenant_id: 't', trace_id: 'x', payload: { ...day, dry_run: true, request_id: 'r' } }),
      JSON.stringify({ ...day, from: 'noon' }),
      JSON.stringify({ ...day, dry_run: 'yes' }),
      '[1]',
      '{"from":',
    ]),
    0,
    6,
    readBackfillJson,
  );
  const start = Date.UTC(2025, 6, 1) * 1000;
  assert.deepEqual(
    requests.rows.map((row) => [
      row.tenant,
      row.instruments,
      row.market,
      row.dryRun,
      row.requestId,
      row.start,
      row.end - row.start,
    ]),
    [
      ['default', ['B', 'A'], 'MISO', false, '', start, 86_400e6],
      ['t', [], null, true, 'r', start, 86_400e6],
    ],
  );
  assert.deepEqual(
    requests.rejected.map(({ offset, field }) => [offset, field]),
    [
      [2, 'from'],
      [3, 'dry_run'],
      [4, null],
      [5, null],
    ],
  );
  const invalid = decodeInvalidations(
    sliceOf([
      '{"instrument_id":"A","tenant_id":"t"}',
      '{"instrument_id":""}',
      '{"instrument_id":"A","reason":"B C"}',
    ]),
    0,
    3,
    readInvalidationJson,
  );
  assert.deepEqual(
    invalid.rows.map((row) => [row.tenant, row.instrument, row.reason, row.knownAt]),
    [['t', 'A', 'manual', 1_700_000_000_000_000]],
  );
  assert.deepEqual(
    invalid.rejected.map(({ field }) => field),
    ['instrument_id', 'reason'],
  );
});
