/**
 * Where IESO keeps its public reports: `https://reports-public.ieso.ca/public/{Report}/PUB_{Report}_{when}.{form}`, by
 * the day, the hour (01 to 24) or the year. Days stay for one to three months, years for good. No account.
 */

import { civilFromDays, HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { PlanSettings, SourceRequest } from '../kit/contract.ts';
import { IESO_ZONE } from './est-time.ts';

const BASE = 'https://reports-public.ieso.ca/public';
const MAX_BYTES = 60_000_000;

/** The reports of a dataset: what the option `reports` may name, and what is asked for when it is absent. */
export interface ReportChoice {
  readonly usual: string;
  /** What was usual before a trade day, as days since the epoch, where the report has taken the place of another. */
  readonly before?: { readonly day: number; readonly report: string };
  /** Report → form. */
  readonly known: Readonly<Record<string, 'xml' | 'csv'>>;
  /** What one file covers. */
  readonly each: 'hour' | 'day' | 'year';
  /** True for forecasts, which are written many times for one day: each version has something to say of its own. */
  readonly isVersioned?: boolean;
  /** Hours from the begin of what a file covers to its publication; negative for a report of the day before. */
  readonly publishedAfter: number;
}

/** The files that bring a window, oldest first. The option `reports` is a list of names of {@link ReportChoice.known}. */
export function chosenReports(
  choice: ReportChoice,
  window: Interval,
  settings: PlanSettings,
): SourceRequest[] {
  const asked = settings.options?.['reports']?.split(',').map((word) => word.trim());
  return spansOf(choice, window).flatMap(({ span, when }) =>
    (asked ?? [usualOf(choice, span.start)])
      .filter((report) => report in choice.known)
      .map((report) => {
        const name = `PUB_${report}_${when}.${choice.known[report] ?? 'xml'}`;
        return {
          url: `${reportFolder(report)}${name}`,
          name,
          window: span,
          expectedAt: span.start + choice.publishedAfter * HOUR,
          maxBytes: MAX_BYTES,
        };
      }),
  );
}

/** The folder of a report, with a slash at its end: its index. */
export const reportFolder = (report: string): string => `${BASE}/${report}/`;

function usualOf({ usual, before }: ReportChoice, at: Micros): string {
  return before !== undefined && marketDayOf(IESO_ZONE, at) < before.day ? before.report : usual;
}

const two = (n: number): string => String(n).padStart(2, '0');

function spansOf({ each }: ReportChoice, window: Interval): { span: Interval; when: string }[] {
  const spans: { span: Interval; when: string }[] = [];
  const last = Math.max(window.start, window.end - 1);
  if (each === 'hour') {
    for (let at: Micros = Math.floor(window.start / HOUR) * HOUR; at <= last; at += HOUR) {
      const day = marketDayOf(IESO_ZONE, at);
      const hour = Math.round((at - marketDayBounds(IESO_ZONE, day).start) / HOUR) + 1;
      spans.push({ span: { start: at, end: at + HOUR }, when: `${dateOf(day)}${two(hour)}` });
    }
    return spans;
  }
  for (let day = marketDayOf(IESO_ZONE, window.start); day <= marketDayOf(IESO_ZONE, last); day++) {
    const bounds = marketDayBounds(IESO_ZONE, day);
    const year = String(civilFromDays(day)[0]);
    const open = spans.at(-1);
    if (each === 'day') spans.push({ span: bounds, when: dateOf(day) });
    else if (open?.when === year) open.span = { start: open.span.start, end: bounds.end };
    else spans.push({ span: bounds, when: year });
  }
  return spans;
}

function dateOf(day: number): string {
  const [year, month, date] = civilFromDays(day);
  return `${year}${two(month)}${two(date)}`;
}
