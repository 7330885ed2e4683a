/**
 * TaxonomyCache: entries of the reference store in memory, shared by all runners of a process (E2, E5).
 *
 * It holds entries of one version of a tenant's reference data: with another version everything is forgotten and warmed
 * anew, so what it answers is what the store would say. While the store does not answer it says what it last knew, and
 * of what it does not know, nothing: such values are flagged as without metadata, and work goes on.
 */

import { CarbonError } from '../errors.ts';
import type { ReferenceStore, TaxonomyEntry } from '../ports/reference-store.ts';

/** What the cache asks of the store. */
export type TaxonomySource = Pick<
  ReferenceStore,
  'lookupInstruments' | 'listInstruments' | 'referenceVersion'
>;

const UNKNOWN: ReadonlyMap<string, TaxonomyEntry> = new Map();
/** Entries per question while warming. */
const PAGE = 2000;

interface TenantEntries {
  readonly version: number;
  /** By the id asked for, the one used longest ago first; null for an id that has no entry. */
  readonly byId: Map<string, TaxonomyEntry | null>;
}

/** What look-ups need of a reference store; the cache stands in for it. */
export type TaxonomyLookup = Pick<ReferenceStore, 'lookupInstruments' | 'referenceVersion'>;

/** Look-ups through memory. Holds at most `maxEntries` per tenant; those used longest ago go first. */
export class TaxonomyCache implements TaxonomyLookup {
  private readonly source: TaxonomySource;
  private readonly maxEntries: number;
  private readonly tenants = new Map<string, TenantEntries>();
  private readonly onAway: (error: CarbonError) => void;

  /** `onAway` hears of each answer that was given without the store. */
  constructor(source: TaxonomySource, maxEntries: number, onAway: (error: CarbonError) => void = () => {}) {
    this.source = source;
    this.maxEntries = maxEntries;
    this.onAway = onAway;
  }

  /** Takes in all entries of a tenant, or as many as fit; returns how many. */
  async warm(tenant: string): Promise<number> {
    return (await this.open(tenant, await this.source.referenceVersion(tenant))).byId.size;
  }

  /** Throws STORE_UNREACHABLE only while nothing at all is known of the tenant. */
  async referenceVersion(tenant: string): Promise<number> {
    const known = this.tenants.get(tenant)?.version;
    return this.orAway(this.source.referenceVersion(tenant), known);
  }

  async lookupInstruments(tenant: string, ids: readonly string[]): Promise<Map<string, TaxonomyEntry>> {
    const version = await this.referenceVersion(tenant);
    let held = this.tenants.get(tenant);
    if (held === undefined || held.version !== version)
      held = await this.orAway(this.open(tenant, version), held);
    const { byId } = held;
    const missing = ids.filter((id) => !byId.has(id));
    const asked = missing.length > 0;
    const found = asked
      ? await this.orAway(this.source.lookupInstruments(tenant, missing), UNKNOWN)
      : UNKNOWN;
    const entries = new Map<string, TaxonomyEntry>();
    for (const id of ids) {
      // What could not be asked is not taken for absent: the next one asks again.
      if (asked && found === UNKNOWN && !byId.has(id)) continue;
      const entry = byId.get(id) ?? found.get(id) ?? null;
      // What was used last stands last.
      byId.delete(id);
      byId.set(id, entry);
      if (entry !== null) entries.set(id, entry);
    }
    for (const id of byId.keys()) {
      if (byId.size <= this.maxEntries) break;
      byId.delete(id);
    }
    return entries;
  }

  /** The answer of the store, or `otherwise`, where there is something, while it does not answer. */
  private async orAway<T>(answer: Promise<T>, otherwise: T | undefined): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      const isAway = error instanceof CarbonError && error.code === 'STORE_UNREACHABLE';
      if (!isAway || otherwise === undefined) throw error;
      this.onAway(error);
      return otherwise;
    }
  }

  private async open(tenant: string, version: number): Promise<TenantEntries> {
    const held: TenantEntries = { version, byId: new Map() };
    for (let after = ''; ; ) {
      const limit = Math.min(PAGE, this.maxEntries - held.byId.size);
      const page = limit === 0 ? [] : await this.source.listInstruments(tenant, after, limit);
      for (const entry of page) held.byId.set(entry.instrumentId, entry);
      const last = page.at(-1);
      if (last === undefined || page.length < limit) break;
      after = last.instrumentId;
    }
    this.tenants.set(tenant, held);
    return held;
  }
}
