/** The embedded profile: files of the data directory, and the engine of the warehouse in one of the processes. */

import { join } from 'node:path';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';
import { migrateWarehouse } from '../../drivers/clickhouse/migrate.ts';
import { openMemoryCache } from '../../drivers/memory-cache/hot-cache.ts';
import { registryWhenAsked } from '../../drivers/schema-files/when-asked.ts';
import { openSqliteReference } from '../../drivers/sqlite-reference/reference-store.ts';
import type { RuntimeSettings } from '../config/runtime.ts';
import { Closing } from './closing.ts';
import type { EngineOptions, Engines, JoinWork } from './engines.ts';
import { openLog } from './open-log.ts';
import { openWarehouse } from './open-warehouse.ts';
import { allPartitions, fairPartitions } from './partition-share.ts';
import { lockStages } from './stage-lock.ts';

const CACHE_ENTRIES = 100_000;

/** Opens and migrates the stores of the data directory. Throws what they have to say, with their remedy. */
export async function openEmbedded(
  runtime: RuntimeSettings,
  { clock, serve, telemetry }: EngineOptions,
): Promise<Engines> {
  const { dataDir, durability, root } = runtime;
  const warehouse = await openWarehouse({ dataDir, clock, serve });
  const openSchemas = async (): Promise<SchemaRegistry> => {
    const { openSchemaFiles } = await import('../../drivers/schema-files/registry.ts');
    return openSchemaFiles(root, dataDir);
  };
  const closing = new Closing(telemetry);
  closing.add('warehouse', () => warehouse.close());
  try {
    await migrateWarehouse(warehouse, join(root, 'migrations/clickhouse'), clock.now());
    const reference = openSqliteReference({ path: join(dataDir, 'reference.sqlite'), durability });
    closing.add('reference store', () => reference.close());
    const log = openLog(runtime);
    closing.add('event log', () => log.close());
    return {
      warehouse,
      reference,
      log,
      cache: openMemoryCache({ clock, maxEntries: CACHE_ENTRIES }),
      // A service refuses contracts that are not good before it begins; a command does when it needs one.
      registry: serve ? await openSchemas() : registryWhenAsked(openSchemas),
      joinWork: shareByLocks(dataDir),
      close: () => closing.closeAll(),
    };
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
}

/**
 * Sharing by lock files of a data directory. The fused chain is four stages in one and always alone; a single stage is
 * shared with other processes that share it.
 */
export function shareByLocks(dataDir: string): JoinWork {
  return async ({ service, stages, counts, shared, clock }) => {
    const isShared = shared && stages.length === 1;
    const unlock = lockStages(dataDir, stages, isShared ? 'shared' : 'alone');
    try {
      // Members are in the order of their start.
      const member = `${String(clock.now()).padStart(17, '0')}-${process.pid}`;
      const share = isShared ? fairPartitions(dataDir, service, counts, member) : allPartitions(counts);
      const close = async (): Promise<void> => {
        await share.close();
        unlock();
      };
      return {
        get owned() {
          return share.owned;
        },
        surplus: () => share.surplus(),
        lost: () => share.lost(),
        take: () => share.take(),
        release: (partition) => share.release(partition),
        close,
      };
    } catch (error) {
      unlock();
      throw error;
    }
  };
}
