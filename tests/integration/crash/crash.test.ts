/**
 * Killed at every write point of a short run, then started again: no value lost, none twice, bars equal to a recompute in
 * SQL. What a kill after a point leaves is copied from one process that stands still there (`stills.ts`); a test holds such
 * copies to real kills, and all other kills are SIGKILL. Longer runs are killed by chaos.test.ts. What turns these tests red is
 * recorded in docs/decisions/0003-crash-tests.md.
 */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { type Prepared, prepare, promisesNothingEarly } from './prepared.ts';
import { finish, inParallel, onCopy, runChild } from './processes.ts';
import type { Report } from './report.ts';
import { type Stills, takeStills } from './stills.ts';
import { verify } from './verify.ts';
import type { LogSpec } from './world.ts';
import type { When } from './write-points.ts';

const POLICIES = join(import.meta.dirname, 'aggregation-policies.yaml');
const LARGE = 1 << 20;

describe('a short run', () => {
  const log: LogSpec = { seed: 254, pieces: 2, disorder: 0 };
  let prepared: Prepared;
  let stills: Stills;
  before(async () => {
    prepared = await prepare(log, POLICIES, true);
    stills = await onCopy(prepared.dataDir, (dataDir) =>
      takeStills({ ...prepared.order, dataDir }, prepared.folder),
    );
    // Two partitions are worked on side by side: the order is another each time.
    assert.deepEqual([...stills.points].sort(), [...prepared.points].sort());
  });
  after(() => rmSync(prepared.folder, { recursive: true, force: true }));

  const killedAt = async (dataDir: string, at: number, when: When): Promise<void> => {
    const { killed } = await runChild({ ...prepared.order, dataDir, fault: { kind: 'kill', at, when } });
    assert.ok(killed, `nothing was killed at point ${at}`);
  };

  /** Runs to the end what a killed process left, and verifies it. */
  const recovered = async (dataDir: string, how: string): Promise<Report> => {
    await promisesNothingEarly(dataDir, ['pipeline']);
    // Recovery cuts larger plans: a range that was begun must still be finished as it was planned.
    const order = { ...prepared.order, dataDir, maxBatchBytes: LARGE, report: 'stored' } as const;
    const { report } = await finish(order);
    assert.ok(report !== null);
    try {
      verify(report, log, prepared.whole);
    } catch (error) {
      throw new Error(how, { cause: error });
    }
    return report;
  };

  const afterKill = (at: number, when: When): Promise<Report> =>
    onCopy(prepared.dataDir, async (dataDir) => {
      await killedAt(dataDir, at, when);
      return recovered(dataDir, `killed ${when} write point ${at}`);
    });

  const afterStill = (at: number): Promise<Report> =>
    onCopy(stills.after(at), (dataDir) => recovered(dataDir, `as it lay after write point ${at}`));

  // What lies on disk before a write is what lies there after the one before it: one of each kind is enough.
  test('killed before the last write point of each kind', async () => {
    const kinds = new Set(prepared.points.map((name) => prepared.points.lastIndexOf(name) + 1));
    assert.ok(kinds.size >= 10);
    await inParallel(
      2,
      [...kinds].map((at) => () => afterKill(at, 'before')),
    );
  });

  const everyPoint = (): number[] => prepared.points.map((_, i) => i + 1);
  /** Of each call one in the midst of its points: other partitions are at work on theirs. */
  const oneOfEachCall = (): number[] =>
    [...Map.groupBy(everyPoint(), (at) => stills.points[at - 1].split(' ')[0]).values()].map(
      (points) => points[points.length >> 1],
    );
  const fromStills = new Map<number, Report>();

  test('killed after every write point', async () => {
    const kept = new Set(oneOfEachCall());
    await inParallel(
      2,
      everyPoint().map((at) => async () => {
        const report = await afterStill(at);
        if (kept.has(at)) fromStills.set(at, report);
      }),
    );
  });

  test('a real kill leads to what the copy of a process that stands still leads to', async () => {
    assert.ok(fromStills.size >= 7, 'calls that write');
    await inParallel(
      2,
      [...fromStills].map(([at, report]) => async () => {
        assert.deepEqual(await afterKill(at, 'after'), report, `after write point ${at}`);
      }),
    );
  });

  test('killed again while recovering', async () => {
    const some = everyPoint().filter((at) => at % 9 === 5);
    await inParallel(
      2,
      some.map(
        (at) => () =>
          onCopy(stills.after(at), async (dataDir) => {
            for (const point of [3, 2 + (at % 5)]) {
              await runChild({
                ...prepared.order,
                dataDir,
                fault: { kind: 'kill', at: point, when: 'after' },
              });
              await promisesNothingEarly(dataDir, ['pipeline']);
            }
            await recovered(dataDir, `killed after write point ${at}, then at two of its recovery`);
          }),
      ),
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
            const { report } = await finish({ ...prepared.order, dataDir, fault, report: 'stored' });
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
