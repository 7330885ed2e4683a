/**
 * Reads a topic by which work is asked for: few records, read by one process at a time, committed after they were dealt
 * with. What is no record of the topic becomes a dead letter, and holds nobody up.
 */

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Undecodable } from '../../core/codec/topics/framing.ts';
import type { DecodedObjects } from '../../core/codec/topics/jobs.ts';
import { encodeDeadLetters } from '../../core/codec/topics/reports.ts';
import { deadLetterTopic } from '../../core/codec/topics/topic-names.ts';
import type { StageName } from '../../core/model/dead-letter.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import { topicSubject } from '../../core/schema/subject.ts';
import { type Micros, SECOND } from '../../core/time/instant.ts';
import type { Stores } from '../stores/open-stores.ts';
import { rejectionEventsOf } from './batch-events.ts';
import { letterOf } from './decode-input.ts';

/** Consumer groups of requests for jobs, and of invalidations. */
export const BACKFILL_GROUP = 'backfill';
/** Whoever makes anew what is invalidated. */
export const INVALIDATION_GROUP = 'invalidation';
/** How long a reader keeps the topic without coming back. */
const LEASE = 15 * SECOND;
const READ_BYTES = 1024 * 1024;

/** A record of the topic with its place in the log. */
export interface ControlRecord<T> {
  readonly value: T;
  readonly partition: number;
  readonly offset: number;
}

/** What is read, by whom, and what is done with it. */
export interface ControlTopic<T> {
  readonly topic: string;
  readonly group: string;
  /** Whose dead letters they are. */
  readonly stage: Exclude<StageName, 'curves'>;
  decode(slice: LogSlice, from: number, to: number): DecodedObjects<T>;
  /** Deals with records of one partition in their order; durable when it resolves. They may come again after a crash. */
  handle(records: readonly ControlRecord<T>[]): Promise<void>;
}

/** Reads one topic for a service. */
export class ControlReader<T> {
  private readonly stores: Stores;
  private readonly control: ControlTopic<T>;
  private readonly holder = `${hostname()}/${process.pid}/${randomUUID()}`;
  private readonly lease: string;
  private heldUntil: Micros = 0;
  /** The next offset of each partition; empty while another process reads. */
  private readonly next = new Map<number, number>();

  constructor(stores: Stores, control: ControlTopic<T>) {
    this.stores = stores;
    this.control = control;
    this.lease = `control/${control.topic}`;
  }

  /** Deals with all that is there; 0 also when another process reads the topic. Returns how many records that were. */
  async read(): Promise<number> {
    if (!(await this.holds())) return 0;
    let count = 0;
    const all = this.stores.partitions.get(this.control.topic) ?? 0;
    try {
      for (let partition = 0; partition < all; partition++) count += await this.readPartition(partition);
    } catch (error) {
      this.next.clear();
      throw error;
    }
    return count;
  }

  private async holds(): Promise<boolean> {
    const { reference, clock } = this.stores;
    const now = clock.now();
    if (now < this.heldUntil - LEASE / 2) return true;
    if (now >= this.heldUntil) this.next.clear();
    if (!(await reference.acquireLease(this.lease, this.holder, now, now + LEASE))) return false;
    this.heldUntil = now + LEASE;
    return true;
  }

  /** Lets another process read at once. */
  async close(): Promise<void> {
    await this.stores.reference.releaseLease(this.lease, this.holder);
  }

  private async readPartition(partition: number): Promise<number> {
    const { topic, group } = this.control;
    const { log } = this.stores;
    let at = this.next.get(partition) ?? (await this.startOf(partition));
    let count = 0;
    for (;;) {
      const slices = await log.read(topic, partition, at, READ_BYTES);
      const last = slices.at(-1);
      if (last === undefined) break;
      for (const slice of slices) count += await this.deal(slice, Math.max(at, slice.from));
      at = last.to;
      await log.commit(group, topic, partition, at);
    }
    this.next.set(partition, at);
    return count;
  }

  /** After what was dealt with before, or what is left of the topic. */
  private async startOf(partition: number): Promise<number> {
    const { topic, group } = this.control;
    const { earliest, end } = await this.stores.log.bounds(topic, partition);
    const committed = await this.stores.log.committed(group, topic, partition);
    return Math.min(Math.max(committed ?? earliest, earliest), end);
  }

  private async deal(slice: LogSlice, from: number): Promise<number> {
    const { rows, offsets, rejected } = this.control.decode(slice, from, slice.to);
    const { partition } = slice;
    await this.setAside(slice, rejected);
    await this.control.handle(rows.map((value, k) => ({ value, partition, offset: offsets[k] })));
    return rows.length + rejected.length;
  }

  private async setAside(slice: LogSlice, rejected: readonly Undecodable[]): Promise<void> {
    if (rejected.length === 0) return;
    const { stage } = this.control;
    const { log, registry, partitions, telemetry } = this.stores;
    const letters = rejected.map((record) => letterOf(record, stage, slice));
    const topic = deadLetterTopic(stage);
    const { id } = await registry.latest(topicSubject(topic));
    for (const { partition, batch } of encodeDeadLetters(
      letters,
      id,
      partitions.get(topic) ?? 1,
      `254carbon-${stage}`,
    ))
      await log.append(topic, partition, [batch]);
    for (const event of rejectionEventsOf(stage, letters)) telemetry.emit(event);
  }
}
