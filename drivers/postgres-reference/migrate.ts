/** Applies numbered migrations to a PostgreSQL database. */

import {
  type AppliedMigration,
  MIGRATION_TABLE,
  type Migration,
  pendingMigrations,
  statementsOf,
} from '../../core/store/migrations.ts';
import type { SqlWork } from '../../core/store/reference-queries.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { PostgresDatabase } from './database.ts';

/** Advisory lock of everybody who migrates: the bytes of `254carbn` as a number. */
const LOCK = '3617855477103354478';

/**
 * Brings a database to the state of the migrations and returns the names of what was applied, none when it was there
 * already. Each file is one transaction, so a kill leaves whole files; several processes may do it at once, one of them
 * works and the others wait. Throws STORE_MIGRATION_CHANGED or STORE_NEWER.
 */
export async function migratePostgres(
  db: PostgresDatabase,
  migrations: readonly Migration[],
  now: Micros,
): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const name = await db.transact('write', () => applyNext(migrations, now));
    if (name === null) return done;
    done.push(name);
  }
}

function* applied(): SqlWork<AppliedMigration[]> {
  const rows = yield { sql: 'select name, checksum from schema_migrations', values: [] };
  return rows.map((row) => ({ name: String(row['name']), checksum: String(row['checksum']) }));
}

/** The lock ends with the transaction, however it ends. */
function* applyNext(migrations: readonly Migration[], now: Micros): SqlWork<string | null> {
  yield { sql: 'select pg_advisory_xact_lock($1)', values: [LOCK] };
  // Even `if not exists` fails when two make the table at the same time: it comes after the lock.
  yield { sql: MIGRATION_TABLE, values: [] };
  const [next] = pendingMigrations(migrations, yield* applied());
  if (next === undefined) return null;
  for (const sql of statementsOf(next.sql)) yield { sql, values: [] };
  yield {
    sql: 'insert into schema_migrations (name, checksum, applied_at) values ($1, $2, $3)',
    values: [next.name, next.checksum, now],
  };
  return next.name;
}
