/** Notices of deprecation: one per change of the policy, whoever starts, restarts or dies in between. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type AnnouncePorts, announceDeprecations } from '../../../app/pipeline/announce.ts';
import type { TopicVersion, TopicVersions } from '../../../app/pipeline/topic-versions.ts';
import { type IngestWorld, openIngestWorld } from '../../support/ingest-world.ts';

const V1 = 'served.market.latest_prices.v1';
const V2 = 'served.market.latest_prices.v2';
const NOTICES = 'processing.deprecate.notice.v1';
const NOW = 1_796_083_200_000_000;
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-announce-'));
  folders.push(folder);
  return folder;
}

const says = (write: string, more: Partial<TopicVersion> = {}): TopicVersions => ({
  version: 1,
  topics: { [V1]: { successor: V2, write, ...more } },
});
const DEPRECATED = { deprecated_since: '2026-12-01', removal_after: '2027-03-01', reason: 'grouped' };

type Json = Record<string, unknown>;
const events = async (world: IngestWorld) =>
  (await world.records(NOTICES)).map((record) => record['value'] as Json);
const payloads = async (world: IngestWorld) => (await events(world)).map((event) => event['payload'] as Json);

test('nothing is said of a topic that is not deprecated, whichever versions are written', async () => {
  const world = await openIngestWorld(NOW, newFolder());
  for (const write of ['v1', 'both']) assert.equal(await announceDeprecations(world.stores, says(write)), 0);
  assert.deepEqual(await payloads(world), []);
  await world.close();
});

test('one notice per change, over restarts: announced, switched, withdrawn, announced again', async () => {
  const folder = newFolder();
  const steps: readonly (readonly [TopicVersions, number])[] = [
    [says('both', DEPRECATED), 1],
    [says('v2', DEPRECATED), 1],
    [says('v2', { ...DEPRECATED, removal_after: '2027-06-01' }), 1],
    [says('v1'), 1],
    [says('v1'), 0],
    [says('both', DEPRECATED), 1],
  ];
  for (const [versions, expected] of steps) {
    const world = await openIngestWorld(NOW, folder);
    assert.equal(await announceDeprecations(world.stores, versions), expected);
    assert.equal(await announceDeprecations(world.stores, versions), 0);
    await world.close();
  }
  const world = await openIngestWorld(NOW, folder);
  assert.deepEqual(
    (await payloads(world)).map((p) => [p['revision'], p['state'], p['write'], p['removal_after']]),
    [
      [1, 'announced', 'both', '2027-03-01'],
      [2, 'announced', 'v2', '2027-03-01'],
      [3, 'announced', 'v2', '2027-06-01'],
      [4, 'withdrawn', 'v1', '2027-06-01'],
      [5, 'announced', 'both', '2027-03-01'],
    ],
  );
  const [first] = await payloads(world);
  assert.deepEqual(
    [first['topic'], first['successor'], first['deprecated_since'], first['reason']],
    [V1, V2, '2026-12-01', 'grouped'],
  );
  // The same words the second time are another event.
  const ids = (await events(world)).map((event) => event['event_id']);
  assert.equal(new Set(ids).size, 5);
  await world.close();
});

test('processes that start at once say it once', async () => {
  const folder = newFolder();
  const worlds = [];
  for (let k = 0; k < 4; k++) worlds.push(await openIngestWorld(NOW, folder));
  const counts = await Promise.all(
    worlds.map(({ stores }) => announceDeprecations(stores, says('both', DEPRECATED))),
  );
  assert.equal(
    counts.reduce((sum, n) => sum + n),
    1,
  );
  assert.equal((await payloads(worlds[0])).length, 1);
  for (const world of worlds) await world.close();
});

/** The stores of a process that dies before or after the call with the number `at` of those that write. */
function dying(ports: AnnouncePorts, at: number, when: 'before' | 'after'): AnnouncePorts {
  let calls = 0;
  const watched = <T extends object>(store: T, names: readonly string[]): T =>
    new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        if (!names.includes(String(name))) return member.bind(target);
        return async (...args: unknown[]): Promise<unknown> => {
          const isLast = ++calls === at;
          if (calls > at || (isLast && when === 'before')) throw new Error('killed');
          const result: unknown = await Reflect.apply(member, target, args);
          if (isLast) throw new Error('killed');
          return result;
        };
      },
    });
  return {
    ...ports,
    log: watched(ports.log, ['append']),
    reference: watched(ports.reference, ['saveCursor', 'acquireLease', 'releaseLease']),
  };
}

test('a process that dies at any write leaves one notice behind, by its successor at the latest', async () => {
  for (let at = 1; at <= 4; at++)
    for (const when of ['before', 'after'] as const) {
      const folder = newFolder();
      const killed = await openIngestWorld(NOW, folder);
      await assert.rejects(
        announceDeprecations(dying(killed.stores, at, when), says('both', DEPRECATED)),
        /killed/,
      );
      await killed.close();
      // The lease of a process that is gone ends by itself.
      const next = await openIngestWorld(NOW + 120_000_000, folder);
      await announceDeprecations(next.stores, says('both', DEPRECATED));
      assert.equal((await payloads(next)).length, 1, `killed ${when} write ${at}`);
      assert.equal(await announceDeprecations(next.stores, says('v2', DEPRECATED)), 1);
      assert.deepEqual(
        (await payloads(next)).map((p) => p['revision']),
        [1, 2],
        `killed ${when} write ${at}`,
      );
      await next.close();
    }
});

test('a store that has forgotten goes by the topic', async () => {
  const folder = newFolder();
  const world = await openIngestWorld(NOW, folder);
  await announceDeprecations(world.stores, says('both', DEPRECATED));
  const forgetful = { ...world.stores, reference: Object.create(world.stores.reference) };
  const memory = new Map<string, string>();
  forgetful.reference.loadCursor = async (name: string) => memory.get(name) ?? null;
  forgetful.reference.saveCursor = async (name: string, value: string) => void memory.set(name, value);
  assert.equal(await announceDeprecations(forgetful, says('both', DEPRECATED)), 0);
  assert.equal(await announceDeprecations(forgetful, says('v2', DEPRECATED)), 1);
  assert.deepEqual(
    (await payloads(world)).map((p) => p['revision']),
    [1, 2],
  );
  await world.close();
});
