/** Processor time and memory of groups of processes, as the kernel counts them (`/proc`, Linux). */

import { readdirSync, readFileSync } from 'node:fs';

/** Kernel ticks in a second: `getconf CLK_TCK` on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  readonly parent: number;
  /** User and system time of it and of children that it has buried, in seconds. */
  readonly seconds: number;
}

function timesOf(pid: number): ProcessTimes | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name may hold spaces and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, k) => sum + Number(fields[k]), 0);
    return { parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND };
  } catch {
    return null;
  }
}

/** Seconds of processor time of each group so far: of the processes named and of all that descend from them. */
export function cpuSecondsOf<G extends string>(
  groups: Readonly<Record<G, readonly number[]>>,
): Record<G, number> {
  const all = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    const times = /^\d+$/.test(name) ? timesOf(Number(name)) : null;
    if (times !== null) all.set(Number(name), times);
  }
  const children = Map.groupBy(all.keys(), (pid) => all.get(pid)?.parent ?? 0);
  const under = (pid: number): number =>
    (children.get(pid) ?? []).reduce((sum, child) => sum + under(child), all.get(pid)?.seconds ?? 0);
  const sums = {} as Record<G, number>;
  for (const group in groups) sums[group] = groups[group].reduce((sum, pid) => sum + under(pid), 0);
  return sums;
}

/** The differences of two readings; what was not there before began at nothing. */
export function cpuSince<G extends string>(
  before: Readonly<Record<G, number>>,
  now: Readonly<Record<G, number>>,
): Record<G, number> {
  const differences = {} as Record<G, number>;
  for (const name in now) differences[name] = now[name] - (before[name] ?? 0);
  return differences;
}

/** Most memory that the processes have had resident so far, each at its own time, in MB. */
export function peakMegabytesOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      const kilobytes = /^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
      return sum + Number(kilobytes ?? 0) / 1024;
    } catch {
      return sum;
    }
  }, 0);
}

/** Seconds of processor time by the names of the threads of some processes: `node`, `V8Worker`, `libuv-worker` … */
export function threadSecondsOf(pids: readonly number[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const pid of pids) {
    for (const thread of threadsOf(pid)) {
      try {
        const text = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
        const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
        const label = Number(thread) === pid ? 'main' : name;
        sums[label] = (sums[label] ?? 0) + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
      } catch {
        // It ended while the list was read.
      }
    }
  }
  return sums;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
