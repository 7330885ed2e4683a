/**
 * Bodies of the web services: one table as XML and as the JSON that is made from it, where attributes begin with `@`
 * and text is `$`, a single record is an object in place of a list, and nothing at all is an empty text. Columns of the
 * form `Location/@LocId`, `Location/$` and `market_hour/local_day` belong to one element. Form: reference 7.1.
 */

import { type JsonKind, jsonCell } from '../json-table.ts';
import type { Table, TableRow } from '../table.ts';

/** Names of the container, or of several with slashes between, and of each record; an empty container name leaves it out. */
export interface RecordTags {
  readonly container: string;
  readonly record: string;
}

const kindOf = (column: string): JsonKind =>
  /^(BeginDate|CreationDate|.*\/.*|FuelCategory|FuelCategoryRollup|MarginalFlag|ReserveZoneName)$/.test(
    column,
  )
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
      if (table.header[columns[0]] === name) return `${JSON.stringify(name)}:${cell(row, columns[0])}`;
      const inner = columns.map((k) => `${JSON.stringify(table.header[k].split('/')[1])}:${cell(row, k)}`);
      return `${JSON.stringify(name)}:{${inner.join(',')}}`;
    });
    return `{${pairs.join(',')}}`;
  };
  const records = table.rows.map(record0);
  if (container === '') return `{${JSON.stringify(record)}:[${records.join(',')}]}`;
  const list = records.length === 1 ? records[0] : `[${records.join(',')}]`;
  const inner = records.length === 0 ? '""' : `{${JSON.stringify(record)}:${list}}`;
  return container.split('/').reduceRight((held, name) => `{${JSON.stringify(name)}:${held}}`, inner);
}

/** The body as XML. */
export function nestedXml(table: Table, { container, record }: RecordTags): string {
  const parts = [...elements(table)];
  const [outer, ...below] = (container === '' ? `${record}s` : container).split('/');
  const lines = table.rows.map((row) => {
    const inner = parts.map(([name, columns]) => {
      if (table.header[columns[0]] === name) return `<${name}>${row.cells[columns[0]]}</${name}>`;
      const parted = columns.map((k) => ({ part: table.header[k].split('/')[1], cell: row.cells[k] }));
      const attributes = parted
        .filter(({ part }) => part.startsWith('@'))
        .map(({ part, cell }) => ` ${part.slice(1)}="${cell}"`);
      const content = parted
        .filter(({ part }) => !part.startsWith('@'))
        .map(({ part, cell }) => (part === '$' ? cell : `<${part}>${cell}</${part}>`));
      return `<${name}${attributes.join('')}>${content.join('')}</${name}>`;
    });
    return `<${record}>${inner.join('')}</${record}>`;
  });
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const body = below.reduceRight((held, name) => `<${name}>${held}</${name}>`, lines.join(''));
  return `${head}<${outer} xmlns="http://WEBSERV.iso-ne.com">${body}</${outer}>`;
}
