/**
 * SIGINT and SIGTERM: the first one asks for a clean stop, the second ends the process. A process that another one
 * started and looks after stops as well when that one is gone.
 */

/** Exit code of a process that a signal has ended. */
export const SIGNAL_EXITS = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that stops a process. */
export type StopSignal = keyof typeof SIGNAL_EXITS;

/** What the first signal does. */
export interface StopSignals {
  /** Aborted by the first signal, or by whoever calls `stop`. */
  readonly signal: AbortSignal;
  /** The first signal; null while there was none. */
  received(): StopSignal | null;
  stop(): void;
}

/** Listens for the rest of the process; `tell` hears of the first signal before anything stops. */
export function stopOnSignals(tell: (signal: StopSignal) => void): StopSignals {
  const ended = new AbortController();
  let first: StopSignal | null = null;
  const stop = (each: StopSignal): void => {
    first = each;
    tell(each);
    ended.abort();
  };
  for (const each of Object.keys(SIGNAL_EXITS) as StopSignal[])
    process.on(each, () => (first === null ? stop(each) : process.exit(SIGNAL_EXITS[each])));
  if (process.send !== undefined) {
    const abandoned = (): void => {
      if (first === null) stop('SIGTERM');
    };
    // Whoever started this process may be gone already. The channel alone is no reason to stay.
    if (process.connected) process.once('disconnect', abandoned);
    else queueMicrotask(abandoned);
    process.channel?.unref();
  }
  return { signal: ended.signal, received: () => first, stop: () => ended.abort() };
}
