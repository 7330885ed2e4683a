/** The work at hand of a worker: done again while a store is away, and watched, so that others see whether it goes on. */

import { CarbonError } from '../../core/errors.ts';
import type { Stores } from '../stores/open-stores.ts';

/** Pauses between attempts while a store does not answer, in milliseconds. */
const RETRY_MS = [100, 250, 500, 1000, 2000, 5000];
/** How long work at hand may go on after it was told to stop; whoever looks after the process waits for twice as long. */
const LEAVE_MS = 15_000;

/** How a worker is getting on. */
export interface Pulse {
  /** How long the oldest piece of work at hand has been under way, in milliseconds; 0 when there is none. */
  readonly busyMs: number;
  /** Code of what a piece of work waits for while a store does not answer; null when none does. */
  readonly waitingFor: string | null;
  /** What the store, or its driver, said; null when nothing is waited for. */
  readonly reason: string | null;
}

/** A piece of work at hand: since when, in micros, and what it waits for. */
interface Piece {
  since: number;
  waitingFor: CarbonError | null;
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
    let waitingFor: CarbonError | null = null;
    for (const piece of this.pieces) {
      busyMs = Math.max(busyMs, (now - piece.since) / 1000);
      waitingFor ??= piece.waitingFor;
    }
    return { busyMs, waitingFor: waitingFor?.code ?? null, reason: waitingFor?.message ?? null };
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
          piece.waitingFor = error;
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

  /**
   * Waits for all the work of a worker, and for {@link LEAVE_MS} at the most once the signal has aborted: a store that
   * neither answers nor fails would hold it up for as long as its driver has patience. Throws STORE_UNREACHABLE then. What
   * is left behind ends with the connections of the stores; its plan stays open.
   */
  async untilLeft(work: Promise<void>, signal: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = Promise.withResolvers<never>();
    const leave = (): void => {
      const message = `the work at hand does not end within ${LEAVE_MS / 1000} s`;
      timer = setTimeout(() => late.reject(new CarbonError('STORE_UNREACHABLE', message)), LEAVE_MS);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave);
    try {
      await Promise.race([work, late.promise]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    }
  }
}
