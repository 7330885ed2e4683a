/**
 * The chains of a service under the settings in force. New settings are prepared (their text kept, their topics made,
 * the taxonomy seeded) before any plan can be cut with them; a plan that is open is finished with those of its own.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Chain, Chains } from '../../core/stage/runner-contract.ts';
import { askStores } from '../../core/store/answers.ts';
import { TaxonomyCache } from '../../core/store/taxonomy-cache.ts';
import type { Stores } from '../stores/open-stores.ts';
import { seedTaxonomy } from '../stores/seed-taxonomy.ts';
import { allTopics, ensureTopics } from '../stores/topics.ts';
import { announceDeprecations } from './announce.ts';
import type { ChainParts } from './chain-parts.ts';
import { chainOf, SERVICE_NAMES, type ServiceName, WORK } from './services.ts';
import { type StageSettings, settingsFromText, settingsHashOf, settingsText } from './settings.ts';
import { openWire } from './wire.ts';

/** What the chains of one version of the settings are made of. */
interface Version extends ChainParts {
  readonly cacheTtlSeconds: number;
}

/** Entries of the reference data that a process keeps for each tenant. */
const MAX_ENTRIES = 50_000;

/** Makes the chains of a service's partitions. */
export class LiveChains {
  private readonly service: ServiceName;
  private readonly stores: Stores;
  private readonly taxonomy: TaxonomyCache;
  private inForce: Version;
  private readonly unlisten: () => void;

  private constructor(service: ServiceName, stores: Stores, taxonomy: TaxonomyCache, version: Version) {
    this.service = service;
    this.stores = stores;
    this.taxonomy = taxonomy;
    this.inForce = version;
    this.unlisten = looksUp(service)
      ? stores.reference.onReferenceChange((tenant) => this.refresh(tenant))
      : () => {};
  }

  /** No longer hears of changes. */
  close(): void {
    this.unlisten();
  }

  /** With the settings that are in force now. */
  static async open(service: ServiceName, stores: Stores): Promise<LiveChains> {
    const tellAway = ({ code, message }: CarbonError): void => {
      const facts = { service, type: 'metadata', code, error: message };
      stores.telemetry.emit({ name: 'cache.stale', level: 'warning', facts });
    };
    const { clock, cache: shared } = stores;
    const options = { clock, maxEntries: MAX_ENTRIES, shared, onAway: tellAway };
    const taxonomy = new TaxonomyCache(stores.reference, options);
    if (looksUp(service)) await warmed(service, stores, taxonomy);
    const { settings } = stores;
    const version = await prepare(service, stores, taxonomy, settings);
    if (!isBeside(service)) await announceDeprecations(stores, settings.topics);
    return new LiveChains(service, stores, taxonomy, version);
  }

  /**
   * Takes changed reference data in before the next plan needs it (E2). Should that fail, the plan does it: it goes by
   * the version that it was cut with.
   */
  private refresh(tenant: string | null): void {
    const { service, stores, taxonomy } = this;
    if (tenant !== null && tenant !== stores.runtime.tenant) return;
    taxonomy.warm(stores.runtime.tenant).then(
      (entries) => {
        const facts = { service, type: 'metadata', entries };
        stores.telemetry.emit({ name: 'cache.refreshed', level: 'info', facts });
      },
      () => {},
    );
  }

  /** Prepares settings; what it returns puts them in force for the plans that are cut from then on. */
  async prepared(settings: StageSettings): Promise<() => void> {
    const version = await prepare(this.service, this.stores, this.taxonomy, settings);
    if (!isBeside(this.service)) {
      await seedTaxonomy(this.stores.reference, this.stores.runtime.tenant, settings.enrichment);
      // Readers hear of it before the first record is written by it.
      await announceDeprecations(this.stores, settings.topics);
    }
    return () => {
      this.inForce = version;
    };
  }

  /** The chains of one partition: one of the settings in force, made when it is first asked for. */
  ofPartition(): Chains<unknown> {
    let made: { readonly version: Version; readonly chain: Chain<unknown> } | null = null;
    const live = this;
    return {
      get current(): Chain<unknown> {
        if (made?.version !== live.inForce)
          made = { version: live.inForce, chain: chainOf(live.service, live.inForce) };
        return made.chain;
      },
      get settingsHash(): string {
        return live.inForce.settingsHash;
      },
      get cacheTtlSeconds(): number {
        return live.inForce.cacheTtlSeconds;
      },
      referenceVersion: async (): Promise<number> =>
        looksUp(live.service) ? live.taxonomy.referenceVersion(live.stores.runtime.tenant) : 0,
      ofSettings: async (hash: string): Promise<Chain<unknown> | null> => {
        const text = await live.stores.reference.loadCursor(`settings/${hash}`);
        if (text === null) return null;
        const version = await prepare(live.service, live.stores, live.taxonomy, settingsFromText(text));
        return chainOf(live.service, version);
      },
    };
  }
}

/** Whether plans of the service depend on the reference data. */
function looksUp(service: ServiceName): boolean {
  return WORK[service].stages.includes('enrichment');
}

/** Whether the service works beside another, which does for both what is done once in a process. */
function isBeside(service: ServiceName): boolean {
  return !SERVICE_NAMES.includes(service);
}

/** How many partitions the ticks of a service come on; null for one that reads raw topics. */
function spreadOf(service: ServiceName, partitions: ReadonlyMap<string, number>): number | null {
  const { readsTicks, topics } = WORK[service];
  return readsTicks ? (partitions.get(topics()[0]) ?? null) : null;
}

/** Takes the reference data in. While it cannot be read, plans wait for it, and the service need not end. */
async function warmed(service: ServiceName, stores: Stores, taxonomy: TaxonomyCache): Promise<void> {
  try {
    const entries = await taxonomy.warm(stores.runtime.tenant);
    const facts = { service, type: 'metadata', entries };
    stores.telemetry.emit({ name: 'cache.warmed', level: 'debug', facts });
  } catch (error) {
    if (!(error instanceof CarbonError) || error.remedy !== 'retry') throw error;
    const facts = { service, type: 'metadata', code: error.code, error: error.message };
    stores.telemetry.emit({ name: 'cache.stale', level: 'warning', facts });
  }
}

async function prepare(
  service: ServiceName,
  stores: Stores,
  taxonomy: TaxonomyCache,
  settings: StageSettings,
): Promise<Version> {
  const topics = allTopics(settings.aggregation.intervals, settings.topics);
  const partitions = await ensureTopics(stores.log, topics, stores.topicPolicy);
  const feed = WORK[service].feedsTicks ? 'all' : stores.runtime.feed;
  const settingsHash = settingsHashOf(settings);
  // The settings of a plan must be at hand for as long as it may have to be run again.
  if (!isBeside(service))
    await stores.reference.saveCursor(`settings/${settingsHash}`, settingsText(settings));
  return {
    names: stores.names,
    settings,
    settingsHash,
    wire: await openWire(service, topics, stores.registry, partitions, feed),
    ask: askStores(
      stores.warehouse,
      taxonomy,
      stores.names,
      settings.aggregation.intervals,
      spreadOf(service, partitions),
    ),
    cacheTtlSeconds: settings.projection.latest_prices.cache_ttl_seconds,
  };
}
