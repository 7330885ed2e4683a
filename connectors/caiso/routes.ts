/**
 * Where CAISO answers: `https://oasis.caiso.com/oasisapi/SingleZip`, one query for each report, run and span. Times in
 * a query are GMT with the literal `-0000`; a trade day begins at 07:00 in summer and 08:00 in winter. At most 31 days
 * a query, one query per five seconds, about 39 months back.
 */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { PlanSettings, SourceRequest } from '../kit/contract.ts';
import { formatStamp } from '../kit/time/stamp.ts';

/** The market's clock. */
export const CAISO_ZONE = 'America/Los_Angeles';

const BASE = 'https://oasis.caiso.com/oasisapi/SingleZip';
const MAX_BYTES = 300_000_000;
const LONGEST: Micros = 31 * DAY;

/** The trading hubs and the load aggregation points: what is asked for unless `nodes` says otherwise. */
export const DEFAULT_NODES: readonly string[] = [
  'TH_NP15_GEN-APND',
  'TH_SP15_GEN-APND',
  'TH_ZP26_GEN-APND',
  'DLAP_PGAE-APND',
  'DLAP_SCE-APND',
  'DLAP_SDGE-APND',
];

/** Values of `nodes` that mean a whole group. */
const GROUPS: readonly string[] = ['ALL', 'ALL_APNODES'];

/** One query of the interface. */
export interface OasisQuery {
  readonly queryname: string;
  readonly version: number;
  readonly run: string;
  /** Further parameters, in order. */
  readonly more: Readonly<Record<string, string>>;
  /** True for prices at nodes. */
  readonly byNode: boolean;
  /**
   * `day-ahead`: whole trade days, each published `hours` after midnight of the day before. `real-time`: the window to
   * the hour, published `minutes` after its end.
   */
  readonly published:
    | { readonly when: 'day-ahead'; readonly hours: number }
    | { readonly when: 'real-time'; readonly minutes: number };
}

/** The exchanges that bring a window. The option `nodes` is a list, or ALL or ALL_APNODES for the whole group. */
export function oasisRequests(query: OasisQuery, window: Interval, settings: PlanSettings): SourceRequest[] {
  const nodes = settings.options?.['nodes'] ?? DEFAULT_NODES.join(',');
  const all = query.byNode && GROUPS.includes(nodes.trim().toUpperCase());
  const spans =
    query.published.when === 'day-ahead'
      ? daySpans(query, window, settings.now, all)
      : realTimeSpans(window, all);
  return spans.map((span) => requestFor(query, span, nodes));
}

/** Whole trade days: those already published in as few queries as the limit allows, the others one by one. */
function daySpans(query: OasisQuery, window: Interval, now: Micros, all: boolean): Interval[] {
  const first = marketDayOf(CAISO_ZONE, window.start);
  const last = marketDayOf(CAISO_ZONE, Math.max(window.start, window.end - 1));
  const spans: { start: Micros; end: Micros }[] = [];
  for (let day = first; day <= last; day++) {
    const { start, end } = marketDayBounds(CAISO_ZONE, day);
    const open = spans.at(-1);
    const published = expectedAt(query, { start, end }) <= now;
    if (open !== undefined && published && !all && end - open.start <= LONGEST) open.end = end;
    else spans.push({ start, end });
  }
  return spans;
}

/** The window widened to whole hours and cut at trade days, all nodes at hours: an answer holds that and no more. */
function realTimeSpans(window: Interval, all: boolean): Interval[] {
  const end = Math.ceil(window.end / HOUR) * HOUR;
  const spans: Interval[] = [];
  for (let start = Math.floor(window.start / HOUR) * HOUR; start < end; ) {
    const day = marketDayBounds(CAISO_ZONE, marketDayOf(CAISO_ZONE, start));
    const stop = Math.min(end, all ? start + HOUR : day.end);
    spans.push({ start, end: stop });
    start = stop;
  }
  return spans;
}

function expectedAt(query: OasisQuery, span: Interval): Micros {
  const { published } = query;
  if (published.when === 'real-time') return span.end + published.minutes * MINUTE;
  // The last day of the span is the last to come; its day before has its own midnight, 23 to 25 hours earlier.
  const day = marketDayOf(CAISO_ZONE, span.end - 1);
  return marketDayBounds(CAISO_ZONE, day - 1).start + published.hours * HOUR;
}

function requestFor(query: OasisQuery, span: Interval, nodes: string): SourceRequest {
  const parameters: [string, string][] = [
    ['resultformat', '6'],
    ['queryname', query.queryname],
    ['version', String(query.version)],
    ...(query.run === '' ? [] : [['market_run_id', query.run] as [string, string]]),
    ['startdatetime', stamp(span.start)],
    ['enddatetime', stamp(span.end)],
    ...Object.entries(query.more),
  ];
  if (query.byNode) parameters.push(nodeParameter(nodes));
  const [from, to] = [span.start, span.end].map((at) => formatStamp('YYYYMMDDThhmm', at));
  return {
    url: `${BASE}?${parameters.map(([key, value]) => `${key}=${encodeURI(value)}`).join('&')}`,
    name: `${from}_${to}_${query.queryname}${query.run === '' ? '' : `_${query.run}`}.zip`,
    window: span,
    expectedAt: expectedAt(query, span),
    maxBytes: MAX_BYTES,
  };
}

function nodeParameter(nodes: string): [string, string] {
  const asked = nodes.split(',').map((node) => node.trim());
  const [only = ''] = asked;
  const group = only.toUpperCase();
  return asked.length === 1 && GROUPS.includes(group) ? ['grp_type', group] : ['node', asked.join(',')];
}

/** `20250309T08:00-0000` */
function stamp(at: Micros): string {
  return `${formatStamp('YYYYMMDDThh:mm', at)}-0000`;
}
