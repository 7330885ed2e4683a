/**
 * The work of a ReferenceStore as statements that SQLite and PostgreSQL both take.
 *
 * Each function is one transaction, written as a generator: it yields a statement and is resumed with the rows. A
 * driver runs it, synchronously or not, and rolls back when it throws. Parameters are `$1`, `$2` …; 64-bit integers
 * may come back as numbers or as texts. Plans, fetches and intervals have their statements in files of their own.
 */

import { CarbonError } from '../errors.ts';
import type { Lease, TaxonomyEntry } from '../ports/reference-store.ts';
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
