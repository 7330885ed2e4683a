/** Table `curves_base` (migration 008): inputs of curves as rows, in and out, exactly. */

import type { NativeColumns } from '../../codec/native/columns.ts';
import { identity } from '../../codec/native/native-bytes.ts';
import { NativeWriter } from '../../codec/native/native-writer.ts';
import type { DeliveryBlock, QuoteKind } from '../../math/curves/forward-curve.ts';
import type { CurveInput, PlacedInput } from '../../model/curve-input.ts';
import { compareIds } from '../../model/hash128.ts';
import { DAY } from '../../time/instant.ts';
import { columnsOf, compareTexts } from './curve-rows.ts';
import { cutByPartition } from './row-order.ts';

/** What {@link curveInputsFromColumns} reads: `SELECT ${CURVE_INPUT_COLUMNS} FROM curves_base FINAL …`. */
export const CURVE_INPUT_COLUMNS =
  'tenant_id, curve_id, as_of_date, contract_id, delivery_start, delivery_end, block, kind, price, unit, ' +
  'is_withdrawn, event_time, seq, has_seq, source_id, dataset, known_at, value_key, event_id, trace_id, raw_topic, ' +
  'raw_partition, raw_offset, src_offset';

/**
 * Blocks of the inputs in the order of the table's key, cut so that none touches more than 100 days. `topic` and
 * `partition` are those that the inputs were read from.
 */
export function curveInputBlocks(
  inputs: readonly PlacedInput[],
  topic: string,
  partition: number,
): Uint8Array[] {
  const sorted = [...inputs].sort((a, b) => compareInputs(a.input, b.input) || a.offset - b.offset);
  return cutByPartition(identity(sorted.length), (row) => sorted[row].input.asOf).map((order) =>
    write(order, sorted, topic, partition),
  );
}

function compareInputs(a: CurveInput, b: CurveInput): number {
  return (
    compareTexts(a.tenant, b.tenant) ||
    compareTexts(a.curve, b.curve) ||
    a.asOf - b.asOf ||
    a.start - b.start ||
    a.end - b.end ||
    compareTexts(a.contract, b.contract) ||
    a.knownAt - b.knownAt ||
    compareTexts(a.block, b.block) ||
    compareIds(a.valueId, 0, b.valueId, 0)
  );
}

function write(
  order: Uint32Array,
  rows: readonly PlacedInput[],
  topic: string,
  partition: number,
): Uint8Array {
  const { numbers, words } = columnsOf(rows);
  const textOf =
    (of: (input: CurveInput) => string) =>
    (row: number): string =>
      of(rows[row].input);
  const all = identity(rows.length);
  return new NativeWriter(order)
    .lowCardinalityOf(
      'tenant_id',
      all,
      textOf(({ tenant }) => tenant),
    )
    .lowCardinalityOf(
      'curve_id',
      all,
      textOf(({ curve }) => curve),
    )
    .date(
      'as_of_date',
      numbers(({ input }) => input.asOf),
    )
    .lowCardinalityOf(
      'contract_id',
      all,
      textOf(({ contract }) => contract),
    )
    .dateTime64(
      'delivery_start',
      numbers(({ input }) => DAY * input.start),
    )
    .dateTime64(
      'delivery_end',
      numbers(({ input }) => DAY * input.end),
    )
    .lowCardinalityOf(
      'block',
      all,
      textOf(({ block }) => block),
    )
    .lowCardinalityOf(
      'kind',
      all,
      textOf(({ kind }) => kind),
    )
    .decimal64(
      'price',
      words(2, ({ input }) => input.price),
    )
    .lowCardinalityOf(
      'unit',
      all,
      textOf(({ unit }) => unit),
    )
    .uint8(
      'is_withdrawn',
      numbers(({ input }) => (input.withdrawn ? 1 : 0)),
    )
    .dateTime64(
      'event_time',
      numbers(({ input }) => input.eventTime),
    )
    .uint64(
      'seq',
      numbers(({ input }) => input.sequence ?? 0),
    )
    .uint8(
      'has_seq',
      numbers(({ input }) => (input.sequence === null ? 0 : 1)),
    )
    .lowCardinalityOf(
      'source_id',
      all,
      textOf(({ source }) => source),
    )
    .lowCardinalityOf(
      'dataset',
      all,
      textOf(({ dataset }) => dataset),
    )
    .dateTime64(
      'known_at',
      numbers(({ input }) => input.knownAt),
    )
    .uuid('value_key', Uint32Array.from(words(4, ({ input }) => input.valueKey)))
    .uuid('event_id', Uint32Array.from(words(4, ({ input }) => input.valueId)))
    .uuid('value_id', Uint32Array.from(words(4, ({ input }) => input.valueId)))
    .string(
      'trace_id',
      rows.map(({ input }) => input.traceId),
    )
    .lowCardinalityOf(
      'raw_topic',
      all,
      textOf(({ srcTopic }) => srcTopic),
    )
    .uint32(
      'raw_partition',
      numbers(({ input }) => input.srcPartition),
    )
    .uint64(
      'raw_offset',
      numbers(({ input }) => input.srcOffset),
    )
    .lowCardinalityConstant('src_topic', topic)
    .uint32(
      'src_partition',
      numbers(() => partition),
    )
    .uint64(
      'src_offset',
      numbers(({ offset }) => offset),
    )
    .finish();
}

/** Inputs of a query for {@link CURVE_INPUT_COLUMNS}, in the order of its rows, with their places. */
export function curveInputsFromColumns(columns: NativeColumns): PlacedInput[] {
  if (columns.rows === 0) return [];
  const text = (name: string): string[] => columns.strings(name);
  const number = (name: string): Float64Array => columns.numbers(name);
  const [tenant, curve, contract] = [text('tenant_id'), text('curve_id'), text('contract_id')];
  const [block, kind, unit] = [text('block'), text('kind'), text('unit')];
  const [source, dataset, traceId] = [text('source_id'), text('dataset'), text('trace_id')];
  const [asOf, start, end] = [number('as_of_date'), number('delivery_start'), number('delivery_end')];
  const [withdrawn, sequence, hasSequence] = [number('is_withdrawn'), number('seq'), number('has_seq')];
  const [eventTime, knownAt, offset] = [number('event_time'), number('known_at'), number('src_offset')];
  const [rawPartition, rawOffset, rawTopic] = [
    number('raw_partition'),
    number('raw_offset'),
    text('raw_topic'),
  ];
  const [price, valueKey, valueId] = [
    columns.words('price', 2),
    columns.uuids('value_key'),
    columns.uuids('event_id'),
  ];
  return tenant.map((_, i) => ({
    offset: offset[i],
    input: {
      tenant: tenant[i],
      traceId: traceId[i],
      knownAt: knownAt[i],
      curve: curve[i],
      asOf: asOf[i],
      contract: contract[i],
      start: start[i] / DAY,
      end: end[i] / DAY,
      block: block[i] as DeliveryBlock,
      kind: kind[i] as QuoteKind,
      price: price.slice(2 * i, 2 * i + 2),
      unit: unit[i],
      withdrawn: withdrawn[i] === 1,
      eventTime: eventTime[i],
      sequence: hasSequence[i] === 1 ? sequence[i] : null,
      source: source[i],
      dataset: dataset[i],
      valueKey: valueKey.slice(4 * i, 4 * i + 4),
      valueId: valueId.slice(4 * i, 4 * i + 4),
      srcTopic: rawTopic[i],
      srcPartition: rawPartition[i],
      srcOffset: rawOffset[i],
    },
  }));
}
