/** One SQLite file of relational state: opened, its transactions run, its failures put into the words of the house. */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { CarbonError } from '../../core/errors.ts';
import type { SqlRow, SqlWork } from '../../core/store/reference-queries.ts';

/** What a commit survives: the end of the process, or also the loss of power (one fsync per commit). */
export type Durability = 'process' | 'power';

/** How long a writer waits for another process, in milliseconds; the event loop waits with it. */
const BUSY_MS = 10_000;

/** Statements kept prepared; the texts of `core/store/…-queries.ts` are fewer, but for upserts of odd sizes. */
const PREPARED = 64;

/**
 * A connection that runs transactions as generators of statements. Synchronous: a transaction is never interleaved
 * with another of the same process.
 */
export class ReferenceDatabase {
  readonly path: string;
  private readonly db: DatabaseSync;
  private readonly prepared = new Map<string, StatementSync>();

  /** Opens the file, or makes it and its folder; `:memory:` is for tests. Throws STORE_UNREACHABLE or STORE_REFUSED. */
  constructor(path: string, durability: Durability = 'process') {
    this.path = path;
    try {
      if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
      this.db = new DatabaseSync(path, { timeout: BUSY_MS });
      this.db.exec(`pragma journal_mode = wal;
        pragma synchronous = ${durability === 'power' ? 'full' : 'normal'};
        pragma foreign_keys = on;`);
    } catch (error) {
      throw storeFailure(error, path);
    }
  }

  /** Runs one transaction; a reading one takes no lock that a writer would wait for. Rolls back when the work throws. */
  transact<T>(mode: 'read' | 'write', work: SqlWork<T>): T {
    this.execute(mode === 'write' ? 'begin immediate' : 'begin');
    try {
      let step = work.next();
      while (step.done !== true) {
        const { sql, values } = step.value;
        step = work.next(this.statement(sql).all(...values) as SqlRow[]);
      }
      this.db.exec('commit');
      return step.value;
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('rollback');
      throw storeFailure(error, this.path);
    }
  }

  /** Runs statements without an answer, several with semicolons between them. */
  execute(sql: string): void {
    try {
      this.db.exec(sql);
    } catch (error) {
      throw storeFailure(error, this.path);
    }
  }

  close(): void {
    this.prepared.clear();
    if (this.db.isOpen) this.db.close();
  }

  /** The house writes `$1`; SQLite takes numbered parameters as `?1`. */
  private statement(sql: string): StatementSync {
    const known = this.prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.db.prepare(sql.replace(/\$(\d+)/g, '?$1'));
    if (this.prepared.size >= PREPARED) this.prepared.delete(this.prepared.keys().next().value!);
    this.prepared.set(sql, statement);
    return statement;
  }
}

/** Result codes of SQLite that go away by themselves: busy, locked, I/O error, full, cannot open. */
const PASSING = new Set([5, 6, 10, 13, 14]);

function storeFailure(error: unknown, path: string): unknown {
  if (error instanceof CarbonError || !(error instanceof Error)) return error;
  const result = 'errcode' in error ? Number(error.errcode) & 0xff : -1;
  const code = PASSING.has(result) ? 'STORE_UNREACHABLE' : 'STORE_REFUSED';
  return new CarbonError(code, `${path}: ${error.message}`, { cause: error, context: { store: path } });
}
