/**
 * The embedded profile under D1: JSON lines → raw topic → four stages → ticks and bars queryable. The producer is a
 * thread, everything else runs as `carbon up` has it. Prints one JSON line.
 *
 * `embedded.ts FILE DIR [RATE SECONDS]`: as fast as it goes, or open loop at RATE ticks a second. The clock is that of
 * the data, so that windows close as they would have closed then. With `again:FILE` the trades have no end: it stops when
 * the seconds are over, whatever is left to do.
 */

import { readFileSync, rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { runtimeSettings } from '../../app/config/runtime.ts';
import { startWorker } from '../../app/pipeline/worker.ts';
import { openStores } from '../../app/stores/open-stores.ts';
import { rawTopics } from '../../app/stores/topics.ts';
import { collector } from './collect.ts';
import type { Feed, Sent } from './feeder.ts';
import { growthOf, WINDOW } from './growth.ts';
import { Latencies } from './latencies.ts';

const [file, dir, rateText, secondsText] = process.argv.slice(2);
const rate = rateText === undefined ? null : Number(rateText);
const limit = rate === null ? Infinity : rate * Number(secondsText);
const isEndless = file.startsWith('again:');

rmSync(dir, { recursive: true, force: true });
const stores = await openStores(runtimeSettings({ dataDir: dir }, process.env), {
  service: 'bench',
  serve: false,
});
/** The clock of the data: it begins with the first tick and runs as ours does. */
const BEGIN = 1_772_323_200_000_000;
const opened = performance.now();
const now = (): number => BEGIN + Math.floor((performance.now() - opened) * 1000);
const worker = await startWorker('pipeline', { ...stores, clock: { ...stores.clock, now } });
const topic = rawTopics()[0];
const partitions = stores.partitions.get(topic) ?? 1;
const counters = new SharedArrayBuffer(16);
const counts = new Float64Array(counters);
const feed: Feed = {
  file,
  log: { dataDir: stores.runtime.dataDir },
  topic,
  partitions,
  rate,
  lead: 400_000,
  limit,
  counters,
};

/** Once in each window of a run without end; the producer does the same. */
const collect = isEndless ? collector() : () => {};

/** Resident memory in MB, every second: whether it grows is the question of a long run. */
const resident: number[] = [];
const sampler = setInterval(() => {
  if (resident.length % WINDOW === WINDOW - 2) collect();
  resident.push(process.memoryUsage.rss() / 1_048_576);
  if (process.env['BENCH_MEMORY'] !== undefined && resident.length % 5 === 0) void tellOfMemory();
}, 1000);

/** Who has the memory, in MB: this thread, the producer, and the engine by its own count. */
async function tellOfMemory(): Promise<void> {
  const [engine] = await stores.warehouse.queryRows(
    `SELECT sumIf(value, metric = 'MemoryTracking') AS tracked, (SELECT sum(memory_usage) FROM system.merges) AS merges
     FROM system.metrics`,
  );
  const mb = (bytes: unknown): number => Math.round(Number(bytes) / 1_048_576);
  const { rss, heapTotal, arrayBuffers } = process.memoryUsage();
  const producer = await feeder.getHeapStatistics();
  const mapped = Number(/RssFile:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
  console.error(
    JSON.stringify({
      records: worker.totals().records,
      rss: mb(rss),
      files: mb(mapped),
      heap: mb(heapTotal),
      arrays: mb(arrayBuffers),
      engine: mb(engine['tracked']),
      merges: mb(engine['merges']),
      producer: mb(producer.total_heap_size + producer.external_memory),
    }),
  );
}

/** The producer is told how far the reader is, in the middle of a round too. */
const progress = setInterval(() => {
  counts[1] = worker.totals().records;
}, 20);

let isFed = false;
const latencies = new Latencies(partitions);
const started = performance.now();
const cpu = process.cpuUsage();
const thread = process.threadCpuUsage();
const feeder = new Worker(new URL('./feeder.ts', import.meta.url), { workerData: feed });
feeder.on('message', (note: Sent | 'done') => {
  if (note === 'done') isFed = true;
  else latencies.sent(note);
});
feeder.on('error', (error) => {
  throw error;
});

/** What is in the warehouse by now: how long it took from when it was due. */
async function note(): Promise<void> {
  const now = performance.timeOrigin + performance.now();
  for (let p = 0; p < partitions; p++)
    latencies.stored(p, (await stores.log.committed('pipeline', topic, p)) ?? 0, now);
}

for (;;) {
  const wasFed = isFed;
  const progressed = rate === null ? await worker.round() : await worker.turn();
  counts[1] = worker.totals().records;
  if (rate !== null) await note();
  if (!progressed && wasFed) break;
  if (isEndless && performance.now() - started > 1000 * Number(secondsText)) break;
  if (!progressed) await new Promise((done) => setTimeout(done, rate === null ? 1 : 5));
  else await new Promise((done) => setImmediate(done));
}
const seconds = (performance.now() - started) / 1000;
const used = process.cpuUsage(cpu);
clearInterval(sampler);
clearInterval(progress);
const own = process.threadCpuUsage(thread);
const peak = process.resourceUsage().maxRSS / 1024;
counts[1] = worker.totals().records;
const [offered, records] = counts;
await note();
const growth = growthOf(resident);
if (!isEndless) await worker.catchUp();
const [stored] = await stores.warehouse.queryRows(
  "SELECT toUInt32((SELECT count() FROM silver_ticks)) AS ticks, toUInt32((SELECT count() FROM bars FINAL WHERE status != 'retracted')) AS bars",
  {},
);
console.log(
  JSON.stringify({
    records,
    offered,
    seconds,
    cpu_seconds: (used.user + used.system) / 1e6,
    pipeline_thread_seconds: (own.user + own.system) / 1e6,
    peak_rss_mb: peak,
    p50_ms: latencies.quantile(0.5),
    p95_ms: latencies.quantile(0.95),
    p99_ms: latencies.quantile(0.99),
    rss_slope_mb_per_minute: growth?.slope ?? null,
    rss_slope_error: growth?.error ?? null,
    ...stored,
  }),
);
await worker.close();
await stores.close();
process.exit(0);
