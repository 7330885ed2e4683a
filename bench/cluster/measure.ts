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

const BACKLOGS: readonly { readonly name: string; readonly form: Form; readonly settings: Variables }[] = [
  { name: 'fused, every topic', form: 'fused', settings: { DATA_PROC_FEED_TOPICS: 'all' } },
  { name: 'fused, no tick topics', form: 'fused', settings: { DATA_PROC_FEED_TOPICS: 'served' } },
  { name: 'split, every topic', form: 'split', settings: { DATA_PROC_FEED_TOPICS: 'all' } },
];
/** By whom the bars job reads and writes. */
const CLIENTS = { ours: 'our client', stock: "the library's client" } as const;
const RATES = [20_000, 50_000, 100_000];
const LATENCY_FORMS: readonly Form[] = ['fused', 'split'];

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
  const engines = await startClusterEngines({
    brokerProperties: BROKER,
    variables: { kafka: { CARBON_KAFKA_HEAP: '1g' }, postgres: { CARBON_POSTGRES_FSYNC: 'on' } },
  });
  if (typeof engines === 'string') {
    console.error(`bench: an engine of the cluster profile cannot be had: ${engines}`);
    return 4;
  }
  let removing: Promise<void> | null = null;
  const remove = (): Promise<void> => {
    removing ??= engines.remove();
    return removing;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      remove().finally(() => process.exit(130));
    });
  try {
    const results = await measureAll(engines, options);
    report(options, results);
  } finally {
    await remove();
  }
  return 0;
}

async function measureAll(engines: ClusterEngines, options: ClusterOptions): Promise<Result[]> {
  const { root, out, quick, only } = options;
  const ticks = options.ticks ?? (quick ? 200_000 : 1_000_000);
  const seconds = quick ? 5 : 15;
  // The data begin now, so that no clock of a service closes windows before their time.
  const start = Math.floor(Date.now() / 60_000) * 60_000;
  const results: Result[] = [];
  const nodeOptions = options.profiled ? `--cpu-prof --cpu-prof-dir=${join(out, 'profiles')}` : '';
  const file = dataSet(out, ticks, 1000, start);
  const wanted = (name: string): boolean => name.includes(only);
  const keep = (job: string, variant: string, run: Run): void => {
    const row = rowOf(job, variant, run);
    console.error(`  ${JSON.stringify(row)}`);
    console.error(`  threads: ${JSON.stringify(run.threads)}`);
    results.push(row);
  };
  try {
    for (const { name, form, settings } of BACKLOGS) {
      if (!wanted(`backlog ${name}`)) continue;
      console.error(`backlog, ${name}`);
      const job = { form, settings: { ...settings, ...THROUGHPUT }, nodeOptions };
      keep('cluster-json-to-bars', name, await runBacklog(root, engines, job, file, true));
    }
    for (const client of ['ours', 'stock'] as const) {
      const name = CLIENTS[client];
      if (!wanted(`bars ${name}`)) continue;
      console.error(`bars to Kafka, ${name}`);
      keep('cluster-json-to-bars-in-kafka', name, await runBarsJob(root, engines, client, file, nodeOptions));
    }
    for (const form of LATENCY_FORMS)
      for (const rate of RATES) {
        const name = `${form}, ${rate / 1000}k ticks/s offered`;
        if (!wanted(`latency ${name}`)) continue;
        console.error(`latency, ${name}`);
        const long = dataSet(out, rate * seconds, 1000, start);
        const job = { form, settings: {}, nodeOptions };
        keep('cluster-latency', name, await runLatency(root, engines, job, long, rate, seconds));
      }
  } finally {
    for (const name of readdirSync(out)) if (name.endsWith(`-${start}.ndjson`)) rmSync(join(out, name));
  }
  return results;
}

function report({ root, out, quick, ticks, only }: ClusterOptions, results: readonly Result[]): void {
  const table = tableOf(results);
  console.log(table);
  // A part of it, or a small run, is not for the page.
  if (quick || ticks !== null || only !== '') return;
  keepResults(out, 'cluster', results);
  writeBetween(root, 'cluster-bench', `${machineLine()}, 1 M ticks\n\n${table}`);
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
      latency,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| job | variant | ticks/s | CPU-s per million: ours | broker | warehouse | other stores | our peak MB | p50 / p95 / p99 ms |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
