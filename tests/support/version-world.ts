/**
 * A world in which the projection writes two versions of its topic: real log and reference store, the policy in a file of
 * its folder, and a warehouse that takes everything and knows nothing.
 */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Policies } from '../../app/pipeline/policies.ts';
import { policyPaths } from '../../app/pipeline/settings.ts';
import { alike } from '../../app/pipeline/topic-policy.ts';
import { FIRST_VERSIONS } from '../../app/pipeline/topic-versions.ts';
import type { Stores } from '../../app/stores/open-stores.ts';
import { allTopics, ensureTopics } from '../../app/stores/topics.ts';
import type { NativeColumns } from '../../core/codec/native/columns.ts';
import { emptyNative, readNative } from '../../core/codec/native/native-reader.ts';
import { encodeEnriched } from '../../core/codec/topics/enriched.ts';
import { setBigMantissa } from '../../core/model/decimal.ts';
import type { Names } from '../../core/model/names.ts';
import { Present, TickBatch } from '../../core/model/tick-batch.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { Warehouse } from '../../core/ports/warehouse.ts';
import { latestBlocks } from '../../core/store/tables/served-latest.ts';
import { type IngestWorld, openIngestWorld } from './ingest-world.ts';

const ROOT = resolve(import.meta.dirname, '../..');
export const V1 = 'served.market.latest_prices.v1';
export const V2 = 'served.market.latest_prices.v2';
export const NOTICES = 'processing.deprecate.notice.v1';
const ENRICHED = 'enriched.market.ticks.v1';
/** Each has one value per hour. */
export const INSTRUMENTS: readonly string[] = ['A', 'B', 'C', 'D', 'E'];

/** A folder with the prefix of these worlds; the caller removes it. */
export function newWorldFolder(): string {
  return mkdtempSync(join(tmpdir(), 'carbon-versions-'));
}

/** Writes the policy of a folder. */
export function writePolicy(folder: string, write: string, isDeprecated = true): void {
  const entry = [`  ${V1}:`, `    successor: ${V2}`, `    write: ${write}`];
  const told = ['    deprecated_since: 2026-12-01', '    removal_after: 2027-03-01', '    reason: grouped'];
  const lines = ['version: 1', 'topics:', ...entry, ...(isDeprecated ? told : [])];
  writeFileSync(join(folder, 'topic_versions.yaml'), `${lines.join('\n')}\n`);
}

/** Columns of `served_latest` without rows: those of a block, as the table has them. */
function nothingServed(names: Names): NativeColumns {
  const one = new TickBatch(names, 1);
  one.reserve();
  one.tradeId[0] = '';
  const [block] = latestBlocks(one, new Uint8Array(1));
  const { names: columns, types } = readNative(block);
  return emptyNative(columns, types);
}

/** Takes every block and knows nothing: each value of this test is newer than the one before. */
const warehouseOf = (names: Names): Stores['warehouse'] => {
  const nothing = nothingServed(names);
  const warehouse: Pick<Warehouse, 'insertBlock' | 'queryColumns'> = {
    insertBlock: async () => {},
    queryColumns: async () => nothing,
  };
  return warehouse as Stores['warehouse'];
};

/** Opens the world of a folder by its policy; `log` stands in for the log of the folder. */
export async function openVersionWorld(
  folder: string,
  now: number,
  log?: EventLog,
): Promise<{ world: IngestWorld; stores: Stores }> {
  const world = await openIngestWorld(now, folder);
  const paths = { ...policyPaths(ROOT, {}), topics: join(folder, 'topic_versions.yaml') };
  const policies = await Policies.open(paths, {});
  const own = log ?? world.stores.log;
  const partitions = await ensureTopics(own, [...allTopics([], FIRST_VERSIONS), V2], alike(2));
  const warehouse = warehouseOf(world.stores.names);
  const stores = { ...world.stores, log: own, partitions, warehouse, policies, settings: policies.settings };
  return { world, stores };
}

/** One value of each instrument, at the hour given; the event id is hour and instrument. */
export async function publishHour(
  { log, names, registry }: Stores,
  hour: number,
  now: number,
): Promise<void> {
  const ticks = new TickBatch(names, INSTRUMENTS.length);
  INSTRUMENTS.forEach((place, k) => {
    const i = ticks.reserve();
    const parts = { market: 'NYISO', product: 'DA', location: place, field: 'lmp', unit: 'USD/MWh' };
    ticks.tenant[i] = names.tenants.idOf('default');
    ticks.instrument[i] = names.instruments.idOf(`NYISO.DA.LMP.${place}`, parts);
    ticks.source[i] = names.sources.idOf('nyiso');
    ticks.dataset[i] = names.datasets.idOf('da_lmp');
    ticks.eventStart[i] = now + hour * 3_600_000_000;
    ticks.eventEnd[i] = ticks.eventStart[i] + 3_600_000_000;
    ticks.knownAt[i] = now;
    ticks.present[i] = Present.PRICE;
    setBigMantissa(ticks.price, i, BigInt(100 * hour + k) * 100_000_000n);
    ticks.id.set([hour, k, 0x8000, 0x8000_0000], 4 * i);
    ticks.tradeId[i] = '';
    ticks.srcTopic[i] = names.topics.idOf('ingestion.nyiso.raw.v1');
    ticks.srcPartition[i] = 0;
    ticks.srcOffset[i] = hour * INSTRUMENTS.length + k;
  });
  const taxonomy = { commodity: 'power', region: '', productTier: '', tags: [], confidence: 1, version: 1 };
  const enriched = { ticks, taxonomyOf: new Uint32Array(ticks.length), taxa: [taxonomy] };
  const { id } = await registry.latest(`${ENRICHED}-value`);
  for (const { partition, batch } of encodeEnriched(enriched, id, 2, 'test'))
    await log.append(ENRICHED, partition, [batch]);
}

type Json = Record<string, unknown>;

/** What records of either version say: partition, event id and price, each once, in order of the text. */
export function saidBy(records: readonly Json[], topic: string): string[] {
  const lines = records.map(({ partition, value }) => {
    const { event_id: id, payload } = value as Json & { payload: Json };
    const numbers = topic === V2 ? (payload['quote'] as Json) : payload;
    return `${partition} ${id} ${numbers['price']}`;
  });
  return [...new Set(lines)].sort();
}

/** Which lines of {@link saidBy} are of an hour. */
export const isOfHour = (hour: number) => (line: string) =>
  line.includes(` ${String(hour).padStart(8, '0')}-`);

/** What notices say: `write`, in their order. */
export function noticesBy(records: readonly Json[]): { readonly revision: number; readonly write: string }[] {
  return records.map(({ value }) => {
    const { payload } = value as { payload: Json };
    return { revision: Number(payload['revision']), write: String(payload['write']) };
  });
}
