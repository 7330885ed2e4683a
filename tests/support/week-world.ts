/**
 * The world of a week: whole stores by a clock of their own, and all simulated markets. Time goes from evening to evening:
 * while markets are asked, theirs stands still, so that what an answer said can be asked for again.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtimeSettings } from '../../app/config/runtime.ts';
import { previewRun, runConnector } from '../../app/ingest/run-connector.ts';
import type { RunReport, RunRequest } from '../../app/ingest/run-report.ts';
import { startWorker, type Worker } from '../../app/pipeline/worker.ts';
import { openStores, type Stores } from '../../app/stores/open-stores.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { DAY, formatInstant, HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketZone } from '../../core/time/market-day.ts';
import { systemClock } from '../../drivers/system-clock/clock.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulators/catalog.ts';
import { daysAsked, pullsOf, type Week, type WeekPull } from './week-pulls.ts';

/** After the begin of a day, in UTC: the day of every market is over by then, and its readings are published. */
const EVENING: Micros = DAY + 20 * HOUR;

/** After so many evenings the pipeline works off what came: days later than that it knows nothing of. */
const CATCH_UP = 4;

/** One run with what it had to ask for. */
export interface WeekRun {
  readonly pull: WeekPull;
  readonly report: RunReport;
  readonly planned: readonly string[];
  /** Time of the markets while they were asked. */
  readonly at: Micros;
}

/** How each market is simulated. */
export type MarketOptions = (market: string) => Omit<SimulatorOptions, 'seed' | 'clock'>;

/** Stores, worker and markets of one week. */
export class WeekWorld {
  readonly week: Week;
  readonly pulls: readonly WeekPull[];
  readonly stores: Stores;
  readonly worker: Worker;
  readonly markets: ReadonlyMap<string, Simulator>;
  readonly runs: WeekRun[] = [];
  private readonly folder: string;
  /** What is under way: runs, the pipeline, checks. */
  private readonly underWay = new Set<string>();
  private readonly time: { at: Micros; ahead: Micros };

  private constructor(
    parts: Pick<WeekWorld, 'week' | 'pulls' | 'stores' | 'worker' | 'markets'>,
    inner: { folder: string; time: { at: Micros; ahead: Micros } },
  ) {
    this.week = parts.week;
    this.pulls = parts.pulls;
    this.stores = parts.stores;
    this.worker = parts.worker;
    this.markets = parts.markets;
    this.folder = inner.folder;
    this.time = inner.time;
  }

  /** Opens everything in a folder of its own. */
  static async open(week: Week, seed: number, optionsOf: MarketOptions, only: RegExp): Promise<WeekWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'market-week-'));
    const time = { at: week.first * DAY, ahead: week.first * DAY - systemClock.now() };
    const clock: Clock = { now: () => systemClock.now() + time.ahead, sleep: systemClock.sleep };
    const runtime = runtimeSettings({ dataDir: folder, logLevel: 'error', partitions: '2' }, {});
    const stores = await openStores(runtime, { service: 'carbon', serve: false, clock });
    const worker = await startWorker('pipeline', stores);
    const pulls = pullsOf(week).filter(({ connector, dataset }) => only.test(`${connector}.${dataset}`));
    const markets = new Map<string, Simulator>();
    for (const name of new Set(pulls.map(({ connector }) => connector)))
      markets.set(name, await startSimulator(name, { seed, clock: () => time.at, ...optionsOf(name) }));
    return new WeekWorld({ week, pulls, stores, worker, markets }, { folder, time });
  }

  /** Lives through the week and the days on which something is asked for again. */
  async live(): Promise<void> {
    const { days } = this.week;
    const last = Math.max(...this.pulls.map(({ lag, again }) => Math.max(lag, ...again)));
    for (let evening = 0; evening < days + last; evening++) {
      this.go((this.week.first + evening) * DAY + EVENING);
      const lanes = [...this.markets.keys()].map(async (name) => {
        for (const each of this.pulls) if (each.connector === name) await this.ask(each, evening);
      });
      // None is under way when the world is closed because another failed.
      for (const lane of await Promise.allSettled(lanes)) if (lane.status === 'rejected') throw lane.reason;
      if (evening % CATCH_UP === CATCH_UP - 1) await this.doing('the pipeline', () => this.worker.catchUp());
    }
    // Half a day later everything is over, and closed.
    this.go(this.now + DAY);
    await this.doing('the pipeline', () => this.worker.catchUp());
  }

  /** True while something is under way. */
  get isBusy(): boolean {
    return this.underWay.size > 0;
  }

  /** What the world is doing: for a test that does not come to its end. */
  standing(): string {
    const { busyMs, waitingFor, reason } = this.worker.pulse();
    return `market time ${formatInstant(this.now)}, ${this.runs.length} runs done; under way: ${[...this.underWay].join(', ') || 'nothing'}; pipeline busy for ${busyMs} ms, waiting for ${waitingFor ?? 'nothing'} ${reason ?? ''}`;
  }

  /** Work under a name, which {@link standing} tells while it lasts. */
  async doing<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.underWay.add(name);
    try {
      return await work();
    } finally {
      this.underWay.delete(name);
    }
  }

  /** A market by the name of its connector. */
  market(name: string): Simulator {
    const found = this.markets.get(name);
    assert.ok(found !== undefined, name);
    return found;
  }

  /** The market days that a pull asks for, each from its begin to its end. */
  daysOf(pull: WeekPull): Interval[] {
    return daysAsked(this.week, pull).map((k) => this.dayOf(pull, k));
  }

  /** Time of the markets. */
  get now(): Micros {
    return this.time.at;
  }

  /** Closes everything and removes the folder. */
  async close(): Promise<void> {
    for (const [name, market] of this.markets) await this.doing(`closing ${name}`, () => market.close());
    await this.doing('closing the worker', () => this.worker.close());
    await this.doing('closing the stores', () => this.stores.close());
    rmSync(this.folder, { recursive: true, force: true });
  }

  private go(at: Micros): void {
    this.time.at = at;
    this.time.ahead = at - systemClock.now();
  }

  private dayOf({ connector }: WeekPull, k: number): Interval {
    return marketDayBounds(marketZone(this.market(connector).market), this.week.first + k);
  }

  private async ask(pull: WeekPull, evening: number): Promise<void> {
    const { lag, again, isWhole } = pull;
    if (isWhole) {
      const days = this.daysOf(pull);
      const [first, last] = [days[0], days.at(-1)];
      const isDue = [lag, ...again].some((later) => evening === this.week.days - 1 + later);
      if (isDue && first !== undefined && last !== undefined)
        await this.run(pull, { start: first.start, end: last.end }, `${evening}`);
      return;
    }
    const asked = daysAsked(this.week, pull);
    for (const later of [lag, ...again])
      if (asked.includes(evening - later))
        await this.run(pull, this.dayOf(pull, evening - later), `${evening}-${later}`);
  }

  private async run(pull: WeekPull, window: Interval, runId: string): Promise<void> {
    const request: RunRequest = {
      connector: pull.connector,
      datasets: [pull.dataset],
      window,
      runId: `week-${runId}`,
      origin: this.market(pull.connector).origin,
      options: pull.options,
      patience: { retries: 0, backoffSeconds: 0.02, minIntervalMs: 0 },
    };
    const planned = await previewRun(request, this.stores.clock.now(), async () => null);
    const name = `${pull.connector}.${pull.dataset} ${runId}`;
    const report = await this.doing(name, () => runConnector(this.stores, request));
    this.runs.push({ pull, report, planned: planned.map(({ name }) => name), at: this.time.at });
  }
}
