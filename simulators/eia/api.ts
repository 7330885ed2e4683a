/** Answers of EIA's API v2: pages by offset, facets, sorting, an echo of the request with the caller's key. */

import { DAY, HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { shuffled, wordOf } from '../draw.ts';
import { publishedIntervals } from '../feed.ts';
import { jsonObjects, type KindOf } from '../json-table.ts';
import type { Answer, ClientRequest, Refusal } from '../market.ts';
import { JSON_HEADERS, jsonRefusal, plainReport, tableOf } from '../report.ts';
import type { Table, TableRow } from '../table.ts';
import { boundOf, type EiaRoute } from './routes.ts';

/** Root of the API. */
export const API = '/v2/';
const VERSION = { apiVersion: '2.1.14', ExcelAddInVersion: '2.1.0' };
const MOST_ROWS = 5000;

/** What a query asks for, with its lists. */
interface EiaQuery {
  readonly single: ReadonlyMap<string, string>;
  readonly facets: ReadonlyMap<string, readonly string[]>;
  readonly hasValue: boolean;
  readonly sort: readonly { readonly column: string; readonly isDown: boolean }[];
}

/** An error in the market's form. */
export function eiaError(code: number, error: string): Refusal {
  return jsonRefusal(code, { error, code });
}

/** The key of a request, by parameter or header; undefined when there is none. */
export function keyOf(query: URLSearchParams, request: ClientRequest): string | undefined {
  return query.get('api_key') ?? request.headers['x-api-key'] ?? undefined;
}

/** The answer to a path under the root; `seed` decides the order of rows that are not sorted. */
export function eiaAnswer(
  routes: readonly EiaRoute[],
  seed: number,
  path: string,
  query: URLSearchParams,
  request: ClientRequest,
  at: Micros,
): Answer {
  const series = /^seriesid\/(.+)$/.exec(path.slice(API.length));
  if (series !== null) return seriesAnswer(routes, seed, series[1], query, request, at);
  const name = path.slice(API.length).replace(/\/$/, '');
  const route = routes.find((each) => `${each.path}/data` === name);
  if (route === undefined) return eiaError(404, `Route '${name}' is not valid.`);
  return routeAnswer(route, seed, query, request, at);
}

/** `NG.RNGWHHD.D` stands for one series of the gas route. */
function seriesAnswer(
  routes: readonly EiaRoute[],
  seed: number,
  id: string,
  query: URLSearchParams,
  request: ClientRequest,
  at: Micros,
): Answer {
  const m = /^NG\.(\w+)\.D$/.exec(id);
  const route = routes.find(({ frequency }) => frequency === 'daily');
  if (m === null || route === undefined) return eiaError(404, `Series ID '${id}' is not valid.`);
  const asked = new URLSearchParams(query);
  asked.set('facets[series][]', m[1]);
  asked.set('data[0]', 'value');
  return routeAnswer(route, seed, asked, request, at);
}

/** Parameters may stand in a header as JSON, where lists and objects are as they are. */
function readQuery(query: URLSearchParams, request: ClientRequest): EiaQuery | null {
  const pairs = [...query];
  const header = request.headers['x-params'];
  if (header !== undefined) {
    try {
      pairs.push(...flattened(JSON.parse(header)));
    } catch {
      return null;
    }
  }
  const single = new Map<string, string>();
  const facets = new Map<string, string[]>();
  const sort = new Map<string, { column: string; isDown: boolean }>();
  let hasValue = false;
  for (const [name, text] of pairs) {
    const facet = /^facets\[([\w-]+)\]\[\d*\]$/.exec(name);
    const sorting = /^sort\[(\d+)\]\[(column|direction)\]$/.exec(name);
    if (facet !== null) facets.getOrInsertComputed(facet[1], () => []).push(text);
    else if (sorting !== null) {
      const each = sort.getOrInsertComputed(sorting[1], () => ({ column: '', isDown: false }));
      if (sorting[2] === 'column') each.column = text;
      else each.isDown = text === 'desc';
    } else if (/^data(\[\d*\])?$/.test(name)) hasValue ||= text === 'value';
    else single.set(name, text);
  }
  return { single, facets, hasValue, sort: [...sort.values()] };
}

/** `{"facets":{"series":["A"]}}` as `facets[series][0]=A`. */
function flattened(value: unknown, prefix = ''): [string, string][] {
  if (typeof value !== 'object' || value === null) return value === null ? [] : [[prefix, String(value)]];
  return Object.entries(value).flatMap(([key, each]) =>
    flattened(each, prefix === '' ? key : `${prefix}[${key}]`),
  );
}

function routeAnswer(
  route: EiaRoute,
  seed: number,
  parameters: URLSearchParams,
  request: ClientRequest,
  at: Micros,
): Answer {
  const query = readQuery(parameters, request);
  if (query === null) return eiaError(400, 'X-Params is not valid JSON.');
  const { single, facets, hasValue, sort } = query;
  const [offset, length] = [Number(single.get('offset') ?? 0), Number(single.get('length') ?? MOST_ROWS)];
  if (!Number.isInteger(offset) || offset < 0 || !Number.isInteger(length) || length < 0)
    return eiaError(400, "Invalid value for 'offset' or 'length'.");
  if ((single.get('frequency') ?? route.frequency) !== route.frequency)
    return eiaError(400, `Invalid frequency '${single.get('frequency')}' provided.`);
  const facet = [...facets.keys()].find((name) => !route.facets.includes(name));
  if (facet !== undefined) return eiaError(400, `Invalid facet '${facet}' provided.`);
  const column = sort.find((each) => !route.columns.includes(each.column));
  if (column !== undefined) return eiaError(400, `Invalid sort column '${column.column}' provided.`);
  const window = windowOf(route, single, at);
  if (window === null) return eiaError(400, "Invalid value for 'start' or 'end'.");
  const rows = ordered(route, seed, sort, matching(route, facets, window, at));
  const shown = rows.slice(offset, offset + Math.min(length, MOST_ROWS));
  const warnings =
    rows.length > shown.length + offset || length > MOST_ROWS
      ? {
          warnings: [
            {
              warning: 'incomplete return',
              description: `The API can only return ${MOST_ROWS} rows in JSON format.`,
            },
          ],
        }
      : {};
  const head = {
    ...warnings,
    total: String(rows.length),
    dateFormat: route.dateFormat,
    frequency: route.frequency,
  };
  return page(route, shown, hasValue, head, { parameters, request }, at);
}

/** Both bounds count; a period of the grid monitor is the end of its hour. */
function windowOf({ frequency }: EiaRoute, single: ReadonlyMap<string, string>, at: Micros): Interval | null {
  const [start, end] = ['start', 'end'].map((name) => {
    const text = single.get(name);
    return text === undefined ? undefined : boundOf(text);
  });
  if (start === null || end === null) return null;
  const step = frequency === 'daily' ? DAY : HOUR;
  const shift = frequency === 'daily' ? 0 : HOUR;
  const last = end ?? at;
  const first = start ?? last - (frequency === 'daily' ? 3650 * DAY : 60 * DAY);
  return { start: first - shift, end: last - shift + step };
}

function matching(
  route: EiaRoute,
  facets: ReadonlyMap<string, readonly string[]>,
  window: Interval,
  at: Micros,
): TableRow[] {
  const tests = [...facets].map(([name, values]) => ({ column: route.columns.indexOf(name), values }));
  const rows: TableRow[] = [];
  for (const interval of publishedIntervals(route.feed, window, at))
    for (const row of route.rows(interval, at))
      if (tests.every(({ column, values }) => values.includes(row.cells[column]))) rows.push(row);
  return rows;
}

/** Without a sort the order means nothing, but it is the same for every page. */
function ordered(route: EiaRoute, seed: number, sort: EiaQuery['sort'], rows: TableRow[]): TableRow[] {
  if (sort.length === 0) return shuffled(rows, seed, wordOf(route.path), rows.length);
  const keys = sort.map(({ column, isDown }) => ({
    at: route.columns.indexOf(column),
    sign: isDown ? -1 : 1,
  }));
  return rows.toSorted((a, b) => {
    for (const { at, sign } of keys) {
      const [x, y] = [a.cells[at], b.cells[at]];
      if (x !== y) return x < y ? -sign : sign;
    }
    return 0;
  });
}

function page(
  route: EiaRoute,
  rows: readonly TableRow[],
  hasValue: boolean,
  head: Readonly<Record<string, unknown>>,
  asked: { readonly parameters: URLSearchParams; readonly request: ClientRequest },
  at: Micros,
): Answer {
  const columns = route.columns.filter((name) => hasValue || !/^(value|value-units|units)$/.test(name));
  const kept = columns.map((name) => route.columns.indexOf(name));
  const shown = rows.map(
    (row): TableRow => ({ cells: kept.map((k) => row.cells[k]), facts: hasValue ? row.facts : () => [] }),
  );
  // A missing value is null, every other one a text.
  const kindOf: KindOf = (name) => (name === 'value' ? 'bare' : 'text');
  const { parameters, request } = asked;
  const echo = {
    request: {
      command: `${API}${route.path}/data/`,
      params: { ...Object.fromEntries(parameters), api_key: keyOf(parameters, request) },
    },
  };
  const render = (table: Table): string => {
    const before = JSON.stringify(head).slice(0, -1);
    const description = JSON.stringify(route.description);
    const data = jsonObjects({ ...table, numbers: 'quoted' }, kindOf);
    const response = `${before},"data":${data},"description":${description}}`;
    return `{"response":${response},${JSON.stringify(echo).slice(1, -1)},${JSON.stringify(VERSION).slice(1)}`;
  };
  return plainReport({
    dataset: route.feed.dataset,
    name: `${route.path.split('/').at(-1)}.json`,
    headers: JSON_HEADERS,
    table: tableOf(columns, shown, { isKeyed: true, isOrderFree: true }),
    zone: 'UTC',
    modifiedAt: at,
    render,
  });
}
