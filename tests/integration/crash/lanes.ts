/**
 * Lanes of chaos: one data directory killed ten times in a row, at write points and by the clock, while it works and
 * while it recovers, then finished and verified. Everything but the clock of a lane follows from its seed.
 */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from '../../../app/pipeline/services.ts';
import type { Step } from './child.ts';
import { killAll, momentsOf, type Way } from './kills.ts';
import { type Prepared, prepare } from './prepared.ts';
import { copyFolder, finish, newFolder } from './processes.ts';
import { pullLane } from './pull-lane.ts';
import { verify } from './verify.ts';
import type { LogSpec, Market } from './world.ts';

/** Kills of one lane. */
export const KILLS_PER_LANE = 10;

const LARGE = 1 << 20;

/** What a lane runs: the fused chain, the four services one after another, or a connector and then the chain. */
export type LaneKind = 'fused' | 'split' | 'pull';

/** What came of a lane. */
export interface Lane {
  readonly seed: number;
  readonly kind: LaneKind;
  readonly kills: Readonly<Record<Way, number>>;
  /** Values that were verified: rows of silver and beside it, and bars. */
  readonly values: number;
  readonly bars: number;
  readonly seconds: number;
}

/** Of ten seeds in a row five are fused, three split, two pull. */
export function kindOf(seed: number): LaneKind {
  const place = seed % 10;
  return place < 5 ? 'fused' : place < 8 ? 'split' : 'pull';
}

const MARKETS: readonly Market[] = ['NYISO', 'MISO', 'CAISO'];
const STAGES: readonly ServiceName[] = ['normalization', 'enrichment', 'aggregation', 'projection'];

/** The logs of chaos: one for ten seeds in a row, made when it is first asked for. */
export class Logs {
  private readonly made = new Map<number, Promise<Prepared>>();

  of(seed: number): Promise<Prepared> {
    const number = Math.floor(seed / 10);
    return this.made.getOrInsertComputed(number, () => prepare(logOf(number), null, false));
  }

  /** Removes the folders. */
  async close(): Promise<void> {
    for (const prepared of this.made.values()) {
      const made = await prepared.catch(() => null);
      if (made !== null) rmSync(made.folder, { recursive: true, force: true });
    }
  }
}

/** Every third log is in order, so that the bars as of every known time can be compared too. */
function logOf(number: number): LogSpec {
  return { seed: 1000 + 3 * number, pieces: 12, disorder: number % 3 === 0 ? 0 : 12, markets: MARKETS };
}

/**
 * Runs a lane of so many kills. A directory that is done before its last moment is verified, and a fresh copy goes on.
 * Rejects with what does not hold; the folder stays then, and the message names it.
 */
export async function runLane(seed: number, count: number, logs: Logs): Promise<Lane> {
  const began = Date.now();
  const kind = kindOf(seed);
  const kills: Record<Way, number> = { 'write point': 0, recovery: 0, clock: 0 };
  const folder = newFolder();
  try {
    const counted =
      kind === 'pull'
        ? await pullLane(seed, count, folder, kills)
        : await logLane(seed, count, folder, kills, logs);
    rmSync(folder, { recursive: true, force: true });
    return { seed, kind, kills, ...counted, seconds: (Date.now() - began) / 1000 };
  } catch (error) {
    const again = `CHAOS_SEED=${seed} CHAOS_KILLS=${count} make chaos`;
    throw new Error(`lane ${seed} (${kind}), kept in ${folder}; again: ${again}`, { cause: error });
  }
}

async function logLane(
  seed: number,
  count: number,
  folder: string,
  kills: Record<Way, number>,
  logs: Logs,
): Promise<{ values: number; bars: number }> {
  const prepared = await logs.of(seed);
  const services: readonly ServiceName[] = kindOf(seed) === 'fused' ? ['pipeline'] : STAGES;
  const steps: Step[] = services.map((run) => ({ run }));
  const moments = momentsOf(seed, count, prepared.points.length);
  const verified = { values: 0, bars: 0 };
  for (let copy = 0; moments.length > 0; copy++) {
    assert.ok(copy < 6, 'processes end before their moment comes');
    const dataDir = join(folder, `data-${copy}`);
    copyFolder(prepared.dataDir, dataDir);
    const order = { ...prepared.order, dataDir, steps };
    await killAll(order, moments, services, kills);
    // What was written twice by a stage that died may come in one plan of the next.
    const { report } = await finish({ ...order, maxBatchBytes: LARGE, report: 'stored' });
    assert.ok(report !== null);
    verify(report, prepared.order.log, prepared.whole);
    verified.values += report.silver.length + report.repeats.length;
    verified.bars += report.statements.length;
    rmSync(dataDir, { recursive: true, force: true });
  }
  return verified;
}
