/** Checks of the stores of a data directory that exists: who owns them, their versions, topics, plans and lag. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventLog } from '../../core/ports/event-log.ts';
import { type AppliedMigration, pendingMigrations } from '../../core/store/migrations.ts';
import { ownerOf } from '../../drivers/chdb/owner.ts';
import { isOwnSocket, warehouseSocketPath } from '../../drivers/chdb/socket-path.ts';
import { openSqliteLog } from '../../drivers/sqlite-log/event-log.ts';
import { systemClock } from '../../drivers/system-clock/clock.ts';
import type { RuntimeSettings } from '../config/runtime.ts';
import { groupOf, SERVICE_NAMES } from '../pipeline/services.ts';
import { readMigrationFolder } from '../stores/migration-folder.ts';
import { topicPolicyOf } from '../stores/open-stores.ts';
import { openWarehouse } from '../stores/open-warehouse.ts';
import type { PolicyFacts } from './files.ts';
import { examine, type Finding, failure, fine, type Verdict, warning } from './finding.ts';
import { topicsVerdict } from './topics.ts';

const MIGRATE = 'Run carbon migrate; every command that opens the stores does it too.';

/** One line per store and question. Stores that do not exist yet are not made. */
export async function examineStores(runtime: RuntimeSettings, facts: PolicyFacts): Promise<Finding[]> {
  return [
    await examine('socket', 7, () => socket(runtime.dataDir)),
    await examine('warehouse', 7, () => warehouse(runtime)),
    await examine('reference store', 7, () => reference(runtime)),
    ...(await examineLog(runtime, facts)),
  ];
}

function socket(dataDir: string): Verdict {
  const path = warehouseSocketPath(dataDir);
  if (!existsSync(path)) return fine(`${path} (nobody listens)`);
  if (isOwnSocket(path)) return fine(path);
  return failure(`${path} is no socket of this user`, 'Remove it, or use another data directory.');
}

async function warehouse(runtime: RuntimeSettings): Promise<Verdict> {
  const { dataDir, root } = runtime;
  const directory = join(dataDir, 'warehouse');
  if (!existsSync(directory)) return fine('not made yet');
  const owner = ownerOf(directory);
  // Waits for an owner that is starting, as every command does; STORE_BUSY after that.
  const opened = await openWarehouse({ dataDir, clock: systemClock });
  try {
    const who = opened.isOwner ? 'no process owns it' : `process ${owner ?? 'unknown'} owns it and answers`;
    const [table] = await opened.queryRows(`EXISTS TABLE schema_migrations`);
    const rows =
      Number(Object.values(table ?? {})[0]) === 1
        ? await opened.queryRows('SELECT name, checksum FROM schema_migrations')
        : [];
    return await migrationVerdict(who, join(root, 'migrations/clickhouse'), rows);
  } finally {
    await opened.close();
  }
}

async function reference(runtime: RuntimeSettings): Promise<Verdict> {
  const path = join(runtime.dataDir, 'reference.sqlite');
  if (!existsSync(path)) return fine('not made yet');
  const db = new DatabaseSync(path, { readOnly: true, timeout: 2000 });
  try {
    const tables = new Set(
      db
        .prepare('select name from sqlite_schema')
        .all()
        .map((row) => row['name']),
    );
    const rows = tables.has('schema_migrations')
      ? db.prepare('select name, checksum from schema_migrations').all()
      : [];
    const state = await migrationVerdict(path, join(runtime.root, 'migrations/postgres'), rows);
    if (state.status !== 'ok' || !tables.has('plans')) return state;
    const plans = db.prepare("select * from plans where state = 'open' order by 1, 2, 3").all();
    if (plans.length === 0) return fine(`${state.detail}; no open plan`);
    const named = plans.map(
      (p) =>
        `${p['consumer_group']} ${p['topic']}/${p['topic_partition']} ${p['from_offset']} to ${p['to_offset']}`,
    );
    return warning(
      `${state.detail}; ${plans.length} open plans: ${named.join(', ')}`,
      'Nothing, while a worker runs; otherwise start one: it finishes them first.',
    );
  } finally {
    db.close();
  }
}

async function migrationVerdict(
  what: string,
  folder: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<Verdict> {
  const applied: AppliedMigration[] = rows.map((row) => ({
    name: String(row['name']),
    checksum: String(row['checksum']),
  }));
  const pending = pendingMigrations(await readMigrationFolder(folder), applied);
  const said = `${what}; ${applied.length} migrations applied`;
  if (pending.length === 0) return fine(said);
  return warning(`${said}, ${pending.map(({ name }) => name).join(', ')} not yet`, MIGRATE);
}

async function examineLog(runtime: RuntimeSettings, facts: PolicyFacts): Promise<Finding[]> {
  const path = join(runtime.dataDir, 'log.sqlite');
  if (!existsSync(path)) return [await examine('event log', 7, () => fine('not made yet'))];
  let log: EventLog | null = null;
  const opened = await examine('event log', 7, () => {
    log = openSqliteLog({ path, durability: runtime.durability });
    return fine(path);
  });
  if (log === null) return [opened];
  const open: EventLog = log;
  try {
    return [
      opened,
      await examine('topics', 7, async () => topicsVerdict(open, await topicPolicyOf(runtime), facts, false)),
      ...(await Promise.all(SERVICE_NAMES.map((name) => lagOf(open, groupOf(name, runtime.engines))))).filter(
        (f) => f !== null,
      ),
    ];
  } finally {
    await open.close();
  }
}

/** Records that a group has still to read of the topics it has committed on; null when it never did. */
async function lagOf(log: EventLog, group: string): Promise<Finding | null> {
  let known = false;
  const finding = await examine(`lag of ${group}`, 7, async () => {
    let lag = 0;
    const behind: string[] = [];
    for (const { name, partitions } of await log.listTopics())
      for (let partition = 0; partition < partitions; partition++) {
        const next = await log.committed(group, name, partition);
        if (next === null) continue;
        known = true;
        const { end } = await log.bounds(name, partition);
        if (end <= next) continue;
        lag += end - next;
        behind.push(`${name}/${partition} ${end - next}`);
      }
    if (lag === 0) return fine('0 records');
    return warning(`${lag} records: ${behind.join(', ')}`, 'Start a worker (carbon up) if none runs.');
  });
  return known || finding.status === 'fail' ? finding : null;
}
