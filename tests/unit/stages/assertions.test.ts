/** Assertions on payloads: each bound at its edge, and the dataset they come from. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawRow } from '../../../core/model/raw-row.ts';
import { assertQuality } from '../../../services/normalization/assertions.ts';
import { normalizationSchema } from '../../../services/normalization/config.ts';

const row = (values: Record<string, string | null>, more: Partial<RawRow> = {}): RawRow => ({
  market: 'NYISO',
  dataset: 'da_lmp',
  location: 'WEST',
  series: null,
  sourceTime: '',
  intervalStart: 0,
  intervalEnd: 0,
  timeRule: '',
  values: Object.entries(values).map(([field, value]) => ({ field, value, unit: 'USD/MWh' })),
  sequence: null,
  tradeId: null,
  cancels: false,
  publishedAt: null,
  row: 1,
  ...more,
});

const settings = (assertions: object, more: object = {}) =>
  normalizationSchema.parse({
    version: 1,
    defaults: { assertions: { min_rows: 0 } },
    datasets: [
      {
        market: 'NYISO',
        dataset: 'da_lmp',
        kind: 'series',
        product: 'DA',
        fields: { lmp: { price: true, required: true, min: '-10', max: '10' }, loss: {} },
        instruments: { 'NYISO.DA.LMP.NORTH': { lmp: { max: '100' } } },
        assertions,
        ...more,
      },
    ],
  });

const judge = (rows: readonly RawRow[], rejected: number, assertions: object, more: object = {}) =>
  assertQuality(
    { market: 'NYISO', dataset: 'da_lmp', rows, rejected: { length: rejected } },
    settings(assertions, more),
  ).map(({ assertion, cases, of }) => [assertion, cases, of]);

const good = row({ lmp: '1' });

test('every bound, at its edge and past it', () => {
  assert.deepEqual(judge([good, good], 0, { min_rows: 2 }), []);
  assert.deepEqual(judge([good], 1, { min_rows: 2 }), [['min_rows', 1, 2]]);
  assert.deepEqual(judge([good, good, good], 1, { max_rejected_ratio: 0.25 }), []);
  assert.deepEqual(judge([good, good], 1, { max_rejected_ratio: 0.25 }), [['max_rejected_ratio', 1, 3]]);
  const empty = row({ lmp: '', loss: '1' });
  assert.deepEqual(judge([good, empty], 0, { max_null_ratio: 0.5 }), []);
  assert.deepEqual(judge([empty, row({ lmp: null }), row({ loss: '2' }), good], 0, { max_null_ratio: 0.5 }), [
    ['max_null_ratio', 3, 4],
  ]);
  const wild = row({ lmp: '10.00000001' });
  assert.deepEqual(judge([row({ lmp: '10' }), wild], 0, { max_out_of_range_ratio: 0.5 }), []);
  assert.deepEqual(judge([wild, row({ lmp: '-11', loss: '999' })], 0, { max_out_of_range_ratio: 0.5 }), [
    ['max_out_of_range_ratio', 2, 3],
  ]);
});

test('nothing is no share of anything, and words are no numbers', () => {
  const all = { max_rejected_ratio: 0, max_null_ratio: 0, max_out_of_range_ratio: 0 };
  assert.deepEqual(judge([], 0, all), []);
  assert.deepEqual(judge([row({ lmp: 'n/a' })], 0, all), []);
  assert.deepEqual(judge([row({ lmp: '99' }, { cancels: true })], 0, all), []);
});

test('bounds of an instrument, and of a market that has no negative prices', () => {
  const zero = { max_out_of_range_ratio: 0 };
  assert.deepEqual(judge([row({ lmp: '99' }, { location: 'NORTH' })], 0, zero), []);
  assert.deepEqual(judge([row({ lmp: '101' }, { location: 'NORTH' })], 0, zero).length, 1);
  assert.deepEqual(judge([row({ lmp: '-1' })], 0, zero), []);
  assert.deepEqual(judge([row({ lmp: '-1' })], 0, zero, { negative_prices: false }).length, 1);
});

test('a dataset keeps what it does not say from the defaults, and another dataset is not asked', () => {
  const strict = normalizationSchema.parse({
    ...settings({ max_null_ratio: 0 }),
    defaults: { assertions: { min_rows: 5, max_null_ratio: 1 } },
  });
  const payload = { market: 'NYISO', rows: [row({ loss: '1' })], rejected: { length: 0 } };
  assert.deepEqual(
    assertQuality({ ...payload, dataset: 'da_lmp' }, strict).map((f) => f.assertion),
    ['min_rows', 'max_null_ratio'],
  );
  assert.deepEqual(assertQuality({ ...payload, dataset: 'nothing' }, strict), []);
});
