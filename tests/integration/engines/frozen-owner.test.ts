/**
 * A process that is frozen loses its partition to another, and wakes up: from then on it writes nothing. Tried for every
 * place where it can be waiting, on each reference store.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { AppendGuard, EventLog, LogSlice } from '../../../core/ports/event-log.ts';
import type { ReferenceStore } from '../../../core/ports/reference-store.ts';
import type { Emission } from '../../../core/stage/emission.ts';
import { PartitionRunner } from '../../../core/stage/partition-runner.ts';
import type { Chain, RunnerPorts } from '../../../core/stage/runner-contract.ts';
import { openSqliteReference } from '../../../drivers/sqlite-reference/reference-store.ts';
import { sharedEngine } from '../../support/engine-server.ts';
import { newDatabase, openStore } from '../../support/postgres-databases.ts';

const MINUTE = 60_000_000;
const RECORDS = 4;

/** The world of both processes: what was written, by whom, in order. */
interface World {
  now: number;
  readonly writes: { readonly by: string; readonly what: string }[];
  committed: number | null;
}

/** Stops the process after its call number `at`, until it is woken. */
class Freezer {
  calls = 0;
  readonly frozen: Promise<void>;
  wake: () => void = () => {};
  private sayFrozen: () => void = () => {};
  private readonly at: number;
  private readonly woken: Promise<void>;

  constructor(at: number) {
    this.at = at;
    this.frozen = new Promise((done) => (this.sayFrozen = done));
    this.woken = new Promise((done) => (this.wake = done));
  }

  async after<T>(result: T): Promise<T> {
    if (++this.calls === this.at) {
      this.sayFrozen();
      await this.woken;
    }
    return result;
  }
}

/** One record per batch, and one plan per record. */
const sliceAt = (from: number): LogSlice => ({
  topic: 'raw',
  partition: 0,
  from,
  to: from + 1,
  bytes: new Uint8Array(1),
});

function runnerOf(by: string, world: World, reference: ReferenceStore, group: string, freezer: Freezer) {
  const write = (what: string): Promise<void> => {
    world.writes.push({ by, what });
    return freezer.after(undefined);
  };
  const chain: Chain<number> = {
    name: 'test',
    decode: (_slices, from) => ({ input: from, since: {}, until: { raw: from + 1 } }),
    reset: async () => {},
    discard: () => {},
    process: async (from) => {
      const emissions: Emission[] = [
        { kind: 'block', table: 'silver', bytes: new Uint8Array([from]) },
        { kind: 'block', table: 'bars', bytes: new Uint8Array([from]) },
        { kind: 'records', topic: 'ticks', partition: 0, batch: new Uint8Array([from]) },
        { kind: 'records', topic: 'bars', partition: 0, batch: new Uint8Array([from]) },
        { kind: 'cache', entries: [['latest', String(from)]] },
      ] as Emission[];
      await freezer.after(undefined);
      return { emissions, balances: [], rejected: [], events: [] };
    },
    nextDeadline: () => null,
    drain: () => [{ kind: 'block', table: 'provisional', bytes: new Uint8Array([0]) } as Emission],
  };
  const log = {
    read: async (_t: string, _p: number, from: number) =>
      freezer.after(from < RECORDS ? [sliceAt(from)] : []),
    bounds: async () => freezer.after({ earliest: 0, end: RECORDS }),
    committed: async () => freezer.after(world.committed),
    append: async (topic: string, _p: number, [batch]: Uint8Array[], mayStore?: AppendGuard) => {
      // Packing, and the way to the brokers.
      await freezer.after(undefined);
      await mayStore?.();
      await write(`${topic} ${batch[0]}`);
      return 0;
    },
    commit: async (_g: string, _t: string, _p: number, next: number) => {
      world.committed = next;
      await write(`commit ${next}`);
    },
  } as unknown as EventLog;
  // Every answer of the store may be the last thing before the process stands still.
  const asked = new Proxy(reference, {
    get: (store, name) => {
      const member = store[name as keyof ReferenceStore] as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => freezer.after(await member.apply(store, args));
    },
  });
  const ports = {
    log,
    reference: asked,
    warehouse: {
      insertBlock: (table: string, block: Uint8Array) => write(`${table} ${block[0]}`),
    },
    cache: { setMany: ([[key, value]]: [string, string][]) => write(`${key} ${value}`) },
    clock: { now: () => world.now, sleep: async () => {} },
    telemetry: { emit: () => {} },
  } as unknown as RunnerPorts;
  const chains = {
    current: chain,
    settingsHash: 's',
    cacheTtlSeconds: 60,
    referenceVersion: async () => 0,
    ofSettings: async () => chain,
  };
  return new PartitionRunner(chains, ports, {
    service: by,
    group,
    topic: 'raw',
    partition: 0,
    codeVersion: '1',
    maxBytes: 1,
    maxRecords: 0,
  });
}

/** Steps until there is nothing to do, then shows what is open; returns the code of the error that ended it. */
async function work(runner: PartitionRunner<number>): Promise<string> {
  try {
    while (await runner.step()) {
      // Plan after plan.
    }
    await runner.drain();
    return 'done';
  } catch (error) {
    await runner.drain().catch(() => {});
    return (error as { code?: string }).code ?? String(error);
  }
}

let groups = 0;

/** Freezes the first process after its call number `at`; false when it was done before that. */
async function freezeAt(at: number, reference: ReferenceStore): Promise<boolean> {
  const world: World = { now: 1_772_946_000_000_000, writes: [], committed: null };
  const group = `frozen-${process.pid}-${groups++}`;
  const freezer = new Freezer(at);
  const first = work(runnerOf('first', world, reference, group, freezer));
  const isFrozen = await Promise.race([freezer.frozen.then(() => true), first.then(() => false)]);
  if (!isFrozen) return false;
  world.now += 90 * MINUTE;
  const second = runnerOf('second', world, reference, group, new Freezer(0));
  // The second has been at work for a while, or has only just claimed.
  if (at % 2 === 0) assert.equal(await work(second), 'done');
  else await second.start();
  const before = world.writes.length;
  freezer.wake();
  const ended = await first;
  assert.deepEqual(
    world.writes.slice(before).filter(({ by }) => by === 'first'),
    [],
    `frozen after call ${at}, it wrote`,
  );
  // Who was frozen after his last word has nothing more to find out.
  if (freezer.calls > at) assert.equal(ended, 'PLAN_CONFLICT', `frozen after call ${at}`);
  assert.equal(await work(second), 'done');
  assert.equal(world.committed, RECORDS);
  for (let record = 0; record < RECORDS; record++)
    assert.ok(
      world.writes.some(({ what }) => what === `latest ${record}`),
      `record ${record} is lost`,
    );
  return true;
}

function suite(name: string, open: () => Promise<ReferenceStore>): void {
  describe(`a frozen owner: ${name}`, () => {
    test('writes nothing after it wakes up, wherever it stood still, and nothing is lost', async () => {
      const reference = await open();
      let places = 1;
      while (await freezeAt(places, reference)) places++;
      // Claim and three looks, then eleven or more waits for each of the four records.
      assert.ok(places > 4 + 11 * RECORDS, `${places} places`);
      await reference.close();
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), 'carbon-frozen-'));
after(() => rmSync(folder, { recursive: true, force: true }));
suite('SQLite', async () => openSqliteReference({ path: join(folder, 'reference.sqlite') }));

const postgres = await sharedEngine('postgres');
if (typeof postgres === 'string') test(`a frozen owner: PostgreSQL, skipped: ${postgres}`, { skip: true });
else suite('PostgreSQL', async () => openStore(await newDatabase(postgres.port)));
