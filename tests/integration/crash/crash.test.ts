/**
 * Killed with SIGKILL at every write point of a short run, then started again: no value lost, none twice, bars equal to
 * a recompute in SQL. Longer runs are killed by chaos.test.ts. What turns these tests red is recorded in
 * docs/decisions/0003-crash-tests.md.
 */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { type Prepared, prepare, promisesNothingEarly } from './prepared.ts';
import { finish, inParallel, onCopy, runChild } from './processes.ts';
import { verify } from './verify.ts';
import type { LogSpec } from './world.ts';
import type { When } from './write-points.ts';

const POLICIES = join(import.meta.dirname, 'aggregation-policies.yaml');
const LARGE = 1 << 20;

describe('a short run', () => {
  const log: LogSpec = { seed: 254, pieces: 2, disorder: 0 };
  let prepared: Prepared;
  before(async () => {
    prepared = await prepare(log, POLICIES, true);
  });
  after(() => rmSync(prepared.folder, { recursive: true, force: true }));

  /** Kills at a point, again at points counted anew in each recovery, then runs to the end and verifies. */
  const killAndRecover = (at: number, when: When, again: readonly number[]) => (): Promise<void> =>
    onCopy(prepared.dataDir, async (dataDir) => {
      const order = { ...prepared.order, dataDir };
      const { killed } = await runChild({ ...order, fault: { kind: 'kill', at, when } });
      assert.ok(killed, `nothing was killed at point ${at}`);
      await promisesNothingEarly(dataDir, ['pipeline']);
      for (const point of again) {
        await runChild({ ...order, fault: { kind: 'kill', at: point, when: 'after' } });
        await promisesNothingEarly(dataDir, ['pipeline']);
      }
      // Recovery cuts larger plans: a range that was begun must still be finished as it was planned.
      const { report } = await finish({ ...order, maxBatchBytes: LARGE, report: true });
      assert.ok(report !== null);
      try {
        verify(report, log, prepared.whole);
      } catch (error) {
        throw new Error(`killed ${when} write point ${at}, then at ${again.join()}`, { cause: error });
      }
    });

  const everyPoint = (): number[] => prepared.points.map((_, i) => i + 1);

  // What lies on disk before a write is what lies there after the one before it: one of each kind is enough.
  test('killed before the last write point of each kind', async () => {
    const kinds = new Set(prepared.points.map((name) => prepared.points.lastIndexOf(name) + 1));
    assert.ok(kinds.size >= 10);
    await inParallel(
      2,
      [...kinds].map((at) => killAndRecover(at, 'before', [])),
    );
  });

  test('killed after every write point', async () => {
    await inParallel(
      2,
      everyPoint().map((at) => killAndRecover(at, 'after', [])),
    );
  });

  test('killed again while recovering', async () => {
    const some = everyPoint().filter((at) => at % 9 === 5);
    await inParallel(
      2,
      some.map((at) => killAndRecover(at, 'after', [3, 2 + (at % 5)])),
    );
  });

  test('a store that does not answer, once at every write point', async () => {
    const gap = 13;
    const lanes = Array.from({ length: gap }, (_, r) =>
      Array.from({ length: 40 }, (_, k) => 1 + r + gap * k).filter((at) => at > 1),
    );
    const tasks = lanes.flatMap((at, r) =>
      // A write that failed after it was done is the harder case.
      (r % 3 === 0 ? (['before', 'after'] as const) : (['after'] as const)).map(
        (when) => (): Promise<void> =>
          onCopy(prepared.dataDir, async (dataDir) => {
            const fault = { kind: 'fail', at, when } as const;
            const { report } = await finish({ ...prepared.order, dataDir, fault, report: true });
            assert.ok(report !== null);
            try {
              verify(report, log, prepared.whole);
            } catch (error) {
              throw new Error(`failed ${when} write points ${at.slice(0, 6).join()} …`, { cause: error });
            }
          }),
      ),
    );
    await inParallel(2, tasks);
  });
});
