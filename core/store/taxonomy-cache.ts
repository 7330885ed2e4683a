/**
 * TaxonomyCache: entries of the reference store in memory, shared by all runners of a process (E2, E5).
 *
 * It holds entries of one version of a tenant's reference data: with another version everything is forgotten and warmed
 * anew, so what it answers is what the store would say. While the store does not answer it says what it last knew, and
 * of what it does not know, that it does not: such values are flagged as without metadata, and work goes on. Whoever
 * asks meanwhile does not wait for the store each time: it is left alone for a moment after each failure. Entries that a
 * process looked up stand in the hot cache for a while, for others to find while the store is away.
 */

import { CarbonError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { HotCache } from '../ports/hot-cache.ts';
import type { ReferenceStore, TaxonomyEntry } from '../ports/reference-store.ts';
import type { Micros } from '../time/instant.ts';

/** What the cache asks of the store. */
export type TaxonomySource = Pick<
  ReferenceStore,
  'lookupInstruments' | 'listInstruments' | 'referenceVersion'
>;

/** Entries per question while warming. */
const PAGE = 2000;
/** How long a store that did not answer is left alone. */
const LEFT_ALONE: Micros = 1_000_000;
/** How long an entry stands in the hot cache. */
const SHARED_SECONDS = 300;
const NOBODY: ReadonlySet<string> = new Set();

interface TenantEntries {
  readonly version: number;
  /** By the id asked for, the one used longest ago first; null for an id that has no entry. */
  readonly byId: Map<string, TaxonomyEntry | null>;
}

/** What is known about instruments. */
export interface FoundEntries {
  /** Entries of the instruments that have one, all of one version of the reference data. */
  readonly entries: ReadonlyMap<string, TaxonomyEntry>;
  readonly version: number;
  /** Instruments that could not be asked about. */
  readonly unanswered: ReadonlySet<string>;
}

/** What look-ups need. */
export interface TaxonomyLookup {
  lookUp(tenant: string, ids: readonly string[]): Promise<FoundEntries>;
}

/** How a cache works. */
export interface TaxonomyCacheOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Entries per tenant in memory; those used longest ago go first. */
  readonly maxEntries: number;
  /** What processes share; null for none. */
  readonly shared: Pick<HotCache, 'getMany' | 'setMany'> | null;
  /** Hears of each time that the store did not answer and work went on without it. */
  readonly onAway?: (error: CarbonError) => void;
}

/** Look-ups through memory. */
export class TaxonomyCache implements TaxonomyLookup {
  private readonly source: TaxonomySource;
  private readonly options: TaxonomyCacheOptions;
  private readonly tenants = new Map<string, TenantEntries>();
  /** The last failure, for as long as the store is left alone after it. */
  private away: { readonly error: CarbonError; readonly until: Micros } | null = null;

  constructor(source: TaxonomySource, options: TaxonomyCacheOptions) {
    this.source = source;
    this.options = options;
  }

  /** Takes in all entries of a tenant, or as many as fit; returns how many. */
  async warm(tenant: string): Promise<number> {
    const { byId } = await this.open(tenant, await this.source.referenceVersion(tenant));
    this.away = null;
    return byId.size;
  }

  /** The version that look-ups see. Throws STORE_UNREACHABLE only while nothing at all is known of the tenant. */
  async referenceVersion(tenant: string): Promise<number> {
    const known = this.tenants.get(tenant);
    const version = await this.orAway(() => this.source.referenceVersion(tenant), known !== undefined);
    return version ?? (known as TenantEntries).version;
  }

  /** What is known about instruments. Throws STORE_UNREACHABLE only while nothing at all is known of the tenant. */
  async lookUp(tenant: string, ids: readonly string[]): Promise<FoundEntries> {
    const version = await this.referenceVersion(tenant);
    let held = this.tenants.get(tenant);
    if (held === undefined || held.version !== version) {
      const isKnown = held !== undefined;
      held = (await this.orAway(() => this.open(tenant, version), isKnown)) ?? (held as TenantEntries);
    }
    const { byId } = held;
    const missing = ids.filter((id) => !byId.has(id));
    const found =
      missing.length === 0
        ? new Map<string, TaxonomyEntry>()
        : await this.orAway(() => this.source.lookupInstruments(tenant, missing), true);
    const told = found ?? (await this.sharedOf(tenant, held.version, missing));
    const unanswered = found === null ? new Set(missing.filter((id) => !told.has(id))) : NOBODY;
    if (found !== null && found.size > 0) await this.share(tenant, held.version, found);
    const entries = new Map<string, TaxonomyEntry>();
    for (const id of ids) {
      // What could not be asked is not taken for absent: the next one asks again.
      if (unanswered.has(id)) continue;
      const entry = byId.get(id) ?? told.get(id) ?? null;
      // What was used last stands last.
      byId.delete(id);
      byId.set(id, entry);
      if (entry !== null) entries.set(id, entry);
    }
    for (const id of byId.keys()) {
      if (byId.size <= this.options.maxEntries) break;
      byId.delete(id);
    }
    return { entries, version: held.version, unanswered };
  }

  /** The answer of the store; null while it does not answer, where one can go on without. */
  private async orAway<T>(ask: () => Promise<T>, canDoWithout: boolean): Promise<T | null> {
    try {
      if (this.away !== null && this.options.clock.now() < this.away.until) throw this.away.error;
      const answer = await ask();
      this.away = null;
      return answer;
    } catch (error) {
      if (!(error instanceof CarbonError) || error.code !== 'STORE_UNREACHABLE') throw error;
      if (error !== this.away?.error) {
        this.away = { error, until: this.options.clock.now() + LEFT_ALONE };
        if (canDoWithout) this.options.onAway?.(error);
      }
      if (!canDoWithout) throw error;
      return null;
    }
  }

  /** Leaves entries for others. Losing them loses nothing. */
  private async share(
    tenant: string,
    version: number,
    found: ReadonlyMap<string, TaxonomyEntry>,
  ): Promise<void> {
    const entries = [...found].map(
      ([id, entry]) => [keyOf(tenant, version, id), JSON.stringify(entry)] as const,
    );
    await this.options.shared?.setMany(entries, SHARED_SECONDS).catch(() => {});
  }

  /** What others left of the same version of the reference data. */
  private async sharedOf(
    tenant: string,
    version: number,
    ids: readonly string[],
  ): Promise<Map<string, TaxonomyEntry>> {
    const keys = ids.map((id) => keyOf(tenant, version, id));
    const texts = (await this.options.shared?.getMany(keys).catch(() => null)) ?? [];
    const found = new Map<string, TaxonomyEntry>();
    texts.forEach((text, i) => {
      const entry = text === null ? null : entryOf(text);
      if (entry !== null) found.set(ids[i], entry);
    });
    return found;
  }

  private async open(tenant: string, version: number): Promise<TenantEntries> {
    const held: TenantEntries = { version, byId: new Map() };
    for (let after = ''; ; ) {
      const limit = Math.min(PAGE, this.options.maxEntries - held.byId.size);
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

const keyOf = (tenant: string, version: number, id: string): string =>
  `tenant:${tenant}:taxonomy:${version}:${id}`;

/** An entry from its text; null for anything else that somebody may have put there. */
function entryOf(text: string): TaxonomyEntry | null {
  let value: Partial<Record<keyof TaxonomyEntry, unknown>> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { instrumentId, commodity, region, productTier, tags, confidence } = value ?? {};
  if (typeof instrumentId !== 'string' || typeof commodity !== 'string' || typeof region !== 'string')
    return null;
  if (typeof productTier !== 'string' || typeof confidence !== 'number' || !Array.isArray(tags)) return null;
  return { instrumentId, commodity, region, productTier, tags: tags.map(String), confidence };
}
