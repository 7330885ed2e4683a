import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { landingsOf } from '../../../connectors/kit/landed.ts';
import type { RawRow } from '../../../core/model/raw-row.ts';
import { HOUR } from '../../../core/time/instant.ts';

const context = { sha256: 'ab', knownAt: 900 };
const row = (hour: number, location: string, value: string | null, more: Partial<RawRow> = {}): RawRow => ({
  market: 'NYISO',
  dataset: 'da_lmp',
  location,
  series: null,
  sourceTime: '',
  intervalStart: hour * HOUR,
  intervalEnd: (hour + 1) * HOUR,
  timeRule: '',
  values: [{ field: 'lmp', value, unit: 'USD/MWh' }],
  sequence: null,
  tradeId: null,
  cancels: false,
  publishedAt: null,
  row: 1,
  ...more,
});

test('rows become one landing per interval, with the values that there are', () => {
  const found = landingsOf([row(0, 'A', '1'), row(0, 'B', null), row(1, 'A', '2')], context);
  assert.deepEqual(
    found.map(({ interval, values, knownAt, sha256 }) => [interval.start, values, knownAt, sha256]),
    [
      [0, 1, 900, 'ab'],
      [HOUR, 1, 900, 'ab'],
    ],
  );
  assert.notEqual(found[0]?.places, found[1]?.places, 'another set of places');
  assert.deepEqual(landingsOf([row(0, 'A', null)], context), [], 'no value has landed');
});

test('order and zeros after the point do not count; values, places and fields do', () => {
  const digest = (...rows: RawRow[]): string => landingsOf(rows, context)[0]?.digest ?? '';
  const places = (...rows: RawRow[]): string => landingsOf(rows, context)[0]?.places ?? '';
  const base = [row(0, 'A', '1.5'), row(0, 'B', '20')];
  assert.equal(digest(...base), digest(row(0, 'B', '20.00'), row(0, 'A', '1.50')));
  assert.notEqual(digest(...base), digest(row(0, 'A', '1.5'), row(0, 'B', '2')));
  assert.notEqual(digest(...base), digest(row(0, 'A', '20'), row(0, 'B', '1.5')), 'swapped');
  assert.equal(places(...base), places(row(0, 'A', '20'), row(0, 'B', '-1')));
  assert.notEqual(places(...base), places(row(0, 'A', '1.5'), row(0, 'C', '20')));
  const loss = row(0, 'A', '1.5', { values: [{ field: 'loss', value: '1.5', unit: 'USD/MWh' }] });
  assert.notEqual(places(row(0, 'A', '1.5')), places(loss));
});

test('the printed publication time goes before the known time of the body', () => {
  const [found] = landingsOf(
    [row(0, 'A', '1', { publishedAt: 500 }), row(0, 'B', '1', { publishedAt: 700 })],
    {
      sha256: '',
      knownAt: 900,
    },
  );
  assert.equal(found?.knownAt, 700);
});

test('any order of any rows gives the same landings', () => {
  const rows = fc.array(
    fc.record({ hour: fc.integer({ min: 0, max: 3 }), place: fc.string(), value: fc.integer() }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(rows, fc.integer(), (parts, seed) => {
      const all = parts.map(({ hour, place, value }) => row(hour, place, String(value)));
      const mixed = all.toSorted((a, b) => ((a.intervalStart ^ seed) % 7) - ((b.intervalStart ^ seed) % 7));
      const key = (list: RawRow[]): string[] =>
        landingsOf(list, context)
          .map((each) => JSON.stringify(each))
          .sort();
      assert.deepEqual(key(mixed.toReversed()), key(all));
    }),
  );
});
