/**
 * The peer: ClickHouse's own route from the same bytes to the same bars, in the same engine that we embed. JSON lines
 * go through a null table and a view that validates them and drops duplicates within an insert, into ticks; four
 * cascading views keep bars of 1m, 5m, 1h and 1d with open and close by (time, sequence).
 *
 * `peer.ts FILE DIR` prints one JSON line. It has no log, no dead letters, no versions, no as-of answers, and a
 * duplicate that falls into another insert block is counted twice.
 */

import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { Session } from 'chdb';

const [file, dir] = process.argv.slice(2);
rmSync(dir, { recursive: true, force: true });
const session = new Session(dir);
const run = (sql: string) => session.queryAsync(sql, { format: 'JSONEachRow' });

const COLUMNS =
  "source LowCardinality(String), market LowCardinality(String), instrument_id String, ts DateTime64(3, 'UTC'), price Nullable(Float64), volume Nullable(Float64), unit LowCardinality(String), sequence UInt32, side LowCardinality(String)";
const ORDER = "Tuple(DateTime64(3, 'UTC'), UInt32)";
const BAR = `o AggregateFunction(argMin, Float64, ${ORDER}), h SimpleAggregateFunction(max, Float64), l SimpleAggregateFunction(min, Float64), c AggregateFunction(argMax, Float64, ${ORDER}), v SimpleAggregateFunction(sum, Float64), pv SimpleAggregateFunction(sum, Float64), n SimpleAggregateFunction(sum, UInt64)`;
const CASCADE = [
  ['1m', '5m', 'toStartOfFiveMinutes'],
  ['5m', '1h', 'toStartOfHour'],
  ['1h', '1d', 'toStartOfDay'],
] as const;

const DDL = [
  'CREATE DATABASE d',
  `CREATE TABLE d.raw (${COLUMNS}) ENGINE = Null`,
  "CREATE TABLE d.tick (id LowCardinality(String), market LowCardinality(String), t DateTime64(3, 'UTC'), price Float64, volume Float64, sequence UInt32, source LowCardinality(String)) ENGINE = MergeTree ORDER BY (id, t)",
  `CREATE MATERIALIZED VIEW d.to_tick TO d.tick AS SELECT x.instrument_id AS id, x.market AS market, x.ts AS t, assumeNotNull(x.price) AS price, assumeNotNull(x.volume) AS volume, x.sequence AS sequence, x.source AS source
   FROM d.raw AS x WHERE x.price IS NOT NULL AND x.volume > 0 LIMIT 1 BY id, t, source, sequence`,
  ...['1m', '5m', '1h', '1d'].map(
    (interval) =>
      `CREATE TABLE d.bar_${interval} (id LowCardinality(String), w DateTime('UTC'), ${BAR}) ENGINE = AggregatingMergeTree ORDER BY (id, w)`,
  ),
  'CREATE MATERIALIZED VIEW d.to_1m TO d.bar_1m AS SELECT id, toStartOfMinute(t) AS w, argMinState(price, (t, sequence)) AS o, max(price) AS h, min(price) AS l, argMaxState(price, (t, sequence)) AS c, sum(volume) AS v, sum(price * volume) AS pv, count() AS n FROM d.tick GROUP BY id, w',
  ...CASCADE.map(
    ([from, to, start]) =>
      `CREATE MATERIALIZED VIEW d.to_${to} TO d.bar_${to} AS SELECT id, ${start}(x.w) AS w, argMinMergeState(x.o) AS o, max(x.h) AS h, min(x.l) AS l, argMaxMergeState(x.c) AS c, sum(x.v) AS v, sum(x.pv) AS pv, sum(x.n) AS n FROM d.bar_${from} AS x GROUP BY id, w`,
  ),
];
for (const statement of DDL) await run(statement);

const started = performance.now();
const cpu = process.cpuUsage();
const columns = COLUMNS.replaceAll("'", "\\'");
await run(
  `INSERT INTO d.raw SELECT * FROM file('${resolve(file)}', JSONEachRow, '${columns}') SETTINGS max_threads = 2, max_insert_threads = 2, date_time_input_format = 'best_effort', input_format_skip_unknown_fields = 1`,
);
const seconds = (performance.now() - started) / 1000;
const used = process.cpuUsage(cpu);
const counts = (
  await run(
    'SELECT (SELECT count() FROM d.tick) AS ticks, (SELECT count() FROM (SELECT id, w FROM d.bar_1m GROUP BY id, w)) + (SELECT count() FROM (SELECT id, w FROM d.bar_5m GROUP BY id, w)) + (SELECT count() FROM (SELECT id, w FROM d.bar_1h GROUP BY id, w)) + (SELECT count() FROM (SELECT id, w FROM d.bar_1d GROUP BY id, w)) AS bars',
  )
).text();
console.log(
  JSON.stringify({
    seconds,
    cpu_seconds: (used.user + used.system) / 1e6,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    ...(JSON.parse(counts) as object),
  }),
);
session.close();
