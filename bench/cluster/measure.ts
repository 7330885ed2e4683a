/**
 * `make bench PROFILE=cluster`: the trades job on real engines of the run's own, started by the scripts in
 * `scripts/infra` and ended afterwards. Writes its rows of bench/out/latest.json and the table in docs/performance.md.
 *
 * Rates are of one machine and one hour; CPU-seconds are steadier. Options: `--quick`, `--ticks=N`, `--only=TEXT` for
 * the measurements whose names hold the text, `--profiled` for CPU profiles of our processes in bench/out.
 */

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ClusterEngines,
  startClusterEngines,
  type Variables,
} from '../../tests/integration/cluster/engines.ts';
import { dataSet, keepResults, machineLine, type Result, writeBetween } from '../results.ts';
import { runBarsJob } from './bars-runs.ts';
import { type ChainRun, runBacklog, runLatency } from './chain-jobs.ts';
import type { Meters } from './meters.ts';
import type { Form } from './services.ts';

/** What the command line says. */
export interface ClusterOptions {
  readonly root: string;
  readonly out: string;
  readonly quick: boolean;
  readonly ticks: number | null;
  readonly only: string;
  readonly profiled: boolean;
}

/** What a machine with a backlog is given; small plans are for latency. */
const THROUGHPUT = { DATA_PROC_MAX_BATCH_BYTES: '16777216' };
/** Trades of the set are known up to four hours from now: a broker refuses records of more than an hour by default. */
const BROKER = 'log.message.timestamp.after.max.ms=9223372036854775807\n';

const TICKS = 2_000_000;
const WARM_UP_TICKS = 200_000;
/** After this, in milliseconds, nothing more is begun. */
const LONGEST_MS = 600_000;

const BACKLOGS: readonly { readonly variant: string; readonly form: Form; readonly settings: Variables }[] = [
  { variant: 'fused, every topic', form: 'fused', settings: { DATA_PROC_FEED_TOPICS: 'all' } },
  { variant: 'fused, served topics', form: 'fused', settings: { DATA_PROC_FEED_TOPICS: 'served' } },
  { variant: 'fused, raw and silver topics', form: 'fused', settings: { DATA_PROC_FEED_TOPICS: 'silver' } },
  { variant: 'split, every topic', form: 'split', settings: { DATA_PROC_FEED_TOPICS: 'all' } },
];
const BARS_JOB = 'cluster-json-to-bars-in-kafka';
/** By whom the bars job reads and writes: ours, and its peer. */
const CLIENTS = [
  { client: 'ours', variant: 'our client' },
  { client: 'stock', variant: "the library's client" },
] as const;
const LOADS: readonly { readonly form: Form; readonly rate: number }[] = (
  ['fused', 'split'] as const
).flatMap((form) => [20_000, 50_000, 100_000].map((rate) => ({ form, rate })));

/** A run with or without latencies. */
type Run = Meters & { readonly ticks: number } & Partial<ChainRun>;

function rowOf(job: string, variant: string, run: Run): Result {
  const perMillion = (seconds: number): number => Number(((seconds / run.ticks) * 1e6).toFixed(2));
  const { p50_ms = null, p95_ms, p99_ms } = run;
  return {
    profile: 'cluster',
    job,
    variant,
    ticks_per_second: Math.round(run.ticks / run.seconds),
    cpu_seconds_per_million: perMillion(run.cpu.ours),
    peak_rss_mb: Math.round(run.peak_rss_mb),
    peer: null,
    ratio: null,
    broker_cpu_seconds_per_million: perMillion(run.cpu.broker),
    store_cpu_seconds_per_million: perMillion(run.cpu.store),
    other_cpu_seconds_per_million: perMillion(run.cpu.other),
    ...(p50_ms === null ? {} : { p50_ms, p95_ms: p95_ms ?? 0, p99_ms: p99_ms ?? 0 }),
  };
}

/** Measures all; resolves with the exit code: 4 when an engine cannot be had. */
export async function measureCluster(options: ClusterOptions): Promise<number> {
  const starting = startClusterEngines({
    brokerProperties: BROKER,
    variables: { kafka: { CARBON_KAFKA_HEAP: '1g' }, postgres: { CARBON_POSTGRES_FSYNC: 'on' } },
  });
  let removing: Promise<void> | null = null;
  const remove = (): Promise<void> => {
    removing ??= starting.then((started) => (typeof started === 'string' ? undefined : started.remove()));
    return removing;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      remove().finally(() => process.exit(130));
    });
  const engines = await starting;
  if (typeof engines === 'string') {
    console.error(`bench: an engine of the cluster profile cannot be had: ${engines}`);
    return 4;
  }
  try {
    const results = await measureAll(engines, options);
    report(options, results);
  } finally {
    await remove();
  }
  return 0;
}

/** One figure to take. */
interface Measurement {
  readonly job: string;
  readonly variant: string;
  run(): Promise<Run>;
}

async function measureAll(engines: ClusterEngines, options: ClusterOptions): Promise<Result[]> {
  const { root, out, quick, only } = options;
  const began = performance.now();
  const ticks = options.ticks ?? (quick ? 200_000 : TICKS);
  const seconds = quick ? 10 : 20;
  // The data begin now, so that no clock of a service closes windows before their time.
  const start = Math.floor(Date.now() / 60_000) * 60_000;
  const nodeOptions = options.profiled ? `--cpu-prof --cpu-prof-dir=${join(out, 'profiles')}` : '';
  const dataOf = (count: number): string => dataSet(out, count, 1000, start);
  const backlogOf = (form: Form, settings: Variables, count: number): Promise<Run> =>
    runBacklog(root, engines, { form, settings: { ...settings, ...THROUGHPUT }, nodeOptions }, dataOf(count));
  const measurements: readonly Measurement[] = [
    ...BACKLOGS.map(({ variant, form, settings }) => ({
      job: 'cluster-json-to-bars',
      variant,
      run: () => backlogOf(form, settings, ticks),
    })),
    ...CLIENTS.map(({ client, variant }) => ({
      job: BARS_JOB,
      variant,
      run: () => runBarsJob(root, engines, client, dataOf(ticks), nodeOptions),
    })),
    ...LOADS.map(({ form, rate }) => ({
      job: 'cluster-latency',
      variant: `${form}, ${rate / 1000}k ticks/s offered`,
      run: () =>
        runLatency(root, engines, { form, settings: {}, nodeOptions }, dataOf(rate * seconds), rate, seconds),
    })),
  ];
  const results: Result[] = [];
  const removeData = (): void => {
    for (const name of readdirSync(out)) if (name.endsWith(`-${start}.ndjson`)) rmSync(join(out, name));
  };
  process.once('exit', removeData);
  try {
    if (isWhole(options)) {
      console.error('a run that does not count: the broker compiles its code');
      await backlogOf('fused', BACKLOGS[0].settings, WARM_UP_TICKS);
    }
    for (const { job, variant, run } of measurements) {
      const name = `${job.replace(/^cluster-/, '')}: ${variant}`;
      if (!name.includes(only)) continue;
      if (performance.now() - began > LONGEST_MS) {
        console.error(`${name}: left out, for want of time`);
        continue;
      }
      console.error(name);
      const taken = await run();
      const row = rowOf(job, variant, taken);
      console.error(`  ${JSON.stringify(row)}\n  threads: ${JSON.stringify(taken.threads)}`);
      results.push(row);
    }
  } finally {
    removeData();
  }
  return besidePeers(results);
}

/** The bars job by our client has that of the library's as its peer. */
function besidePeers(results: readonly Result[]): Result[] {
  const rate = results.find(({ variant }) => variant === CLIENTS[1].variant)?.ticks_per_second;
  return results.map((row) =>
    row.variant !== CLIENTS[0].variant || rate === undefined
      ? row
      : { ...row, peer: rate, ratio: Number((row.ticks_per_second / rate).toFixed(2)) },
  );
}

/** A part of it, or a small run, is not for the page. */
function isWhole({ quick, ticks, only }: ClusterOptions): boolean {
  return !quick && ticks === null && only === '';
}

function report(options: ClusterOptions, results: readonly Result[]): void {
  const { root, out } = options;
  const table = tableOf(results);
  console.log(table);
  if (!isWhole(options)) return;
  keepResults(out, 'cluster', results);
  writeBetween(root, 'cluster-bench', `${machineLine()}, ${TICKS / 1e6} M ticks, one run each\n\n${table}`);
}

function tableOf(results: readonly Result[]): string {
  const rows = results.map((r) => {
    const latency = r.p50_ms === undefined ? '' : `${r.p50_ms} / ${r.p95_ms} / ${r.p99_ms}`;
    const cells = [
      r.job.replace(/^cluster-/, ''),
      r.variant,
      `${(r.ticks_per_second / 1000).toFixed(0)} k`,
      r.cpu_seconds_per_million,
      r.broker_cpu_seconds_per_million ?? '',
      r.store_cpu_seconds_per_million ?? '',
      r.other_cpu_seconds_per_million ?? '',
      r.peak_rss_mb,
      r.ratio ?? '',
      latency,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| job | variant | ticks/s | CPU-s per million: ours | broker | warehouse | other stores | our peak MB | ratio to peer | p50 / p95 / p99 ms |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
