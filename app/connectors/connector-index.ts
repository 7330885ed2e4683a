/** The index of connectors (A13): what a scheduler makes its jobs from, one entry per market and mode. */

import type { Connector } from '../../connectors/kit/contract.ts';
import { type Manifest, settingsOf } from './manifest.ts';

/** A connector with its manifest. */
export interface Described {
  readonly connector: Connector;
  readonly manifest: Manifest;
}

/** A dataset of an entry. */
export interface IndexedDataset {
  readonly connector: string;
  readonly dataset: string;
  /** Cron in UTC; null for a stream. */
  readonly schedule: string | null;
  readonly schema: string;
}

/** One job of a scheduler. */
export interface IndexEntry {
  readonly market: string;
  readonly mode: Manifest['mode'];
  /** `nyiso_batch` */
  readonly id: string;
  readonly connectors: readonly { readonly name: string; readonly version: string; readonly owner: string }[];
  readonly output_topic: string;
  readonly retries: number;
  readonly backoff_seconds: number;
  /** Distinct crons of its datasets, sorted. */
  readonly schedules: readonly string[];
  readonly datasets: readonly IndexedDataset[];
}

/** The whole index. Made of the manifests alone: the same files give the same bytes. */
export interface ConnectorIndex {
  readonly version: 1;
  /** Connectors with at least one enabled dataset. */
  readonly enabled: number;
  /** Names of the connectors that are switched off altogether. */
  readonly disabled: readonly string[];
  readonly entries: readonly IndexEntry[];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Builds the index: enabled datasets only, in order of market, mode, connector and dataset. */
export function connectorIndex(described: readonly Described[]): ConnectorIndex {
  const groups = new Map<string, { entry: Described; datasets: (IndexedDataset & { of: Described })[] }>();
  const enabled = new Set<string>();
  const sorted = [...described].sort((a, b) => byText(a.connector.name, b.connector.name));
  for (const each of sorted) {
    const { connector, manifest } = each;
    for (const dataset of [...connector.datasets.map(({ name }) => name), ...connector.pushed]) {
      const settings = settingsOf(manifest, dataset);
      if (!settings.enabled) continue;
      enabled.add(connector.name);
      const group = groups.getOrInsertComputed(`${connector.market} ${settings.mode}`, () => ({
        entry: each,
        datasets: [],
      }));
      group.datasets.push({
        connector: connector.name,
        dataset,
        schedule: settings.mode === 'streaming' ? null : (settings.schedule ?? null),
        schema: `connectors/${connector.name}/${settings.schema}`,
        of: each,
      });
    }
  }
  const entries = [...groups].map(([key, { entry, datasets }]): IndexEntry => {
    const [market = '', mode] = key.split(' ');
    const members = [...new Set(datasets.map(({ of }) => of))];
    const crons = datasets.flatMap(({ schedule }) => schedule ?? []);
    return {
      market,
      mode: mode as Manifest['mode'],
      id: `${market.toLowerCase()}_${mode}`,
      connectors: members.map(({ connector, manifest }) => ({
        name: connector.name,
        version: manifest.version,
        owner: manifest.owner,
      })),
      output_topic: entry.manifest.output_topic,
      retries: Math.max(...members.map(({ manifest }) => manifest.retries)),
      backoff_seconds: Math.max(...members.map(({ manifest }) => manifest.backoff_seconds)),
      schedules: [...new Set(crons)].sort(byText),
      datasets: datasets
        .map(({ of: _, ...dataset }) => dataset)
        .sort((a, b) => byText(a.connector, b.connector) || byText(a.dataset, b.dataset)),
    };
  });
  return {
    version: 1,
    enabled: enabled.size,
    disabled: sorted.map(({ connector }) => connector.name).filter((name) => !enabled.has(name)),
    entries: entries.sort((a, b) => byText(a.market, b.market) || byText(a.mode, b.mode)),
  };
}
