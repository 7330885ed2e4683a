/** The prepared statements of an event log over the tables of `database.ts`. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';

const TEXTS = {
  dataVersion: 'pragma data_version',
  topics: 'select name, partitions, retention from topics order by name',
  topic: 'select partitions, retention from topics where name = ?',
  addTopic: 'insert into topics (name, partitions, retention) values (?, ?, ?) returning id',
  setRetention: 'update topics set retention = ? where name = ?',
  addLane: 'insert into lanes (topic, partition, earliest, next, newest_ms) values (?, ?, 0, 0, -1)',
  laneIds: `select l.id from lanes l join topics t on t.id = l.topic where t.name = ? order by l.partition`,
  laneEnds: `select l.id, l.next from lanes l join topics t on t.id = l.topic where t.name = ?`,
  lane: 'select id, earliest, next, newest_ms from lanes where id = ?',
  limitedLanes: `select l.id, t.retention from lanes l join topics t on t.id = l.topic
    where t.retention is not null order by l.id`,
  addBatch: 'insert into batches (lane, base, next, newest_ms, bytes) values (?, ?, ?, ?, ?)',
  setEnd: 'update lanes set next = ?, newest_ms = ? where id = ?',
  setEarliest: 'update lanes set earliest = ? where id = ?',
  /** From the batch that holds an offset on. */
  batchesFrom: `select base, next, bytes from batches where lane = ?
    and base >= (select max(base) from batches where lane = ? and base <= ?) order by base`,
  /** From the first batch that reaches a time on. */
  batchesSince: `select base, next, bytes from batches where lane = ? and newest_ms >= ?
    order by newest_ms, base`,
  expired: `select base, next from batches where lane = ? and newest_ms < ?
    order by newest_ms, base limit ?`,
  removeBatches: 'delete from batches where lane = ? and base < ?',
  commit: `insert into group_offsets (consumer_group, lane, next) values (?, ?, ?)
    on conflict (consumer_group, lane) do update set next = excluded.next`,
  committed: 'select next from group_offsets where consumer_group = ? and lane = ?',
} as const;

/** One prepared statement per text; they live as long as the connection. */
export type Statements = { readonly [name in keyof typeof TEXTS]: StatementSync };

/** Prepares all statements of a connection. */
export function prepareStatements(db: DatabaseSync): Statements {
  return Object.fromEntries(
    Object.entries(TEXTS).map(([name, sql]) => [name, db.prepare(sql)]),
  ) as Statements;
}
