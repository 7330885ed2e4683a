/** `carbon demo`: simulated markets, or with `--live` the real ones, through the whole pipeline and onto the screen. */

import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CarbonError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { clockFrom, systemClock } from '../../../drivers/system-clock/clock.ts';
import { RUNTIME_SETTINGS, type RuntimeSettings } from '../../config/runtime.ts';
import { type Filled, fillStores } from '../../demo/fill.ts';
import { followMarkets } from '../../demo/follow.ts';
import {
  LIVE_PATIENCE,
  SIMULATED_PATIENCE,
  type SimulatedMarkets,
  startMarkets,
} from '../../demo/markets.ts';
import { readOverview } from '../../demo/overview.ts';
import {
  allRows,
  barTable,
  countTable,
  curveTable,
  latestTable,
  storedText,
  whyLines,
} from '../../demo/overview-rows.ts';
import { TradeFeed } from '../../demo/trade-feed.ts';
import { type HttpSide, serveProcess } from '../../http/serve.ts';
import { startWorker, type Worker } from '../../pipeline/worker.ts';
import { openStores, type Stores } from '../../stores/open-stores.ts';
import { lockStages } from '../../stores/stage-lock.ts';
import { httpServicesOf } from '../../telemetry/http-service.ts';
import { ServiceMetrics } from '../../telemetry/service-metrics.ts';
import { CODE_VERSION } from '../../version.ts';
import { numberOption, timeOption } from '../option-values.ts';
import { formatOf, print, render } from '../output.ts';
import { startProgress } from '../progress.ts';
import { type GlobalOptions, note, runtimeOf } from '../session.ts';
import { stopOnSignals } from '../stop-signals.ts';

/** Options as they stand on the command line. */
export interface DemoOptions {
  readonly once?: boolean;
  readonly live?: boolean;
  readonly seed?: string;
  readonly days?: string;
  readonly at?: string;
}

/** What the demo works with. */
interface Demo {
  readonly stores: Stores;
  readonly worker: Worker;
  /** Null with `--live`. */
  readonly markets: SimulatedMarkets | null;
  readonly trades: TradeFeed | null;
  readonly http: HttpSide | null;
  readonly days: number;
  readonly signal: AbortSignal;
}

/**
 * Exit code 0, also after a signal; 7 when no market could be reached. Throws PLAN_CONFLICT when the folder is in use,
 * and PORT_TAKEN.
 */
export async function demo(options: DemoOptions, globals: GlobalOptions): Promise<number> {
  const isLive = options.live === true;
  const days = numberOption('--days', options.days, 1, { least: 1, most: 7, whole: true });
  const seed = numberOption('--seed', options.seed, 1, { least: 0, most: 2 ** 31, whole: true });
  const runtime = runtimeOfDemo(globals);
  const clock = clockOf(options, isLive, runtime.dataDir);
  const stopping = stopOnSignals((signal) => note(`${signal}: finishing the work at hand`));
  const { signal } = stopping;
  const metrics = new ServiceMetrics(httpServicesOf('pipeline'), CODE_VERSION, () => Date.now() / 1000);
  const stores = await openStores(runtime, { service: 'carbon', serve: true, listeners: [metrics], clock });
  const closers: (() => unknown)[] = [() => stores.close()];
  try {
    const worker = await workerAtRest(stores);
    closers.push(() => worker.close());
    const serves = options.once !== true && runtime.http !== 'off';
    const markets = isLive ? null : await startMarkets(seed, clock);
    closers.push(() => markets?.close());
    const origins = markets?.origins ?? null;
    const pulse = () => worker.pulse();
    const http = serves ? await serveProcess('pipeline', stores, metrics, pulse, origins) : null;
    closers.push(() => http?.close());
    signal.addEventListener('abort', () => http?.drain());
    const trades = isLive ? null : new TradeFeed(stores, seed);
    const parts: Demo = { stores, worker, markets, trades, http, days, signal };
    const filled = await fill(parts);
    if (signal.aborted) return 0;
    requireSomething(filled);
    await showAll(parts, filled, globals);
    if (options.once === true) return 0;
    tellWhereItServes(parts);
    await followMarkets(parts, (text) => note(text));
    return 0;
  } finally {
    for (const closer of closers.reverse()) await closer();
  }
}

/** A worker that has done nothing yet, and nothing is waiting for it: what it counts from here on is the demo's. */
async function workerAtRest(stores: Stores): Promise<Worker> {
  const first = await startWorker('pipeline', stores);
  await first.catchUp();
  if (first.totals().records === 0) return first;
  await first.close();
  return startWorker('pipeline', stores);
}

function clockOf({ at }: DemoOptions, isLive: boolean, dataDir: string): Clock {
  if (at === undefined) return systemClock;
  const refused = (message: string, expected: string): CarbonError =>
    new CarbonError('USAGE_INVALID', message, { position: { field: '--at', expected, got: at } });
  if (isLive)
    throw refused('--at goes with simulated markets: the real ones have one time', 'nothing beside --live');
  const clock = clockFrom(timeOption('--at', at));
  // Who owns a partition is told apart by time: it must not go back.
  if (existsSync(join(dataDir, 'log.sqlite')))
    throw refused(
      `${dataDir} holds data of another time; --at needs a fresh folder`,
      'a fresh folder with --at',
    );
  return clock;
}

/** A fresh folder unless one is named, and no log lines but errors between the tables unless they are asked for. */
function runtimeOfDemo(globals: GlobalOptions): RuntimeSettings {
  const env = process.env;
  const quiet = env[RUNTIME_SETTINGS.logLevel.variable] === undefined ? { logLevel: 'error' } : {};
  const runtime = runtimeOf({ ...quiet, ...globals });
  if (globals.data !== undefined || env[RUNTIME_SETTINGS.dataDir.variable] !== undefined) return runtime;
  const dataDir = join(runtime.dataDir, 'demo');
  if (existsSync(dataDir)) {
    requireUnused(dataDir);
    rmSync(dataDir, { recursive: true });
  }
  return { ...runtime, dataDir };
}

/** Throws PLAN_CONFLICT when another demo works there: its folder is not taken away. */
function requireUnused(dataDir: string): void {
  try {
    lockStages(dataDir, ['normalization'], 'alone')();
  } catch (cause) {
    const message = `another demo runs in ${dataDir}; stop it, or name another folder with --data`;
    throw new CarbonError('PLAN_CONFLICT', message, { context: { data_dir: dataDir }, cause });
  }
}

async function fill({ stores, worker, markets, trades, days, signal }: Demo): Promise<Filled> {
  let text = 'starting';
  const progress = startProgress(() => {
    const { reason } = worker.pulse();
    return reason === null ? text : `${text}, waiting: ${reason}`;
  });
  try {
    return await fillStores(stores, worker, trades, {
      origins: markets?.origins ?? null,
      patience: markets === null ? LIVE_PATIENCE : SIMULATED_PATIENCE,
      days,
      runId: `demo-${formatInstant(stores.clock.now())}-${randomBytes(3).toString('hex')}`,
      signal,
      watch: (now) => {
        text = now;
      },
    });
  } finally {
    progress.stop();
  }
}

/** Throws SOURCE_UNREACHABLE when all markets failed; tells of those that did otherwise. */
function requireSomething({ failures, reports }: Filled): void {
  for (const { code, message } of failures) note(`error ${code}: ${message}`);
  const asked = new Set(reports.map(({ connector }) => connector)).size;
  if (asked === 0 || failures.length < asked) return;
  const names = failures.map(({ context }) => String(context['connector'])).join(', ');
  throw new CarbonError('SOURCE_UNREACHABLE', `nothing could be fetched: ${names} do not answer`, {
    context: { markets: names },
  });
}

async function showAll({ stores, markets }: Demo, filled: Filled, globals: GlobalOptions): Promise<void> {
  const overview = await readOverview(stores);
  const format = formatOf(globals);
  if (format !== 'table') {
    await print(await render(allRows(overview, filled), format));
    return;
  }
  const { stored, counts, firstBarSeconds, retried } = filled;
  const source = markets === null ? 'the real markets' : 'three simulated markets and a stream of trades';
  const isBalanced = counts.every(({ balanced }) => balanced);
  const seconds =
    firstBarSeconds === null ? 'no bar yet' : `first bar served after ${firstBarSeconds.toFixed(1)} s`;
  await print(
    [
      `\nLatest prices of ${source}, ${formatInstant(overview.at).slice(0, 16)}Z\n`,
      await render(latestTable(overview), 'table'),
      '\nRecent bars\n',
      await render(barTable(overview), 'table'),
      ...(overview.curve.length === 0
        ? []
        : [
            `\nForward curve NG_HH of ${overview.curve[0]?.['as_of_date']}\n`,
            await render(curveTable(overview), 'table'),
          ]),
      '\nWhat became of everything\n',
      await render(countTable(counts), 'table'),
      `served: ${storedText(stored)}\n`,
      `${isBalanced ? 'balanced: every value in has one fate' : 'NOT BALANCED: see the last column'}; ${seconds}\n`,
      `${retried} attempts repeated${markets === null ? '' : ': each simulated market fails once on purpose'}\n`,
      '\nWhy is this number what it is?\n',
      ...(overview.why === null ? [] : whyLines(overview.why).map((line) => `${line}\n`)),
      `\nLook further\n${nextSteps(stores.runtime.dataDir)}`,
    ].join(''),
  );
}

function nextSteps(dataDir: string): string {
  const folder = relative(process.cwd(), dataDir);
  const carbon = `./bin/carbon --data ${folder.startsWith('..') ? dataDir : folder}`;
  return [
    ["latest 'NYISO.RT.LMP.*'", 'the newest price of each zone'],
    ['bars NG_HH_BALMO --interval 5m --history', 'every revision of every bar'],
    ['curve show NG_HH --inputs', 'a forward curve, and what became of each quote'],
    ['why NYISO.DA.LMP.N.Y.C. --interval 1h', 'a number, back to the line of its file'],
    ['ledger fetches', 'every attempt to fetch something'],
    ['tap processing.deadletter.normalization.v1', 'what was rejected, and why'],
  ]
    .map(([command, what]) => `  ${carbon} ${command}\n      ${what}\n`)
    .join('');
}

function tellWhereItServes({ http, stores, markets }: Demo): void {
  for (const [service, url] of http?.urls ?? []) note(`${service.padEnd(18)} ${url}`);
  const reads = http?.urls.get('projection');
  if (reads !== undefined) {
    note(`  curl '${reads}/v1/latest?instrument=NG_HH_BALMO'`);
    note(`  curl '${reads}/v1/bars/NYISO.RT.LMP.N.Y.C.?interval=1h&limit=3'`);
    note(`  curl '${reads}/v1/why/NYISO.DA.LMP.N.Y.C.?interval=1h'`);
    note(`  curl '${reads}/metrics'`);
  }
  const flow = markets === null ? 'the markets are asked by their schedules' : 'prices and trades go on';
  note(`${flow} in ${stores.runtime.dataDir}; Ctrl-C stops it`);
}
