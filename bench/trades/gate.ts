/**
 * The gate in front of every timing: bars made from the file alone, in SQL, and the bars that the pipeline stored must
 * be equal in every column, and no tick may be missing or there twice. `gate.ts FILE DIR` after a run into DIR; prints
 * one JSON line and ends with 1 when anything differs.
 */

import { join, resolve } from 'node:path';
import { openChdb } from '../../drivers/chdb/warehouse.ts';

const [file, dir] = process.argv.slice(2);
const COLUMNS =
  'source String, market String, instrument_id String, ts String, price Nullable(Decimal(18, 8)), volume Nullable(Decimal(18, 8)), sequence UInt64';
const ZONES =
  "transform(market, ['ERCOT', 'MISO', 'CAISO'], ['America/Chicago', 'Etc/GMT+5', 'America/Los_Angeles'], 'America/New_York')";
const DAYS = ['America/Chicago', 'Etc/GMT+5', 'America/Los_Angeles', 'America/New_York'];
const dayStart = `multiIf(${DAYS.slice(0, -1)
  .map((zone) => `zone = '${zone}', toDateTime64(toStartOfDay(ts, '${zone}'), 6, 'UTC')`)
  .join(', ')}, toDateTime64(toStartOfDay(ts, 'America/New_York'), 6, 'UTC'))`;

const warehouse = await openChdb(join(resolve(dir), 'warehouse'));
const one = async (sql: string): Promise<Record<string, unknown>> => (await warehouse.queryRows(sql, {}))[0];

await warehouse.execute('DROP TABLE IF EXISTS expected_ticks');
await warehouse.execute(`CREATE TABLE expected_ticks ENGINE = MergeTree ORDER BY (instrument_id, ts, sequence) AS
SELECT market, instrument_id, parseDateTime64BestEffort(ts, 6, 'UTC') AS ts, sequence, any(price) AS price, any(volume) AS volume, ${ZONES} AS zone
FROM file('${resolve(file)}', JSONEachRow, '${COLUMNS}') GROUP BY source, market, instrument_id, ts, sequence
SETTINGS input_format_skip_unknown_fields = 1`);
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
const stored = `SELECT instrument_id, toString(interval) AS interval, interval_start AS w, open_price AS o, high_price AS h, low_price AS l, close_price AS c,
  volume AS v, notional AS pv, trade_count AS n FROM bars FINAL WHERE status NOT IN ('retracted', 'empty') ORDER BY known_at DESC LIMIT 1 BY instrument_id, interval, interval_start`;
const text = (from: string): string =>
  `SELECT toString(instrument_id) AS i, toString(interval) AS k, toString(w) AS w, toString(o) AS o, toString(h) AS h, toString(l) AS l, toString(c) AS c, toString(v) AS v, toString(pv) AS pv, toUInt64(n) AS n FROM (${from})`;

const report = {
  expected_ticks: Number((await one('SELECT count() AS n FROM expected_ticks')).n),
  stored_ticks: Number((await one('SELECT count() AS n FROM silver_ticks')).n),
  expected_bars: Number((await one(`SELECT count() AS n FROM (${expected})`)).n),
  missing_bars: Number((await one(`SELECT count() AS n FROM (${text(expected)} EXCEPT ${text(stored)})`)).n),
  wrong_bars: Number((await one(`SELECT count() AS n FROM (${text(stored)} EXCEPT ${text(expected)})`)).n),
};
console.log(JSON.stringify(report));
await warehouse.close();
const isExact =
  report.expected_ticks === report.stored_ticks && report.missing_bars === 0 && report.wrong_bars === 0;
process.exit(isExact ? 0 : 1);
