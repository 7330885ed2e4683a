/** The engines of the cluster profile, real ones of a test's own: started together, addressed by variables, emptied. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { quoteName } from '../../../core/store/insert-statement.ts';
import { openClickHouse } from '../../../drivers/clickhouse/warehouse.ts';
import { type EngineName, type OwnServer, ownEngine } from '../../support/engine-server.ts';
import { FOR_TESTS } from '../../support/kafka-broker.ts';
import { newDatabase } from '../../support/postgres-databases.ts';

const ENGINES: readonly EngineName[] = ['kafka', 'registry', 'postgres', 'redis', 'warehouse'];

/** Variables of the command and of the settings. */
export type Variables = Readonly<Record<string, string>>;

/** All engines, running. */
export interface ClusterEngines {
  readonly servers: Readonly<Record<EngineName, OwnServer>>;
  /** Addresses of an empty world: no topics, new databases. Only while nobody uses the one before. */
  emptied(): Promise<Variables>;
  remove(): Promise<void>;
}

/** How the engines differ from those of the tests. */
export interface EngineChoices {
  /** Properties of the broker, one a line, in place of those of the tests. */
  readonly brokerProperties?: string;
  /** Variables of the scripts. */
  readonly variables?: Partial<Readonly<Record<EngineName, Variables>>>;
}

/** Starts all engines at once, or says which of them cannot be had and why. Those of a start that fails are ended. */
export async function startClusterEngines(choices: EngineChoices = {}): Promise<ClusterEngines | string> {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-cluster-'));
  const props = join(folder, 'kafka.properties');
  writeFileSync(props, choices.brokerProperties ?? FOR_TESTS);
  const starts = await Promise.allSettled(
    ENGINES.map((name) =>
      ownEngine(name, () => ({
        ...(name === 'kafka' ? { CARBON_KAFKA_PROPS: props } : {}),
        ...choices.variables?.[name],
      })),
    ),
  );
  const started = starts.map((start) => (start.status === 'fulfilled' ? start.value : ''));
  const remove = async (): Promise<void> => {
    await Promise.all(started.map((server) => (typeof server === 'string' ? null : server.remove())));
    rmSync(folder, { recursive: true, force: true });
  };
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed !== undefined) {
    await remove();
    throw failed.reason;
  }
  const missing = started.find((server) => typeof server === 'string');
  if (missing !== undefined) {
    await remove();
    return missing;
  }
  const servers = Object.fromEntries(ENGINES.map((name, i) => [name, started[i]])) as Record<
    EngineName,
    OwnServer
  >;
  let worlds = 0;
  const emptied = async (): Promise<Variables> => {
    const bootstrap = `127.0.0.1:${servers.kafka.port}`;
    if (worlds > 0) await Promise.all([removeTopics(bootstrap), removeTables(servers.warehouse.port)]);
    worlds++;
    return {
      DATA_PROC_PROFILE: 'cluster',
      DATA_PROC_KAFKA_BOOTSTRAP: bootstrap,
      DATA_PROC_SCHEMA_REGISTRY_URL: `http://127.0.0.1:${servers.registry.port}/apis/ccompat/v7`,
      DATA_PROC_CLICKHOUSE_URL: `http://127.0.0.1:${servers.warehouse.port}`,
      DATA_PROC_CLICKHOUSE_DATABASE: `carbon_${worlds}`,
      DATA_PROC_CLICKHOUSE_READ_USER: 'reader',
      DATA_PROC_POSTGRES_DSN: await newDatabase(servers.postgres.port),
      DATA_PROC_REDIS_URL: `redis://127.0.0.1:${servers.redis.port}/${worlds}`,
    };
  };
  return { servers, emptied, remove };
}

/** Work on engines of its own, or why there are none. */
export async function onEngines<T>(work: (engines: ClusterEngines) => Promise<T>): Promise<T | string> {
  const engines = await startClusterEngines();
  if (typeof engines === 'string') return engines;
  try {
    return await work(engines);
  } finally {
    await engines.remove();
  }
}

let ofRun: Promise<ClusterEngines | string> | null = null;

/** Engines that the tests of one process use one after the other: their starts cost more than some of the tests. */
export function enginesOfRun(): Promise<ClusterEngines | string> {
  ofRun ??= startClusterEngines();
  return ofRun;
}

/** Ends them. */
export async function removeEnginesOfRun(): Promise<void> {
  const engines = await ofRun;
  if (engines !== null && typeof engines !== 'string') await engines.remove();
}

/** Offsets of groups go with their topics. */
async function removeTopics(bootstrap: string): Promise<void> {
  const admin = new Admin({ clientId: 'cluster-test', bootstrapBrokers: [bootstrap] });
  try {
    const topics = (await admin.listTopics()).filter((name) => !name.startsWith('__'));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.close();
  }
}

/** The front of the warehouse has one database, whatever it is asked for. */
async function removeTables(port: number): Promise<void> {
  const account = { username: 'default', password: '' };
  const warehouse = openClickHouse({ urls: [`http://127.0.0.1:${port}`], writer: account });
  try {
    const tables = await warehouse.queryRows(
      'SELECT name FROM system.tables WHERE database = currentDatabase() AND NOT is_temporary',
    );
    for (const { name } of tables) await warehouse.execute(`DROP TABLE ${quoteName(String(name))} SYNC`);
  } finally {
    await warehouse.close();
  }
}
