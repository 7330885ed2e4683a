/**
 * Answers to the stages' questions, from the warehouse and the reference store: the same statements in every profile.
 *
 * Instants travel as micros and are turned into the store's DateTime64 by it, so that no text form of a time is in
 * between. Every statement begins with the tenant, as the tables' keys do.
 */

import { BarBatch } from '../model/bar-batch.ts';
import type { Names } from '../model/names.ts';
import { TickBatch } from '../model/tick-batch.ts';
import type { SqlParameters, Warehouse } from '../ports/warehouse.ts';
import { lanesOf, type SourcePositions } from '../stage/plan.ts';
import type {
  Answer,
  BarsQuestion,
  CurveInputsQuestion,
  KnownTimesQuestion,
  LatestQuestion,
  NewestQuestion,
  PartitionTicksQuestion,
  Question,
  TicksQuestion,
} from '../stage/question.ts';
import type { Ask } from '../stage/stage-run.ts';
import type { Micros } from '../time/instant.ts';
import { BAR_COLUMNS, barsFromColumns } from './tables/bars.ts';
import { CURVE_INPUT_COLUMNS, curveInputsFromColumns } from './tables/curves-base.ts';
import { LATEST_COLUMNS, latestFromColumns } from './tables/served-latest.ts';
import { SILVER_COLUMNS, ticksFromColumns } from './tables/silver-ticks.ts';
import type { TaxonomyLookup } from './taxonomy-cache.ts';

/** The span of times that the store's DateTime64(6) and its day partitions can hold. */
const FIRST: Micros = 0;
const LAST: Micros = 4_102_444_800_000_000;

const instant = (name: string): string => `fromUnixTimestamp64Micro({${name}:Int64}, 'UTC')`;
const clamp = (at: Micros): number => Math.min(Math.max(at, FIRST), LAST);

/**
 * The partition of a tick topic that an instrument's ticks are on, of `spread` partitions: as `core/codec/topics/routing.ts`
 * has it. Where raw events are keyed otherwise, it is not that of the raw event.
 */
const TICK_PARTITION = `bitAnd(kafkaMurmurHash(concat(tenant_id, '|', market, '|',
  if(location = '', instrument_id, location))), 2147483647) % {spread:UInt32}`;

/**
 * Makes the function with which stages ask. `intervals` are the names that bar rows are numbered by; `taxonomy` is null
 * for whoever looks no instruments up. `spread` is the number of partitions of the tick topic that plans are of, null for
 * plans of raw topics.
 */
export function askStores(
  warehouse: Warehouse,
  taxonomy: TaxonomyLookup | null,
  names: Names,
  intervals: readonly string[],
  spread: number | null = null,
): Ask {
  const answer = async (question: Question): Promise<Answer> => {
    if (question.kind === 'taxonomy') {
      const { tenant, instruments } = question;
      if (taxonomy === null)
        return { kind: 'taxonomy', entries: new Map(), version: 0, unanswered: new Set(instruments) };
      return { kind: 'taxonomy', ...(await taxonomy.lookUp(tenant, instruments)) };
    }
    if (question.kind === 'curve-inputs') return curveInputs(warehouse, question);
    if (question.kind === 'known-times') return knownTimes(warehouse, question, spread);
    if (question.kind === 'bars') {
      const { sql, parameters } = barsStatement(question, intervals);
      return {
        kind: 'bars',
        bars: barsFromColumns(await warehouse.queryColumns(sql, parameters), intervals, names),
      };
    }
    if (question.kind === 'latest') {
      const { sql, parameters } = latestStatement(question);
      const { ticks, gone } = latestFromColumns(await warehouse.queryColumns(sql, parameters), names);
      return { kind: 'latest', ticks, gone };
    }
    const { sql, parameters } =
      question.kind === 'ticks'
        ? ticksStatement(question, spread)
        : question.kind === 'newest'
          ? newestStatement(question)
          : partitionTicksStatement(question, spread);
    const columns = await warehouse.queryColumns(sql, parameters);
    return {
      kind: 'ticks',
      ticks: columns.rows === 0 ? new TickBatch(names, 1) : ticksFromColumns(columns, names),
    };
  };
  return async (questions) => {
    const answers: Answer[] = [];
    for (const question of questions) {
      const parts: Answer[] = [];
      for (const part of partsOf(question)) parts.push(await answer(part));
      answers.push(joined(names, parts));
    }
    return answers;
  };
}

interface Statement {
  readonly sql: string;
  readonly parameters: SqlParameters;
}

/** Longer lists are asked for in parts: parameters travel in the head of a request. */
const LONGEST_LIST = 2000;

/** `AND instrument_id IN …`, or nothing for all instruments. */
function instrumentsIn(instruments: readonly string[]): string {
  return instruments.length === 0 ? '' : ' AND instrument_id IN {instruments:Array(String)}';
}

/** The question itself, or parts of it that name few enough instruments each. */
function partsOf(question: Question): Question[] {
  if (
    !('instruments' in question) ||
    question.kind === 'taxonomy' ||
    question.instruments.length <= LONGEST_LIST
  )
    return [question];
  const parts: Question[] = [];
  for (let from = 0; from < question.instruments.length; from += LONGEST_LIST)
    parts.push({ ...question, instruments: question.instruments.slice(from, from + LONGEST_LIST) });
  return parts;
}

/** Answers to the parts of one question as one. */
function joined(names: Names, answers: readonly Answer[]): Answer {
  const [first] = answers;
  if (answers.length === 1 || first.kind === 'known-times' || first.kind === 'taxonomy') return first;
  if (first.kind === 'curve-inputs') return first;
  const bars = new BarBatch(names);
  const ticks = new TickBatch(names);
  const gone: number[] = [];
  for (const answer of answers) {
    if (answer.kind === 'bars') for (let j = 0; j < answer.bars.length; j++) bars.append(answer.bars, j);
    if (answer.kind === 'ticks' || answer.kind === 'latest')
      for (let i = 0; i < answer.ticks.length; i++) ticks.append(answer.ticks, i);
    if (answer.kind === 'latest') gone.push(...answer.gone);
  }
  if (first.kind === 'bars') return { kind: 'bars', bars };
  return first.kind === 'latest'
    ? { kind: 'latest', ticks, gone: Uint8Array.from(gone) }
    : { kind: 'ticks', ticks };
}

/**
 * Leaves out the rows of a plan that is being run again. Where the plan reads ticks and not raw events, silver may be ahead of
 * it on partitions of its raw topics that it has not come to at all: those are left out too.
 */
function notSince(before: TicksQuestion['before'], spread: number | null): Condition {
  if (before === null) return { condition: '', parameters: {} };
  const parts: string[] = [];
  const parameters: Record<string, string | number> = {};
  const reached = new Map<string, string[]>();
  lanesOf(before.positions, before.partition).forEach(({ topic, partition, next }, k) => {
    parts.push(`(${inLane(k)} AND src_offset >= {offset${k}:UInt64})`);
    reached.getOrInsertComputed(topic, () => []).push(`{partition${k}:UInt32}`);
    Object.assign(parameters, laneParameters(k, topic, partition, next));
  });
  if (spread !== null)
    [...reached].forEach(([topic, partitions], k) => {
      parts.push(`(src_topic = {of${k}:String} AND src_partition NOT IN (${partitions.join(', ')}))`);
      parameters[`of${k}`] = topic;
    });
  return parts.length === 0
    ? { condition: '', parameters: {} }
    : { condition: ` AND NOT (${parts.join(' OR ')})`, parameters };
}

/** Only rows from before the positions of a plan of a partition; a partition of a topic that is not named has none. */
function onlyBefore(own: number, before: SourcePositions, spread: number | null): Condition {
  const parts: string[] = ['0'];
  const parameters: Record<string, string | number> = {};
  lanesOf(before, own).forEach(({ topic, partition, next }, k) => {
    parts.push(`(${inLane(k)} AND src_offset < {offset${k}:UInt64})`);
    Object.assign(parameters, laneParameters(k, topic, partition, next));
  });
  const condition = `(${parts.join(' OR ')})`;
  if (spread === null) return { condition, parameters };
  return {
    condition: `${condition} AND ${TICK_PARTITION} = {own:UInt32}`,
    parameters: { ...parameters, own, spread },
  };
}

/** A condition on rows, with what its names stand for. */
interface Condition {
  readonly condition: string;
  readonly parameters: SqlParameters;
}

const inLane = (k: number): string =>
  `src_topic = {topic${k}:String} AND src_partition = {partition${k}:UInt32}`;

const laneParameters = (k: number, topic: string, partition: number, next: number): SqlParameters => ({
  [`topic${k}`]: topic,
  [`partition${k}`]: partition,
  [`offset${k}`]: next,
});

function ticksStatement(question: TicksQuestion, spread: number | null): Statement {
  const { condition, parameters } = notSince(question.before, spread);
  return {
    sql: `SELECT ${SILVER_COLUMNS} FROM ${question.table} PREWHERE tenant_id = {tenant:String}${instrumentsIn(question.instruments)}
WHERE ts >= ${instant('from')} AND ts < ${instant('to')}${condition}`,
    parameters: {
      tenant: question.tenant,
      instruments: question.instruments,
      from: clamp(question.from),
      to: clamp(question.to),
      ...parameters,
    },
  };
}

function partitionTicksStatement(question: PartitionTicksQuestion, spread: number | null): Statement {
  const { condition, parameters } = onlyBefore(question.partition, question.before, spread);
  return {
    sql: `SELECT ${SILVER_COLUMNS} FROM silver_ticks PREWHERE tenant_id = {tenant:String}
WHERE dataset = {dataset:String} AND source_id = {source:String} AND ts >= ${instant('from')} AND ${condition}`,
    parameters: {
      tenant: question.tenant,
      dataset: question.dataset,
      source: question.source,
      from: clamp(question.from),
      ...parameters,
    },
  };
}

/** Bars of intervals that policy has dropped stay stored, and are no matter of those that it has. */
function barsStatement(question: BarsQuestion, intervals: readonly string[]): Statement {
  return {
    sql: `SELECT ${BAR_COLUMNS} FROM bars FINAL PREWHERE tenant_id = {tenant:String}${instrumentsIn(question.instruments)}
WHERE interval_start >= ${instant('from')} AND interval_start < ${instant('to')} AND status != 'provisional'
AND interval IN {intervals:Array(String)}`,
    parameters: {
      tenant: question.tenant,
      instruments: question.instruments,
      intervals: question.interval === undefined ? intervals : [question.interval],
      from: clamp(question.from),
      to: clamp(question.to),
    },
  };
}

function latestStatement(question: LatestQuestion): Statement {
  return {
    sql: `SELECT ${LATEST_COLUMNS} FROM served_latest FINAL PREWHERE tenant_id = {tenant:String}${instrumentsIn(question.instruments)}`,
    parameters: { tenant: question.tenant, instruments: question.instruments },
  };
}

function newestStatement(question: NewestQuestion): Statement {
  return {
    sql: `SELECT ${SILVER_COLUMNS} FROM silver_current
WHERE tenant_id = {tenant:String}${instrumentsIn(question.instruments)}
ORDER BY instrument_id, ts DESC, known_at DESC, seq DESC, toUInt128(event_id) DESC
LIMIT {count:UInt32} BY instrument_id`,
    parameters: { tenant: question.tenant, instruments: question.instruments, count: question.count },
  };
}

async function curveInputs(warehouse: Warehouse, question: CurveInputsQuestion): Promise<Answer> {
  const { tenant, curve, asOf, before } = question;
  const parameters = { tenant, curve, asOf, ...before };
  const where = `src_topic = {topic:String} AND src_partition = {partition:UInt32} AND src_offset < {offset:UInt64}`;
  const inputs = curveInputsFromColumns(
    await warehouse.queryColumns(
      `SELECT ${CURVE_INPUT_COLUMNS} FROM curves_base PREWHERE tenant_id = {tenant:String} AND curve_id = {curve:String}
WHERE as_of_date = toDate({asOf:UInt16}) AND ${where}`,
      parameters,
    ),
  );
  const [row] = await warehouse.queryRows(
    `SELECT toString(count()) AS n, toUInt16(max(as_of_date)) AS newest FROM curves_base
PREWHERE tenant_id = {tenant:String} AND curve_id = {curve:String} WHERE ${where}`,
    parameters,
  );
  const newest = Number(row?.['n'] ?? 0) === 0 ? null : Number(row?.['newest']);
  return { kind: 'curve-inputs', tenant, curve, asOf, inputs, newest };
}

async function knownTimes(
  warehouse: Warehouse,
  question: KnownTimesQuestion,
  spread: number | null,
): Promise<Answer> {
  const { condition, parameters } = onlyBefore(question.partition, question.before, spread);
  const rows = await warehouse.queryRows(
    `SELECT tenant_id, source_id, dataset, toString(toUnixTimestamp64Micro(max(known_at))) AS known_at
FROM silver_ticks WHERE ${condition} GROUP BY tenant_id, source_id, dataset ORDER BY ALL`,
    parameters,
  );
  return {
    kind: 'known-times',
    times: rows.map((row) => ({
      tenant: String(row['tenant_id']),
      source: String(row['source_id']),
      dataset: String(row['dataset']),
      knownAt: Number(row['known_at']),
    })),
  };
}
