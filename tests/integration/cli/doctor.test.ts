/** `doctor` on a machine with nothing, with data, and with what is wrong. */

import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { carbon, linesOf, newFolder, ROOT, type Row, replay, rowsOf, SPRING } from './carbon.ts';

const MIGRATIONS = readdirSync(join(ROOT, 'migrations/clickhouse')).filter((name) =>
  name.endsWith('.sql'),
).length;

/** The report by check, and the exit code. */
async function report(
  data: string,
  variables: Record<string, string> = {},
): Promise<{ exit: number | null; by: Map<unknown, Row> }> {
  const { exit, stdout } = await carbon(['--data', data, '--json', 'doctor'], variables);
  return { exit, by: new Map(linesOf(stdout).map((row) => [row['check'], row])) };
}

test('without a data directory all is well, it says so, and makes nothing', async () => {
  const data = join(newFolder(), 'none');
  const { exit, by } = await report(data);
  assert.equal(exit, 0);
  for (const check of [
    'node',
    'sqlite',
    'time zones',
    'block folder',
    'settings',
    'chdb',
    'policy aggregation',
  ])
    assert.equal(by.get(check)?.['status'], 'ok', check);
  assert.match(String(by.get('chdb')?.['detail']), /ClickHouse \d+\./);
  assert.match(String(by.get('data directory')?.['detail']), /does not exist yet/);
  assert.equal(existsSync(data), false);
});

test('after a replay it tells of stores, topics, plans and lag', async () => {
  const data = newFolder();
  await replay(data, SPRING);
  const { exit, by } = await report(data);
  assert.equal(exit, 0);
  assert.match(
    String(by.get('warehouse')?.['detail']),
    new RegExp(`no process owns it; ${MIGRATIONS} migrations applied`),
  );
  assert.match(String(by.get('reference store')?.['detail']), /no open plan/);
  assert.match(String(by.get('topics')?.['detail']), /topics of 2 partitions/);
  assert.match(String(by.get('lag of pipeline')?.['detail']), /^0 records/);
  const table = await carbon(['--data', data, 'doctor']);
  assert.match(table.stdout, /^check +status +detail/);
  assert.match(table.stderr, /\d+ checks, 0 warnings, 0 failures/);

  // A plan that was left open, a group that is behind, a count that is not the one asked for.
  const reference = new DatabaseSync(join(data, 'reference.sqlite'));
  reference.exec("update plans set state = 'open' where rowid = (select min(rowid) from plans)");
  reference.close();
  const log = new DatabaseSync(join(data, 'log.sqlite'));
  log.exec("update group_offsets set next = next - 3 where consumer_group = 'pipeline' and next > 3");
  log.close();
  const later = await report(data, { DATA_PROC_PARTITIONS: '8' });
  assert.equal(later.exit, 0);
  assert.match(String(later.by.get('reference store')?.['detail']), /1 open plans: pipeline ingestion\./);
  assert.match(
    String(later.by.get('lag of pipeline')?.['detail']),
    /^6 records: ingestion\.nyiso\.raw\.v1\/0 3/,
  );
  assert.equal(later.by.get('topics')?.['status'], 'warning');
  for (const row of later.by.values()) if (row['status'] !== 'ok') assert.notEqual(row['what_to_do'], '');

  // A store of a later program.
  const newer = new DatabaseSync(join(data, 'log.sqlite'));
  newer.exec('pragma user_version = 99');
  newer.close();
  const refused = await report(data);
  assert.equal(refused.exit, 7);
  assert.match(String(refused.by.get('event log')?.['detail']), /layout 99/);
});

test('a wrong variable or policy file ends with 78 and says where', async () => {
  const folder = newFolder();
  const data = join(folder, 'none');
  const wrong = await report(data, { DATA_PROC_DURABILITY: 'maybe' });
  assert.equal(wrong.exit, 78);
  assert.match(String(wrong.by.get('settings')?.['detail']), /DATA_PROC_DURABILITY is "maybe"/);

  const policies = join(folder, 'aggregation.yaml');
  const text = readFileSync(join(ROOT, 'configs/aggregation_policies.yaml'), 'utf8');
  writeFileSync(policies, text.replace(/^intervals:/m, 'intervalls:'));
  const { exit, by } = await report(data, { AGGREGATION_POLICIES_PATH: policies });
  assert.equal(exit, 78);
  assert.match(String(by.get('policy aggregation')?.['detail']), /interval/);
  assert.equal(by.get('policy projection')?.['status'], 'ok');
});

test('a data directory that is a file ends with 7', async () => {
  const file = join(newFolder(), 'file');
  writeFileSync(file, '');
  chmodSync(file, 0o600);
  const { exit, by } = await report(file);
  assert.equal(exit, 7);
  assert.match(String(by.get('data directory')?.['detail']), /is no directory/);
  assert.deepEqual(await rowsOf(join(newFolder(), 'x'), 'tap', '--list'), []);
});
