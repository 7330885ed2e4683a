import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CONNECTORS } from '../../../connectors/catalog.ts';
import { NULL_WORDS } from '../../../connectors/kit/null-words.ts';
import { sourceRow } from '../../../connectors/kit/source-row.ts';
import { sanitizeNumber, sanitizeNumeric } from '../../../connectors/kit/transforms/sanitize-numeric.ts';
import { nyiso } from '../../../connectors/nyiso/index.ts';
import { formatScaled } from '../../../core/model/decimal.ts';

const CASES: readonly (readonly [string, string | null | undefined])[] = [
  ['.74', '0.74'],
  ['-.37', '-0.37'],
  ['1,234.5', '1234.5'],
  ['-1,234,567', '-1234567'],
  [' 23.94', '23.94'],
  ['$1,234.50', '1234.50'],
  ['-$.5', '-0.5'],
  ['($5.25)', '-5.25'],
  ['(5.25)', undefined],
  ['$', undefined],
  ['$$5', undefined],
  ['$-5', '-5'],
  ['$(12.44)', '-12.44'],
  ['$(12.44', undefined],
  ['-$-5', undefined],
  ['$--5', undefined],
  ['$1,23', undefined],
  ['16', '16'],
  ['0.00', '0.00'],
  ['-0.10', '-0.10'],
  ['+5', '5'],
  ['007.5', '7.5'],
  ['000', '0'],
  ['1.5e-3', '0.0015'],
  ['1.5E2', '150'],
  ['-12e1', '-120'],
  ['', null],
  ['  ', null],
  ['N/A', null],
  ['-', null],
  ['1,23', undefined],
  ['12,34.5', undefined],
  ['0.', undefined],
  ['.', undefined],
  ['1.2.3', undefined],
  ['--1', undefined],
  ['NaN', undefined],
  ['Infinity', undefined],
  ['0x10', undefined],
  ['1 2', undefined],
  ['١', undefined],
  ['e5', undefined],
];

for (const [text, expected] of CASES)
  test(`"${text}" reads as ${String(expected)}`, () => {
    assert.equal(sanitizeNumber(text, ['-', 'n/a']), expected);
  });

test('every decimal comes back digit for digit, grouped or with the point moved by an exponent', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
      fc.integer({ min: 0, max: 8 }),
      fc.integer({ min: -9, max: 9 }),
      (mantissa, scale, exponent) => {
        const plain = formatScaled(mantissa, scale);
        assert.equal(sanitizeNumber(plain, []), plain);
        const [whole = '', fraction] = plain.split('.');
        const grouped =
          whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`);
        assert.equal(sanitizeNumber(grouped, []), plain);
        const moved = sanitizeNumber(`${plain}e${exponent}`, []) ?? '';
        const shift = scale - exponent;
        const exact = shift >= 0 ? formatScaled(mantissa, shift) : String(mantissa * 10n ** BigInt(-shift));
        const trimmed = moved.includes('.') ? moved.replace(/\.?0+$/, '') : moved;
        assert.equal(trimmed === '-0' ? '0' : trimmed, exact);
      },
    ),
  );
});

test('a row with one value that is no number is rejected whole, with field and text; nulls stay', () => {
  const dataset = nyiso.datasets[0]!;
  const value = (field: string, text: string | null) => ({ field, value: text, unit: 'MW' });
  const good = sourceRow(2, 'A', 't', [value('x', ' 1,000'), value('y', null), value('z', '')]);
  const bad = sourceRow(3, 'B', 't', [value('x', '1'), value('y', '5O')]);
  const { rows, rejected } = sanitizeNumeric([good, bad], dataset);
  assert.deepEqual(
    rows.map((row) => row.values.map((v) => v.value)),
    [['1000', null, null]],
  );
  assert.equal(rejected.length, 1);
  assert.deepEqual(
    [rejected[0]?.code, rejected[0]?.row, rejected[0]?.field, rejected[0]?.got, rejected[0]?.location],
    ['VALUE_NOT_NUMERIC', 3, 'y', '5O', 'B'],
  );
});

for (const { name, datasets } of CONNECTORS.filter((each) => each.name !== 'generic'))
  test(`${name}: what programs and spreadsheets write for no number is no value in every report; other words are none`, () => {
    for (const { name: dataset, nullWords } of datasets.filter((each) => each.name !== 'trade'))
      for (const word of ['NaN', 'nan', 'null', 'None', 'N/A', '--', '-', '#N/A', '#VALUE!'])
        assert.equal(sanitizeNumber(word, nullWords), null, `${dataset} ${word}`);
    assert.equal(sanitizeNumber('nil', NULL_WORDS), undefined);
    assert.equal(sanitizeNumber('-5', NULL_WORDS), '-5');
  });
