/** Enriched ticks on the wire: enriched.market.ticks.v1. Taxonomy is encoded once per entry, not once per row. */

import type { EnrichedBatch, Taxonomy } from '../../model/enriched-batch.ts';
import type { Names } from '../../model/names.ts';
import { TickBatch } from '../../model/tick-batch.ts';
import type { LogSlice } from '../../ports/event-log.ts';
import { EncodedById, readNamesOf, writeNamesOf } from '../avro/dictionaries.ts';
import { envelopeOf } from '../avro/envelope.ts';
import {
  ENRICHED_TICK_FIELDS,
  readEnrichedTick,
  writeEnrichedTick,
} from '../avro/generated/enriched-tick.ts';
import { AvroReader } from '../avro/reader.ts';
import { AvroWriter } from '../avro/writer.ts';
import { SpanTable } from '../bytes.ts';
import { RecordSpans } from '../kafka/record-spans.ts';
import { beginFrame, broken, openFrame, type Undecodable, unframed } from './framing.ts';
import { Redelivered } from './redelivered.ts';
import {
  type EncodedBatch,
  instrumentKeysOf,
  MAX_BATCH_BYTES,
  PartitionedBatches,
  TraceHeaders,
} from './routing.ts';
import { dropLastTick } from './ticks.ts';

const writer = new AvroWriter();
const reader = new AvroReader();
const spans = new RecordSpans();

/** Encodes the rows in their order, each into the partition of its key, as {@link encodeTicks} does. */
export function encodeEnriched(
  batch: EnrichedBatch,
  schemaId: number,
  partitions: number,
  producer: string,
  maxBatchBytes = MAX_BATCH_BYTES,
): EncodedBatch[] {
  const { ticks, taxonomyOf } = batch;
  const names = writeNamesOf(ticks.names);
  const keys = instrumentKeysOf(ticks.names);
  const headers = new TraceHeaders(ticks.names);
  const envelope = envelopeOf(producer);
  const taxa = new EncodedById((id) => encodeTaxonomy(batch.taxa[id]));
  const out = new PartitionedBatches(partitions, maxBatchBytes);
  for (let i = 0; i < ticks.length; i++) {
    beginFrame(writer, schemaId);
    writeEnrichedTick(writer, ticks, i, names, envelope, taxonomyOf, taxa);
    const tenant = ticks.tenant[i];
    const instrument = ticks.instrument[i];
    out.add(
      keys.partitionOf(tenant, instrument, partitions),
      ticks.knownAt,
      i,
      keys.keyOf(tenant, instrument),
      writer,
      headers.of(ticks.trace[i]),
      i > 0 && ticks.srcOffset[i] === ticks.srcOffset[i - 1] && ticks.srcTopic[i] === ticks.srcTopic[i - 1],
    );
  }
  return out.finish();
}

function encodeTaxonomy(taxonomy: Taxonomy): Uint8Array {
  const w = new AvroWriter(256);
  w.text(taxonomy.commodity);
  w.text(taxonomy.region);
  w.text(taxonomy.productTier);
  w.texts(taxonomy.tags);
  w.double(taxonomy.confidence);
  w.long(taxonomy.version);
  return w.take();
}

/** Decodes the records with offsets in `[from, to)`, as {@link decodeTicks} does. */
export function decodeEnriched(
  slice: LogSlice,
  from: number,
  to: number,
  names: Names,
): { batch: EnrichedBatch; rejected: Undecodable[]; redelivered: number } {
  spans.walk(slice.bytes);
  const x = readNamesOf(names);
  const ticks = new TickBatch(names, spans.count);
  const taxonomyOf = new Uint32Array(spans.count);
  const taxa: Taxonomy[] = [];
  const taxonomies = new SpanTable((bytes, start, end) => taxa.push(decodeTaxonomy(bytes, start, end)) - 1);
  const rejected: Undecodable[] = [];
  const redelivered = new Redelivered();
  for (let k = 0; k < spans.count; k++) {
    if (spans.offset[k] < from || spans.offset[k] >= to) continue;
    if (!openFrame(reader, spans, k)) {
      rejected.push(unframed(spans, k));
      continue;
    }
    const i = ticks.reserve();
    readEnrichedTick(reader, ticks, i, x, taxonomyOf, taxonomies);
    if (reader.done()) {
      if (redelivered.takes(ticks, i, spans.batch[k])) dropLastTick(ticks);
      continue;
    }
    dropLastTick(ticks);
    rejected.push(broken(spans, k, reader, ENRICHED_TICK_FIELDS));
  }
  return { batch: { ticks, taxonomyOf, taxa }, rejected, redelivered: redelivered.values };
}

function decodeTaxonomy(bytes: Uint8Array, from: number, to: number): Taxonomy {
  const r = new AvroReader();
  r.open(bytes, from, to);
  return {
    commodity: r.text(),
    region: r.text(),
    productTier: r.text(),
    tags: r.texts(),
    confidence: r.double(),
    version: r.long(),
  };
}
