/** Applies `migrations/clickhouse` to a warehouse, whichever driver reaches it. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Warehouse } from '../../core/ports/warehouse.ts';
import {
  type Migration,
  pendingMigrations,
  readMigrations,
  statementsOf,
} from '../../core/store/migrations.ts';
import type { Micros } from '../../core/time/instant.ts';

/** The record of what was applied; times are UTC micros. */
const RECORD_TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations
(
    name String,
    checksum String,
    applied_at Int64
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY name`;

/**
 * Applies what the store lacks, in order, and returns the names of what it applied. A migration is recorded after its
 * last statement; every statement may run again, so a crash in between costs nothing.
 * Throws STORE_MIGRATION_CHANGED, STORE_NEWER, CONFIG_INVALID for a misnamed file, and what the store refuses.
 */
export async function migrateWarehouse(warehouse: Warehouse, folder: string, now: Micros): Promise<string[]> {
  const migrations = readMigrations(await filesOf(folder));
  await warehouse.execute(RECORD_TABLE);
  const pending = pendingMigrations(migrations, await appliedTo(warehouse));
  for (const migration of pending) await apply(warehouse, migration, now);
  return pending.map((migration) => migration.name);
}

async function filesOf(folder: string): Promise<{ name: string; text: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
}

async function appliedTo(warehouse: Warehouse): Promise<{ name: string; checksum: string }[]> {
  const columns = await warehouse.queryColumns(
    'SELECT name, checksum FROM schema_migrations FINAL ORDER BY name',
  );
  const checksums = columns.strings('checksum');
  return columns.strings('name').map((name, i) => ({ name, checksum: checksums[i] }));
}

async function apply(warehouse: Warehouse, migration: Migration, now: Micros): Promise<void> {
  for (const statement of statementsOf(migration.sql)) await warehouse.execute(statement);
  await warehouse.execute(
    'INSERT INTO schema_migrations SELECT {name:String}, {checksum:String}, {at:Int64}',
    {
      name: migration.name,
      checksum: migration.checksum,
      at: now,
    },
  );
}
