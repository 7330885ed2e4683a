/**
 * Membership of a consumer group as a share of partitions. The heart beats by itself, whatever the work is doing; what
 * the group says is kept until the work asks. How a heart beats is the protocol's: `consumer-protocol.ts` (KIP-848, the
 * group's coordinator assigns) or `classic-protocol.ts` (one of the members does).
 */

import { CarbonError } from '../../core/errors.ts';
import type { PartitionShare, TopicPartition } from '../../core/ports/partition-share.ts';
import { brokerCodes, isFenced, isPassing, kafkaFailure } from './broker-errors.ts';
import type { KafkaCluster, Lines } from './cluster.ts';
import type { HeldPartitions } from './held-partitions.ts';
import { type Committer, commitOffset } from './offsets.ts';

export interface KafkaGroupOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** `consumer` (default): the protocol of KIP-848. `classic`: for brokers before 4.0, and members that need it. */
  readonly protocol?: 'consumer' | 'classic';
  /**
   * A name that outlives the process (static membership): who comes back under it within the session gets its
   * partitions again, and nobody else's change. Unique within the group.
   */
  readonly instanceId?: string;
  /**
   * Silence after which the coordinator, and we ourselves, hold us for gone, in milliseconds. With the consumer
   * protocol the coordinator goes by a setting of its own (`group.consumer.session.timeout.ms`), which this has to
   * follow. Default 45,000, as there.
   */
  readonly sessionTimeoutMs?: number;
  /** Longest time to give up what is asked back, in milliseconds; after it the group goes on without us. Default 60,000. */
  readonly rebalanceTimeoutMs?: number;
  /** Hears of it when the group could not be told that we leave: it misses us when the session has ended. */
  readonly onUnheard?: (why: CarbonError) => void;
}

/** What a protocol works with. */
export interface GroupContext {
  readonly cluster: KafkaCluster;
  readonly lines: Lines;
  readonly held: HeldPartitions;
  readonly options: Required<Omit<KafkaGroupOptions, 'instanceId'>> & { readonly instanceId: string | null };
}

/** One protocol of membership. */
export interface GroupProtocol {
  /** Who we are for commits. */
  readonly committer: Committer;
  /** One exchange with the coordinator; returns the pause until the next one, in milliseconds. Rejects as the client does. */
  beat(): Promise<number>;
  /** We are no member any more: the next beat joins. */
  forgetMembership(): void;
  leave(): Promise<void>;
  /** Ends connections of its own. Requests that wait there are rejected. */
  close(): Promise<void>;
}

const RETRY_MS = 200;
/** Attempts of a commit while the generation changes under it. */
const COMMIT_TRIES = 20;
/** Patience with the group when we leave it, the beat under way included. */
const LEAVE_MS = 3000;

export class GroupMember implements PartitionShare {
  private readonly context: GroupContext;
  private readonly protocol: GroupProtocol;
  private readonly onClosed: () => void;
  private failure: CarbonError | null = null;
  private isClosed = false;
  private wake: () => void = () => {};
  private heardAt = performance.now();
  private beats = 0;
  private loop: Promise<void> = Promise.resolve();

  constructor(context: GroupContext, protocol: GroupProtocol, onClosed: () => void) {
    this.context = context;
    this.protocol = protocol;
    this.onClosed = onClosed;
  }

  /** Resolves when the group has taken us. Throws what the group has against it. */
  async join(): Promise<void> {
    const { cluster, options } = this.context;
    // A killed process keeps its name until its session ends: whoever comes back under it has to wait for that.
    const deadline = performance.now() + Math.max(cluster.patienceMs, options.sessionTimeoutMs + 5000);
    for (let attempt = 0; ; attempt++) {
      const began = performance.now();
      try {
        const pause = await this.protocol.beat();
        this.heardAt = began;
        this.loop = this.run(pause);
        return;
      } catch (error) {
        const codes = brokerCodes(error);
        const mustWait = codes.includes('UNRELEASED_INSTANCE_ID') && performance.now() < deadline;
        if (mustWait) await new Promise((done) => setTimeout(done, 2 * RETRY_MS));
        else if (isFenced(error) && attempt < 5) this.protocol.forgetMembership();
        else if (!(await cluster.pause(error, attempt, deadline))) throw this.failed(error);
      }
    }
  }

  get owned(): TopicPartition[] {
    this.checkSession();
    return this.context.held.owned;
  }

  surplus(): TopicPartition[] {
    this.checkSession();
    return this.context.held.surplus();
  }

  lost(): TopicPartition[] {
    this.checkSession();
    return this.context.held.takeLost();
  }

  take(): TopicPartition[] {
    if (this.failure !== null) throw this.failure;
    this.checkSession();
    return this.context.held.take();
  }

  release(partition: TopicPartition): void {
    const { version } = this.context.held;
    this.context.held.release(partition);
    // The group waits for it: it hears of it now.
    if (this.context.held.version !== version) this.wake();
  }

  /** True when the topic is among those that the group shares. */
  reads(topic: string): boolean {
    return this.context.options.topics.includes(topic);
  }

  /** True for a partition that was taken and is ours. */
  isAtWork(topic: string, partition: number): boolean {
    return this.context.held.isAtWork(topic, partition);
  }

  /** Commits as the member that we are. Throws PLAN_CONFLICT when the partition is not ours to commit. */
  async commit(topic: string, partition: number, next: number): Promise<void> {
    const { cluster, options, held } = this.context;
    for (let attempt = 1; ; attempt++) {
      this.checkSession();
      if (!held.isAtWork(topic, partition)) throw notOurs(options.group, topic, partition);
      try {
        const { committer } = this.protocol;
        return await commitOffset(cluster, options.group, committer, topic, partition, next);
      } catch (error) {
        if (!isFenced(error)) throw error;
        if (attempt === COMMIT_TRIES) throw notOurs(options.group, topic, partition, error);
        // A new generation is on its way to us: with the next beat we know it, or that we are out.
        await this.nextBeat();
      }
    }
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.wake();
    await this.leave();
    await this.protocol.close();
    await this.context.lines.close();
    this.onClosed();
  }

  /** A coordinator that is gone or frozen does not hold us: the beat under way may wait for it, and so may the leave. */
  private async leave(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${LEAVE_MS} ms`)), LEAVE_MS);
    });
    try {
      await Promise.race([this.loop.then(() => this.protocol.leave()), late]);
    } catch (error) {
      // Who is out already has nothing to tell.
      if (!isFenced(error)) this.context.options.onUnheard(this.failed(error));
    } finally {
      clearTimeout(timer);
    }
  }

  private async run(firstPause: number): Promise<void> {
    const { cluster, held } = this.context;
    let pause = firstPause;
    while (!this.isClosed && this.failure === null) {
      await this.sleep(pause);
      if (this.isClosed) return;
      const began = performance.now();
      const { version } = held;
      try {
        pause = await this.protocol.beat();
        this.heardAt = began;
        // What was offered or withdrawn is acknowledged at once: others wait for it.
        if (held.version !== version) pause = 0;
      } catch (error) {
        pause = RETRY_MS;
        const codes = brokerCodes(error);
        if (codes.includes('FENCED_INSTANCE_ID')) this.fail(error);
        else if (isFenced(error)) {
          held.lose();
          this.protocol.forgetMembership();
          pause = 0;
        } else if (isPassing(error)) {
          cluster.forgetCoordinator(this.context.options.group);
          this.checkSession();
        } else if (!codes.includes('UNRELEASED_INSTANCE_ID')) this.fail(error);
      }
      this.beats++;
    }
  }

  /** Silence beyond the session: the coordinator has given our partitions to others by now. */
  private checkSession(): void {
    if (performance.now() - this.heardAt <= this.context.options.sessionTimeoutMs) return;
    if (this.context.held.all.length === 0) return;
    this.context.held.lose();
    this.protocol.forgetMembership();
  }

  private fail(error: unknown): void {
    this.failure = this.failed(error);
    this.context.held.lose();
  }

  private failed(error: unknown): CarbonError {
    const { group, instanceId } = this.context.options;
    return kafkaFailure(error, `group ${group}`, {
      group,
      ...(instanceId === null ? {} : { instance_id: instanceId }),
    });
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  private async nextBeat(): Promise<void> {
    const { beats } = this;
    this.wake();
    for (let waited = 0; this.beats === beats && waited < 5000 && !this.isClosed; waited += 20)
      await new Promise((done) => setTimeout(done, 20));
  }
}

function notOurs(group: string, topic: string, partition: number, cause?: unknown): CarbonError {
  return new CarbonError('PLAN_CONFLICT', `group ${group}: ${topic}/${partition} belongs to another member`, {
    context: { group, topic, partition },
    cause,
  });
}
