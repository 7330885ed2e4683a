/** Opening the stores of a service whose engines may not be there yet. */

import { CarbonError } from '../../core/errors.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { systemClock } from '../../drivers/system-clock/clock.ts';
import type { RuntimeSettings } from '../config/runtime.ts';
import { type HttpSide, serveWaiting } from '../http/serve.ts';
import { type OpenStoresOptions, openStores, openTelemetry, type Stores } from '../stores/open-stores.ts';
import { endableWhile } from './bounded-end.ts';

/** How long a service waits for its stores before it gives up; whoever looks after it starts it again. */
const PATIENCE_MS = 120_000;
/** Pauses between attempts, in milliseconds. An attempt has patience of its own with engines that may just be slow. */
const PAUSES_MS = [250, 500, 1000, 2000];

/**
 * Opens the stores of a service, again and again while one of their engines cannot be reached. Meanwhile the ports of the
 * service answer: live, not ready, and what for. Resolves with null when `signal` aborts before the stores are open. Throws
 * STORE_UNREACHABLE after the patience, and at once what another attempt does not change.
 */
export async function openWhenThere(
  runtime: RuntimeSettings,
  options: OpenStoresOptions,
  signal: AbortSignal,
): Promise<Stores | null> {
  const telemetry = await openTelemetry(runtime, options);
  const wait = new Wait(runtime, options.service, telemetry);
  const deadline = performance.now() + PATIENCE_MS;
  const opened = async (): Promise<Stores | null> => {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const stores = await openStores(runtime, options).catch(async (error: unknown) => {
        if (performance.now() >= deadline) throw error;
        await wait.goOn(error);
        return null;
      });
      if (stores !== null && !signal.aborted) return stores;
      await stores?.close();
      await systemClock.sleep(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)], signal);
    }
    return null;
  };
  try {
    return await endableWhile(signal, options.service, telemetry, opened);
  } finally {
    await wait.end();
  }
}

/** What others see of a service that waits for its stores. */
class Wait {
  private readonly runtime: RuntimeSettings;
  private readonly service: string;
  private readonly telemetry: Telemetry;
  private http: HttpSide | null = null;
  private reason = '';

  constructor(runtime: RuntimeSettings, service: string, telemetry: Telemetry) {
    this.runtime = runtime;
    this.service = service;
    this.telemetry = telemetry;
  }

  /** Another attempt failed. Throws what waiting does not mend. */
  async goOn(error: unknown): Promise<void> {
    if (!(error instanceof CarbonError) || error.code !== 'STORE_UNREACHABLE') throw error;
    const isNews = this.reason !== error.message;
    this.reason = error.message;
    const { runtime, service, telemetry } = this;
    if (isNews) {
      const facts = { service, error: error.message };
      telemetry.emit({ name: 'service.waiting', level: 'warning', facts });
    }
    if (this.http !== null || runtime.http === 'off') return;
    this.http = await serveWaiting(service, { runtime, telemetry }, () => this.reason);
  }

  /** Lets go of the ports: the service itself takes them. */
  async end(): Promise<void> {
    await this.http?.close();
  }
}
