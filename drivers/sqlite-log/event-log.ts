/**
 * EventLog on one SQLite file: record batches as blobs, packed as Kafka packs them, so whatever reads Kafka's batches
 * reads these.
 *
 * Several processes may have the file open; a writer holds the write lock for the length of one append, so offsets are
 * unique and without gaps. The engine is synchronous: a call blocks its thread while it works, with `power` for an
 * fsync too; only packing and unpacking are done beside it.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { checkIncoming, checkStored } from '../../core/codec/kafka/batch-check.ts';
import { assignBaseOffset, type BatchHeader, RecordSpans } from '../../core/codec/kafka/record-batch.ts';
import { CarbonError } from '../../core/errors.ts';
import type { AppendGuard, EventLog, LogSlice, TopicSpec } from '../../core/ports/event-log.ts';
import type { Micros } from '../../core/time/instant.ts';
import { AppendWatch } from './append-watch.ts';
import { type Durability, logFailure, openLogDatabase } from './database.ts';
import { pack, plainLengthOf, unpack, unpackNow } from './packing.ts';
import { prepareStatements, type Statements } from './statements.ts';

export interface SqliteLogOptions {
  /** The database file; made with its folder when absent. */
  readonly path: string;
  /** `process` (default): appends survive kill -9. `power`: they survive loss of power, at one fsync each. */
  readonly durability?: Durability;
}

/** Batches that one transaction of retention removes at most: other writers wait for no more. */
const RETENTION_BATCHES = 256;

/**
 * Opens the log, or makes it. A topic that exists with another retention takes over the new one.
 * Throws STORE_NEWER, STORE_REFUSED, STORE_UNREACHABLE, LOG_CORRUPT as `openLogDatabase` says.
 */
export function openSqliteLog(options: SqliteLogOptions): EventLog {
  const db = openLogDatabase(options.path, options.durability ?? 'process');
  try {
    return new SqliteLog(db, options.path);
  } catch (error) {
    db.close();
    throw logFailure(error, options.path);
  }
}

/** A row of `lanes`; a type, so that it is a record of SQLite values too. */
type Lane = { id: number; earliest: number; next: number; newest_ms: number };
type BatchRow = { base: number; next: number; bytes: Uint8Array };

class SqliteLog implements EventLog {
  private readonly db: DatabaseSync;
  private readonly path: string;
  private readonly sql: Statements;
  private readonly watch: AppendWatch;
  private readonly lanes = new Map<string, number[]>();
  private readonly spans = new RecordSpans();
  /** Appends are packed beside the thread, and stored in the order in which they were asked for. */
  private lastAppend: Promise<unknown> = Promise.resolve();

  constructor(db: DatabaseSync, path: string) {
    this.db = db;
    this.path = path;
    this.sql = prepareStatements(db);
    this.watch = new AppendWatch({
      dataVersion: () => Number(this.sql.dataVersion.get()?.['data_version']),
      ends: (topics) => this.ends(topics),
    });
  }

  async createTopic(spec: TopicSpec): Promise<void> {
    if (!Number.isInteger(spec.partitions) || spec.partitions < 1)
      throw new CarbonError('USAGE_INVALID', `topic ${spec.name} needs at least one partition`, {
        position: { field: 'partitions', expected: 'a positive integer', got: String(spec.partitions) },
      });
    this.transact('begin immediate', () => {
      const known = this.sql.topic.get(spec.name);
      if (known === undefined) {
        const topic = this.sql.addTopic.get(spec.name, spec.partitions, spec.retention)?.['id'] as number;
        for (let p = 0; p < spec.partitions; p++) this.sql.addLane.run(topic, p);
      } else if (known['partitions'] !== spec.partitions)
        throw new CarbonError(
          'LOG_PARTITIONS_FIXED',
          `topic ${spec.name} has ${known['partitions']} partitions, not ${spec.partitions}`,
          { context: { topic: spec.name, partitions: Number(known['partitions']) } },
        );
      else if (known['retention'] !== spec.retention) this.sql.setRetention.run(spec.retention, spec.name);
    });
  }

  async listTopics(): Promise<TopicSpec[]> {
    return this.guard(() =>
      this.sql.topics.all().map((row) => ({
        name: String(row['name']),
        partitions: Number(row['partitions']),
        retention: row['retention'] === null ? null : Number(row['retention']),
      })),
    );
  }

  async append(
    topic: string,
    partition: number,
    batches: readonly Uint8Array[],
    mayStore?: AppendGuard,
  ): Promise<number> {
    const heads = batches.map((bytes, i) => checkIncoming(bytes, topic, partition, i));
    const before = this.lastAppend;
    const packing = Promise.all(batches.map(pack));
    const appended = Promise.all([packing, before]).then(async ([packed]) => {
      await mayStore?.();
      return this.store(topic, partition, heads, packed);
    });
    // Without what it resolves with, which would hold that of all appends before it.
    this.lastAppend = Promise.allSettled([before, appended]).then(() => undefined);
    return appended;
  }

  private store(
    topic: string,
    partition: number,
    heads: readonly BatchHeader[],
    packed: readonly Uint8Array[],
  ): number {
    const first = this.transact('begin immediate', () => {
      const lane = this.lane(topic, partition);
      let next = lane.next;
      let newest = lane.earliest === lane.next ? -1 : lane.newest_ms;
      packed.forEach((bytes, i) => {
        const base = next;
        next += heads[i].recordCount;
        newest = Math.max(newest, heads[i].maxTimestampMs);
        this.sql.addBatch.run(lane.id, base, next, newest, bytes);
      });
      this.sql.setEnd.run(next, newest, lane.id);
      return lane.next;
    });
    if (packed.length > 0) this.watch.notify(topic);
    return first;
  }

  async read(topic: string, partition: number, offset: number, maxBytes: number): Promise<LogSlice[]> {
    const rows = this.transact('begin', () => this.stored(topic, partition, offset, maxBytes));
    const stored = rows.map((row) => row.bytes);
    const plain = await unpack(stored, (k) => ({ topic, partition, offset: rows[k].base }));
    return plain.map((bytes, k) => {
      const { base, next } = rows[k];
      assignBaseOffset(bytes, base);
      return { topic, partition, from: base, to: next, bytes };
    });
  }

  /** Checked batches as they are stored, from the one that holds the offset on. */
  private stored(topic: string, partition: number, offset: number, maxBytes: number): BatchRow[] {
    const lane = this.lane(topic, partition);
    if (offset < lane.earliest || offset > lane.next)
      throw new CarbonError(
        'LOG_OFFSET_OUT_OF_RANGE',
        `${topic}/${partition} holds [${lane.earliest}, ${lane.next}), not ${offset}`,
        { context: { topic, partition, offset, earliest: lane.earliest, end: lane.next } },
      );
    if (offset === lane.next) {
      this.watch.markDrained(lane.id, lane.next);
      return [];
    }
    const rows: BatchRow[] = [];
    let length = 0;
    let expected = -1;
    for (const row of this.rows(this.sql.batchesFrom, lane.id, lane.id, offset)) {
      if (expected !== -1 && row.base !== expected) this.damaged(topic, partition, expected);
      checkStored(row.bytes, row.next - row.base, topic, partition, row.base);
      if (rows.length === 0 && row.next <= offset) this.damaged(topic, partition, offset);
      rows.push(row);
      expected = row.next;
      length += plainLengthOf(row.bytes);
      if (length >= maxBytes) break;
    }
    if (rows.length === 0) this.damaged(topic, partition, offset);
    return rows;
  }

  async bounds(topic: string, partition: number): Promise<{ earliest: number; end: number }> {
    const lane = this.guard(() => this.lane(topic, partition));
    return { earliest: lane.earliest, end: lane.next };
  }

  async seekTime(topic: string, partition: number, at: Micros): Promise<number | null> {
    const atMs = Math.ceil(at / 1000);
    return this.transact('begin', () => {
      const lane = this.lane(topic, partition);
      for (const row of this.rows(this.sql.batchesSince, lane.id, atMs)) {
        checkStored(row.bytes, row.next - row.base, topic, partition, row.base);
        const bytes = unpackNow(row.bytes, { topic, partition, offset: row.base });
        assignBaseOffset(bytes, row.base);
        this.spans.walk(bytes);
        for (let i = 0; i < this.spans.count; i++)
          if (this.spans.timestampMs[i] >= atMs) return this.spans.offset[i];
      }
      return null;
    });
  }

  async commit(group: string, topic: string, partition: number, next: number): Promise<void> {
    this.transact('begin immediate', () => {
      this.sql.commit.run(group, this.lane(topic, partition).id, next);
    });
  }

  async committed(group: string, topic: string, partition: number): Promise<number | null> {
    return this.guard(() => {
      const row = this.sql.committed.get(group, this.lane(topic, partition).id);
      return row === undefined ? null : Number(row['next']);
    });
  }

  async waitForAppend(topics: readonly string[], timeoutMs: number): Promise<void> {
    try {
      await this.watch.wait(topics, timeoutMs);
    } catch (error) {
      throw logFailure(error, this.path);
    }
  }

  async applyRetention(now: Micros): Promise<number> {
    let removed = 0;
    for (const row of this.guard(() => this.sql.limitedLanes.all())) {
      const oldest = Math.ceil((now - Number(row['retention'])) / 1000);
      for (;;) {
        const records = this.transact('begin immediate', () => this.removeBefore(Number(row['id']), oldest));
        if (records === 0) break;
        removed += records;
      }
    }
    // Gives the pages back to the file system at the next checkpoint.
    if (removed > 0) this.guard(() => this.db.exec('pragma incremental_vacuum'));
    return removed;
  }

  async close(): Promise<void> {
    await this.lastAppend;
    this.watch.close();
    if (this.db.isOpen) this.db.close();
  }

  /** Removes the oldest batches of a lane that hold nothing from `oldestMs` on; whole ones, and never from the middle. */
  private removeBefore(lane: number, oldestMs: number): number {
    const rows = this.sql.expired.all(lane, oldestMs, RETENTION_BATCHES);
    if (rows.length === 0) return 0;
    const to = Number(rows[rows.length - 1]['next']);
    const from = Number(rows[0]['base']);
    this.sql.removeBatches.run(lane, to);
    this.sql.setEarliest.run(to, lane);
    return to - from;
  }

  /** The lane as it stands now. Its id never changes, so a look-up by name is made once. */
  private lane(topic: string, partition: number): Lane {
    let ids = this.lanes.get(topic);
    if (ids === undefined) {
      ids = this.sql.laneIds.all(topic).map((row) => Number(row['id']));
      if (ids.length > 0) this.lanes.set(topic, ids);
    }
    const id = ids[partition];
    if (id === undefined)
      throw new CarbonError(
        'LOG_TOPIC_UNKNOWN',
        ids.length === 0 ? `no topic ${topic}` : `topic ${topic} has no partition ${partition}`,
        { context: { topic, partition } },
      );
    return this.sql.lane.get(id) as Lane;
  }

  private ends(topics: readonly string[]): Map<number, number> {
    const ends = new Map<number, number>();
    for (const topic of topics)
      for (const row of this.sql.laneEnds.all(topic)) ends.set(Number(row['id']), Number(row['next']));
    return ends;
  }

  private rows(statement: StatementSync, ...values: number[]): Iterable<BatchRow> {
    return statement.iterate(...values) as Iterable<BatchRow>;
  }

  private damaged(topic: string, partition: number, offset: number): never {
    throw new CarbonError('LOG_CORRUPT', `${topic}/${partition} has lost the batch of offset ${offset}`, {
      context: { topic, partition, offset },
    });
  }

  /** Runs a function in one transaction; rolls back when it throws. */
  private transact<T>(begin: 'begin' | 'begin immediate', run: () => T): T {
    return this.guard(() => {
      this.db.exec(begin);
      try {
        const result = run();
        this.db.exec('commit');
        return result;
      } catch (error) {
        if (this.db.isTransaction) this.db.exec('rollback');
        throw error;
      }
    });
  }

  private guard<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw logFailure(error, this.path);
    }
  }
}
