/** The codecs that `generate-codecs.ts` makes: schema, names and parameters of the functions, bindings of the fields. */

import { type Binding, bar, enriched, regrouped, rolling, tick } from './codec-columns.ts';
import { curvePrestage, curveUpdate } from './codec-curves.ts';
import {
  anomaly,
  backfillRequest,
  deadLetter,
  deprecation,
  invalidation,
  jobStatus,
  raw,
} from './codec-rows.ts';

/** One generated file: its schema, the functions' names and parameters, and the bindings. */
export interface Codec {
  readonly file: string;
  readonly schema: string;
  readonly imports: readonly string[];
  readonly writer: string | null;
  readonly writerParameters: string;
  readonly reader: string | null;
  readonly readerParameters: string;
  /** Lines before the first field is read, and type and value that the reader returns. */
  readonly readerOpens?: string;
  readonly readerType?: string;
  readonly readerReturns?: string;
  readonly fields: Readonly<Record<string, Binding>>;
}

const AVRO =
  "import type { AvroReader } from '../reader.ts';\nimport type { AvroWriter } from '../writer.ts';";
const ENVELOPE = "import type { Envelope } from '../envelope.ts';";
const NAMES = "import type { ReadNames, WriteNames } from '../dictionaries.ts';";
const TICKS = "import { Present, type TickBatch } from '../../../model/tick-batch.ts';";

const tickCodec = (file: string, schema: string, record: string): Codec => ({
  file,
  schema,
  imports: [TICKS, NAMES, ENVELOPE, AVRO],
  writer: `write${record}`,
  writerParameters: 'w: AvroWriter, b: TickBatch, i: number, x: WriteNames, e: Envelope',
  reader: `read${record}`,
  readerParameters: 'r: AvroReader, b: TickBatch, i: number, x: ReadNames',
  readerOpens: 'b.present[i] = 0;',
  fields: tick,
});

/** A codec of row objects; `lets` declares what the reader takes, `returns` is the row. */
const rowCodec = (
  [file, topic, record, type]: readonly [file: string, topic: string, record: string, type: string],
  lets: string,
  returns: string,
  fields: Codec['fields'],
): Codec => ({
  file,
  schema: `events/avro/${topic}.avsc`,
  imports: [`import type { ${type} } from '../../../model/job.ts';`, ENVELOPE, AVRO],
  writer: `write${record}`,
  writerParameters: `w: AvroWriter, row: ${type}, e: Envelope, ids: Uint32Array`,
  reader: `read${record}`,
  readerParameters: 'r: AvroReader',
  readerOpens: `let traceId: string; let knownAt: number; let tenant: string; ${lets}`,
  readerType: type,
  readerReturns: `{ tenant, traceId, knownAt, ${returns} }`,
  fields,
});

/** Every codec that is generated. */
export const CODECS: readonly Codec[] = [
  tickCodec('normalized-tick.ts', 'events/avro/normalized.market.ticks.v1.avsc', 'NormalizedTick'),
  tickCodec('latest-price.ts', 'events/avro/served.market.latest_prices.v1.avsc', 'LatestPrice'),
  {
    ...tickCodec('latest-price-v2.ts', 'events/avro/served.market.latest_prices.v2.avsc', 'LatestPriceV2'),
    fields: regrouped,
  },
  {
    ...tickCodec('enriched-tick.ts', 'events/avro/enriched.market.ticks.v1.avsc', 'EnrichedTick'),
    imports: [
      TICKS,
      "import type { SpanTable } from '../../bytes.ts';",
      "import type { EncodedById, ReadNames, WriteNames } from '../dictionaries.ts';",
      ENVELOPE,
      AVRO,
    ],
    writerParameters:
      'w: AvroWriter, b: TickBatch, i: number, x: WriteNames, e: Envelope, taxonomyOf: Uint32Array, taxa: EncodedById',
    readerParameters:
      'r: AvroReader, b: TickBatch, i: number, x: ReadNames, taxonomyOf: Uint32Array, taxa: SpanTable',
    fields: enriched,
  },
  {
    file: 'ohlc-bar.ts',
    schema: 'events/avro/aggregation.ohlc.bars.v1.avsc',
    imports: [
      "import type { BarBatch } from '../../../model/bar-batch.ts';",
      "import type { SpanTable } from '../../bytes.ts';",
      "import type { EncodedById, ReadNames, WriteNames } from '../dictionaries.ts';",
      ENVELOPE,
      AVRO,
    ],
    writer: 'writeOhlcBar',
    writerParameters:
      'w: AvroWriter, b: BarBatch, i: number, x: WriteNames, e: Envelope, ids: Uint32Array, intervals: EncodedById, statuses: EncodedById',
    reader: 'readOhlcBar',
    readerParameters:
      'r: AvroReader, b: BarBatch, i: number, x: ReadNames, intervals: SpanTable, statuses: SpanTable',
    fields: bar,
  },
  {
    file: 'rolling-metric.ts',
    schema: 'events/avro/aggregation.rolling.metrics.v1.avsc',
    imports: [
      "import { Figure, type RollingBatch } from '../../../model/rolling-batch.ts';",
      "import type { SpanTable } from '../../bytes.ts';",
      "import type { EncodedById, ReadNames, WriteNames } from '../dictionaries.ts';",
      ENVELOPE,
      AVRO,
    ],
    writer: 'writeRollingMetric',
    writerParameters:
      'w: AvroWriter, b: RollingBatch, i: number, x: WriteNames, e: Envelope, ids: Uint32Array, intervals: EncodedById, windows: EncodedById, statuses: EncodedById',
    reader: 'readRollingMetric',
    readerParameters:
      'r: AvroReader, b: RollingBatch, i: number, x: ReadNames, intervals: SpanTable, windows: SpanTable, statuses: SpanTable',
    fields: rolling,
  },
  {
    file: 'raw-event.ts',
    schema: 'connectors/nyiso/schemas/raw_nyiso_lmp.avsc',
    imports: [
      "import type { RawBatch } from '../../../model/raw-batch.ts';",
      "import type { RawContext, RawRow } from '../../../model/raw-row.ts';",
      "import type { EncodedTexts, ReadNames } from '../dictionaries.ts';",
      ENVELOPE,
      AVRO,
    ],
    writer: 'writeRawEvent',
    writerParameters:
      'w: AvroWriter, row: RawRow, context: RawContext, texts: EncodedTexts, e: Envelope, ids: Uint32Array',
    reader: 'readRawEvent',
    readerParameters: 'r: AvroReader, b: RawBatch, i: number, x: ReadNames',
    fields: raw,
  },
  {
    file: 'dead-letter.ts',
    schema: 'events/avro/processing.deadletter.normalization.v1.avsc',
    imports: ["import type { DeadLetter } from '../../../model/dead-letter.ts';", ENVELOPE, AVRO],
    writer: 'writeDeadLetter',
    writerParameters: 'w: AvroWriter, row: DeadLetter, e: Envelope, ids: Uint32Array',
    reader: 'readDeadLetter',
    readerParameters: 'r: AvroReader',
    readerOpens:
      'let traceId: string; let knownAt: number; let tenant: string; let stage: string; let code: string; let message: string; let sourceTopic: string; let sourcePartition: number; let sourceOffset: number; let field: string | null; let expected: string | null; let got: string | null; let raw: Uint8Array; let values: number;',
    readerType: 'DeadLetter',
    readerReturns:
      "{ tenant, traceId, knownAt, stage: stage as DeadLetter['stage'], code: code as DeadLetter['code'], message, sourceTopic, sourcePartition, sourceOffset, field, expected, got, raw, values }",
    fields: deadLetter,
  },
  {
    file: 'dq-anomaly.ts',
    schema: 'events/avro/data.quality.anomalies.v1.avsc',
    imports: ["import type { Anomaly } from '../../../model/anomaly.ts';", ENVELOPE, AVRO],
    writer: 'writeDqAnomaly',
    writerParameters: 'w: AvroWriter, row: Anomaly, e: Envelope, ids: Uint32Array',
    reader: 'readDqAnomaly',
    readerParameters: 'r: AvroReader',
    readerOpens:
      'let traceId: string; let knownAt: number; let tenant: string; let type: string; let severity: string; let stage: string; let market: string; let dataset: string; let instrumentId: string | null; let ts: number | null; let message: string; let count: number; let context: Record<string, string>;',
    readerType: 'Anomaly',
    readerReturns:
      "{ tenant, traceId, knownAt, type: type as Anomaly['type'], severity: severity as Anomaly['severity'], stage: stage as Anomaly['stage'], market, dataset, instrumentId, ts, message, count, context }",
    fields: anomaly,
  },
  {
    file: 'deprecate-notice.ts',
    schema: 'events/avro/processing.deprecate.notice.v1.avsc',
    imports: [
      "import type { DeprecationNotice } from '../../../model/deprecation-notice.ts';",
      ENVELOPE,
      AVRO,
    ],
    writer: 'writeDeprecateNotice',
    writerParameters: 'w: AvroWriter, row: DeprecationNotice, e: Envelope, ids: Uint32Array',
    reader: 'readDeprecateNotice',
    readerParameters: 'r: AvroReader',
    readerOpens:
      'let traceId: string; let knownAt: number; let tenant: string; let topic: string; let successor: string; let revision: number; let state: string; let write: string; let since: number; let removalAfter: number; let reason: string;',
    readerType: 'DeprecationNotice',
    readerReturns:
      "{ tenant, traceId, knownAt, topic, successor, revision, state: state as DeprecationNotice['state'], write, since, removalAfter, reason }",
    fields: deprecation,
  },
  {
    file: 'curve-prestage.ts',
    schema: 'events/avro/aggregation.curve.prestage.v1.avsc',
    imports: ["import type { CurveInput } from '../../../model/curve-input.ts';", ENVELOPE, AVRO],
    writer: 'writeCurvePrestage',
    writerParameters: 'w: AvroWriter, row: CurveInput, e: Envelope, ids: Uint32Array',
    reader: 'readCurvePrestage',
    readerParameters: 'r: AvroReader',
    readerOpens:
      'let traceId: string; let knownAt: number; let tenant: string; let curve: string; let asOf: number; let contract: string; let start: number; let end: number; let block: string; let kind: string; const price = new Int32Array(2); let hasPrice = true; let unit: string; let withdrawn: boolean; let eventTime: number; let sequence: number | null; let source: string; let dataset: string; const valueKey = new Uint32Array(4); const valueId = new Uint32Array(4); let srcTopic: string; let srcPartition: number; let srcOffset: number;',
    readerType: 'CurveInput',
    readerReturns:
      "{ tenant, traceId, knownAt, curve, asOf, contract, start, end, block: block as CurveInput['block'], kind: kind as CurveInput['kind'], price, unit, withdrawn, eventTime, sequence, source, dataset, valueKey, valueId, srcTopic, srcPartition, srcOffset }",
    fields: curvePrestage,
  },
  {
    file: 'curve-update.ts',
    schema: 'events/avro/pricing.curve.updates.v1.avsc',
    imports: [
      "import type { CurveUpdate, CurveUpdatePoint } from '../../../model/curve-statement.ts';",
      ENVELOPE,
      AVRO,
    ],
    writer: 'writeCurveUpdate',
    writerParameters: 'w: AvroWriter, row: CurveUpdate, e: Envelope, ids: Uint32Array',
    reader: 'readCurveUpdate',
    readerParameters: 'r: AvroReader',
    readerOpens:
      'let traceId: string; let knownAt: number; let tenant: string; let curve: string; let asOf: number; let statement: number; let previousKnownAt: number | null; let isDelta: boolean; let unit: string; let method: string; const points: CurveUpdatePoint[] = []; let metadata: string; let srcTopic: string; let srcPartition: number; let srcOffset: number;',
    readerType: 'CurveUpdate',
    readerReturns:
      "{ tenant, traceId, knownAt, curve, asOf, statement, previousKnownAt, isDelta, unit, method: method as CurveUpdate['method'], points, metadata, srcTopic, srcPartition, srcOffset }",
    fields: curveUpdate,
  },
  rowCodec(
    ['backfill-request.ts', 'processing.backfill.request.v1', 'BackfillRequest', 'BackfillMessage'],
    'let requestId: string; let start: number; let end: number; let instruments: string[]; let market: string | null; let dryRun: boolean; let requestedBy: string;',
    'requestId, start, end, instruments, market, dryRun, requestedBy',
    backfillRequest,
  ),
  rowCodec(
    ['job-status.ts', 'processing.job.status.v1', 'JobStatus', 'JobReport'],
    'let jobId: string; let kind: string; let status: string; let requestId: string; let requestedBy: string; let start: number; let end: number; let market: string | null; let instruments: string[]; let dryRun: boolean; let done: number; let total: number; let differences: number; let errorCode: string | null; let errorMessage: string | null;',
    "jobId, kind, status: status as JobReport['status'], requestId, requestedBy, start, end, market, instruments, dryRun, done, total, differences, errorCode, errorMessage",
    jobStatus,
  ),
  rowCodec(
    [
      'invalidate-instrument.ts',
      'projection.invalidate.instrument.v1',
      'InvalidateInstrument',
      'Invalidation',
    ],
    'let instrument: string; let reason: string; let requestedBy: string;',
    'instrument, reason, requestedBy',
    invalidation,
  ),
];
