/** A plan that was left open, over a log that does not show its range: for a moment after a restart, or for good. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventLog } from '../../../core/ports/event-log.ts';
import { type Chain, PartitionRunner, type RunnerPorts } from '../../../core/stage/partition-runner.ts';
import { openSqliteReference } from '../../../drivers/sqlite-reference/reference-store.ts';

const RECORDS = 3;
const START = 1_772_946_000_000_000;

/** A log of one partition. */
interface World {
  /** Reads that show nothing yet. */
  blind: number;
  /** Offset after the last record, as the log says when it is asked. */
  end: number;
  reads: number;
  committed: number | null;
  readonly ranges: string[];
}

function runnerOn(world: World, reference: ReturnType<typeof openSqliteReference>, fails: boolean) {
  const chain: Chain<number> = {
    name: 'test',
    decode: (_slices, from, to) => {
      world.ranges.push(`${from}-${to}`);
      return { input: from, since: {}, until: { raw: to } };
    },
    reset: async () => {},
    discard: () => {},
    process: async () => {
      if (fails) throw new Error('died');
      return { emissions: [], balances: [], rejected: [], events: [] };
    },
    nextDeadline: () => null,
    drain: () => [],
  };
  const log = {
    read: async (topic: string, partition: number, from: number) => {
      world.reads++;
      if (world.blind-- > 0 || from >= world.end) return [];
      return [{ topic, partition, from, to: world.end, bytes: new Uint8Array(1) }];
    },
    bounds: async () => ({ earliest: 0, end: world.end }),
    committed: async () => world.committed,
    commit: async (_group: string, _topic: string, _partition: number, next: number) => {
      world.committed = next;
    },
  } as unknown as EventLog;
  const ports = {
    log,
    reference,
    clock: { now: () => START, sleep: async () => {} },
    telemetry: { emit: () => {} },
  } as unknown as RunnerPorts;
  const chains = { current: chain, settingsHash: 's', cacheTtlSeconds: 60, ofSettings: async () => chain };
  const lane = { service: 'test', group: 'test', topic: 'raw', partition: 0 };
  return new PartitionRunner(chains, ports, {
    ...lane,
    codeVersion: '1',
    tenant: 'default',
    maxBytes: 1,
    maxRecords: 0,
  });
}

/** A world whose plan over all records was begun, and whose process died. */
async function left(): Promise<{ world: World; reference: ReturnType<typeof openSqliteReference> }> {
  const world: World = { blind: 0, end: RECORDS, reads: 0, committed: null, ranges: [] };
  const reference = openSqliteReference({ path: ':memory:' });
  await assert.rejects(runnerOn(world, reference, true).step(), /died/);
  world.ranges.length = 0;
  world.reads = 0;
  return { world, reference };
}

test('a log that shows a planned range only later is asked again', async () => {
  const { world, reference } = await left();
  world.blind = 3;
  assert.equal(await runnerOn(world, reference, false).step(), true);
  assert.deepEqual([world.ranges, world.reads, world.committed], [[`0-${RECORDS}`], 4, RECORDS]);
  await reference.close();
});

test('a planned range that the log has lost is not passed over', async () => {
  const { world, reference } = await left();
  world.end = RECORDS - 1;
  await assert.rejects(runnerOn(world, reference, false).step(), { code: 'LOG_OFFSET_OUT_OF_RANGE' });
  assert.equal(world.committed, null);
  await reference.close();
});
