/**
 * Reading bars: the current revision, every revision, or what was known at a moment.
 *
 * As of a moment at which a window was still open there is no row: the bar is made from silver then, by the same
 * function that makes the rows (DESIGN 5b, "Bars").
 */

import { CarbonError } from '../../core/errors.ts';
import type { BarInterval } from '../../core/math/bar-interval.ts';
import { parseBarInterval, windowEnd, windowStart } from '../../core/math/bar-interval.ts';
import { divideHalfEven } from '../../core/math/exact-ratio.ts';
import { bigSumAt } from '../../core/math/exact-sum.ts';
import { BAR_STATUS_NAMES, BarBatch } from '../../core/model/bar-batch.ts';
import { formatDecimal, formatScaled } from '../../core/model/decimal.ts';
import { Flag, flagNames } from '../../core/model/quality-flags.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';
import type { Queries, Row, SqlParameters } from '../../core/ports/warehouse.ts';
import { askStores } from '../../core/store/answers.ts';
import { formatInstant, type Micros } from '../../core/time/instant.ts';
import { AggregateStage } from '../../services/aggregation/aggregate.stage.ts';
import { barAsKnown } from '../../services/aggregation/bar-history.ts';
import type { Stores } from '../stores/open-stores.ts';
import { limitTo, type Page } from './page.ts';
import { isoTime, microsOf, sqlTime } from './sql-time.ts';

export interface BarsFilter {
  readonly tenant: string;
  readonly instrument: string;
  readonly interval: string;
  /** Window starts, half-open. */
  readonly from: Micros;
  readonly to: Micros;
  /**
   * The bars after a window's start, and with `history` after its known time, both as printed; and not more than so
   * many. Absent or null for all.
   */
  readonly page?: Page | null;
}

/** The span of event times that the store holds. */
export const ALL_TIME = { from: 0, to: 4_102_444_800_000_000 } as const;

/** The columns of an answer, from the rows of a view that fit the filter. */
function selectFrom(view: string, page: Page | null, more = 0): string {
  const [start, known] = page?.after ?? [];
  const place = known === undefined ? 'interval_start' : '(interval_start, known_at)';
  const after = [start, known].filter((time) => time !== undefined).map((time) => instant(time));
  const goOn = after.length === 0 ? '' : ` AND ${place} > (${after.join(', ')})`;
  const limit = page?.limit ?? null;
  return `SELECT instrument_id, interval, ${isoTime('b.interval_start')} AS interval_start, ${isoTime('b.interval_end')} AS interval_end,
  toString(open_price) AS open, toString(high_price) AS high, toString(low_price) AS low, toString(close_price) AS close,
  toString(b.twap) AS twap, toString(b.vwap) AS vwap, toString(b.volume) AS volume, toString(b.trade_count) AS trade_count,
  toString(b.revision) AS revision, status, ${isoTime('b.known_at')} AS known_at,
  if(flags = 0, ['VALID'], arrayFilter((name, bit) -> bitTest(flags, bit), {flagNames:Array(String)}, range(length({flagNames:Array(String)})))) AS quality_flags
FROM (
  SELECT * FROM ${view}
  WHERE tenant_id = {tenant:String} AND instrument_id = {instrument:String} AND interval = {interval:String}
    AND interval_start >= fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND interval_start < fromUnixTimestamp64Micro({to:Int64}, 'UTC')${goOn}
) AS b ORDER BY b.interval_start, b.known_at${limitTo(limit === null ? null : limit + more)}`;
}

/** A printed time as the store takes it. */
function instant(text: string): string {
  return `fromUnixTimestamp64Micro(${microsOf(text)}, 'UTC')`;
}

/** The filter as parameters of a statement. */
function parametersOf({ tenant, instrument, interval, from, to }: BarsFilter): SqlParameters {
  return { tenant, instrument, interval, from, to, flagNames: Object.keys(Flag) };
}

/** Current bars, or with `history` every revision, in order of window and known time. */
export function readBars(warehouse: Queries, filter: BarsFilter, history: boolean): Promise<Row[]> {
  const view = history ? 'bars_history' : 'bars_current';
  return warehouse.queryRows(selectFrom(view, filter.page ?? null), parametersOf(filter));
}

/** Bars as known at a moment, in order of window. */
export async function readBarsAsOf(stores: Stores, filter: BarsFilter, asOf: Micros): Promise<Row[]> {
  const page = filter.page ?? null;
  const view = `bars_as_of(as_of = '${sqlTime(asOf)}')`;
  const stated = await stores.warehouse.queryRows(selectFrom(view, page, 1), parametersOf(filter));
  const [after] = page?.after ?? [];
  const last = page?.limit == null ? undefined : stated[page.limit];
  // Windows that were open are looked for as far as the page can reach: up to the first stated bar beyond it.
  const reach: BarsFilter = {
    ...filter,
    from: after === undefined ? filter.from : Math.max(filter.from, microsOf(after) + 1),
    to: last === undefined ? filter.to : microsOf(last['interval_start']),
  };
  const known = new Set(await statedWindows(stores.warehouse, reach, asOf));
  const open = await openWindows(stores, reach, asOf, known);
  const rows = [...stated, ...open].sort(
    (a, b) => microsOf(a['interval_start']) - microsOf(b['interval_start']),
  );
  return page?.limit == null ? rows : rows.slice(0, page.limit);
}

/** Windows about which something was stated by then, be it that they hold nothing. */
async function statedWindows(warehouse: Queries, filter: BarsFilter, asOf: Micros): Promise<Micros[]> {
  const rows = await warehouse.queryRows(
    `SELECT DISTINCT toString(toUnixTimestamp64Micro(interval_start)) AS start FROM bars FINAL
WHERE tenant_id = {tenant:String} AND instrument_id = {instrument:String} AND interval = {interval:String}
  AND interval_start >= fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND interval_start < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
  AND status NOT IN ('retracted', 'provisional') AND known_at <= fromUnixTimestamp64Micro({asOf:Int64}, 'UTC')`,
    { ...parametersOf(filter), asOf },
  );
  return rows.map((row) => Number(row['start']));
}

/** Bars of windows that were open then, from the ticks known by then. */
async function openWindows(
  stores: Stores,
  filter: BarsFilter,
  asOf: Micros,
  known: ReadonlySet<Micros>,
): Promise<Row[]> {
  const { interval, index, zone } = intervalOf(stores, filter.interval);
  const ticks = await ticksOf(stores, filter.tenant, filter.instrument, filter.from, filter.to);
  const rowsOf = new Map<Micros, number[]>();
  for (let i = 0; i < ticks.length; i++) {
    if (interval.length > 0 && ticks.eventEnd[i] - ticks.eventStart[i] > interval.length) continue;
    const start = windowStart(interval, zone(ticks, i), ticks.eventStart[i]);
    if (known.has(start) || start < filter.from) continue;
    const rows = rowsOf.get(start) ?? [];
    rows.push(i);
    rowsOf.set(start, rows);
  }
  const found: Row[] = [];
  for (const [start, rows] of rowsOf) {
    const out = new BarBatch(stores.names, 1);
    const end = windowEnd(interval, zone(ticks, rows[0]), start);
    const window = {
      tenant: ticks.tenant[rows[0]],
      instrument: ticks.instrument[rows[0]],
      interval: index,
      start,
      end,
      closesAt: end,
    };
    if (barAsKnown(window, ticks, rows, asOf, out)) found.push(barRow(out, 0, filter));
  }
  return found;
}

/** Stored ticks of one instrument whose event starts in the range. */
export async function ticksOf(
  stores: Stores,
  tenant: string,
  instrument: string,
  from: Micros,
  to: Micros,
): Promise<TickBatch> {
  const ask = askStores(stores.warehouse, null, stores.names, stores.settings.aggregation.intervals);
  const [answer] = await ask([
    { kind: 'ticks', table: 'silver_ticks', tenant, instruments: [instrument], from, to, before: null },
  ]);
  if (answer.kind !== 'ticks') throw new CarbonError('NOT_FOUND', 'no ticks');
  return answer.ticks;
}

/** An interval of the policy with its number, and the zone of a tick's 1d window. Throws USAGE_INVALID. */
export function intervalOf(
  stores: Stores,
  name: string,
): { interval: BarInterval; index: number; zone: (ticks: TickBatch, i: number) => string } {
  const { aggregation } = stores.settings;
  const index = aggregation.intervals.indexOf(name);
  const interval = parseBarInterval(name);
  if (index === -1 || interval === null)
    throw new CarbonError('USAGE_INVALID', `no bars of interval ${name}`, {
      position: { field: '--interval', expected: aggregation.intervals.join(', '), got: name },
    });
  const stage = new AggregateStage(aggregation, stores.names);
  return { interval, index, zone: (ticks, i) => stage.zoneOf(ticks.instrument[i]) };
}

function barRow(bars: BarBatch, j: number, filter: BarsFilter): Row {
  const seconds = bars.seconds[j];
  return {
    instrument_id: filter.instrument,
    interval: filter.interval,
    interval_start: formatInstant(bars.start[j]),
    interval_end: formatInstant(bars.end[j]),
    open: formatDecimal(bars.open, j),
    high: formatDecimal(bars.high, j),
    low: formatDecimal(bars.low, j),
    close: formatDecimal(bars.close, j),
    twap:
      seconds === 0 ? null : formatScaled(divideHalfEven(bigSumAt(bars.priceSeconds, j), BigInt(seconds)), 8),
    vwap: vwapOf(bars, j),
    volume: formatScaled(bigSumAt(bars.volume, j), 8),
    trade_count: String(bars.count[j]),
    revision: null,
    status: BAR_STATUS_NAMES[bars.status[j]],
    known_at: formatInstant(bars.knownAt[j]),
    quality_flags: flagNames(bars.flags[j]),
  };
}

function vwapOf(bars: BarBatch, j: number): string | null {
  const volume = bigSumAt(bars.volume, j);
  return volume === 0n ? null : formatScaled(divideHalfEven(bigSumAt(bars.notional, j), volume), 8);
}
