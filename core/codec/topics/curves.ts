/** Inputs and statements of forward curves on the wire: aggregation.curve.prestage.v1 and pricing.curve.updates.v1. */

import { DELIVERY_BLOCKS, QUOTE_KINDS } from '../../math/curves/forward-curve.ts';
import type { CurveInput } from '../../model/curve-input.ts';
import type { CurveUpdate } from '../../model/curve-statement.ts';
import type { LogSlice } from '../../ports/event-log.ts';
import {
  CURVE_PRESTAGE_FIELDS,
  readCurvePrestage,
  writeCurvePrestage,
} from '../avro/generated/curve-prestage.ts';
import { CURVE_UPDATE_FIELDS, readCurveUpdate, writeCurveUpdate } from '../avro/generated/curve-update.ts';
import type { AvroReader } from '../avro/reader.ts';
import type { Undecodable } from './framing.ts';
import { decodeObjects, encodeObjects } from './object-records.ts';
import { type EncodedBatch, MAX_BATCH_BYTES, topicKey } from './routing.ts';

/** Last day that the store's Date can hold. */
const LAST_DAY = 65_535;
const DAYS = 'a day of 1970-01-01 to 2149-06-06';

/** Key of everything about one curve: one partition has all of it. */
export function curveKey(tenant: string, curve: string): Uint8Array {
  return topicKey(tenant, 'curve', curve);
}

/** Encodes inputs in their order, each into the partition of its curve. The event id is that of the tick and the curve. */
export function encodeCurveInputs(
  inputs: readonly CurveInput[],
  schemaId: number,
  partitions: number,
  producer: string,
  maxBatchBytes = MAX_BATCH_BYTES,
): EncodedBatch[] {
  return encodeObjects(
    inputs,
    schemaId,
    partitions,
    producer,
    maxBatchBytes,
    writeCurvePrestage,
    (input, hash) => {
      hash
        .reset()
        .text(input.tenant)
        .text(input.curve)
        .integer(input.asOf)
        .integer(input.start)
        .integer(input.end);
      hash.text(input.block).text(input.contract);
      for (const word of input.valueId) hash.word(word);
      return curveKey(input.tenant, input.curve);
    },
  );
}

/** Decodes inputs with offsets in `[from, to)`. A day that cannot be stored, and a block or kind that nobody knows, is the record's fault. */
export function decodeCurveInputs(
  slice: LogSlice,
  from: number,
  to: number,
): { inputs: CurveInput[]; offsets: number[]; rejected: Undecodable[] } {
  const { rows, offsets, rejected } = decodeObjects(slice, from, to, readKnown, CURVE_PRESTAGE_FIELDS);
  return { inputs: rows, offsets, rejected };
}

function readKnown(reader: AvroReader): CurveInput {
  const input = readCurvePrestage(reader);
  if (!reader.ok) return input;
  const { asOf, start, end } = input;
  if (!(asOf >= 0 && asOf <= LAST_DAY)) refuse(reader, 'payload.as_of_date', [DAYS]);
  else if (!(start >= 0 && start <= LAST_DAY)) refuse(reader, 'payload.delivery_start', [DAYS]);
  else if (!(end > start && end <= LAST_DAY))
    refuse(reader, 'payload.delivery_end', [`${DAYS} after the start`]);
  else if (!DELIVERY_BLOCKS.includes(input.block)) refuse(reader, 'payload.block', DELIVERY_BLOCKS);
  else if (!QUOTE_KINDS.includes(input.kind)) refuse(reader, 'payload.kind', QUOTE_KINDS);
  return input;
}

function refuse(reader: AvroReader, field: string, known: readonly string[]): void {
  reader.field = CURVE_PRESTAGE_FIELDS.indexOf(field);
  reader.fail(known.join(', '));
}

/** Encodes statements in their order, each into the partition of its curve. */
export function encodeCurveUpdates(
  updates: readonly CurveUpdate[],
  schemaId: number,
  partitions: number,
  producer: string,
  maxBatchBytes = MAX_BATCH_BYTES,
): EncodedBatch[] {
  return encodeObjects(
    updates,
    schemaId,
    partitions,
    producer,
    maxBatchBytes,
    writeCurveUpdate,
    (update, hash) => {
      hash.reset().text(update.tenant).text(update.curve).integer(update.asOf).integer(update.knownAt);
      hash
        .integer(update.statement)
        .word(update.isDelta ? 1 : 0)
        .text(update.srcTopic);
      hash.integer(update.srcPartition).integer(update.srcOffset).text(update.metadata);
      return curveKey(update.tenant, update.curve);
    },
  );
}

/** Decodes statements with offsets in `[from, to)`. */
export function decodeCurveUpdates(
  slice: LogSlice,
  from: number,
  to: number,
): { updates: CurveUpdate[]; offsets: number[]; rejected: Undecodable[] } {
  const { rows, offsets, rejected } = decodeObjects(slice, from, to, readCurveUpdate, CURVE_UPDATE_FIELDS);
  return { updates: rows, offsets, rejected };
}
