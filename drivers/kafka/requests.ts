/**
 * Fetch and Produce with record batches as bytes: the client's own requests of these two would make an object of every
 * record. Versions 17 and 11 (Kafka 3.9 to 4.x).
 */

import { createAPI, fetchV17, produceV11, type Reader, Writer } from '@platformatic/kafka';
import { nameOfCode } from './broker-errors.ts';

/** The protocol's names of the levels of isolation. */
export const Isolation = { readUncommitted: 0, readCommitted: 1 } as const;

/** What came of one partition. */
export interface FetchedPartition {
  readonly topicId: string;
  readonly partition: number;
  /** The protocol's name; `NONE` when all is well. */
  readonly code: string;
  /** Offset after the last record that all copies have; reads end here, or at `lastStableOffset`. */
  readonly highWatermark: number;
  /** Offset of the first record of a transaction that is not decided yet; the high watermark when there is none. */
  readonly lastStableOffset: number;
  readonly earliest: number;
  /** Transactions that were aborted, by producer and first offset, which reach into what was fetched. */
  readonly aborted: readonly { readonly producerId: number; readonly firstOffset: number }[];
  /** Record batches as the broker keeps them; the last one may be cut short. */
  readonly records: Uint8Array;
}

export interface FetchAnswer {
  readonly code: string;
  readonly partitions: readonly FetchedPartition[];
}

const NOTHING = new Uint8Array(0);

function parseFetch(_correlation: number, _key: number, _version: number, reader: Reader): FetchAnswer {
  reader.readInt32(); // throttle time
  const code = nameOfCode(reader.readInt16());
  reader.readInt32(); // session: every request stands for itself
  const partitions: FetchedPartition[] = [];
  reader.readArray(
    (r) => {
      const topicId = r.readUUID();
      r.readArray((p) => partitions.push(parsePartition(p, topicId)), true, false);
      r.readTaggedFields();
    },
    true,
    false,
  );
  return { code, partitions };
}

function parsePartition(r: Reader, topicId: string): FetchedPartition {
  const partition = r.readInt32();
  const code = nameOfCode(r.readInt16());
  const highWatermark = Number(r.readInt64());
  const lastStableOffset = Number(r.readInt64());
  const earliest = Number(r.readInt64());
  const aborted = r.readNullableArray((a) => ({
    producerId: Number(a.readInt64()),
    firstOffset: Number(a.readInt64()),
  }));
  r.readInt32(); // preferred replica
  const size = r.readUnsignedVarInt() - 1;
  let records: Uint8Array = NOTHING;
  if (size > 0) {
    // A view of the answer, without a copy.
    records = r.buffer.subarray(r.position, r.position + size).buffer;
    r.skip(size);
  }
  r.readTaggedFields();
  const stable = lastStableOffset < 0 ? highWatermark : lastStableOffset;
  return {
    topicId,
    partition,
    code,
    highWatermark,
    lastStableOffset: stable,
    earliest,
    aborted: aborted ?? [],
    records,
  };
}

/** Fetch: arguments as the client's own request has them, batches as bytes in the answer. */
export const fetchBytes = createAPI<Parameters<typeof fetchV17.createRequest>, FetchAnswer>(
  1,
  17,
  fetchV17.createRequest,
  parseFetch,
);

/** Arguments of a fetch of some partitions. */
export function fetchRequest(
  partitions: readonly { readonly topicId: string; readonly partition: number; readonly offset: number }[],
  limits: { readonly waitMs: number; readonly maxBytes: number; readonly isolation: number },
): Parameters<typeof fetchV17.createRequest> {
  const byTopic = Map.groupBy(partitions, ({ topicId }) => topicId);
  const topics = [...byTopic].map(([topicId, lanes]) => ({
    topicId,
    partitions: lanes.map(({ partition, offset }) => ({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: BigInt(offset),
      lastFetchedEpoch: -1,
      partitionMaxBytes: limits.maxBytes,
    })),
  }));
  // Session 0 with epoch -1: a full fetch that opens no session.
  return [limits.waitMs, 1, limits.maxBytes, limits.isolation, 0, -1, topics, [], ''];
}

function produceRequest(topic: string, partition: number, batch: Uint8Array, timeoutMs: number): Writer {
  const bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
  return Writer.create()
    .appendString(null)
    .appendInt16(-1) // acks of all copies in sync
    .appendInt32(timeoutMs)
    .appendArray([topic], (w, name) => {
      w.appendString(name).appendArray([partition], (v, index) => {
        v.appendInt32(index)
          .appendUnsignedVarInt(bytes.length + 1)
          .append(bytes);
      });
    })
    .appendTaggedFields();
}

/** Produce of one batch to one partition, acknowledged by all copies in sync. Rejects with what the broker refused. */
export const produceBytes = createAPI<
  [topic: string, partition: number, batch: Uint8Array, timeoutMs: number],
  produceV11.ProduceResponse
>(0, 11, produceRequest, produceV11.parseResponse);
