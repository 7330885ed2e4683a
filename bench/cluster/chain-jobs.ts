/** The whole chain on real engines: a backlog worked through, and ticks that come at a fixed rate. */

import type { ClusterEngines, Variables } from '../../tests/integration/cluster/engines.ts';
import { quantile } from '../results.ts';
import type { Sent } from '../trades/feeder.ts';
import { compareBars, isExact, STORED_BARS } from '../trades/oracle.ts';
import { type Meters, startMeters } from './meters.ts';
import { type Form, LAST_GROUPS, Services } from './services.ts';
import { BenchWorld } from './world.ts';

/** What is run. */
export interface ChainJob {
  readonly form: Form;
  /** Variables of the services beside the addresses of the engines. */
  readonly settings: Variables;
  /** Flags of Node for the services. */
  readonly nodeOptions?: string;
}

/** What a run took. */
export interface ChainRun extends Meters {
  readonly ticks: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
}

/** Pause between two looks at how far the services have come, in milliseconds. */
const LOOK_MS = 5;
const WARM_MS = 5000;
/** One latency in so many ticks is kept. */
const EVERY = 100;

/**
 * The file into the raw topic first, then the services: from when the one that reads it works to when the last plan of
 * the last stage is finished. What is stored is compared with the oracle; throws when anything differs.
 */
export async function runBacklog(
  root: string,
  engines: ClusterEngines,
  job: ChainJob,
  file: string,
): Promise<ChainRun> {
  const world = await BenchWorld.open(engines, job.settings);
  let services: Services | null = null;
  try {
    await world.feed(file, { rate: null, limit: Infinity });
    const ticks = await heldBy(world);
    services = await Services.start(root, job.form, world.variables, job.nodeOptions);
    const { check } = services;
    const read = startMeters(engines, services.pids);
    await world.workedThrough(check.bind(services));
    const taken = read();
    await services.stop();
    for (const warning of services.warnings()) console.error(`  ${warning}`);
    services = null;
    await holdToOracle(world, file);
    return { ticks, ...taken, p50_ms: null, p95_ms: null, p99_ms: null };
  } finally {
    await services?.kill();
    await world.close();
  }
}

async function heldBy(world: BenchWorld): Promise<number> {
  let records = 0;
  for (let p = 0; p < world.partitions; p++) records += (await world.stores.log.bounds(world.topic, p)).end;
  return records;
}

async function holdToOracle(world: BenchWorld, file: string): Promise<void> {
  const report = await compareBars(world.stores.warehouse, file, STORED_BARS);
  console.error(`  ${JSON.stringify(report)}`);
  if (!isExact(report)) throw new Error('what is stored differs from the oracle: nothing is timed');
}

/**
 * Open loop: ticks come at a fixed rate whatever becomes of them, for so many seconds. Latencies are from when a tick was
 * due to when the plan that stored it and its bars was finished; those of the first {@link WARM_MS} do not count, while
 * code is compiled that runs for days.
 */
export async function runLatency(
  root: string,
  engines: ClusterEngines,
  job: ChainJob,
  file: string,
  rate: number,
  seconds: number,
): Promise<ChainRun> {
  const world = await BenchWorld.open(engines, job.settings);
  let services: Services | null = null;
  try {
    services = await Services.start(root, job.form, world.variables, job.nodeOptions);
    const read = startMeters(engines, services.pids);
    const began = performance.timeOrigin + performance.now();
    const waiting: Sent[][] = Array.from({ length: world.partitions }, () => []);
    const latencies: number[] = [];
    const note = ({ records, due }: Sent, now: number): void => {
      if (due - began < WARM_MS) return;
      for (let k = 0; k < records; k += EVERY) latencies.push(now - due);
    };
    let ticks = 0;
    let isFed = false;
    const fed = world
      .feed(file, { rate, limit: rate * seconds }, (note) => {
        waiting[note.partition].push(note);
        ticks += note.records;
      })
      .then(() => {
        isFed = true;
      });
    const look = async (): Promise<void> => {
      const done = await Promise.all(waiting.map((_, p) => world.doneBy(LAST_GROUPS[job.form], p)));
      const now = performance.timeOrigin + performance.now();
      waiting.forEach((notes, p) => {
        while (notes.length > 0 && notes[0].end <= done[p]) note(notes.shift() as Sent, now);
      });
    };
    while (!isFed) {
      services.check();
      await look();
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
    await fed;
    await world.workedThrough(() => services?.check());
    // Of a piece whose last ticks were dropped, later plans do not tell.
    const now = performance.timeOrigin + performance.now();
    for (const notes of waiting) for (const sent of notes) note(sent, now);
    const taken = read();
    await services.stop();
    services = null;
    latencies.sort((a, b) => a - b);
    const [p50_ms, p95_ms, p99_ms] = [0.5, 0.95, 0.99].map((q) => quantile(latencies, q));
    return { ticks, ...taken, p50_ms, p95_ms, p99_ms };
  } finally {
    await services?.kill();
    await world.close();
  }
}
