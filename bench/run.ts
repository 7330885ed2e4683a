/**
 * `make bench`: the trades job end to end beside ClickHouse's own route, the cost of many instruments, latency at a
 * fixed rate, and the steps of the chain. Correctness first: a run that is not exact is not timed.
 *
 * Rates are of one machine and one hour: compare ratios within a run. Each figure is the median of `ROUNDS` runs, ours
 * and the peer's by turns. Writes bench/out/latest.json and the table in docs/performance.md.
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureDecoders } from './decoders/report.ts';
import { measureLong } from './long-run.ts';
import { dataSet, keepResults, machineLine, median, type Result, writeBetween } from './results.ts';

interface Run {
  readonly records?: number;
  readonly offered?: number;
  readonly seconds: number;
  readonly cpu_seconds: number;
  readonly peak_rss_mb: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
  readonly rss_slope_mb_per_minute?: number | null;
  readonly rss_slope_error?: number | null;
}

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    decoders: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    rates: { type: 'string', default: '100000,500000' },
    profile: { type: 'string', default: 'embedded' },
    ticks: { type: 'string' },
    only: { type: 'string', default: '' },
    profiled: { type: 'boolean', default: false },
  },
});
const { quick } = options;
const ROUNDS = quick ? 1 : 3;
/** The whole of D1; each number of instruments beyond its thousand takes a fifth of it. */
const TICKS = quick ? 500_000 : 10_000_000;
const FEWER_TICKS = quick ? 500_000 : 2_000_000;
const RATE = 100_000;
const root = resolve(import.meta.dirname, '..');
const out = join(root, 'bench/out');
const scratch = join(out, 'data');

function run(script: string, args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawnSync(join(root, 'scripts/node'), [join(root, 'bench/trades', script), ...args], {
    env: { ...process.env, DATA_PROC_LOG_LEVEL: 'error', ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const last = child.stdout.trim().split('\n').at(-1) ?? '';
  if (child.status !== 0)
    throw new Error(
      `${script} ${args.join(' ')} ended with ${child.status}: ${last} ${child.stderr.slice(-2000)}`,
    );
  console.error(`  ${script} ${last}`);
  return JSON.parse(last) as Run;
}

function summary(
  job: string,
  variant: string,
  ticks: number,
  runs: readonly Run[],
  peer: number | null,
): Result {
  const rate = ticks / median(runs.map((r) => r.seconds));
  const [{ p50_ms, p95_ms, p99_ms }] = runs;
  return {
    profile: 'embedded',
    job,
    variant,
    ticks_per_second: Math.round(rate),
    cpu_seconds_per_million: Number(((median(runs.map((r) => r.cpu_seconds)) / ticks) * 1e6).toFixed(2)),
    peak_rss_mb: Math.round(median(runs.map((r) => r.peak_rss_mb))),
    peer: peer === null ? null : Math.round(peer),
    ratio: peer === null ? null : Number((rate / peer).toFixed(2)),
    ...(typeof p50_ms === 'number' ? { p50_ms, p95_ms: p95_ms ?? 0, p99_ms: p99_ms ?? 0 } : {}),
  };
}

function main(): void {
  const results: Result[] = [];
  const ours = join(scratch, 'ours');
  const theirs = join(scratch, 'peer');

  console.error('gate: bars against SQL over the same file');
  const file = dataSet(out, TICKS, 1000);
  run('embedded.ts', [file, ours]);
  run('gate.ts', [file, ours]);

  console.error('throughput, by turns with the peer');
  const runs: Run[] = [];
  const peers: Run[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    peers.push(run('peer.ts', [file, theirs]));
    runs.push(run('embedded.ts', [file, ours]));
  }
  const peer = TICKS / median(peers.map((r) => r.seconds));
  results.push(summary('json-to-bars', 'clickhouse route (chDB)', TICKS, peers, null));
  results.push(summary('json-to-bars', 'embedded, 1k instruments', TICKS, runs, peer));

  console.error('cost of many instruments');
  for (const instruments of [10_000, 100_000])
    results.push(
      summary(
        'json-to-bars',
        `embedded, ${instruments / 1000}k instruments`,
        FEWER_TICKS,
        [run('embedded.ts', [dataSet(out, FEWER_TICKS, instruments), ours])],
        null,
      ),
    );

  console.error(`latency at ${RATE} ticks/s offered, open loop`);
  const seconds = quick ? 5 : 15;
  const load = run('embedded.ts', [dataSet(out, FEWER_TICKS, 1000), ours, String(RATE), String(seconds)]);
  results.push(summary('latency', `${RATE / 1000}k ticks/s offered`, load.records ?? 0, [load], null));

  rmSync(scratch, { recursive: true, force: true });
  keepResults(out, 'embedded', results);
  const table = tableOf(results);
  const heading = `${machineLine()}, ${TICKS / 1e6} M ticks (${FEWER_TICKS / 1e6} M of more instruments), median of ${ROUNDS}`;
  if (!quick) writeBetween(root, 'bench', `${heading}\n\n${table}`);
  console.log(table);
}

function tableOf(results: readonly Result[]): string {
  const rows = results.map(
    (r) =>
      `| ${r.job} | ${r.variant} | ${(r.ticks_per_second / 1000).toFixed(0)} k | ${r.cpu_seconds_per_million} | ${r.peak_rss_mb} | ${r.ratio ?? ''} | ${r.p50_ms === undefined ? '' : `${r.p50_ms} / ${r.p95_ms} / ${r.p99_ms}`} |`,
  );
  return [
    '| job | variant | ticks/s | CPU-s per million | peak MB | ratio to peer | p50 / p95 / p99 ms |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

mkdirSync(scratch, { recursive: true });
if (options.decoders) measureDecoders(root, scratch);
else if (options.long)
  await measureLong(root, scratch, dataSet(out, TICKS, 1000), options.rates.split(',').map(Number), (args) =>
    run('embedded.ts', args),
  );
else if (options.profile === 'cluster') {
  const { measureCluster } = await import('./cluster/measure.ts');
  const ticks = options.ticks === undefined ? null : Number(options.ticks);
  process.exitCode = await measureCluster({ ...options, root, out, ticks }).catch((error: unknown) => {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  });
} else main();
