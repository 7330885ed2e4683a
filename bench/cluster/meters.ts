/** A clock, and what processes have used since it was started, by what they do. */

import type { ClusterEngines } from '../../tests/integration/cluster/engines.ts';
import { cpuSecondsOf, cpuSince, peakMegabytesOf, threadSecondsOf } from './process-times.ts';

/** Groups of processes: ours; the warehouse is the store, and `other` is PostgreSQL, Redis and the registry. */
export type Group = 'ours' | 'broker' | 'store' | 'other';

/** What was used since the start. */
export interface Meters {
  readonly seconds: number;
  /** Seconds of processor time. */
  readonly cpu: Readonly<Record<Group, number>>;
  /** Of our processes: most that they ever had, all together, in MB. */
  readonly peak_rss_mb: number;
  /** Seconds of processor time of our processes, by name of the thread. */
  readonly threads: Readonly<Record<string, number>>;
}

/** Starts the clock; `ours` are the processes whose work is measured. Each call of what it returns reads it. */
export function startMeters({ servers }: ClusterEngines, ours: readonly number[]): () => Meters {
  const groups = {
    ours,
    broker: [servers.kafka.pid],
    store: [servers.warehouse.pid],
    other: [servers.postgres.pid, servers.redis.pid, servers.registry.pid],
  };
  const before = cpuSecondsOf(groups);
  const threads = threadSecondsOf(ours);
  const began = performance.now();
  return () => ({
    seconds: (performance.now() - began) / 1000,
    cpu: cpuSince(before, cpuSecondsOf(groups)),
    peak_rss_mb: peakMegabytesOf(ours),
    threads: cpuSince(threads, threadSecondsOf(ours)),
  });
}
