/**
 * Where SPP keeps its public files: the file browser of its portal, `https://portal.spp.org/file-browser-api/download/
 * {folder}?path={path}`. No account. Times in paths are Central; files whose stamp lies in the second pass of the
 * repeated hour have a `d` before `.csv`. A file that is not there answers 404 with an empty body.
 */

import { civilFromDays, DAY, daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import { offsetAt } from '../../core/time/zone.ts';
import type { PlanSettings, SourceRequest } from '../kit/contract.ts';
import { formatStamp } from '../kit/time/stamp.ts';

/** The market's clock. */
export const SPP_ZONE = 'America/Chicago';

const BASE = 'https://portal.spp.org/file-browser-api/download';
const MAX_BYTES = 400_000_000;

/** The exchanges that bring a window. */
export type PortalPlan = (window: Interval, settings: PlanSettings) => SourceRequest[];

/** A family of files: a folder of the file browser, and a path with stamps in braces. */
export interface PortalFamily {
  readonly folder: string;
  /** `{YYYYMMDD}` is the Central clock at the file's stamp, `{start:DD}` that at the begin of its interval. */
  readonly path: string;
  /** From the begin of what a file covers to its publication; negative for a day-ahead report. */
  readonly published: Micros;
}

/** One file for each operating day. */
export function dailyFiles(family: PortalFamily): PortalPlan {
  return (window) =>
    daysOf(window).map((day) => {
      const { start, end } = marketDayBounds(SPP_ZONE, day);
      return requestFor(family, { start, end }, start);
    });
}

/** One file for each hour, named by the end of it; what it holds reaches far ahead. */
export function hourlyFiles(family: PortalFamily): PortalPlan {
  return (window, { now }) => spansOf(window, now, HOUR).map((span) => requestFor(family, span, span.end));
}

/** One file for each five minutes, named by their end, in the folder of the day of their begin. */
export function intervalFiles(family: PortalFamily): PortalPlan {
  return (window, { now }) =>
    spansOf(window, now, 5 * MINUTE).map((span) => requestFor(family, span, span.end));
}

/** The files of each month, of the families that are written for it, by its first day; `{Mon}` is its name. */
export function monthlyFiles(familiesOf: (month: number) => readonly PortalFamily[]): PortalPlan {
  return (window) => {
    const months = new Map<number, Interval>();
    for (const day of daysOf(window)) {
      const [year, month] = civilFromDays(day);
      const first = daysFromCivil(year, month, 1);
      const next = month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1);
      const [start, end] = [first, next].map((each) => marketDayBounds(SPP_ZONE, each).start);
      if (start !== undefined && end !== undefined) months.set(first, { start, end });
    }
    return [...months].flatMap(([month, span]) =>
      familiesOf(month).map((family) => requestFor(family, span, span.start)),
    );
  };
}

/** One file that is written anew all the time and covers the last `covers`, such as the last two hours. */
export function rollingFile(family: PortalFamily, covers: Micros): PortalPlan {
  return (_, { now }) => {
    const span = { start: now - covers, end: now };
    return [{ ...requestFor(family, span, now), expectedAt: now }];
  };
}

/**
 * Which of several plans covers a window, by how old its begin is: the first whose age is not exceeded. Oldest last.
 */
export function byAge(...plans: readonly (readonly [atMost: Micros, plan: PortalPlan])[]): PortalPlan {
  return (window, settings) => {
    const age = settings.now - window.start;
    const found = plans.find(([atMost]) => age <= atMost);
    return found === undefined ? [] : found[1](window, settings);
  };
}

/** What the option `files` chooses among, by its words; `usual` without it. */
export function chosen(plans: Readonly<Record<string, PortalPlan>>, usual: string): PortalPlan {
  return (window, settings) => {
    const asked = (settings.options?.['files'] ?? usual).split(',').map((word) => word.trim());
    return asked.flatMap((word) => plans[word]?.(window, settings) ?? []);
  };
}

function daysOf(window: Interval): number[] {
  const first = marketDayOf(SPP_ZONE, window.start);
  const last = marketDayOf(SPP_ZONE, Math.max(window.start, window.end - 1));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** The window widened to whole steps, as far as they have begun. */
function spansOf(window: Interval, now: Micros, step: Micros): Interval[] {
  const spans: Interval[] = [];
  const end = Math.min(Math.ceil(window.end / step) * step, Math.floor(now / step) * step + step);
  for (let start = Math.floor(window.start / step) * step; start < end; start += step)
    spans.push({ start, end: start + step });
  return spans;
}

function requestFor(family: PortalFamily, span: Interval, stamp: Micros): SourceRequest {
  const named = span.end - span.start === HOUR ? endOfHour(stamp) : stamp;
  const path = family.path.replace(/\{([^}]+)\}/g, (_, token: string) => {
    if (token === 'd') return isRepeated(stamp, span) ? 'd' : '';
    if (token === 'next:hh') return central('hh', endOfHour(Math.floor(stamp / HOUR) * HOUR + HOUR));
    return token.startsWith('start:')
      ? central(token.slice('start:'.length), span.start)
      : central(token, named);
  });
  return {
    url: `${BASE}/${family.folder}?path=${path}`,
    name: path.slice(path.lastIndexOf('/') + 1),
    window: span,
    expectedAt: span.start + family.published,
    maxBytes: MAX_BYTES,
  };
}

const central = (pattern: string, at: Micros): string => formatStamp(pattern, at + offsetAt(SPP_ZONE, at));

/** What names the hour that ends then: the one that ends when clocks go back ends at two, as the one after it does. */
const endOfHour = (at: Micros): Micros =>
  offsetAt(SPP_ZONE, at) < offsetAt(SPP_ZONE, at - 1) ? at + HOUR : at;

/** True for a stamp of the second pass: of five minutes by its own clock, of an hour by that of the hour's begin. */
function isRepeated(stamp: Micros, span: Interval): boolean {
  const at = span.end - span.start < HOUR ? stamp : stamp - HOUR;
  return offsetAt(SPP_ZONE, at) < offsetAt(SPP_ZONE, at - HOUR);
}

/** Six days: after that the intervals of a day lie together in one file. */
export const DAYS_OF_INTERVALS: Micros = 6 * DAY;
