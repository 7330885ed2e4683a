/** The requests of a dataset without code: spans of a window, one for each word, page after page. Pure. */

import { parseDuration } from '../../../core/time/duration.ts';
import { civilFromDays, daysFromCivil, HOUR, type Micros } from '../../../core/time/instant.ts';
import type { Interval } from '../../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../../core/time/market-day.ts';
import type { Payload, PlanSettings, SourceRequest } from '../contract.ts';
import { type Json, readJson } from '../readers/json.ts';
import { formatStamp } from '../time/stamp.ts';
import type { Declaration, PageDeclaration, RequestDeclaration } from './declaration.ts';
import { pathOf, rowsAt, textOfJson, valueAt } from './path.ts';
import { filled, publication } from './template.ts';

/** The first pages of everything that a window needs, in order of time. */
export function declaredPlan(
  { name, request }: Pick<Declaration, 'name' | 'request'>,
  window: Interval,
  settings: PlanSettings,
): SourceRequest[] {
  return spansOf(request, window).flatMap((span) =>
    combinations(request.each, settings.options ?? {}).map((words) => requestOf(name, request, span, words)),
  );
}

/** The spans that cover a window: civil ones in the zone of the request, or multiples of a duration. */
export function spansOf({ span, zone }: RequestDeclaration, window: Interval): Interval[] {
  const last = Math.max(window.start, window.end - 1);
  if (span === 'window')
    return [{ start: Math.floor(window.start / HOUR) * HOUR, end: Math.ceil(window.end / HOUR) * HOUR }];
  const spans: Interval[] = [];
  if (span === 'day' || span === 'month' || span === 'year') {
    const end = marketDayOf(zone, last);
    for (let day = firstDay(span, marketDayOf(zone, window.start)); day <= end; ) {
      const next = nextDay(span, day);
      spans.push({ start: marketDayBounds(zone, day).start, end: marketDayBounds(zone, next - 1).end });
      day = next;
    }
    return spans;
  }
  const length = parseDuration(span) ?? HOUR;
  for (let start = Math.floor(window.start / length) * length; start <= last; start += length)
    spans.push({ start, end: start + length });
  return spans;
}

function firstDay(span: string, day: number): number {
  const [year, month] = civilFromDays(day);
  return span === 'day' ? day : daysFromCivil(year, span === 'month' ? month : 1, 1);
}

function nextDay(span: string, day: number): number {
  const [year, month] = civilFromDays(day);
  if (span === 'day') return day + 1;
  return span === 'year' || month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1);
}

/** Every combination of the words, in their order; an option of the same name chooses among them. */
function combinations(
  each: RequestDeclaration['each'],
  options: Readonly<Record<string, string>>,
): Record<string, string>[] {
  let found: Record<string, string>[] = [{}];
  for (const [name, all] of Object.entries(each)) {
    const asked = options[name]?.split(',').map((word) => word.trim());
    const words = asked === undefined ? all : asked;
    found = found.flatMap((words0) => words.map((word) => ({ ...words0, [name]: word })));
  }
  return found;
}

function requestOf(
  dataset: string,
  request: RequestDeclaration,
  window: Interval,
  words: Record<string, string>,
): SourceRequest {
  const filling = { window, zone: request.zone, words };
  const url = new URL(filled(request.url, filling));
  for (const [key, value] of Object.entries(request.query))
    url.searchParams.append(key, filled(value, filling));
  const { page } = request;
  if (page?.size_parameter !== undefined) url.searchParams.set(page.size_parameter, String(page.size));
  if (page?.parameter !== undefined && page.by !== 'cursor')
    url.searchParams.set(page.parameter, String(firstOf(page)));
  const stamps = [window.start, window.end].map((at) => formatStamp('YYYYMMDDThhmm', at)).join('_');
  const usual = [dataset, stamps, ...Object.values(words)].join('_');
  return {
    url: url.href,
    name: request.name === undefined ? usual : filled(request.name, filling),
    window,
    expectedAt: expectedAt(request, window),
    maxBytes: request.max_bytes,
  };
}

function expectedAt({ published }: RequestDeclaration, window: Interval): Micros {
  const when = publication(published) ?? { from: 'end', by: 0 };
  return window[when.from] + when.by;
}

const firstOf = ({ by, first }: PageDeclaration): number => first ?? (by === 'page' ? 1 : 0);

/**
 * The page after the one that a body is, by what the body says; null after the last one. `secrets` are the query
 * parameters that the runner adds, which a link of the source may repeat.
 */
export function nextPage(
  { request: { page }, read }: Pick<Declaration, 'request' | 'read'>,
  request: SourceRequest,
  payload: Payload,
  secrets: readonly string[],
): SourceRequest | null {
  if (page === undefined) return null;
  const ordinal = (request.page ?? 1) + 1;
  const url = nextUrl(page, read.rows ?? '', ordinal, request, payload);
  if (url === null) return null;
  for (const secret of secrets) url.searchParams.delete(secret);
  const base = request.name.replace(/-p\d+$/, '');
  return { ...request, url: url.href, name: `${base}-p${ordinal}`, page: ordinal };
}

function nextUrl(
  page: PageDeclaration,
  rowsPath: string,
  ordinal: number,
  request: SourceRequest,
  payload: Payload,
): URL | null {
  const document = readJson(payload);
  const url = new URL(request.url);
  if (page.by === 'link') {
    const link = textAt(document, page.from);
    return link === null ? null : URL.parse(link, url);
  }
  const parameter = page.parameter ?? '';
  if (page.by === 'cursor') {
    const cursor = textAt(document, page.from);
    if (cursor === null || cursor === url.searchParams.get(parameter)) return null;
    url.searchParams.set(parameter, cursor);
    return url;
  }
  const path = pathOf(rowsPath);
  const rows = (path === null ? null : rowsAt(document, path))?.length ?? 0;
  const total = textAt(document, page.total);
  const size = page.size ?? rows;
  const done = page.by === 'offset' ? (ordinal - 1) * size : ordinal - 1;
  const isLast = total === null ? rows < size : done >= Number(total);
  if (rows === 0 || isLast) return null;
  const step = page.by === 'offset' ? size : 1;
  url.searchParams.set(parameter, String(firstOf(page) + (ordinal - 1) * step));
  return url;
}

/** The text at a path of a document; null for none, an empty one included. */
function textAt(document: Json, text: string | undefined): string | null {
  const path = text === undefined ? null : pathOf(text);
  const found = path === null ? null : textOfJson(valueAt(document, path));
  return found === undefined || found === '' ? null : found;
}
