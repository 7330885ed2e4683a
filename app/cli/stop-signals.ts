/** SIGINT and SIGTERM: the first one asks for a clean stop, the second ends the process. */

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
  for (const each of Object.keys(SIGNAL_EXITS) as StopSignal[])
    process.on(each, () => {
      if (first !== null) process.exit(SIGNAL_EXITS[each]);
      first = each;
      tell(each);
      ended.abort();
    });
  return { signal: ended.signal, received: () => first, stop: () => ended.abort() };
}
