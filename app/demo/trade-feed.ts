/** A stream of made-up trades onto the raw topic, as a producer would write it: some told twice, late, or unreadable. */

import type { Micros } from '../../core/time/instant.ts';
import { HOUR, SECOND } from '../../core/time/instant.ts';
import { type TradeEvent, tradeEvents } from '../../simulators/trades.ts';
import { publishJson } from '../ingest/publish-json.ts';
import type { Stores } from '../stores/open-stores.ts';

/** Where the trades are made. */
const MARKET = 'MISO';
/** Trades that lie behind at the start, and the time between two of them. */
const BACKLOG: Micros = 2 * HOUR;
const SPACING: Micros = SECOND;
const PACE_MS = 1000;
/** Events of one go. */
const MOST = 5000;

/** The trades from two hours ago on, one a second. */
export class TradeFeed {
  private readonly stores: Stores;
  private readonly events: Iterator<TradeEvent>;
  private next: TradeEvent | null;
  private told = 0;

  constructor(stores: Stores, seed: number) {
    this.stores = stores;
    this.events = tradeEvents({
      seed,
      market: MARKET,
      tenant: stores.runtime.tenant,
      count: Number.MAX_SAFE_INTEGER,
      start: stores.clock.now() - BACKLOG,
      spacing: SPACING,
      duplicates: 0.01,
      late: 0.01,
      invalid: 0.002,
    });
    this.next = this.events.next().value;
  }

  /** Events published so far. */
  get published(): number {
    return this.told;
  }

  /** Publishes what has happened until now. Throws what the log throws. */
  async catchUp(): Promise<void> {
    for (;;) {
      const due = this.due();
      if (due.length === 0) return;
      const events = due.map(({ json, instrument, knownAt }) => ({ json, place: instrument, at: knownAt }));
      await publishJson(this.stores, MARKET, events);
      this.told += due.length;
    }
  }

  /** Goes on as time does, until the signal. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.catchUp();
      await this.stores.clock.sleep(PACE_MS, signal);
    }
  }

  private due(): TradeEvent[] {
    const now = this.stores.clock.now();
    const due: TradeEvent[] = [];
    while (this.next !== null && this.next.knownAt <= now && due.length < MOST) {
      due.push(this.next);
      const { done, value } = this.events.next();
      this.next = done === true ? null : value;
    }
    return due;
  }
}
