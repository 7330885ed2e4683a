/** The overview as rows: for tables on a terminal, and as one list for programs. */

import type { Row } from '../../core/ports/warehouse.ts';
import { DAY, formatInstant, type Micros } from '../../core/time/instant.ts';
import type { Explanation } from '../read/why.ts';
import type { Filled } from './fill.ts';
import type { LatestPrice, Overview } from './overview.ts';
import type { StageCount, Stored } from './stage-counts.ts';

/** One row of any of the tables. */
export type DemoRow = Readonly<Record<string, unknown>>;

/**
 * `11-20 05:00-06:00`, in UTC: month and day, begin and end. The end of a day is `24:00`, so that the last
 * interval of a day is as short as the others.
 */
function shortInterval(start: unknown, end: unknown): string {
  const [from, to] = [String(start), String(end)];
  if (from === to) return `${from.slice(5, 10)} ${from.slice(11, 19)}`;
  const untilMidnight = to.slice(11, 19) === '00:00:00' && Date.parse(to) - Date.parse(from) <= DAY / 1000;
  const isWithinDay = from.slice(0, 10) === to.slice(0, 10);
  const last = isWithinDay ? to.slice(11, 16) : `${to.slice(5, 10)} ${to.slice(11, 16)}`;
  return `${from.slice(5, 10)} ${from.slice(11, 16)}-${untilMidnight ? '24:00' : last}`;
}

const shortTime = (time: unknown): string => `${String(time).slice(5, 10)} ${String(time).slice(11, 19)}`;

/** NYISO prints advisory prices ahead of the clock. */
function kindOf(what: LatestPrice['what'], row: Row, at: Micros): string {
  if (what === 'day-ahead') return 'day-ahead now';
  return Date.parse(String(row['ts'])) * 1000 > at ? 'advisory' : what;
}

/** Latest prices for a person; times in UTC. */
export function latestTable({ latest, at }: Overview): DemoRow[] {
  return latest.map(({ what, row }) => ({
    instrument: row['instrument_id'],
    what: kindOf(what, row, at),
    price: row['price'],
    unit: row['unit'],
    'for (UTC)': shortInterval(row['ts'], row['ts_end']),
    'known (UTC)': shortTime(row['known_at']),
  }));
}

/** Bars for a person; times in UTC. */
export function barTable({ bars }: Overview): DemoRow[] {
  return bars.map((row) => ({
    instrument: row['instrument_id'],
    bar: row['interval'],
    'from (UTC)': String(row['interval_start']).slice(5, 16).replace('T', ' '),
    open: row['open'],
    high: row['high'],
    low: row['low'],
    close: row['close'],
    status: row['status'],
  }));
}

/** A curve for a person: deliveries that follow each other at one price are one line. */
export function curveTable({ curve }: Overview): DemoRow[] {
  const lines: { from: unknown; to: unknown; block: unknown; price: unknown; unit: unknown; by: unknown }[] =
    [];
  for (const { delivery_start: from, delivery_end: to, block, price, unit, source: by } of curve) {
    const last = lines.at(-1);
    if (last !== undefined && last.to === from && last.block === block && last.price === price) last.to = to;
    else lines.push({ from, to, block, price, unit, by });
  }
  return lines.map(({ from, to, block, price, unit, by }) => ({
    delivery: `${String(from)} to ${String(to)}`,
    block,
    price,
    unit,
    by: String(by).toLowerCase(),
  }));
}

/** Counts for a person. */
export function countTable(counts: readonly StageCount[]): DemoRow[] {
  return counts.map(({ stage, counted, rejected, dropped, balanced, ...flow }) => ({
    stage,
    counted,
    in: flow.in,
    out: flow.out,
    rejected,
    otherwise: Object.entries(dropped)
      .map(([reason, n]) => `${n} ${reason.toLowerCase().replaceAll('_', ' ')}`)
      .join(', '),
    check: balanced ? 'ok' : 'DOES NOT ADD UP',
  }));
}

/** `2314 bars of 1m, 60 of 1d; 99 latest prices`. */
export function storedText({ bars, latest }: Stored): string {
  const parts = Object.entries(bars).map(([interval, n]) => `${n} of ${interval}`);
  return `${parts.join(', ')}; ${latest} latest prices`;
}

/** Where a bar comes from, in four lines. */
export function whyLines({ instrument_id, bar, inputs }: Explanation): string[] {
  const [input] = inputs;
  if (bar === null || input === undefined) return [`${instrument_id}: nothing to explain`];
  const { payload, raw_event: raw } = input;
  const window = shortInterval(bar['interval_start'], bar['interval_end']);
  const file = payload.member ?? payload.url?.slice(payload.url.lastIndexOf('/') + 1);
  return [
    `${instrument_id} ${bar['interval']} ${window} closes at ${bar['close']}: revision ${bar['revision']}, known ${shortTime(input.known_at)}`,
    `  line ${payload.row} of ${file}: ${payload.line}`,
    `  time by ${input.time_rule}, archived as ${payload.sha256.slice(0, 12)}…`,
    `  event ${raw.topic}/${raw.partition}@${raw.offset}`,
  ];
}

/** Everything for a program: each row names its table. */
export function allRows(overview: Overview, filled: Filled): DemoRow[] {
  const named = (table: string, rows: readonly (Row | StageCount)[]): DemoRow[] =>
    rows.map((row) => ({ table, ...row }));
  return [
    ...overview.latest.map(({ what, row }) => ({ table: 'latest', what, ...row })),
    ...named('bars', overview.bars),
    ...named('curve', overview.curve),
    ...named('counts', filled.counts),
    ...(overview.why === null ? [] : [{ table: 'why', ...overview.why }]),
    ...filled.failures.map((error) => ({ table: 'unreachable', ...error.toJSON() })),
    {
      table: 'summary',
      at: formatInstant(overview.at),
      first_bar_seconds: filled.firstBarSeconds,
      retried: filled.retried,
      balanced: filled.counts.every(({ balanced }) => balanced),
      bars: filled.stored.bars,
      latest: filled.stored.latest,
    },
  ];
}
