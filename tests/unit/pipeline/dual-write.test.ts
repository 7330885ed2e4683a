/**
 * Two versions of a topic under the runner: a process that dies at any write, and a successor that has another policy by
 * then; and an edit that cannot be put in force yet.
 */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { startWorker } from '../../../app/pipeline/worker.ts';
import { CarbonError } from '../../../core/errors.ts';
import type { SchemaRegistry } from '../../../core/ports/schema-registry.ts';
import { withWritePoints } from '../../integration/crash/write-points.ts';
import type { IngestWorld } from '../../support/ingest-world.ts';
import {
  INSTRUMENTS,
  isOfHour,
  NOTICES,
  newWorldFolder,
  noticesBy,
  openVersionWorld,
  publishHour,
  saidBy,
  V1,
  V2,
  writePolicy,
} from '../../support/version-world.ts';

const NOW = 1_796_083_200_000_000;
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = newWorldFolder();
  folders.push(folder);
  return folder;
}

const saidOn = async (world: IngestWorld, topic: string) => saidBy(await world.records(topic), topic);

/** Kills a process with `both` before its write number `at`; its successor has `v2`. Returns the write, or null for none. */
async function killedAt(at: number): Promise<{ write: string | null; first: number; notices: unknown[] }> {
  const folder = newFolder();
  writePolicy(folder, 'both');
  const { world: killed, stores } = await openVersionWorld(folder, NOW);
  await publishHour(stores, 1, NOW);
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

  writePolicy(folder, 'v2');
  const { world, stores: next } = await openVersionWorld(folder, NOW);
  await publishHour(next, 2, NOW);
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
  const notices = noticesBy(await world.records(NOTICES)).map(({ revision, write: w }) => `${revision} ${w}`);
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
  writePolicy(folder, 'v1', false);
  const { world, stores } = await openVersionWorld(folder, NOW);
  let isRegistered = false;
  let refused = 0;
  const registry: SchemaRegistry = Object.create(world.stores.registry);
  registry.latest = async (subject) => {
    if (subject === `${V2}-value` && !isRegistered && ++refused > 0)
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
    writePolicy(folder, 'both', false);
    await until(() => told('policies.refused').length > 0);
    assert.equal(told('policies.refused')[0].facts['code'], 'SCHEMA_UNKNOWN');
    // It is tried with every look, and told once.
    await until(() => refused >= 3);
    assert.equal(told('policies.refused').length, 1);
    assert.equal(policies.version, before);
    await publishHour(stores, 1, NOW);
    await until(() => told('plan.finished').length >= 2);
    assert.equal((await saidOn(world, V1)).length, INSTRUMENTS.length);
    assert.equal((await saidOn(world, V2)).length, 0);

    isRegistered = true;
    await until(() => told('policies.reloaded').length > 0);
    await publishHour(stores, 2, NOW);
    await until(() => told('plan.finished').length >= 4);
    assert.equal((await saidOn(world, V2)).filter(isOfHour(2)).length, INSTRUMENTS.length);
  } finally {
    stop.abort();
    await running;
    await worker.close();
    await world.close();
  }
});
