/** Appends batches until the count is reached, for ever when it is 0; prints `offset value` of each acknowledged one. */

import { writeSync } from 'node:fs';
import { openSqliteLog } from '../../../../drivers/sqlite-log/event-log.ts';
import { batchOf } from '../../../conformance/event-log-records.ts';

const [path, topic, mark, count] = process.argv.slice(2);
const log = openSqliteLog({ path });
await log.createTopic({ name: topic, partitions: 1, retention: null });
for (let i = 0; Number(count) === 0 || i < Number(count); i++) {
  const value = `${mark}-${i}`;
  // Big enough that a kill may fall into the writing of one.
  const filler = 'x'.repeat((i % 7) * 9000);
  const first = await log.append(topic, 0, [batchOf([value, i], [`${value}-second${filler}`, i])]);
  await log.commit('group', topic, 0, first + 2);
  writeSync(1, `${first} ${value}\n`);
}
await log.close();
