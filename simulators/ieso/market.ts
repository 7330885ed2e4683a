/** The simulated IESO: `/public/{Report}/`, files by date with their versions, and an index of each folder. */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { publishedBy, publishedIntervals } from '../feed.ts';
import { clockText, isoDate, MONTHS, padded, wallAt } from '../local-time.ts';
import type { Answer, Example, MarketSimulation, Refusal } from '../market.ts';
import type { MarketTraits } from '../price-process.ts';
import { pageRefusal, plainReport } from '../report.ts';
import { allFeeds, type IesoFeeds, iesoFeeds, KEPT_DAYS } from './feeds.ts';
import { type IesoReport, latestTime, stampOf, windowOf } from './report-form.ts';
import { iesoReports } from './reports.ts';
import { hourOfDay, IESO_ZONE, iesoDay, iesoDayOf, revisedAt } from './trade-day.ts';

const ROOT = '/public/';

/** `nodes` is the number of pricing locations; the virtual zones are always among them. */
export function simulateIeso(seed: number, nodes: number, traits: MarketTraits = {}): MarketSimulation {
  const feeds = iesoFeeds(seed, nodes, traits);
  const reports = iesoReports(feeds);
  const all = allFeeds(feeds);
  return {
    name: 'ieso',
    market: 'IESO',
    datasets: [...new Set(all.map(({ dataset }) => dataset))],
    pace: null,
    tooSoon: notFound,
    examples: (at) => examples(feeds, reports, at),
    respond: (path, _query, at) => respond(feeds, reports, path, at),
    published: (dataset, window, at) => publishedBy(all, dataset, window, at),
  };
}

function notFound(): Refusal {
  return pageRefusal(404, '404 Not Found', 'The requested URL was not found on this server.');
}

function respond(feeds: IesoFeeds, reports: readonly IesoReport[], path: string, at: Micros): Answer {
  const m = /^\/public\/(\w+)\/(?:PUB_(\w+?)(?:_(\d{4,10}))?(?:_v(\d+))?\.(csv|xml))?$/.exec(path);
  const report = reports.find(({ name }) => name === m?.[1]);
  if (m === null || report === undefined) return notFound();
  if (m[2] === undefined) return index(feeds, report, at);
  if (m[2] !== report.name || m[5] !== report.ending) return notFound();
  const stamp = m[3] ?? newestStamp(report, at);
  const version = m[4] === undefined ? null : Number(m[4]);
  return stamp === null ? notFound() : fileAnswer(feeds, report, stamp, version, at);
}

/** What a file of a report holds at an instant, of all that it covers. */
function heldBy({ reach }: IesoReport, { start, end }: Interval, at: Micros): Interval {
  return { start: reach === undefined ? start : Math.max(start, iesoDay(iesoDayOf(at - reach)).start), end };
}

/** Times at which a file was written; the first is version 1. Files of a year, and some others, grow without versions. */
function versions({ process }: IesoFeeds, report: IesoReport, window: Interval, at: Micros): Micros[] {
  if (report.written !== undefined) return report.written(window, at);
  const published = [...publishedIntervals(report.feed, heldBy(report, window, at), at)];
  if (published.length === 0) return [];
  const day = iesoDayOf(window.start);
  if ((report.since ?? day) > day || (report.until ?? day) < day) return [];
  const last = published.reduce((most, interval) => Math.max(most, report.feed.publishedAt(interval)), 0);
  if (report.period === 'year' || report.isGrowing === true) return [last];
  const again = revisedAt(process, day);
  return again !== null && again <= at ? [last, again] : [last];
}

/** The file without a version is the newest one. */
function fileAnswer(
  feeds: IesoFeeds,
  report: IesoReport,
  stamp: string,
  version: number | null,
  at: Micros,
): Answer {
  const window = windowOf(report, stamp);
  if (window === null || (report.period !== 'year' && iesoDayOf(at) - iesoDayOf(window.start) > KEPT_DAYS))
    return notFound();
  const times = versions(feeds, report, window, at);
  const number = version ?? times.length;
  const createdAt = times[number - 1];
  if (createdAt === undefined) return notFound();
  const edition = {
    revision: number,
    createdAt,
    date: isoDate(iesoDayOf(window.start)),
    hour: report.period === 'hour' ? hourOfDay(window.start) : null,
  };
  const before = stampOf(report, window.start - (report.period === 'hour' ? HOUR : 12 * HOUR));
  return plainReport({
    dataset: report.feed.dataset,
    name: fileName(report, stamp, version),
    headers: { 'content-type': report.ending === 'csv' ? 'text/csv' : 'text/xml' },
    table: report.table(heldBy(report, window, at), createdAt),
    zone: IESO_ZONE,
    modifiedAt: createdAt,
    isDated: true,
    render: (table) => report.render(table, edition),
    ...(report.period === 'year' || report.written !== undefined
      ? {}
      : { neighbour: () => fileAnswer(feeds, report, before, null, at) }),
  });
}

function fileName({ name, ending }: IesoReport, stamp: string | null, version: number | null): string {
  return `PUB_${name}${stamp === null ? '' : `_${stamp}`}${version === null ? '' : `_v${version}`}.${ending}`;
}

/** The stamp of the newest file that is published. */
function newestStamp(report: IesoReport, at: Micros): string | null {
  const end = latestTime(report, at);
  const newest = [...publishedIntervals(report.feed, { start: end - 60 * HOUR, end }, at)].at(-1);
  return newest === undefined ? null : stampOf(report, newest.start);
}

/** `02-May-2025 13:31`. */
function indexTime(at: Micros): string {
  const wall = wallAt(IESO_ZONE, at);
  return `${padded(wall.day)}-${MONTHS[wall.month - 1]}-${wall.year} ${clockText(wall, false)}`;
}

/** The folder as a page: each file with and without its version, and the time at which it was written. */
function index(feeds: IesoFeeds, report: IesoReport, at: Micros): Refusal {
  const lines: string[] = [];
  const add = (name: string, time: Micros): void => {
    lines.push(
      `<img src="/icons/text.gif" alt="[TXT]"> <a href="${name}">${name}</a>   ${indexTime(time)}   12K`,
    );
  };
  for (const stamp of stampsUntil(report, at)) {
    const window = windowOf(report, stamp);
    const times = window === null ? [] : versions(feeds, report, window, at);
    times.forEach((time, k) => {
      add(fileName(report, stamp, k + 1), time);
    });
    if (times.length > 0) add(fileName(report, stamp, null), times[times.length - 1]);
  }
  const title = `Index of ${ROOT}${report.name}`;
  const body = `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<html><head><title>${title}</title></head><body>\n<h1>${title}</h1>\n<pre>\n${lines.join('\n')}\n</pre></body></html>\n`;
  return { kind: 'refusal', status: 200, headers: { 'content-type': 'text/html;charset=UTF-8' }, body };
}

/** Stamps of the files that are kept, of hours only those of the last two days. */
function stampsUntil(report: IesoReport, at: Micros): Set<string> {
  const end = latestTime(report, at);
  const days = { hour: 2, day: KEPT_DAYS, year: 800 }[report.period];
  const stamps = new Set<string>();
  const { start } = iesoDay(iesoDayOf(at) - days);
  for (let time = start; time <= end; time += report.period === 'hour' ? HOUR : 12 * HOUR)
    stamps.add(stampOf(report, time));
  return stamps;
}

function examples(feeds: IesoFeeds, reports: readonly IesoReport[], at: Micros): Example[] {
  return reports.flatMap((report): Example[] => {
    const stamp = newestStamp(report, at) ?? stampOf(report, iesoDay(20_000).start);
    const answer = fileAnswer(feeds, report, stamp, null, at);
    const path = `${ROOT}${report.name}/${fileName(report, stamp, null)}`;
    return answer.kind === 'report' ? [{ dataset: report.feed.dataset, path }] : [];
  });
}
