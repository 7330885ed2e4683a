/**
 * ReferenceStore on PostgreSQL. The statements are those of `core/store/reference-queries.ts`, `plan-queries.ts`,
 * `fetch-queries.ts`, `interval-queries.ts` and `job-queries.ts`, which SQLite takes too; here each call is one transaction
 * of a pool.
 */

import type { Job, JobError, JobProgress, JobStatus, NewJob } from '../../core/model/job.ts';
import type { FetchQuestion, FetchRecord } from '../../core/ports/fetch-ledger.ts';
import type {
  LandedInterval,
  Landing,
  LedgerScope,
  MissingInterval,
} from '../../core/ports/interval-ledger.ts';
import type { JobLease, JobQuestion } from '../../core/ports/job-store.ts';
import type { Claim, Lease, ReferenceStore, TaxonomyEntry } from '../../core/ports/reference-store.ts';
import type { Plan } from '../../core/stage/plan.ts';
import * as fetches from '../../core/store/fetch-queries.ts';
import * as intervals from '../../core/store/interval-queries.ts';
import * as jobs from '../../core/store/job-queries.ts';
import type { Migration } from '../../core/store/migrations.ts';
import * as plans from '../../core/store/plan-queries.ts';
import * as queries from '../../core/store/reference-queries.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { CHANGE_CHANNEL, ChangeFeed, type ChangeListener } from './change-feed.ts';
import { PostgresDatabase, type PostgresOptions } from './database.ts';
import { migratePostgres } from './migrate.ts';

/** Connections for looking instruments up. */
const LOOK_UP_POOL = 2;
const LOOK_UP_MS = 2_000;
/** A migration may have to wait for others, and then to write a large table anew. */
const MIGRATION_MS = 600_000;

/** How instruments are looked up. */
export interface LookUpOptions {
  /** A replica that is asked in place of the database itself. */
  readonly dsn?: string;
  /** Longest wait for a connection, and for a statement, in milliseconds: whoever looks up goes on without an answer. */
  readonly timeoutMs: number;
}

/** The database, and what its schema has to be. */
export interface PostgresReferenceOptions extends PostgresOptions {
  /** Look-ups have connections of their own, so that those that hang hold up nothing else. */
  readonly lookUp?: LookUpOptions;
  readonly migrations: readonly Migration[];
  /** Recorded as the time of what is applied on opening. */
  readonly now: Micros;
}

/**
 * Opens the store and brings it to the present schema. Throws STORE_UNREACHABLE when nobody answers, STORE_REFUSED for
 * an account or database that does not exist, STORE_NEWER, STORE_MIGRATION_CHANGED.
 */
export async function openPostgresReference(options: PostgresReferenceOptions): Promise<ReferenceStore> {
  const migrating = new PostgresDatabase({ ...options, poolSize: 1, statementMs: MIGRATION_MS });
  try {
    await migratePostgres(migrating, options.migrations, options.now);
  } finally {
    await migrating.close();
  }
  const { lookUp = { timeoutMs: LOOK_UP_MS } } = options;
  const taxonomy = new PostgresDatabase({
    ...options,
    dsn: lookUp.dsn ?? options.dsn,
    poolSize: LOOK_UP_POOL,
    connectMs: lookUp.timeoutMs,
    statementMs: lookUp.timeoutMs,
  });
  return new PostgresReferenceStore(new PostgresDatabase(options), taxonomy, new ChangeFeed(options));
}

class PostgresReferenceStore implements ReferenceStore {
  private readonly db: PostgresDatabase;
  /** Where entries of instruments and their version are read. */
  private readonly taxonomy: PostgresDatabase;
  private readonly feed: ChangeFeed;

  constructor(db: PostgresDatabase, taxonomy: PostgresDatabase, feed: ChangeFeed) {
    this.db = db;
    this.taxonomy = taxonomy;
    this.feed = feed;
  }

  claimPartition(group: string, topic: string, partition: number): Promise<Claim> {
    return this.db.transact('write', () => plans.claimPartition(group, topic, partition));
  }

  confirmClaim(group: string, topic: string, partition: number, fence: number): Promise<void> {
    return this.db.transact('read', () => plans.confirmClaim(group, topic, partition, fence));
  }

  openPlan(group: string, topic: string, partition: number): Promise<Plan | null> {
    return this.db.transact('read', () => plans.findPlan('open', group, topic, partition));
  }

  storePlan(plan: Plan): Promise<void> {
    return this.db.transact('write', () => plans.storePlan(plan));
  }

  finishPlan(plan: Plan): Promise<void> {
    return this.db.transact('write', () => plans.finishPlan(plan));
  }

  lastFinishedPlan(group: string, topic: string, partition: number): Promise<Plan | null> {
    return this.db.transact('read', () => plans.findPlan('done', group, topic, partition));
  }

  loadCursor(name: string): Promise<string | null> {
    return this.db.transact('read', () => queries.loadCursor(name));
  }

  saveCursor(name: string, value: string): Promise<void> {
    return this.db.transact('write', () => queries.saveCursor(name, value));
  }

  lookupInstruments(tenant: string, ids: readonly string[]): Promise<Map<string, TaxonomyEntry>> {
    return this.taxonomy.transact('read', () => queries.lookupInstruments(tenant, ids));
  }

  listInstruments(tenant: string, after: string, limit: number): Promise<TaxonomyEntry[]> {
    return this.taxonomy.transact('read', () => queries.listInstruments(tenant, after, limit));
  }

  upsertInstruments(tenant: string, entries: readonly TaxonomyEntry[]): Promise<number> {
    return this.db.transact('write', () => told(tenant, queries.upsertInstruments(tenant, entries)));
  }

  upsertAlias(tenant: string, alias: string, instrumentId: string): Promise<void> {
    return this.db.transact('write', () => told(tenant, queries.upsertAlias(tenant, alias, instrumentId)));
  }

  referenceVersion(tenant: string): Promise<number> {
    return this.taxonomy.transact('read', () => queries.referenceVersion(tenant));
  }

  raiseReferenceVersion(tenant: string): Promise<number> {
    return this.db.transact('write', () => told(tenant, queries.raiseReferenceVersion(tenant)));
  }

  onReferenceChange(listener: ChangeListener): () => void {
    return this.feed.listen(listener);
  }

  acquireLease(name: string, holder: string, now: Micros, until: Micros): Promise<boolean> {
    return this.db.transact('write', () => queries.acquireLease(name, holder, now, until));
  }

  releaseLease(name: string, holder: string): Promise<void> {
    return this.db.transact('write', () => queries.releaseLease(name, holder));
  }

  leaseOf(name: string): Promise<Lease | null> {
    return this.db.transact('read', () => queries.leaseOf(name));
  }

  recordFetch(record: FetchRecord): Promise<void> {
    return this.db.transact('write', () => fetches.recordFetch(record));
  }

  listFetches(question: FetchQuestion): Promise<FetchRecord[]> {
    return this.db.transact('read', () => fetches.listFetches(question));
  }

  bodiesOf(
    tenant: string,
    connector: string,
    dataset: string,
    request: string,
    limit: number,
  ): Promise<FetchRecord[]> {
    return this.db.transact('read', () => fetches.bodiesOf(tenant, connector, dataset, request, limit));
  }

  listMigrations(): Promise<{ name: string; appliedAt: Micros }[]> {
    return this.db.transact('read', () => queries.listMigrations());
  }

  recordLandings(scope: LedgerScope, landings: readonly Landing[]): Promise<void> {
    return this.db.transact('write', () => intervals.recordLandings(scope, landings));
  }

  landedIn(scope: LedgerScope, window: Interval): Promise<LandedInterval[]> {
    return this.db.transact('read', () => intervals.landedIn(scope, window));
  }

  firstLanded(scope: LedgerScope): Promise<Micros | null> {
    return this.db.transact('read', () => intervals.firstLanded(scope));
  }

  toldGaps(scope: LedgerScope, window: Interval): Promise<Interval[]> {
    return this.db.transact('read', () => intervals.toldGaps(scope, window));
  }

  noteGaps(
    scope: LedgerScope,
    window: Interval,
    missing: readonly MissingInterval[],
    now: Micros,
  ): Promise<void> {
    return this.db.transact('write', () => intervals.noteGaps(scope, window, missing, now));
  }

  createJob(job: NewJob): Promise<{ job: Job; created: boolean }> {
    return this.db.transact('write', () => jobs.createJob(job));
  }

  jobOf(tenant: string, id: string): Promise<Job | null> {
    return this.db.transact('read', () => jobs.jobOf(tenant, id));
  }

  listJobs(question: JobQuestion): Promise<Job[]> {
    return this.db.transact('read', () => jobs.listJobs(question));
  }

  takeJob(lease: JobLease, id: string | null): Promise<Job | null> {
    return this.db.transact('write', () => jobs.takeJob(lease, id));
  }

  saveJob(id: string, lease: JobLease, progress: JobProgress): Promise<Job | null> {
    return this.db.transact('write', () => jobs.saveJob(id, lease, progress));
  }

  endJob(id: string, holder: string, now: Micros, error: JobError | null): Promise<Job | null> {
    return this.db.transact('write', () => jobs.endJob(id, holder, now, error));
  }

  leaveJob(id: string, holder: string): Promise<void> {
    return this.db.transact('write', () => jobs.leaveJob(id, holder));
  }

  changeJob(
    tenant: string,
    id: string,
    from: readonly JobStatus[],
    to: JobStatus,
    now: Micros,
  ): Promise<Job | null> {
    return this.db.transact('write', () => jobs.changeJob(tenant, id, from, to, now));
  }

  noteTold(id: string, status: JobStatus): Promise<boolean> {
    return this.db.transact('write', () => jobs.noteTold(id, status));
  }

  async close(): Promise<void> {
    await Promise.all([this.feed.close(), this.taxonomy.close(), this.db.close()]);
  }
}

/** Tells those who listen when the work raised the version; they hear of it when the transaction is durable. */
function* told<T>(tenant: string, work: queries.SqlWork<T>): queries.SqlWork<T> {
  const before = yield* queries.referenceVersion(tenant);
  const result = yield* work;
  if ((yield* queries.referenceVersion(tenant)) !== before)
    yield { sql: 'select pg_notify($1, $2)', values: [CHANGE_CHANNEL, tenant] };
  return result;
}
