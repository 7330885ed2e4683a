/** The database file of an event log: layout, opening, failures in the words of the house. */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CarbonError, type ErrorContext } from '../../core/errors.ts';

/** What an append survives: the end of the process, or also the loss of power (one fsync per append). */
export type Durability = 'process' | 'power';

/**
 * Layout of the file. A greater number is refused; a smaller one is taken over as it is: since layout 2 batches may be
 * packed (`packing.ts`), which programs that know layout 1 alone cannot read.
 */
export const LOG_LAYOUT = 2;

/** Marks the file as an event log of this program ("cLog"). */
const APPLICATION_ID = 0x634c6f67;

/** How long a writer waits for another process, in milliseconds; the event loop waits with it. */
const BUSY_MS = 10_000;

/**
 * A lane is one partition of a topic. `next` is the offset after the last record of a batch, or of the lane;
 * `newest_ms` the greatest timestamp of a batch and all before it: it only grows along a lane, so the index finds a
 * time by halving. Times are milliseconds as in the batches, retention is micros.
 */
const TABLES = `
  create table topics (
    id integer primary key, name text not null unique, partitions integer not null, retention integer
  ) strict;
  create table lanes (
    id integer primary key, topic integer not null, partition integer not null,
    earliest integer not null, next integer not null, newest_ms integer not null,
    unique (topic, partition)
  ) strict;
  create table batches (
    id integer primary key, lane integer not null, base integer not null, next integer not null,
    newest_ms integer not null, bytes blob not null
  ) strict;
  create unique index batches_by_offset on batches (lane, base);
  create index batches_by_time on batches (lane, newest_ms, base);
  create table group_offsets (
    consumer_group text not null, lane integer not null, next integer not null,
    primary key (consumer_group, lane)
  ) strict, without rowid;
  pragma application_id = ${APPLICATION_ID};
  pragma user_version = ${LOG_LAYOUT};`;

/**
 * Opens the file, or makes it and its folder. Throws STORE_NEWER for a newer layout, STORE_REFUSED for a file that is
 * no event log, STORE_UNREACHABLE when it cannot be had.
 */
export function openLogDatabase(path: string, durability: Durability): DatabaseSync {
  let db: DatabaseSync | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true });
    db = new DatabaseSync(path, { timeout: BUSY_MS });
    // 16 KiB pages: measured the best of both for batches of one kilobyte and of a quarter megabyte.
    db.exec(`pragma page_size = 16384; pragma auto_vacuum = incremental; pragma journal_mode = wal;
      pragma synchronous = ${durability === 'power' ? 'full' : 'normal'};
      pragma journal_size_limit = 67108864;`);
    prepareLayout(db, path);
    return db;
  } catch (error) {
    if (db?.isOpen) db.close();
    throw logFailure(error, path);
  }
}

function prepareLayout(db: DatabaseSync, path: string): void {
  if (layoutOf(db, path) === LOG_LAYOUT) return;
  db.exec('begin immediate');
  try {
    // Asked again under the write lock: another process may have made the tables meanwhile.
    const layout = layoutOf(db, path);
    if (layout === 0) db.exec(TABLES);
    else if (layout < LOG_LAYOUT) db.exec(`pragma user_version = ${LOG_LAYOUT}`);
    db.exec('commit');
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}

/** 0 of an empty file. */
function layoutOf(db: DatabaseSync, path: string): number {
  const number = (pragma: string): number =>
    Number(Object.values(db.prepare(`pragma ${pragma}`).get() ?? {})[0]);
  const layout = number('user_version');
  const owner = number('application_id');
  const tables = db.prepare('select count(*) as n from sqlite_schema').get();
  if (owner !== APPLICATION_ID && (owner !== 0 || Number(tables?.['n']) > 0))
    throw new CarbonError('STORE_REFUSED', `${path} is a database, but not an event log`, {
      context: { store: path },
    });
  if (layout > LOG_LAYOUT)
    throw new CarbonError(
      'STORE_NEWER',
      `${path} has layout ${layout}; this program knows layouts up to ${LOG_LAYOUT}`,
      { context: { store: path, layout } },
    );
  return layout;
}

/** Result codes of SQLite that go away by themselves: busy, locked, I/O error, full, cannot open. */
const PASSING = new Set([5, 6, 10, 13, 14]);
/** Damaged, or no database at all. */
const DAMAGED = new Set([11, 26]);

/** A CarbonError as it is; a failure of SQLite as STORE_UNREACHABLE, LOG_CORRUPT or STORE_REFUSED. */
export function logFailure(error: unknown, path: string, context: ErrorContext = {}): unknown {
  if (error instanceof CarbonError || !(error instanceof Error)) return error;
  const result = 'errcode' in error ? Number(error.errcode) & 0xff : -1;
  const code = PASSING.has(result)
    ? 'STORE_UNREACHABLE'
    : DAMAGED.has(result)
      ? 'LOG_CORRUPT'
      : 'STORE_REFUSED';
  return new CarbonError(code, `${path}: ${error.message}`, {
    cause: error,
    context: { store: path, ...context },
  });
}
