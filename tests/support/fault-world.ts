/**
 * The world of a fault run: whole stores by a clock of their own, and the simulated markets with faults, whose time
 * stands still at one evening.
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
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { DAY, HOUR, type Micros } from '../../core/time/instant.ts';
import { systemClock } from '../../drivers/system-clock/clock.ts';
import {
  type FaultName,
  type FaultPlan,
  type RequestRecord,
  type Simulator,
  startSimulator,
} from '../../simulators/catalog.ts';

/** What is pulled: a dataset from so long before the evening to so long after it. */
interface Pull {
  readonly connector: string;
  readonly dataset: string;
  readonly from: Micros;
  readonly to: Micros;
}

const pull = (connector: string, dataset: string, from: Micros, to: Micros): Pull => ({
  connector,
  dataset,
  from,
  to,
});

/** Prices of energy. Ten days of NYISO reach into the archive of the month before. */
const PULLS: readonly Pull[] = [
  pull('nyiso', 'da_lmp', -10 * DAY, DAY),
  pull('nyiso', 'rt_lmp', -20 * HOUR, 0),
  pull('nyiso', 'rt_lmp_hourly', -20 * HOUR, 0),
  pull('miso', 'da_lmp', -4 * DAY, DAY),
  pull('miso', 'da_lmp_ex_ante', -3 * DAY, DAY),
  pull('miso', 'rt_lmp', -DAY, 0),
  pull('miso', 'rt_lmp_hourly', -5 * DAY, -DAY),
  pull('caiso', 'da_lmp', -DAY, DAY),
  pull('caiso', 'rt_lmp', -23 * HOUR, 0),
  pull('caiso', 'rt_lmp_15min', -23 * HOUR, 0),
  pull('caiso', 'hasp_lmp', -23 * HOUR, 0),
];

/** All intervals of today in place of the last one; a hub and a load aggregation point in place of six. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  miso: { today: 'rolling' },
  caiso: { nodes: 'TH_NP15_GEN-APND,DLAP_SCE-APND' },
};

/** What happens to JSON with bare numbers, to rows that say all about their time, and to listings. */
const FOREIGN: readonly FaultName[] = ['string-numbers', 'shuffled-rows', 'wrong-offset'];

/** Faults that fit no report which a market is asked for here. */
export const UNFIT: Readonly<Record<string, readonly FaultName[]>> = {
  caiso: [
    'wrong-etag',
    'preamble-missing',
    'unpadded-date',
    'thousands-commas',
    'truncated-gzip',
    ...FOREIGN,
  ],
  miso: ['truncated-zip', 'empty-zip', 'oasis-busy', 'renamed-column', ...FOREIGN],
  nyiso: [
    'oasis-busy',
    'preamble-missing',
    'unpadded-date',
    'thousands-commas',
    'renamed-column',
    ...FOREIGN,
  ],
};

/** The names of the markets. */
export const FAULT_MARKETS = ['caiso', 'miso', 'nyiso'] as const;

/** One run of one dataset with the requests that it had to make. */
export interface PassReport {
  readonly report: RunReport;
  readonly planned: readonly string[];
}

/** An exchange as both sides tell it. */
export interface Exchange {
  readonly row: FetchRecord;
  readonly told: RequestRecord;
}

/** Stores, worker and markets of one evening. */
export class FaultWorld {
  readonly evening: Micros;
  readonly stores: Stores;
  readonly worker: Worker;
  readonly markets: ReadonlyMap<string, Simulator>;
  private readonly folder: string;
  private readonly ahead: { by: Micros };

  private constructor(parts: Pick<FaultWorld, 'evening' | 'stores' | 'worker' | 'markets'>, inner: Inner) {
    this.evening = parts.evening;
    this.stores = parts.stores;
    this.worker = parts.worker;
    this.markets = parts.markets;
    this.folder = inner.folder;
    this.ahead = inner.ahead;
  }

  /** Opens everything in a folder of its own. */
  static async open(evening: Micros, seed: number, faults: FaultPlan): Promise<FaultWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'fault-run-'));
    const ahead = { by: evening - systemClock.now() };
    const clock: Clock = { now: () => systemClock.now() + ahead.by, sleep: systemClock.sleep };
    const runtime = runtimeSettings({ dataDir: folder, logLevel: 'error' }, {});
    const stores = await openStores(runtime, { service: 'carbon', serve: false, clock });
    const worker = await startWorker('pipeline', stores);
    const markets = new Map<string, Simulator>();
    for (const name of FAULT_MARKETS)
      markets.set(name, await startSimulator(name, { seed, clock: () => evening, faults, nodes: 9 }));
    return new FaultWorld({ evening, stores, worker, markets }, { folder, ahead });
  }

  /** One run of each dataset; the markets side by side, each at its own pace. */
  async pass(runId: string): Promise<PassReport[]> {
    const lanes = FAULT_MARKETS.map(async (name) => {
      const done: PassReport[] = [];
      for (const each of PULLS) if (each.connector === name) done.push(await this.run(each, runId));
      return done;
    });
    return (await Promise.all(lanes)).flat();
  }

  private async run({ connector, dataset, from, to }: Pull, runId: string): Promise<PassReport> {
    const request: RunRequest = {
      connector,
      datasets: [dataset],
      window: { start: this.evening + from, end: this.evening + to },
      runId,
      origin: this.market(connector).origin,
      options: OPTIONS[connector] ?? {},
      patience: { retries: 3, backoffSeconds: 0.02, minIntervalMs: 0 },
    };
    const planned = await previewRun(request, this.stores.clock.now(), async () => null);
    const report = await runConnector(this.stores, request);
    return { report, planned: planned.map(({ name }) => name) };
  }

  /** A market by the name of its connector. */
  market(name: string): Simulator {
    const found = this.markets.get(name);
    assert.ok(found !== undefined, name);
    return found;
  }

  /** All rows of the ledger, oldest first. */
  async ledger(): Promise<FetchRecord[]> {
    const { reference, runtime } = this.stores;
    return (await reference.listFetches({ tenant: runtime.tenant, limit: 100_000 })).reverse();
  }

  /** The exchanges of a market in the order of the ledger. Fails unless each is in it exactly once. */
  exchanges(name: string, ledger: readonly FetchRecord[]): Exchange[] {
    const told = Map.groupBy(this.market(name).requests(), ({ path }) => path);
    const rows = ledger.filter(({ connector }) => connector === name);
    const found = rows.map((row): Exchange => {
      const { pathname, search } = new URL(row.url);
      const record = told.get(pathname + search)?.shift();
      assert.ok(record !== undefined, `${row.url}: the ledger has an attempt that never reached the market`);
      return { row, told: record };
    });
    const untold = [...told.values()].flat();
    assert.deepEqual(untold, [], `${name}: exchanges that the ledger does not know`);
    return found;
  }

  /** Lets half a day pass at once, and the pipeline close what is over by then. */
  async untilAllIsClosed(): Promise<void> {
    this.ahead.by += 14 * HOUR;
    await this.worker.catchUp();
  }

  /** Closes everything and removes the folder. */
  async close(): Promise<void> {
    for (const market of this.markets.values()) await market.close();
    await this.worker.close();
    await this.stores.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Inner {
  readonly folder: string;
  readonly ahead: { by: Micros };
}
