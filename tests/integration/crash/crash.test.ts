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

import type { Answer, Order } from './child.ts';
import { type Prepared, prepare, promisesNothingEarly } from './prepared.ts';
import { copyFolder, finish, finishEach, inParallel, newFolder, onCopy, runChild } from './processes.ts';
import type { Report } from './report.ts';
import { type Stills, takeStills } from './stills.ts';
import { verify } from './verify.ts';
import type { LogSpec } from './world.ts';
import type { When } from './write-points.ts';

const POLICIES = join(import.meta.dirname, 'aggregation-policies.yaml');
const LARGE = 1 << 20;

/** Directories that one process works on, one after another, where it is not killed. */
const AT_ONCE = 10;

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

  const reportOf = ({ report }: Answer, how: string): Report => {
    assert.ok(report !== null);
    try {
      verify(report, log, prepared.whole);
    } catch (error) {
      throw new Error(how, { cause: error });
    }
    return report;
  };

  // Recovery cuts larger plans: a range that was begun must still be finished as it was planned.
  const toRecover = async (dataDir: string, how: string): Promise<Order> => {
    await promisesNothingEarly(dataDir, ['pipeline']).catch((cause: unknown) => {
      throw new Error(how, { cause });
    });
    return { ...prepared.order, dataDir, maxBatchBytes: LARGE, report: 'stored' };
  };

  const stillOf = (at: number): string => `as it lay after write point ${at}`;

  /** What became of the copies that were made after some write points, recovered by one process, each verified. */
  const recoveredStills = async (points: readonly number[]): Promise<Report[]> => {
    const folder = newFolder();
    try {
      const orders: Order[] = [];
      for (const at of points) {
        const dataDir = join(folder, `data-${at}`);
        copyFolder(stills.after(at), dataDir);
        orders.push(await toRecover(dataDir, stillOf(at)));
      }
      const answers = await finishEach(orders);
      return answers.map((answer, i) => reportOf(answer, stillOf(points[i])));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  /** What becomes of a directory on which a process was killed, recovered by a process of its own and verified. */
  const afterKill = (at: number, when: When): Promise<Report> =>
    onCopy(prepared.dataDir, async (dataDir) => {
      const { killed } = await runChild({ ...prepared.order, dataDir, fault: { kind: 'kill', at, when } });
      assert.ok(killed, `nothing was killed at point ${at}`);
      const how = `killed ${when} write point ${at}`;
      return reportOf(await finish(await toRecover(dataDir, how)), how);
    });

  const fromStills = new Map<number, Report>();

  /** A copy is recovered once, unless the test that does it failed. */
  const afterStill = async (at: number): Promise<Report | undefined> =>
    fromStills.get(at) ?? (await recoveredStills([at]))[0];

  const everyPoint = (): number[] => prepared.points.map((_, i) => i + 1);

  test('killed after every write point', async () => {
    const batches = Map.groupBy(everyPoint(), (at) => at % Math.ceil(prepared.points.length / AT_ONCE));
    await inParallel(
      2,
      [...batches.values()].map((points, i) => async () => {
        // Each batch begins with a point of another part of the run: the first is recovered by a process that is new.
        const first = (2 * i) % points.length;
        const turned = [...points.slice(first), ...points.slice(0, first)];
        const reports = await recoveredStills(turned);
        reports.forEach((report, k) => void fromStills.set(turned[k], report));
      }),
    );
    assert.equal(fromStills.size, prepared.points.length);
  });

  // What lies on disk before a write is what lies there after the one before it: one of each kind is enough.
  test('killed before the last write point of each kind: what comes of it is what comes of a copy', async () => {
    const kinds = new Set(prepared.points.map((name) => prepared.points.lastIndexOf(name) + 1));
    assert.ok(kinds.size >= 10);
    await inParallel(
      2,
      [...kinds].map((at) => async () => {
        const report = await afterKill(at, 'before');
        if (at > 1) assert.deepEqual(report, await afterStill(at - 1), `before write point ${at}`);
      }),
    );
  });

  test('killed after a plan, a block and the end of a plan: what comes of it is what comes of a copy', async () => {
    const some = ['storePlan', 'insertBlock', 'finishPlan'].map((call) => {
      const points = everyPoint().filter((at) => prepared.points[at - 1].startsWith(call));
      return points[points.length >> 1];
    });
    await inParallel(
      2,
      some.map((at) => async () => {
        assert.deepEqual(await afterKill(at, 'after'), await afterStill(at), `after write point ${at}`);
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
            const how = `killed after write point ${at}, then at two of its recovery`;
            reportOf(await finish(await toRecover(dataDir, how)), how);
          }),
      ),
    );
  });

  test('a store that does not answer, once at every write point', async () => {
    const gap = 13;
    const lanes = Array.from({ length: gap }, (_, r) =>
      Array.from({ length: 40 }, (_, k) => 1 + r + gap * k).filter((at) => at > 1),
    );
    const faults = lanes.flatMap((at, r) =>
      // A write that failed after it was done is the harder case.
      (r % 3 === 0 ? (['before', 'after'] as const) : (['after'] as const)).map(
        (when) => ({ kind: 'fail', at, when }) as const,
      ),
    );
    await inParallel(
      2,
      [...Map.groupBy(faults.entries(), ([i]) => Math.floor(i / AT_ONCE)).values()].map(
        (some) => async () => {
          const folder = newFolder();
          try {
            const orders = some.map(([i, fault]): Order => {
              const dataDir = join(folder, `data-${i}`);
              copyFolder(prepared.dataDir, dataDir);
              return { ...prepared.order, dataDir, fault, report: 'stored' };
            });
            const answers = await finishEach(orders);
            answers.forEach((answer, i) => {
              const [, { at, when }] = some[i];
              reportOf(answer, `failed ${when} write points ${at.slice(0, 6).join()} …`);
            });
          } finally {
            rmSync(folder, { recursive: true, force: true });
          }
        },
      ),
    );
  });
});
