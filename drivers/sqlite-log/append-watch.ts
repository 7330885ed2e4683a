/**
 * Waiting for appends: at once for those of this log, by polling `PRAGMA data_version` for those of other processes
 * (it changes with every commit of another connection, and reading it costs microseconds).
 */

/** What the watch asks the database. */
export interface WatchedLog {
  /** A number that changes with every commit of another connection. */
  dataVersion(): number;
  /** The end of every partition of the topics, by lane; topics that do not exist have none. */
  ends(topics: readonly string[]): Map<number, number>;
}

interface Waiter {
  readonly topics: readonly string[];
  readonly known: Map<number, number>;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** Milliseconds between two looks: what an append of another process waits at most. */
const POLL_MS = 5;

/** The longest time a timer takes; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

export class AppendWatch {
  private readonly log: WatchedLog;
  private readonly waiters = new Set<Waiter>();
  /** Ends at which a reader last found nothing more, by lane. */
  private readonly drained = new Map<number, number>();
  private poll: NodeJS.Timeout | null = null;
  private version = 0;

  constructor(log: WatchedLog) {
    this.log = log;
  }

  /** A reader found nothing at `end`: what comes between now and its wait must wake it. */
  markDrained(lane: number, end: number): void {
    this.drained.set(lane, end);
  }

  /** This log appended to a topic. */
  notify(topic: string): void {
    for (const waiter of this.waiters) if (waiter.topics.includes(topic)) waiter.done();
  }

  /** Resolves when a topic has more than its readers saw, at once for what came since they looked, or after the time. */
  wait(topics: readonly string[], timeoutMs: number): Promise<void> {
    // While others wait, the version they know stays: a commit not yet looked at is theirs too.
    if (this.waiters.size === 0) this.version = this.log.dataVersion();
    const known = this.log.ends(topics);
    let hasMore = false;
    for (const [lane, end] of known) {
      const seen = this.drained.get(lane);
      if (seen === undefined || seen >= end) continue;
      hasMore = true;
      // Told once: who does not read on has given the partition away or holds back, and waits like all others.
      this.drained.set(lane, end);
    }
    if (hasMore) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        if (this.waiters.size === 0) this.stop();
      };
      const waiter: Waiter = {
        topics,
        known,
        done: () => {
          leave();
          resolve();
        },
        fail: (error) => {
          leave();
          reject(error);
        },
      };
      const timer = setTimeout(waiter.done, Math.min(timeoutMs, LONGEST_MS));
      this.waiters.add(waiter);
      this.poll ??= setInterval(() => this.look(), POLL_MS);
    });
  }

  /** Wakes everybody; nothing is polled any more. */
  close(): void {
    for (const waiter of [...this.waiters]) waiter.done();
    this.stop();
  }

  private look(): void {
    try {
      const version = this.log.dataVersion();
      if (version === this.version) return;
      this.version = version;
      for (const waiter of [...this.waiters])
        for (const [lane, end] of this.log.ends(waiter.topics))
          if (waiter.known.get(lane) !== end) {
            waiter.done();
            break;
          }
    } catch (error) {
      for (const waiter of [...this.waiters]) waiter.fail(error);
    }
  }

  private stop(): void {
    if (this.poll !== null) clearInterval(this.poll);
    this.poll = null;
  }
}
