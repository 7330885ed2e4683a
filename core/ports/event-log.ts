/**
 * EventLog: topics, partitions, keys, offsets and consumer groups, as Kafka has them.
 *
 * Records travel as Kafka record batches (v2), encoded and walked by `core/codec/kafka`, so both drivers store and
 * serve the same bytes. Rows of a batch are never objects on this path.
 */

import type { Micros } from '../time/instant.ts';

/** What a topic is made with. Partition counts never change in place. */
export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** Batches whose newest record is older than this may be removed; null keeps all. */
  readonly retention: Micros | null;
  /**
   * True: a record may be removed once a later one has its key; offsets then have gaps. A log that does not do this
   * keeps all records and lists the topic without the word.
   */
  readonly compacted?: boolean;
}

/**
 * One run of records as it came from the log. `bytes` is a whole record batch, checked against its CRC; the batches of
 * one read may be views of one memory, which may be given back (`core/codec/lent-memory.ts`).
 */
export interface LogSlice {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first record and of the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

/**
 * Asked right before a batch is stored, when there is nothing else to wait for; rejects when it must not be stored any
 * more. Whoever prepared a batch may have stood still meanwhile, and lost the right to store it.
 */
export type AppendGuard = () => Promise<void>;

/** The log of all topics. Offsets count records from 0 per partition; times are UTC micros. */
export interface EventLog {
  /** Makes the topic, or does nothing when it exists alike. Throws LOG_PARTITIONS_FIXED when it exists otherwise. */
  createTopic(spec: TopicSpec): Promise<void>;
  /** All topics in order of name. */
  listTopics(): Promise<TopicSpec[]>;
  /**
   * Appends record batches to a partition, all or none, and resolves when they are durable.
   * `batches` carry base offset 0; the log assigns offsets. Returns the offset of the first record. Once it resolves,
   * they may change. When `mayStore` rejects, nothing more is stored, and the append rejects with its error.
   * Throws LOG_TOPIC_UNKNOWN, also for a partition beyond the topic's count; LOG_CORRUPT for bytes that are not a
   * whole batch.
   */
  append(
    topic: string,
    partition: number,
    batches: readonly Uint8Array[],
    mayStore?: AppendGuard,
  ): Promise<number>;
  /**
   * Reads whole batches that hold records at or after `offset`, in order, until about `maxBytes`; at least one batch
   * when there is any. The first may begin before `offset`: the caller skips. Empty at the end of the partition.
   * Throws LOG_OFFSET_OUT_OF_RANGE when `offset` lies before the earliest kept record or after the end, and
   * LOG_CORRUPT when a CRC fails.
   */
  read(topic: string, partition: number, offset: number, maxBytes: number): Promise<LogSlice[]>;
  /** Earliest kept offset and the offset after the last record. */
  bounds(topic: string, partition: number): Promise<{ earliest: number; end: number }>;
  /** First offset whose record has a timestamp at or after `at`; null when there is none. */
  seekTime(topic: string, partition: number, at: Micros): Promise<number | null>;
  /** Stores the next offset a group will read. */
  commit(group: string, topic: string, partition: number, next: number): Promise<void>;
  /** The next offset a group will read; null when it never committed. */
  committed(group: string, topic: string, partition: number): Promise<number | null>;
  /** Resolves when something may have been appended to one of the topics, or after `timeoutMs`. */
  waitForAppend(topics: readonly string[], timeoutMs: number): Promise<void>;
  /** Removes batches past their topic's retention as of `now`; returns how many records went. */
  applyRetention(now: Micros): Promise<number>;
  close(): Promise<void>;
}
