/**
 * Keeps a set of processes running: starts them, starts those anew that end unasked, and ends them all together.
 *
 * A process that ends because it was called wrongly or is configured wrongly would end so again: that ends all. What
 * else ends one (a kill, a store that was away for too long, a defect) is answered by starting it again, with a pause
 * that doubles while it keeps ending early.
 */

import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../../core/ports/clock.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';

/** One process to keep running. */
export interface Supervised {
  readonly name: string;
  /** Starts it. Called again each time it has ended unasked. */
  start(): ChildProcess;
}

/** How patient a supervisor is, in milliseconds. */
export interface Patience {
  /** Pause before the first start anew; it doubles up to `longestPauseMs`. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
  /** A process that ran this long has proved itself: its pauses begin anew. */
  readonly provenMs: number;
  /** From asking a process to stop to killing it. */
  readonly drainMs: number;
}

const PATIENCE: Patience = { pauseMs: 250, longestPauseMs: 10_000, provenMs: 60_000, drainMs: 30_000 };

/** Exit codes that another start would end with again: wrong call, wrong file, wrong setting, newer store. */
const HOPELESS: ReadonlySet<number> = new Set([2, 3, 5, 78]);

/** How one run of a process ended. */
interface End {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs the processes until `signal` aborts, then asks each to stop and waits for it. Resolves with 0, with the code of
 * a process whose end was hopeless, or with 1 when one had to be killed.
 */
export async function supervise(
  processes: readonly Supervised[],
  signal: AbortSignal,
  ports: { readonly clock: Clock; readonly telemetry: Telemetry },
  patience: Patience = PATIENCE,
): Promise<number> {
  const given = new AbortController();
  const stopping = AbortSignal.any([signal, given.signal]);
  let worst = 0;
  const ends = processes.map(async (each) => {
    const code = await keepRunning(each, stopping, ports, patience);
    if (code !== 0 && worst === 0) worst = code;
    if (code !== 0) given.abort();
  });
  await Promise.all(ends);
  return worst;
}

async function keepRunning(
  { name, start }: Supervised,
  stopping: AbortSignal,
  { clock, telemetry }: { readonly clock: Clock; readonly telemetry: Telemetry },
  patience: Patience,
): Promise<number> {
  let pause = patience.pauseMs;
  while (!stopping.aborted) {
    const began = clock.now();
    const end = await untilItEnds(start(), stopping, patience.drainMs);
    const facts = { service: name, exit: end.exit ?? '', signal: end.signal ?? '' };
    if (stopping.aborted) {
      if (end.exit === 0) return 0;
      telemetry.emit({ name: 'process.ended', level: 'warning', facts });
      return 1;
    }
    if (end.exit !== null && HOPELESS.has(end.exit)) {
      telemetry.emit({ name: 'process.refused', level: 'error', facts });
      return end.exit;
    }
    if ((clock.now() - began) / 1000 >= patience.provenMs) pause = patience.pauseMs;
    telemetry.emit({ name: 'process.ended', level: 'warning', facts: { ...facts, again_in_ms: pause } });
    await clock.sleep(pause, stopping);
    pause = Math.min(2 * pause, patience.longestPauseMs);
  }
  return 0;
}

/** Resolves when the process has ended; once `stopping` aborts it is asked to, and killed when it does not. */
function untilItEnds(child: ChildProcess, stopping: AbortSignal, drainMs: number): Promise<End> {
  return new Promise((resolve) => {
    let killer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      child.kill('SIGTERM');
      killer = setTimeout(() => child.kill('SIGKILL'), drainMs);
    };
    const ended = (exit: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(killer);
      stopping.removeEventListener('abort', stop);
      resolve({ exit, signal });
    };
    child.once('exit', ended);
    // What cannot be started at all (no memory for a process, say) counts as an end.
    child.once('error', () => ended(null, null));
    if (stopping.aborted) stop();
    else stopping.addEventListener('abort', stop, { once: true });
  });
}
