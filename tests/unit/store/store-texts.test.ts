import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareStatement } from '../../../core/store/empty-answer.ts';
import { insertSettings, quoteText, tableName } from '../../../core/store/insert-statement.ts';
import { storeError } from '../../../core/store/store-error.ts';
import { cutByPartition, ranksOf, sortRows } from '../../../core/store/tables/row-order.ts';

test('what passes by itself is worth a retry, the rest is refused', () => {
  const codeOf = (code: number | null, message = '') => storeError(code, message, null).code;
  assert.equal(codeOf(241), 'STORE_UNREACHABLE');
  assert.equal(codeOf(60), 'STORE_REFUSED');
  assert.equal(codeOf(null), 'STORE_REFUSED');
  assert.equal(codeOf(252, 'Too many parts (300). Merges are slower'), 'STORE_UNREACHABLE');
  assert.equal(codeOf(252, 'Too many partitions for single INSERT block'), 'STORE_REFUSED');
  assert.equal(storeError(60, 'no', null).context['store_code'], 60);
});

test('tokens are quoted, and no token means no deduplication at all', () => {
  assert.equal(quoteText("a'b\\"), "'a\\'b\\\\'");
  assert.match(insertSettings("x'"), /insert_deduplication_token = 'x\\''$/);
  assert.equal(insertSettings(null), "optimize_on_insert = 0, deduplicate_insert = 'disable'");
  assert.equal(tableName('db.t_1'), 'db.t_1');
  for (const name of ['t x', "t'", '', 'a.b.c', 't;'])
    assert.throws(() => tableName(name), { code: 'STORE_REFUSED' });
});

test('a statement loses what stands behind its end', () => {
  assert.equal(bareStatement('SELECT 1 ;\n ; '), 'SELECT 1');
});

test('ranks follow names and not ids; rows that tie keep the order of their comparison', () => {
  const names = ['zebra', 'ant', 'bee'];
  const ids = Uint32Array.of(0, 1, 2, 0);
  const rows = Uint32Array.of(0, 1, 2, 3);
  const { rank, count } = ranksOf(ids, rows, (id) => names[id]);
  assert.deepEqual([...rank], [2, 0, 1]);
  assert.equal(count, 3);
  const order = sortRows(
    rows,
    (row) => rank[ids[row]],
    count,
    (a, b) => b - a,
  );
  assert.deepEqual([...order], [1, 2, 3, 0]);
});

test('blocks take partitions by number, hundred by hundred', () => {
  const order = Uint32Array.from({ length: 201 }, (_, i) => 200 - i);
  const blocks = cutByPartition(order, (row) => row);
  assert.deepEqual(
    blocks.map((b) => b.length),
    [100, 100, 1],
  );
  assert.deepEqual([blocks[0][0], blocks[0][99], blocks[2][0]], [99, 0, 200]);
  assert.deepEqual(
    cutByPartition(new Uint32Array(0), (row) => row),
    [],
  );
  assert.equal(cutByPartition(order, () => 5).length, 1);
});
