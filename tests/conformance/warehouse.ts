/** What every Warehouse driver does. Run from `warehouse.test.ts` on each of them. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { identity } from '../../core/codec/native/native-bytes.ts';
import { NativeWriter } from '../../core/codec/native/native-writer.ts';
import { CarbonError } from '../../core/errors.ts';
import { bigMantissaAt, setBigMantissa } from '../../core/model/decimal.ts';
import { formatUuid, parseUuid } from '../../core/model/hash128.ts';
import type { Warehouse } from '../../core/ports/warehouse.ts';

/** An empty warehouse, and how to throw it away. */
export interface OpenedWarehouse {
  readonly warehouse: Warehouse;
  readonly dispose: () => Promise<void>;
}

const HOSTILE = [
  "a'b",
  'a\\b',
  "\\' OR 1=1 --",
  'a\nb\tc\rd',
  '{v:String}',
  'Zürich ☃ 𝄞',
  '; DROP TABLE t',
  'nul\0l',
  '"`',
  '\\N',
  '\\t',
  '%27 &=#?+',
  '[',
  '',
];

const DEDUPLICATED = 'SETTINGS non_replicated_deduplication_window = 100';

/** Two columns, `rows` rows over `days` days from 2024-01-01. */
function dayBlock(rows: number, days: number, mark = 0): Uint8Array {
  const number = identity(rows);
  return new NativeWriter(number)
    .date(
      'd',
      number.map((i) => 19_723 + (i % days)),
    )
    .uint64(
      'v',
      number.map((i) => i + mark),
    )
    .finish();
}

/** Registers the suite under `name` for the driver that `open` gives. */
export function warehouseConformance(name: string, open: () => Promise<OpenedWarehouse>): void {
  describe(`warehouse: ${name}`, () => {
    let opened: OpenedWarehouse;
    let w: Warehouse;
    before(async () => {
      opened = await open();
      w = opened.warehouse;
    });
    after(() => opened.dispose());

    const count = async (table: string): Promise<number> =>
      (await w.queryColumns(`SELECT count() AS n FROM ${table}`)).numbers('n')[0];

    const dayTable = (table: string) =>
      w.execute(
        `CREATE TABLE ${table} (d Date, v UInt64) ENGINE = MergeTree PARTITION BY d ORDER BY v ${DEDUPLICATED}`,
      );

    test('every column type keeps bytes above 0x7F', async () => {
      await w.execute(`CREATE TABLE kinds (k UInt32, u8 UInt8, u16 UInt16, u32 UInt32, u64 UInt64, i32 Int32,
        i64 Int64, f Float64, t DateTime64(6, 'UTC'), d Date, p Decimal(18, 8), v Decimal(38, 8),
        n Decimal(38, 16), id UUID, s String, lc LowCardinality(String), np Nullable(Decimal(18, 8)),
        nu Nullable(UInt64), a Array(String), made UInt8 DEFAULT 7) ENGINE = MergeTree ORDER BY k`);
      const n = 4;
      const words = new Int32Array(2 * n);
      const wide = new Int32Array(4 * n);
      const mantissas = [-1n, 999_999_999_999_999_999n, -999_999_999_999_999_999n, 0x80ff_80ff_80n];
      for (let i = 0; i < n; i++) {
        setBigMantissa(words, i, mantissas[i]);
        const big = -(10n ** 37n) * BigInt(i) - 0x80n;
        for (let k = 0; k < 4; k++) wide[4 * i + k] = Number(BigInt.asIntN(32, big >> BigInt(32 * k)));
      }
      const ids = new Uint32Array(4 * n);
      const uuids = [
        '00112233-4455-8677-8899-aabbccddeeff',
        'ffeeddcc-bbaa-8988-b766-554433221100',
        '00000000-0000-0000-0000-000000000000',
        '80818283-8485-8687-8889-8a8b8c8d8e8f',
      ];
      for (let i = 0; i < n; i++) parseUuid(uuids[i], ids, i);
      const texts = ['plain', 'é ÿ ☃ 𝄞', '', 'ü'.repeat(200)];
      const lists = [['ä', ''], [], ['☃'], ['x'.repeat(300)]];
      const times = [-1, 1_767_225_600_123_456, 0, 0x80ff80ff80ff];
      const nulls = Uint8Array.of(0, 1, 0, 1);
      const order = Uint32Array.of(3, 1, 0, 2);
      const whole = [0x80, 0xff, 0, 1];
      const large = [2 ** 53, 0x80ff80ff80ff, 0, 255];
      const block = new NativeWriter(order)
        .string('s', texts)
        .uint32('k', [0, 1, 2, 3])
        .uint8('u8', whole)
        .uint16('u16', [0x80ff, 0xffff, 0, 1])
        .uint32('u32', [0x80ff80ff, 0xffffffff, 0, 1])
        .uint64('u64', large)
        .int32('i32', [-1, -2_147_483_648, 0x7fffffff, 0])
        .int64('i64', [-1, -(2 ** 53), 2 ** 53, 0])
        .float64('f', [-0.1, Number.MAX_VALUE, -0, 1 / 3])
        .dateTime64('t', times)
        .date('d', [0, 0xffff, 20_000, 1])
        .decimal64('p', words)
        .decimal128('v', wide, 8)
        .decimal128('n', wide, 16)
        .uuid('id', ids)
        .lowCardinalityOf('lc', [0, 1, 2, 3], (id) => texts[id])
        .nullableDecimal64('np', words, nulls)
        .nullableUint64('nu', large, nulls)
        .stringLists('a', lists)
        .finish();
      await w.insertBlock('kinds', block, null);
      const c = await w.queryColumns('SELECT * FROM kinds ORDER BY k');
      assert.equal(c.rows, n);
      assert.deepEqual([...c.numbers('u8')], whole);
      assert.deepEqual([...c.numbers('u16')], [0x80ff, 0xffff, 0, 1]);
      assert.deepEqual([...c.numbers('u32')], [0x80ff80ff, 0xffffffff, 0, 1]);
      assert.deepEqual([...c.numbers('u64')], large);
      assert.deepEqual([...c.numbers('i32')], [-1, -2_147_483_648, 0x7fffffff, 0]);
      assert.deepEqual([...c.numbers('i64')], [-1, -(2 ** 53), 2 ** 53, 0]);
      assert.deepEqual([...c.numbers('f')], [-0.1, Number.MAX_VALUE, -0, 1 / 3]);
      assert.deepEqual([...c.numbers('t')], times);
      assert.deepEqual([...c.numbers('d')], [0, 0xffff, 20_000, 1]);
      assert.deepEqual([...c.words('p', 2)], [...words]);
      assert.deepEqual([...c.words('v', 4)], [...wide]);
      assert.deepEqual([...c.words('n', 4)], [...wide]);
      assert.deepEqual(
        [0, 1, 2, 3].map((i) => formatUuid(c.uuids('id'), i)),
        uuids,
      );
      assert.deepEqual(c.strings('s'), texts);
      assert.deepEqual(c.strings('lc'), texts);
      assert.deepEqual([...(c.nulls('np') ?? [])], [...nulls]);
      assert.equal(bigMantissaAt(c.words('np', 2), 2), mantissas[2]);
      assert.deepEqual([...(c.nulls('nu') ?? [])], [...nulls]);
      assert.deepEqual(c.stringLists('a'), lists);
      assert.deepEqual([...c.numbers('made')], [7, 7, 7, 7]);
      // The store's own text of the same values: the order of words and halves is the store's, not only ours.
      const rows = await w.queryRows('SELECT toString(id) AS id, v, np, t, u64 FROM kinds ORDER BY k');
      assert.deepEqual(
        rows.map((r) => r['id']),
        uuids,
      );
      assert.equal(rows[0]['v'], '-0.00000128');
      assert.equal(rows[1]['np'], null);
      assert.equal(rows[2]['np'], '-9999999999.99999999');
      assert.equal(rows[1]['t'], '2026-01-01 00:00:00.123456');
      assert.equal(rows[0]['u64'], '9007199254740992');
      assert.match(
        new TextDecoder().decode(await w.queryText('SELECT s FROM kinds ORDER BY k LIMIT 2', 'TSVWithNames')),
        /^s\nplain\né ÿ ☃ 𝄞\n$/,
      );
    });

    test('a token inserts once, over all partitions of a block; another token inserts again', async () => {
      await dayTable('tokens');
      const block = dayBlock(1000, 100);
      await w.insertBlock('tokens', block, 'one');
      await w.insertBlock('tokens', block, 'one');
      assert.equal(await count('tokens'), 1000);
      await w.insertBlock('tokens', block, 'two');
      assert.equal(await count('tokens'), 2000);
      await w.insertBlock('tokens', block, "it's \\ ☃");
      await w.insertBlock('tokens', block, "it's \\ ☃");
      assert.equal(await count('tokens'), 3000);
    });

    test('a token that reached some partitions adds only the missing ones', async () => {
      await dayTable('partial');
      await w.insertBlock('partial', dayBlock(1, 1), 'cut');
      await w.insertBlock('partial', dayBlock(3, 3), 'cut');
      assert.equal(await count('partial'), 3);
    });

    test('blocks without a token are all kept, equal ones too', async () => {
      await dayTable('tokenless');
      await w.insertBlock('tokenless', dayBlock(10, 2), null);
      await w.insertBlock('tokenless', dayBlock(10, 2), null);
      await w.insertBlock('tokenless', dayBlock(10, 2), 'a');
      await w.insertBlock('tokenless', dayBlock(10, 2), null);
      assert.equal(await count('tokenless'), 40);
    });

    test('a block of more than 100 partitions is refused whole', async () => {
      await dayTable('wide');
      await assert.rejects(w.insertBlock('wide', dayBlock(101, 101), 'w'), { code: 'STORE_REFUSED' });
      assert.equal(await count('wide'), 0);
    });

    test('200,000 rows in one block, and 1.2 million rows back in many', async () => {
      await dayTable('big');
      for (let i = 0; i < 6; i++) await w.insertBlock('big', dayBlock(200_000, 5, i * 200_000), `b${i}`);
      const c = await w.queryColumns('SELECT v, toLowCardinality(toString(v % 3)) AS lc FROM big ORDER BY v');
      assert.equal(c.rows, 1_200_000);
      const v = c.numbers('v');
      const lc = c.codes('lc', Number);
      for (let i = 0; i < v.length; i++) if (v[i] !== i || lc[i] !== i % 3) assert.fail(`row ${i}`);
    });

    test('parameters arrive exactly as given', async () => {
      for (const v of HOSTILE) {
        const [row] = await w.queryRows('SELECT {v:String} AS v, lower(hex({v:String})) AS h', { v });
        assert.equal(row['v'], v);
        assert.equal(row['h'], Buffer.from(v).toString('hex'));
      }
      const [lists] = await w.queryRows(
        'SELECT {v:Array(String)} AS v, {n:Array(Int64)} AS n, {e:Array(String)} AS e',
        {
          v: HOSTILE,
          n: [1, -2],
          e: [],
        },
      );
      assert.deepEqual(lists, { v: HOSTILE, n: ['1', '-2'], e: [] });
      const [row] = await w.queryRows(
        `SELECT {i:Int64} AS i, {f:Float64} AS f, {b:Bool} AS b, {z:Nullable(String)} AS z,
          {t:DateTime64(6, 'UTC')} AS t, {p:Decimal(18, 8)} AS p, {u:UInt64} AS u`,
        {
          i: -5,
          f: 0.1,
          b: true,
          z: null,
          t: '2026-01-01 00:00:00.000001',
          p: '-1.5',
          u: '18446744073709551615',
        },
      );
      assert.deepEqual(row, {
        i: '-5',
        f: 0.1,
        b: true,
        z: null,
        t: '2026-01-01 00:00:00.000001',
        p: '-1.5',
        u: '18446744073709551615',
      });
    });

    test('a long list of parameters fits', async () => {
      const v = Array.from({ length: 5000 }, (_, i) => `instrument-${i}`);
      const c = await w.queryColumns('SELECT arrayJoin({v:Array(String)}) AS v', { v });
      assert.deepEqual(c.strings('v'), v);
    });

    test('errors say what the store says, with its code', async () => {
      const unknown = (error: unknown) =>
        error instanceof CarbonError && error.code === 'STORE_REFUSED' && error.context['store_code'] === 60;
      await assert.rejects(w.queryRows('SELECT * FROM nowhere'), unknown);
      await assert.rejects(w.queryColumns('SELECT * FROM nowhere'), unknown);
      await assert.rejects(w.insertBlock('nowhere', dayBlock(1, 1), null), unknown);
      await assert.rejects(w.execute('DROP TABLE nowhere'), unknown);
      await assert.rejects(w.queryRows('SELECT {v:String} AS v'), { code: 'STORE_REFUSED' });
      await assert.rejects(w.queryRows('SELECT throwIf(number = 100000) FROM numbers(200000)'), /throwIf/);
      await dayTable('shape');
      await assert.rejects(w.insertBlock('shape', dayBlock(5, 5).subarray(0, 20), 'x'), {
        code: 'STORE_REFUSED',
      });
      await assert.rejects(w.insertBlock("shape'; DROP", dayBlock(1, 1), 'x'), { code: 'STORE_REFUSED' });
      assert.equal(await count('shape'), 0);
    });

    test('what a failed query had written does not reach the next answer', async () => {
      const failing = 'SELECT throwIf(number = 300000) AS n FROM numbers(400000)';
      for (let i = 0; i < 5; i++) {
        const failed = i % 2 === 0 ? w.queryRows(failing) : w.queryColumns(failing);
        const next = w.queryRows('SELECT 1 AS a');
        await assert.rejects(failed, /throwIf/);
        assert.deepEqual(await next, [{ a: 1 }]);
        assert.deepEqual((await w.queryColumns('SELECT 2 AS a')).numbers('a'), Float64Array.of(2));
      }
    });

    test('queries run while blocks go in, each sees whole blocks', async () => {
      await dayTable('busy');
      let isDone = false;
      let asked = 0;
      const inserts = (async () => {
        for (let i = 0; i < 20; i++) await w.insertBlock('busy', dayBlock(10_000, 1), `t${i}`);
        isDone = true;
      })();
      const ask = async (v: number) => {
        while (!isDone) {
          const c = await w.queryColumns('SELECT count() AS n, {v:UInt32} AS v FROM busy', { v });
          assert.equal(c.numbers('v')[0], v);
          assert.equal(c.numbers('n')[0] % 10_000, 0);
          asked++;
        }
      };
      await Promise.all([inserts, ask(1), ask(2), ask(3)]);
      assert.ok(asked > 0);
      assert.equal(await count('busy'), 200_000);
    });

    test('blocks that are inserted at once are all stored, whichever of them is refused', async () => {
      for (const table of ['beside_a', 'beside_b']) await dayTable(table);
      const inserts = Array.from({ length: 24 }, (_, k) => {
        if (k % 6 === 5) return w.insertBlock('beside_a', dayBlock(300, 150), `refused-${k}`);
        return w.insertBlock(k % 2 === 0 ? 'beside_a' : 'beside_b', dayBlock(40, 2, 100 * k), `beside-${k}`);
      });
      const ended = await Promise.allSettled(inserts);
      const refused = ended.flatMap(({ status }, k) => (status === 'rejected' ? [k] : []));
      assert.deepEqual(refused, [5, 11, 17, 23]);
      assert.deepEqual([await count('beside_a'), await count('beside_b')], [12 * 40, 8 * 40]);
      const again = inserts.map((_, k) =>
        k % 6 === 5
          ? undefined
          : w.insertBlock(k % 2 === 0 ? 'beside_a' : 'beside_b', dayBlock(40, 2, 100 * k), `beside-${k}`),
      );
      await Promise.all(again);
      assert.deepEqual([await count('beside_a'), await count('beside_b')], [12 * 40, 8 * 40]);
    });

    test('settings of one statement do not reach the next', async () => {
      const seen = async () =>
        (
          await w.queryRows(
            "SELECT getSetting('insert_deduplication_token') AS t, getSetting('max_result_rows') AS m",
          )
        )[0];
      const first = await seen();
      await dayTable('leak');
      await w.insertBlock('leak', dayBlock(1, 1), 'leaky');
      await w.queryRows('SELECT 1 SETTINGS max_result_rows = 77');
      assert.deepEqual(await seen(), first);
      await w.queryText('SELECT {v:String} AS v', 'TSV', { v: 'x' });
      await assert.rejects(w.queryRows('SELECT {v:String} AS v'), { code: 'STORE_REFUSED' });
    });

    test('an answer without rows has its columns and their types', async () => {
      const c = await w.queryColumns(
        "SELECT 1::Decimal(18, 8) AS p, toLowCardinality('a') AS lc, {v:String} AS s, [''] AS a WHERE 0;",
        { v: 'x' },
      );
      assert.equal(c.rows, 0);
      assert.deepEqual(c.names, ['p', 'lc', 's', 'a']);
      assert.deepEqual(c.types, ['Decimal(18, 8)', 'LowCardinality(String)', 'String', 'Array(String)']);
      assert.equal(c.words('p', 2).length, 0);
      assert.deepEqual(c.strings('lc'), []);
      assert.deepEqual(c.stringLists('a'), []);
      assert.deepEqual(await w.queryRows('SELECT 1 WHERE 0'), []);
      await w.execute('CREATE TABLE changing (a UInt8) ENGINE = MergeTree ORDER BY a');
      assert.deepEqual((await w.queryColumns('SELECT * FROM changing')).names, ['a']);
      await w.execute('ALTER TABLE changing ADD COLUMN b String');
      assert.deepEqual((await w.queryColumns('SELECT * FROM changing')).names, ['a', 'b']);
    });

    test('statements may end in comments and semicolons', async () => {
      assert.deepEqual(await w.queryRows('SELECT 1 AS a -- the end'), [{ a: 1 }]);
      assert.deepEqual(await w.queryRows('SELECT 1 AS a ;\n'), [{ a: 1 }]);
    });
  });
}
