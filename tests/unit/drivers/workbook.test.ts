/** Workbooks open into their sheets, cell for cell, or are refused; a row of a sheet is the line of its text. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CarbonError } from '../../../core/errors.ts';
import { cellDate, dateFormatOf } from '../../../drivers/containers/cell-date.ts';
import { openContainer } from '../../../drivers/containers/container.ts';
import { CONTAINER_LIMITS } from '../../../drivers/containers/limits.ts';
import { workbookOf } from '../../../scripts/samples/workbook-writer.ts';
import { zipOf } from '../../../scripts/samples/zip-writer.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const BOOK = workbookOf([
  {
    name: 'Jan_1',
    rows: [
      ['Date', 'Hour', 'Name', 'Price'],
      [{ days: 42_005, as: 'date' }, '01:00', 'A, "B"', { number: '22.09' }],
      [],
      [
        { days: 42_005.041_666_666_664, as: 'date-time' },
        { days: 0.5, as: 'time' },
        null,
        { number: '-1E-3' },
      ],
    ],
  },
  { name: 'Empty', rows: [[]] },
  { name: 'Feb & more', rows: [['x']] },
]);

/** A part of a workbook put in place of one of its own. */
async function opened(parts: Readonly<Record<string, string>>): Promise<string> {
  const bytes = zipOf(Object.entries(parts).map(([path, xml]) => ({ path, bytes: utf8(xml) })));
  try {
    const { members } = await openContainer({ name: 'a.xlsx', bytes });
    return members.map((member) => text(member.bytes)).join('|');
  } catch (error) {
    assert.ok(error instanceof CarbonError, String(error));
    return `${error.code}: ${error.message}`;
  }
}

const MINIMAL = {
  '[Content_Types].xml': '<Types/>',
  'xl/workbook.xml': '<workbook><sheets><sheet name="a"/></sheets></workbook>',
};
const sheet = (cells: string): Readonly<Record<string, string>> => ({
  ...MINIMAL,
  'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${cells}</sheetData></worksheet>`,
});

test('a sheet becomes a table: dates by their format, digits as stored, quotes, rows where they were', async () => {
  const { members } = await openContainer({ name: 'prices.xlsx', bytes: BOOK });
  assert.deepEqual(
    members.map(({ member, name }) => [member, name]),
    [
      ['Jan_1', 'prices.xlsx.Jan_1.csv'],
      ['Feb & more', 'prices.xlsx.Feb & more.csv'],
    ],
  );
  assert.equal(
    text(members[0]?.bytes ?? new Uint8Array()),
    'Date,Hour,Name,Price\n2015-01-01,01:00,"A, ""B""",22.09\n\n2015-01-01 01:00:00,12:00:00,,-1E-3\n',
  );
});

test('inside an archive the sheets are named after the book', async () => {
  const bytes = zipOf([{ path: 'y/2015.xlsx', bytes: BOOK }]);
  const { members } = await openContainer({ name: 'a.zip', bytes });
  assert.deepEqual(
    members.map(({ member }) => member),
    ['y/2015.xlsx/Jan_1', 'y/2015.xlsx/Feb & more'],
  );
});

test('texts in the cell, rich texts, booleans and errors; a blank margin at the end of a row is kept', async () => {
  const cells =
    '<row><c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c><c t="b"><v>1</v></c><c t="str"><v>f</v></c></row>' +
    '<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="B3" t="e"><v>#N/A</v></c></row>';
  assert.equal(await opened(sheet(cells)), 'ab,TRUE,f\n1,,\n,#N/A,\n');
});

test('what cannot be read is refused: rows and cells out of order, texts that are not there, broken parts', async () => {
  for (const cells of [
    '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></row>',
  ])
    assert.match(
      await opened(sheet(cells)),
      /^SOURCE_CONTAINER_DAMAGED: a\.xlsx: the workbook cannot be read/,
    );
  const doctype = '<!DOCTYPE x [<!ENTITY e "e">]><worksheet/>';
  assert.match(await opened({ ...MINIMAL, 'xl/worksheets/sheet1.xml': doctype }), /document type/);
});

test('two cells far apart are no way to fill the memory', async () => {
  const bytes = zipOf(
    Object.entries(
      sheet('<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
    ).map(([path, xml]) => ({ path, bytes: utf8(xml) })),
  );
  const limits = { ...CONTAINER_LIMITS, maxBytes: 1_000_000 };
  await assert.rejects(openContainer({ name: 'a.xlsx', bytes }, limits), /too large/);
});

test('a number is a date by its format only', () => {
  assert.equal(dateFormatOf(0, undefined), null);
  assert.equal(dateFormatOf(14, undefined), 'date');
  assert.equal(dateFormatOf(22, undefined), 'date-time');
  assert.equal(dateFormatOf(164, '#,##0.00'), null);
  assert.equal(dateFormatOf(164, '[Red]0.0 "days"'), null);
  assert.equal(dateFormatOf(164, 'General'), null);
  assert.equal(dateFormatOf(165, 'mm/dd/yyyy'), 'date');
  assert.equal(dateFormatOf(166, 'm/d/yyyy h:mm'), 'date-time');
  assert.equal(dateFormatOf(167, '[h]:mm:ss'), 'time');
});

test('counts of days in both systems, rounded to the second; the day that never was is no date', () => {
  assert.equal(cellDate(42_005, 'date', false), '2015-01-01');
  assert.equal(cellDate(42_005, 'date-time', false), '2015-01-01 00:00:00');
  assert.equal(cellDate(42_005.999_999_99, 'date-time', false), '2015-01-02 00:00:00');
  assert.equal(cellDate(40_543, 'date', true), '2015-01-01');
  assert.equal(cellDate(1, 'time', false), '24:00:00');
  assert.equal(cellDate(0.041_666_67, 'time', false), '01:00:00');
  assert.equal(cellDate(59, 'date', false), null);
  assert.equal(cellDate(-1, 'date', false), null);
});
