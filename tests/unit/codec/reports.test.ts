import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeAnomalies,
  decodeDeadLetters,
  decodeNotices,
  encodeAnomalies,
  encodeDeadLetters,
  encodeNotices,
} from '../../../core/codec/topics/reports.ts';
import {
  barsTopic,
  deadLetterTopic,
  marketOfRawTopic,
  rawTopic,
} from '../../../core/codec/topics/topic-names.ts';
import type { Anomaly } from '../../../core/model/anomaly.ts';
import type { DeadLetter } from '../../../core/model/dead-letter.ts';
import type { DeprecationNotice } from '../../../core/model/deprecation-notice.ts';
import { asSlice, avscType, plain, recordsOf } from './events.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 90 });
const micros = fc.integer({ min: 0, max: 2 ** 51 });
const stage = fc.constantFrom('normalization', 'enrichment', 'aggregation', 'projection');
const letter = fc.record(
  {
    tenant: text,
    traceId: text,
    knownAt: micros,
    stage,
    code: fc.constant('VALUE_NOT_NUMERIC'),
    message: text,
    sourceTopic: text,
    sourcePartition: fc.nat(),
    sourceOffset: fc.integer({ min: 0, max: 2 ** 52 }),
    field: fc.option(text),
    expected: fc.option(text),
    got: fc.option(text),
    raw: fc.uint8Array(),
    values: fc.nat(),
  },
  { noNullPrototype: true },
) as fc.Arbitrary<DeadLetter>;
const anomaly = fc.record(
  {
    tenant: text,
    traceId: text,
    knownAt: micros,
    type: fc.constant('OUT_OF_RANGE'),
    severity: fc.constantFrom('info', 'warning', 'critical'),
    stage,
    market: text,
    dataset: text,
    instrumentId: fc.option(text),
    ts: fc.option(micros),
    message: text,
    count: fc.nat(),
    context: fc.dictionary(text, text, { noNullPrototype: true }),
  },
  { noNullPrototype: true },
) as fc.Arbitrary<Anomaly>;

/** avsc fills a map by assignment, which loses the key `__proto__`: there it can be no oracle. */
const withoutProto = (map: Record<string, string>) =>
  Object.fromEntries(Object.entries(map).filter(([key]) => key !== '__proto__'));

test('dead letters come back whole, and avsc reads them', () => {
  const type = avscType('events/avro/processing.deadletter.normalization.v1.avsc');
  fc.assert(
    fc.property(fc.array(letter, { minLength: 1, maxLength: 6 }), (letters) => {
      const [part] = encodeDeadLetters(letters, 3, 1, 'test');
      const slice = asSlice(part, 9);
      assert.deepEqual(decodeDeadLetters(slice, 9, slice.to), {
        letters,
        offsets: letters.map((_, i) => 9 + i),
        rejected: [],
      });
      recordsOf(part.batch).forEach((r, i) => {
        const event = plain(type.fromBuffer(r.value.subarray(5))) as {
          payload: Record<string, unknown>;
          producer: string;
        };
        assert.equal(event.producer, 'test');
        assert.deepEqual(event.payload['raw'], Buffer.from(letters[i].raw));
        assert.equal(event.payload['got'], letters[i].got);
        assert.equal(r.key, `${letters[i].tenant}|${letters[i].sourceTopic}|${letters[i].sourcePartition}`);
      });
    }),
  );
});

test('anomalies come back whole, and avsc reads them', () => {
  const type = avscType('events/avro/data.quality.anomalies.v1.avsc');
  fc.assert(
    fc.property(fc.array(anomaly, { minLength: 1, maxLength: 6 }), (anomalies) => {
      const [part] = encodeAnomalies(anomalies, 3, 1, 'test');
      const slice = asSlice(part);
      assert.deepEqual(decodeAnomalies(slice, 0, slice.to).anomalies, anomalies);
      recordsOf(part.batch).forEach((r, i) => {
        const event = plain(type.fromBuffer(r.value.subarray(5))) as { payload: Record<string, unknown> };
        assert.deepEqual(event.payload['context'], withoutProto(anomalies[i].context));
        assert.equal(event.payload['ts'], anomalies[i].ts);
      });
    }),
  );
});

const notice = fc.record(
  {
    tenant: text,
    traceId: fc.constant(''),
    knownAt: micros,
    topic: text,
    successor: text,
    revision: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    state: fc.constantFrom('announced', 'withdrawn'),
    write: fc.constantFrom('v1', 'both', 'v2'),
    since: fc.integer({ min: -719_162, max: 2_932_896 }),
    removalAfter: fc.integer({ min: -719_162, max: 2_932_896 }),
    reason: text,
  },
  { noNullPrototype: true },
) as fc.Arbitrary<DeprecationNotice>;

test('notices come back whole, avsc reads them, and the time is no part of their id', () => {
  const type = avscType('events/avro/processing.deprecate.notice.v1.avsc');
  fc.assert(
    fc.property(fc.array(notice, { minLength: 1, maxLength: 4 }), micros, (notices, later) => {
      const [part] = encodeNotices(notices, 3, 1, 'test');
      const slice = asSlice(part, 5);
      assert.deepEqual(decodeNotices(slice, 5, slice.to), {
        notices,
        offsets: notices.map((_, i) => 5 + i),
        rejected: [],
      });
      const idsOf = (batch: Uint8Array): unknown[] =>
        recordsOf(batch).map((r, i) => {
          const event = plain(type.fromBuffer(r.value.subarray(5))) as Record<string, unknown>;
          const { payload } = event as { payload: Record<string, unknown> };
          assert.deepEqual(
            [payload['deprecated_since'], payload['removal_after'], payload['revision'], payload['write']],
            [notices[i].since, notices[i].removalAfter, notices[i].revision, notices[i].write],
          );
          assert.equal(r.key, `${notices[i].tenant}|deprecation|${notices[i].topic}`);
          return event['event_id'];
        });
      const again = notices.map((each) => ({ ...each, knownAt: later }));
      assert.deepEqual(idsOf(encodeNotices(again, 3, 1, 'test')[0].batch), idsOf(part.batch));
    }),
  );
});

test('a context key named __proto__ is a key like any other', () => {
  const [sample] = fc.sample(anomaly, { numRuns: 1, seed: 4 });
  const anomalies = [{ ...sample, context: Object.fromEntries([['__proto__', 'x']]) }];
  const slice = asSlice(encodeAnomalies(anomalies, 3, 1, 'test')[0]);
  const [back] = decodeAnomalies(slice, 0, slice.to).anomalies;
  assert.deepEqual(Object.entries(back.context), [['__proto__', 'x']]);
});

test('a report cut short is rejected', () => {
  const whole = fc.sample(letter, { numRuns: 1, seed: 4 });
  const [part] = encodeDeadLetters(whole, 3, 1, 'test');
  const value = recordsOf(part.batch)[0].value;
  const slice = asSlice(part);
  assert.equal(decodeDeadLetters(slice, 0, 1).letters.length, 1);
  assert.equal(decodeAnomalies(slice, 0, 1).rejected.length, 1);
  assert.ok(value.length > 40);
});

test('topic names', () => {
  assert.equal(rawTopic('NYISO'), 'ingestion.nyiso.raw.v1');
  assert.equal(barsTopic('5m'), 'aggregated.market.bars.5m.v1');
  assert.equal(deadLetterTopic('enrichment'), 'processing.deadletter.enrichment.v1');
  assert.equal(marketOfRawTopic('ingestion.nyiso.raw.v1'), 'nyiso');
  assert.equal(marketOfRawTopic('normalized.market.ticks.v1'), null);
});
