/**
 * The embedded profile under D1: JSON lines → raw topic → four stages → ticks and bars queryable, in one process.
 * `embedded.ts FILE DIR` prints one JSON line with what it took. The clock is that of the data.
 */

import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { runtimeSettings } from '../../app/config/runtime.ts';
import { startWorker } from '../../app/pipeline/worker.ts';
import { openStores } from '../../app/stores/open-stores.ts';
import { rawTopics } from '../../app/stores/topics.ts';
import { JsonLines } from '../../core/codec/topics/json-lines.ts';

const [file, dir] = process.argv.slice(2);
const CHUNK = Number(process.env['BENCH_CHUNK'] ?? 1 << 22);

/** Whole lines of a file, a few megabytes at a time. */
function* chunksOf(path: string): Generator<Uint8Array> {
  const fd = openSync(path, 'r');
  const buffer = new Uint8Array(CHUNK);
  let kept = 0;
  for (;;) {
    const n = readSync(fd, buffer, kept, CHUNK - kept, null);
    if (n === 0) break;
    const end = buffer.subarray(0, kept + n).lastIndexOf(0x0a) + 1;
    yield buffer.slice(0, end);
    buffer.copyWithin(0, end, kept + n);
    kept = kept + n - end;
  }
  if (kept > 0) yield buffer.slice(0, kept);
  closeSync(fd);
}

rmSync(dir, { recursive: true, force: true });
const stores = await openStores(runtimeSettings({ dataDir: dir }, process.env), {
  service: 'bench',
  serve: false,
});
const now = 0;
const clock = { ...stores.clock, now: () => now };
const spent = new Map<string, [count: number, seconds: number, bytes: number]>();
const timed = async <T>(name: string, bytes: number, run: () => Promise<T>): Promise<T> => {
  const from = performance.now();
  const result = await run();
  const entry = spent.getOrInsertComputed(name, () => [0, 0, 0]);
  entry[0]++;
  entry[1] += (performance.now() - from) / 1000;
  entry[2] += bytes;
  return result;
};
const { warehouse: wh } = stores;
const warehouse = Object.assign(Object.create(wh), {
  insertBlock: (t: string, b: Uint8Array, k: string | null) =>
    timed(`insert ${t}`, b.length, () => wh.insertBlock(t, b, k)),
  queryColumns: (q: string, p: never) =>
    timed(
      `query ${q
        .replace(/\s+/g, ' ')
        .replace(/SELECT .* FROM/, 'FROM')
        .slice(0, 40)}`,
      0,
      () => wh.queryColumns(q, p),
    ),
});
const worker = await startWorker('pipeline', { ...stores, clock, warehouse });
const topic = rawTopics()[0];
const lines = new JsonLines(stores.names, stores.partitions.get(topic) ?? 1);
const started = performance.now();
const cpu = process.cpuUsage();
const thread = process.threadCpuUsage();
for (const chunk of chunksOf(file)) {
  for (const { partition, batch } of lines.encode(chunk, 1_772_323_200_000))
    await stores.log.append(topic, partition, [batch]);
  while (await worker.round()) {
    // Until all partitions are at their end.
  }
}
const seconds = (performance.now() - started) / 1000;
const used = process.cpuUsage(cpu);
const own = process.threadCpuUsage(thread);
await worker.catchUp();
const [counts] = await stores.warehouse.queryRows(
  'SELECT (SELECT count() FROM silver_ticks) AS ticks, (SELECT count() FROM bars FINAL) AS bars',
  {},
);
const sent = worker.totals();
console.log(
  JSON.stringify({
    seconds,
    cpu_seconds: (used.user + used.system) / 1e6,
    main_thread_seconds: (own.user + own.system) / 1e6,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    ...counts,
    totals: sent,
  }),
);
for (const [name, [n, t, b]] of spent) console.error(name.padEnd(60), n, t.toFixed(2), (b / 1e6).toFixed(1));
worker.close();
await stores.close();
