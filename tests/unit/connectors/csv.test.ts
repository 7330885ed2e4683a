import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CsvReader } from '../../../connectors/kit/readers/csv.ts';
import { columnsOf, normaliseHeader } from '../../../connectors/kit/readers/table.ts';
import { CarbonError } from '../../../core/errors.ts';

function read(text: string): { line: number; fields: string[] }[] {
  const reader = new CsvReader(text, '');
  const records: { line: number; fields: string[] }[] = [];
  while (reader.next()) records.push({ line: reader.line, fields: [...reader.fields] });
  return records;
}

function damage(text: string): CarbonError {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof CarbonError);
    assert.equal(error.code, 'SOURCE_MALFORMED');
    return error;
  }
  throw new assert.AssertionError({ message: 'nothing was thrown' });
}

test('lines are counted from 1, through blank lines, CRLF and line ends inside quotes', () => {
  const text = '\r\na,b\r\n"x\ny",2\n\n3,4';
  assert.deepEqual(read(text), [
    { line: 2, fields: ['a', 'b'] },
    { line: 3, fields: ['x\ny', '2'] },
    { line: 6, fields: ['3', '4'] },
  ]);
});

test('quoted fields keep delimiters and doubled quotes; empty fields stay', () => {
  assert.deepEqual(
    read('"a,""b""",,"",c\r\n,\n').map((r) => r.fields),
    [
      ['a,"b"', '', '', 'c'],
      ['', ''],
    ],
  );
});

test('lines of delimiters alone are blank in a table, and keep their numbers', () => {
  const reader = new CsvReader('a,b\n,\n ,\t\n1,\n"",""\n,2\n', '');
  const records: (readonly [number, string])[] = [];
  while (reader.nextFilled()) records.push([reader.line, reader.fields.join('|')]);
  assert.deepEqual(records, [
    [1, 'a|b'],
    [4, '1|'],
    [6, '|2'],
  ]);
});

test('broken quotes are damage with line and column', () => {
  assert.deepEqual(
    [
      damage('a\n"b').position.line,
      damage('a,b\n1,"2"3\n').position.column,
      damage('a,b"c\n').position.column,
    ],
    [2, 6, 4],
  );
  assert.match(damage('a\n"b').message, /not closed/);
});

test('any table reads as csv-parse reads it, with its line ends', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', ' ', '.', 'é'), maxLength: 6 });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { maxLength: 8 });
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), (rows, end, quoteAll) => {
      const quote = (c: string): string =>
        quoteAll || /[",\n]/.test(c) ? `"${c.replaceAll('"', '""')}"` : c;
      const text = rows.map((row) => row.map(quote).join(',') + end).join('');
      const oracle: string[][] = parse(text, { relax_column_count: true });
      assert.deepEqual(
        read(text).map((r) => r.fields),
        oracle,
      );
    }),
  );
});

test('a last line without a line end is told apart', () => {
  for (const [text, unterminated] of [
    ['a,b\n1,2', true],
    ['a,b\n1,"2"', true],
    ['a,b\n1,"2"\r\n', false],
    ['a,b\n1,2\n', false],
  ] as const) {
    const reader = new CsvReader(text, '');
    reader.next();
    reader.next();
    assert.equal(reader.unterminated, unterminated, text);
  }
});

test('headers compare without case, blanks and units, also cut ones', () => {
  assert.equal(normaliseHeader(' LBMP  ($/MWHr)'), 'lbmp');
  assert.equal(normaliseHeader('Marginal Cost Congestion ($/MWH'), 'marginal cost congestion');
  const layout = { columns: { a: 'alpha', b: 'beta' }, ignored: ['id'] };
  const { index, drift } = columnsOf(['Id', 'Beta (MW)', 'New', 'ALPHA'], layout, { line: 1 });
  assert.deepEqual(index, { a: 3, b: 1 });
  assert.deepEqual(drift, [{ column: 'New', at: 3 }]);
  assert.throws(() => columnsOf(['Alpha', 'Betta'], layout, { line: 1 }), {
    code: 'SOURCE_COLUMN_MISSING',
    position: { line: 1, field: 'beta', expected: 'beta', got: 'Alpha, Betta' },
  });
  assert.throws(() => columnsOf(['Alpha', 'Beta', 'beta'], layout, { line: 1 }), {
    code: 'SOURCE_MALFORMED',
  });
});
