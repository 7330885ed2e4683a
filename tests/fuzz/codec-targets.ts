/** The codecs of all topics as targets: a changed record between two good ones, read by the codec of its topic. */

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readRecordJson } from '../../core/codec/avro/record-json.ts';
import {
  NO_HEADERS,
  RecordBatchWriter,
  RecordSpans,
  readBatchHeader,
} from '../../core/codec/kafka/record-batch.ts';
import { decodeBars, encodeBars } from '../../core/codec/topics/bars.ts';
import {
  decodeCurveInputs,
  decodeCurveUpdates,
  encodeCurveInputs,
  encodeCurveUpdates,
} from '../../core/codec/topics/curves.ts';
import { decodeEnriched, encodeEnriched } from '../../core/codec/topics/enriched.ts';
import type { Undecodable } from '../../core/codec/topics/framing.ts';
import {
  decodeAnomalies,
  decodeDeadLetters,
  decodeNotices,
  encodeAnomalies,
  encodeDeadLetters,
  encodeNotices,
} from '../../core/codec/topics/reports.ts';
import { decodeRolling, encodeRolling } from '../../core/codec/topics/rolling.ts';
import type { EncodedBatch } from '../../core/codec/topics/routing.ts';
import {
  decodeLatest,
  decodeTicks,
  encodeLatest,
  encodeLatestV2,
  encodeTicks,
} from '../../core/codec/topics/ticks.ts';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import { Names } from '../../core/model/names.ts';
import { Present, type TickBatch } from '../../core/model/tick-batch.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import { parseSchema } from '../../core/schema/avro-schema.ts';
import { INTERVALS } from '../unit/codec/events.ts';
import { LISTS } from '../unit/codec/rolling-events.ts';
import {
  ANOMALY_VALUES,
  BAR_VALUES,
  CURVE_INPUT_VALUES,
  CURVE_UPDATE_VALUES,
  ENRICHED_VALUES,
  LATEST_V2_VALUES,
  LATEST_VALUES,
  LETTER_VALUES,
  NOTICE_VALUES,
  ROLLING_VALUES,
  TICK_BATCHES,
  TICK_VALUES,
} from './codec-bodies.ts';
import { type FuzzTarget, type Outcome, promise, refusedAs } from './target.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const LOG_MS = 1_772_323_200_123;
/** Ids are kept for good: a set of names serves so many mutants. */
const NAMES_FOR = 500;

/** Names that do not grow without end. */
export function recentNames(): () => Names {
  let names = new Names();
  let uses = 0;
  return () => {
    if (++uses % NAMES_FOR === 0) names = new Names();
    return names;
  };
}

/** Record values as one slice of a topic, at the offsets from 0. */
export function sliceOfValues(values: readonly Uint8Array[], topic: string): LogSlice {
  const writer = new RecordBatchWriter(256);
  for (const value of values) writer.add(LOG_MS, null, 0, 0, value, 0, value.length, NO_HEADERS);
  return { topic, partition: 0, from: 0, to: values.length, bytes: writer.finish() };
}

/** A refused record says where it lies and what it should have been. */
export function checkUndecodable(rejected: readonly Undecodable[], count: number): void {
  for (const { offset, code, message } of rejected) {
    promise(offset >= 0 && offset < count, `refused at offset ${offset}`);
    promise(code === 'EVENT_UNDECODABLE' && message !== '', `refused as ${code}: ${message}`);
  }
}

/** What a topic's codec makes of a slice. */
interface Read {
  readonly length: number;
  readonly rejected: readonly Undecodable[];
  /** The rows written anew. */
  encode(): readonly EncodedBatch[];
}

interface TopicCodec {
  readonly name: string;
  readonly values: readonly Uint8Array[];
  /** Its schema, for the other reader of the same bytes. */
  readonly schema: string;
  read(slice: LogSlice, names: Names): Read;
}

const BARS = { name: 'bars', schemaId: 7, partitions: 1 };

const ofTicks = (
  { batch, rejected }: { batch: TickBatch; rejected: readonly Undecodable[] },
  encode: typeof encodeTicks,
): Read => {
  checkTicks(batch);
  return { length: batch.length, rejected, encode: () => encode(batch, 7, 1, 'fuzz') };
};

const CODECS: readonly TopicCodec[] = [
  {
    name: 'topic.ticks',
    values: TICK_VALUES,
    schema: 'normalized.market.ticks.v1',
    read: (slice, names) => ofTicks(decodeTicks(slice, 0, slice.to, names), encodeTicks),
  },
  {
    name: 'topic.latest',
    values: LATEST_VALUES,
    schema: 'served.market.latest_prices.v1',
    read: (slice, names) => ofTicks(decodeLatest(slice, 0, slice.to, names), encodeLatest),
  },
  {
    name: 'topic.latest-v2',
    values: LATEST_V2_VALUES,
    schema: 'served.market.latest_prices.v2',
    read: (slice, names) =>
      ofTicks(decodeLatest({ ...slice, topic: Topic.latestPricesV2 }, 0, slice.to, names), encodeLatestV2),
  },
  {
    name: 'topic.enriched',
    values: ENRICHED_VALUES,
    schema: 'enriched.market.ticks.v1',
    read: (slice, names) => {
      const { batch, rejected } = decodeEnriched(slice, 0, slice.to, names);
      checkTicks(batch.ticks);
      for (let i = 0; i < batch.ticks.length; i++)
        promise(batch.taxa[batch.taxonomyOf[i]] !== undefined, 'a tick without taxonomy');
      return { length: batch.ticks.length, rejected, encode: () => encodeEnriched(batch, 7, 1, 'fuzz') };
    },
  },
  {
    name: 'topic.bars',
    values: BAR_VALUES,
    schema: 'aggregation.ohlc.bars.v1',
    read: (slice, names) => {
      const { batch, rejected } = decodeBars(slice, 0, slice.to, names, INTERVALS);
      const encode = (): readonly EncodedBatch[] =>
        encodeBars(batch, INTERVALS, BARS, [], 'fuzz').flatMap(({ batches }) => batches);
      return { length: batch.length, rejected, encode };
    },
  },
  {
    name: 'topic.rolling',
    values: ROLLING_VALUES,
    schema: 'aggregation.rolling.metrics.v1',
    read: (slice, names) => {
      const { batch, rejected } = decodeRolling(slice, 0, slice.to, names, LISTS);
      return { length: batch.length, rejected, encode: () => encodeRolling(batch, LISTS, 7, 1, 'fuzz') };
    },
  },
  {
    name: 'topic.curve-inputs',
    values: CURVE_INPUT_VALUES,
    schema: 'aggregation.curve.prestage.v1',
    read: (slice) => {
      const { inputs, rejected } = decodeCurveInputs(slice, 0, slice.to);
      for (const { start, end } of inputs) promise(end > start, 'a delivery that is none');
      return { length: inputs.length, rejected, encode: () => encodeCurveInputs(inputs, 7, 1, 'fuzz') };
    },
  },
  {
    name: 'topic.curve-updates',
    values: CURVE_UPDATE_VALUES,
    schema: 'pricing.curve.updates.v1',
    read: (slice) => {
      const { updates, rejected } = decodeCurveUpdates(slice, 0, slice.to);
      return { length: updates.length, rejected, encode: () => encodeCurveUpdates(updates, 7, 1, 'fuzz') };
    },
  },
  {
    name: 'topic.dead-letters',
    values: LETTER_VALUES,
    schema: 'processing.deadletter.normalization.v1',
    read: (slice) => {
      const { letters, rejected } = decodeDeadLetters(slice, 0, slice.to);
      return { length: letters.length, rejected, encode: () => encodeDeadLetters(letters, 7, 1, 'fuzz') };
    },
  },
  {
    name: 'topic.anomalies',
    values: ANOMALY_VALUES,
    schema: 'data.quality.anomalies.v1',
    read: (slice) => {
      const { anomalies, rejected } = decodeAnomalies(slice, 0, slice.to);
      return { length: anomalies.length, rejected, encode: () => encodeAnomalies(anomalies, 7, 1, 'fuzz') };
    },
  },
  {
    name: 'topic.notices',
    values: NOTICE_VALUES,
    schema: 'processing.deprecate.notice.v1',
    read: (slice) => {
      const { notices, rejected } = decodeNotices(slice, 0, slice.to);
      return { length: notices.length, rejected, encode: () => encodeNotices(notices, 7, 1, 'fuzz') };
    },
  },
];

const LIMIT = 999_999_999_999_999_999n;

function checkTicks(ticks: TickBatch): void {
  const columns = [
    [Present.PRICE, ticks.price],
    [Present.SIZE, ticks.size],
    [Present.BID, ticks.bid],
    [Present.ASK, ticks.ask],
  ] as const;
  for (let i = 0; i < ticks.length; i++) {
    const times = [ticks.eventStart[i], ticks.eventEnd[i], ticks.knownAt[i]];
    promise(times.every(Number.isSafeInteger), `times ${times.join()}`);
    for (const [bit, words] of columns) {
      if ((ticks.present[i] & bit) === 0) continue;
      const mantissa = (BigInt(words[2 * i + 1]) << 32n) | BigInt(words[2 * i] >>> 0);
      promise(mantissa >= -LIMIT && mantissa <= LIMIT, `a decimal of ${mantissa}`);
    }
  }
}

/** One target per codec, and one for record batches as such. */
export function codecTargets(): FuzzTarget[] {
  return [
    ...CODECS.map(targetOf),
    { name: 'kafka.batch', market: null, form: 'binary', bodies: TICK_BATCHES, check: checkBatch },
  ];
}

function targetOf(codec: TopicCodec): FuzzTarget {
  const path = join(ROOT, 'events/avro', `${codec.schema}.avsc`);
  const schema = parseSchema(readFileSync(path, 'utf8'), path);
  const [good] = codec.values as [Uint8Array];
  const namesOf = recentNames();
  const check = (value: Uint8Array): Outcome => {
    const slice = sliceOfValues([good, value, good], codec.name);
    const read = codec.read(slice, namesOf());
    const { length, rejected } = read;
    promise(length + rejected.length === 3, `${length} rows and ${rejected.length} refused of 3 records`);
    checkUndecodable(rejected, 3);
    const plain = value.length > 5 ? readRecordJson(schema, value, 5, value.length) : null;
    if (plain?.fault === null) JSON.stringify(plain.value);
    if (length < 3) {
      promise(length === 2 && rejected[0]?.offset === 1, 'the good neighbours were not read');
      return { kind: 'EVENT_UNDECODABLE', rows: 0, rejected: 1 };
    }
    promise(plain !== null, 'a record without a body was read');
    const { fault } = plain as NonNullable<typeof plain>;
    promise(
      fault === null || fault.expected === 'UTF-8 text',
      `the general reader refuses what the codec reads: ${fault?.field}, ${fault?.expected}`,
    );
    checkRewritten(codec, read, namesOf());
    return { kind: 'whole', rows: 1, rejected: 0 };
  };
  return { name: codec.name, market: null, form: 'binary', bodies: codec.values, check };
}

/** What was read can be written and read again, and is then written as the same bytes. */
function checkRewritten(codec: TopicCodec, read: Read, names: Names): void {
  const [first, ...rest] = read.encode();
  promise(first !== undefined && rest.length === 0, 'more than one batch');
  const { batch, count } = first as EncodedBatch;
  const slice = { topic: codec.name, partition: 0, from: 0, to: count, bytes: batch };
  const again = codec.read(slice, names);
  promise(again.rejected.length === 0 && again.length === count, 'not readable when written anew');
  const [second] = again.encode();
  promise(Buffer.compare(batch, second?.batch ?? new Uint8Array(0)) === 0, 'other bytes the second time');
}

const spans = new RecordSpans();
const namesOfBatches = recentNames();

function checkBatch(bytes: Uint8Array): Outcome {
  try {
    if (bytes.length > 0) readBatchHeader(bytes);
    spans.walk(bytes);
  } catch (error) {
    return refusedAs(error, ['LOG_CORRUPT']);
  }
  for (let i = 0; i < spans.count; i++) {
    promise(Number.isInteger(spans.offset[i]), `offset ${spans.offset[i]}`);
    promise(
      spans.valueFrom[i] <= spans.valueTo[i] && spans.valueTo[i] <= bytes.length,
      'a span beyond the end',
    );
    spans.header(i, 'trace_id');
  }
  const { count } = spans;
  const slice = { topic: 'kafka', partition: 0, from: 0, to: count, bytes };
  const { batch, rejected } = decodeTicks(slice, -Infinity, Infinity, namesOfBatches());
  promise(batch.length + rejected.length === count, `${batch.length} and ${rejected.length} of ${count}`);
  return { kind: 'whole', rows: batch.length, rejected: rejected.length };
}
