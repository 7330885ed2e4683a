/**
 * Plans and the claims of partitions as statements that SQLite and PostgreSQL both take; see `reference-queries.ts` for
 * the form.
 */

import { CarbonError } from '../errors.ts';
import type { Claim } from '../ports/reference-store.ts';
import type { Plan, SourcePositions } from '../stage/plan.ts';
import type { SqlRow, SqlValue, SqlWork } from './reference-queries.ts';

const PLAN_COLUMNS = `consumer_group, topic, topic_partition, from_offset, to_offset, settings_hash,
  reference_version, clock_reading, since_positions, until_positions, code_version, fence`;

/** The open plan of a partition, or the newest finished one. */
export function* findPlan(
  state: 'open' | 'done',
  group: string,
  topic: string,
  partition: number,
): SqlWork<Plan | null> {
  const rows = yield {
    sql: `select ${PLAN_COLUMNS} from plans
      where consumer_group = $1 and topic = $2 and topic_partition = $3 and state = $4`,
    values: [group, topic, partition, state],
  };
  return rows.length === 0 ? null : planOf(rows[0]);
}

function planOf(row: SqlRow): Plan {
  return {
    group: String(row['consumer_group']),
    topic: String(row['topic']),
    partition: Number(row['topic_partition']),
    from: Number(row['from_offset']),
    to: Number(row['to_offset']),
    since: JSON.parse(String(row['since_positions'])) as SourcePositions,
    until: JSON.parse(String(row['until_positions'])) as SourcePositions,
    settingsHash: String(row['settings_hash']),
    referenceVersion: Number(row['reference_version']),
    clock: Number(row['clock_reading']),
    codeVersion: String(row['code_version']),
    fence: Number(row['fence']),
  };
}

/** The fence is raised first: what the plans say after that cannot be changed by a former owner any more. */
export function* claimPartition(group: string, topic: string, partition: number): SqlWork<Claim> {
  const [row] = yield {
    sql: `insert into plan_fences (consumer_group, topic, topic_partition, fence) values ($1, $2, $3, 1)
      on conflict (consumer_group, topic, topic_partition) do update set fence = plan_fences.fence + 1
      returning fence`,
    values: [group, topic, partition],
  };
  const open = yield* findPlan('open', group, topic, partition);
  const last = yield* findPlan('done', group, topic, partition);
  return { fence: Number(row['fence']), open, last };
}

/** Throws PLAN_CONFLICT when the fence is not the newest. */
export function* confirmClaim(group: string, topic: string, partition: number, fence: number): SqlWork<void> {
  const rows = yield {
    sql: 'select fence from plan_fences where consumer_group = $1 and topic = $2 and topic_partition = $3',
    values: [group, topic, partition],
  };
  const newest = rows.length === 0 ? null : Number(rows[0]['fence']);
  if (newest === fence) return;
  throw new CarbonError('PLAN_CONFLICT', `another runner has claimed ${group} on ${topic}/${partition}`, {
    context: { group, topic, partition, fence, newest: newest ?? 'none' },
  });
}

/**
 * Stores a plan. The row of `plan_fences` is written first, which puts concurrent runners of a partition in a queue.
 * The open plan stored again, as it is or under a newer fence, is taken over: a runner that finds the plan of a dead
 * one shuts the dead one out so. Throws PLAN_CONFLICT for any other open plan and for an older fence.
 */
export function* storePlan(plan: Plan): SqlWork<void> {
  const fenced = yield {
    sql: `insert into plan_fences (consumer_group, topic, topic_partition, fence) values ($1, $2, $3, $4)
      on conflict (consumer_group, topic, topic_partition) do update set fence = excluded.fence
      where plan_fences.fence <= excluded.fence
      returning fence`,
    values: [plan.group, plan.topic, plan.partition, plan.fence],
  };
  if (fenced.length === 0) throw conflict(plan, 'a runner of a newer generation owns the partition');
  const stored = yield {
    sql: `insert into plans (${PLAN_COLUMNS}, state)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open')
      on conflict (consumer_group, topic, topic_partition, state) do update set fence = excluded.fence
      where plans.from_offset = excluded.from_offset and plans.to_offset = excluded.to_offset
        and plans.settings_hash = excluded.settings_hash
        and plans.reference_version = excluded.reference_version
        and plans.clock_reading = excluded.clock_reading
        and plans.since_positions = excluded.since_positions
        and plans.until_positions = excluded.until_positions
        and plans.code_version = excluded.code_version
      returning fence`,
    values: [...identityOf(plan), plan.codeVersion, plan.fence],
  };
  if (stored.length === 0) throw conflict(plan, 'the partition has another open plan');
}

/**
 * Marks the open plan done; it replaces the one finished before. Throws PLAN_CONFLICT when it is not the open one or
 * the partition was claimed by another: the row of the fence, written as it is, waits for a claim under way.
 */
export function* finishPlan(plan: Plan): SqlWork<void> {
  const owned = yield {
    sql: `update plan_fences set fence = $4
      where consumer_group = $1 and topic = $2 and topic_partition = $3 and fence = $4 returning fence`,
    values: [plan.group, plan.topic, plan.partition, plan.fence],
  };
  if (owned.length === 0) throw conflict(plan, 'a runner of another generation owns the partition');
  yield {
    sql: `delete from plans
      where consumer_group = $1 and topic = $2 and topic_partition = $3 and state = 'done'`,
    values: [plan.group, plan.topic, plan.partition],
  };
  const finished = yield {
    sql: `update plans set state = 'done'
      where consumer_group = $1 and topic = $2 and topic_partition = $3 and state = 'open'
        and from_offset = $4 and to_offset = $5 and settings_hash = $6 and reference_version = $7
        and clock_reading = $8 and since_positions = $9 and until_positions = $10 and fence = $11
      returning fence`,
    values: [...identityOf(plan), plan.fence],
  };
  if (finished.length === 0) throw conflict(plan, 'the plan is not the open one of its partition');
}

function identityOf(plan: Plan): SqlValue[] {
  const { group, topic, partition, from, to, settingsHash, referenceVersion, clock } = plan;
  const positions = [sortedJson(plan.since), sortedJson(plan.until)];
  return [group, topic, partition, from, to, settingsHash, referenceVersion, clock, ...positions];
}

/** JSON with the keys in order, so that equal positions are equal texts. */
function sortedJson(positions: SourcePositions): string {
  const topics = Object.keys(positions).sort();
  return JSON.stringify(Object.fromEntries(topics.map((topic) => [topic, positions[topic]])));
}

function conflict(plan: Plan, why: string): CarbonError {
  const { group, topic, partition, from, to, fence } = plan;
  return new CarbonError('PLAN_CONFLICT', `${why}: ${group} on ${topic}/${partition} [${from}, ${to})`, {
    context: { group, topic, partition, from, to, fence },
  });
}
