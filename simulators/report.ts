/** Answers in few words: reports with one file, refusals as JSON and as pages. */

import type { Micros } from '../core/time/instant.ts';
import type { Answer, Refusal, Report } from './market.ts';
import { bareCell, type Table, type TableRow } from './table.ts';

/** What a report with one file needs. */
export interface SingleFile {
  readonly dataset: string;
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly table: Table;
  readonly zone: string;
  /** When the operator wrote it. */
  readonly modifiedAt: Micros;
  render(table: Table): string | Uint8Array;
  /** True where the operator sends `Last-Modified`. */
  readonly isDated?: boolean;
  readonly neighbour?: () => Answer;
}

/** One file as it is. */
export function plainReport(file: SingleFile): Report {
  const { dataset, name, headers, table, zone, modifiedAt, render } = file;
  return {
    kind: 'report',
    dataset,
    headers,
    members: [{ name, modifiedAt, table, render }],
    container: 'plain',
    zone,
    lastModified: file.isDated === true ? modifiedAt : null,
    neighbour: file.neighbour ?? null,
  };
}

/** One file in an archive. */
export function zippedReport(file: SingleFile): Report {
  return { ...plainReport(file), container: 'zip' };
}

/** A table with header and rows alone. */
export function tableOf(
  header: readonly string[],
  rows: readonly TableRow[],
  rest: Partial<Table> = {},
): Table {
  return { preamble: [], header, rows, footer: [], textCell: bareCell, restamped: null, ...rest };
}

/** Headers of CSV. */
export const CSV_HEADERS = { 'content-type': 'text/csv' };

/** Headers of JSON. */
export const JSON_HEADERS = { 'content-type': 'application/json' };

/** A refusal of an API. */
export function jsonRefusal(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return { kind: 'refusal', status, headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify(body) };
}

/** A page with a title and a line. */
export function pageRefusal(
  status: number,
  title: string,
  words: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${words}</p></body></html>\n`;
  return { kind: 'refusal', status, headers: { 'content-type': 'text/html', ...headers }, body };
}
