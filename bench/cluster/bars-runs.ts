/** Runs of the bars job, by our client and by the library's, held to the oracle. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { decodeBars } from '../../core/codec/topics/bars.ts';
import { Names } from '../../core/model/names.ts';
import { barBlocks } from '../../core/store/tables/bars.ts';
import type { ClusterEngines } from '../../tests/integration/cluster/engines.ts';
import { compareBars, isExact, STORED_BARS } from '../trades/oracle.ts';
import { type Meters, startMeters } from './meters.ts';
import { endOf } from './services.ts';
import { BenchWorld } from './world.ts';

/** Whose consumer and producer the job works with. */
export type JobClientName = 'ours' | 'stock';

const TOPIC = 'bench.bars.v1';
const READ_BYTES = 8 << 20;

/**
 * The file into the raw topic first, then the job: from its first read to the last bar acknowledged. Throws when what
 * lies in the bars topic differs from the oracle.
 */
export async function runBarsJob(
  root: string,
  engines: ClusterEngines,
  client: JobClientName,
  file: string,
  nodeOptions: string,
): Promise<Meters & { readonly ticks: number }> {
  const world = await BenchWorld.open(engines, {});
  try {
    const { log } = world.stores;
    await log.createTopic({ name: TOPIC, partitions: world.partitions, retention: null });
    await world.feed(file, { rate: null, limit: Infinity });
    const { taken, ticks } = await runJob(root, engines, client, world, nodeOptions);
    await holdToOracle(world, file);
    return { ...taken, ticks };
  } finally {
    await world.close();
  }
}

async function runJob(
  root: string,
  engines: ClusterEngines,
  client: JobClientName,
  world: BenchWorld,
  nodeOptions: string,
): Promise<{ taken: Meters; ticks: number }> {
  const broker = world.stores.runtime.engines.kafkaBootstrap;
  const script = join(root, 'bench/cluster/bars-job.ts');
  const args = ['--disable-warning=ExperimentalWarning', script, broker, world.topic, TOPIC, client];
  const child = spawn(join(root, 'scripts/node'), args, {
    env: { ...process.env, ...(nodeOptions === '' ? {} : { NODE_OPTIONS: nodeOptions }) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = endOf(child);
  try {
    let read: (() => Meters) | null = null;
    let taken: Meters | null = null;
    let ticks = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'begin') read = startMeters(engines, [child.pid as number]);
      if (!line.startsWith('{') || read === null) continue;
      taken = read();
      ticks = (JSON.parse(line) as { records: number }).records;
      child.stdin.end();
    }
    const exit = await ended;
    if (exit !== 0 || taken === null) throw new Error(`the bars job, ${client}, ended with ${exit}`);
    return { taken, ticks };
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/** The bars of the topic into the table that the oracle is compared with: the rows that a reader of both would see. */
async function holdToOracle({ stores, partitions }: BenchWorld, file: string): Promise<void> {
  const { log, warehouse, settings } = stores;
  const { intervals } = settings.aggregation;
  for (let p = 0; p < partitions; p++)
    for (let at = 0; ; ) {
      const slices = await log.read(TOPIC, p, at, READ_BYTES);
      if (slices.length === 0) break;
      for (const slice of slices) {
        const { batch, rejected } = decodeBars(slice, slice.from, slice.to, new Names(), intervals);
        if (rejected.length > 0) throw new Error(`${rejected.length} bars cannot be read`);
        for (const block of barBlocks(batch, intervals, '{}'))
          await warehouse.insertBlock('bars', block, null);
        at = slice.to;
      }
    }
  const report = await compareBars(warehouse, file, STORED_BARS, false);
  console.error(`  ${JSON.stringify(report)}`);
  if (!isExact(report)) throw new Error('the bars differ from the oracle: nothing is timed');
}
