/** Normalization: every code and flag, with position and bytes; every drop; and the balance. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDecimal } from '../../../core/model/decimal.ts';
import { Names } from '../../../core/model/names.ts';
import { Present } from '../../../core/model/tick-batch.ts';
import { droppedTotal } from '../../../core/stage/conservation.ts';
import { StageRun } from '../../../core/stage/stage-run.ts';
import { NormalizeStage } from '../../../services/normalization/normalize.stage.ts';
import { planOf, type RowSpec, rawRows, tickText } from './raw-input.ts';
import { RULES, StageWorld } from './stage-world.ts';

const START = '2025-07-01T01:00Z';
const row = (values: NonNullable<RowSpec['values']>, more: Partial<RowSpec> = {}): RowSpec => ({
  location: 'WEST',
  start: START,
  end: '2025-07-01T02:00Z',
  known: '2025-06-30T15:00Z',
  values,
  ...more,
});
const lmp = (text: string, more: Partial<RowSpec> = {}): RowSpec => row([['lmp', text]], more);
const trade = (values: NonNullable<RowSpec['values']>, more: Partial<RowSpec> = {}): RowSpec =>
  row(values, {
    dataset: 'trade',
    location: '',
    series: 'NG',
    end: START,
    known: '2025-07-01T01:00:01Z',
    ...more,
  });

async function normalize(rows: readonly RowSpec[], offset = 0) {
  const names = new Names();
  const run = new StageRun(new NormalizeStage(RULES, names));
  const context = { names, plan: planOf(offset, offset + rows.length) };
  return run.process({ raw: rawRows(names, rows, offset), undecodable: [] }, context, async () => []);
}

test('every reason to refuse a value, with its position and bytes', async () => {
  const cases: readonly (readonly [RowSpec, code: string, field: string, got: string, values: number])[] = [
    [lmp('1', { dataset: 'nothing' }), 'DATASET_UNKNOWN', 'dataset', 'NYISO/nothing', 1],
    [lmp('1', { market: 'PJM' }), 'DATASET_UNKNOWN', 'dataset', 'PJM/da_lmp', 1],
    [row([['other', '1']]), 'FIELD_UNKNOWN', 'other', 'other', 1],
    [trade([['other', '1']]), 'FIELD_UNKNOWN', 'other', 'other', 1],
    [
      trade([
        ['mystery', '1'],
        ['price', '2'],
      ]),
      'FIELD_UNKNOWN',
      'mystery',
      'mystery',
      2,
    ],
    [lmp('n/a'), 'VALUE_NOT_NUMERIC', 'lmp', 'n/a', 1],
    [lmp('NaN'), 'VALUE_NOT_NUMERIC', 'lmp', 'NaN', 1],
    [lmp('Infinity'), 'VALUE_NOT_NUMERIC', 'lmp', 'Infinity', 1],
    [lmp(' 1'), 'VALUE_NOT_NUMERIC', 'lmp', ' 1', 1],
    [lmp('1,5'), 'VALUE_NOT_NUMERIC', 'lmp', '1,5', 1],
    [lmp('１'), 'VALUE_NOT_NUMERIC', 'lmp', '１', 1],
    [lmp('--1'), 'VALUE_NOT_NUMERIC', 'lmp', '--1', 1],
    [lmp('.'), 'VALUE_NOT_NUMERIC', 'lmp', '.', 1],
    [lmp('0x10'), 'VALUE_NOT_NUMERIC', 'lmp', '0x10', 1],
    [lmp('10000000000'), 'VALUE_OUT_OF_RANGE', 'lmp', '10000000000', 1],
    [lmp('1e99'), 'VALUE_OUT_OF_RANGE', 'lmp', '1e99', 1],
    [
      trade([
        ['price', '1'],
        ['volume', 'x'],
      ]),
      'VALUE_NOT_NUMERIC',
      'volume',
      'x',
      2,
    ],
    [
      lmp('1', { start: '1994-12-31T23:00Z' }),
      'TIME_OUT_OF_RANGE',
      'interval_start',
      '1994-12-31T23:00:00Z',
      1,
    ],
    [
      lmp('1', { end: '2025-07-01T00:59:59.999999Z' }),
      'TIME_OUT_OF_RANGE',
      'interval_end',
      '2025-07-01T00:59:59.999999Z',
      1,
    ],
    [
      trade([['price', '1']], { known: '2025-07-01T00:49:59.999999Z' }),
      'TIME_OUT_OF_RANGE',
      'interval_start',
      '2025-07-01T01:00:00Z',
      1,
    ],
  ];
  const { rejected, output, balance } = await normalize(
    cases.map(([spec]) => spec),
    100,
  );
  assert.equal(output.ticks.length, 0);
  assert.equal(rejected.length, cases.length);
  let total = 0;
  for (const [k, [spec, code, field, got, values]] of cases.entries()) {
    const letter = rejected[k];
    assert.deepEqual([letter.code, letter.field, letter.got, letter.values], [code, field, got, values]);
    assert.equal(letter.stage, 'normalization');
    assert.equal(letter.sourceTopic, 'ingestion.test.raw.v1');
    assert.equal(letter.sourceOffset, 100 + k);
    assert.equal(letter.traceId, `trace-${100 + k}`);
    assert.equal(new TextDecoder().decode(letter.raw), (spec.values ?? []).map(([, text]) => text).join(''));
    assert.ok(letter.message.length > 10 && letter.expected !== null);
    total += values;
  }
  assert.deepEqual([balance.in, balance.rejected, balance.out], [total, total, 0]);
});

test('horizon and age: the last moment that is allowed', async () => {
  const { output, rejected } = await normalize([
    trade([['price', '1']], { known: '2025-07-01T00:50:00Z' }),
    lmp('1', { start: '1995-01-01T00:00Z' }),
    lmp('1', { known: '2025-06-01T01:00Z' }),
    lmp('1', { known: '2025-06-01T00:59:59.999999Z' }),
  ]);
  assert.equal(output.ticks.length, 3);
  assert.deepEqual(
    rejected.map((letter) => letter.sourceOffset),
    [3],
  );
});

test('a text that is too long is cut in the letter, and whole in its bytes', async () => {
  const { rejected } = await normalize([lmp('x'.repeat(5000))]);
  assert.equal(rejected[0].got, 'x'.repeat(200));
  assert.equal(rejected[0].raw.length, 5000);
});

test('flags of values', async () => {
  const cases: readonly (readonly [RowSpec, flags: string])[] = [
    [lmp('1', { location: 'plain' }), 'VALID'],
    [lmp('-0.00000001', { location: 'negative' }), 'PRICE_NEGATIVE'],
    [lmp('-0', { location: 'zero' }), 'VALID'],
    [row([['load', '-1']]), 'OUT_OF_RANGE'],
    [lmp('5000', { location: 'most' }), 'VALID'],
    [lmp('5000.00000001', { location: 'more' }), 'OUT_OF_RANGE'],
    [lmp('-1000', { location: 'least' }), 'PRICE_NEGATIVE'],
    [lmp('-1000.00000001', { location: 'less' }), 'PRICE_NEGATIVE+OUT_OF_RANGE'],
    [lmp('1.000000001', { location: 'digits' }), 'ROUNDED'],
    [lmp('1', { location: 'in time', known: '2025-07-01T04:00Z' }), 'VALID'],
    [lmp('1', { location: 'late', known: '2025-07-01T04:00:00.000001Z' }), 'LATE_ARRIVAL'],
    [lmp('', { location: 'gone', cancels: true }), 'CANCELLED'],
    [lmp('nonsense', { location: 'gone too', cancels: true }), 'CANCELLED'],
    [
      trade([
        ['price', '-1'],
        ['volume', '-1'],
      ]),
      'PRICE_NEGATIVE+OUT_OF_RANGE',
    ],
    [
      trade(
        [
          ['price', '1'],
          ['bid', '-1'],
        ],
        { tradeId: 'b' },
      ),
      'VALID',
    ],
  ];
  const { output, rejected } = await normalize(cases.map(([spec]) => spec));
  assert.deepEqual(rejected, []);
  cases.forEach(([, flags], i) => {
    assert.equal(tickText(output.ticks, i).split(' | ')[13], flags);
  });
});

test('digits beyond the eighth are rounded half to even', async () => {
  const cases = [
    ['0.000000005', '0'],
    ['0.000000015', '0.00000002'],
    ['0.0000000050000001', '0.00000001'],
    ['-0.000000025', '-0.00000002'],
    ['1.5e2', '150'],
    ['9999999999.99999999', '9999999999.99999999'],
    ['57.290', '57.29'],
  ];
  const { output } = await normalize(cases.map(([text], k) => lmp(text, { location: `L${k}` })));
  cases.forEach(([, expected], i) => {
    assert.equal(formatDecimal(output.ticks.price, i), expected);
  });
});

test('a series row is one tick per field; a trade row is one tick', async () => {
  const { output, balance } = await normalize([
    row(
      [
        ['lmp', '1'],
        ['load', '2', 'MW'],
        ['lmp', ''],
      ],
      { sequence: 0 },
    ),
    trade(
      [
        ['volume', '5', 'MMBtu'],
        ['price', '3'],
        ['bid', ''],
        ['ask', '4'],
      ],
      { tradeId: 'T' },
    ),
    trade(
      [
        ['price', ''],
        ['volume', ''],
      ],
      { tradeId: 'none' },
    ),
    trade(
      [
        ['price', ''],
        ['volume', ''],
      ],
      { tradeId: 'T2', cancels: true },
    ),
    row([]),
  ]);
  const { ticks } = output;
  const instruments = [0, 1, 2, 3].map((i) => ticks.names.instruments.nameOf(ticks.instrument[i]));
  assert.deepEqual(instruments, ['NYISO.DA.LMP.WEST', 'NYISO.DA.LOAD.WEST', 'NG', 'NG']);
  assert.deepEqual(
    [...ticks.present.subarray(0, ticks.length)],
    [
      Present.PRICE | Present.SEQUENCE,
      Present.PRICE | Present.SEQUENCE,
      Present.PRICE | Present.SIZE | Present.ASK,
      0,
    ],
  );
  // The unit of a trade is that of its price, wherever the price stands.
  assert.equal(ticks.names.instruments.partsOf(ticks.instrument[2]).unit, 'USD/MWh');
  assert.equal(ticks.names.instruments.partsOf(ticks.instrument[1]).unit, 'MW');
  assert.deepEqual(balance.dropped, { NULL_VALUE: 5 });
  assert.deepEqual([balance.in, balance.out], [11, 6]);
});

test('fates of versions: first, again, unchanged, revised, conflicting', async () => {
  const world = new StageWorld();
  const fates: unknown[] = [];
  for (const [text, known] of [
    ['10', '10:00'],
    ['10', '10:00'],
    ['10', '11:00'],
    ['20', '12:00'],
    ['30', '12:00'],
    ['10.0', '13:00'],
  ]) {
    const { normalized } = await world.run([lmp(text, { known: `2025-06-30T${known}Z` })]);
    const { ticks, repeats } = normalized.output;
    const flags = ticks.length === 0 ? '' : tickText(ticks, 0).split(' | ')[13];
    fates.push([flags, repeats.length, normalized.balance.dropped]);
  }
  assert.deepEqual(fates, [
    ['VALID', 0, {}],
    ['', 0, { DUPLICATE: 1 }],
    ['', 1, { UNCHANGED: 1 }],
    ['REVISED', 0, {}],
    ['REVISED+CONFLICTING', 0, {}],
    ['REVISED', 0, {}],
  ]);
});

test('sequence 0 is not no sequence, and a trade id goes before both', async () => {
  const { output, balance } = await normalize([
    lmp('1'),
    lmp('1', { sequence: 0 }),
    lmp('1', { sequence: 1 }),
    lmp('1', { tradeId: 'A', sequence: 0 }),
    lmp('1', { tradeId: 'A', sequence: 1 }),
  ]);
  assert.equal(output.ticks.length, 4);
  assert.deepEqual(balance.dropped, { DUPLICATE: 1 });
});

test('what is not in memory is asked of the store: tenants and tables apart, from the earliest start on', async () => {
  const world = new StageWorld();
  await world.run([
    lmp('1', { tenant: 'a' }),
    lmp('1', { tenant: 'b', location: 'EAST' }),
    lmp('1', { tenant: 'a', start: '2025-06-30T20:00Z' }),
  ]);
  const ticks = world.asked.filter((q) => q.kind === 'ticks');
  const july = Date.parse('2025-07-01T01:00Z') * 1000;
  assert.deepEqual(
    ticks.map((q) => [q.table, q.tenant, q.instruments.join(), q.from, q.to]),
    [
      ['silver_ticks', 'a', 'NYISO.DA.LMP.WEST', july - 5 * 3600e6, Infinity],
      ['silver_repeats', 'a', 'NYISO.DA.LMP.WEST', july - 5 * 3600e6, Infinity],
      ['silver_ticks', 'b', 'NYISO.DA.LMP.EAST', july, Infinity],
      ['silver_repeats', 'b', 'NYISO.DA.LMP.EAST', july, Infinity],
    ],
  );
  world.asked.length = 0;
  await world.run([lmp('2', { tenant: 'a', known: '2025-06-30T16:00Z' })]);
  assert.equal(world.asked.filter((q) => q.kind === 'ticks' && q.to === Infinity).length, 0);
});

test('every value has one fate, whatever comes', async () => {
  const texts = fc.constantFrom('1', '2', '-3', '', 'x', '1e99', '0.123456789');
  const spec = fc
    .record({
      dataset: fc.constantFrom('da_lmp', 'trade', 'nothing'),
      tenant: fc.constantFrom('a', 'b'),
      hour: fc.nat(2),
      known: fc.nat(3),
      tradeId: fc.constantFrom('', 'T'),
      cancels: fc.constantFrom(false, false, true),
      values: fc.array(fc.tuple(fc.constantFrom('lmp', 'price', 'volume', 'bid', 'none'), texts), {
        maxLength: 4,
      }),
    })
    .map(({ hour, known, ...rest }): RowSpec => {
      const start = `2025-07-01T0${hour}:00Z`;
      return { ...rest, location: 'L', start, end: start, known: `2025-07-01T02:0${known}Z` };
    });
  await fc.assert(
    fc.asyncProperty(fc.array(spec, { maxLength: 12 }), fc.nat(12), async (rows, cut) => {
      const world = new StageWorld();
      for (const part of [rows.slice(0, cut), rows.slice(cut)]) {
        const { normalized, bars, latest } = await world.run(part);
        const values = part.reduce((sum, r) => sum + (r.values?.length ?? 0), 0);
        const bare = normalized.balance.in - values;
        assert.ok(bare >= 0 && bare <= part.filter((r) => r.cancels && r.values?.length === 0).length);
        for (const { balance } of [bars, latest])
          assert.equal(balance.in, normalized.balance.out, 'a value was lost between stages');
        assert.equal(latest.balance.out + droppedTotal(latest.balance), latest.balance.in);
      }
    }),
    { numRuns: 200 },
  );
});

test('the rule of the market itself goes before the one for any market', async () => {
  const [, , , any] = RULES.datasets;
  const own = { ...any, market: 'NYISO', product: 'OWN' };
  for (const datasets of [
    [any, own],
    [own, any],
  ]) {
    const names = new Names();
    const run = new StageRun(new NormalizeStage({ ...RULES, datasets }, names));
    const rows = ['NYISO', 'ICE'].map((market) => trade([['price', '1']], { market, series: '' }));
    const context = { names, plan: planOf(0, 2) };
    const raw = rawRows(names, rows);
    const { output } = await run.process({ raw, undecodable: [] }, context, async () => []);
    const ids = [0, 1].map((i) => names.instruments.nameOf(output.ticks.instrument[i]));
    assert.deepEqual(ids, ['NYISO.OWN.PRICE', 'ICE.TRADE.PRICE']);
  }
});
