/** Trades of gas contracts as their producers write them, onto the raw topic of MISO: for curves from end to end. */

import { publishJson } from '../../app/ingest/publish-json.ts';
import type { Stores } from '../../app/stores/open-stores.ts';
import { formatInstant, instantFromCivil, type Micros, SECOND } from '../../core/time/instant.ts';

/** Noon in New York on 10 November 2026. */
export const NOON: Micros = instantFromCivil(2026, 11, 10, 17);

/** One statement about a trade, times in seconds after noon. */
export interface TradeTold {
  readonly contract: string;
  readonly id: string;
  readonly at: number;
  /** When it became known; the same as `at` when left out. */
  readonly known?: number;
  /** Null takes the trade back. */
  readonly price: number | null;
}

/** Publishes them in their order. */
export function tell(stores: Stores, trades: readonly TradeTold[]): Promise<void> {
  return publishJson(
    stores,
    'MISO',
    trades.map(({ contract, id, at, known = at, price }) => {
      const knownAt = NOON + known * SECOND;
      const event = {
        source: 'test',
        market: 'MISO',
        instrument_id: contract,
        ts: formatInstant(NOON + at * SECOND),
        trade_id: id,
        occurred_at: formatInstant(knownAt),
        ...(price === null ? { price: null, cancels: true } : { price, volume: 1 }),
      };
      return { json: JSON.stringify(event), place: contract, at: knownAt };
    }),
  );
}

/** A strip that agrees, then withdrawals, a correction, a late one, and a quarter that contradicts its months. */
export const TRADES: readonly TradeTold[] = [
  { contract: 'NG_HH_2026-12', id: 'a', at: 1, price: 3.1 },
  { contract: 'NG_HH_2027-01', id: 'b', at: 2, price: 3.4 },
  { contract: 'NG_HH_Q1-2027', id: 'c', at: 3, price: 3.3 },
  { contract: 'NG_HH_2027-06', id: 'x', at: 6, price: 3 },
  // Taken back before the statement of its time is the last word: its delivery must not stay behind.
  { contract: 'NG_HH_2027-06', id: 'x', at: 6, known: 7, price: null },
  { contract: 'NG_HH_BALMO', id: 'd', at: 4, price: 2.9 },
  { contract: 'NG_HH_2026-12', id: 'e', at: 20, price: 3.2 },
  { contract: 'NG_HH_2026-12', id: 'e', at: 20, known: 41, price: 3.15 },
  { contract: 'NG_HH_2026-12', id: 'e', at: 20, known: 61, price: null },
  { contract: 'NG_HH_2027-01', id: 'f', at: 15, known: 81, price: 3.5 },
  { contract: 'NG_HH_2027-02', id: 'g', at: 90, price: 3.3 },
  { contract: 'NG_HH_2027-03', id: 'h', at: 91, price: 3.0 },
];
