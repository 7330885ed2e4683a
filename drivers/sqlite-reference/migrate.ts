/** Applies the numbered SQL files of a folder to an embedded reference store. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import {
  type AppliedMigration,
  MIGRATION_TABLE,
  type Migration,
  pendingMigrations,
  readMigrations,
  statementsOf,
} from '../../core/store/migrations.ts';
import type { SqlWork } from '../../core/store/reference-queries.ts';
import type { ReferenceDatabase } from './database.ts';

/** The migrations that come with this program. */
export const REFERENCE_MIGRATIONS = join(import.meta.dirname, '../../migrations/postgres');

/**
 * Brings a store to the state of the folder and returns the names of what was applied, none when it was there
 * already. Each file is one transaction, so a kill leaves whole files; several processes may do it at once.
 * Throws STORE_MIGRATION_CHANGED, STORE_NEWER, CONFIG_INVALID for a misnamed file, FILE_UNREADABLE for the folder.
 */
export function migrateReference(db: ReferenceDatabase, folder: string = REFERENCE_MIGRATIONS): string[] {
  const migrations = readFolder(folder);
  const done: string[] = [];
  db.execute(MIGRATION_TABLE);
  if (pendingMigrations(migrations, db.transact('read', applied())).length === 0) return done;
  for (;;) {
    // Asked again under the write lock: another process may have been faster.
    const name = db.transact('write', applyNext(migrations));
    if (name === null) return done;
    done.push(name);
  }
}

function readFolder(folder: string): Migration[] {
  try {
    const names = readdirSync(folder).sort();
    return readMigrations(
      names
        .filter((name) => name.endsWith('.sql'))
        .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })),
    );
  } catch (error) {
    if (error instanceof CarbonError) throw error;
    throw new CarbonError('FILE_UNREADABLE', `the migrations in ${folder} cannot be read`, {
      cause: error,
      position: { file: folder },
    });
  }
}

function* applied(): SqlWork<AppliedMigration[]> {
  const rows = yield { sql: 'select name, checksum from schema_migrations', values: [] };
  return rows.map((row) => ({ name: String(row['name']), checksum: String(row['checksum']) }));
}

function* applyNext(migrations: readonly Migration[]): SqlWork<string | null> {
  const [next] = pendingMigrations(migrations, yield* applied());
  if (next === undefined) return null;
  for (const sql of statementsOf(next.sql)) yield { sql, values: [] };
  yield {
    sql: 'insert into schema_migrations (name, checksum, applied_at) values ($1, $2, $3)',
    values: [next.name, next.checksum, Date.now() * 1000],
  };
  return next.name;
}
