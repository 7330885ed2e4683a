import assert from 'node:assert/strict';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { ReferenceDatabase } from '../../../drivers/sqlite-reference/database.ts';
import { migrateReference, REFERENCE_MIGRATIONS } from '../../../drivers/sqlite-reference/migrate.ts';
import { openSqliteReference } from '../../../drivers/sqlite-reference/reference-store.ts';
import { killChild, temporaryFolder } from './child.ts';

const namesOf = (folder: string): string[] => readdirSync(folder).map((name) => name.replace(/\.sql$/, ''));

test('the migrations are applied once and in order', async (t) => {
  const folder = await temporaryFolder(t);
  const db = new ReferenceDatabase(join(folder, 'r.db'));
  assert.deepEqual(migrateReference(db), namesOf(REFERENCE_MIGRATIONS).sort());
  assert.deepEqual(migrateReference(db), []);
  db.close();
  const raw = new DatabaseSync(join(folder, 'r.db'));
  const rows = raw.prepare('select name, checksum, applied_at from schema_migrations order by name').all();
  assert.ok(rows.length >= 3);
  for (const row of rows) {
    assert.match(String(row['checksum']), /^[0-9a-f]{32}$/);
    assert.ok(Number(row['applied_at']) > 1_700_000_000_000_000, 'micros');
  }
  raw.close();
});

test('a changed file and a store of a newer program are refused, a new file is applied', async (t) => {
  const folder = await temporaryFolder(t);
  const migrations = join(folder, 'migrations');
  cpSync(REFERENCE_MIGRATIONS, migrations, { recursive: true });
  const path = join(folder, 'r.db');
  await openSqliteReference({ path, migrations }).close();
  const next = String(namesOf(migrations).length + 1).padStart(3, '0');
  const added = join(migrations, `${next}_added.sql`);
  writeFileSync(added, 'create table added (a text not null); create index added_by_a on added (a);');
  await openSqliteReference({ path, migrations }).close();
  writeFileSync(added, 'create table added (b text not null);');
  assert.throws(() => openSqliteReference({ path, migrations }), {
    code: 'STORE_MIGRATION_CHANGED',
    context: { migration: `${next}_added` },
  });
  rmSync(added);
  assert.throws(() => openSqliteReference({ path, migrations }), {
    code: 'STORE_NEWER',
    message: new RegExp(`${next}_added`),
  });
});

test('a migration that fails leaves nothing of itself', async (t) => {
  const folder = await temporaryFolder(t);
  const migrations = join(folder, 'migrations');
  cpSync(REFERENCE_MIGRATIONS, migrations, { recursive: true });
  const next = join(migrations, `${String(namesOf(migrations).length + 1).padStart(3, '0')}_added.sql`);
  writeFileSync(next, 'create table added (a text); create table added (a text);');
  const path = join(folder, 'r.db');
  assert.throws(() => openSqliteReference({ path, migrations }), { code: 'STORE_REFUSED' });
  writeFileSync(next, 'create table added (a text);');
  await openSqliteReference({ path, migrations }).close();
});

test('a folder that is not there, and a store that cannot be had, are told as such', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'r.db');
  assert.throws(() => openSqliteReference({ path, migrations: join(folder, 'no') }), {
    code: 'FILE_UNREADABLE',
  });
  assert.throws(() => openSqliteReference({ path: folder }), { code: 'STORE_UNREACHABLE' });
  const text = join(folder, 'text.db');
  writeFileSync(text, 'not a database at all '.repeat(100));
  assert.throws(() => openSqliteReference({ path: text }), { code: 'STORE_REFUSED' });
});

test('two openings of one file see each other and never both store a plan', async (t) => {
  const path = join(await temporaryFolder(t), 'r.db');
  const stores = [openSqliteReference({ path, durability: 'power' }), openSqliteReference({ path })];
  const plan = {
    group: 'g',
    topic: 't',
    partition: 0,
    from: 0,
    to: 1,
    since: {},
    until: {},
    settingsHash: '',
    referenceVersion: 0,
    clock: 0,
    codeVersion: '',
    fence: 1,
  };
  await stores[0].storePlan(plan);
  assert.deepEqual(await stores[1].openPlan('g', 't', 0), plan);
  await assert.rejects(stores[1].storePlan({ ...plan, to: 2 }), { code: 'PLAN_CONFLICT' });
  await stores[1].finishPlan(plan);
  await assert.rejects(stores[0].finishPlan(plan), { code: 'PLAN_CONFLICT' });
  for (const store of stores) await store.close();
});

test('kill -9 between plans loses nothing acknowledged', async (t) => {
  const path = join(await temporaryFolder(t), 'r.db');
  let finished = -1;
  for (let round = 0; round < 4; round++) {
    const lines = await killChild(t, 20 + 31 * round, 'plans.ts', path);
    const of = (word: string): number =>
      Number(lines.findLast((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? -1);
    const store = openSqliteReference({ path });
    const open = await store.openPlan('g', 't', 0);
    const last = await store.lastFinishedPlan('g', 't', 0);
    assert.ok(last !== null && last.from >= of('finished') && last.from >= finished);
    if (open !== null) assert.equal(open.from, last.to, 'the open plan follows the finished one');
    assert.ok((open ?? last).from >= of('stored'));
    assert.ok(Number(await store.loadCursor('c')) >= of('cursor'));
    finished = last.from;
    await store.close();
  }
  assert.ok(finished > 40);
});
