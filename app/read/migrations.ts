/** Migrations recorded in the embedded reference store. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Row } from '../../core/ports/warehouse.ts';
import { formatInstant } from '../../core/time/instant.ts';

/** Name and time of each, in order. */
export function referenceMigrations(dataDir: string): Row[] {
  const db = new DatabaseSync(join(dataDir, 'reference.sqlite'), { readOnly: true });
  try {
    return db
      .prepare('select name, applied_at from schema_migrations order by name')
      .all()
      .map((row) => ({
        store: 'reference',
        name: row['name'],
        applied_at: formatInstant(Number(row['applied_at'])),
      }));
  } finally {
    db.close();
  }
}
