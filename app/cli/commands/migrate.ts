/** `carbon migrate`: all stores at the present schema. Opening them does it; this command says what is there. */

import { type GlobalOptions, show, withStores } from '../session.ts';

/** Prints the migrations of the warehouse in order. */
export async function migrate(globals: GlobalOptions): Promise<void> {
  await withStores(globals, false, async (stores) => {
    const applied = await stores.warehouse.queryRows(
      `SELECT 'warehouse' AS store, name, formatDateTime(applied_at, '%FT%TZ') AS applied_at FROM schema_migrations ORDER BY name`,
    );
    const { referenceMigrations } = await import('../../read/migrations.ts');
    await show([...applied, ...referenceMigrations(stores.runtime.dataDir)], globals);
  });
}
