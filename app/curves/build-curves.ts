/**
 * Curves made anew from their stored inputs by the policy in force, held against what is stored (F4, G2). Safe beside
 * running services: a statement of theirs that knows a later input has a greater number and holds.
 */

import { partitionOf } from '../../core/codec/kafka/partition.ts';
import { curveKey } from '../../core/codec/topics/curves.ts';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import type { CurveDay } from '../../core/math/curves/forward-curve.ts';
import { type CurveStatement, STATEMENTS_PER_OFFSET } from '../../core/model/curve-statement.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { CurveSettings } from '../../services/aggregation/curves/config.ts';
import { CurveDayBook, type Stated } from '../../services/aggregation/curves/curve-day.ts';
import { isFailed, rebuiltEmissions } from '../../services/aggregation/curves/service.ts';
import { openWire } from '../pipeline/wire.ts';
import type { Stores } from '../stores/open-stores.ts';
import { allTopics } from '../stores/topics.ts';
import {
  type CurveDayKey,
  type CurveDays,
  daysWithInputs,
  inputsOfDay,
  pointsText,
  type StoredStatement,
  snapshotOfDay,
  statementsOfDay,
} from './stored-statements.ts';

/** What to build. */
export interface BuildRequest {
  /** Null for all curves of the policy. */
  readonly curves: readonly string[] | null;
  /** Days of the market, both in it; null for all. */
  readonly days: CurveDays | null;
  readonly dryRun: boolean;
  readonly onProgress?: (days: number, different: number) => void;
}

/** One statement that is stored otherwise. */
export interface BuiltRow {
  readonly curve: string;
  readonly asOf: CurveDay;
  readonly knownAt: Micros;
  /** MISSING: nothing is stored; DIFFERS: other points are; SNAPSHOT: the statement is right, and not what is served. */
  readonly reason: 'MISSING' | 'DIFFERS' | 'SNAPSHOT';
  readonly points: number;
}

/** What was found. */
export interface BuildReport {
  readonly days: number;
  readonly statements: number;
  readonly rows: readonly BuiltRow[];
  /** Curves with inputs that the policy does not have. */
  readonly unknown: readonly string[];
}

/**
 * Builds for the tenant of the stores, so many curves at once as `DATA_PROC_CURVE_REBUILD_THREADS` says: one waits for the
 * stores while another computes. Days of one curve come in their order, so that the newest is served in the end. Run again
 * it finds nothing. Throws what the stores throw, when nothing is under way any more.
 */
export async function buildCurves(stores: Stores, request: BuildRequest): Promise<BuildReport> {
  const { warehouse, runtime, settings } = stores;
  const policies = new Map(settings.curves.curves.map((curve) => [curve.curve_id, curve]));
  const keys = await daysWithInputs(warehouse, runtime.tenant, request.curves, request.days);
  const queue = [...Map.groupBy(keys, ({ curve }) => curve)];
  const unknown: string[] = [];
  const found: { curve: string; statements: number; rows: BuiltRow[] }[] = [];
  let different = 0;
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [curve, days] = next;
      const policy = policies.get(curve);
      if (policy === undefined) {
        unknown.push(curve);
        continue;
      }
      for (const day of days) {
        const built = await buildDay(stores, day, policy, request.dryRun);
        found.push({ curve, ...built });
        different += built.rows.length;
        request.onProgress?.(found.length, different);
      }
    }
  };
  const stopping = (error: unknown): never => {
    queue.length = 0;
    throw error;
  };
  const lanes = Array.from({ length: runtime.curveThreads }, () => lane().catch(stopping));
  for (const end of await Promise.allSettled(lanes)) if (end.status === 'rejected') throw end.reason;
  // In order of curve, whichever was done first; the sort keeps the days as they are.
  found.sort((a, b) => (a.curve < b.curve ? -1 : a.curve > b.curve ? 1 : 0));
  return {
    days: found.length,
    statements: found.reduce((sum, each) => sum + each.statements, 0),
    rows: found.flatMap((each) => each.rows),
    unknown,
  };
}

async function buildDay(
  stores: Stores,
  key: CurveDayKey,
  policy: CurveSettings,
  dryRun: boolean,
): Promise<{ statements: number; rows: BuiltRow[] }> {
  const { warehouse, runtime } = stores;
  // What is stated is asked first: an input that comes between the two questions belongs to a later statement.
  const stored = await statementsOfDay(warehouse, runtime.tenant, key);
  const snapshot = await snapshotOfDay(warehouse, runtime.tenant, key);
  const made = stateAnew(stores, key, policy, await inputsOfDay(warehouse, runtime.tenant, key));
  const all = withOffGrid(made, stored);
  const written: Stated[] = [];
  const rows: BuiltRow[] = [];
  let last: CurveStatement | null = null;
  for (const each of all) {
    const own = stored.get(each.statement.knownAt);
    const reason = reasonOf(each, own);
    const statement = { ...each.statement, statement: numberOf(each.statement, own, reason !== null) };
    if (!isAhead(each.statement, own) && !isFailed(statement)) last = statement;
    if (reason === null) continue;
    written.push({ ...each, statement });
    rows.push(rowOf(key, statement, reason));
  }
  const isServed =
    last === null || (snapshot?.knownAt === last.knownAt && snapshot.statement === last.statement);
  if (last !== null && !isServed && written.at(-1)?.statement !== last)
    rows.push(rowOf(key, last, 'SNAPSHOT'));
  if (!dryRun && rows.length > 0) await write(stores, written, isServed ? null : last);
  return { statements: all.length, rows };
}

function rowOf(
  { curve, asOf }: CurveDayKey,
  { knownAt, points }: CurveStatement,
  reason: BuiltRow['reason'],
): BuiltRow {
  return { curve, asOf, knownAt, reason, points: points.length };
}

function stateAnew(
  stores: Stores,
  { curve, asOf }: CurveDayKey,
  policy: CurveSettings,
  inputs: Parameters<CurveDayBook['state']>[0],
): Stated[] {
  const { tenant } = stores.runtime;
  const topic = Topic.curvePrestage;
  const partition = partitionOf(curveKey(tenant, curve), stores.partitions.get(topic) ?? 1);
  const frame = { topic, partition, settings: stores.policies.version };
  return new CurveDayBook(tenant, asOf, policy, frame).state(inputs);
}

/** Beside the statements made those of stored times that the policy has none at: they are as the one before them. */
function withOffGrid(made: readonly Stated[], stored: ReadonlyMap<Micros, StoredStatement>): Stated[] {
  const times = new Set(made.map(({ statement }) => statement.knownAt));
  const extra = [...stored.keys()].filter((at) => !times.has(at));
  if (extra.length === 0) return [...made];
  return [
    ...made,
    ...extra.flatMap((knownAt) => {
      const before = made.findLast(({ statement }) => statement.knownAt < knownAt);
      const like = before ?? made[0];
      if (like === undefined) return [];
      const points = before === undefined ? [] : like.statement.points;
      return [
        { ...like, statement: { ...like.statement, knownAt, points }, previous: before?.statement ?? null },
      ];
    }),
  ].sort((a, b) => a.statement.knownAt - b.statement.knownAt);
}

/** Whether what is stored knows an input that was not there yet when the inputs were read. */
function isAhead({ statement }: CurveStatement, own: StoredStatement | undefined): boolean {
  return (
    own !== undefined &&
    Math.floor(own.statement / STATEMENTS_PER_OFFSET) > Math.floor(statement / STATEMENTS_PER_OFFSET)
  );
}

function reasonOf({ statement }: Stated, own: StoredStatement | undefined): BuiltRow['reason'] | null {
  if (own === undefined) return 'MISSING';
  if (own.points === pointsText(statement)) return null;
  return isAhead(statement, own) ? null : 'DIFFERS';
}

function numberOf({ statement }: CurveStatement, own: StoredStatement | undefined, differs: boolean): number {
  if (own === undefined || own.statement < statement) return statement;
  return differs ? own.statement + 1 : own.statement;
}

/** Tables, topic and cache, as a plan of curves writes them, without a token: the keys of the tables take repetitions. */
async function write(
  stores: Stores,
  written: readonly Stated[],
  snapshot: CurveStatement | null,
): Promise<void> {
  const { settings, registry, partitions, runtime, warehouse } = stores;
  const topics = allTopics(settings.aggregation.intervals, settings.topics);
  const wire = await openWire('aggregation', topics, registry, partitions, runtime.feed);
  const isActive = snapshot !== null && (await isNewest(stores, snapshot));
  for (const emission of rebuiltEmissions(written, snapshot, isActive, settings.curves, wire)) {
    if (emission.kind === 'block') await warehouse.insertBlock(emission.table, emission.bytes, null);
    else if (emission.kind === 'records')
      await stores.log.append(emission.topic, emission.partition, [emission.batch]);
    else
      await stores.cache
        .setMany(emission.entries, settings.projection.latest_prices.cache_ttl_seconds)
        .catch(() => undefined);
  }
}

/** Whether no later day of the curve is served. */
async function isNewest(
  { warehouse }: Stores,
  { tenant, curve, asOf, points }: CurveStatement,
): Promise<boolean> {
  const later = await warehouse.queryRows(
    `SELECT 1 AS one FROM served_curves WHERE tenant_id = {tenant:String} AND curve_id = {curve:String} AND as_of_date > toDate({asOf:UInt16}) LIMIT 1`,
    { tenant, curve, asOf },
  );
  return points.length > 0 && later.length === 0;
}
