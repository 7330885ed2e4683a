/**
 * Waiting for appends: a fetch that the broker holds until there is something, or the time is over. It has a connection
 * of its own, because whatever follows it there waits too.
 */

import { isPassing } from './broker-errors.ts';
import type { KafkaCluster, Lines } from './cluster.ts';
import { endsOf } from './offsets.ts';
import { fetchBytes, fetchRequest, Isolation } from './requests.ts';

interface WatchedLane {
  readonly key: string;
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly node: number;
}

/** The longest time that one request waits at the broker, in milliseconds. */
const LONGEST_POLL_MS = 5000;
/** Pause after a failure: the next read tells of it. */
const PAUSE_MS = 100;

export class AppendWatch {
  private readonly cluster: KafkaCluster;
  private readonly isOurs: (topic: string, partition: number) => boolean;
  private readonly hasNews: (topic: string, partition: number) => void;
  /** Offsets up to which readers have been told of records, by `topic/partition`. */
  private readonly told = new Map<string, number>();
  private readonly idle: Lines[] = [];
  private readonly closed = Promise.withResolvers<void>();
  private isClosed = false;

  /**
   * `isOurs`: false for partitions that another member of our group works on; their records wake nobody here. `hasNews`
   * is called before anybody is woken.
   */
  constructor(
    cluster: KafkaCluster,
    isOurs: (topic: string, partition: number) => boolean,
    hasNews: (topic: string, partition: number) => void,
  ) {
    this.cluster = cluster;
    this.isOurs = isOurs;
    this.hasNews = hasNews;
  }

  /** A reader found nothing at `end`: what comes after it is news, whether somebody waits by then or not. */
  markDrained(topic: string, partition: number, end: number): void {
    this.told.set(`${topic}/${partition}`, end);
  }

  /**
   * Resolves when there is something that readers were not told of, or after the time, or when the watch is closed.
   * Never rejects: while the brokers cannot be reached nothing is appended that could be read, and the next read says so.
   */
  async wait(topics: readonly string[], timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!this.isClosed) {
      const left = deadline - performance.now();
      if (left <= 0) return;
      try {
        const poll = this.poll(topics, Math.min(left, LONGEST_POLL_MS));
        poll.catch(() => {});
        if (await Promise.race([poll, this.closed.promise.then(() => true)])) return;
      } catch (error) {
        if (isPassing(error)) for (const topic of topics) this.cluster.forget(topic);
        const pause = Math.min(PAUSE_MS, Math.max(0, deadline - performance.now()));
        await Promise.race([new Promise((done) => setTimeout(done, pause)), this.closed.promise]);
      }
    }
  }

  /** Wakes everybody. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.closed.resolve();
    await Promise.all(this.idle.map((lines) => lines.close()));
  }

  /** True when there was something. */
  private async poll(topics: readonly string[], waitMs: number): Promise<boolean> {
    const lanes = await this.lanesOf(topics);
    const unknown = lanes.filter(({ key }) => !this.told.has(key));
    const ends = await endsOf(this.cluster, unknown, Isolation.readCommitted);
    for (const [key, end] of ends) if (!this.told.has(key)) this.told.set(key, end);
    const byNode = [...Map.groupBy(lanes, ({ node }) => node)];
    if (byNode.length === 0) {
      await Promise.race([new Promise((done) => setTimeout(done, waitMs)), this.closed.promise]);
      return false;
    }
    if (this.isClosed) return true;
    const lines = this.idle.pop() ?? this.cluster.openLines(LONGEST_POLL_MS + this.cluster.requestTimeoutMs);
    // The first broker that has something ends the wait; the others answer into the void, at their own time.
    const answers = byNode.map(([node, led]) => this.ask(node, led, waitMs, lines));
    const hit = Promise.withResolvers<boolean>();
    for (const answer of answers) answer.then((found) => found && hit.resolve(true)).catch(() => {});
    this.putBack(lines, answers)
      .then(() => Promise.all(answers))
      .then((found) => hit.resolve(found.includes(true)), hit.reject);
    return hit.promise;
  }

  /** Once the slowest broker has answered too, the connections serve another wait; those that failed are given up. */
  private async putBack(lines: Lines, answers: readonly Promise<boolean>[]): Promise<void> {
    const ends = await Promise.allSettled(answers);
    if (this.isClosed || ends.some(({ status }) => status === 'rejected')) await lines.close();
    else this.idle.push(lines);
  }

  private async ask(
    node: number,
    lanes: readonly WatchedLane[],
    waitMs: number,
    lines: Lines,
  ): Promise<boolean> {
    const wanted = lanes.map((lane) => ({ ...lane, offset: this.told.get(lane.key) ?? 0 }));
    const limits = { waitMs: Math.ceil(waitMs), maxBytes: 1, isolation: Isolation.readCommitted };
    const connection = await lines.to(node);
    const answer = await this.cluster.call(fetchBytes, connection, ...fetchRequest(wanted, limits));
    let isNews = false;
    for (const { topicId, partition, code, lastStableOffset, records } of answer.partitions) {
      const lane = wanted.find((asked) => asked.topicId === topicId && asked.partition === partition);
      if (lane === undefined) continue;
      if (code === 'NONE' && records.length === 0 && lastStableOffset <= lane.offset) continue;
      isNews = true;
      this.hasNews(lane.topic, lane.partition);
      // Told once: who does not read on has given the partition away or holds back, and waits like all others.
      if (code === 'NONE') this.told.set(lane.key, Math.max(lastStableOffset, lane.offset));
      else {
        this.told.delete(lane.key);
        this.cluster.forget(lane.topic);
      }
    }
    return isNews;
  }

  private async lanesOf(topics: readonly string[]): Promise<WatchedLane[]> {
    const lanes: WatchedLane[] = [];
    for (const topic of topics) {
      const view = await this.cluster.topic(topic).catch(() => null);
      view?.leaders.forEach((node, partition) => {
        if (node < 0 || !this.isOurs(topic, partition)) return;
        lanes.push({ key: `${topic}/${partition}`, topic, topicId: view.id, partition, node });
      });
    }
    return lanes;
  }
}
