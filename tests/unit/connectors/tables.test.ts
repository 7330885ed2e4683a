/** Tables in any form, pages that are no XML, and the stamps that tables print. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { htmlPage, isHtml } from '../../../connectors/kit/readers/html-table.ts';
import { Columns, columnName } from '../../../connectors/kit/tables/columns.ts';
import { type FindRows, readRecordTable } from '../../../connectors/kit/tables/record-table.ts';
import { tableOfHead } from '../../../connectors/kit/tables/table-head.ts';
import { parseStamp } from '../../../connectors/kit/time/stamp.ts';
import { CarbonError } from '../../../core/errors.ts';
import { formatInstant } from '../../../core/time/instant.ts';

const payload = (text: string) => ({ name: 'a', bytes: new TextEncoder().encode(text) });
const findRows: FindRows = (body) =>
  Array.isArray(body) ? { header: null, rows: body } : { header: ['a', 'b'], rows: [['1', null]] };
const read = (text: string) => readRecordTable(payload(text), findRows);

test('one table in four forms gives the same cells; numbers keep their digits', () => {
  const expected = [
    ['1.50', 'x'],
    ['', 'y, z'],
  ];
  for (const [text, form] of [
    ['a,b\n1.50,x\n,"y, z"\n', 'csv'],
    ['[{"a":1.50,"b":"x"},{"a":"","b":"y, z"}]', 'json'],
    ['<?xml version="1.0"?><r xmlns="u"><i><a>1.50</a><b>x</b></i><i><a/><b>y, z</b></i></r>', 'xml'],
    [
      '<table><tr><th>a</th><th>b</th></tr><tr><td>1.50</td><td>x</td></tr><tr><td></td><td>y, z</td></tr></table>',
      'html',
    ],
  ] as const) {
    const table = read(text);
    assert.equal(table.form, form);
    assert.deepEqual(table.header, ['a', 'b'], form);
    assert.deepEqual(
      table.records.map(({ cells }) => cells),
      expected,
      form,
    );
    assert.equal(table.damage, null);
  }
});

test('columns of objects are those of all records; nested values are damage at their record', () => {
  const table = read('[{"a":1},{"b":true,"a":null}]');
  assert.deepEqual(table.header, ['a', 'b']);
  assert.deepEqual(
    table.records.map(({ cells }) => cells),
    [
      ['1', null],
      [null, 'true'],
    ],
  );
  const broken = read('[{"a":1},{"a":{"b":1}}]');
  assert.equal(broken.records.length, 1);
  assert.deepEqual([broken.damage?.code, broken.damage?.position.line], ['SOURCE_MALFORMED', 2]);
});

test('a line of another width is damage, the lines before it stand', () => {
  const table = read('a,b\n1,2\n3\n4,5\n');
  assert.equal(table.records.length, 1);
  assert.deepEqual([table.damage?.code, table.damage?.position.line], ['SOURCE_MALFORMED', 3]);
});

test('a page without a table is no data', () => {
  assert.throws(
    () => read('<html><head><title>Gone</title></head></html>'),
    (error) => error instanceof CarbonError && error.code === 'SOURCE_NOT_DATA',
  );
});

test('the head of a cut JSON text gives the records that are whole', () => {
  const text = '{"items": [{"a":1,"b":"x"},{"a":2,"b":"y"},{"a":3,';
  const head = { name: '', text, whole: false };
  const table = tableOfHead(head, findRows, (json) => json.indexOf('['));
  assert.deepEqual(
    table?.records.map(({ cells }) => cells),
    [
      ['1', 'x'],
      ['2', 'y'],
    ],
  );
  assert.equal(
    tableOfHead({ ...head, text: 'no table at all' }, findRows, () => -1),
    null,
  );
});

test('pages: loose rows, cells without an end, scripts and comments passed over, entities, lines kept', () => {
  const page = htmlPage(
    '<html><script>if (a < b) document.write("<td>")</script>\n<!-- <td>no</td>\n -->\n<table>\n</tr>\n<td>A &amp; B</td><td> 1&nbsp;2 <b>3</b>\n</tr>\n<tr><td>C<td>4</table> end</html>',
  );
  assert.deepEqual(page.tables, [
    [
      { line: 6, cells: ['A & B', '1 2 3'] },
      { line: 8, cells: ['C', '4'] },
    ],
  ]);
  assert.equal(page.text, 'A & B 1 2 3 C 4 end');
  assert.equal(isHtml('\n<h1>x'), true);
  assert.equal(isHtml('<?xml version="1.0"?><r/>'), false);
});

test('columns are known by their letters; what nobody asks for is drift, an empty margin is not', () => {
  assert.equal(columnName('DELIVERY_DATE '), 'deliverydate');
  const columns = new Columns(['Delivery Date', 'New', '', 'X1', 'X2']);
  assert.equal(columns.find('operday', 'deliverydate'), 0);
  assert.equal(columns.find('hour'), -1);
  assert.deepEqual(
    columns.take((name) => (name.startsWith('x') ? name : null)),
    [
      { at: 3, of: 'x1' },
      { at: 4, of: 'x2' },
    ],
  );
  assert.deepEqual(columns.drift(), [{ column: 'New', at: 2 }]);
});

test('stamps with a fraction of a second, and quarters inside an hour that is numbered by its end', () => {
  const at = (pattern: string, text: string): string | null => {
    const wall = parseStamp(pattern, text);
    return wall === null ? null : formatInstant(wall);
  };
  assert.equal(parseStamp('YYYY-MM-DD hh:mm:ss[.f]', '1970-01-01 00:00:01.25'), 1_250_000);
  assert.equal(parseStamp('YYYY-MM-DD hh:mm:ss[.f]', '1970-01-01 00:00:00.0000010'), 1);
  assert.equal(parseStamp('YYYY-MM-DD hh:mm:ss[.f]', '1970-01-01 00:00:00.0000001'), null);
  assert.equal(at('M/D/YYYY h q', '7/16/2025 1 1'), '2025-07-16T00:15:00Z');
  assert.equal(at('M/D/YYYY h q', '7/16/2025 24 4'), '2025-07-17T00:00:00Z');
  for (const text of ['7/16/2025 0 1', '7/16/2025 25 1', '7/16/2025 1 0', '7/16/2025 1 5'])
    assert.equal(at('M/D/YYYY h q', text), null, text);
});
