/** Records of a partition as the input of a chain, with the raw positions that they reach. */

import { concatBytes } from '../../core/codec/bytes.ts';
import { decodeEnriched } from '../../core/codec/topics/enriched.ts';
import type { Undecodable } from '../../core/codec/topics/framing.ts';
import { decodeRawEvents } from '../../core/codec/topics/raw.ts';
import { decodeTicks } from '../../core/codec/topics/ticks.ts';
import { type DeadLetter, deadLetterStage, type StageName } from '../../core/model/dead-letter.ts';
import type { EnrichedBatch } from '../../core/model/enriched-batch.ts';
import type { Names } from '../../core/model/names.ts';
import { PairIds } from '../../core/model/pair-ids.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import { TickBatch } from '../../core/model/tick-batch.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import { positionsOf, type SourcePositions } from '../../core/stage/plan.ts';
import type { Decoded } from '../../core/stage/runner-contract.ts';
import type { RawInput } from '../../services/normalization/normalize.stage.ts';

export interface TickInput {
  readonly ticks: TickBatch;
  readonly undecodable: readonly DeadLetter[];
  /** Values that the same records hold once more. */
  readonly redelivered: number;
}

export interface EnrichedInput {
  readonly enriched: EnrichedBatch;
  readonly undecodable: readonly DeadLetter[];
  /** Values that the same records hold once more. */
  readonly redelivered: number;
}

/** Several record batches read as one: the stages see one batch per plan. Null when there is nothing. */
function joined(slices: readonly LogSlice[]): LogSlice | null {
  if (slices.length <= 1) return slices[0] ?? null;
  const [first] = slices;
  const bytes = concatBytes(slices.map((slice) => slice.bytes));
  return { ...first, to: slices[slices.length - 1].to, bytes };
}

/** Raw events: the positions are the offsets of the topic itself. The rows stand in `memory` until it is used again. */
export function decodeRawInput(
  slices: readonly LogSlice[],
  from: number,
  to: number,
  memory: RawBatch,
): Decoded<RawInput> {
  const slice = joined(slices);
  if (slice === null) {
    const nothing = memory.restart(new Uint8Array(0), 0, 0);
    return { input: { raw: nothing, undecodable: [] }, since: {}, until: {} };
  }
  const { batch, rejected } = decodeRawEvents(slice, from, to, memory.names, memory);
  return {
    input: { raw: batch, undecodable: rejected.map((r) => letterOf(r, 'normalization', slice)) },
    since: { [slice.topic]: from },
    until: { [slice.topic]: to },
  };
}

/** Normalized ticks: the positions are those of the raw events that they came from. */
export function decodeTickInput(
  slices: readonly LogSlice[],
  from: number,
  to: number,
  names: Names,
  stage: StageName,
): Decoded<TickInput> {
  const slice = joined(slices);
  if (slice === null)
    return {
      input: { ticks: new TickBatch(names, 1), undecodable: [], redelivered: 0 },
      since: {},
      until: {},
    };
  const { batch, rejected, redelivered } = decodeTicks(slice, from, to, names);
  const undecodable = rejected.map((r) => letterOf(r, stage, slice));
  const until = rawPositions(batch, slice.partition);
  return { input: { ticks: batch, undecodable, redelivered }, since: {}, until };
}

/** Enriched ticks: likewise. */
export function decodeEnrichedInput(
  slices: readonly LogSlice[],
  from: number,
  to: number,
  names: Names,
  stage: StageName,
): Decoded<EnrichedInput> {
  const slice = joined(slices);
  if (slice === null) {
    const nothing = { ticks: new TickBatch(names, 1), taxonomyOf: new Uint32Array(0), taxa: [] };
    return { input: { enriched: nothing, undecodable: [], redelivered: 0 }, since: {}, until: {} };
  }
  const { batch, rejected, redelivered } = decodeEnriched(slice, from, to, names);
  const undecodable = rejected.map((r) => letterOf(r, stage, slice));
  const input = { enriched: batch, undecodable, redelivered };
  return { input, since: {}, until: rawPositions(batch.ticks, slice.partition) };
}

/**
 * For each partition of a raw topic the offset after the greatest one among the ticks. Batches never part the ticks of an
 * event.
 */
function rawPositions(ticks: TickBatch, own: number): SourcePositions {
  const lanes = new PairIds();
  const next: number[] = [];
  for (let i = 0, lane = -1; i < ticks.length; i++) {
    const isOther = i === 0 || ticks.srcTopic[i] !== ticks.srcTopic[i - 1];
    if (isOther || ticks.srcPartition[i] !== ticks.srcPartition[i - 1])
      lane = lanes.idOf(ticks.srcTopic[i], ticks.srcPartition[i]);
    if (lane === next.length) next.push(0);
    next[lane] = Math.max(next[lane], ticks.srcOffset[i] + 1);
  }
  const reached = next.map((offset, lane) => ({
    topic: ticks.names.topics.nameOf(lanes.firstOf(lane)),
    partition: lanes.secondOf(lane),
    next: offset,
  }));
  // A damaged record may claim an offset before all: nothing was reached by it.
  return positionsOf(
    reached.filter((lane) => lane.next > 0),
    own,
  );
}

/** What becomes of a record of a slice that is no event of its topic. */
export function letterOf(
  record: Undecodable,
  stage: StageName,
  slice: Pick<LogSlice, 'topic' | 'partition'>,
): DeadLetter {
  return {
    tenant: record.tenant ?? 'default',
    traceId: record.traceId,
    knownAt: record.knownAt,
    stage: deadLetterStage(stage),
    code: record.code,
    message: record.message,
    sourceTopic: slice.topic,
    sourcePartition: slice.partition,
    sourceOffset: record.offset,
    field: record.field,
    expected: record.expected,
    got: record.got,
    raw: record.raw,
    values: 1,
  };
}
