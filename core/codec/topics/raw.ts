/** Raw rows on the wire: ingestion.<market>.raw.v1. Written from rows at the edge, read into columns. */

import { FieldHash, markAsUuid8 } from '../../model/hash128.ts';
import type { Names } from '../../model/names.ts';
import { RawBatch } from '../../model/raw-batch.ts';
import type { RawContext, RawRow } from '../../model/raw-row.ts';
import type { LogSlice } from '../../ports/event-log.ts';
import { EncodedTexts, readNamesOf } from '../avro/dictionaries.ts';
import { envelopeOf } from '../avro/envelope.ts';
import { RAW_EVENT_FIELDS, readRawEvent, writeRawEvent } from '../avro/generated/raw-event.ts';
import { AvroReader } from '../avro/reader.ts';
import { AvroWriter } from '../avro/writer.ts';
import { concatBytes, utf8 } from '../bytes.ts';
import { partitionOf } from '../kafka/partition.ts';
import { RecordSpans } from '../kafka/record-spans.ts';
import { beginFrame, broken, openFrame, type Undecodable, undecodable, unframed } from './framing.ts';
import { type RawEvent, readRawJson } from './raw-json.ts';
import { TickScan } from './raw-json-scan.ts';
import { type EncodedBatch, PartitionedBatches, topicKey, traceHeaders } from './routing.ts';

const writer = new AvroWriter();
const reader = new AvroReader();
const spans = new RecordSpans();
const texts = new EncodedTexts();
const hash = new FieldHash();
const time = new Float64Array(1);
const eventId = new Uint32Array(4);

/**
 * Encodes rows of one payload in their order, keyed `tenant|market|location`; a row without a location goes by its
 * series, which names the contract of a trade, and one without either by its dataset. The known time, and with it
 * the record's time, is the publication time or else the first archiving. The same row gives the same event id.
 */
export function encodeRawRows(
  rows: readonly RawRow[],
  context: RawContext,
  schemaId: number,
  partitions: number,
  maxBatchBytes: number,
): EncodedBatch[] {
  const envelope = envelopeOf(context.source);
  const headers = traceHeaders(context.traceId);
  const out = new PartitionedBatches(partitions, maxBatchBytes);
  const targets = new Map<string, Map<string, Target>>();
  for (const row of rows) {
    setRawEventId(row, context);
    beginFrame(writer, schemaId);
    writeRawEvent(writer, row, context, texts, envelope, eventId);
    const { key, partition } = targets
      .getOrInsertComputed(row.market, newTargets)
      .getOrInsertComputed(placeOf(row), (place) => {
        const made = topicKey(context.tenant, row.market, place);
        return { key: made, partition: partitionOf(made, partitions) };
      });
    time[0] = row.publishedAt ?? context.archivedAt;
    out.add(partition, time, 0, key, writer, headers);
  }
  return out.finish();
}

/** Key and partition of the rows of one market and place. */
interface Target {
  readonly key: Uint8Array;
  readonly partition: number;
}

const newTargets = (): Map<string, Target> => new Map();

/** The place by which a row is keyed. */
export function placeOf(row: RawRow): string {
  if (row.location !== null && row.location !== '') return row.location;
  return row.series !== null && row.series !== '' ? row.series : row.dataset;
}

function setRawEventId(row: RawRow, context: RawContext): void {
  hash.reset().text(context.tenant).text(context.source).text(row.market).text(row.dataset);
  optionalText(row.location);
  optionalText(row.series);
  hash.integer(row.intervalStart);
  hash.word(row.sequence === null ? 0 : 1).integer(row.sequence ?? 0);
  optionalText(row.tradeId);
  hash.integer(row.publishedAt ?? context.archivedAt).word(row.cancels ? 1 : 0);
  hash.word(row.values.length);
  for (const { field, value, unit } of row.values) {
    hash.text(field).text(unit);
    optionalText(value);
  }
  hash.integer(row.row);
  hash.digest(eventId, 0);
  markAsUuid8(eventId, 0);
}

function optionalText(text: string | null): void {
  hash.word(text === null ? 0 : 1).text(text ?? '');
}

/**
 * Decodes the records with offsets in `[from, to)`: framed Avro, or JSON in the flat or the nested form. Value spans
 * point into the batch's `bytes`, which are the slice's own unless a JSON record made them longer. Records that
 * cannot be read are rejected, in order. With `memory`, the batch is that one, begun again.
 */
export function decodeRawEvents(
  slice: LogSlice,
  from: number,
  to: number,
  names: Names,
  memory: RawBatch | null = null,
): { batch: RawBatch; rejected: Undecodable[] } {
  spans.walk(slice.bytes);
  const x = readNamesOf(names);
  const topic = names.topics.idOf(slice.topic);
  const batch = (memory ?? new RawBatch(names, slice.bytes, topic, slice.partition, spans.count)).restart(
    slice.bytes,
    topic,
    slice.partition,
  );
  const tail = new AvroWriter(0);
  const rejected: Undecodable[] = [];
  let scan: TickScan | null = null;
  for (let k = 0; k < spans.count; k++) {
    const offset = spans.offset[k];
    if (offset < from || offset >= to) continue;
    if (openFrame(reader, spans, k)) {
      const i = batch.addRow();
      batch.srcOffset[i] = offset;
      batch.recordFrom[i] = spans.valueFrom[k];
      batch.recordTo[i] = spans.valueTo[k];
      readRawEvent(reader, batch, i, x);
      if (reader.done()) continue;
      batch.dropLastRow();
      rejected.push(broken(spans, k, reader, RAW_EVENT_FIELDS));
    } else if (spans.valueFrom[k] >= 0 && looksLikeJson(slice.bytes, spans.valueFrom[k], spans.valueTo[k])) {
      scan ??= tickScanOf(names);
      if (scan.add(batch, slice.bytes, spans.valueFrom[k], spans.valueTo[k], spans.timestampMs, k)) {
        const i = batch.length - 1;
        batch.srcOffset[i] = offset;
        batch.recordFrom[i] = spans.valueFrom[k];
        batch.recordTo[i] = spans.valueTo[k];
        continue;
      }
      const event = readRawJson(
        slice.bytes,
        spans.valueFrom[k],
        spans.valueTo[k],
        spans.timestampMs[k] * 1000,
      );
      if ('expected' in event) rejected.push(undecodable(spans, k, event.field, event.expected, event.got));
      else {
        addRawEvent(batch, event, offset, tail);
        batch.recordFrom[batch.length - 1] = spans.valueFrom[k];
        batch.recordTo[batch.length - 1] = spans.valueTo[k];
      }
    } else rejected.push(unframed(spans, k, 'framed Avro or a JSON object'));
  }
  if (tail.at > 0) batch.bytes = concatBytes([slice.bytes, tail.take()]);
  return { batch, rejected };
}

const scans = new WeakMap<Names, TickScan>();

/** The scanner of a process: it knows the spellings of its feeds. */
export function tickScanOf(names: Names): TickScan {
  return scans.getOrInsertComputed(names, (key) => new TickScan(key));
}

/** True when the first byte that is not white space is a brace. */
function looksLikeJson(bytes: Uint8Array, from: number, to: number): boolean {
  let p = from;
  while (p < to && (bytes[p] === 0x20 || (bytes[p] >= 0x09 && bytes[p] <= 0x0d))) p++;
  return p < to && bytes[p] === 0x7b;
}

/** Adds a row whose value texts are appended to `tail`, the bytes that will follow the slice's own. */
function addRawEvent(batch: RawBatch, event: RawEvent, offset: number, tail: AvroWriter): void {
  const { row, context } = event;
  const names = batch.names;
  const i = batch.addRow();
  batch.tenant[i] = names.tenants.idOf(context.tenant);
  batch.market[i] = names.markets.idOf(row.market);
  batch.source[i] = names.sources.idOf(context.source);
  batch.dataset[i] = names.datasets.idOf(row.dataset);
  batch.location[i] = names.locations.idOf(row.location ?? '');
  batch.series[i] = names.series.idOf(row.series ?? '');
  batch.rule[i] = names.rules.idOf(row.timeRule);
  batch.trace[i] = names.traces.idOf(context.traceId);
  batch.archive[i] = names.archives.idOf(context.archiveSha256 ?? '');
  batch.eventStart[i] = row.intervalStart;
  batch.eventEnd[i] = row.intervalEnd;
  batch.knownAt[i] = row.publishedAt ?? context.archivedAt;
  batch.hasSequence[i] = row.sequence === null ? 0 : 1;
  batch.sequence[i] = row.sequence ?? 0;
  batch.tradeId[i] = row.tradeId ?? '';
  batch.cancels[i] = row.cancels ? 1 : 0;
  batch.row[i] = row.row;
  batch.srcOffset[i] = offset;
  const base = batch.bytes.length;
  for (const { field, value, unit } of row.values) {
    let from = 0;
    let to = 0;
    if (value !== null && value !== '') {
      from = base + tail.at;
      tail.block(utf8(value));
      to = base + tail.at;
    }
    batch.addValue(names.fields.idOf(field), names.units.idOf(unit), from, to);
  }
}
