/**
 * A process for the tests of the warehouse: `node warehouse-child.ts <role> <data directory>`.
 *
 * `write <from>`: inserts block after block under its own token and says `<n>` when block n is acknowledged.
 * `serve`: owns the directory, serves the socket and says `ready`. `hold`: owns it without serving.
 */

import { openWarehouse } from '../../app/stores/open-warehouse.ts';
import { identity } from '../../core/codec/native/native-bytes.ts';
import { NativeWriter } from '../../core/codec/native/native-writer.ts';
import { sleepingClock } from './warehouse-clock.ts';

/** Rows and partitions of each block. */
export const ROWS = 4000;
export const DAYS = 40;

const [role, dataDir, from] = process.argv.slice(2);
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

if (role === 'write') {
  const w = await openWarehouse({ dataDir, clock: sleepingClock });
  await w.execute(`CREATE TABLE IF NOT EXISTS t (b UInt32, d Date, v UInt32) ENGINE = MergeTree PARTITION BY d ORDER BY v
    SETTINGS non_replicated_deduplication_window = 10000`);
  const rows = await w.queryColumns(`SELECT b, count() AS n FROM t GROUP BY b HAVING n != ${ROWS}`);
  say(`partial ${rows.rows}`);
  const order = identity(ROWS);
  for (let block = Number(from); ; block++) {
    const bytes = new NativeWriter(order)
      .uint32('b', new Uint32Array(ROWS).fill(block))
      .date(
        'd',
        order.map((i) => 20_000 + (i % DAYS)),
      )
      .uint32('v', order)
      .finish();
    await w.insertBlock('t', bytes, `block ${block}`);
    say(String(block));
  }
} else if (role === 'serve' || role === 'hold') {
  const w = await openWarehouse({ dataDir, clock: sleepingClock, serve: role === 'serve' });
  say(`ready ${w.isOwner}`);
  process.stdin.on('end', () => {
    w.close().then(() => say('closed'));
  });
  process.stdin.resume();
}
