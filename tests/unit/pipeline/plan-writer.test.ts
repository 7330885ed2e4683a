/** What a plan has to say is written side by side, but in its order: blocks, then records; and a failure leaves nothing under way. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emission } from '../../../core/stage/emission.ts';
import type { PartitionClaim } from '../../../core/stage/partition-claim.ts';
import type { Plan } from '../../../core/stage/plan.ts';
import { PlanWriter } from '../../../core/stage/plan-writer.ts';
import type { RunnerPorts } from '../../../core/stage/runner-contract.ts';
import { planOf } from '../stages/raw-input.ts';

const blocks = (count: number): Emission[] =>
  Array.from({ length: count }, (_, k) => ({ kind: 'block', table: `t${k % 3}`, bytes: Uint8Array.of(k) }));

const RECORDS: Emission = { kind: 'records', topic: 'a', partition: 0, batch: Uint8Array.of(99), count: 1 };

/** Writes to stores that take a turn or more for a block, and notes when each begins and ends; block `fails` is refused. */
async function write(
  emissions: readonly Emission[],
  fails = -1,
): Promise<{ told: string[]; error: unknown }> {
  const told: string[] = [];
  const turns = (n: number) => new Promise((done) => setTimeout(done, n));
  const ports = {
    warehouse: {
      insertBlock: async (_table: string, [k]: Uint8Array) => {
        told.push(`+${k}`);
        await turns(1 + ((7 * k) % 5));
        told.push(`-${k}`);
        if (k === fails) throw new Error('refused');
      },
    },
    log: { append: async () => void told.push('append') },
  } as unknown as RunnerPorts;
  const claim = { confirm: async () => {} } as unknown as PartitionClaim;
  const writer = new PlanWriter(
    claim,
    ports,
    { service: 'test', codeVersion: 'test' },
    { cacheTtlSeconds: 1 },
  );
  const plan: Plan = planOf(0, 1);
  const error = await writer.write(plan, 'fused', emissions).then(
    () => null,
    (why: unknown) => why,
  );
  const ended = told.length;
  await turns(20);
  assert.equal(told.length, ended, 'something was still under way');
  return { told, error };
}

const mostAtOnce = (told: readonly string[]): number => {
  let open = 0;
  return Math.max(...told.map((what) => (open += what.startsWith('+') ? 1 : what.startsWith('-') ? -1 : 0)));
};

test('all blocks are stored, four at a time, before the first record is appended', async () => {
  const { told, error } = await write([RECORDS, ...blocks(11)]);
  assert.equal(error, null);
  assert.equal(mostAtOnce(told), 4);
  assert.equal(told.length, 23);
  assert.equal(told.at(-1), 'append');
});

test('after a refusal no block is begun and nothing appended, and it is told when none is under way', async () => {
  const { told, error } = await write([RECORDS, ...blocks(11)], 1);
  assert.match(String(error), /refused/);
  const begun = told.filter((what) => what.startsWith('+'));
  const failed = told.indexOf('-1');
  assert.ok(begun.length < 11 && told.slice(failed).every((what) => what.startsWith('-')), told.join(' '));
  assert.equal(told.filter((what) => what.startsWith('-')).length, begun.length);
});
