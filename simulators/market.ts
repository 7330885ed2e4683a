/** What a simulated market is: a pure function from a request and the time to an answer, and the truth behind it. */

import type { Micros } from '../core/time/instant.ts';
import type { Interval } from '../core/time/interval.ts';
import type { Table, TrueValue } from './table.ts';

/** One file of a report: the body itself, or a member of its zip. */
export interface Member {
  readonly name: string;
  /** UTC micros: when the operator wrote it. */
  readonly modifiedAt: Micros;
  readonly table: Table;
  render(table: Table): string;
}

/** A body with data, before faults and before it becomes bytes. */
export interface Report {
  readonly kind: 'report';
  readonly dataset: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: readonly Member[];
  readonly container: 'plain' | 'zip';
  /** Clock that the times of zip members are written in. */
  readonly zone: string;
  /** UTC micros for `Last-Modified`; null where the operator sends neither that nor an `ETag`. */
  readonly lastModified: Micros | null;
  /** What is served under the neighbouring name: the day before. Null where there is none. */
  readonly neighbour: (() => Answer) | null;
}

/** Everything else that the operator says: no data, bad request, too fast. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** The market's answer as of an instant. */
export type Answer = Report | Refusal;

/** An address worth trying. */
export interface Example {
  readonly dataset: string;
  /** Path and query. */
  readonly path: string;
}

/** One simulated market. All functions are pure: the same question at the same time gives the same bytes. */
export interface MarketSimulation {
  readonly name: string;
  /** `MISO`. */
  readonly market: string;
  /** Datasets that it publishes. */
  readonly datasets: readonly string[];
  /** Seconds that its operator wants between two requests of a client; 0 where it names none. */
  readonly gapSeconds: number;
  /** What a client hears that comes too soon. */
  tooSoon(): Refusal;
  examples(at: Micros): Example[];
  /** `path` without the query. */
  respond(path: string, query: URLSearchParams, at: Micros): Answer;
  /** All values of intervals that begin in the window, as published until `at`. None for a dataset it does not have. */
  published(dataset: string, window: Interval, at: Micros): Iterable<TrueValue>;
}
