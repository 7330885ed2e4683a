/**
 * ReferenceStore on one SQLite file. The statements are those of `core/store/reference-queries.ts`,
 * `plan-queries.ts`, `fetch-queries.ts`, `interval-queries.ts` and `job-queries.ts`, which PostgreSQL takes too; here they
 * run synchronously, one transaction per call. Several processes may open the file at once.
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
import * as plans from '../../core/store/plan-queries.ts';
import * as queries from '../../core/store/reference-queries.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { type Durability, ReferenceDatabase } from './database.ts';
import { migrateReference, REFERENCE_MIGRATIONS } from './migrate.ts';

export interface SqliteReferenceOptions {
  /** The database file; made with its folder when absent. */
  readonly path: string;
  /** `process` (default): commits survive kill -9. `power`: they survive loss of power, at one fsync each. */
  readonly durability?: Durability;
  /** Folder of numbered migrations, applied on opening; the program's own by default. */
  readonly migrations?: string;
}

/**
 * Opens the store and brings it to the present schema. Throws STORE_NEWER, STORE_MIGRATION_CHANGED, STORE_UNREACHABLE
 * when the file cannot be had, STORE_REFUSED when it is no database.
 */
export function openSqliteReference(options: SqliteReferenceOptions): ReferenceStore {
  const db = new ReferenceDatabase(options.path, options.durability);
  try {
    migrateReference(db, options.migrations ?? REFERENCE_MIGRATIONS);
  } catch (error) {
    db.close();
    throw error;
  }
  return new SqliteReferenceStore(db);
}

class SqliteReferenceStore implements ReferenceStore {
  private readonly db: ReferenceDatabase;
  private readonly listeners = new Set<(tenant: string) => void>();

  constructor(db: ReferenceDatabase) {
    this.db = db;
  }

  async claimPartition(group: string, topic: string, partition: number): Promise<Claim> {
    return this.db.transact('write', plans.claimPartition(group, topic, partition));
  }

  async confirmClaim(group: string, topic: string, partition: number, fence: number): Promise<void> {
    this.db.transact('read', plans.confirmClaim(group, topic, partition, fence));
  }

  async openPlan(group: string, topic: string, partition: number): Promise<Plan | null> {
    return this.db.transact('read', plans.findPlan('open', group, topic, partition));
  }

  async storePlan(plan: Plan): Promise<void> {
    this.db.transact('write', plans.storePlan(plan));
  }

  async finishPlan(plan: Plan): Promise<void> {
    this.db.transact('write', plans.finishPlan(plan));
  }

  async lastFinishedPlan(group: string, topic: string, partition: number): Promise<Plan | null> {
    return this.db.transact('read', plans.findPlan('done', group, topic, partition));
  }

  async loadCursor(name: string): Promise<string | null> {
    return this.db.transact('read', queries.loadCursor(name));
  }

  async saveCursor(name: string, value: string): Promise<void> {
    this.db.transact('write', queries.saveCursor(name, value));
  }

  async lookupInstruments(tenant: string, ids: readonly string[]): Promise<Map<string, TaxonomyEntry>> {
    return this.db.transact('read', queries.lookupInstruments(tenant, ids));
  }

  async listInstruments(tenant: string, after: string, limit: number): Promise<TaxonomyEntry[]> {
    return this.db.transact('read', queries.listInstruments(tenant, after, limit));
  }

  async upsertInstruments(tenant: string, entries: readonly TaxonomyEntry[]): Promise<number> {
    return this.changing(tenant, queries.upsertInstruments(tenant, entries));
  }

  async upsertAlias(tenant: string, alias: string, instrumentId: string): Promise<void> {
    this.changing(tenant, queries.upsertAlias(tenant, alias, instrumentId));
  }

  async referenceVersion(tenant: string): Promise<number> {
    return this.db.transact('read', queries.referenceVersion(tenant));
  }

  async raiseReferenceVersion(tenant: string): Promise<number> {
    return this.changing(tenant, queries.raiseReferenceVersion(tenant));
  }

  /** Hears of the changes of this process; those of others show in the version. */
  onReferenceChange(listener: (tenant: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async acquireLease(name: string, holder: string, now: Micros, until: Micros): Promise<boolean> {
    return this.db.transact('write', queries.acquireLease(name, holder, now, until));
  }

  async releaseLease(name: string, holder: string): Promise<void> {
    this.db.transact('write', queries.releaseLease(name, holder));
  }

  async leaseOf(name: string): Promise<Lease | null> {
    return this.db.transact('read', queries.leaseOf(name));
  }

  async recordFetch(record: FetchRecord): Promise<void> {
    this.db.transact('write', fetches.recordFetch(record));
  }

  async listFetches(question: FetchQuestion): Promise<FetchRecord[]> {
    return this.db.transact('read', fetches.listFetches(question));
  }

  async bodiesOf(
    tenant: string,
    connector: string,
    dataset: string,
    request: string,
    limit: number,
  ): Promise<FetchRecord[]> {
    return this.db.transact('read', fetches.bodiesOf(tenant, connector, dataset, request, limit));
  }

  async listMigrations(): Promise<{ name: string; appliedAt: Micros }[]> {
    return this.db.transact('read', queries.listMigrations());
  }

  async recordLandings(scope: LedgerScope, landings: readonly Landing[]): Promise<void> {
    this.db.transact('write', intervals.recordLandings(scope, landings));
  }

  async landedIn(scope: LedgerScope, window: Interval): Promise<LandedInterval[]> {
    return this.db.transact('read', intervals.landedIn(scope, window));
  }

  async firstLanded(scope: LedgerScope): Promise<Micros | null> {
    return this.db.transact('read', intervals.firstLanded(scope));
  }

  async toldGaps(scope: LedgerScope, window: Interval): Promise<Interval[]> {
    return this.db.transact('read', intervals.toldGaps(scope, window));
  }

  async noteGaps(
    scope: LedgerScope,
    window: Interval,
    missing: readonly MissingInterval[],
    now: Micros,
  ): Promise<void> {
    this.db.transact('write', intervals.noteGaps(scope, window, missing, now));
  }

  async createJob(job: NewJob): Promise<{ job: Job; created: boolean }> {
    return this.db.transact('write', jobs.createJob(job));
  }

  async jobOf(tenant: string, id: string): Promise<Job | null> {
    return this.db.transact('read', jobs.jobOf(tenant, id));
  }

  async listJobs(question: JobQuestion): Promise<Job[]> {
    return this.db.transact('read', jobs.listJobs(question));
  }

  async takeJob(lease: JobLease, id: string | null): Promise<Job | null> {
    return this.db.transact('write', jobs.takeJob(lease, id));
  }

  async saveJob(id: string, lease: JobLease, progress: JobProgress): Promise<Job | null> {
    return this.db.transact('write', jobs.saveJob(id, lease, progress));
  }

  async endJob(id: string, holder: string, now: Micros, error: JobError | null): Promise<Job | null> {
    return this.db.transact('write', jobs.endJob(id, holder, now, error));
  }

  async leaveJob(id: string, holder: string): Promise<void> {
    this.db.transact('write', jobs.leaveJob(id, holder));
  }

  async changeJob(
    tenant: string,
    id: string,
    from: readonly JobStatus[],
    to: JobStatus,
    now: Micros,
  ): Promise<Job | null> {
    return this.db.transact('write', jobs.changeJob(tenant, id, from, to, now));
  }

  async noteTold(id: string, status: JobStatus): Promise<boolean> {
    return this.db.transact('write', jobs.noteTold(id, status));
  }

  async close(): Promise<void> {
    this.listeners.clear();
    this.db.close();
  }

  private changing<T>(tenant: string, work: queries.SqlWork<T>): T {
    const version = (): number => this.db.transact('read', queries.referenceVersion(tenant));
    const before = this.listeners.size === 0 ? null : version();
    const result = this.db.transact('write', work);
    if (before !== null && version() !== before) for (const listener of this.listeners) listener(tenant);
    return result;
  }
}
