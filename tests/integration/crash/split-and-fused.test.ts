/**
 * The services one after another, interleaved, killed and closed by the clock, over one log: what they leave behind is what
 * the fused chain leaves. What turns these tests red is recorded in docs/decisions/0003-crash-tests.md.
 */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { seeded } from '../../support/seeded.ts';
import type { Order } from './child.ts';
import { type Prepared, prepare } from './prepared.ts';
import { copyFolder, finish, inParallel, newFolder, onCopy, runChild } from './processes.ts';
import type { Report } from './report.ts';
import { verify } from './verify.ts';
import type { LogSpec } from './world.ts';

describe('split and fused', () => {
  const log: LogSpec = { seed: 31, pieces: 6, disorder: 4 };
  const STAGES = ['normalization', 'enrichment', 'aggregation', 'projection'] as const;
  let prepared: Prepared;
  before(async () => {
    prepared = await prepare(log, null, false);
  });
  after(() => rmSync(prepared.folder, { recursive: true, force: true }));

  const compare = (report: Report | null): void => {
    assert.ok(report !== null);
    verify(report, log, prepared.whole);
  };

  test('the fused chain killed around rolling metrics: before and after a block, and a batch of records', async () => {
    assert.ok(prepared.whole.rolling.length > 100, 'no rolling metrics');
    const kinds = ['insertBlock rolling_metrics', 'append aggregation.rolling.metrics.v1'];
    const strikes = kinds.flatMap((kind) => {
      const all = prepared.points.flatMap((name, i) => (name === kind ? [i + 1] : []));
      const at = all[all.length >> 1];
      assert.ok(at !== undefined, `nothing wrote ${kind}`);
      return (['before', 'after'] as const).map((when) => ({ at, when }));
    });
    await inParallel(
      2,
      strikes.map(
        ({ at, when }) =>
          (): Promise<void> =>
            onCopy(prepared.dataDir, async (dataDir) => {
              const order = { ...prepared.order, dataDir };
              const { killed } = await runChild({ ...order, fault: { kind: 'kill', at, when } });
              assert.ok(killed, `nothing was killed ${when} point ${at}`);
              compare((await finish({ ...order, report: 'stored' })).report);
            }),
      ),
    );
  });

  // At a stand, as in `prepare`: points that are counted in one run are those of another.
  const now = Date.now() * 1000;
  const steps = STAGES.map((run) => ({ run, now }));
  let points: readonly string[];

  test('one stage after another', async () => {
    await onCopy(prepared.dataDir, async (dataDir) => {
      const answer = await finish({ ...prepared.order, dataDir, steps, report: 'stored' });
      compare(answer.report);
      points = answer.points;
    });
  });

  test('each stage killed between its last plan and the commit', async () => {
    const begins = points.flatMap((name, i) => (name.startsWith('saveCursor') ? [i] : []));
    const last = [...begins.slice(1), points.length].map(
      (end) => points.lastIndexOf('finishPlan', end - 1) + 1,
    );
    assert.equal(new Set(last).size, STAGES.length);
    await inParallel(
      2,
      last.map(
        (at) => (): Promise<void> =>
          onCopy(prepared.dataDir, async (dataDir) => {
            const order = { ...prepared.order, dataDir, steps };
            const { killed } = await runChild({ ...order, fault: { kind: 'kill', at, when: 'after' } });
            assert.ok(killed);
            compare((await finish({ ...order, report: 'stored' })).report);
          }),
      ),
    );
  });

  test('stages interleaved over a growing log, each at its own pace', async () => {
    const folder = newFolder();
    try {
      const dataDir = join(folder, 'data');
      // The clock stands still before all deadlines until the log is complete.
      const now = 1_700_000_000_000_000;
      const random = seeded(7);
      const steps: Order['steps'][number][] = [];
      for (let piece = 0; piece < log.pieces; piece++) {
        steps.push({ publish: [piece, piece + 1] });
        for (const run of STAGES) if (random() < 0.7) steps.push({ run, now });
      }
      steps.push(...STAGES.map((run) => ({ run })));
      compare((await finish({ ...prepared.order, dataDir, steps, report: 'stored' })).report);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('the clock closes windows between the pieces, and processes come and go', async () => {
    const folder = newFolder();
    try {
      const dataDir = join(folder, 'data');
      for (let piece = 0; piece < log.pieces; piece++)
        await finish({
          ...prepared.order,
          dataDir,
          steps: [{ publish: [piece, piece + 1] }, { run: 'pipeline' }],
        });
      const copy = join(folder, 'copy');
      copyFolder(dataDir, copy);
      compare((await finish({ ...prepared.order, dataDir: copy, report: 'stored' })).report);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
