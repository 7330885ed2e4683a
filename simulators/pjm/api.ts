/** Answers of Data Miner: items with links and counts, bare lists, CSV, and errors. Form: reference 5.3 and 5.4. */

import { DAY, formatInstant, type Micros } from '../../core/time/instant.ts';
import { publishedIntervals } from '../feed.ts';
import { bareColumns, jsonObjects } from '../json-table.ts';
import type { Answer, Refusal } from '../market.ts';
import { CSV_HEADERS, JSON_HEADERS, jsonRefusal, plainReport, tableOf } from '../report.ts';
import { csvOf, type Table, type TableRow } from '../table.ts';
import type { DataFeed } from './figure-rows.ts';
import { PJM_ZONE } from './market-day.ts';
import { archiveProblem, type PjmQuery, type QueryProblem, readQuery, usStamp } from './query.ts';

/** Root of the API. */
export const API = '/api/v1/';
const ORIGIN = 'https://api.pjm.com';
/** Without a stamp in the query the rows of the last days are meant. */
const DEFAULT_SPAN = 2 * DAY;

/** An error in the market's form. */
export function pjmError(status: number, message: string, at: Micros): Refusal {
  return jsonRefusal(status, {
    code: status,
    message,
    activityId: '00000000-0000-0000-0000-000000000000',
    timestamp: formatInstant(Math.floor(at / 1000) * 1000),
    detailedMessage: message,
  });
}

function badRequest(feed: DataFeed, problem: QueryProblem, at: Micros): Refusal {
  const { field, message } = problem;
  return jsonRefusal(400, {
    errors: [{ field, message, detail: message }],
    feedMetadata: `${ORIGIN}${API}${feed.name}/metadata`,
    code: 400,
    message: 'Bad Request',
    activityId: '00000000-0000-0000-0000-000000000000',
    timestamp: formatInstant(Math.floor(at / 1000) * 1000),
    detailedMessage: `${field} ${message}`,
  });
}

/** The answer to a query of a feed. */
export function pjmAnswer(
  feeds: readonly DataFeed[],
  path: string,
  query: URLSearchParams,
  at: Micros,
): Answer {
  const [name, rest] = path.slice(API.length).split('/');
  const feed = feeds.find((each) => each.name === name);
  if (feed === undefined) return pjmError(404, `Resource not found: ${name}`, at);
  if (rest === 'metadata') return jsonRefusal(200, { feed: name, fields: feed.columns });
  if (rest !== undefined) return pjmError(404, `Resource not found: ${rest}`, at);
  const asked = query.get('format')?.toLowerCase();
  if (asked !== undefined && asked !== 'json' && asked !== 'csv')
    return pjmError(406, `Not simulated: ${asked}`, at);
  const read = readQuery(feed, query, at);
  if (!('rowCount' in read)) return badRequest(feed, read, at);
  const problem = archiveProblem(feed, read, at);
  if (problem !== null) return badRequest(feed, problem, at);
  const rows = sorted(feed, read, matching(feed, read, at));
  return pageOf(feed, read, rows, at);
}

function matching(feed: DataFeed, { window, filters }: PjmQuery, at: Micros): TableRow[] {
  const tests = [...filters].map(([name, values]) => ({ column: feed.columns.indexOf(name), values }));
  const rows: TableRow[] = [];
  const span = window ?? { start: at - DEFAULT_SPAN, end: at + 7 * DAY };
  for (const interval of feed.stamped?.(span, at) ?? publishedIntervals(feed.feed, span, at))
    for (const row of feed.rows(interval, at))
      if (tests.every(({ column, values }) => values.includes(row.cells[column].toLowerCase())))
        rows.push(row);
  return rows;
}

function sorted({ columns, bare }: DataFeed, { sort, order }: PjmQuery, rows: TableRow[]): TableRow[] {
  if (sort === null) return order === 'Desc' ? rows.toReversed() : rows;
  const column = columns.indexOf(sort);
  const compared = (a: string, b: string): number =>
    bare.includes(sort) ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;
  const sign = order === 'Desc' ? -1 : 1;
  return rows.toSorted((a, b) => sign * compared(a.cells[column], b.cells[column]));
}

function pageOf(feed: DataFeed, query: PjmQuery, all: readonly TableRow[], at: Micros): Answer {
  const { startRow, rowCount, fields, isDownload, format } = query;
  const columns = fields ?? feed.columns;
  const order = columns.map((name) => feed.columns.indexOf(name));
  const rows = all.slice(startRow - 1, startRow - 1 + rowCount).map(
    (row): TableRow => ({
      cells: order.map((column) => row.cells[column]),
      facts: () =>
        row.facts().flatMap((fact) => {
          const column = order.indexOf(fact.column);
          return column < 0 ? [] : [{ ...fact, column }];
        }),
    }),
  );
  const isCsv = format === 'csv';
  const isOrderFree = feed.isOrdered !== true;
  const total = { 'x-totalrows': String(all.length) };
  const kindOf = bareColumns(...feed.bare);
  const render = (table: Table): string => {
    if (isCsv) return usCsv(table);
    if (isDownload) return jsonObjects(table, kindOf);
    const links = JSON.stringify(linksOf(feed, query, columns, all.length));
    return `{"links":${links},"items":${jsonObjects(table, kindOf)},"searchSpecification":${JSON.stringify(echoOf(query, columns))},"totalRows":${all.length}}`;
  };
  return plainReport({
    dataset: feed.dataset,
    name: `${feed.name}.${isCsv ? 'csv' : 'json'}`,
    headers: isCsv ? { ...CSV_HEADERS, ...total } : isDownload ? { ...JSON_HEADERS, ...total } : JSON_HEADERS,
    table: tableOf(columns, rows, isCsv ? { isOrderFree } : { isKeyed: true, isOrderFree, numbers: 'bare' }),
    zone: PJM_ZONE,
    modifiedAt: at,
    render,
  });
}

/** CSV has its stamps in the American way, and truth values with a capital. */
function usCsv(table: Table): string {
  const spelled = (cell: string): string =>
    cell === 'true' ? 'True' : cell === 'false' ? 'False' : usStamp(cell);
  return csvOf({ ...table, rows: table.rows.map((row) => ({ ...row, cells: row.cells.map(spelled) })) });
}

function linksOf(
  { name }: DataFeed,
  { startRow, rowCount, order, sort, fields, written }: PjmQuery,
  columns: readonly string[],
  total: number,
): { rel: string; href: string }[] {
  const href = (from: number): string => {
    const parts = [
      `RowCount=${rowCount}`,
      ...(sort === null ? [] : [`Sort=${sort}`]),
      `Order=${order}`,
      `StartRow=${from}`,
      'IsActiveMetadata=True',
      ...(fields === null ? [] : [`Fields=${encodeURIComponent(columns.join(','))}`]),
      ...written.map(([key, text]) => `${key}=${encodeURIComponent(text)}`),
    ];
    return `${ORIGIN}${API}${name}?${parts.join('&')}`;
  };
  const next = startRow + rowCount;
  return [
    { rel: 'self', href: href(startRow) },
    ...(next <= total ? [{ rel: 'next', href: href(next) }] : []),
    { rel: 'metadata', href: `${ORIGIN}${API}${name}/metadata` },
  ];
}

function echoOf(
  { startRow, rowCount, order, sort, fields, written }: PjmQuery,
  columns: readonly string[],
): unknown {
  return {
    rowCount,
    ...(sort === null ? {} : { sort }),
    order: order.toLowerCase(),
    startRow,
    isActiveMetadata: true,
    ...(fields === null ? {} : { fields: columns }),
    filters: written.map(([name, text]) => ({ [name]: text })),
  };
}
