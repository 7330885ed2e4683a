/**
 * The work of a ReferenceStore as statements that SQLite and PostgreSQL both take.
 *
 * Each function is one transaction, written as a generator: it yields a statement and is resumed with the rows. A
 * driver runs it, synchronously or not, and rolls back when it throws. Parameters are `$1`, `$2` …; 64-bit integers
 * may come back as numbers or as texts.
 */

import { CarbonError } from '../errors.ts';
import type { Claim, Lease, TaxonomyEntry } from '../ports/reference-store.ts';
import type { Plan, SourcePositions } from '../stage/plan.ts';
import type { Micros } from '../time/instant.ts';

/** A value that both stores take as a parameter. */
export type SqlValue = string | number | null;

/** One statement with the values of its parameters, the first being `$1`. */
export interface SqlStatement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** A row by column name; 64-bit integers may be numbers or texts. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** One transaction: yields statements, gets their rows, returns its result. */
export type SqlWork<T> = Generator<SqlStatement, T, readonly SqlRow[]>;

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

/** The value of a cursor, or null. */
export function* loadCursor(name: string): SqlWork<string | null> {
  const rows = yield { sql: 'select value from cursors where name = $1', values: [name] };
  return rows.length === 0 ? null : String(rows[0]['value']);
}

/** Sets a cursor. */
export function* saveCursor(name: string, value: string): SqlWork<void> {
  yield {
    sql: `insert into cursors (name, value) values ($1, $2)
      on conflict (name) do update set value = excluded.value`,
    values: [name, value],
  };
}

/** Takes or renews a lease; a lease is half-open, so at its end another may have it. */
export function* acquireLease(name: string, holder: string, now: Micros, until: Micros): SqlWork<boolean> {
  const rows = yield {
    sql: `insert into leases (name, holder, lease_until) values ($1, $2, $3)
      on conflict (name) do update set holder = excluded.holder, lease_until = excluded.lease_until
      where leases.holder = excluded.holder or leases.lease_until <= $4
      returning name`,
    values: [name, holder, until, now],
  };
  return rows.length === 1;
}

/** Who holds a lease, ended or not; null when nobody does. */
export function* leaseOf(name: string): SqlWork<Lease | null> {
  const rows = yield { sql: 'select holder, lease_until from leases where name = $1', values: [name] };
  if (rows.length === 0) return null;
  return { holder: String(rows[0]['holder']), until: Number(rows[0]['lease_until']) };
}

/** Gives a lease back when the holder has it. */
export function* releaseLease(name: string, holder: string): SqlWork<void> {
  yield { sql: 'delete from leases where name = $1 and holder = $2', values: [name, holder] };
}

/** Version of a tenant's reference data; 0 before the first change. */
export function* referenceVersion(tenant: string): SqlWork<number> {
  const sql = 'select version from reference_versions where tenant_id = $1';
  const rows = yield { sql, values: [tenant] };
  return rows.length === 0 ? 0 : Number(rows[0]['version']);
}

/** Raises the version by itself. */
export function* raiseReferenceVersion(tenant: string): SqlWork<number> {
  yield* raiseVersion(tenant);
  return yield* referenceVersion(tenant);
}

/** Raises the version; part of the transaction that makes the change. */
function* raiseVersion(tenant: string): SqlWork<void> {
  yield {
    sql: `insert into reference_versions (tenant_id, version) values ($1, 1)
      on conflict (tenant_id) do update set version = reference_versions.version + 1`,
    values: [tenant],
  };
}

/** Makes an alias; the version is raised when it was not there alike. Throws USAGE_INVALID for an alias of itself. */
export function* upsertAlias(tenant: string, alias: string, instrumentId: string): SqlWork<void> {
  if (alias === instrumentId)
    throw new CarbonError('USAGE_INVALID', `${alias} cannot be an alias of itself`, {
      position: { field: 'alias', got: alias },
    });
  const changed = yield {
    sql: `insert into instrument_aliases (tenant_id, alias, instrument_id) values ($1, $2, $3)
      on conflict (tenant_id, alias) do update set instrument_id = excluded.instrument_id
      where instrument_aliases.instrument_id <> excluded.instrument_id
      returning alias`,
    values: [tenant, alias, instrumentId],
  };
  if (changed.length > 0) yield* raiseVersion(tenant);
}

/** Migrations in order of name. */
export function* listMigrations(): SqlWork<{ name: string; appliedAt: Micros }[]> {
  const rows = yield { sql: 'select name, applied_at from schema_migrations order by name', values: [] };
  return rows.map((row) => ({ name: String(row['name']), appliedAt: Number(row['applied_at']) }));
}

/** Rows per statement: seven parameters each stay far below the limits of both engines. */
const UPSERT_ROWS = 200;

/** Inserts or replaces entries, the last of one id winning; returns how many rows became other than they were. */
export function* upsertInstruments(tenant: string, entries: readonly TaxonomyEntry[]): SqlWork<number> {
  const unique = [...new Map(entries.map((e) => [e.instrumentId, e])).values()];
  // One order for all writers: two that take the same rows cannot lock each other out.
  unique.sort((a, b) => (a.instrumentId < b.instrumentId ? -1 : 1));
  let changed = 0;
  for (let from = 0; from < unique.length; from += UPSERT_ROWS) {
    const part = unique.slice(from, from + UPSERT_ROWS);
    const values: SqlValue[] = [tenant];
    const tuples = part.map((e) => {
      const n = values.length;
      const tags = JSON.stringify([...new Set(e.tags)].sort());
      values.push(e.instrumentId, e.commodity, e.region, e.productTier, tags, e.confidence);
      return `($1, $${n + 1}, $${n + 2}, $${n + 3}, $${n + 4}, $${n + 5}, $${n + 6})`;
    });
    const rows = yield {
      sql: `insert into taxonomy_instruments
          (tenant_id, instrument_id, commodity, region, product_tier, tags, confidence)
        values ${tuples.join(', ')}
        on conflict (tenant_id, instrument_id) do update set commodity = excluded.commodity,
          region = excluded.region, product_tier = excluded.product_tier, tags = excluded.tags,
          confidence = excluded.confidence
        where taxonomy_instruments.commodity <> excluded.commodity
          or taxonomy_instruments.region <> excluded.region
          or taxonomy_instruments.product_tier <> excluded.product_tier
          or taxonomy_instruments.tags <> excluded.tags
          or taxonomy_instruments.confidence <> excluded.confidence
        returning instrument_id`,
      values,
    };
    changed += rows.length;
  }
  if (changed > 0) yield* raiseVersion(tenant);
  return changed;
}

/** Entries in order of id, from the one after `after` on. */
export function* listInstruments(tenant: string, after: string, limit: number): SqlWork<TaxonomyEntry[]> {
  const rows = yield {
    sql: `select instrument_id, commodity, region, product_tier, tags, confidence from taxonomy_instruments
      where tenant_id = $1 and instrument_id > $2 order by instrument_id limit $3`,
    values: [tenant, after, limit],
  };
  return rows.map(entryOf);
}

/** Aliases of aliases are followed this far; a ring of aliases ends here without an entry. */
const ALIAS_DEPTH = 8;

/** Entries by the id asked for. An entry of its own goes before an alias. */
export function* lookupInstruments(
  tenant: string,
  ids: readonly string[],
): SqlWork<Map<string, TaxonomyEntry>> {
  const found = new Map<string, TaxonomyEntry>();
  let open = new Map([...new Set(ids)].map((id) => [id, id]));
  for (let depth = 0; open.size > 0 && depth <= ALIAS_DEPTH; depth++) {
    const entries = yield* selectIn(
      `select instrument_id, commodity, region, product_tier, tags, confidence
        from taxonomy_instruments where tenant_id = $1 and instrument_id`,
      tenant,
      open.values(),
    );
    const byId = new Map(entries.map((row) => [String(row['instrument_id']), entryOf(row)]));
    const missing = new Map<string, string>();
    for (const [asked, name] of open) {
      const entry = byId.get(name);
      if (entry === undefined) missing.set(asked, name);
      else found.set(asked, entry);
    }
    if (missing.size === 0) break;
    const aliases = yield* selectIn(
      'select alias, instrument_id from instrument_aliases where tenant_id = $1 and alias',
      tenant,
      missing.values(),
    );
    const target = new Map(aliases.map((row) => [String(row['alias']), String(row['instrument_id'])]));
    open = new Map();
    for (const [asked, name] of missing) {
      const next = target.get(name);
      if (next !== undefined) open.set(asked, next);
    }
  }
  return found;
}

function entryOf(row: SqlRow): TaxonomyEntry {
  return {
    instrumentId: String(row['instrument_id']),
    commodity: String(row['commodity']),
    region: String(row['region']),
    productTier: String(row['product_tier']),
    tags: JSON.parse(String(row['tags'])) as string[],
    confidence: Number(row['confidence']),
  };
}

/** Names per `in (…)`; lists are filled up to a power of two, so that few statements are ever prepared. */
const IN_NAMES = 256;

function* selectIn(select: string, tenant: string, names: Iterable<string>): SqlWork<SqlRow[]> {
  const all = [...new Set(names)];
  const rows: SqlRow[] = [];
  for (let from = 0; from < all.length; from += IN_NAMES) {
    const part = all.slice(from, from + IN_NAMES);
    let width = 1;
    while (width < part.length) width *= 2;
    while (part.length < width) part.push(part[0]);
    const slots = part.map((_, i) => `$${i + 2}`).join(', ');
    rows.push(...(yield { sql: `${select} in (${slots})`, values: [tenant, ...part] }));
  }
  return rows;
}
