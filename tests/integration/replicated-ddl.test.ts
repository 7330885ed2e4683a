/**
 * Migrations as a cluster gets them. There is no ClickHouse cluster here: the engine parses each statement, and what it
 * understood is looked at in its own words. That is all that is checked of replication.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { readMigrationFolder } from '../../app/stores/migration-folder.ts';
import { statementsOf } from '../../core/store/migrations.ts';
import { onCluster } from '../../core/store/replicated-ddl.ts';
import { openChdb } from '../../drivers/chdb/warehouse.ts';

const folder = mkdtempSync(join(tmpdir(), 'replicated-ddl-'));
const warehouse = openChdb(join(folder, 'warehouse'));
after(async () => {
  await warehouse.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A statement in the words of the engine's own parser. */
async function parsed(sql: string): Promise<string> {
  const [row] = await warehouse.queryRows('SELECT formatQuery({sql:String}) AS text', { sql });
  return String(row['text']);
}

test('every migration is understood with replicated engines, on the cluster, otherwise as it was (syntax only)', async () => {
  const migrations = await readMigrationFolder(resolve(import.meta.dirname, '../../migrations/clickhouse'));
  let tables = 0;
  for (const { name, sql } of migrations)
    for (const statement of statementsOf(sql)) {
      const plain = await parsed(statement);
      const replicated = await parsed(onCluster(statement, 'carbon-1'));
      assert.match(
        replicated,
        /^(CREATE (TABLE|VIEW) IF NOT EXISTS|ALTER TABLE) \S+ ON CLUSTER `carbon-1`/,
        name,
      );
      const engine = /ENGINE = (\S*MergeTree)/.exec(plain)?.[1];
      if (engine !== undefined) {
        tables++;
        assert.match(replicated, new RegExp(`ENGINE = Replicated${engine}\\b`), name);
        assert.match(replicated, /\breplicated_deduplication_window = 10000/, name);
        assert.doesNotMatch(replicated, /non_replicated/, name);
      }
      const back = replicated
        .replace(' ON CLUSTER `carbon-1`', '')
        .replace('ENGINE = Replicated', 'ENGINE = ')
        .replace(' replicated_deduplication_window', ' non_replicated_deduplication_window');
      assert.equal(back, plain, name);
    }
  assert.ok(tables >= 8, `${tables} tables`);
});

test('the users that docs/cluster.md names are understood (syntax only)', async () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/cluster.md'), 'utf8');
  const statements = statementsOf(/```sql\n(.*?)```/s.exec(page)?.[1] ?? '');
  assert.equal(statements.length, 4);
  for (const statement of statements) assert.match(await parsed(statement), /^(CREATE USER|GRANT)/);
});

test('other statements stay as they are; a cluster may have any name', () => {
  for (const sql of ['SELECT 1', 'INSERT INTO t SELECT 1', "SELECT 'CREATE TABLE t ENGINE = MergeTree'"])
    assert.equal(onCluster(sql, 'c'), sql);
  assert.equal(onCluster('DROP TABLE IF EXISTS t', 'a`b'), 'DROP TABLE IF EXISTS t ON CLUSTER `a\\`b`');
  assert.equal(
    onCluster('ALTER TABLE t ADD COLUMN a Int8', 'c'),
    'ALTER TABLE t ON CLUSTER `c` ADD COLUMN a Int8',
  );
  const already = 'CREATE TABLE t (a Int8) ENGINE = ReplicatedMergeTree ORDER BY a';
  assert.equal(onCluster(already, 'c'), already.replace('t (', 't ON CLUSTER `c` ('));
});
