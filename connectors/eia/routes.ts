/**
 * Where EIA answers: `https://api.eia.gov/v2/{route}/data/`. The key goes into the header `X-Api-Key`, which the runner
 * adds; at most 5,000 records to an answer.
 */

import { DAY, HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import type { PlanSettings, SourceRequest } from '../kit/contract.ts';
import { formatStamp } from '../kit/time/stamp.ts';

const BASE = 'https://api.eia.gov/v2';
const MAX_BYTES = 50_000_000;
const PAGE = 5_000;

/** One route of the interface. */
export interface Route {
  /** `electricity/rto/region-data`. */
  readonly path: string;
  readonly frequency: 'hourly' | 'daily' | 'weekly';
  /** Facet by which is chosen, the option that overrides it, and what is asked for without that option. */
  readonly facet: string;
  readonly option: string;
  readonly usual: readonly string[];
  /** Largest span that surely stays below a page, in micros. */
  readonly span: Micros;
  /** Hours from the end of a period to its publication. */
  readonly publishedAfter: number;
}

/** The exchanges that bring a window, oldest first: spans that stay below a page. */
export function routeRequests(route: Route, window: Interval, settings: PlanSettings): SourceRequest[] {
  const grid = route.frequency === 'hourly' ? HOUR : DAY;
  const end = Math.ceil(window.end / grid) * grid;
  const asked = settings.options?.[route.option];
  const chosen = asked === undefined ? route.usual : asked.split(',').map((word) => word.trim());
  const requests: SourceRequest[] = [];
  for (let start = Math.floor(window.start / grid) * grid; start < end; start += route.span) {
    const stop = Math.min(end, start + route.span);
    requests.push(requestFor(route, { start, end: stop }, chosen));
  }
  return requests;
}

function requestFor(route: Route, span: Interval, chosen: readonly string[]): SourceRequest {
  const hourly = route.frequency === 'hourly';
  const pattern = hourly ? 'YYYY-MM-DDThh' : 'YYYY-MM-DD';
  // Hours are named by their end, days by themselves.
  const first = formatStamp(pattern, hourly ? span.start + HOUR : span.start);
  const last = formatStamp(pattern, hourly ? span.end : span.end - DAY);
  const parameters = [
    ['frequency', route.frequency],
    ['data[0]', 'value'],
    ...chosen.map((value) => [`facets[${route.facet}][]`, value]),
    ['start', first],
    ['end', last],
    ['sort[0][column]', 'period'],
    ['sort[0][direction]', 'asc'],
    ['offset', '0'],
    ['length', String(PAGE)],
  ];
  const name = `${route.path.replaceAll('/', '_')}_${first}_${last}.json`;
  const query = parameters.map(([key = '', value = '']) => `${key}=${encodeURIComponent(value)}`).join('&');
  return {
    url: `${BASE}/${route.path}/data/?${query}`,
    name,
    window: span,
    expectedAt: span.end + route.publishedAfter * HOUR,
    maxBytes: MAX_BYTES,
  };
}
