import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteReference } from '../../drivers/sqlite-reference/reference-store.ts';
import { sharedEngine } from '../support/engine-server.ts';
import { newDatabase, openStore } from '../support/postgres-databases.ts';
import { intervalLedgerConformance } from './interval-ledger.ts';
import { jobStoreConformance } from './job-store.ts';
import { partitionClaimConformance } from './partition-claims.ts';
import { type OpenedReference, referenceStoreConformance } from './reference-store.ts';

async function openSqlite(): Promise<OpenedReference> {
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
}
referenceStoreConformance('SQLite', openSqlite);
partitionClaimConformance('SQLite', openSqlite);
intervalLedgerConformance('SQLite', openSqlite);
jobStoreConformance('SQLite', openSqlite);

const postgres = await sharedEngine('postgres');
if (typeof postgres === 'string') test(`reference store: PostgreSQL, skipped: ${postgres}`, { skip: true });
else {
  // One database for all cases: they use names of their own. Making one takes longer than most of them.
  const dsn = await newDatabase(postgres.port);
  const openPostgres = async (): Promise<OpenedReference> => {
    let store = await openStore(dsn);
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await openStore(dsn);
        return store;
      },
      close: () => store.close(),
    };
  };
  referenceStoreConformance('PostgreSQL', openPostgres);
  partitionClaimConformance('PostgreSQL', openPostgres);
  intervalLedgerConformance('PostgreSQL', openPostgres);
  jobStoreConformance('PostgreSQL', openPostgres);
}
