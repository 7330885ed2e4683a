/** One world of the cluster profile: stores of the test's own on the engines, what is published, and when all is done. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { workThrough } from '../../../app/pipeline/work-through.ts';
import { openStores, type Stores } from '../../../app/stores/open-stores.ts';
import { CarbonError } from '../../../core/errors.ts';
import type { Row } from '../../../core/ports/warehouse.ts';
import { within } from '../../support/engine-server.ts';
import { prepare } from '../crash/prepared.ts';
import { progressOf, type Report, reportOf } from '../crash/report.ts';
import { PARTITIONS, runtimeIn } from '../crash/runtime.ts';
import { undone, verify } from '../crash/verify.ts';
import { type LogSpec, publish, topicsOf } from '../crash/world.ts';
import type { Variables } from './engines.ts';

/** The services that work on topics. */
export const STAGES = ['normalization', 'enrichment', 'aggregation', 'projection'] as const;

/** Small plans: many of them, so that whoever dies leaves one open. */
const MAX_BATCH_BYTES = 4096;
const MAX_BATCH_SIZE = 4;
const PATIENCE_MS = 120_000;

/** A log that is published piece by piece into one cluster, and what an embedded run made of all of it. */
export class ClusterWorld {
  readonly stores: Stores;
  readonly variables: Variables;
  private readonly log: LogSpec;
  private readonly whole: Report;
  private published = 0;

  private constructor(stores: Stores, variables: Variables, log: LogSpec, whole: Report) {
    this.stores = stores;
    this.variables = variables;
    this.log = log;
    this.whole = whole;
  }

  /** Opens the stores, and runs the log through the embedded profile. */
  static async open(data: string, variables: Variables, log: LogSpec): Promise<ClusterWorld> {
    const settings = {
      ...variables,
      DATA_PROC_PARTITIONS: String(PARTITIONS),
      DATA_PROC_MAX_BATCH_BYTES: String(MAX_BATCH_BYTES),
      DATA_PROC_MAX_BATCH_SIZE: String(MAX_BATCH_SIZE),
    };
    const stores = await openStores(runtimeIn(data, MAX_BATCH_BYTES, settings), {
      service: 'cluster-test',
      serve: false,
    });
    const { whole } = await prepare(log, null, false);
    const world = new ClusterWorld(stores, settings, log, whole);
    await world.stopMerges();
    return world;
  }

  /** A merge would hide a row that was written twice. Forgotten by a server that is started again. */
  stopMerges(): Promise<unknown> {
    return this.stores.warehouse.execute('SYSTEM STOP MERGES');
  }

  /** Publishes so many pieces more; fewer when the log has no more. */
  async publish(pieces: number): Promise<void> {
    const to = Math.min(this.published + pieces, this.log.pieces);
    await publish(this.stores, this.log, this.published, to);
    this.published = to;
  }

  /** Publishes what is left. */
  publishRest(): Promise<void> {
    return this.publish(this.log.pieces);
  }

  /** Resolves when the services have worked through all that is published, with the milliseconds that it took. */
  async caughtUp(): Promise<number> {
    const began = Date.now();
    await caughtUp(this.stores, topicsOf(this.log));
    return Date.now() - began;
  }

  /** All that services have written for others to read: ends of the topics, rows in the tables, open and last plans. */
  async written(): Promise<Record<string, string>> {
    const written: Record<string, string> = {};
    for (const [topic, count] of this.stores.partitions)
      for (let partition = 0; partition < count; partition++)
        written[`${topic}/${partition}`] = String((await this.stores.log.bounds(topic, partition)).end);
    for (const table of ['silver_ticks', 'silver_repeats', 'bars', 'served_latest']) {
      const where = table === 'bars' ? `WHERE status != 'provisional'` : '';
      const [row] = await this.stores.warehouse.queryRows(`SELECT count() AS rows FROM ${table} ${where}`);
      written[table] = String(row['rows']);
    }
    return written;
  }

  /** What the services have still to do, or are doing. */
  async undone(): Promise<string[]> {
    return undone({ progress: await progressOf(this.stores, STAGES) });
  }

  /** The world, once the clock has closed what is due, held to what was published and to the embedded run. */
  async verified(): Promise<Report> {
    await this.caughtUp();
    const report = await this.atRest();
    verify(withoutPlace(report), this.log, withoutPlace(this.whole));
    assert.ok(report.silver.length > 0);
    return report;
  }

  /**
   * The world as it is while nobody changes it: no plan is open, all bars are stated, and nothing was written while it
   * was read. A service that has read all still makes plans, by the clock, and their rows are there before such a plan
   * is finished. What does not come to rest in time is returned as it is, for the checks to say what is wrong with it.
   */
  private async atRest(): Promise<Report> {
    for (const deadline = Date.now() + PATIENCE_MS; ; await delay(100)) {
      const before = await this.written();
      const report = await reportOf(this.stores, STAGES, { recomputes: true });
      const isWhole = report.statements.length >= this.whole.statements.length;
      const isDone = isWhole && undone(report).length === 0;
      if (isDone && isDeepStrictEqual(await this.written(), before)) return report;
      if (Date.now() > deadline) return report;
    }
  }

  async close(): Promise<void> {
    await this.stores.close();
  }
}

/** A value that is reinstated carries the position of the plan that did it, which depends on where plans were cut. */
function withoutPlace(report: Report): Report {
  const bare = (rows: readonly Row[]): Row[] => rows.map(({ src_offset: _, ...row }) => row);
  return { ...report, silver: bare(report.silver), repeats: bare(report.repeats) };
}

/** Resolves when the services have worked through all that the raw topics hold, whatever store is away meanwhile. */
export async function caughtUp(stores: Stores, topics: readonly string[]): Promise<void> {
  await within(PATIENCE_MS, async () => {
    try {
      return await workThrough(stores, topics).then(() => true);
    } catch (error) {
      if (error instanceof CarbonError && error.remedy === 'retry') return null;
      throw error;
    }
  });
}
