/** A plan that was left open: over a log that does not show its range, for a moment or for good; the tokens of its blocks. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventLog } from '../../../core/ports/event-log.ts';
import type { BlockEmission } from '../../../core/stage/emission.ts';
import { PartitionRunner } from '../../../core/stage/partition-runner.ts';
import type { Chain, RunnerPorts } from '../../../core/stage/runner-contract.ts';
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
  /** Blocks that the plan writes, and the tokens that they came with. */
  readonly blocks: BlockEmission[];
  readonly tokens: (string | null)[];
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
      return { emissions: world.blocks, balances: [], rejected: [], events: [] };
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
    warehouse: {
      insertBlock: async (_table: string, _bytes: Uint8Array, token: string | null) => {
        world.tokens.push(token);
      },
    },
    clock: { now: () => START, sleep: async () => {} },
    telemetry: { emit: () => {} },
  } as unknown as RunnerPorts;
  const chains = {
    current: chain,
    settingsHash: 's',
    cacheTtlSeconds: 60,
    referenceVersion: async () => 0,
    ofSettings: async () => chain,
  };
  const lane = { service: 'test', group: 'test', topic: 'raw', partition: 0 };
  return new PartitionRunner(chains, ports, {
    ...lane,
    codeVersion: '1',
    maxBytes: 1,
    maxRecords: 0,
  });
}

/** A world whose plan over all records was begun, and whose process died. */
async function left(): Promise<{ world: World; reference: ReturnType<typeof openSqliteReference> }> {
  const world: World = {
    blind: 0,
    end: RECORDS,
    reads: 0,
    committed: null,
    ranges: [],
    blocks: [],
    tokens: [],
  };
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

test('a block of a plan has its token; one whose rows may differ the next time has none', async () => {
  const { world, reference } = await left();
  const block = { kind: 'block', bytes: new Uint8Array(1) } as const;
  world.blocks.push(
    { ...block, table: 'silver_ticks' },
    { ...block, table: 'taxonomy', untokened: true },
    { ...block, table: 'silver_ticks' },
  );
  await runnerOn(world, reference, false).step();
  const [first, second, third] = world.tokens;
  assert.match(String(first), /^[0-9a-f]{32}$/);
  assert.equal(second, null);
  assert.match(String(third), /^[0-9a-f]{32}$/);
  assert.notEqual(first, third);
  await reference.close();
});

test('a planned range that the log has lost is not passed over', async () => {
  const { world, reference } = await left();
  world.end = RECORDS - 1;
  await assert.rejects(runnerOn(world, reference, false).step(), { code: 'LOG_OFFSET_OUT_OF_RANGE' });
  assert.equal(world.committed, null);
  await reference.close();
});
