/** Databases of their own on the PostgreSQL that a test run shares, and stores on them. */

import { join } from 'node:path';
import { Client } from 'pg';
import { readMigrationFolder } from '../../app/stores/migration-folder.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import {
  openPostgresReference,
  type PostgresReferenceOptions,
} from '../../drivers/postgres-reference/reference-store.ts';

/** The migrations of the program. */
export const migrations = await readMigrationFolder(join(import.meta.dirname, '../../migrations/postgres'));

let made = 0;

/** The address of a database of the server of that port. */
export function dsnOf(port: number, database = 'carbon'): string {
  return `postgres://carbon:carbon@127.0.0.1:${port}/${database}`;
}

/** Makes an empty database and returns its address. It goes with the server. */
export async function newDatabase(port: number): Promise<string> {
  const name = `test_${process.pid}_${made++}`;
  const client = new Client(dsnOf(port, 'postgres'));
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  return dsnOf(port, name);
}

/** A store on a database, at the present schema. */
export function openStore(
  dsn: string,
  options: Partial<PostgresReferenceOptions> = {},
): Promise<ReferenceStore> {
  return openPostgresReference({ dsn, migrations, now: Date.now() * 1000, ...options });
}
