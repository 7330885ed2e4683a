/**
 * Migrations: numbered SQL files, forward only, each applied once. Pure: drivers read the folder, run the statements
 * and keep the record in {@link MIGRATION_TABLE}.
 */

import { CarbonError } from '../errors.ts';
import { FieldHash } from '../model/hash128.ts';

/** Where a store keeps which migrations it has; the same words in SQLite and PostgreSQL. Times are UTC micros. */
export const MIGRATION_TABLE = `create table if not exists schema_migrations (
  name text not null primary key,
  checksum text not null,
  applied_at bigint not null
)`;

/** One migration file. */
export interface Migration {
  /** The number that its name begins with, counted from 1. */
  readonly number: number;
  /** `001_taxonomy_tables`, without the ending. */
  readonly name: string;
  readonly sql: string;
  /** {@link migrationChecksum} of the file. */
  readonly checksum: string;
}

/** What a store has recorded about a migration. */
export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
}

const FILE_NAME = /^(\d{3})_[a-z0-9_]+\.sql$/;

/**
 * The migrations of a folder in order of number; files that do not end in `.sql` are passed over.
 * Throws CONFIG_INVALID for a name that is not `NNN_words.sql`, a number given twice, or a gap.
 */
export function readMigrations(
  files: readonly { readonly name: string; readonly text: string }[],
): Migration[] {
  const migrations: Migration[] = [];
  for (const file of files) {
    if (!file.name.endsWith('.sql')) continue;
    const m = FILE_NAME.exec(file.name);
    if (m === null) throw misnamed(file.name, 'a name like 001_taxonomy_tables.sql');
    migrations.push({
      number: Number(m[1]),
      name: file.name.slice(0, -'.sql'.length),
      sql: file.text,
      checksum: migrationChecksum(file.text),
    });
  }
  migrations.sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
  migrations.forEach((migration, i) => {
    if (migration.number !== i + 1)
      throw misnamed(`${migration.name}.sql`, `number ${String(i + 1).padStart(3, '0')}`);
  });
  return migrations;
}

function misnamed(file: string, expected: string): CarbonError {
  return new CarbonError('CONFIG_INVALID', `the migration ${file} is misnamed: expected ${expected}`, {
    position: { file, expected, got: file },
  });
}

/** 128-bit hash of a migration's text in hex. Line endings and space at the end of lines do not count. */
export function migrationChecksum(text: string): string {
  const plain = text.replace(/[ \t\r]+$/gm, '').trimEnd();
  const words = new Uint32Array(4);
  new FieldHash().text(plain).digest(words, 0);
  return Array.from(words, (w) => w.toString(16).padStart(8, '0')).join('');
}

/**
 * The migrations that a store still lacks, in order. Throws STORE_MIGRATION_CHANGED when an applied file reads
 * otherwise now, or when the folder holds one before the newest applied that the store never saw; STORE_NEWER when
 * the store has one that the folder has not.
 */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): Migration[] {
  const known = new Map(migrations.map((m) => [m.name, m]));
  let newest = 0;
  for (const record of applied) {
    const migration = known.get(record.name);
    if (migration === undefined)
      throw new CarbonError(
        'STORE_NEWER',
        `the store has the migration ${record.name}, which this program does not know`,
        { context: { migration: record.name } },
      );
    if (migration.checksum !== record.checksum)
      throw changed(migration, `the migration ${record.name} was applied with another content`);
    newest = Math.max(newest, migration.number);
  }
  const done = new Set(applied.map((record) => record.name));
  const pending = migrations.filter((m) => !done.has(m.name));
  const skipped = pending.find((m) => m.number < newest);
  if (skipped !== undefined)
    throw changed(skipped, `the migration ${skipped.name} came after later ones were applied`);
  return pending;
}

function changed(migration: Migration, message: string): CarbonError {
  return new CarbonError('STORE_MIGRATION_CHANGED', message, {
    position: { file: `${migration.name}.sql` },
    context: { migration: migration.name },
  });
}

const TOKEN = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"]|"")*"|`[^`]*`|;/g;

/**
 * The statements of a file without their semicolons and without those that hold only comments: some stores take one
 * statement at a time. Semicolons in strings, quoted names and comments do not cut.
 */
export function statementsOf(sql: string): string[] {
  const statements: string[] = [];
  let from = 0;
  let code = '';
  let last = 0;
  const finish = (to: number): void => {
    code += sql.slice(last, to);
    if (code.trim() !== '') statements.push(sql.slice(from, to).trim());
    code = '';
  };
  for (const token of sql.matchAll(TOKEN)) {
    const text = token[0];
    if (text === ';') {
      finish(token.index);
      from = last = token.index + 1;
    } else if (text.startsWith('--') || text.startsWith('/*')) {
      code += sql.slice(last, token.index);
      last = token.index + text.length;
    }
  }
  finish(sql.length);
  return statements;
}
