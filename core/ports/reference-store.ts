/**
 * ReferenceStore: relational state. Plans, cursors, leases, fetches, landed intervals, jobs, taxonomy,
 * aliases.
 * SQLite embedded, PostgreSQL at scale; the SQL of `migrations/postgres` keeps to what both take.
 */

import type { Plan } from '../stage/plan.ts';
import type { Micros } from '../time/instant.ts';
import type { FetchLedger } from './fetch-ledger.ts';
import type { IntervalLedger } from './interval-ledger.ts';
import type { JobStore } from './job-store.ts';

/** What is known about an instrument beside its values (table taxonomy_instruments, H2). */
export interface TaxonomyEntry {
  readonly instrumentId: string;
  readonly commodity: string;
  readonly region: string;
  readonly productTier: string;
  /** Semantic tags, sorted. */
  readonly tags: readonly string[];
  /** 0 to 1: 1 for an entry of the table, less for a rule. */
  readonly confidence: number;
}

/** A lease as it stands in the store. */
export interface Lease {
  readonly holder: string;
  /** Half-open: at this moment another may take it. UTC micros. */
  readonly until: Micros;
}

/** What a runner finds when it takes a partition. */
export interface Claim {
  /** Generation of the new owner: greater than that of any owner before. */
  readonly fence: number;
  /** The plan left open, to be finished first, and the newest finished one. */
  readonly open: Plan | null;
  readonly last: Plan | null;
}

/** Relational state of the runners and of the catalog. Each call is one transaction. */
export interface ReferenceStore extends FetchLedger, IntervalLedger, JobStore {
  /**
   * Makes the caller the owner of a partition and shuts every former owner out, before it reads the plans: from here on
   * those can neither store nor finish one. The last to claim owns; who may claim is decided elsewhere.
   */
  claimPartition(group: string, topic: string, partition: number): Promise<Claim>;
  /** Resolves while the claim holds. Throws PLAN_CONFLICT when another has claimed the partition since. */
  confirmClaim(group: string, topic: string, partition: number, fence: number): Promise<void>;
  /** The plan left open for a partition of a group's input, or null. */
  openPlan(group: string, topic: string, partition: number): Promise<Plan | null>;
  /**
   * Stores a plan before its first output. Throws PLAN_CONFLICT when the partition has another open plan, or when
   * `fence` is older than the one stored (a runner that lost its partition).
   */
  storePlan(plan: Plan): Promise<void>;
  /** Marks a plan done. Throws PLAN_CONFLICT when it is not the open one, or when its fence is not the newest. */
  finishPlan(plan: Plan): Promise<void>;
  /** The newest finished plan of a partition: where a lost offset commit is found again. */
  lastFinishedPlan(group: string, topic: string, partition: number): Promise<Plan | null>;

  /** A connector's cursor: small JSON text by name, or null. */
  loadCursor(name: string): Promise<string | null>;
  /** Saves a cursor; only after the data it stands for is durable. */
  saveCursor(name: string, value: string): Promise<void>;

  /** Entries of the instruments asked for; those without an entry are absent. Aliases are followed. */
  lookupInstruments(tenant: string, ids: readonly string[]): Promise<Map<string, TaxonomyEntry>>;
  /** Entries of a tenant in order of id, from the one after `after` on; at most `limit`. Aliases are not among them. */
  listInstruments(tenant: string, after: string, limit: number): Promise<TaxonomyEntry[]>;
  /** Inserts or replaces entries and raises the version when anything changed. Returns how many changed. */
  upsertInstruments(tenant: string, entries: readonly TaxonomyEntry[]): Promise<number>;
  /** Makes `alias` another name of an instrument. */
  upsertAlias(tenant: string, alias: string, instrumentId: string): Promise<void>;
  /** Version of the reference data of a tenant; grows with every change. */
  referenceVersion(tenant: string): Promise<number>;
  /** Raises the version although nothing changed, so that every cache takes in the data anew; returns the new one. */
  raiseReferenceVersion(tenant: string): Promise<number>;
  /**
   * Calls the listener soon after the reference data of a tenant changed, by whichever process the store hears of; null
   * stands for any tenant. A convenience: the version says the same to whoever asks. The function returned ends it.
   */
  onReferenceChange(listener: (tenant: string | null) => void): () => void;

  /** Takes or renews a lease until `until`; false when another holder's lease has not ended at `now`. */
  acquireLease(name: string, holder: string, now: Micros, until: Micros): Promise<boolean>;
  /** Who holds a lease and until when, ended or not; null when it was given back or never taken. */
  leaseOf(name: string): Promise<Lease | null>;
  /** Gives a lease back; does nothing when it is held by another. */
  releaseLease(name: string, holder: string): Promise<void>;
  /** Names of the migrations that the store has, in order, with the time of each. */
  listMigrations(): Promise<{ readonly name: string; readonly appliedAt: Micros }[]>;
  close(): Promise<void>;
}
