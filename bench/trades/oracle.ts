/**
 * The oracle of the trades benchmarks: bars made from the file alone, in SQL, beside those that a run has made. They
 * must be equal in every column, and no tick may be missing or there twice.
 */

import { resolve } from 'node:path';
import type { Warehouse } from '../../core/ports/warehouse.ts';

const COLUMNS =
  'source String, market String, instrument_id String, ts String, price Nullable(Decimal(18, 8)), volume Nullable(Decimal(18, 8)), sequence UInt64';
const ZONES =
  "transform(market, ['ERCOT', 'MISO', 'CAISO'], ['America/Chicago', 'Etc/GMT+5', 'America/Los_Angeles'], 'America/New_York')";
const DAYS = ['America/Chicago', 'Etc/GMT+5', 'America/Los_Angeles', 'America/New_York'];
const dayStart = `multiIf(${DAYS.slice(0, -1)
  .map((zone) => `zone = '${zone}', toDateTime64(toStartOfDay(ts, '${zone}'), 6, 'UTC')`)
  .join(', ')}, toDateTime64(toStartOfDay(ts, 'America/New_York'), 6, 'UTC'))`;

/** Bars as the store serves them: the newest row of each window that says anything. */
export const STORED_BARS = `SELECT instrument_id, toString(interval) AS interval, interval_start AS w, open_price AS o, high_price AS h, low_price AS l, close_price AS c,
  volume AS v, notional AS pv, trade_count AS n FROM bars FINAL WHERE status NOT IN ('retracted', 'empty') ORDER BY known_at DESC LIMIT 1 BY instrument_id, interval, interval_start`;

/** What differs between a run and its oracle. */
export interface GateReport {
  readonly expected_ticks: number;
  /** Null for a job that stores none. */
  readonly stored_ticks: number | null;
  /** Ticks that are there twice. */
  readonly repeated_ticks: number;
  readonly expected_bars: number;
  readonly missing_bars: number;
  readonly wrong_bars: number;
}

/** Whether nothing differs. */
export function isExact(report: GateReport): boolean {
  const { expected_ticks, stored_ticks, repeated_ticks, missing_bars, wrong_bars } = report;
  return (
    (stored_ticks ?? expected_ticks) === expected_ticks && repeated_ticks + missing_bars + wrong_bars === 0
  );
}

const bar = (
  name: string,
  start: string,
): string => `SELECT instrument_id, '${name}' AS interval, ${start} AS w,
  argMin(assumeNotNull(t.price), (ts, sequence)) AS o, max(assumeNotNull(t.price)) AS h, min(assumeNotNull(t.price)) AS l, argMax(assumeNotNull(t.price), (ts, sequence)) AS c,
  sum(toDecimal128(ifNull(t.volume, 0), 8)) AS v, sum(toDecimal128(assumeNotNull(t.price), 8) * toDecimal128(ifNull(t.volume, 0), 8)) AS pv, count() AS n
FROM expected_ticks AS t WHERE t.price IS NOT NULL GROUP BY instrument_id, w`;
const expected = [
  bar('1m', "toDateTime64(toStartOfMinute(ts), 6, 'UTC')"),
  bar('5m', "toDateTime64(toStartOfFiveMinutes(ts), 6, 'UTC')"),
  bar('1h', "toDateTime64(toStartOfHour(ts), 6, 'UTC')"),
  bar('1d', dayStart),
].join(' UNION ALL ');
const text = (from: string): string =>
  `SELECT toString(instrument_id) AS i, toString(interval) AS k, toString(w) AS w, toString(o) AS o, toString(h) AS h, toString(l) AS l, toString(c) AS c, toString(v) AS v, toString(pv) AS pv, toUInt64(n) AS n FROM (${from})`;

/**
 * Compares the bars of a statement with those of the file, in the engine that has both. `withTicks`: silver ticks are
 * compared in number too.
 */
export async function compareBars(
  warehouse: Warehouse,
  file: string,
  bars: string,
  withTicks = true,
): Promise<GateReport> {
  const count = async (sql: string): Promise<number> => Number((await warehouse.queryRows(sql, {}))[0]['n']);
  await warehouse.execute('DROP TABLE IF EXISTS expected_ticks');
  await warehouse.execute(`CREATE TABLE expected_ticks ENGINE = MergeTree ORDER BY (instrument_id, ts, sequence) AS
SELECT market, instrument_id, parseDateTime64BestEffort(ts, 6, 'UTC') AS ts, sequence, any(price) AS price, any(volume) AS volume, ${ZONES} AS zone
FROM file('${resolve(file)}', JSONEachRow, '${COLUMNS}') GROUP BY source, market, instrument_id, ts, sequence
SETTINGS input_format_skip_unknown_fields = 1`);
  const report = {
    expected_ticks: await count('SELECT count() AS n FROM expected_ticks'),
    stored_ticks: withTicks ? await count('SELECT count() AS n FROM silver_ticks') : null,
    repeated_ticks: withTicks
      ? await count('SELECT count() - uniqExact(event_id) AS n FROM silver_ticks')
      : 0,
    expected_bars: await count(`SELECT count() AS n FROM (${expected})`),
    missing_bars: await count(`SELECT count() AS n FROM (${text(expected)} EXCEPT ${text(bars)})`),
    wrong_bars: await count(`SELECT count() AS n FROM (${text(bars)} EXCEPT ${text(expected)})`),
  };
  await warehouse.execute('DROP TABLE expected_ticks');
  return report;
}
