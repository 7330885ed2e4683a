/**
 * Which column each field of a tick or bar stands for. A binding holds the code that writes and reads one field; the
 * generator checks its type against the schema and puts the fields in the schema's order.
 *
 * In the code `w` is an AvroWriter, `r` an AvroReader, `b` the batch, `i` its row, `x` the dictionaries, `e` the
 * constants of the envelope.
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
  /** For an array of records: what the reader of an item begins with. */
  readonly opens?: string;
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
/** A field that every record of a batch has alike. */
export const constant = (of: string): Binding => ({
  type: 'string',
  write: `w.block(e.${of});`,
  read: 'r.span();',
});
const number = (type: string, column: string): Binding => ({
  type,
  write: `w.longAt(b.${column}, i);`,
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

/** Fields of NormalizedTick and LatestPrice. */
export const tick: Record<string, Binding> = {
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
    write: 'w.longAt(b.sequence, i);',
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

/** Where each field of the first version of LatestPrice lies in the second. */
const REGROUPED: Readonly<Record<string, string>> = {
  instrument_id: 'instrument.id',
  ts: 'interval.start',
  ts_end: 'interval.end',
  price: 'quote.price',
  volume: 'quote.volume',
  bid: 'quote.bid',
  ask: 'quote.ask',
  source_id: 'origin.source_id',
  dataset: 'origin.dataset',
  sequence: 'origin.sequence',
  trade_id: 'origin.trade_id',
  source_topic: 'origin.topic',
  source_partition: 'origin.partition',
  source_offset: 'origin.offset',
  archive_sha256: 'origin.archive_sha256',
  archive_row: 'origin.archive_row',
};

/** Fields of LatestPriceV2: the same columns, in groups. */
export const regrouped: Record<string, Binding> = Object.fromEntries(
  Object.entries(tick).map(([path, binding]) => {
    const field = path.replace(/^payload\./, '');
    return [field in REGROUPED ? `payload.${REGROUPED[field]}` : path, binding];
  }),
);

/** Fields of EnrichedTick. */
export const enriched: Record<string, Binding> = {
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

const listed = (parameter: string, column: string): Binding => ({
  type: 'string',
  write: `w.block(${parameter}.bytesOf(b.${column}[i]));`,
  read: `b.${column}[i] = r.name(${parameter});`,
});
/** Fields of statements about windows: their event ids are made when they are written. */
const statement = {
  ...envelope,
  event_id: { type: 'string uuid', write: 'w.uuid(ids, 0);', read: 'r.span();' },
  'payload.instrument_id': instrument,
  'payload.interval': listed('intervals', 'interval'),
  'payload.status': listed('statuses', 'status'),
  'payload.quality_flags': flags,
  ...source,
};

/** Fields of OhlcBar. */
export const bar: Record<string, Binding> = {
  ...statement,
  'payload.interval_start': micros('start'),
  'payload.interval_end': micros('end'),
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
};

const figure = (column: string, bit: string): Binding => ({
  type: 'bytes decimal(38,8)',
  present: `(b.present[i] & Figure.${bit}) !== 0`,
  write: `w.sum(b.${column}, i);`,
  read: `r.sum(b.${column}, i); b.present[i] |= Figure.${bit};`,
  absent: `b.${column}.fill(0, 4 * i, 4 * i + 4);`,
});

/** Fields of RollingMetric. */
export const rolling: Record<string, Binding> = {
  ...statement,
  'payload.window': listed('windows', 'window'),
  'payload.window_start': micros('start'),
  'payload.window_end': micros('end'),
  'payload.bars': number('int', 'bars'),
  'payload.bars_expected': number('int', 'expected'),
  'payload.sma': decimal('mean'),
  'payload.vwap': figure('vwap', 'VWAP'),
  'payload.high_price': decimal('high'),
  'payload.low_price': decimal('low'),
  'payload.stddev': figure('deviation', 'DEVIATION'),
  'payload.zscore': figure('score', 'SCORE'),
  'payload.rms_change': figure('rmsChange', 'RMS_CHANGE'),
};
