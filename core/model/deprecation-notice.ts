/** Notices of deprecation: a topic gives way to the next version of its contract (C3). */

import type { Micros } from '../time/instant.ts';

/** Days since 1 January 1970, as Avro has dates. */
export type Day = number;

/** What the readers of a topic are told. The notice with the greatest revision holds. */
export interface DeprecationNotice {
  readonly tenant: string;
  /** Always empty: no value caused it. */
  readonly traceId: string;
  /** When it was published. */
  readonly knownAt: Micros;
  readonly topic: string;
  readonly successor: string;
  /** Notices of the topic, counted from 1. */
  readonly revision: number;
  readonly state: 'announced' | 'withdrawn';
  /** Which of the two is written: a version such as `v1`, or `both`. */
  readonly write: string;
  readonly since: Day;
  readonly removalAfter: Day;
  readonly reason: string;
}
