/** The event log and the registry alone, for reading what is there: no warehouse, nothing made. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';
import { adoptNativeChecksum } from '../../drivers/native-crc32c/adopt.ts';
import { openSchemaFiles } from '../../drivers/schema-files/registry.ts';
import { openSqliteLog } from '../../drivers/sqlite-log/event-log.ts';
import type { RuntimeSettings } from '../config/runtime.ts';

/** The event log of the profile; null for a data directory that has none yet. */
export async function openExistingLog(runtime: RuntimeSettings): Promise<EventLog | null> {
  if (runtime.profile === 'cluster')
    return (await import('./cluster-engines.ts')).clusterLog(runtime.engines);
  return existsSync(logPath(runtime)) ? openLog(runtime) : null;
}

/** Opens the event log of a data directory, or makes it; checksums are the machine's own from then on. */
export function openLog(runtime: Pick<RuntimeSettings, 'dataDir' | 'durability'>): EventLog {
  adoptNativeChecksum();
  return openSqliteLog({ path: logPath(runtime), durability: runtime.durability });
}

function logPath({ dataDir }: Pick<RuntimeSettings, 'dataDir'>): string {
  return join(dataDir, 'log.sqlite');
}

/** The registry of the profile; that of a data directory with what was registered at run time. */
export async function openRegistry(runtime: RuntimeSettings): Promise<SchemaRegistry> {
  if (runtime.profile === 'cluster')
    return (await import('./cluster-engines.ts')).clusterRegistry(runtime.engines);
  return openSchemaFiles(runtime.root, existsSync(runtime.dataDir) ? runtime.dataDir : null);
}
