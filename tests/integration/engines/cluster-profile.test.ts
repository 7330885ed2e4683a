/**
 * The whole chain on real engines, one service per process: what it stores and serves is what the embedded profile
 * stores and serves for the same input, also when PostgreSQL and Redis are killed while it works.
 */

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type EngineName, freePort, type OwnServer, ownEngine, within } from '../../support/engine-server.ts';
import { dsnOf } from '../../support/postgres-databases.ts';
import { startEngine } from '../../support/shared-engine.ts';
import {
  AUTUMN,
  carbon,
  edited,
  linesOf,
  newFolder,
  type Row,
  type Running,
  replay,
  rowsOf,
  start,
} from '../cli/carbon.ts';

const SERVICES = ['normalization', 'enrichment', 'aggregation', 'projection'] as const;
/** Where a row came from and when it was written differ between the two by their nature. */
const POSITION = ['src_topic', 'src_partition', 'src_offset', 'ingested_at', 'trace_id'];
const READS = [
  ['sql', 'SELECT * FROM silver_ticks'],
  ['sql', 'SELECT * FROM bars_history'],
  ['sql', 'SELECT * FROM served_latest_prices'],
  ['latest'],
  ['bars', 'NYISO.DA.LMP.N.Y.C.', '--interval', '1h'],
];

const closers: (() => Promise<void> | void)[] = [];
after(async () => {
  for (const close of closers.reverse()) await close();
});

/** The engines of this test alone, as variables of the command; or why they cannot be had. */
async function clusterOf(): Promise<
  { variables: Record<string, string>; servers: Record<string, OwnServer> } | string
> {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-cluster-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const [kafka, registry] = [await freePort(), await freePort()];
  for (const [name, port] of [
    ['kafka', kafka],
    ['registry', registry],
  ] as const) {
    const env = {
      CARBON_INFRA_DIR: folder,
      [`CARBON_${name.toUpperCase()}_PORT`]: String(port),
      CARBON_KAFKA_CONTROLLER_PORT: String(await freePort()),
      CARBON_REGISTRY_MANAGEMENT_PORT: String(await freePort()),
    };
    const missing = startEngine({ name, env, shared: false });
    if (missing !== null) return missing;
    closers.push(async () => {
      const { execFileSync } = await import('node:child_process');
      execFileSync('bash', [join(import.meta.dirname, '../../../scripts/infra', `${name}.sh`), 'down'], {
        env: { ...process.env, ...env },
        stdio: 'ignore',
      });
    });
  }
  const servers: Record<string, OwnServer> = {};
  for (const name of ['postgres', 'redis', 'warehouse'] satisfies EngineName[]) {
    const server = await ownEngine(name);
    if (typeof server === 'string') return server;
    closers.push(() => server.remove());
    servers[name] = server;
  }
  const variables = {
    DATA_PROC_PROFILE: 'cluster',
    DATA_PROC_KAFKA_BOOTSTRAP: `127.0.0.1:${kafka}`,
    DATA_PROC_SCHEMA_REGISTRY_URL: `http://127.0.0.1:${registry}/apis/ccompat/v7`,
    DATA_PROC_CLICKHOUSE_URL: `http://127.0.0.1:${servers['warehouse'].port}`,
    DATA_PROC_CLICKHOUSE_READ_USER: 'reader',
    DATA_PROC_POSTGRES_DSN: dsnOf(servers['postgres'].port),
    DATA_PROC_REDIS_URL: `redis://127.0.0.1:${servers['redis'].port}/0`,
  };
  return { variables, servers };
}

/** All that is read, in one order, without the columns of its way here. */
async function contentsOf(read: (args: string[]) => Promise<Row[]>): Promise<Record<string, string[]>> {
  const contents: Record<string, string[]> = {};
  for (const args of READS) {
    const rows = await read(args);
    assert.ok(rows.length > 0, args.join(' '));
    for (const row of rows) for (const name of POSITION) delete row[name];
    contents[args.join(' ')] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return contents;
}

const cluster = await clusterOf();
const skip = typeof cluster === 'string';

test(`four services on Kafka, ClickHouse, PostgreSQL and Redis give what the embedded profile gives${skip ? `, skipped: ${cluster}` : ''}`, {
  skip,
}, async () => {
  const { variables, servers } = cluster as Exclude<typeof cluster, string>;
  const corrected = edited(AUTUMN, '"CAPITL",61757,-3.31,', '"CAPITL",61757,77.25,');
  const embedded = newFolder();
  await replay(embedded, AUTUMN);
  await replay(embedded, corrected);
  const expected = await contentsOf((args) => rowsOf(embedded, ...args));

  // The archive knows when each payload was first seen: with it the known times are the same on both sides.
  const data = newFolder();
  mkdirSync(data, { recursive: true });
  cpSync(join(embedded, 'archive'), join(data, 'archive'), { recursive: true });
  const run = (args: readonly string[]) => carbon(['--data', data, '--json', ...args], variables);
  assert.equal((await run(['migrate'])).exit, 0);
  const services: Running[] = [];
  for (const service of SERVICES) {
    const running = start(['--data', data, 'run', service], variables);
    await running.shown('service.started');
    services.push(running);
  }
  const first = run(['replay', AUTUMN]);
  await within(60_000, async () => (services[0].stderr().includes('market.processed') ? true : null));
  await Promise.all([servers['postgres'].signal('SIGKILL'), servers['redis'].signal('SIGKILL')]);
  await new Promise((done) => setTimeout(done, 1000));
  await Promise.all([servers['postgres'].start(), servers['redis'].start()]);
  // The command may have met the gap itself: the same payload again changes nothing.
  if ((await first).exit !== 0) assert.equal((await run(['replay', AUTUMN])).exit, 0);
  const second = await run(['replay', corrected]);
  assert.equal(second.exit, 0, second.stderr);

  const read = async (args: string[]): Promise<Row[]> => {
    const ended = await run(args);
    assert.equal(ended.exit, 0, ended.stderr);
    return linesOf(ended.stdout);
  };
  assert.deepEqual(await contentsOf(read), expected);
  const why = await run(['why', 'NYISO.DA.LMP.N.Y.C.']);
  assert.equal(why.exit, 0, why.stderr);
  for (const { child } of services) child.kill('SIGTERM');
  for (const { ended } of services) {
    const { exit, stderr } = await ended;
    assert.equal(exit, 0, stderr);
  }
});
