import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  migrationChecksum,
  pendingMigrations,
  readMigrations,
  statementsOf,
} from '../../../core/store/migrations.ts';

const FILES = [
  { name: '002_second.sql', text: 'create table b (x text);\n' },
  { name: '001_first.sql', text: 'create table a (x text);\n' },
  { name: '003_third.sql', text: 'create table c (x text);\n' },
  { name: 'README.md', text: 'not one of them' },
];
const migrations = readMigrations(FILES);
const [first, second, third] = migrations;

test('the files of a folder are put in order; what does not end in .sql is passed over', () => {
  assert.deepEqual(
    migrations.map((m) => [m.number, m.name]),
    [
      [1, '001_first'],
      [2, '002_second'],
      [3, '003_third'],
    ],
  );
});

test('names that cannot be put in order are refused', () => {
  for (const name of [
    '1_first.sql',
    '001-first.sql',
    '001_First.sql',
    'first.sql',
    '0001_first.sql',
    '001_.SQL.sql',
  ])
    assert.throws(
      () => readMigrations([{ name, text: '' }]),
      {
        code: 'CONFIG_INVALID',
        position: { file: name, got: name, expected: 'a name like 001_taxonomy_tables.sql' },
      },
      name,
    );
  const twice = [FILES[1], { name: '001_also.sql', text: '' }];
  assert.throws(() => readMigrations(twice), { code: 'CONFIG_INVALID' });
  assert.throws(() => readMigrations([FILES[0]]), {
    code: 'CONFIG_INVALID',
    message: /002_second\.sql.*001/,
  });
});

test('what was applied is not pending, and in the order of numbers', () => {
  assert.deepEqual(pendingMigrations(migrations, []), migrations);
  assert.deepEqual(pendingMigrations(migrations, [second, first]), [third]);
  assert.deepEqual(pendingMigrations(migrations, migrations), []);
  assert.deepEqual(pendingMigrations([], []), []);
});

test('a file that reads otherwise than it was applied is refused', () => {
  const changed = { name: first.name, checksum: migrationChecksum('create table a (y text);') };
  assert.throws(() => pendingMigrations(migrations, [changed]), {
    code: 'STORE_MIGRATION_CHANGED',
    position: { file: '001_first.sql' },
  });
});

test('a file slipped in before one that was applied is refused', () => {
  assert.throws(() => pendingMigrations(migrations, [first, third]), {
    code: 'STORE_MIGRATION_CHANGED',
    context: { migration: '002_second' },
  });
});

test('a migration that the folder does not have means a newer program', () => {
  assert.throws(() => pendingMigrations([first], [first, second]), {
    code: 'STORE_NEWER',
    context: { migration: '002_second' },
  });
});

test('the checksum is of the words, not of line endings or blanks at the end of lines', () => {
  const text = "create table a (\n  x text\n);\ninsert into a values ('é');\n";
  const sum = migrationChecksum(text);
  assert.equal(migrationChecksum(text.replaceAll('\n', '\r\n')), sum);
  assert.equal(migrationChecksum(`${text.replaceAll('\n', '  \n')}\n\n`), sum);
  assert.match(sum, /^[0-9a-f]{32}$/);
  for (const other of [text.replace('é', 'e'), text.replace('  x', ' x'), text.replace('\n', ' '), ''])
    assert.notEqual(migrationChecksum(other), sum);
});

test('a file is cut at its semicolons, not at those in texts, names and comments', () => {
  const sql = `-- first; comment
create table a (x text default ';', "y;z" text); /* between; */
insert into a values ('it''s; one', 'a\\';b'); -- last;
create table \`c;d\` (x text)
;;
/* nothing; here */
`;
  assert.deepEqual(statementsOf(sql), [
    `-- first; comment\ncreate table a (x text default ';', "y;z" text)`,
    `/* between; */\ninsert into a values ('it''s; one', 'a\\';b')`,
    `-- last;\ncreate table \`c;d\` (x text)`,
  ]);
  assert.deepEqual(statementsOf('select 1'), ['select 1']);
  assert.deepEqual(statementsOf(' -- only this'), []);
});
