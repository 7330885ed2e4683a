/**
 * Bodies that a program saved again: a table with semicolons, tabs or bars between its fields, as spreadsheets write it where
 * the comma is the sign of decimals, and records of JSON one after another, a line each. Each becomes the text that the
 * operator serves, and lines keep their numbers. It is tried for a body that nothing reads as it stands: there are reports
 * that have tabs of their own.
 */

import type { CarbonError } from '../../core/errors.ts';
import type { Payload } from './contract.ts';
import { headOf, textOf } from './payload.ts';
import { CsvReader } from './readers/csv.ts';
import { splitRecords } from './readers/json-records.ts';

const DELIMITERS = [';', '\t', '|'];
const FIRST_CHARACTERS = 8_000;

/** Codes of bodies that may say something in another form. */
const OF_FORM: ReadonlySet<string> = new Set([
  'SOURCE_UNRECOGNISED',
  'SOURCE_MALFORMED',
  'SOURCE_COLUMN_MISSING',
  'SOURCE_EMPTY',
]);

/** True for an error that another form of the same body may not give. */
export const hangsOnForm = ({ code }: CarbonError): boolean => OF_FORM.has(code);

/** True where a body whose start gives this error may be one for {@link savedAgain}. Pure. */
export function mayBeSavedAgain(error: CarbonError, start: Payload): boolean {
  if (!hangsOnForm(error)) return false;
  const { text } = headOf(start);
  const first = text.trimStart().slice(0, 1);
  return first === '{' ? /\}\s*\n\s*\{/.test(text) : !/[[<]/.test(first) && delimiterOf(text) !== null;
}

/** The payload with commas between its fields, or with one array of its records; null for any other body. Pure. */
export function savedAgain(payload: Payload): Payload | null {
  let text: string;
  try {
    text = textOf(payload);
  } catch {
    return null;
  }
  const first = text.trimStart().slice(0, 1);
  const made = first === '{' ? oneArray(text) : /[[<]/.test(first) ? null : withCommas(text);
  return made === null ? null : { ...payload, bytes: new TextEncoder().encode(made) };
}

/** Records, each an object, as an array; null where the text is not all of them. One record is an array of one. */
function oneArray(text: string): string | null {
  const { records, damage } = splitRecords(text, '');
  if (damage !== null || records.length === 0) return null;
  let made = '';
  let at = 0;
  for (const [i, { from, to }] of records.entries()) {
    made += `${text.slice(at, from)}${i === 0 ? '[' : ','}${text.slice(from, to)}`;
    at = to;
  }
  return `${made}]${text.slice(at)}`;
}

/** What a spreadsheet may write above a table: which delimiter it has. */
const TOLD = /^\uFEFF?"?sep=(.)"?\r?(?=\n)/i;

/** The table with commas; null where no line has enough of another delimiter, or its numbers can be read in two ways. */
function withCommas(text: string): string | null {
  const told = TOLD.exec(text);
  const table = told === null ? text : text.slice(told[0].length);
  const delimiter = told?.[1] ?? delimiterOf(table);
  if (delimiter === null) return null;
  const records: { line: number; fields: string[] }[] = [];
  const reader = new CsvReader(table, '', delimiter);
  try {
    while (reader.next()) records.push({ line: reader.line, fields: [...reader.fields] });
  } catch {
    return null;
  }
  const comma = commaOf(records.flatMap(({ fields }) => fields));
  if (comma === 'unclear') return null;
  let made = '';
  let line = 1;
  for (const record of records) {
    const gap = Math.max(0, record.line - line);
    const fields = record.fields.map((field) => quoted(comma === 'decimals' ? withPoint(field) : field));
    const written = fields.join(',');
    made += `${'\n'.repeat(gap)}${written}\n`;
    line += gap + written.split('\n').length;
  }
  return made;
}

/** The delimiter that the fullest of the first lines has most of. */
function delimiterOf(text: string): string | null {
  const lines = text.slice(0, FIRST_CHARACTERS).split('\n');
  const most = (delimiter: string): number =>
    Math.max(...lines.map((line) => line.split(delimiter).length - 1));
  const [best] = DELIMITERS.toSorted((a, b) => most(b) - most(a));
  return best !== undefined && most(best) > 0 ? best : null;
}

const WITH_POINT = /^\s*[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)?\.\d+\s*$/;
const WITH_COMMA = /^\s*[-+]?(?:\d+|\d{1,3}(?:\.\d{3})+)?,\d+\s*$/;
const IN_THOUSANDS = /^\s*[-+]?[1-9]\d{0,2},\d{3}\s*$/;

/**
 * What commas in numbers are. Numbers with a point say that it has none of the decimals; `12,345` alone may be either, and
 * a price is not guessed at.
 */
function commaOf(fields: readonly string[]): 'none' | 'decimals' | 'unclear' {
  if (fields.some((field) => WITH_POINT.test(field) && !WITH_COMMA.test(field))) return 'none';
  const numbers = fields.filter((field) => WITH_COMMA.test(field));
  if (numbers.length === 0) return 'none';
  return numbers.some((field) => !IN_THOUSANDS.test(field)) ? 'decimals' : 'unclear';
}

const withPoint = (field: string): string =>
  WITH_COMMA.test(field) ? field.replaceAll('.', '').replace(',', '.') : field;

const quoted = (field: string): string => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
