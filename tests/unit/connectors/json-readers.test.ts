import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readJson } from '../../../connectors/kit/readers/json.ts';
import { splitRecords } from '../../../connectors/kit/readers/json-records.ts';
import { formatStamp, parseStamp } from '../../../connectors/kit/time/stamp.ts';
import { CarbonError } from '../../../core/errors.ts';
import { instantFromCivil } from '../../../core/time/instant.ts';
import { bytesOf } from '../../support/read-body.ts';

const parsed = (text: string): unknown => readJson({ name: 'x.json', bytes: bytesOf(text) });

test('numbers are the digits in which they were written', () => {
  assert.deepEqual(parsed('{"a":[1.10,-0,1e3,12345678901234567890.123],"b":"2.0","c":null,"d":true}'), {
    a: ['1.10', '-0', '1e3', '12345678901234567890.123'],
    b: '2.0',
    c: null,
    d: true,
  });
});

test('what is not JSON is refused with line and column', () => {
  const failure = (text: string): CarbonError => {
    try {
      parsed(text);
    } catch (error) {
      assert.ok(error instanceof CarbonError);
      return error;
    }
    throw new assert.AssertionError({ message: 'it was read' });
  };
  const wrong = failure('{"a":1,\n "b":x}');
  assert.deepEqual(
    [wrong.code, wrong.position.file, wrong.message],
    ['SOURCE_MALFORMED', 'x.json', 'line 1: this is not JSON'],
  );
  assert.match(wrong.position.got ?? '', /Unexpected token 'x'/);
  const { position } = failure('{"a":1,\n "b":');
  assert.deepEqual([position.line, position.column], [2, 6]);
  assert.match(failure('{"a":[1,2').message, /cut short/);
  assert.match(failure('{"a":"no end').message, /cut short/);
  assert.equal(failure(' ').code, 'SOURCE_EMPTY');
});

test('records of any layout are found whole, with their lines', () => {
  const value = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant({ a: '}"{' })));
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      fc.constantFrom(undefined, 2),
      (values, inArray, indent) => {
        const texts = values.map((item) => JSON.stringify(item, null, indent));
        const text = inArray ? `[\n${texts.join(',\n')}\n]` : texts.join('\n');
        const { records, damage } = splitRecords(text, '');
        assert.equal(damage, null);
        assert.deepEqual(
          records.map(({ from, to }) => text.slice(from, to)),
          texts,
        );
        for (const { from, line } of records) assert.equal(text.slice(0, from).split('\n').length, line);
        const cut = splitRecords(text.slice(0, text.trimEnd().length - 1), '');
        assert.equal(cut.damage?.code, 'SOURCE_MALFORMED');
      },
    ),
  );
});

test('unpadded stamps and months by name are read strictly', () => {
  const cases: readonly (readonly [pattern: string, text: string, at: number | null])[] = [
    ['M/D/YYYY HE h', '12/1/2025 HE 3', instantFromCivil(2025, 12, 1, 3)],
    ['M/D/YYYY HE h', '07/14/2026 HE 24', instantFromCivil(2026, 7, 15)],
    ['M/D/YYYY HE h', '7/14/2026 HE 25', null],
    ['M/D/YYYY HE h', '7/14/2026 HE 3 ', instantFromCivil(2026, 7, 14, 3)],
    ['M/D/YYYY HE h', '7/32/2026 HE 3', null],
    ['M/D/YYYY h:mm[:ss]', '5/4/2026 0:05', instantFromCivil(2026, 5, 4, 0, 5)],
    [
      'DD-Mon-YYYY - Interval hh:mm EST',
      '12-Jun-2026 - Interval 14:35 EST',
      instantFromCivil(2026, 6, 12, 14, 35),
    ],
    ['DD-Mon-YYYY - Interval hh:mm EST', '12-Jon-2026 - Interval 14:35 EST', null],
    ['DD-Mon-YYYY - Interval hh:mm EST', '12-Jun-2026 - Interval 14:35 EDT', null],
  ];
  for (const [pattern, text, at] of cases) {
    assert.equal(parseStamp(pattern, text), at, text);
    if (at !== null) assert.equal(parseStamp(pattern, formatStamp(pattern, at)), at, text);
  }
});
