/**
 * The gate before the warehouse: not more than so many reads of the API at once, none longer than it may take. The
 * pipeline does not pass here, so no number of readers keeps it waiting for its turn.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Queries } from '../../core/ports/warehouse.ts';

/** Limits of the gate. */
export interface GateLimits {
  /** Queries at work at once. */
  readonly maxQueries: number;
  /** Queries that wait for their turn; the next is refused at once. */
  readonly maxWaiting: number;
  /** Longest time for the queries of one question together, with their waiting, in seconds. */
  readonly timeoutSeconds: number;
}

/** ClickHouse's code for a query that took longer than max_execution_time. */
const TIMEOUT_EXCEEDED = 159;

interface Waiting {
  readonly enter: () => void;
}

/** One for a process. */
export class ReadGate {
  private readonly limits: GateLimits;
  private readonly now: () => number;
  private atWork = 0;
  private readonly waiting = new Set<Waiting>();

  /** `now` is a monotonic clock in milliseconds. */
  constructor(limits: GateLimits, now: () => number = () => performance.now()) {
    this.limits = limits;
    this.now = now;
  }

  /** Queries at work and waiting. */
  get load(): { readonly atWork: number; readonly waiting: number } {
    return { atWork: this.atWork, waiting: this.waiting.size };
  }

  /** The queries of one question: its time begins now. Throws READ_BUSY when there is no place or no time left. */
  through(queries: Queries): Queries {
    const deadline = this.now() + this.limits.timeoutSeconds * 1000;
    const pass = <T>(sql: string, run: (sql: string) => Promise<T>): Promise<T> =>
      this.pass(deadline, (seconds) => run(`${sql}\nSETTINGS max_execution_time = ${seconds}`));
    return {
      queryColumns: (sql, parameters) => pass(sql, (limited) => queries.queryColumns(limited, parameters)),
      queryRows: (sql, parameters) => pass(sql, (limited) => queries.queryRows(limited, parameters)),
      queryText: (sql, format, parameters) =>
        pass(sql, (limited) => queries.queryText(limited, format, parameters)),
    };
  }

  private async pass<T>(deadline: number, work: (seconds: number) => Promise<T>): Promise<T> {
    await this.enter(deadline);
    const left = deadline - this.now();
    if (left <= 0) {
      this.leave();
      throw this.tooLong();
    }
    // The place is taken for as long as the store works on the query, even when who asked has been sent away.
    const answer = work(Math.max(1, Math.round(left)) / 1000).finally(() => this.leave());
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.tooLong()), left);
    });
    try {
      return await Promise.race([answer, late]);
    } catch (error) {
      if (error instanceof CarbonError && error.context['store_code'] === TIMEOUT_EXCEEDED)
        throw this.tooLong();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves with a place at work. */
  private enter(deadline: number): Promise<void> {
    if (this.atWork < this.limits.maxQueries) {
      this.atWork++;
      return Promise.resolve();
    }
    if (this.waiting.size >= this.limits.maxWaiting)
      throw new CarbonError('READ_BUSY', `${this.waiting.size} reads are waiting already`, {
        context: { at_work: this.atWork },
      });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => {
          this.waiting.delete(place);
          reject(this.tooLong());
        },
        Math.max(0, deadline - this.now()),
      );
      const place: Waiting = {
        enter: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      this.waiting.add(place);
    });
  }

  /** Hands the place to whoever has waited longest. */
  private leave(): void {
    const [next] = this.waiting;
    if (next === undefined) this.atWork--;
    else {
      this.waiting.delete(next);
      next.enter();
    }
  }

  private tooLong(): CarbonError {
    return new CarbonError('READ_BUSY', `the read took longer than ${this.limits.timeoutSeconds} s`);
  }
}
