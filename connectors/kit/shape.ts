/**
 * The shape of a body: which columns it has, what kind of thing stands in each, and the unit that its name prints. It is
 * seen without any decoder, so that it also tells what a decoder does not look at. Pure.
 */

import type { Payload } from './contract.ts';
import { headOf } from './payload.ts';
import { CsvReader } from './readers/csv.ts';

/** What stands in a column; `mixed` for numbers and words, `blank` for nothing. */
export type ColumnKind = 'number' | 'word' | 'mixed' | 'blank';

/** One column, or key, or element. */
export interface ShapeColumn {
  /** In lower case, without its unit; `*` for one whose name is a number or a date. */
  readonly name: string;
  /** In parentheses behind the name; empty for none. */
  readonly unit: string;
  readonly kind: ColumnKind;
}

/** What the start of a body looks like; columns in order of name, each once. */
export interface SourceShape {
  readonly format: 'csv' | 'json' | 'xml';
  readonly columns: readonly ShapeColumn[];
}

/** What became another between two shapes. */
export interface ShapeChange {
  readonly what: 'appears' | 'vanishes' | 'type' | 'meaning';
  readonly column: string;
  readonly before: string;
  readonly after: string;
}

/** Lines of a CSV that may stand before its header, and lines that are looked at. */
const PREAMBLE = 30;
const LOOKED_AT = 200;
const NUMBER = /^[+-]?\$?[\d,]*\.?\d+(?:[eE][+-]?\d+)?%?$/;
const DATED = /^[\d\s:/.,TZ+-]+$/;

/** The shape of a payload by its first 64 kB; null where no columns can be made out. */
export function shapeOf(payload: Payload): SourceShape | null {
  const { text } = headOf(payload);
  const start = text.trimStart();
  const format = /^[[{]/.test(start) ? 'json' : start.startsWith('<') ? 'xml' : 'csv';
  const seen = format === 'csv' ? csvColumns(text) : format === 'json' ? jsonColumns(text) : xmlColumns(text);
  const columns = [...seen.values()]
    .map(({ name, unit, numbers, words }) => ({ name, unit, kind: kindOf(numbers, words) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return columns.length === 0 ? null : { format, columns };
}

interface Seen {
  readonly name: string;
  readonly unit: string;
  numbers: number;
  words: number;
}

function kindOf(numbers: number, words: number): ColumnKind {
  if (numbers > 0 && words > 0) return 'mixed';
  return numbers > 0 ? 'number' : words > 0 ? 'word' : 'blank';
}

function add(seen: Map<string, Seen>, label: string, value: string | null): void {
  const { name, unit } = named(label);
  const column = seen.getOrInsertComputed(name, () => ({ name, unit, numbers: 0, words: 0 }));
  const text = value?.trim() ?? '';
  if (text === '') return;
  if (NUMBER.test(text)) column.numbers++;
  else column.words++;
}

function named(label: string): { name: string; unit: string } {
  const unit = /\(([^)]*)(?:\)|$)/.exec(label)?.[1]?.trim().toLowerCase() ?? '';
  const bare = label
    .replace(/\([^)]*(?:\)|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  return { name: DATED.test(bare) ? '*' : bare, unit };
}

/** The header is the first of the widest lines of words that are as wide as the line after them. */
function csvColumns(text: string): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  const reader = new CsvReader(text, '');
  const records: string[][] = [];
  try {
    while (records.length < LOOKED_AT && reader.next()) records.push([...reader.fields]);
  } catch {
    // A cut or damaged start still has the columns before it.
  }
  let at = -1;
  for (const [i, fields] of records.slice(0, PREAMBLE).entries()) {
    const words = fields.filter((field) => field.trim() !== '' && !NUMBER.test(field.trim())).length;
    const isHeader = fields.length === records[i + 1]?.length && words > fields.length / 2;
    // Titles and comments are narrower than the table that they stand before.
    if (isHeader && fields.length > Math.max(1, records[at]?.length ?? 0)) at = i;
  }
  const header = records[at];
  if (header === undefined) return seen;
  for (const label of header) if (label.trim() !== '') add(seen, label, null);
  for (const fields of records.slice(at + 1))
    if (fields.length === header.length)
      for (const [i, label] of header.entries()) if (label.trim() !== '') add(seen, label, fields[i] ?? null);
  return seen;
}

const MEMBER =
  /"((?:[^"\\]|\\.){1,80})"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|([-+\d.eE]+)|(true|false)|(null)|([[{]))/g;

function jsonColumns(text: string): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const [, key = '', word, number, flag] of text.matchAll(MEMBER))
    add(seen, key, word ?? number ?? flag ?? null);
  return seen;
}

const ELEMENT = /<(?:\w+:)?([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+\s*=\s*"[^"]*")*)\s*(?:\/>|>([^<]*))/g;

function xmlColumns(text: string): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const [, element = '', attributes = '', inner] of text.matchAll(ELEMENT)) {
    add(seen, element, inner ?? null);
    for (const [, attribute = '', value] of attributes.matchAll(/([\w:.-]+)\s*=\s*"([^"]*)"/g))
      if (!attribute.startsWith('xmlns')) add(seen, `@${attribute}`, value ?? null);
  }
  return seen;
}

/** What a shape has other than one that is known; nothing for the same. A column that was or is blank has no kind. */
export function changesOf(before: SourceShape, after: SourceShape): ShapeChange[] {
  const old = new Map(before.columns.map((column) => [column.name, column]));
  const found: ShapeChange[] = [];
  for (const column of after.columns) {
    const known = old.get(column.name);
    old.delete(column.name);
    const told = (what: ShapeChange['what'], from: string, to: string): void => {
      found.push({ what, column: column.name, before: from, after: to });
    };
    if (known === undefined)
      told('appears', '', column.unit === '' ? column.kind : `${column.kind} in ${column.unit}`);
    else if (isOtherUnit(known.unit, column.unit)) told('meaning', known.unit, column.unit);
    else if (isOther(known.kind, column.kind)) told('type', known.kind, column.kind);
  }
  for (const [name, { kind }] of old) found.push({ what: 'vanishes', column: name, before: kind, after: '' });
  return found;
}

/** What is measured; other words in parentheses are notes. */
const UNIT = /[$€£¢%]|\b[kmg]w|btu|bbl/;

/** Old files cut a header's end, so that a unit may be the begin of another. */
function isOtherUnit(before: string, after: string): boolean {
  const isSame = before.startsWith(after) || after.startsWith(before);
  return UNIT.test(before) && UNIT.test(after) && !isSame;
}

/** Numbers that became words, or words that became numbers; a mix may be either. */
function isOther(before: ColumnKind, after: ColumnKind): boolean {
  return (before === 'number' && after === 'word') || (before === 'word' && after === 'number');
}

/** Share of columns that two shapes have in common, 0 to 1; 0 for other formats. */
export function likeness(a: SourceShape, b: SourceShape): number {
  if (a.format !== b.format) return 0;
  const names = new Set(a.columns.map(({ name }) => name));
  const common = b.columns.filter(({ name }) => names.has(name)).length;
  return common / (names.size + b.columns.length - common);
}

/** A shape in one line, for people and for anomalies: `csv time stamp:word lbmp($/mwhr):number`. */
export function shapeText({ format, columns }: SourceShape): string {
  const parts = columns.map(({ name, unit, kind }) => `${name}${unit === '' ? '' : `(${unit})`}:${kind}`);
  return `${format} ${parts.join(' | ')}`;
}
