/** Closing what was opened: in the opposite order, each once, and what takes long is told by name. */

import type { Telemetry } from '../../core/ports/telemetry.ts';

/** A store that needs longer than this to close waits for an engine that does not answer, in milliseconds. */
const SLOW_MS = 1_500;

/** The stores that are open so far. */
export class Closing {
  private readonly telemetry: Telemetry;
  private readonly open: { readonly store: string | null; readonly close: () => Promise<void> }[] = [];

  constructor(telemetry: Telemetry) {
    this.telemetry = telemetry;
  }

  /** Something was opened that has to be closed. `store` names it in the log; null for what tells of its own parts. */
  add(store: string | null, close: () => Promise<void>): void {
    this.open.push({ store, close });
  }

  /**
   * Closes in the order opposite to the opening, every one although one before it failed. Throws the first failure. What
   * was slow to close is told as `closing.slow`: it was broken off where its driver had waited long enough.
   */
  async closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let last = this.open.pop(); last !== undefined; last = this.open.pop()) {
      const began = performance.now();
      await last.close().catch((error: unknown) => failures.push(error));
      const tookMs = Math.round(performance.now() - began);
      if (last.store === null || tookMs < SLOW_MS) continue;
      const facts = { store: last.store, took_ms: tookMs };
      this.telemetry.emit({ name: 'closing.slow', level: 'warning', facts });
    }
    if (failures.length > 0) throw failures[0];
  }
}
