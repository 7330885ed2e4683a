/**
 * Bars recomputed in SQL, straight from `silver_ticks`: shares no code and no table with aggregation, so that agreement
 * means something. Every window is answered as of every known time at which one of its ticks became known.
 */

import type { Row, Warehouse } from '../../core/ports/warehouse.ts';

/** Bits that a bar takes over from its ticks: negative, out of range, spike, late, rounded. */
const BAR_FLAGS = 1 + 2 + 4 + 8 + 32;

const LENGTHS: Readonly<Record<string, string>> = {
  '1m': 'INTERVAL 1 MINUTE',
  '5m': 'INTERVAL 5 MINUTE',
  '1h': 'INTERVAL 1 HOUR',
};

/** Columns that must be equal between a bar row and its recompute. */
export const COMPARED = [
  'interval_end',
  'open_price',
  'high_price',
  'low_price',
  'close_price',
  'volume',
  'notional',
  'price_seconds',
  'seconds',
  'trade_count',
  'open_time',
  'open_seq',
  'open_id',
  'close_time',
  'close_seq',
  'close_id',
  'flags',
] as const;

/** What identifies a window in a row of either side. */
export const windowKey = (row: Row): string =>
  [row['tenant_id'], row['instrument_id'], row['interval'], row['interval_start']].join('|');

function perInterval(intervals: readonly string[], day: string, fixed: (length: string) => string): string {
  const cases = intervals
    .filter((name) => name !== '1d')
    .map((name) => `width = '${name}', ${fixed(LENGTHS[name])}`);
  return `multiIf(${[...cases, day].join(', ')})`;
}

/** Clocks by which days are cut; the market is that of the tick. MISO keeps EST all year. */
const DAY_ZONES: Readonly<Record<string, string>> = {
  MISO: 'Etc/GMT+5',
  CAISO: 'America/Los_Angeles',
};

/** An expression of a zone, for the zone of each tick's market. */
function perMarket(inZone: (zone: string) => string): string {
  const cases = Object.entries(DAY_ZONES).map(([market, zone]) => `market = '${market}', ${inZone(zone)}`);
  return `multiIf(${[...cases, inZone('America/New_York')].join(', ')})`;
}

/**
 * One row per window and moment (column `as_of`), windows without a value included (`trade_count` 0). Days are those
 * of CAISO and MISO for their ticks, of New York for all others. A version that says what the one known just before it
 * said is none (silver holds it where it arrived first), and so a value that stands twice in silver counts once: lost and
 * doubled rows are told apart elsewhere.
 */
export function barOracleSql(intervals: readonly string[]): string {
  const list = intervals.map((name) => `'${name}'`).join(', ');
  const start = perInterval(
    intervals,
    perMarket((zone) => `toDateTime64(toStartOfDay(ts, '${zone}'), 6, 'UTC')`),
    (length) => `toDateTime64(toStartOfInterval(ts, ${length}, 'UTC'), 6, 'UTC')`,
  );
  const end = perInterval(
    intervals,
    perMarket((zone) => `toDateTime64(addDays(toStartOfDay(ts, '${zone}'), 1), 6, 'UTC')`),
    (length) => `toDateTime64(toStartOfInterval(ts, ${length}, 'UTC') + ${length}, 6, 'UTC')`,
  );
  const fits = perInterval(intervals, '1', (length) => `ts_end <= ts + ${length}`);
  return `
WITH
told AS (
  SELECT *, toUInt128(event_id) AS number,
    if(price IS NULL OR bitTest(flags, 7), 'absent', concat(ifNull(toString(price), ''), '/',
      ifNull(toString(volume), ''), '/', ifNull(toString(bid), ''), '/', ifNull(toString(ask), ''))) AS said
  FROM silver_ticks
),
news AS (
  SELECT *, said = lagInFrame(said) OVER (
      PARTITION BY tenant_id, instrument_id, source_id, dataset, ts, trade_id, if(trade_id = '', has_seq, 0),
        if(trade_id = '', seq, 0)
      ORDER BY known_at, number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS is_repeat
  FROM told
),
spread AS (
  SELECT tenant_id, instrument_id, source_id, dataset, ts, ts_end, known_at, price, volume, flags, seq, has_seq,
    trade_id, event_id, number, is_repeat, arrayJoin([${list}]) AS width,
    ${start} AS start, ${end} AS finish
  FROM news
  WHERE ${fits}
),
moments AS (SELECT DISTINCT tenant_id, instrument_id, width, start, known_at AS as_of FROM spread),
versions AS (
  SELECT m.tenant_id AS tenant_id, m.instrument_id AS instrument_id, m.width AS width, m.start AS start,
    m.as_of AS as_of, s.finish AS finish, s.ts AS ts, s.seq AS seq, s.event_id AS event_id, s.number AS number,
    s.flags AS flags, assumeNotNull(s.price) AS price, toDecimal128(ifNull(s.volume, 0), 8) AS size,
    intDiv(toUnixTimestamp64Micro(s.ts_end) - toUnixTimestamp64Micro(s.ts), 1000000) AS held,
    s.price IS NULL OR bitTest(s.flags, 7) AS is_absent,
    row_number() OVER (
      PARTITION BY m.tenant_id, m.instrument_id, m.width, m.start, m.as_of, s.source_id, s.dataset, s.ts, s.trade_id,
        if(s.trade_id = '', s.has_seq, 0), if(s.trade_id = '', s.seq, 0)
      ORDER BY s.known_at DESC, s.number DESC
    ) = 1 AND NOT is_absent AS counts
  FROM moments AS m INNER JOIN spread AS s
    ON m.tenant_id = s.tenant_id AND m.instrument_id = s.instrument_id AND m.width = s.width AND m.start = s.start
  WHERE s.known_at <= m.as_of AND NOT s.is_repeat
)
SELECT tenant_id, instrument_id, width AS interval, start AS interval_start, any(finish) AS interval_end, as_of,
  argMinIf(price, (ts, seq, number), counts) AS open_price,
  maxIf(price, counts) AS high_price,
  minIf(price, counts) AS low_price,
  argMaxIf(price, (ts, seq, number), counts) AS close_price,
  sumIf(size, counts) AS volume,
  sumIf(toDecimal128(price, 8) * size, counts) AS notional,
  sumIf(toDecimal128(price, 8) * held, counts) AS price_seconds,
  toFloat64(sumIf(held, counts)) AS seconds,
  countIf(counts) AS trade_count,
  argMinIf(ts, (ts, seq, number), counts) AS open_time,
  argMinIf(seq, (ts, seq, number), counts) AS open_seq,
  argMinIf(event_id, (ts, seq, number), counts) AS open_id,
  argMaxIf(ts, (ts, seq, number), counts) AS close_time,
  argMaxIf(seq, (ts, seq, number), counts) AS close_seq,
  argMaxIf(event_id, (ts, seq, number), counts) AS close_id,
  toUInt32(groupBitOrIf(bitAnd(flags, ${BAR_FLAGS}), counts)) AS flags
FROM versions
GROUP BY tenant_id, instrument_id, width, start, as_of
ORDER BY tenant_id, instrument_id, interval, interval_start, as_of`;
}

/** The recompute over a warehouse. */
export function recomputeBars(warehouse: Warehouse, intervals: readonly string[]): Promise<Row[]> {
  return warehouse.queryRows(barOracleSql(intervals));
}

/** Served values recomputed: per instrument the greatest (time, known time, sequence, id) that is not withdrawn. */
export function recomputeServed(warehouse: Warehouse): Promise<Row[]> {
  return warehouse.queryRows(`
WITH current AS (
  SELECT tenant_id, instrument_id, argMax(tuple(ts, ts_end, known_at, price, volume, event_id, flags, seq),
    (known_at, toUInt128(event_id))) AS newest
  FROM silver_ticks
  GROUP BY tenant_id, instrument_id, source_id, dataset, ts, trade_id, if(trade_id = '', has_seq, 0),
    if(trade_id = '', seq, 0)
)
SELECT tenant_id, instrument_id,
  argMax(newest, (newest.1, newest.3, newest.8, toUInt128(newest.6))) AS best, best.1 AS ts, best.2 AS ts_end,
  best.3 AS known_at, best.4 AS price, best.5 AS volume, best.6 AS event_id, best.7 AS flags
FROM current
WHERE NOT bitTest(newest.7, 7)
GROUP BY tenant_id, instrument_id
ORDER BY instrument_id`);
}
