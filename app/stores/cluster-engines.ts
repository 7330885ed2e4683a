/** The cluster profile: Kafka with a registry, ClickHouse, PostgreSQL, Redis, reached as the settings say. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { HotCache } from '../../core/ports/hot-cache.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';
import { migrateWarehouse } from '../../drivers/clickhouse/migrate.ts';
import { type ClickHouseOptions, makeDatabase, openClickHouse } from '../../drivers/clickhouse/warehouse.ts';
import { type KafkaLog, openKafkaLog } from '../../drivers/kafka/event-log.ts';
import { adoptNativeChecksum } from '../../drivers/native-crc32c/adopt.ts';
import { openPostgresReference } from '../../drivers/postgres-reference/reference-store.ts';
import { openRedisCache } from '../../drivers/redis-cache/hot-cache.ts';
import { openConfluentRegistry } from '../../drivers/schema-confluent/registry.ts';
import { openSchemaFiles } from '../../drivers/schema-files/registry.ts';
import type { EngineSettings, RuntimeSettings } from '../config/runtime.ts';
import { Closing } from './closing.ts';
import type { EngineOptions, Engines, JoinWork } from './engines.ts';
import { readMigrationFolder } from './migration-folder.ts';
import { type OpenWarehouse, remoteWarehouse } from './open-warehouse.ts';
import { holdForm, sharedWhileHeld } from './pipeline-form.ts';

/** Opens and migrates the engines. Throws what they have to say, with their remedy. */
export async function openCluster(
  runtime: RuntimeSettings,
  { clock, telemetry }: EngineOptions,
): Promise<Engines> {
  const { engines, root } = runtime;
  const closing = new Closing(telemetry);
  try {
    const warehouse = await clusterWarehouse(engines);
    closing.add('warehouse', () => warehouse.close());
    await migrateWarehouse(warehouse, join(root, 'migrations/clickhouse'), clock.now());
    const reference = await clusterReference(runtime, clock);
    closing.add('reference store', () => reference.close());
    const log = clusterLog(engines);
    closing.add('event log', () => log.close());
    const cache = clusterCache(engines);
    closing.add('cache', () => cache.close());
    const registry = clusterRegistry(engines);
    await registerContracts(registry, root);
    return {
      warehouse,
      reference,
      log,
      cache,
      registry,
      joinWork: shareByGroup(log, reference, engines),
      close: () => closing.closeAll(),
    };
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
}

/** The event log on Kafka; nothing is sent before the first call. */
export function clusterLog(engines: EngineSettings): KafkaLog {
  const { kafkaSasl, kafkaUser, kafkaPassword, kafkaTls } = engines;
  adoptNativeChecksum();
  return openKafkaLog({
    bootstrap: engines.kafkaBootstrap.split(','),
    compression: engines.kafkaCompression,
    ...(engines.kafkaReplication === 0 ? {} : { replicationFactor: engines.kafkaReplication }),
    ...(kafkaSasl === 'none'
      ? {}
      : { sasl: { mechanism: kafkaSasl, username: kafkaUser, password: kafkaPassword } }),
    ...(kafkaTls === 'off'
      ? {}
      : {
          tls: {
            ...pem('ca', engines.kafkaTlsCa),
            ...pem('cert', engines.kafkaTlsCertificate),
            ...pem('key', engines.kafkaTlsKey),
          },
        }),
  });
}

/** The registry of the settings; nothing is sent before the first call. */
export function clusterRegistry({
  registryUrl,
  registryUser,
  registryPassword,
}: EngineSettings): SchemaRegistry {
  return openConfluentRegistry({
    url: registryUrl,
    ...(registryUser === '' ? {} : { username: registryUser, password: registryPassword }),
  });
}

/** The reference store on PostgreSQL, at the present schema. */
export async function clusterReference(
  { engines, root }: Pick<RuntimeSettings, 'engines' | 'root'>,
  clock: Pick<Clock, 'now'>,
): Promise<ReferenceStore> {
  const { postgresTls } = engines;
  return openPostgresReference({
    dsn: engines.postgresDsn,
    poolSize: engines.postgresPoolSize,
    statementMs: engines.postgresTimeoutMs,
    lookUp: {
      timeoutMs: engines.postgresLookUpTimeoutMs,
      ...(engines.postgresLookUpDsn === '' ? {} : { dsn: engines.postgresLookUpDsn }),
    },
    ...(engines.postgresPassword === '' ? {} : { password: engines.postgresPassword }),
    ...(postgresTls === 'dsn' ? {} : { tls: postgresTls }),
    ...pem('ca', engines.postgresTlsCa),
    ...pem('certificate', engines.postgresTlsCertificate),
    ...pem('key', engines.postgresTlsKey),
    migrations: await readMigrationFolder(join(root, 'migrations/postgres')),
    now: clock.now(),
  });
}

/** The warehouse on ClickHouse; its database is made when it is missing. */
export async function clusterWarehouse(engines: EngineSettings): Promise<OpenWarehouse> {
  const { clickhouseReadUser, clickhouseCluster } = engines;
  const options: ClickHouseOptions = {
    urls: engines.clickhouseUrl.split(',').map((url) => url.replace(/\/$/, '')),
    database: engines.clickhouseDatabase,
    timeoutMs: engines.clickhouseTimeoutMs,
    writer: { username: engines.clickhouseUser, password: engines.clickhousePassword },
    ...(clickhouseReadUser === ''
      ? {}
      : { reader: { username: clickhouseReadUser, password: engines.clickhouseReadPassword } }),
    ...(clickhouseCluster === '' ? {} : { cluster: clickhouseCluster }),
    ...pem('ca', engines.clickhouseTlsCa),
  };
  await makeDatabase(options);
  return remoteWarehouse(openClickHouse(options));
}

/** The cache on Redis, which connects in its own time. */
export function clusterCache(engines: EngineSettings): HotCache {
  return openRedisCache({
    url: engines.redisUrl,
    timeoutMs: engines.redisTimeoutMs,
    nearEntries: engines.redisNearEntries,
    ...(engines.redisPassword === '' ? {} : { password: engines.redisPassword }),
    ...pem('ca', engines.redisTlsCa),
  });
}

/** A PEM file under the name of its option; nothing for no path. Throws CONFIG_INVALID. */
function pem<N extends string>(name: N, path: string): Partial<Record<N, string>> {
  if (path === '') return {};
  try {
    return { [name]: readFileSync(path, 'utf8') } as Record<N, string>;
  } catch (cause) {
    throw new CarbonError('CONFIG_INVALID', `the PEM file ${path} cannot be read`, {
      position: { file: path, expected: 'a readable file' },
      cause,
    });
  }
}

/** The contracts of this program, in the registry before anybody asks for their ids. Known ones stay as they are. */
async function registerContracts(registry: SchemaRegistry, root: string): Promise<void> {
  const files = await openSchemaFiles(root, null);
  const known = new Set(await registry.subjects());
  for (const subject of await files.subjects())
    if (!known.has(subject)) await registry.register(subject, (await files.latest(subject)).schema);
}

/**
 * Sharing by the consumer group of the service. A command that wants to work to the end alone is refused: the
 * services do the work, and it waits for them. The fused pipeline and services of single stages shut each other out.
 */
function shareByGroup(
  log: KafkaLog,
  reference: ReferenceStore,
  { kafkaGroupProtocol, kafkaInstance }: EngineSettings,
): JoinWork {
  return async ({ service, group, stages, counts, shared, clock, telemetry }) => {
    if (!shared)
      throw new CarbonError(
        'PLAN_CONFLICT',
        `in the cluster profile a running service does the work of ${service}`,
        {
          context: { service },
        },
      );
    const held = await holdForm(reference, clock, stages.length > 1 ? 'fused' : 'services');
    try {
      const share = await log.joinGroup({
        group,
        topics: [...counts.keys()],
        protocol: kafkaGroupProtocol,
        onUnheard: ({ code, message }) =>
          telemetry.emit({
            name: 'group.unheard',
            level: 'warning',
            facts: { service, code, error: message },
          }),
        ...(kafkaInstance === '' ? {} : { instanceId: kafkaInstance }),
      });
      return sharedWhileHeld(share, held);
    } catch (error) {
      held.letGo();
      throw error;
    }
  };
}
