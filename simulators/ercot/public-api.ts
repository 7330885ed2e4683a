/** `/api/public-reports`: queries, pages and errors of ERCOT's public API. Form: reference 4.2. */

import { DAY, daysFromCivil, formatInstant, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { publishedIntervals } from '../feed.ts';
import { jsonLists, type KindOf } from '../json-table.ts';
import type { Answer, Refusal } from '../market.ts';
import { JSON_HEADERS, jsonRefusal, plainReport, tableOf } from '../report.ts';
import type { Table, TableRow } from '../table.ts';
import type { ApiField, ApiReport } from './api-reports.ts';
import { ERCOT_ZONE, ercotDay, ercotDayOf } from './clock.ts';

/** Root of the API. */
export const API = '/api/public-reports';

const LARGEST_PAGE = 1_000_000;
/** Without dates the rows of the last days are meant. */
const DEFAULT_DAYS = 7;

/** An error of the API in its own form. */
export function apiError(status: number, name: string, message: string, at: Micros): Refusal {
  return jsonRefusal(status, {
    timestamp: formatInstant(Math.floor(at / 1000) * 1000),
    code: status,
    status: name,
    message,
    data: {},
  });
}

/** The answer to a query; `at` decides what is published. */
export function apiAnswer(
  reports: readonly ApiReport[],
  path: string,
  query: URLSearchParams,
  at: Micros,
): Answer {
  const report = reports.find((each) => API + each.path === path);
  if (report === undefined) return apiError(404, 'NOT_FOUND', 'The requested resource does not exist.', at);
  const wrong = [...query.keys()].find((name) => !isParameter(report, name));
  if (wrong !== undefined) return apiError(400, 'BAD_REQUEST', `Invalid parameter: ${wrong}`, at);
  const [page, size] = [wholeNumber(query.get('page') ?? '1'), wholeNumber(query.get('size') ?? '1000')];
  if (page === null || size === null || page < 1 || size < 1 || size > LARGEST_PAGE)
    return apiError(400, 'BAD_REQUEST', 'page and size must be positive whole numbers', at);
  const window = windowOf(report, query, at);
  if (window === null) return apiError(400, 'BAD_REQUEST', 'A date is not YYYY-MM-DD', at);
  const rows = sorted(report, query, matching(report, query, window, at));
  return pageReport(report, query, rows, page, size, at);
}

function isParameter({ fields }: ApiReport, name: string): boolean {
  if (['page', 'size', 'sort', 'dir'].includes(name)) return true;
  return fields.some(
    (field) =>
      field.name === name || (field.hasRange && [`${field.name}From`, `${field.name}To`].includes(name)),
  );
}

function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** The days asked for; both ends count. Null for what is no date. */
function windowOf({ sortedBy: [first] }: ApiReport, query: URLSearchParams, at: Micros): Interval | null {
  const today = ercotDayOf(at);
  const exact = query.get(first);
  const days = [exact ?? query.get(`${first}From`), exact ?? query.get(`${first}To`)].map((text) =>
    text === null ? undefined : dayOf(text),
  );
  if (days.includes(null)) return null;
  const last = days[1] ?? today + 1;
  const from = days[0] ?? last - DEFAULT_DAYS;
  return { start: ercotDay(Math.max(from, last - 366)).start, end: ercotDay(last).end };
}

function dayOf(text: string): number | null {
  const m = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2})?)?$/.exec(text);
  return m === null ? null : daysFromCivil(Number(m[1]), Number(m[2]), Number(m[3]));
}

function matching(report: ApiReport, query: URLSearchParams, window: Interval, at: Micros): TableRow[] {
  const tests = report.fields.flatMap((field, k) => testsOf(field, k, query));
  const rows: TableRow[] = [];
  for (const interval of publishedIntervals(report.feed, window, at))
    for (const row of report.rows(interval, at)) if (tests.every((test) => test(row.cells))) rows.push(row);
  return rows;
}

function testsOf(
  field: ApiField,
  k: number,
  query: URLSearchParams,
): ((cells: readonly string[]) => boolean)[] {
  const order = (cell: string, word: string): number =>
    field.dataType === 'DOUBLE' || field.dataType === 'INTEGER'
      ? Number(cell) - Number(word)
      : cell.slice(0, word.length) < word
        ? -1
        : cell.slice(0, word.length) > word
          ? 1
          : 0;
  const [exact, from, to] = ['', 'From', 'To'].map((ending) => query.get(field.name + ending));
  return [
    exact === null ? null : (cells: readonly string[]) => order(cells[k], exact) === 0,
    from === null ? null : (cells: readonly string[]) => order(cells[k], from) >= 0,
    to === null ? null : (cells: readonly string[]) => order(cells[k], to) <= 0,
  ].filter((test) => test !== null);
}

/** By default the newest date first, hours and points forward; of a repeated hour the second comes before the first. */
function sorted(report: ApiReport, query: URLSearchParams, rows: TableRow[]): TableRow[] {
  const asked = query.get('sort');
  const names = asked === null ? report.sortedBy : [asked];
  const columns = names.map((name) => report.fields.findIndex((field) => field.name === name));
  const isDown = (k: number): boolean =>
    asked === null ? k === 0 : query.get('dir')?.toLowerCase() === 'desc';
  const flag = report.fields.findLastIndex(({ dataType }) => dataType === 'BOOLEAN');
  return rows.toSorted((a, b) => {
    for (const [k, column] of columns.entries()) {
      const [x, y] = [a.cells[column], b.cells[column]];
      const order =
        report.fields[column]?.dataType === 'INTEGER' ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
      if (order !== 0) return isDown(k) ? -order : order;
    }
    return a.cells[flag] > b.cells[flag] ? -1 : a.cells[flag] < b.cells[flag] ? 1 : 0;
  });
}

function pageReport(
  report: ApiReport,
  query: URLSearchParams,
  rows: readonly TableRow[],
  page: number,
  size: number,
  at: Micros,
): Answer {
  const { fields, dataset, path } = report;
  const shown = rows.slice((page - 1) * size, page * size);
  const head = {
    _meta: {
      totalRecords: rows.length,
      pageSize: size,
      totalPages: Math.ceil(rows.length / size),
      currentPage: page,
      query: {
        parameterCount: [...query.keys()].length,
        parameters: Object.fromEntries(query),
        sortedBy: report.sortedBy.map((name, k) => `${name}: ${k === 0 ? 'DESC' : 'ASC'}`).join(','),
      },
    },
    report: {
      reportName: path.split('/').at(-1),
      reportDisplayName: report.title,
      reportId: report.reportTypeId,
      reportEMIL: report.emilId,
      downloadLimit: 2_000_000,
    },
  };
  const links = {
    self: { href: `https://api.ercot.com${API}${path}?${query}` },
    parent: { href: `https://api.ercot.com${API}/${report.emilId.toLowerCase()}` },
  };
  const header = fields.map(({ name }) => name);
  const render = (table: Table): string => {
    const shownFields = table.header.map((name, k) => ({
      name,
      label: fields[k]?.label ?? name,
      cardinality: k + 1,
      dataType: fields[k]?.dataType ?? 'VARCHAR',
      searchable: true,
      sortable: true,
      hasRange: fields[k]?.hasRange ?? false,
    }));
    const data = table.rows.length === 0 ? '' : `,"data":${jsonLists(table, kindOf)}`;
    const before = `${JSON.stringify(head).slice(0, -1)},"fields":${JSON.stringify(shownFields)}`;
    return `${before}${data},"_links":${JSON.stringify(links)}}`;
  };
  const kindOf: KindOf = (name) => {
    const type = fields.find((field) => field.name === name)?.dataType;
    return type === 'DOUBLE' || type === 'BOOLEAN' || type === 'INTEGER' ? 'bare' : 'text';
  };
  return plainReport({
    dataset,
    name: `${path.split('/').at(-1)}.json`,
    headers: JSON_HEADERS,
    table: tableOf(header, shown, { isKeyed: true, isOrderFree: true, numbers: 'bare' }),
    zone: ERCOT_ZONE,
    modifiedAt: at,
    render,
  });
}

/** The last day of which an archive may be asked, counted back from an instant. */
export function archiveWindow(query: URLSearchParams, at: Micros): Interval {
  const bound = (name: string, otherwise: Micros, isEnd: boolean): Micros => {
    const day = dayOf(query.get(name) ?? '');
    if (day === null) return otherwise;
    return isEnd ? ercotDay(day).end : ercotDay(day).start;
  };
  const end = Math.min(bound('postDatetimeTo', at + 1, true), at + 1);
  return { start: bound('postDatetimeFrom', end - 30 * DAY, false), end };
}
