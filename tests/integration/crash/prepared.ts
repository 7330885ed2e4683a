/** Data directories to be killed: prepared once with a log and what an uninterrupted run makes of it, then copied. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from '../../../app/pipeline/services.ts';
import { openSqliteLog } from '../../../drivers/sqlite-log/event-log.ts';
import { openSqliteReference } from '../../../drivers/sqlite-reference/reference-store.ts';
import type { Order } from './child.ts';
import { finish, newFolder, onCopy } from './processes.ts';
import { progressOf, type Report } from './report.ts';
import { verify } from './verify.ts';
import type { LogSpec } from './world.ts';

/** Nobody strikes. */
export const NO_FAULT = { kind: 'none' } as const;

/** A prepared directory with its log published, and what an uninterrupted run makes of it. */
export interface Prepared {
  readonly folder: string;
  readonly dataDir: string;
  readonly order: Order;
  readonly whole: Report;
  /** Names of the write points of the uninterrupted run. */
  readonly points: readonly string[];
}

/** Publishes a log into a new folder and runs the fused pipeline over a copy of it. */
export async function prepare(log: LogSpec, policies: string | null, stopMerges: boolean): Promise<Prepared> {
  const folder = newFolder();
  const dataDir = join(folder, 'data');
  // Behind all deadlines, and at a stand: what is shown of open windows once a second would make more write points of a
  // run that takes longer, and those who kill count the points of this one.
  const now = Date.now() * 1000;
  const order: Order = {
    dataDir,
    log,
    steps: [{ run: 'pipeline', now }],
    maxBatchBytes: 4096,
    policies,
    stopMerges,
    report: 'none',
    fault: NO_FAULT,
  };
  await finish({ ...order, steps: [{ publish: [0, log.pieces] }] });
  return onCopy(dataDir, async (copy) => {
    const { report, points } = await finish({ ...order, dataDir: copy, report: 'recomputed' });
    assert.ok(report !== null);
    verify(report, log, report);
    return { folder, dataDir, order, whole: report, points };
  });
}

/** After any kill: nobody may hear of work as done whose plan is not finished, and no partition of two open plans. */
export async function promisesNothingEarly(dataDir: string, services: readonly ServiceName[]): Promise<void> {
  // Killed before the stores were open, it promises nothing.
  if (!existsSync(join(dataDir, 'log.sqlite')) || !existsSync(join(dataDir, 'reference.sqlite'))) return;
  const log = openSqliteLog({ path: join(dataDir, 'log.sqlite') });
  const reference = openSqliteReference({ path: join(dataDir, 'reference.sqlite') });
  try {
    const partitions = new Map((await log.listTopics()).map((topic) => [topic.name, topic.partitions]));
    for (const at of await progressOf({ log, reference, partitions }, services))
      assert.ok(
        (at.committed ?? 0) <= (at.finished ?? 0),
        `${at.group} ${at.topic}/${at.partition} committed ${at.committed} before the plan that ends there was finished (${at.finished})`,
      );
  } finally {
    await log.close();
    await reference.close();
  }
}
