/**
 * The same input through both profiles: markets pulled from their simulators before and after corrections, trades as Avro
 * and as JSON. What five services on real engines store and answer is what the embedded profile stores and answers, in
 * all columns but source position, ingest time and trace. PostgreSQL and Redis are killed while the services work.
 */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runConnector } from '../../../app/ingest/run-connector.ts';
import { startWorker } from '../../../app/pipeline/worker.ts';
import { openStores, type Stores } from '../../../app/stores/open-stores.ts';
import { rawTopic } from '../../../core/codec/topics/topic-names.ts';
import { DAY, HOUR, instantFromCivil } from '../../../core/time/instant.ts';
import { type Simulator, type SimulatorName, startSimulator } from '../../../simulators/catalog.ts';
import { within } from '../../support/engine-server.ts';
import { carbon, linesOf, newFolder, type Row, start } from '../cli/carbon.ts';
import { runtimeIn } from '../crash/runtime.ts';
import { type LogSpec, publish } from '../crash/world.ts';
import { enginesOfRun, type Variables } from './engines.ts';
import { caughtUp } from './world.ts';

/** The day of 25 hours, and four days later, when the markets have corrected it. */
const AUTUMN = instantFromCivil(2025, 11, 2);
const WINDOW = { start: AUTUMN + 5 * HOUR, end: AUTUMN + 29 * HOUR };
const MOMENTS = [AUTUMN + 32 * HOUR, AUTUMN + 5 * DAY];
const PULLED: readonly (readonly [SimulatorName, string])[] = [
  ['nyiso', 'da_lmp'],
  ['nyiso', 'rt_lmp_hourly'],
  ['miso', 'da_lmp'],
  ['caiso', 'da_lmp'],
];
const TRADES: LogSpec = { seed: 61, pieces: 2, disorder: 0, markets: ['NYISO', 'MISO'] };

/** Where a row came from and when it was written differ between the two by their nature. */
const OF_ITS_WAY = new Set([
  'src_topic',
  'src_partition',
  'src_offset',
  'ingested_at',
  'trace_id',
  'raw_event',
  'raw_partition',
  'raw_offset',
  'statement',
]);
const SERIES = ['NYISO.DA.LMP.N.Y.C.', 'NG_HH_BALMO'];
const READS: readonly (readonly string[])[] = [
  ['sql', 'SELECT * FROM silver_ticks'],
  ['sql', 'SELECT * FROM silver_repeats FINAL'],
  ['sql', 'SELECT * FROM bars_history'],
  ['sql', 'SELECT * FROM served_latest_prices'],
  ['sql', 'SELECT * FROM curves_base FINAL'],
  ['sql', 'SELECT * FROM curves_latest'],
  ['sql', 'SELECT * FROM served_curves'],
  ['curve', 'show', 'NG_HH'],
  ['latest'],
  ...SERIES.flatMap((id) => [
    ['bars', id, '--interval', '1h'],
    ['bars', id, '--interval', '1d'],
    ['why', id],
  ]),
];

const closers: (() => Promise<void> | void)[] = [];
after(async () => {
  for (const close of closers.reverse()) await close();
});

/** Takes the whole input in, in one order. */
async function takeIn(
  stores: Stores,
  simulators: ReadonlyMap<SimulatorName, Simulator>,
  tick: (at: number) => void,
) {
  for (const [phase, at] of MOMENTS.entries()) {
    tick(at);
    await publish(stores, TRADES, phase, phase + 1);
    for (const [connector, dataset] of PULLED) {
      const { status, datasets } = await runConnector(
        { ...stores, clock: { ...stores.clock, now: () => at } },
        {
          connector,
          datasets: [dataset],
          window: WINDOW,
          runId: `pull-${phase}`,
          origin: (simulators.get(connector) as Simulator).origin,
          patience: { retries: 0, minIntervalMs: 0 },
        },
      );
      assert.equal(status, 'success', JSON.stringify(datasets));
    }
  }
}

/** A value without the columns of its way here. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !OF_ITS_WAY.has(name))
      .map(([name, inner]) => [name, bare(inner)]),
  );
}

async function answersOf(data: string, variables: Variables): Promise<Record<string, string[]>> {
  const answers: Record<string, string[]> = {};
  for (const args of READS) {
    const { exit, stdout, stderr } = await carbon(['--data', data, '--json', ...args], variables);
    assert.equal(exit, 0, `${args.join(' ')}: ${stderr}`);
    const rows: Row[] = linesOf(stdout);
    assert.ok(rows.length > 0, args.join(' '));
    answers[args.join(' ')] = rows.map((row) => JSON.stringify(bare(row))).sort();
  }
  return answers;
}

/** Opens stores, works in them and closes them. */
async function inStores<T>(
  data: string,
  variables: Variables,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  const stores = await openStores(runtimeIn(data, 1 << 16, variables), { service: 'test', serve: false });
  try {
    return await work(stores);
  } finally {
    await stores.close();
  }
}

const barsOf = async (stores: Stores): Promise<number> => {
  const [row] = await stores.warehouse.queryRows('SELECT count() AS bars FROM bars_history');
  return Number(row['bars']);
};

test('pulled markets and trades: five services on real engines answer what the embedded profile answers', async (t) => {
  const engines = await enginesOfRun();
  if (typeof engines === 'string') return t.skip(engines);
  let now = MOMENTS[0];
  const tick = (at: number): void => {
    now = at;
  };
  const simulators = new Map<SimulatorName, Simulator>();
  for (const name of new Set(PULLED.map(([connector]) => connector))) {
    const simulator = await startSimulator(name, { seed: 5, nodes: 10, clock: () => now });
    closers.push(() => simulator.close());
    simulators.set(name, simulator);
  }

  const embedded = join(newFolder(), 'data');
  const bars = await inStores(embedded, {}, async (stores) => {
    await takeIn(stores, simulators, tick);
    const worker = await startWorker('pipeline', stores);
    await worker.catchUp();
    await worker.close();
    return barsOf(stores);
  });
  const expected = await answersOf(embedded, {});

  const data = join(newFolder(), 'data');
  const variables = { ...(await engines.emptied()), DATA_PROC_PARTITIONS: '2' };
  const fleet = start(['--data', data, 'up'], variables);
  for (const service of ['normalization', 'enrichment', 'aggregation', 'projection'])
    await fleet.shown(`"service":"${service}","event":"service.started"`);
  await inStores(data, variables, async (stores) => {
    await takeIn(stores, simulators, tick);
    const { postgres, redis } = engines.servers;
    await Promise.all([postgres.signal('SIGKILL'), redis.signal('SIGKILL')]);
    await new Promise((done) => setTimeout(done, 1000));
    await Promise.all([postgres.start(), redis.start()]);
    await caughtUp(stores, ['NYISO', 'MISO', 'CAISO'].map(rawTopic));
    // Then the clock closes what is due.
    await within(120_000, async () => ((await barsOf(stores)) >= bars ? true : null));
  });
  assert.deepEqual(await answersOf(data, variables), expected);

  fleet.child.kill('SIGTERM');
  const { exit, stderr } = await fleet.ended;
  assert.equal(exit, 0, stderr.slice(-4000));
});
