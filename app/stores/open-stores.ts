/** Opens the stores of the embedded profile, migrated and with their topics. The only place that names the drivers. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Names } from '../../core/model/names.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { HotCache } from '../../core/ports/hot-cache.ts';
import type { Http } from '../../core/ports/http.ts';
import type { PayloadArchive } from '../../core/ports/payload-archive.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { migrateWarehouse } from '../../drivers/clickhouse/migrate.ts';
import { openDiskArchive } from '../../drivers/disk-archive/payload-archive.ts';
import { openUndiciHttp } from '../../drivers/http-undici/http.ts';
import { openMemoryCache } from '../../drivers/memory-cache/hot-cache.ts';
import { pinoTelemetry } from '../../drivers/pino-telemetry/telemetry.ts';
import { openSchemaFiles } from '../../drivers/schema-files/registry.ts';
import { openSqliteReference } from '../../drivers/sqlite-reference/reference-store.ts';
import { systemClock } from '../../drivers/system-clock/clock.ts';
import { loadLogPolicy } from '../config/logging.ts';
import type { RuntimeSettings } from '../config/runtime.ts';
import { Policies } from '../pipeline/policies.ts';
import { policyPaths, type StageSettings } from '../pipeline/settings.ts';
import { telemetryToAll } from '../telemetry/fan-out.ts';
import { openLog } from './open-log.ts';
import { type OpenWarehouse, openWarehouse } from './open-warehouse.ts';
import { seedTaxonomy } from './seed-taxonomy.ts';
import { allTopics, ensureTopics } from './topics.ts';

/** Everything that a process works with. */
export interface Stores {
  readonly runtime: RuntimeSettings;
  readonly policies: Policies;
  /** The settings in force at the moment of asking; a copy of the object keeps those of its making. */
  readonly settings: StageSettings;
  readonly names: Names;
  readonly log: EventLog;
  readonly warehouse: OpenWarehouse;
  readonly reference: ReferenceStore;
  readonly cache: HotCache;
  readonly archive: PayloadArchive;
  readonly registry: SchemaRegistry;
  /** The way to the sources. */
  readonly http: Http;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Number of partitions of each topic. */
  readonly partitions: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** The log line's service, and whether others may reach the warehouse through this process. */
export interface OpenStoresOptions {
  readonly service: string;
  readonly serve: boolean;
  /** Hear of every event besides the log: metrics. */
  readonly listeners?: readonly Telemetry[];
  /** The time that everything in the process goes by; that of the machine when left out. */
  readonly clock?: Clock;
}

/** Opens, migrates and seeds. Throws what the stores have to say, with their remedy. */
export async function openStores(runtime: RuntimeSettings, options: OpenStoresOptions): Promise<Stores> {
  const policies = await Policies.open(policyPaths(runtime.root, runtime.env), runtime.env);
  const { settings } = policies;
  mkdirSync(runtime.dataDir, { recursive: true });
  const clock = options.clock ?? systemClock;
  const logLines = pinoTelemetry({
    service: options.service,
    policy: await loadLogPolicy(runtime.root, runtime.env),
    level: runtime.logLevel,
    clock,
  });
  const telemetry = telemetryToAll([logLines, ...(options.listeners ?? [])]);
  const { dataDir, durability } = runtime;
  const warehouse = await openWarehouse({ dataDir, clock, serve: options.serve });
  const closers: (() => Promise<void>)[] = [() => warehouse.close()];
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
    await migrateWarehouse(warehouse, join(runtime.root, 'migrations/clickhouse'), clock.now());
    const reference = openSqliteReference({ path: join(dataDir, 'reference.sqlite'), durability });
    closers.push(() => reference.close());
    const log = openLog(runtime);
    closers.push(() => log.close());
    const http = openUndiciHttp();
    closers.push(() => http.close());
    const cache = openMemoryCache({ clock, maxEntries: 100_000 });
    await seedTaxonomy(reference, runtime.tenant, settings.enrichment);
    return {
      runtime,
      policies,
      get settings() {
        return policies.settings;
      },
      names: new Names(),
      log,
      warehouse,
      reference,
      cache,
      archive: await openDiskArchive({ folder: join(dataDir, 'archive') }),
      registry: await openSchemaFiles(runtime.root, dataDir),
      http,
      clock,
      telemetry,
      partitions: await ensureTopics(log, allTopics(settings.aggregation.intervals), runtime.partitions),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
