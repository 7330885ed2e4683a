/**
 * Display pages of ERCOT, `/content/cdr/html/YYYYMMDD_….html`: a table a day of hubs and load zones, or of weather zones.
 * An asterisk marks labels of the repeated hour. They grow with the day, and stay for a week.
 */

import { daysFromCivil, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText } from '../decimal-text.ts';
import { type Feed, type Place, publishedIntervals, wideRowOf } from '../feed.ts';
import { clockText, padded, slashDate, wallAt } from '../local-time.ts';
import type { Answer } from '../market.ts';
import { pageRefusal, plainReport, tableOf } from '../report.ts';
import type { Table } from '../table.ts';
import { ERCOT_ZONE, endingHour, ercotDay, ercotDayOf, isRepeated } from './clock.ts';
import type { ErcotFeeds } from './feeds.ts';

/** Folder of the pages. */
export const PAGES = '/content/cdr/html/';

const KEPT_DAYS = 8;

/** A page by the words behind its date. */
interface Page {
  readonly title: string;
  /** Name of the second column. */
  readonly label: string;
  readonly feed: Feed;
  /** Places that stand on it. */
  shows(place: Place): boolean;
  labelOf(interval: Interval): string;
}

/** `02`, `02*`. */
const hourLabel = ({ start }: Interval): string =>
  `${padded(endingHour(start))}${isRepeated(start) ? '*' : ''}`;

/** `0115`, `0115*`; the last one of a day is `2400`, the last before two o'clock `0200`. */
function quarterLabel({ start, end }: Interval): string {
  const wall = wallAt(ERCOT_ZONE, end);
  const text = wall.minute === 0 ? `${padded(endingHour(start))}00` : clockText(wall, false).replace(':', '');
  return `${text}${isRepeated(start) ? '*' : ''}`;
}

function pagesOf({ dayAhead, quarterHour, weatherZones }: ErcotFeeds): Readonly<Record<string, Page>> {
  const isShown = ({ name, series }: Place): boolean => /^(HB|LZ)_/.test(name) && series === undefined;
  return {
    dam_spp: {
      title: 'DAM Settlement Point Prices',
      label: 'Hour Ending',
      feed: dayAhead,
      shows: isShown,
      labelOf: hourLabel,
    },
    real_time_spp: {
      title: 'Real-Time Settlement Point Prices',
      label: 'Interval Ending',
      feed: quarterHour,
      shows: isShown,
      labelOf: quarterLabel,
    },
    actual_loads_of_weather_zones: {
      title: 'Actual Loads of Weather Zones',
      label: 'Hour Ending',
      feed: weatherZones,
      shows: () => true,
      labelOf: hourLabel,
    },
  };
}

/** The answer for a name under the folder. */
export function displayPage(feeds: ErcotFeeds, name: string, at: Micros): Answer {
  const m = /^(\d{4})(\d{2})(\d{2})_(\w+)\.html$/.exec(name);
  const page = pagesOf(feeds)[m?.[4] ?? ''];
  if (m === null || page === undefined) return notThere();
  const day = daysFromCivil(Number(m[1]), Number(m[2]), Number(m[3]));
  const table = tableOfDay(page, day, at);
  if (table.rows.length === 0 || ercotDayOf(at) - day > KEPT_DAYS) return notThere();
  return plainReport({
    dataset: page.feed.dataset,
    name,
    headers: { 'content-type': 'text/html' },
    table,
    zone: ERCOT_ZONE,
    modifiedAt: at,
    render: (shown) => pageOf(page.title, shown),
  });
}

function notThere(): Answer {
  return pageRefusal(404, 'Page not found', 'The page that you asked for does not exist.');
}

function tableOfDay({ feed, shows, label, labelOf }: Page, day: number, at: Micros): Table {
  let names: string[] = [];
  const rows = [...publishedIntervals(feed, ercotDay(day), at)].map((interval) => {
    const entries = feed.entries(interval, at).filter(({ place }) => shows(place));
    names = entries.map(({ place }) => place.name);
    const numbers = entries.map(({ numbers: [number] }) => fixedText(number ?? 0, feed.decimals));
    const cells = [slashDate(day), labelOf(interval), ...numbers];
    return wideRowOf(feed, interval, entries, cells, (place) => 2 + names.indexOf(place.name));
  });
  return tableOf(['Oper Day', label, ...names], rows, { isKeyed: true, isOrderFree: true });
}

function pageOf(title: string, { header, rows }: Table): string {
  const lines = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<div class="schedTime rightAlign"><span class="bold">Report:</span> ${title}</div>`,
    '<table class="tableStyle" cellpadding="0" cellspacing="0">',
    `<tr>${header.map((name) => `<th class="headerValueClass">${name}</th>`).join('')}</tr>`,
  ];
  for (const { cells } of rows)
    lines.push(`<tr>${cells.map((cell) => `<td class="labelClassCenter">${cell}</td>`).join('')}</tr>`);
  lines.push('</table>', '</body>', '</html>', '');
  return lines.join('\n');
}
