/** Made-up market data as record batches of a raw topic: what a runner would read, plan by plan. */

import { assignBaseOffset } from '../core/codec/kafka/record-batch.ts';
import { encodeRawRows } from '../core/codec/topics/raw.ts';
import { rawTopic } from '../core/codec/topics/topic-names.ts';
import type { RawRow } from '../core/model/raw-row.ts';
import type { LogSlice } from '../core/ports/event-log.ts';
import { HOUR, instantFromCivil, MINUTE, type Micros, SECOND } from '../core/time/instant.ts';
import { marketDayBounds } from '../core/time/market-day.ts';

/** One kind of data, cut into plans. */
export interface Load {
  readonly name: string;
  /** Number of plans. */
  readonly plans: number;
  /** The records of one plan; plans are made in order, each once. */
  slice(plan: number): LogSlice;
}

const MARKET = 'NYISO';
const TOPIC = rawTopic(MARKET);
const FIRST_DAY = instantFromCivil(2025, 6, 2) / (24 * HOUR);

/** A repeatable sequence of whole numbers below `limit`. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
}

/** Hands out the rows of plan after plan as record batches at rising offsets. */
function slices(
  rowsOf: (plan: number) => RawRow[],
  knownAt: (plan: number) => Micros,
): (plan: number) => LogSlice {
  let offset = 0;
  return (plan) => {
    const rows = rowsOf(plan);
    const context = {
      tenant: 'default',
      source: 'nyiso',
      traceId: plan.toString(16).padStart(32, '0'),
      archiveSha256: plan.toString(16).padStart(64, '0'),
      archiveMember: null,
      archivedAt: knownAt(plan),
    };
    const [{ batch }] = encodeRawRows(rows, context, 1, 1, Infinity);
    assignBaseOffset(batch, offset);
    const from = offset;
    offset += rows.length;
    return { topic: TOPIC, partition: 0, from, to: offset, bytes: batch };
  };
}

const NODES = 250;
const FIELDS = ['lmp', 'congestion', 'loss'] as const;

/** Day-ahead prices: one day per plan, 250 nodes, 24 hours, three values in a row. At least `values` values. */
export function dayAheadLoad(values: number): Load {
  const next = numbers(1);
  const boundsOf = (plan: number) => marketDayBounds('America/New_York', FIRST_DAY + plan);
  const rowsOf = (plan: number): RawRow[] => {
    const { start } = boundsOf(plan);
    return Array.from({ length: NODES * 24 }, (_, k): RawRow => {
      const hour = start + Math.floor(k / NODES) * HOUR;
      return {
        market: MARKET,
        dataset: 'da_lmp',
        location: `NODE_${k % NODES}`,
        series: null,
        sourceTime: `hour ${Math.floor(k / NODES)}`,
        intervalStart: hour,
        intervalEnd: hour + HOUR,
        timeRule: 'eastern-hour-beginning',
        values: FIELDS.map((field) => ({
          field,
          value: (next(20_000) / 100 - 20).toFixed(2),
          unit: 'USD/MWh',
        })),
        sequence: null,
        tradeId: null,
        cancels: false,
        publishedAt: null,
        row: k + 1,
      };
    });
  };
  return {
    name: 'day-ahead prices',
    plans: Math.ceil(values / (NODES * 24 * FIELDS.length)),
    slice: slices(rowsOf, (plan) => boundsOf(plan).start - 13 * HOUR),
  };
}

const CONTRACTS = 40;
const TRADES = 18_000;
/** One plan holds the trades of half an hour: ten a second. */
const TRADES_SPAN = 30 * MINUTE;

/** Trades in order of time: 40 contracts, price and volume, 10 a second. At least `values` trades. */
export function tradeLoad(values: number): Load {
  const next = numbers(2);
  const start = marketDayBounds('America/New_York', FIRST_DAY).start + 8 * HOUR;
  const rowsOf = (plan: number): RawRow[] =>
    Array.from({ length: TRADES }, (_, k): RawRow => {
      const at = start + plan * TRADES_SPAN + Math.floor((k * TRADES_SPAN) / TRADES);
      return {
        market: MARKET,
        dataset: 'trade',
        location: null,
        series: `CONTRACT_${next(CONTRACTS)}`,
        sourceTime: `trade ${k}`,
        intervalStart: at,
        intervalEnd: at,
        timeRule: 'given',
        values: [
          { field: 'price', value: (next(10_000) / 100).toFixed(2), unit: 'USD/MWh' },
          { field: 'volume', value: String(1 + next(50)), unit: 'MW' },
        ],
        sequence: plan * TRADES + k,
        tradeId: null,
        cancels: false,
        publishedAt: at + SECOND,
        row: k + 1,
      };
    });
  return {
    name: 'trades',
    plans: Math.ceil(values / TRADES),
    slice: slices(rowsOf, (plan) => start + plan * TRADES_SPAN),
  };
}
