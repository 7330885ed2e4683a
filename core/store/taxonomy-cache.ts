/**
 * TaxonomyCache: entries of the reference store in memory, shared by all runners of a process (E2, E5).
 *
 * It holds entries of one version of a tenant's reference data: with another version everything is forgotten and warmed
 * anew, so what it answers is what the store would say.
 */

import type { ReferenceStore, TaxonomyEntry } from '../ports/reference-store.ts';

/** What the cache asks of the store. */
export type TaxonomySource = Pick<
  ReferenceStore,
  'lookupInstruments' | 'listInstruments' | 'referenceVersion'
>;

const NOTHING: ReadonlyMap<string, TaxonomyEntry> = new Map();
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

  constructor(source: TaxonomySource, maxEntries: number) {
    this.source = source;
    this.maxEntries = maxEntries;
  }

  /** Takes in all entries of a tenant, or as many as fit; returns how many. */
  async warm(tenant: string): Promise<number> {
    return (await this.open(tenant, await this.source.referenceVersion(tenant))).byId.size;
  }

  referenceVersion(tenant: string): Promise<number> {
    return this.source.referenceVersion(tenant);
  }

  async lookupInstruments(tenant: string, ids: readonly string[]): Promise<Map<string, TaxonomyEntry>> {
    const version = await this.source.referenceVersion(tenant);
    let held = this.tenants.get(tenant);
    if (held === undefined || held.version !== version) held = await this.open(tenant, version);
    const { byId } = held;
    const missing = ids.filter((id) => !byId.has(id));
    const found = missing.length === 0 ? NOTHING : await this.source.lookupInstruments(tenant, missing);
    const entries = new Map<string, TaxonomyEntry>();
    for (const id of ids) {
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
