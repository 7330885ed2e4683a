import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteReference } from '../../drivers/sqlite-reference/reference-store.ts';
import { referenceStoreConformance } from './reference-store.ts';

referenceStoreConformance('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reference-'));
  const path = join(folder, 'new', 'reference.db');
  let store = openSqliteReference({ path });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = openSqliteReference({ path });
      return store;
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
