/**
 * Two versions of a topic under the runner: a process that dies at any write, and a successor that has another policy by
 * then; and an edit that cannot be put in force yet.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { Policies } from '../../../app/pipeline/policies.ts';
import { policyPaths } from '../../../app/pipeline/settings.ts';
import { startWorker } from '../../../app/pipeline/worker.ts';
import type { Stores } from '../../../app/stores/open-stores.ts';
import { ensureTopics } from '../../../app/stores/topics.ts';
import type { NativeColumns } from '../../../core/codec/native/columns.ts';
import { emptyNative, readNative } from '../../../core/codec/native/native-reader.ts';
import { encodeEnriched } from '../../../core/codec/topics/enriched.ts';
import { CarbonError } from '../../../core/errors.ts';
import { setBigMantissa } from '../../../core/model/decimal.ts';
import type { Names } from '../../../core/model/names.ts';
import { Present, TickBatch } from '../../../core/model/tick-batch.ts';
import type { SchemaRegistry } from '../../../core/ports/schema-registry.ts';
import type { Warehouse } from '../../../core/ports/warehouse.ts';
import { latestBlocks } from '../../../core/store/tables/served-latest.ts';
import { withWritePoints } from '../../integration/crash/write-points.ts';
import { type IngestWorld, openIngestWorld } from '../../support/ingest-world.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const V1 = 'served.market.latest_prices.v1';
const V2 = 'served.market.latest_prices.v2';
const ENRICHED = 'enriched.market.ticks.v1';
const NOTICES = 'processing.deprecate.notice.v1';
const NOW = 1_796_083_200_000_000;
const INSTRUMENTS = ['A', 'B', 'C', 'D', 'E'];
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function policy(folder: string, write: string, isDeprecated = true): void {
  const entry = [`  ${V1}:`, `    successor: ${V2}`, `    write: ${write}`];
  const told = ['    deprecated_since: 2026-12-01', '    removal_after: 2027-03-01', '    reason: grouped'];
  const lines = ['version: 1', 'topics:', ...entry, ...(isDeprecated ? told : [])];
  writeFileSync(join(folder, 'topic_versions.yaml'), `${lines.join('\n')}\n`);
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-dual-'));
  folders.push(folder);
  return folder;
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

async function openWorld(folder: string): Promise<{ world: IngestWorld; stores: Stores }> {
  const world = await openIngestWorld(NOW, folder);
  const paths = { ...policyPaths(ROOT, {}), topics: join(folder, 'topic_versions.yaml') };
  const policies = await Policies.open(paths, {});
  await ensureTopics(world.stores.log, [V1, V2], 2);
  const warehouse = warehouseOf(world.stores.names);
  return { world, stores: { ...world.stores, warehouse, policies, settings: policies.settings } };
}

/** One value of each instrument, at the hour given; the event id is hour and instrument. */
async function publish({ log, names, registry }: Stores, hour: number): Promise<void> {
  const ticks = new TickBatch(names, INSTRUMENTS.length);
  INSTRUMENTS.forEach((place, k) => {
    const i = ticks.reserve();
    const parts = { market: 'NYISO', product: 'DA', location: place, field: 'lmp', unit: 'USD/MWh' };
    ticks.tenant[i] = names.tenants.idOf('default');
    ticks.instrument[i] = names.instruments.idOf(`NYISO.DA.LMP.${place}`, parts);
    ticks.source[i] = names.sources.idOf('nyiso');
    ticks.dataset[i] = names.datasets.idOf('da_lmp');
    ticks.eventStart[i] = NOW + hour * 3_600_000_000;
    ticks.eventEnd[i] = ticks.eventStart[i] + 3_600_000_000;
    ticks.knownAt[i] = NOW;
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

/** What a topic says: place of the record, event id and price, each once. */
async function saidOn(world: IngestWorld, topic: string): Promise<string[]> {
  const records = await world.records(topic);
  const lines = records.map(({ partition, value }) => {
    const { event_id: id, payload } = value as Json & { payload: Json };
    const numbers = topic === V2 ? (payload['quote'] as Json) : payload;
    return `${partition} ${id} ${numbers['price']}`;
  });
  return [...new Set(lines)].sort();
}

const isOfHour = (hour: number) => (line: string) => line.includes(` ${String(hour).padStart(8, '0')}-`);

/** Kills a process with `both` before its write number `at`; its successor has `v2`. Returns the write, or null for none. */
async function killedAt(at: number): Promise<{ write: string | null; first: number; notices: unknown[] }> {
  const folder = newFolder();
  policy(folder, 'both');
  const { world: killed, stores } = await openWorld(folder);
  await publish(stores, 1);
  let write: string | null = null;
  const watched = withWritePoints(stores, (point, when, name) => {
    if (when === 'after' || point < at) return;
    write ??= name;
    throw new Error('killed');
  });
  try {
    const worker = await startWorker('projection', watched);
    await worker.catchUp().finally(() => worker.close());
  } catch (error) {
    assert.equal((error as Error).message, 'killed');
  }
  await killed.close();

  policy(folder, 'v2');
  const { world, stores: next } = await openWorld(folder);
  await publish(next, 2);
  const worker = await startWorker('projection', next);
  await worker.catchUp();
  await worker.close();
  const [first, second] = [await saidOn(world, V1), await saidOn(world, V2)];
  // The first hour has a plan of its own, cut with `both`, or is overtaken in the plan of the second.
  assert.equal(
    second.filter(isOfHour(2)).length,
    INSTRUMENTS.length,
    `before ${write}: the second has the news`,
  );
  assert.deepEqual(second.filter(isOfHour(1)), first, `before ${write}: both have what was planned for both`);
  const notices = (await world.records(NOTICES)).map(({ value }) => {
    const { payload } = value as { payload: Json };
    return `${payload['revision']} ${payload['write']}`;
  });
  await world.close();
  return { write, first: first.length, notices };
}

test('killed before any write: both topics get a planned batch, the old one nothing else, and notices are right', async () => {
  const writes: string[] = [];
  for (let at = 1; ; at++) {
    const { write, first, notices } = await killedAt(at);
    if (write === null) {
      assert.equal(first, INSTRUMENTS.length);
      assert.deepEqual(notices, ['1 both', '2 v2']);
      break;
    }
    writes.push(write);
    // Between the two topics of one plan: the plan is finished as it was cut, though the policy is another.
    if (write === `append ${V2}`) assert.ok(first > 0, 'the plan was run again');
    const isTold = writes.includes(`append ${NOTICES}`) && write !== `append ${NOTICES}`;
    assert.deepEqual(notices, isTold ? ['1 both', '2 v2'] : ['1 v2'], `before ${write}`);
  }
  for (const write of ['storePlan', `append ${V1}`, `append ${V2}`, `append ${NOTICES}`, 'finishPlan'])
    assert.ok(
      writes.some((name) => name.startsWith(write)),
      `${write} was among ${writes.join(', ')}`,
    );
});

test('an edit whose schema no registry has is refused, told, and taken once the registry has it', async () => {
  const folder = newFolder();
  policy(folder, 'v1', false);
  const { world, stores } = await openWorld(folder);
  let isRegistered = false;
  const registry: SchemaRegistry = Object.create(world.stores.registry);
  registry.latest = async (subject) => {
    if (subject === `${V2}-value` && !isRegistered)
      throw new CarbonError('SCHEMA_UNKNOWN', `no schema is registered for the subject ${subject}`);
    return world.stores.registry.latest(subject);
  };
  const { policies } = stores;
  const told = (name: string) => world.events.filter((event) => event.name === name);
  const until = async (isDone: () => boolean): Promise<void> => {
    for (let k = 0; !isDone() && k < 200; k++) await new Promise((done) => setTimeout(done, 50));
    assert.ok(isDone());
  };
  const worker = await startWorker('projection', { ...stores, registry });
  const stop = new AbortController();
  const running = worker.follow(stop.signal);
  try {
    const before = policies.version;
    policy(folder, 'both', false);
    await until(() => told('policies.refused').length > 0);
    assert.equal(told('policies.refused')[0].facts['code'], 'SCHEMA_UNKNOWN');
    assert.equal(policies.version, before);
    await publish(stores, 1);
    await until(() => told('plan.finished').length >= 2);
    assert.equal((await saidOn(world, V1)).length, INSTRUMENTS.length);
    assert.equal((await saidOn(world, V2)).length, 0);

    isRegistered = true;
    await until(() => told('policies.reloaded').length > 0);
    await publish(stores, 2);
    await until(() => told('plan.finished').length >= 4);
    assert.equal((await saidOn(world, V2)).filter(isOfHour(2)).length, INSTRUMENTS.length);
  } finally {
    stop.abort();
    await running;
    await worker.close();
    await world.close();
  }
});
