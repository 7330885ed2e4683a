/**
 * Curves from end to end: trades on the raw topic, and what a reader sees. In one process and in four, with restarts and
 * kills in between; corrected, withdrawn, as of a time, damaged and built again.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { leaseOf, runJob } from '../../../app/backfill/run-job.ts';
import { submitBackfill } from '../../../app/backfill/submit.ts';
import { buildCurves } from '../../../app/curves/build-curves.ts';
import { type ServiceName, startWorker } from '../../../app/pipeline/worker.ts';
import { findStatement, quotesOf, readCurves, readPoints } from '../../../app/read/curves.ts';
import { openStores, type Stores } from '../../../app/stores/open-stores.ts';
import { decodeCurveUpdates } from '../../../core/codec/topics/curves.ts';
import { Topic } from '../../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../../core/errors.ts';
import type { BackfillRequest } from '../../../core/model/job.ts';
import type { Row } from '../../../core/ports/warehouse.ts';
import { DAY, HOUR, type Micros, SECOND } from '../../../core/time/instant.ts';
import { NOON, TRADES, tell } from '../../support/curve-trades.ts';
import type { Order } from '../crash/child.ts';
import { finish, runChild } from '../crash/processes.ts';
import { runtimeIn } from '../crash/runtime.ts';
import { withWritePoints } from '../crash/write-points.ts';

const CURVE = 'NG_HH';
const folders: string[] = [];
let open: Stores | null = null;

/** Opens a folder; the one before is closed, because a process has one warehouse. */
async function openIn(folder: string, variables: Record<string, string> = {}): Promise<Stores> {
  await open?.close();
  open = null;
  open = await openStores(runtimeIn(folder, 1 << 16, variables), { service: 'curves-test', serve: false });
  return open;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-curves-'));
  folders.push(folder);
  return folder;
}

after(async () => {
  await open?.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function work(stores: Stores, services: readonly ServiceName[]): Promise<void> {
  for (const service of services) {
    const worker = await startWorker(service, stores);
    try {
      await worker.catchUp();
    } finally {
      await worker.close();
    }
  }
}

const FUSED = ['pipeline'] as const;
const SPLIT = ['normalization', 'enrichment', 'aggregation', 'projection'] as const;

/** All that readers see: the points that hold at each time, the inputs, the snapshot. */
async function seen({ warehouse }: Stores): Promise<Row[][]> {
  const statements = await warehouse.queryRows(
    `SELECT DISTINCT toString(toUnixTimestamp64Micro(known_at)) AS at FROM curves_computed WHERE block = '' ORDER BY at`,
  );
  const tables: Row[][] = [statements];
  for (const { at } of statements)
    tables.push(
      await warehouse.queryRows(
        `SELECT * EXCEPT (statement) FROM curves_as_of(as_of = fromUnixTimestamp64Micro(${String(at)}, 'UTC'))
ORDER BY curve_id, delivery_start, block`,
      ),
    );
  tables.push(
    await warehouse.queryRows(
      'SELECT * EXCEPT (statement) FROM curves_latest ORDER BY curve_id, delivery_start, block',
    ),
    await warehouse.queryRows(
      `SELECT curve_id, as_of_date, contract_id, delivery_start, price, is_withdrawn, event_id, value_key, known_at
FROM curves_base FINAL ORDER BY ALL`,
    ),
    await warehouse.queryRows(
      'SELECT curve_id, as_of_date, known_at, delivery_starts, prices, metadata FROM served_curves ORDER BY curve_id',
    ),
  );
  return tables;
}

/** `12 3.1` for each month, as known so many seconds after noon. */
async function prices({ warehouse }: Stores, seconds: number | null): Promise<string[]> {
  const asOf: Micros | null = seconds === null ? null : NOON + seconds * SECOND;
  const found = await findStatement(warehouse, { tenant: 'default', curve: CURVE, asOfDate: null, asOf });
  if (found === null) return [];
  const points = await readPoints(warehouse, 'default', CURVE, found);
  return points.map((row) => `${String(row['delivery_start']).slice(5, 7)} ${row['price']}`);
}

let fused: Stores;
let expected: Row[][];
before(async () => {
  fused = await openIn(newFolder());
  await tell(fused, TRADES);
  await work(fused, FUSED);
  expected = await seen(fused);
});

test('what was known when: a correction, a withdrawal, a late trade, and a quarter against its months', async () => {
  assert.deepEqual(await prices(fused, 0), []);
  assert.deepEqual(await prices(fused, 5), ['11 2.9', '12 3.1', '01 3.4', '02 3.25', '03 3.25']);
  assert.equal((await prices(fused, 20))[1], '12 3.2');
  assert.equal((await prices(fused, 45))[1], '12 3.15');
  assert.equal((await prices(fused, 65))[1], '12 3.1');
  // Said before, known after: the last one said counts.
  assert.equal((await prices(fused, 85))[2], '01 3.5');
  assert.deepEqual(await prices(fused, null), ['11 2.9', '12 3.1', '01 3.5', '02 3.3', '03 3']);
  const now = await findStatement(fused.warehouse, {
    ...{ tenant: 'default', curve: CURVE, asOfDate: null, asOf: null },
  });
  assert.ok(now !== null);
  assert.deepEqual(
    quotesOf(now).map((row) => [row['contract'], row['fate']]),
    [
      ['NG_HH_BALMO', 'USED'],
      ['NG_HH_2026-12', 'USED'],
      ['NG_HH_2027-01', 'USED'],
      ['NG_HH_Q1-2027', 'CURVE_CONFLICT'],
      ['NG_HH_2027-02', 'USED'],
      ['NG_HH_2027-03', 'USED'],
    ],
  );
  const [served] = await readCurves(fused.warehouse, 'default');
  assert.deepEqual(
    [served?.['curve_id'], served?.['as_of_date'], served?.['points'], served?.['delivery_end']],
    [CURVE, '2026-11-10', '5', '2027-04-01'],
  );
  const [cached] = await fused.cache.getMany([`tenant:default:curve:${CURVE}`]);
  const active = JSON.parse(cached ?? 'null');
  assert.deepEqual([active?.as_of_date, active?.points.length], ['2026-11-10', 5]);
});

test('statements go onto their topic, in order, and conflicts onto that of anomalies', async () => {
  const updates: { knownAt: number; points: number; statement: number }[] = [];
  for (let partition = 0; partition < (fused.partitions.get(Topic.curveUpdates) ?? 0); partition++) {
    const { earliest, end } = await fused.log.bounds(Topic.curveUpdates, partition);
    for (let at = earliest; at < end; )
      for (const slice of await fused.log.read(Topic.curveUpdates, partition, at, 1 << 20)) {
        for (const { knownAt, points, statement } of decodeCurveUpdates(slice, slice.from, slice.to).updates)
          updates.push({ knownAt: (knownAt - NOON) / SECOND, points: points.length, statement });
        at = slice.to;
      }
  }
  assert.deepEqual(
    [...new Set(updates.map(({ knownAt }) => knownAt))].sort((a, b) => a - b),
    [5, 10, 20, 45, 65, 85, 90, 95],
  );
  const rows = await fused.warehouse.queryRows('SELECT count() AS n FROM curves_computed');
  assert.ok(Number(rows[0]?.['n']) > 0);
});

test('a build finds nothing; what is damaged is found and written again, whatever is left out of sight', async () => {
  const request = { curves: null, days: null, dryRun: false };
  assert.deepEqual((await buildCurves(fused, request)).rows, []);
  const { warehouse } = fused;
  await warehouse.execute(
    `ALTER TABLE curves_computed UPDATE price = price + 1 WHERE toDate(delivery_start) = '2027-02-01' SETTINGS mutations_sync = 2`,
  );
  await warehouse.execute(
    `ALTER TABLE curves_computed DELETE WHERE known_at = fromUnixTimestamp64Micro(${NOON + 45 * SECOND}, 'UTC') SETTINGS mutations_sync = 2`,
  );
  await warehouse.execute('TRUNCATE TABLE served_curve_snapshots');
  const dry = await buildCurves(fused, { ...request, dryRun: true });
  assert.deepEqual(
    dry.rows.map(({ knownAt, reason }) => [(knownAt - NOON) / SECOND, reason]),
    [5, 10, 20, 45, 65, 85, 90, 95].map((at) => [at, at === 45 ? 'MISSING' : 'DIFFERS']),
  );
  assert.deepEqual(await readCurves(warehouse, 'default'), []);
  assert.deepEqual((await buildCurves(fused, request)).rows, dry.rows);
  assert.deepEqual((await buildCurves(fused, request)).rows, []);
  assert.deepEqual(await seen(fused), expected);
  await warehouse.execute('TRUNCATE TABLE served_curve_snapshots');
  assert.deepEqual(
    (await buildCurves(fused, request)).rows.map(({ reason }) => reason),
    ['SNAPSHOT'],
  );
  assert.deepEqual(await seen(fused), expected);
});

test('a backfill job makes the curves of its instruments anew, on the days that its window touches', async () => {
  const { warehouse, reference, clock } = fused;
  const [begin, end] = [NOON - 12 * HOUR, NOON + 12 * HOUR];
  let requests = 0;
  const differences = async (of: Partial<BackfillRequest>): Promise<number> => {
    const request = {
      tenant: 'default',
      requestId: `curves-${requests++}`,
      requestedBy: 'test',
      window: { start: begin, end },
      instruments: [],
      market: null,
      dryRun: false,
      ...of,
    };
    const { job } = await submitBackfill(fused, request);
    const taken = await reference.takeJob(leaseOf('test', clock.now()), job.id);
    assert.ok(taken !== null);
    const done = await runJob(fused, taken, { holder: 'test', signal: new AbortController().signal });
    assert.equal(done.status, 'succeeded', JSON.stringify(done.error));
    return done.differences;
  };
  // Bars and prices are right before the curves are not.
  await differences({});
  await warehouse.execute('TRUNCATE TABLE served_curve_snapshots');
  await warehouse.execute(
    `ALTER TABLE curves_computed DELETE WHERE known_at = fromUnixTimestamp64Micro(${NOON + 45 * SECOND}, 'UTC') SETTINGS mutations_sync = 2`,
  );
  const contract = String(expected.at(-2)?.[0]?.['contract_id']);
  const days = (at: number): Partial<BackfillRequest> => ({ window: { start: begin + at, end: end + at } });
  assert.equal(await differences({ ...days(3 * DAY), instruments: [contract] }), 0, 'another day');
  assert.equal(await differences({ market: 'NYISO' }), 0, 'no instrument of the market is a contract');
  const found = await differences({ dryRun: true });
  assert.ok(found > 0);
  assert.equal(await differences({ instruments: [contract] }), found);
  assert.deepEqual(await seen(fused), expected);
  assert.equal(await differences({}), 0);
});

test('single stages make the same curves, piece by piece, with a restart after each', async () => {
  const split = await openIn(newFolder());
  for (let from = 0; from < TRADES.length; from += 4) {
    await tell(split, TRADES.slice(from, from + 4));
    await work(split, SPLIT);
  }
  const found = await seen(split);
  // The hash of the inputs is that of their ids; the settings are the same.
  assert.deepEqual(found, expected);
});

/** Runs aggregation, with the curves beside it, on stores that fail at one write of curves; null when none was hit. */
async function failAt(stores: Stores, point: number, when: 'before' | 'after'): Promise<string | null> {
  let hits = 0;
  let name: string | null = null;
  const failing = withWritePoints(stores, (_at, moment, what) => {
    if (moment !== when || !/curve/.test(what) || ++hits !== point) return;
    name = what;
    throw new CarbonError('STORE_REFUSED', `made to fail ${when} ${what}`);
  });
  const quiet = { ...failing, telemetry: { emit: () => undefined } };
  try {
    await work(quiet, ['aggregation']);
  } catch (error) {
    assert.ok(error instanceof CarbonError && error.code === 'STORE_REFUSED', String(error));
  }
  return name;
}

test('stores that fail at one write after the other: whoever comes next ends with the same', async () => {
  const stores = await openIn(newFolder());
  for (const half of [TRADES.slice(0, 5), TRADES.slice(5)]) {
    await tell(stores, half);
    await work(stores, ['normalization', 'enrichment']);
  }
  const hit: string[] = [];
  for (let point = 1; point < 40; point++) {
    // Inputs that were appended and not told of as done come twice.
    const name = await failAt(stores, point, point % 2 === 1 ? 'after' : 'before');
    if (name === null) break;
    hit.push(name);
  }
  assert.equal(hit[0], 'append aggregation.curve.prestage.v1');
  assert.ok(new Set(hit).size >= 4, hit.join());
  await work(stores, ['aggregation', 'projection']);
  assert.deepEqual(await seen(stores), expected);
});

test('killed between two writes of a plan: the next process finishes it, and nothing stands there twice', async () => {
  const dataDir = newFolder();
  const stores = await openIn(dataDir);
  await tell(stores, TRADES);
  await work(stores, ['normalization', 'enrichment']);
  // Inputs are there, and no curve yet.
  assert.equal(await failAt(stores, 3, 'before'), 'insertBlock curves_base');
  await openIn(newFolder());
  const order: Order = {
    dataDir,
    log: { seed: 1, pieces: 1, disorder: 0 },
    steps: [{ run: 'curves' }],
    maxBatchBytes: 1 << 16,
    policies: null,
    stopMerges: true,
    report: 'none',
    fault: { kind: 'kill', at: 3, when: 'after' },
  };
  const { killed } = await runChild(order);
  assert.ok(killed);
  const { points } = await finish({ ...order, fault: { kind: 'none' } });
  assert.ok(points.includes('insertBlock curves_computed'), points.join());
  const after = await openIn(dataDir);
  assert.deepEqual(await seen(after), expected);
  const [twice] = await after.warehouse.queryRows(
    `SELECT count() AS n, uniqExact(curve_id, as_of_date, known_at, block, delivery_start, delivery_end, statement) AS keys FROM curves_computed`,
  );
  assert.equal(twice?.['n'], twice?.['keys']);
});

test('an edited policy rules the next statement, and a refused one none', async () => {
  const folder = newFolder();
  const file = join(folder, 'curves.yaml');
  const policy = (method: string): void =>
    writeFileSync(
      file,
      `version: 1
curves:
  - { curve_id: NG_HH, zone: America/New_York, unit: USD, tick: 0.001, method: ${method}, contracts: [{ instrument: 'NG_HH_{tenor}' }] }
`,
    );
  policy('flat');
  const stores = await openIn(join(folder, 'data'), { CURVE_POLICIES_PATH: file });
  const refused = Promise.withResolvers<unknown>();
  const adopted = Promise.withResolvers<unknown>();
  const telemetry = {
    emit: ({ name, facts }: { name: string; facts: Readonly<Record<string, unknown>> }) => {
      if (name === 'policies.refused') refused.resolve(facts['field']);
      if (name === 'policies.reloaded') adopted.resolve(facts['version']);
    },
  };
  // A copy of the object would keep the settings of its making.
  const watched = Object.create(stores, { telemetry: { value: telemetry } }) as Stores;
  const worker = await startWorker('pipeline', watched);
  const stop = new AbortController();
  const following = worker.follow(stop.signal);
  const methodOf = async (contract: string): Promise<string> => {
    for (;;) {
      const [row] = await stores.warehouse.queryRows(
        `SELECT method FROM curves_computed WHERE metadata LIKE {contract:String} ORDER BY statement DESC LIMIT 1`,
        { contract: `%"NG_HH_${contract}"%` },
      );
      if (row !== undefined) return String(row['method']);
      await stores.clock.sleep(50);
    }
  };
  try {
    await tell(stores, [{ contract: 'NG_HH_2026-12', id: 'a', at: 1, price: 3 }]);
    assert.equal(await methodOf('2026-12'), 'flat');
    policy('curly');
    assert.equal(await refused.promise, 'curves.0.method');
    await tell(stores, [{ contract: 'NG_HH_2027-01', id: 'b', at: 2, price: 3 }]);
    assert.equal(await methodOf('2027-01'), 'flat');
    policy('linear');
    await adopted.promise;
    await tell(stores, [{ contract: 'NG_HH_2027-02', id: 'c', at: 3, price: 3 }]);
    assert.equal(await methodOf('2027-02'), 'linear');
  } finally {
    stop.abort();
    await following;
    await worker.close();
  }
});
