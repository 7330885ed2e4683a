/** `/api/v1.1/…`: the web services, as JSON or XML by ending or by `Accept`. */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type Entry, type Feed, publishedIntervals, rowOf } from '../feed.ts';
import { wallAt } from '../local-time.ts';
import type { Answer, ClientRequest, Refusal } from '../market.ts';
import { JSON_HEADERS, jsonRefusal, plainReport, tableOf } from '../report.ts';
import type { TableRow } from '../table.ts';
import { finalAt, forecastIssue, type IsoneFeeds } from './feeds.ts';
import { flowService } from './flows.ts';
import { ISONE_ZONE, isoneDay, isoneDayOf } from './market-day.ts';
import { nestedJson, nestedXml, type RecordTags } from './nested-body.ts';
import { reserveService } from './reserves.ts';
import { dayIn, spanOf, stampText, type Wanted } from './service-request.ts';

/** Root of the services. */
export const SERVICES = '/api/v1.1/';

/** The refusal of a path that the services do not know, or of a date that is none. */
function badRequest(): Refusal {
  return jsonRefusal(400, { Status: 400, Error: 'Bad Request' });
}

/** The answer to a path under the root. */
export function serviceAnswer(feeds: IsoneFeeds, path: string, request: ClientRequest, at: Micros): Answer {
  const m = /^(.*?)(?:\.(json|xml))?$/.exec(path.slice(SERVICES.length));
  const isJson = m?.[2] === 'json' || (m?.[2] === undefined && /json/.test(request.headers['accept'] ?? ''));
  const parts = (m?.[1] ?? '').split('/');
  const wanted = parts[0] === 'locations' ? locations(feeds, parts) : wantedBy(feeds, parts, at);
  if (wanted === null) return badRequest();
  const { feed, tags, header, rows } = wanted;
  return plainReport({
    dataset: feed.dataset,
    name: `${parts.join('_')}.${isJson ? 'json' : 'xml'}`,
    headers: isJson ? JSON_HEADERS : { 'content-type': 'application/xml' },
    table: tableOf(header, rows, {
      isKeyed: true,
      isOrderFree: true,
      ...(isJson ? { numbers: 'bare' } : {}),
    }),
    zone: ISONE_ZONE,
    modifiedAt: at,
    render: (table) => (isJson ? nestedJson(table, tags) : nestedXml(table, tags)),
  });
}

function wantedBy(feeds: IsoneFeeds, parts: readonly string[], at: Micros): Wanted | null {
  const [service, ...rest] = parts;
  switch (service) {
    case 'hourlylmp':
    case 'fiveminutelmp':
      return prices(feeds, service === 'hourlylmp', rest, at);
    case 'fiveminutesystemload':
      return load(feeds.load, { container: 'FiveMinSystemLoads', record: 'FiveMinSystemLoad' }, rest, at);
    case 'hourlysysload':
      return load(feeds.hourlyLoad, { container: 'HourlySystemLoads', record: 'HourlySystemLoad' }, rest, at);
    case 'hourlyloadforecast':
      return forecast(feeds, rest, at);
    case 'genfuelmix':
      return fuels(feeds, rest, at);
    case 'fiveminuteexternalflow':
      return flowService(feeds.flows, rest, at);
    default:
      return reserveService(feeds.reserves, service, rest, at);
  }
}

const PRICE_HEADER = [
  'BeginDate',
  'Location/@LocId',
  'Location/@LocType',
  'Location/$',
  'LmpTotal',
  'EnergyComponent',
  'CongestionComponent',
  'LossComponent',
];

/** `da/final/day/D[/location/N]`, `rt/prelim/…`, `prelim/day/D/starthour/HH`, `prelim/current/all`. */
function prices(feeds: IsoneFeeds, isHourly: boolean, parts: readonly string[], at: Micros): Wanted | null {
  const isDayAhead = isHourly && parts[0] === 'da';
  const state = isHourly ? parts[1] : parts[0];
  if (state !== 'final' && (state !== 'prelim' || isDayAhead)) return null;
  const feed = isDayAhead ? feeds.dayAhead : isHourly ? feeds.hourly : feeds.fiveMinute;
  const span = spanOf(feed, parts, at);
  if (span === null) return null;
  const hour = parts.includes('starthour') ? Number(parts[parts.indexOf('starthour') + 1]) : null;
  if (!isHourly && hour === null && parts.includes('day')) return null;
  const place = parts.includes('location') ? Number(parts[parts.indexOf('location') + 1]) : null;
  const rows: TableRow[] = [];
  for (const interval of publishedIntervals(feed, span, at)) {
    if (hour !== null && wallAt(ISONE_ZONE, interval.start).hour !== hour) continue;
    const changedAt = finalAt(feeds.process, isoneDayOf(interval.start));
    if (!isDayAhead && state === 'final' && at < changedAt) continue;
    // Preliminary prices stay as they were.
    const asOf = !isDayAhead && state === 'prelim' ? Math.min(at, changedAt - 1) : at;
    for (const entry of feed.entries(interval, asOf))
      if (place === null || entry.place.id === place) rows.push(priceRow(feed, interval, entry));
  }
  const tags = isHourly
    ? { container: 'HourlyLmps', record: 'HourlyLmp' }
    : { container: 'FiveMinLmps', record: 'FiveMinLmp' };
  return { feed, tags, header: PRICE_HEADER, rows };
}

function priceRow(
  feed: IsoneFeeds['dayAhead'],
  interval: Interval,
  entry: Entry<IsoneFeeds['locations'][number]>,
): TableRow {
  const { id, type, name } = entry.place;
  const cells = [
    stampText(interval.start),
    String(id),
    type,
    name,
    ...entry.numbers.map((number) => plainText(number ?? 0, feed.decimals)),
  ];
  return rowOf(feed, interval, entry, cells, (field) => 4 + feed.fields.indexOf(field));
}

/** `/current` of the system load leaves the container out. */
function load(feed: Feed, tags: RecordTags, parts: readonly string[], at: Micros): Wanted | null {
  const span = spanOf(feed, parts, at);
  if (span === null) return null;
  const isFive = feed.step < HOUR;
  const place = isFive ? [] : ['Location/@LocId', 'Location/$'];
  const names = isFive ? ['LoadMw', 'NativeLoad', 'ArdDemand'] : ['Load', 'NativeLoad', 'ArdDemand'];
  const header = ['BeginDate', ...place, ...names];
  const rows = [...publishedIntervals(feed, span, at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const numbers = entry.numbers.map((number) => plainText(number ?? 0, feed.decimals));
      const cells = [stampText(interval.start), ...(isFive ? [] : ['32', 'NEPOOL AREA']), ...numbers];
      return rowOf(feed, interval, entry, cells, (field) => 1 + place.length + feed.fields.indexOf(field));
    }),
  );
  return {
    feed,
    tags: parts.includes('current') && isFive ? { ...tags, container: '' } : tags,
    header,
    rows,
  };
}

/** The newest forecast of a day; with `all` every one that was made of it. */
function forecast({ forecast: feed }: IsoneFeeds, parts: readonly string[], at: Micros): Wanted | null {
  const day = parts.includes('current') ? isoneDayOf(at) : dayIn(parts);
  if (day === null) return null;
  const newest = forecastIssue(day, at);
  const issues = parts.includes('all')
    ? [2, 1, 0].map((back) => isoneDay(day - back).start + 10 * HOUR).filter((issue) => issue <= at)
    : [newest];
  const rows = issues.flatMap((issue) =>
    [...publishedIntervals(feed, isoneDay(day), issue)].flatMap((interval) =>
      feed.entries(interval, issue).map((entry) => {
        const numbers = entry.numbers.map((number) => String(number));
        const cells = [stampText(interval.start), stampText(issue), ...numbers];
        return rowOf(feed, interval, entry, cells, (field) =>
          issue === newest ? 2 + feed.fields.indexOf(field) : -1,
        );
      }),
    ),
  );
  const tags = { container: 'HourlyLoadForecasts', record: 'HourlyLoadForecast' };
  return { feed, tags, header: ['BeginDate', 'CreationDate', 'LoadMw', 'NetLoadMw'], rows };
}

function fuels({ fuels: feed }: IsoneFeeds, parts: readonly string[], at: Micros): Wanted | null {
  const span = spanOf(feed, parts, at);
  if (span === null) return null;
  const rows = [...publishedIntervals(feed, span, at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const name = entry.place.series ?? '';
      const rollup = ['Landfill Gas', 'Refuse', 'Wood', 'Solar', 'Wind'].includes(name) ? 'Renewables' : name;
      const flag = name === 'Natural Gas' ? 'Y' : 'N';
      const cells = [stampText(interval.start), String(entry.numbers[0]), rollup, name, flag];
      return rowOf(feed, interval, entry, cells, () => 1);
    }),
  );
  const header = ['BeginDate', 'GenMw', 'FuelCategoryRollup', 'FuelCategory', 'MarginalFlag'];
  return { feed, tags: { container: 'GenFuelMixes', record: 'GenFuelMix' }, header, rows };
}

/** Reference data: no values. */
function locations({ locations: all, dayAhead: feed }: IsoneFeeds, parts: readonly string[]): Wanted {
  const shown = parts[1] === 'all' ? all : all.filter(({ type }) => type === 'HUB' || type === 'LOAD ZONE');
  const rows = shown.map(({ id, name, type }): TableRow => {
    const cells = [String(id), type, name];
    return { cells, facts: () => [] };
  });
  const header = ['LocationID', 'LocationType', 'LocationName'];
  return { feed, tags: { container: 'Locations', record: 'Location' }, header, rows };
}
