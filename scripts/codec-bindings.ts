/**
 * Which column, property or constant each field of a schema stands for: what `generate-codecs.ts` needs beside the
 * schemas. A binding holds the code that writes and reads one field; the generator checks its type against the
 * schema and puts the fields in the schema's order.
 *
 * In the code `w` is an AvroWriter, `r` an AvroReader, `b` the batch, `i` its row, `x` the dictionaries.
 */

/** How one field, or a run of fields that are encoded together, is written and read. */
export interface Binding {
  /** Type as the generator writes it: `string`, `long timestamp-micros`, `bytes decimal(18,8)` … */
  readonly type: string;
  /** Names and types of the fields that follow in the same run. */
  readonly run?: readonly (readonly [name: string, type: string])[];
  /** For a nullable field: when there is a value. */
  readonly present?: string;
  readonly write: string;
  readonly read: string;
  /** For a nullable field: what to do when there is none. */
  readonly absent?: string;
  /** For an array of records: the fields of an item; `write` opens the loop, `read` closes an item. */
  readonly items?: Readonly<Record<string, Binding>>;
}

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

const uuid = (column: string): Binding => ({
  type: 'string uuid',
  write: `w.uuid(b.${column}, i);`,
  read: `r.uuid(b.${column}, i);`,
});
const name = (dictionary: string, column: string): Binding => ({
  type: 'string',
  write: `w.block(x.${dictionary}.bytesOf(b.${column}[i]));`,
  read: `b.${column}[i] = r.name(x.${dictionary});`,
});
const optionalName = (dictionary: string, column: string): Binding => ({
  ...name(dictionary, column),
  present: `b.${column}[i] !== 0`,
  absent: `b.${column}[i] = 0;`,
});
const constant = (of: string): Binding => ({ type: 'string', write: `w.block(e.${of});`, read: 'r.span();' });
const number = (type: string, column: string): Binding => ({
  type,
  write: `w.long(b.${column}[i]);`,
  read: `b.${column}[i] = r.long();`,
});
const micros = (column: string): Binding => number('long timestamp-micros', column);
const decimal = (column: string): Binding => ({
  type: 'bytes decimal(18,8)',
  write: `w.decimal(b.${column}, i);`,
  read: `r.decimal(b.${column}, i);`,
});
const optionalDecimal = (column: string, bit: string): Binding => ({
  type: 'bytes decimal(18,8)',
  present: `(b.present[i] & Present.${bit}) !== 0`,
  write: `w.decimal(b.${column}, i);`,
  read: `r.decimal(b.${column}, i); b.present[i] |= Present.${bit};`,
  absent: `b.${column}[2 * i] = b.${column}[2 * i + 1] = 0;`,
});
const sum = (column: string, type: string): Binding => ({
  type,
  write: `w.sum(b.${column}, i);`,
  read: `r.sum(b.${column}, i);`,
});

const instrument: Binding = {
  type: 'string',
  run: ['market', 'product', 'location', 'field', 'unit'].map((part) => [part, 'string'] as const),
  write: 'w.block(x.instruments.bytesOf(b.instrument[i]));',
  read: 'b.instrument[i] = r.known(x.instruments);',
};
const flags: Binding = {
  type: 'array<string>',
  write: 'w.block(x.flags.bytesOf(b.flags[i]));',
  read: 'r.skipTexts(); b.flags[i] = r.known(x.flags);',
};
const envelope = {
  event_id: uuid('id'),
  trace_id: name('traces', 'trace'),
  occurred_at: micros('knownAt'),
  tenant_id: name('tenants', 'tenant'),
  schema_version: constant('schemaVersion'),
  producer: constant('producer'),
};
const source = {
  'payload.source_topic': name('topics', 'srcTopic'),
  'payload.source_partition': number('int', 'srcPartition'),
  'payload.source_offset': number('long', 'srcOffset'),
};

const tick: Record<string, Binding> = {
  ...envelope,
  'payload.instrument_id': instrument,
  'payload.source_id': name('sources', 'source'),
  'payload.dataset': name('datasets', 'dataset'),
  'payload.ts': micros('eventStart'),
  'payload.ts_end': micros('eventEnd'),
  'payload.price': optionalDecimal('price', 'PRICE'),
  'payload.volume': optionalDecimal('size', 'SIZE'),
  'payload.bid': optionalDecimal('bid', 'BID'),
  'payload.ask': optionalDecimal('ask', 'ASK'),
  'payload.quality_flags': flags,
  'payload.sequence': {
    type: 'long',
    present: '(b.present[i] & Present.SEQUENCE) !== 0',
    write: 'w.long(b.sequence[i]);',
    read: 'b.sequence[i] = r.long(); b.present[i] |= Present.SEQUENCE;',
    absent: 'b.sequence[i] = 0;',
  },
  'payload.trade_id': {
    type: 'string',
    present: "b.tradeId[i] !== ''",
    write: 'w.text(b.tradeId[i]);',
    read: 'b.tradeId[i] = r.text();',
    absent: "b.tradeId[i] = '';",
  },
  ...source,
  'payload.archive_sha256': optionalName('archives', 'archive'),
  'payload.archive_row': {
    ...number('long', 'row'),
    present: 'b.row[i] !== 0',
    absent: 'b.row[i] = 0;',
  },
};

const enriched: Record<string, Binding> = {
  ...tick,
  'payload.commodity': {
    type: 'string',
    run: [
      ['region', 'string'],
      ['product_tier', 'string'],
      ['tags', 'array<string>'],
      ['confidence', 'double'],
      ['taxonomy_version', 'long'],
    ],
    write: 'w.block(taxa.bytesOf(taxonomyOf[i]));',
    read: 'taxonomyOf[i] = r.known(taxa);',
  },
};

const bar: Record<string, Binding> = {
  ...envelope,
  event_id: { type: 'string uuid', write: 'w.uuid(ids, 0);', read: 'r.span();' },
  'payload.instrument_id': instrument,
  'payload.interval': {
    type: 'string',
    write: 'w.block(intervals.bytesOf(b.interval[i]));',
    read: 'b.interval[i] = r.name(intervals);',
  },
  'payload.interval_start': micros('start'),
  'payload.interval_end': micros('end'),
  'payload.status': {
    type: 'string',
    write: 'w.block(statuses.bytesOf(b.status[i]));',
    read: 'b.status[i] = r.name(statuses);',
  },
  'payload.open_price': decimal('open'),
  'payload.high_price': decimal('high'),
  'payload.low_price': decimal('low'),
  'payload.close_price': decimal('close'),
  'payload.volume': sum('volume', 'bytes decimal(38,8)'),
  'payload.notional': sum('notional', 'bytes decimal(38,16)'),
  'payload.price_seconds': sum('priceSeconds', 'bytes decimal(38,8)'),
  'payload.seconds': { type: 'double', write: 'w.double(b.seconds[i]);', read: 'b.seconds[i] = r.double();' },
  'payload.trade_count': number('long', 'count'),
  'payload.open_time': micros('openTime'),
  'payload.open_sequence': number('long', 'openSequence'),
  'payload.open_event_id': uuid('openId'),
  'payload.close_time': micros('closeTime'),
  'payload.close_sequence': number('long', 'closeSequence'),
  'payload.close_event_id': uuid('closeId'),
  'payload.quality_flags': flags,
  ...source,
};

/** A property of a row object; `take` names the variable that the reader returns. */
const property = (type: string, take: string, from = `row.${take}`): Binding => {
  const call = {
    string: 'text',
    bytes: 'data',
    'map<string>': 'textMap',
    int: 'long',
    'long timestamp-micros': 'long',
  }[type];
  return { type, write: `w.${call ?? type}(${from});`, read: `${take} = r.${call ?? type}();` };
};
const optionalProperty = (type: string, take: string): Binding => ({
  ...property(type, take),
  present: `row.${take} !== null`,
  absent: `${take} = null;`,
});
const rowEnvelope: Record<string, Binding> = {
  event_id: { type: 'string uuid', write: 'w.uuid(ids, 0);', read: 'r.span();' },
  trace_id: property('string', 'traceId'),
  occurred_at: property('long timestamp-micros', 'knownAt'),
  tenant_id: property('string', 'tenant'),
  schema_version: constant('schemaVersion'),
  producer: constant('producer'),
};

const text = (of: string, read: string): Binding => ({
  type: 'string',
  write: `w.block(texts.bytesOf(${of}));`,
  read,
});
const raw: Record<string, Binding> = {
  event_id: { type: 'string uuid', write: 'w.uuid(ids, 0);', read: 'r.span();' },
  trace_id: text('context.traceId', 'b.trace[i] = r.name(x.traces);'),
  occurred_at: {
    type: 'long timestamp-micros',
    write: 'w.long(row.publishedAt ?? context.archivedAt);',
    read: 'b.knownAt[i] = r.long();',
  },
  tenant_id: text('context.tenant', 'b.tenant[i] = r.name(x.tenants);'),
  schema_version: constant('schemaVersion'),
  producer: constant('producer'),
  'payload.source': text('context.source', 'b.source[i] = r.name(x.sources);'),
  'payload.market': text('row.market', 'b.market[i] = r.name(x.markets);'),
  'payload.dataset': text('row.dataset', 'b.dataset[i] = r.name(x.datasets);'),
  'payload.location': {
    ...text('row.location', 'b.location[i] = r.name(x.locations);'),
    present: 'row.location !== null',
    absent: 'b.location[i] = 0;',
  },
  'payload.series': {
    ...text('row.series', 'b.series[i] = r.name(x.series);'),
    present: 'row.series !== null',
    absent: 'b.series[i] = 0;',
  },
  'payload.source_time': { type: 'string', write: 'w.text(row.sourceTime);', read: 'r.span();' },
  'payload.interval_start': {
    type: 'long timestamp-micros',
    write: 'w.long(row.intervalStart);',
    read: 'b.eventStart[i] = r.long();',
  },
  'payload.interval_end': {
    type: 'long timestamp-micros',
    write: 'w.long(row.intervalEnd);',
    read: 'b.eventEnd[i] = r.long();',
  },
  'payload.time_rule': text('row.timeRule', 'b.rule[i] = r.name(x.rules);'),
  'payload.sequence': {
    type: 'long',
    present: 'row.sequence !== null',
    write: 'w.long(row.sequence);',
    read: 'b.sequence[i] = r.long(); b.hasSequence[i] = 1;',
    absent: 'b.sequence[i] = 0; b.hasSequence[i] = 0;',
  },
  'payload.trade_id': {
    type: 'string',
    present: 'row.tradeId !== null',
    write: 'w.text(row.tradeId);',
    read: 'b.tradeId[i] = r.text();',
    absent: "b.tradeId[i] = '';",
  },
  'payload.cancels': {
    type: 'boolean',
    write: 'w.boolean(row.cancels);',
    read: 'b.cancels[i] = r.boolean() ? 1 : 0;',
  },
  'payload.published_at': {
    type: 'long timestamp-micros',
    present: 'row.publishedAt !== null',
    write: 'w.long(row.publishedAt);',
    read: 'r.long();',
    absent: '',
  },
  'payload.values': {
    type: 'array<record>',
    write: 'row.values',
    read: 'b.addValue(field, unit, valueFrom, valueTo);',
    items: {
      field: text('item.field', 'const field = r.name(x.fields);'),
      value: {
        type: 'string',
        present: 'item.value !== null',
        write: 'w.text(item.value);',
        read: 'r.span(); valueFrom = r.from; valueTo = r.to;',
        absent: 'valueFrom = valueTo = 0;',
      },
      unit: text('item.unit', 'const unit = r.name(x.units);'),
    },
  },
  'payload.archive_sha256': {
    ...text('context.archiveSha256', 'b.archive[i] = r.name(x.archives);'),
    present: 'context.archiveSha256 !== null',
    absent: 'b.archive[i] = 0;',
  },
  'payload.archive_row': {
    type: 'long',
    present: 'row.row !== 0',
    write: 'w.long(row.row);',
    read: 'b.row[i] = r.long();',
    absent: 'b.row[i] = 0;',
  },
};

const deadLetter: Record<string, Binding> = {
  ...rowEnvelope,
  'payload.stage': property('string', 'stage'),
  'payload.code': property('string', 'code'),
  'payload.message': property('string', 'message'),
  'payload.source_topic': property('string', 'sourceTopic'),
  'payload.source_partition': property('int', 'sourcePartition'),
  'payload.source_offset': property('long', 'sourceOffset'),
  'payload.field': optionalProperty('string', 'field'),
  'payload.expected': optionalProperty('string', 'expected'),
  'payload.got': optionalProperty('string', 'got'),
  'payload.raw': property('bytes', 'raw'),
  'payload.values': property('long', 'values'),
};
const anomaly: Record<string, Binding> = {
  ...rowEnvelope,
  'payload.type': property('string', 'type'),
  'payload.severity': property('string', 'severity'),
  'payload.stage': property('string', 'stage'),
  'payload.market': property('string', 'market'),
  'payload.dataset': property('string', 'dataset'),
  'payload.instrument_id': optionalProperty('string', 'instrumentId'),
  'payload.ts': optionalProperty('long timestamp-micros', 'ts'),
  'payload.message': property('string', 'message'),
  'payload.count': property('long', 'count'),
  'payload.context': property('map<string>', 'context'),
};

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

/** Every codec that is generated. */
export const CODECS: readonly Codec[] = [
  tickCodec('normalized-tick.ts', 'events/avro/normalized.market.ticks.v1.avsc', 'NormalizedTick'),
  tickCodec('latest-price.ts', 'events/avro/served.market.latest_prices.v1.avsc', 'LatestPrice'),
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
];
