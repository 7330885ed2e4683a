/**
 * Bodies of the web services: one table as XML and as the JSON that is made from it, where attributes begin with `@`
 * and text is `$`, a single record is an object in place of a list, and nothing at all is an empty text. Columns of the
 * form `Location/@LocId` and `Location/$` belong to one element. Form: reference 7.1.
 */

import { type JsonKind, jsonCell } from '../json-table.ts';
import type { Table, TableRow } from '../table.ts';

/** Names of the container and of each record; an empty container name leaves it out. */
export interface RecordTags {
  readonly container: string;
  readonly record: string;
}

const kindOf = (column: string): JsonKind =>
  /^(BeginDate|CreationDate|.*\/.*|FuelCategory|FuelCategoryRollup|MarginalFlag)$/.test(column)
    ? 'text'
    : 'bare';

/** The parts of nested columns by element, others by their own name. */
function elements({ header }: Table): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [k, name] of header.entries()) found.getOrInsertComputed(name.split('/')[0], () => []).push(k);
  return found;
}

/** The body as JSON. */
export function nestedJson(table: Table, { container, record }: RecordTags): string {
  const parts = [...elements(table)];
  const cell = (row: TableRow, k: number): string =>
    jsonCell(row.cells[k], kindOf(table.header[k]), table.numbers);
  const record0 = (row: TableRow): string => {
    const pairs = parts.map(([name, columns]) => {
      if (columns.length === 1) return `${JSON.stringify(name)}:${cell(row, columns[0])}`;
      const inner = columns.map((k) => `${JSON.stringify(table.header[k].split('/')[1])}:${cell(row, k)}`);
      return `${JSON.stringify(name)}:{${inner.join(',')}}`;
    });
    return `{${pairs.join(',')}}`;
  };
  const records = table.rows.map(record0);
  if (container === '') return `{${JSON.stringify(record)}:[${records.join(',')}]}`;
  if (records.length === 0) return `{${JSON.stringify(container)}:""}`;
  const list = records.length === 1 ? records[0] : `[${records.join(',')}]`;
  return `{${JSON.stringify(container)}:{${JSON.stringify(record)}:${list}}}`;
}

/** The body as XML. */
export function nestedXml(table: Table, { container, record }: RecordTags): string {
  const parts = [...elements(table)];
  const outer = container === '' ? `${record}s` : container;
  const lines = table.rows.map((row) => {
    const inner = parts.map(([name, columns]) => {
      if (columns.length === 1) return `<${name}>${row.cells[columns[0]]}</${name}>`;
      const attributes = columns
        .slice(0, -1)
        .map((k) => ` ${table.header[k].split('/@')[1]}="${row.cells[k]}"`);
      return `<${name}${attributes.join('')}>${row.cells[columns[columns.length - 1]]}</${name}>`;
    });
    return `<${record}>${inner.join('')}</${record}>`;
  });
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  return `${head}<${outer} xmlns="http://WEBSERV.iso-ne.com">${lines.join('')}</${outer}>`;
}
