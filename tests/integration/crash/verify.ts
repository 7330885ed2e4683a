/** What must hold of a data directory when all work is done, whatever happened on the way. */

import assert from 'node:assert/strict';
import type { Row } from '../../../core/ports/warehouse.ts';
import { HOUR } from '../../../core/time/instant.ts';
import { COMPARED, windowKey } from '../../support/bar-sql.ts';
import type { RawEventSpec } from '../../support/raw-events.ts';
import { type PlainRow, type PlainStatement, plainRows } from '../../support/rolling-oracle.ts';
import type { Report } from './report.ts';
import { eventsOf, type LogSpec, spoiltOf, topicsOf } from './world.ts';

/** Rejected on purpose on each topic: see `seededDays`. */
const REJECTED = 2;

/**
 * Checks a directory by itself, and against the report of a run that nothing interrupted. The recompute in SQL may be that
 * of the other run: it is a function of the rows of silver, and those are the same.
 */
export function verify(report: Report, log: LogSpec, whole: Report): void {
  oneFateEach(report, log);
  noneTwice(report);
  const same = (table: 'silver' | 'repeats' | 'statements' | 'rolling' | 'served' | 'rejected'): void =>
    assert.deepEqual(report[table], whole[table], `${table} as in the run without a crash`);
  same('silver');
  verifyAlone({ ...report, recomputed: report.recomputed ?? whole.recomputed }, log.disorder === 0);
  for (const table of ['repeats', 'statements', 'rolling', 'served', 'rejected'] as const) same(table);
}

/**
 * Checks what a directory says of itself: nothing twice; bars, rolling metrics and served values as recomputed; all work done.
 * `everyAnswer` compares the bars as of each known time, which holds of a log in order.
 */
export function verifyAlone(report: Report, everyAnswer: boolean): void {
  const { recomputed } = report;
  assert.ok(recomputed !== null, 'nothing was recomputed');
  noneTwice(report);
  barsAreRight(report.statements, recomputed.bars, everyAnswer);
  rollingIsRight(report);
  assert.deepEqual(report.served, servedRows(recomputed.served), 'served values');
  allDone(report);
}

/** Rows of silver are written once, not merely replaced by their like. */
export function noneTwice({ physical }: Report): void {
  for (const [table, { rows, ids }] of Object.entries(physical))
    assert.equal(rows, ids, `${table} holds rows twice`);
}

/** Every published event is in silver, beside it, or refused; nothing else is. */
function oneFateEach(report: Report, log: LogSpec): void {
  const published = new Map<string, RawEventSpec>();
  for (const event of eventsOf(log)) published.set(eventText(event), event);
  const refused = [...published.keys()].filter((text) => text.includes('n/a') || text.includes('unheard_of'));
  const expected = REJECTED * topicsOf(log).length;
  assert.equal(refused.length, expected);
  assert.equal(report.rejected.length, expected + spoiltOf(log), 'refused events');
  for (const text of refused) published.delete(text);
  const kept = new Set([...report.silver, ...report.repeats].map(rowText));
  assert.deepEqual([...kept].sort(), [...published.keys()].sort(), 'events that were kept');
  const ids = new Set([...report.silver, ...report.repeats].map((row) => row['event_id']));
  assert.equal(ids.size, published.size, 'one event id for each event');
}

const micros = (text: unknown): number => {
  const [whole, fraction = ''] = String(text).split('.');
  return Date.parse(`${whole.replace(' ', 'T')}Z`) * 1000 + Number(fraction.padEnd(6, '0'));
};

const decimal = (text: unknown): string =>
  text === null || text === undefined ? '' : String(Number(String(text)));

function eventText(e: RawEventSpec): string {
  const instrument = e.dataset === 'trade' ? e.series : `${e.market}.DA.LMP.${e.location}`;
  const value = e.value === 'n/a' ? e.value : decimal(e.value);
  return [
    e.dataset,
    instrument,
    e.start,
    e.end,
    e.knownAt,
    e.sequence ?? '',
    e.tradeId,
    value,
    decimal(e.volume),
    e.cancels,
  ].join('|');
}

function rowText(row: Row): string {
  return [
    row['dataset'],
    row['instrument_id'],
    micros(row['ts']),
    micros(row['ts_end']),
    micros(row['known_at']),
    row['has_seq'] === 1 ? row['seq'] : '',
    row['trade_id'],
    decimal(row['price']),
    decimal(row['volume']),
    (Number(row['flags']) & 128) !== 0,
  ].join('|');
}

/** The newest statement of each window, and each answer from its first statement on, equal the recompute. */
function barsAreRight(stated: readonly Row[], recomputed: readonly Row[], everyAnswer: boolean): void {
  const statements = Map.groupBy(stated, windowKey);
  const oracle = Map.groupBy(recomputed, windowKey);
  for (const key of statements.keys()) assert.ok(oracle.has(key), `a bar without values: ${key}`);
  let compared = 0;
  for (const [key, answers] of oracle) {
    const rows = statements.get(key) ?? [];
    const last = answers[answers.length - 1];
    if (rows.length === 0) {
      assert.equal(last['trade_count'], '0', `no bar of a window with values: ${key}`);
      continue;
    }
    rows.forEach((row, i) => {
      const expected = row['trade_count'] === '0' ? 'empty' : i === 0 ? 'final' : 'revised';
      assert.equal(row['status'], expected, `status of revision ${i + 1} of ${key}`);
    });
    for (const answer of everyAnswer ? answers : [last]) {
      const row = rows.findLast((r) => String(r['known_at']) <= String(answer['as_of']));
      if (row === undefined) continue;
      for (const column of COMPARED)
        assert.deepEqual(row[column], answer[column], `${column} of ${key} as of ${answer['as_of']}`);
      compared++;
    }
  }
  assert.ok(compared >= 100, `only ${compared} bars were compared`);
}

/** Every row of rolling metrics over hours is that of the bars that stand; where policy makes some, each bar has its row. */
function rollingIsRight({ statements, rolling }: Report): void {
  if (rolling.length === 0) return;
  const hourly = statements.filter((row) => row['interval'] === '1h');
  const expected = [...Map.groupBy(hourly, (row) => `${row['tenant_id']}|${row['instrument_id']}`)].flatMap(
    ([series, rows]) =>
      plainRows(rows.map(statementOf), 24).map((row) => [series, ...plainRowTexts(row)].join('|')),
  );
  const found = rolling.filter((row) => row['interval'] === '1h').map(rollingText);
  assert.deepEqual(found.sort(), expected.sort(), 'rolling metrics');
}

function statementOf(row: Row): PlainStatement {
  const mantissa = (column: string, scale: number): bigint => scaledTo(String(row[column]), scale);
  return {
    bar: micros(row['interval_start']) / HOUR,
    knownAt: micros(row['known_at']),
    status: row['status'] as PlainStatement['status'],
    high: mantissa('high_price', 8),
    low: mantissa('low_price', 8),
    close: mantissa('close_price', 8),
    volume: mantissa('volume', 8),
    notional: mantissa('notional', 16),
    flags: Number(row['flags']),
  };
}

function scaledTo(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole + fraction.padEnd(scale, '0'));
  return text.startsWith('-') ? -size : size;
}

const FIGURES = ['sma', 'vwap', 'high', 'low', 'stddev', 'zscore', 'rmsChange'] as const;

function plainRowTexts({ bar, knownAt, isFirst, metric }: PlainRow): unknown[] {
  const status = metric === null ? 'empty' : isFirst ? 'final' : 'revised';
  const figures = FIGURES.map((figure) => (metric === null ? EMPTY[figure] : metric[figure]));
  return [(bar + 1) * HOUR, knownAt, status, metric?.bars ?? 0, metric?.flags ?? 0, ...figures.map(String)];
}

/** What a row says whose window ends with no bar. */
const EMPTY = { sma: 0n, vwap: null, high: 0n, low: 0n, stddev: null, zscore: null, rmsChange: null };

function rollingText(row: Row): string {
  const columns = ['sma', 'vwap', 'high_price', 'low_price', 'stddev', 'zscore', 'rms_change'];
  const figures = columns.map((name) => (row[name] === null ? null : scaledTo(String(row[name]), 8)));
  return [
    row['tenant_id'],
    row['instrument_id'],
    micros(row['window_end']),
    micros(row['known_at']),
    row['status'],
    row['bars'],
    row['flags'],
    ...figures.map(String),
  ].join('|');
}

const servedRows = (rows: readonly Row[]): Row[] =>
  rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'best' && column !== 'newest')),
  );

/** Nothing is left to do, and the log knows it. */
function allDone(report: Report): void {
  assert.ok(report.progress.length > 0);
  assert.deepEqual(undone(report), []);
}

/** Partitions that somebody has to work on still, each with what is not done. */
export function undone({ progress }: Pick<Report, 'progress'>): string[] {
  return progress.flatMap(({ group, topic, partition, end, committed, finished, isOpen }) => {
    const where = `${group} ${topic}/${partition}`;
    if (isOpen) return [`${where} has an open plan`];
    if (end === 0 || (finished === end && committed === end)) return [];
    return [`${where} ends at ${end}, is finished to ${finished} and committed to ${committed}`];
  });
}
