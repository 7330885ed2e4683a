/** A service that has finished its work ends, whatever the clients of its stores make of being closed. */

import type { Telemetry } from '../../core/ports/telemetry.ts';

/** How long the stores of a finished service may take to close; a supervisor waits for half as long again. */
export const CLOSING_MS = 20_000;

/**
 * Ends this process with 0 when it is still there after `ms`: to be called once all work is durable and only stores are
 * left to close. What keeps the process is told by the kinds of its handles. A process that ends by itself is not held up,
 * and nothing is told.
 */
export function endWithin(ms: number, service: string, telemetry: Telemetry): void {
  const end = (): void => {
    const facts = { service, after_ms: ms, handles: process.getActiveResourcesInfo().sort().join() };
    telemetry.emit({ name: 'closing.left', level: 'warning', facts });
    process.exit(0);
  };
  setTimeout(end, ms).unref();
}

/**
 * Work with which a service begins. A signal that comes meanwhile bounds the rest of the process: nothing is at hand yet
 * that could be lost, and an engine may hold the work up.
 */
export async function endableWhile<T>(
  signal: AbortSignal,
  service: string,
  telemetry: Telemetry,
  work: () => Promise<T>,
): Promise<T> {
  const bound = (): void => endWithin(CLOSING_MS, service, telemetry);
  signal.addEventListener('abort', bound);
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', bound);
  }
}
