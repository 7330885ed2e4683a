/** The event log and the registry alone, for reading what is there: no warehouse, nothing made. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';
import { openSchemaFiles } from '../../drivers/schema-files/registry.ts';
import { openSqliteLog } from '../../drivers/sqlite-log/event-log.ts';
import type { RuntimeSettings } from '../config/runtime.ts';

/** The event log of a data directory; null when there is none yet. */
export function openExistingLog(runtime: RuntimeSettings): EventLog | null {
  const path = join(runtime.dataDir, 'log.sqlite');
  return existsSync(path) ? openSqliteLog({ path, durability: runtime.durability }) : null;
}

/** The registry of a data directory with what was registered at run time. */
export function openRegistry(runtime: RuntimeSettings): Promise<SchemaRegistry> {
  return openSchemaFiles(runtime.root, existsSync(runtime.dataDir) ? runtime.dataDir : null);
}
