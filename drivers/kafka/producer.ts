/**
 * Appending batches so that each is stored once, whatever happens to the request that carried it.
 *
 * Every batch bears producer id, epoch and sequence, and a broker stores a sequence once. That alone does not do: a
 * broker forgets a producer by the dates of its records, so that after a restart it takes a batch with old dates a
 * second time. Whoever has no answer therefore looks into the log before sending again.
 */

import { type Connection, initProducerIdV4 } from '@platformatic/kafka';
import { type ProducerStamp, readStamp, sequenceAfter } from '../../core/codec/kafka/producer-fields.ts';
import { readBatchHeader } from '../../core/codec/kafka/record-batch.ts';
import { giveBack } from '../../core/codec/lent-memory.ts';
import { CarbonError } from '../../core/errors.ts';
import type { AppendGuard } from '../../core/ports/event-log.ts';
import { BrokerRefusal, brokerCodes, hasLostSequence, isPassing, kafkaFailure } from './broker-errors.ts';
import type { KafkaCluster } from './cluster.ts';
import { type PackedBody, packBody, packedBatch } from './compression.ts';
import { wholeBatches } from './fetched-slices.ts';
import { boundsOf, latestOffset } from './offsets.ts';
import { fetchBytes, fetchRequest, Isolation, produceBytes } from './requests.ts';

/** Id and epoch that the brokers gave out. */
interface Session {
  readonly id: number;
  readonly epoch: number;
}

/** One partition: one batch at a time is on its way. */
interface Lane {
  readonly topic: string;
  readonly partition: number;
  last: Promise<unknown>;
  session: Session | null;
  /** Sequence of the next record. */
  sequence: number;
  /** An offset before which the batch at hand cannot be. */
  since: number | null;
  /** Bytes that were sent last and had no answer: whether they are stored is not known. */
  unresolved: Uint8Array | null;
}

/** Bytes of one step of a look into the log. */
const LOOK_BYTES = 1024 * 1024;
/** Producer ids tried for one batch. */
const MOST_SESSIONS = 8;

export class IdempotentProducer {
  private readonly cluster: KafkaCluster;
  private readonly lanes = new Map<string, Lane>();
  private current: Session | null = null;
  private opening: Promise<Session> | null = null;
  private readonly firstSequence: number;

  /** `firstSequence` is for tests of the wrap at 2^31: where the sequences of each partition begin. */
  constructor(cluster: KafkaCluster, firstSequence = 0) {
    this.cluster = cluster;
    this.firstSequence = firstSequence;
  }

  /**
   * Stores a checked plain batch after those appended before; returns the offset of its first record. Throws
   * STORE_UNREACHABLE when the brokers cannot be reached: the batch may be stored or not. The same bytes appended next
   * to the partition are then found when they are there, and not stored twice. `mayStore` is asked each time that the
   * batch is about to be sent.
   */
  append(
    topic: string,
    partition: number,
    plain: Uint8Array,
    mayStore: AppendGuard = async () => {},
  ): Promise<number> {
    const lane = this.lane(topic, partition);
    // Packed while those before it are on their way; that it could not be is heard when its turn comes.
    const body = packBody(plain, this.cluster.options.compression ?? 'zstd');
    body.catch(() => {});
    const done = lane.last.then(() => this.appendNext(lane, plain, body, mayStore));
    lane.last = done.catch(() => undefined);
    return done;
  }

  private lane(topic: string, partition: number): Lane {
    return this.lanes.getOrInsertComputed(`${topic}/${partition}`, () => ({
      topic,
      partition,
      last: Promise.resolve(),
      session: null,
      sequence: this.firstSequence,
      since: null,
      unresolved: null,
    }));
  }

  private async appendNext(
    lane: Lane,
    plain: Uint8Array,
    body: Promise<PackedBody>,
    mayStore: AppendGuard,
  ): Promise<number> {
    const { topic, partition } = lane;
    const deadline = performance.now() + this.cluster.patienceMs;
    const count = readBatchHeader(plain).recordCount;
    // What was sent before without an answer: the same bytes are looked for first; other bytes get another producer,
    // since a late arrival of the former ones must not take their sequence.
    let inDoubt = lane.unresolved !== null && isSame(lane.unresolved, plain);
    if (lane.unresolved !== null && !inDoubt) this.leaveSession(lane);
    lane.unresolved = null;
    let refusal: unknown = null;
    const mayBeSent = (): Promise<void> =>
      mayStore().catch((error: unknown) => {
        refusal = error;
        throw error;
      });
    for (let attempt = 0; ; attempt++) {
      const wasInDoubt = inDoubt;
      try {
        lane.session ??= await this.openSession();
        lane.since ??= await latestOffset(this.cluster, topic, partition, Isolation.readUncommitted);
        const stamp = { ...lane.session, sequence: lane.sequence };
        let first = inDoubt ? await this.find(lane, stamp) : null;
        if (first === null) {
          const packed = packedBatch(plain, await body, stamp);
          const connection = await this.cluster.leader(topic, partition);
          await mayBeSent();
          inDoubt = true;
          first = await this.send(lane, connection, packed, stamp);
        }
        lane.sequence = sequenceAfter(lane.sequence, count);
        lane.since = first + count;
        return first;
      } catch (error) {
        if (refusal !== null) {
          if (wasInDoubt) lane.unresolved = plain.slice();
          throw refusal;
        }
        if (hasLostSequence(error) && attempt < MOST_SESSIONS) {
          // Not stored under this stamp, and nothing of this producer can follow: begin anew.
          this.leaveSession(lane);
          inDoubt = false;
          continue;
        }
        if (await this.cluster.pause(error, attempt, deadline)) continue;
        const isRefused = brokerCodes(error).length > 0 && !isPassing(error);
        if (inDoubt && (wasInDoubt || !isRefused)) lane.unresolved = plain.slice();
        throw appendFailure(error, topic, partition);
      }
    }
  }

  /** What is called is sent before anything is waited for. */
  private async send(
    lane: Lane,
    connection: Connection,
    packed: Uint8Array,
    stamp: ProducerStamp,
  ): Promise<number> {
    const { topic, partition } = lane;
    const timeoutMs = Math.max(1000, this.cluster.requestTimeoutMs - 1000);
    try {
      const answer = await this.cluster.call(produceBytes, connection, topic, partition, packed, timeoutMs);
      // What has no answer may be on its way still, and keeps its memory.
      giveBack(packed);
      const first = Number(answer.responses[0].partitionResponses[0].baseOffset);
      if (first >= 0) return first;
    } catch (error) {
      if (!brokerCodes(error).includes('DUPLICATE_SEQUENCE_NUMBER')) throw error;
    }
    // Stored before, so long ago that the broker does not say where.
    const found = await this.find(lane, stamp);
    if (found !== null) return found;
    throw new BrokerRefusal('DUPLICATE_SEQUENCE_NUMBER', 'a batch was stored and is not there any more');
  }

  /** Offset of the batch with the stamp, searched from where it can be at the earliest; null when it is not there. */
  private async find(lane: Lane, stamp: ProducerStamp): Promise<number | null> {
    const { topic, partition } = lane;
    for (let offset = lane.since ?? 0; ; ) {
      const { id } = await this.cluster.lane(topic, partition);
      const connection = await this.cluster.leader(topic, partition);
      const limits = { waitMs: 0, maxBytes: LOOK_BYTES, isolation: Isolation.readUncommitted };
      const request = fetchRequest([{ topicId: id, partition, offset }], limits);
      const answer = await this.cluster.call(fetchBytes, connection, ...request);
      const fetched = answer.partitions[0];
      const code = fetched?.code ?? answer.code;
      if (code === 'OFFSET_OUT_OF_RANGE') {
        // Removed by retention up to beyond it, or the partition was made anew.
        const { earliest } = await boundsOf(this.cluster, topic, partition, Isolation.readUncommitted);
        if (offset >= earliest) return null;
        offset = earliest;
        continue;
      }
      if (code !== 'NONE') throw new BrokerRefusal(code);
      let next = offset;
      for (const bytes of wholeBatches(fetched.records)) {
        const head = readBatchHeader(bytes);
        const { id: writer, epoch, sequence } = readStamp(bytes);
        if (writer === stamp.id && epoch === stamp.epoch && sequence === stamp.sequence)
          return head.baseOffset;
        next = head.baseOffset + head.lastOffsetDelta + 1;
      }
      if (next === offset || next >= fetched.highWatermark) return null;
      offset = next;
    }
  }

  /** The producer id in use, asked for once; partitions that lost theirs share the next one. */
  private async openSession(): Promise<Session> {
    if (this.current !== null) return this.current;
    this.opening ??= this.askForSession();
    try {
      this.current = await this.opening;
      return this.current;
    } finally {
      this.opening = null;
    }
  }

  private async askForSession(): Promise<Session> {
    const connection = await this.cluster.administrator();
    const answer = await this.cluster.call(initProducerIdV4.api, connection, null, 0);
    return { id: Number(answer.producerId), epoch: answer.producerEpoch };
  }

  private leaveSession(lane: Lane): void {
    if (lane.session === this.current) this.current = null;
    lane.session = null;
    lane.sequence = 0;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function appendFailure(error: unknown, topic: string, partition: number): CarbonError {
  const failure = kafkaFailure(error, 'a batch could not be appended', { topic, partition });
  const codes = brokerCodes(error);
  if (!codes.includes('CORRUPT_MESSAGE') && !codes.includes('INVALID_RECORD')) return failure;
  return new CarbonError('LOG_CORRUPT', failure.message, { context: failure.context, cause: error });
}
