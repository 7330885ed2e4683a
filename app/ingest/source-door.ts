/**
 * The door to a source: its pace, and its circuit breaker. One per connector and process. The pace of a host is one budget
 * for all who ask it: connectors, live runs and backfills, and, through a lease of the reference store, other processes
 * and the one that was there before.
 */

import { randomBytes } from 'node:crypto';
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { CarbonError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Http } from '../../core/ports/http.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { Micros } from '../../core/time/instant.ts';

/** Failures in a row after which a source is left alone, and for how long. */
const BREAK_AFTER = 5;
const BREAK_SECONDS = 60;

/** How often and how many at a time. */
export interface Pace {
  /** Least time between the starts of two requests, in milliseconds. */
  readonly minIntervalMs: number;
  readonly maxConcurrency: number;
}

/** What doors and paces are made with. */
interface Surroundings {
  readonly http: Http;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Where the budget is shared with other processes; without it, it is that of this process alone. */
  readonly reference?: Pick<ReferenceStore, 'acquireLease' | 'leaseOf'>;
}

interface Doors {
  readonly sources: Map<string, SourceDoor>;
  readonly hosts: Map<string, HostPace>;
}

const doors = new WeakMap<Http, Doors>();

/** The door of a connector in this process; `breakSeconds` counts for the first who asks. */
export function doorOf(
  around: Surroundings,
  connector: string,
  breakSeconds: number = BREAK_SECONDS,
): SourceDoor {
  const all = doors.getOrInsertComputed(around.http, () => ({ sources: new Map(), hosts: new Map() }));
  return all.sources.getOrInsertComputed(
    connector,
    (name) => new SourceDoor(name, all.hosts, around, breakSeconds),
  );
}

/** Lets requests through at the pace of their host, and none while the source is left alone. */
export class SourceDoor {
  private readonly connector: string;
  private readonly hosts: Map<string, HostPace>;
  private readonly clock: Clock;
  private readonly reference: Surroundings['reference'];
  private readonly breaker: CircuitBreakerPolicy;

  constructor(
    connector: string,
    hosts: Map<string, HostPace>,
    { clock, telemetry, reference }: Surroundings,
    breakSeconds: number,
  ) {
    this.connector = connector;
    this.hosts = hosts;
    this.clock = clock;
    this.reference = reference;
    // A source that asks to come back later works: only silence and failures count.
    const isFailure = (error: unknown): boolean =>
      error instanceof CarbonError && error.code === 'SOURCE_UNREACHABLE';
    this.breaker = circuitBreaker(handleWhen(isFailure), {
      halfOpenAfter: breakSeconds * 1000,
      breaker: new ConsecutiveBreaker(BREAK_AFTER),
    });
    this.breaker.onBreak(() =>
      telemetry.emit({
        name: 'breaker.opened',
        level: 'warning',
        facts: { connector, failures: BREAK_AFTER, pause_seconds: breakSeconds },
      }),
    );
    this.breaker.onReset(() =>
      telemetry.emit({ name: 'breaker.closed', level: 'info', facts: { connector } }),
    );
  }

  /**
   * Runs one exchange. Throws what it throws, or SOURCE_UNREACHABLE with `breaker: 'open'` in its context when the
   * source is left alone; nothing was asked then.
   */
  async pass<T>(host: string, pace: Pace, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const line = this.hosts.getOrInsertComputed(host, () => new HostPace(host, this.clock, this.reference));
    try {
      return await this.breaker.execute(() => line.run(pace, work, signal));
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw new CarbonError(
        'SOURCE_UNREACHABLE',
        `${host} was not asked: ${this.connector} is left alone after ${BREAK_AFTER} failures in a row`,
        { context: { host, breaker: 'open' } },
      );
    }
  }
}

/** The requests to one host, in the order in which they came. */
class HostPace {
  private readonly host: string;
  private readonly clock: Clock;
  private readonly reference: Surroundings['reference'];
  private running = 0;
  private last: Micros = Number.NEGATIVE_INFINITY;
  private line: Promise<void> = Promise.resolve();
  private readonly waiting: (() => void)[] = [];

  constructor(host: string, clock: Clock, reference: Surroundings['reference']) {
    this.host = host;
    this.clock = clock;
    this.reference = reference;
  }

  async run<T>(pace: Pace, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    while (this.running >= pace.maxConcurrency)
      await new Promise<void>((resume) => {
        this.waiting.push(resume);
      });
    this.running++;
    try {
      const gap = pace.minIntervalMs * 1000;
      if (gap > 0) await this.startAfter(gap, signal);
      return await work();
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  /**
   * Waits until the gap since the last start is over; one after the other, so that one who wakes late does not start close
   * before the next. A clock that was set back makes nobody wait for longer than one gap.
   */
  private async startAfter(gap: Micros, signal?: AbortSignal): Promise<void> {
    const turn = this.line.then(async () => {
      for (let now = this.clock.now(); now < this.last + gap; now = this.clock.now()) {
        if (signal?.aborted === true) return;
        if (this.last > now) this.last = now;
        await this.clock.sleep(Math.ceil((this.last + gap - now) / 1000), signal);
      }
      await this.claimStart(gap, signal);
      this.last = this.clock.now();
    });
    this.line = turn.catch(() => {});
    await turn;
  }

  /**
   * Takes the next start of the host from whoever shares the store: a lease as long as the gap, held by one request and
   * never given back. A clock that was set back makes nobody wait for longer than one gap.
   */
  private async claimStart(gap: Micros, signal?: AbortSignal): Promise<void> {
    if (this.reference === undefined) return;
    const name = `pace/${this.host}`;
    const holder = randomBytes(8).toString('hex');
    for (;;) {
      const now = this.clock.now();
      if (signal?.aborted === true) return;
      if (await this.reference.acquireLease(name, holder, now, now + gap)) return;
      const until = (await this.reference.leaseOf(name))?.until ?? now;
      if (until - now > gap && (await this.reference.acquireLease(name, holder, until, now + gap))) return;
      await this.clock.sleep(Math.max(1, Math.min(gap, until - now) / 1000), signal);
    }
  }
}
