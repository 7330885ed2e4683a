/** The work at hand of a worker: done again while a store is away, and watched, so that others see whether it goes on. */

import { CarbonError } from '../../core/errors.ts';
import type { Stores } from '../stores/open-stores.ts';

/** Pauses between attempts while a store does not answer, in milliseconds. */
const RETRY_MS = [100, 250, 500, 1000, 2000, 5000];

/** How a worker is getting on. */
export interface Pulse {
  /** How long the oldest piece of work at hand has been under way, in milliseconds; 0 when there is none. */
  readonly busyMs: number;
  /** Code of what a piece of work waits for while a store does not answer; null when none does. */
  readonly waitingFor: string | null;
}

/** A piece of work at hand: since when, in micros, and what it waits for. */
interface Piece {
  since: number;
  waitingFor: string | null;
}

/** All pieces of work that one worker has under way. */
export class WorkAtHand {
  private readonly stores: Pick<Stores, 'clock' | 'telemetry'>;
  private readonly pieces = new Set<Piece>();

  constructor(stores: Pick<Stores, 'clock' | 'telemetry'>) {
    this.stores = stores;
  }

  /** How the work at hand is getting on: for whoever asks whether it goes on at all. */
  pulse(): Pulse {
    const now = this.stores.clock.now();
    let busyMs = 0;
    let waitingFor: string | null = null;
    for (const piece of this.pieces) {
      busyMs = Math.max(busyMs, (now - piece.since) / 1000);
      waitingFor ??= piece.waitingFor;
    }
    return { busyMs, waitingFor };
  }

  /** Repeats what fails for want of a store, for as long as it takes; everything else is the caller's to hear of. */
  async persist<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T | false> {
    const { clock, telemetry } = this.stores;
    const piece: Piece = { since: clock.now(), waitingFor: null };
    this.pieces.add(piece);
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          piece.since = clock.now();
          return await work();
        } catch (error) {
          if (!(error instanceof CarbonError) || error.remedy !== 'retry' || signal?.aborted === true)
            throw error;
          piece.waitingFor = error.code;
          telemetry.emit({
            name: 'work.delayed',
            level: 'warning',
            facts: { code: error.code, error: error.message, attempt },
          });
          await clock.sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)], signal);
        }
      }
    } finally {
      this.pieces.delete(piece);
    }
  }
}
