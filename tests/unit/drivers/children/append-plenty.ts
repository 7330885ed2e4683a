/** Appends a megabyte of noise that begins with its number, again and again; prints `offset number` of each acknowledged one. */

import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openSqliteLog } from '../../../../drivers/sqlite-log/event-log.ts';
import { batchOf } from '../../../conformance/event-log-records.ts';

const [path, topic, mark] = process.argv.slice(2);
const log = openSqliteLog({ path });
await log.createTopic({ name: topic, partitions: 1, retention: null });
for (let i = 0; ; i++) {
  const value = `${mark}-${i}`;
  const first = await log.append(topic, 0, [
    batchOf([`${value} ${randomBytes(750_000).toString('base64')}`, i]),
  ]);
  writeSync(1, `${first} ${value}\n`);
}
