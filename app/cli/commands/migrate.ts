/** `carbon migrate`: all stores at the present schema. Opening them does it; this command says what is there. */

import { formatInstant } from '../../../core/time/instant.ts';
import { type GlobalOptions, show, withStores } from '../session.ts';

/** Prints the migrations of both stores in order. */
export async function migrate(globals: GlobalOptions): Promise<void> {
  await withStores(globals, false, async (stores) => {
    const applied = (
      await stores.warehouse.queryRows('SELECT name, applied_at FROM schema_migrations ORDER BY name')
    ).map((row) => ({
      store: 'warehouse',
      name: row['name'],
      applied_at: formatInstant(Number(row['applied_at'])),
    }));
    const reference = (await stores.reference.listMigrations()).map(({ name, appliedAt }) => ({
      store: 'reference',
      name,
      applied_at: formatInstant(appliedAt),
    }));
    await show([...applied, ...reference], globals);
  });
}
