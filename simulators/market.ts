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
  /** Text, or the bytes of a workbook. */
  render(table: Table): string | Uint8Array;
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

/** What a client sends besides path and query. */
export interface ClientRequest {
  readonly method: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** How often an operator lets one client ask: so many requests in any stretch of so many seconds. */
export interface Pace {
  readonly requests: number;
  readonly seconds: number;
  /** False for addresses that are not counted. */
  covers(path: string): boolean;
}

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
  /** Null where its operator names no limit. */
  readonly pace: Pace | null;
  /** What a client hears that comes too soon, and after how many seconds it may come back. */
  tooSoon(waitSeconds: number): Refusal;
  /** The refusal of a request without valid credentials; null for one that may pass. Absent where nobody needs any. */
  authorize?(path: string, query: URLSearchParams, request: ClientRequest, at: Micros): Refusal | null;
  examples(at: Micros): Example[];
  /** `path` without the query. Who asks is not looked at here. */
  respond(path: string, query: URLSearchParams, at: Micros, request: ClientRequest): Answer;
  /** All values of intervals that begin in the window, as published until `at`. None for a dataset it does not have. */
  published(dataset: string, window: Interval, at: Micros): Iterable<TrueValue>;
}
