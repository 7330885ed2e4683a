/**
 * Made-up trades in the nested JSON form of raw events (docs/datasets.md, "Generic trades"): an `envelope` beside a
 * `payload` with `raw_data`. For trying the streaming door; no market publishes this.
 */

import { civilFromDays, DAY, formatInstant, HOUR, MINUTE, type Micros } from '../core/time/instant.ts';
import { draw, drawIndex, drawSigned, wordOf } from './draw.ts';

/** What to make. The same plan gives the same events, byte for byte. */
export interface TradePlan {
  readonly seed: number;
  /** `MISO`. */
  readonly market: string;
  readonly tenant: string;
  /** Events in all, those of the shares below included. */
  readonly count: number;
  /** Time of the first trade and from one to the next, UTC micros. A spacing of at least 1 keeps them apart. */
  readonly start: Micros;
  readonly spacing: Micros;
  /** Share of events that repeat the one before, byte for byte. */
  readonly duplicates?: number;
  /** Share of trades that are told two hours after they happened. */
  readonly late?: number;
  /** Share of events that no reader can take. */
  readonly invalid?: number;
}

/** One event. */
export interface TradeEvent {
  /** One line without its end. */
  readonly json: string;
  readonly instrument: string;
  /** When it became known, UTC micros: the envelope's timestamp. */
  readonly knownAt: Micros;
  readonly kind: 'good' | 'duplicate' | 'late' | 'invalid';
}

interface Contract {
  readonly id: string;
  readonly level: number;
  readonly decimals: number;
  /** Usual size of a trade. */
  readonly lot: number;
  /** The contract whose ups and downs it shares; its own when left out. */
  readonly follows?: string;
}

/** Every second event is of the first one, and every fourth of the months, quarter and year that follow it. */
const CONTRACTS: readonly Contract[] = [
  { id: 'NG_HH_BALMO', level: 3.2, decimals: 3, lot: 2500 },
  { id: 'NG_CHI_BALMO', level: 3.05, decimals: 3, lot: 2500 },
  { id: 'PWR_PEAK_BALMO', level: 47, decimals: 2, lot: 50 },
  { id: 'PWR_OFFPEAK_BALMO', level: 29, decimals: 2, lot: 50 },
];

/** The market whose trades are named without it, as the documents have them. */
const UNPREFIXED = 'MISO';

/**
 * Names of the contracts of a market that trade at a time, that of the greatest share first: `NG_HH_BALMO` for MISO,
 * `CAISO.NG_HH_BALMO` for another, since an instrument belongs to one market (docs/semantics.md).
 */
export function tradeInstruments(market: string, at: Micros): string[] {
  return [...CONTRACTS, ...stripAt(at)].map(({ id }) => idOf(market, id));
}

const idOf = (market: string, contract: string): string =>
  market === UNPREFIXED ? contract : `${market}.${contract}`;

/** The events of a plan, in order of their known time. */
export function* tradeEvents(plan: TradePlan): Generator<TradeEvent> {
  const { duplicates = 0, late = 0, invalid = 0 } = plan;
  let last: TradeEvent | null = null;
  for (let k = 0; k < plan.count; k++) {
    const share = draw(plan.seed, wordOf('kind'), k);
    if (last !== null && share < duplicates) {
      yield { ...last, kind: 'duplicate' };
      continue;
    }
    const kind =
      share < duplicates
        ? 'good'
        : share < duplicates + late
          ? 'late'
          : share < duplicates + late + invalid
            ? 'invalid'
            : 'good';
    last = eventOf(plan, k, kind);
    yield last;
  }
}

function eventOf(plan: TradePlan, k: number, kind: 'good' | 'late' | 'invalid'): TradeEvent {
  const { seed, market } = plan;
  const told = plan.start + k * plan.spacing;
  const at = kind === 'late' ? told - 2 * HOUR : told;
  const contract = contractOf(seed, at, k);
  const price = priceAt(plan, contract, at) + 0.002 * contract.level * drawSigned(seed, wordOf('tick'), k);
  const half = contract.level * 0.001 * (1 + draw(seed, wordOf('spread'), k));
  const number = (value: number): number => Number(value.toFixed(contract.decimals));
  const instrument = idOf(market, contract.id);
  const event = {
    envelope: {
      event_type: 'ingestion.market.raw.v1',
      event_id: uuidOf(seed, market, k),
      timestamp: formatInstant(told),
      tenant_id: plan.tenant,
      source: `ingestion.${market.toLowerCase()}`,
      version: '1.0',
    },
    payload: {
      market,
      instrument_id: instrument,
      raw_data: {
        timestamp: formatInstant(at),
        price: number(price),
        volume: contract.lot * (1 + drawIndex(20, seed, wordOf('volume'), k)),
        bid: number(price - half),
        ask: number(price + half),
      },
    },
  };
  const json =
    kind === 'invalid' ? spoiltJson(event, drawIndex(4, seed, wordOf('spoil'), k)) : JSON.stringify(event);
  return { json, instrument, knownAt: told, kind };
}

function contractOf(seed: number, at: Micros, k: number): Contract {
  if (k % 2 === 0) return CONTRACTS[0];
  const strip = k % 4 === 1 ? stripAt(at) : CONTRACTS.slice(1);
  return strip[drawIndex(strip.length, seed, wordOf('contract'), k)];
}

/** Gas of the two months after a time, of the quarter that the third one is in, and of the year after. */
function stripAt(at: Micros): Contract[] {
  const [year, month] = civilFromDays(Math.floor(at / DAY));
  // Months counted from year 0.
  const now = 12 * year + month - 1;
  const quarter = 3 * Math.floor((now + 3) / 3);
  const [front] = CONTRACTS;
  const contract = (tenor: string, first: number, months: number): Contract => ({
    ...front,
    id: `NG_HH_${tenor}`,
    level: meanLevel(first, months),
    follows: front.id,
  });
  return [
    ...[now + 1, now + 2].map((m) => contract(monthNamed(m), m, 1)),
    contract(`Q${(quarter % 12) / 3 + 1}-${Math.floor(quarter / 12)}`, quarter, 3),
    contract(`CAL-${year + 1}`, 12 * (year + 1), 12),
  ];
}

function monthNamed(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}

/** Gas is dear in January and cheap in July. */
function meanLevel(first: number, months: number): number {
  let sum = 0;
  for (let m = first; m < first + months; m++) sum += 3.2 + 0.4 * Math.cos((Math.PI * (m % 12)) / 6);
  return sum / months;
}

type Event = { envelope: object; payload: { raw_data: object } & Record<string, unknown> };

/** A price that is no number, no instrument, a time that is none, or a line that ends too early. */
function spoiltJson(event: Event, how: number): string {
  const { payload } = event;
  const withData = (change: object): string =>
    JSON.stringify({ ...event, payload: { ...payload, raw_data: { ...payload.raw_data, ...change } } });
  if (how === 0) return withData({ price: 'n/a' });
  if (how === 1) return withData({ timestamp: 'yesterday' });
  if (how === 2) return JSON.stringify({ ...event, payload: { ...payload, instrument_id: '' } });
  return JSON.stringify(event).slice(0, -40);
}

/** A level that drifts by a few percent over hours. */
function priceAt(plan: TradePlan, contract: Contract, at: Micros): number {
  const word = wordOf(`${plan.market}/${contract.follows ?? contract.id}`);
  const drift = (every: Micros, purpose: number): number => {
    const slot = Math.floor(at / every);
    const left = drawSigned(plan.seed, word, purpose, slot);
    const right = drawSigned(plan.seed, word, purpose, slot + 1);
    return left + (right - left) * (at / every - slot);
  };
  return contract.level * (1 + 0.04 * drift(6 * HOUR, 1) + 0.01 * drift(10 * MINUTE, 2));
}

/** A UUID of version 8 (RFC 9562) that the event's number decides. */
function uuidOf(seed: number, market: string, k: number): string {
  const word = (n: number): string =>
    drawIndex(4_294_967_296, seed, wordOf(`${market}/id`), k, n)
      .toString(16)
      .padStart(8, '0');
  const hex = word(0) + word(1) + word(2) + word(3);
  const variant = '89ab'[drawIndex(4, seed, k, 4)];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
