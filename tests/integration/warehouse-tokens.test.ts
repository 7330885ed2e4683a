/** A process killed inside an insert leaves the token of a part that never came to its place: its rows must not be lost. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { identity } from '../../core/codec/native/native-bytes.ts';
import { NativeWriter } from '../../core/codec/native/native-writer.ts';
import { forgetLostInserts } from '../../drivers/chdb/insert-tokens.ts';
import { type ChdbWarehouse, openChdb } from '../../drivers/chdb/warehouse.ts';

const folder = mkdtempSync(join(tmpdir(), 'warehouse-tokens-'));
const directory = join(folder, 'warehouse');
after(() => rmSync(folder, { recursive: true, force: true }));

/** Six rows of two days. */
function blockOf(number: number): Uint8Array {
  const order = identity(6);
  return new NativeWriter(order)
    .uint32('b', new Uint32Array(6).fill(number))
    .date(
      'd',
      order.map((i) => 20_000 + (i % 2)),
    )
    .finish();
}

async function open<T>(work: (warehouse: ChdbWarehouse) => Promise<T>): Promise<T> {
  const warehouse = openChdb(directory);
  try {
    return await work(warehouse);
  } finally {
    await warehouse.close();
  }
}

const counts = (warehouse: ChdbWarehouse) =>
  warehouse.queryRows('SELECT b, toString(count()) AS n FROM t GROUP BY b ORDER BY b');

/** Folders of parts, with those of the table of the test only: no other table has any. */
function parts(): string[] {
  const store = join(directory, 'store');
  return readdirSync(store, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\/\d{8}_\d+_\d+_\d+$/.test(path))
    .map((path) => join(store, path))
    .sort();
}

test('a token whose part is not there is taken back at the next opening, and only that', async () => {
  await open(async (warehouse) => {
    await warehouse.execute(`CREATE TABLE t (b UInt32, d Date) ENGINE = MergeTree PARTITION BY d ORDER BY b
      SETTINGS non_replicated_deduplication_window = 100, old_parts_lifetime = 1`);
    await warehouse.execute('SYSTEM STOP MERGES');
    for (const number of [1, 2, 3]) await warehouse.insertBlock('t', blockOf(number), `block ${number}`);
  });
  const [, , lost] = parts();
  assert.equal(parts().length, 6);
  // As a kill leaves it between the note of the token and the renaming of the part.
  rmSync(lost, { recursive: true });
  await open(async (warehouse) => {
    assert.deepEqual(await counts(warehouse), [
      { b: 1, n: '6' },
      { b: 2, n: '6' },
      { b: 3, n: '3' },
    ]);
    for (const number of [1, 2, 3]) await warehouse.insertBlock('t', blockOf(number), `block ${number}`);
    const whole = [1, 2, 3].map((b) => ({ b, n: '6' }));
    assert.deepEqual(
      await counts(warehouse),
      whole,
      'what was lost is there, and the rest is not there twice',
    );
    await warehouse.execute('OPTIMIZE TABLE t FINAL');
  });
  assert.equal(
    forgetLostInserts(directory),
    0,
    'merged parts hold the blocks of those that they were made of',
  );
  await open(async (warehouse) => {
    for (const number of [1, 2, 3]) await warehouse.insertBlock('t', blockOf(number), `block ${number}`);
    assert.deepEqual(
      await counts(warehouse),
      [1, 2, 3].map((b) => ({ b, n: '6' })),
    );
  });
});

test('a directory that is not there has no tokens', () => {
  assert.equal(forgetLostInserts(join(folder, 'nothing')), 0);
});
