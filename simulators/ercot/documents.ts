/**
 * Documents of ERCOT's market information system: which there are at an instant, their numbers and names, and what they
 * hold. A document never changes; a number says by itself which document it is.
 */

import { DAY, daysFromCivil, HOUR, MINUTE, type Micros, SECOND } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import type { Feed } from '../feed.ts';
import { clockText, compactDate, wallAt } from '../local-time.ts';
import { delayOf } from '../series.ts';
import { ERCOT_ZONE, ercotDay, ercotDayOf, isRepeated } from './clock.ts';
import { correctionTime, type ErcotFeeds, retryTime } from './feeds.ts';
import { reserveTable } from './real-time-reserves.ts';
import { renewableReports, renewableTable, renewableWindow } from './renewables.ts';
import {
  capacityTable,
  correctionTable,
  dayAheadTable,
  forecastTable,
  loadTable,
  quarterHourTable,
  scedTable,
  type TableMaker,
} from './tables.ts';

/** One kind of document. */
export interface Product {
  readonly dataset: string;
  /** `12331`. */
  readonly reportTypeId: string;
  /** `NP4-190-CD`. */
  readonly emilId: string;
  readonly title: string;
  /** `DAMSPNP4190`: begins the friendly name. */
  readonly stem: string;
  /** Tags of the XML form: of all rows, and of each. */
  readonly tags: readonly [rows: string, row: string];
  readonly keepDays: number;
  /** Documents published in a stretch of time, in order. */
  documents(published: Interval): Iterable<Document>;
  readonly table: TableMaker;
}

/** One document, in both of its forms. */
export interface Document {
  /** What it covers. */
  readonly window: Interval;
  readonly publishedAt: Micros;
  /** Friendly name without `_csv`. */
  readonly name: string;
  /** True for a later document about the same window. */
  readonly isRetry: boolean;
}

const FIVE = 5 * MINUTE;
const QUARTER = 15 * MINUTE;
/** Numbers count from here in steps of five minutes. */
const EPOCH = daysFromCivil(2010, 1, 1) * DAY;

/** The kinds of documents in a fixed order, which is part of their numbers. */
export function ercotProducts(feeds: ErcotFeeds): Product[] {
  const { process, dayAhead, quarterHour, sced, capacity, weatherZones, forecastZones, forecast } = feeds;
  const { reserves, sources } = feeds;
  const [wind, sun] = sources;
  const daily = (stem: string, timeOf: (day: number) => Micros) =>
    function* ({ start, end }: Interval): Generator<Document> {
      for (let day = ercotDayOf(start) - 5; day <= ercotDayOf(end) + 2; day++) {
        const publishedAt = timeOf(day);
        if (publishedAt >= start && publishedAt < end)
          yield { window: ercotDay(day), publishedAt, name: stem, isRetry: false };
      }
    };
  const first = (feed: { publishedAt(interval: Interval): Micros }) => (day: number) =>
    feed.publishedAt(ercotDay(day));
  const nextMorning = (day: number): Micros =>
    ercotDay(day).end + 5 * HOUR + 50 * MINUTE + delayOf(process, 'load', day, 0, 60);
  const product = (
    dataset: string,
    ids: readonly [type: string, emil: string, stem: string],
    title: string,
    tags: readonly [string, string],
    keepDays: number,
    documents: Product['documents'],
    table: TableMaker,
  ): Product => {
    const [reportTypeId, emilId, stem] = ids;
    return { dataset, reportTypeId, emilId, title, stem, tags, keepDays, documents, table };
  };
  return [
    product(
      'da_lmp',
      ['12331', 'NP4-190-CD', 'DAMSPNP4190'],
      'DAM Settlement Point Prices',
      ['DAMSettlementPointPrices', 'DAMSettlementPointPrice'],
      30,
      daily('DAMSPNP4190', first(dayAhead)),
      dayAheadTable(dayAhead),
    ),
    product(
      'rt_lmp',
      ['12301', 'NP6-905-CD', 'SPPHLZNP6905'],
      'Settlement Point Prices at Resource Nodes, Hubs and Load Zones',
      ['SPPatHubsLoadZones', 'SPPatHubsLoadZone'],
      30,
      (published) => quarterDocuments(feeds, published),
      quarterHourTable(quarterHour),
    ),
    product(
      'rt_lmp_sced',
      ['12300', 'NP6-788-CD', 'LMPSROSNODENP6788'],
      'LMPs by Resource Nodes, Load Zones and Trading Hubs',
      ['LMPsByResourceNodes', 'LMPsByResourceNode'],
      5,
      oneByOne(sced, (window) => `LMPSROSNODENP6788_${nameTime(window.start, true)}`),
      scedTable(sced),
    ),
    product(
      'da_as_prices',
      ['12329', 'NP4-188-CD', 'DAMCPCNP4188'],
      'DAM Clearing Prices for Capacity',
      ['DAMClearingPricesForCapacities', 'DAMClearingPricesForCapacity'],
      30,
      daily('DAMCPCNP4188', first(capacity)),
      capacityTable(capacity),
    ),
    product(
      'load_hourly',
      ['13101', 'NP6-345-CD', 'ACTUALSYSLOADWZNP6345'],
      'Actual System Load by Weather Zone',
      ['ACTUALSYSLOADWZS', 'ACTUALSYSLOADWZ'],
      30,
      daily('ACTUALSYSLOADWZNP6345', nextMorning),
      loadTable(weatherZones),
    ),
    product(
      'load_by_forecast_zone',
      ['14836', 'NP6-346-CD', 'ACTUALSYSLOADFZNP6346'],
      'Actual System Load by Forecast Zone',
      ['ACTUALSYSLOADFZS', 'ACTUALSYSLOADFZ'],
      30,
      daily('ACTUALSYSLOADFZNP6346', nextMorning),
      loadTable(forecastZones),
    ),
    product(
      'load_forecast',
      ['12311', 'NP3-560-CD', 'LFCCONGESTNP3560'],
      'Seven-Day Load Forecast by Forecast Zone',
      ['LoadForecasts', 'LoadForecast'],
      7,
      forecastDocuments,
      forecastTable(forecast),
    ),
    product(
      'da_lmp',
      ['13044', 'NP4-196-M', 'DAMPRCORSPPNP4196'],
      'DAM Price Corrections',
      ['DAMPriceCorrectionSPPs', 'DAMPriceCorrectionSPP'],
      30,
      daily('DAMPRCORSPPNP4196', (day) => correctionTime(process, day)),
      correctionTable(dayAhead),
    ),
    product(
      'wind_forecast',
      ['13028', 'NP4-732-CD', 'WPPHRLYAVRACTNP4732'],
      'Wind Power Production - Hourly Averaged Actual and Forecasted Values',
      ['WPPHourlyAverages', 'WPPHourlyAverage'],
      7,
      hourly('WPPHRLYAVRACTNP4732'),
      renewableTable(wind),
    ),
    product(
      'solar_forecast',
      ['13483', 'NP4-737-CD', 'PVGRPPHRLYAVRACTNP4737'],
      'Solar Power Production - Hourly Averaged Actual and Forecasted Values',
      ['PVGRPPHourlyAverages', 'PVGRPPHourlyAverage'],
      7,
      hourly('PVGRPPHRLYAVRACTNP4737'),
      renewableTable(sun),
    ),
    product(
      'rt_as_prices',
      ['24898', 'NP6-331-CD', 'RTMCPCNP6331'],
      'Real-Time Clearing Prices for Capacity by 15-Minute Settlement Interval',
      ['RTMCPCs', 'RTMCPC'],
      30,
      oneByOne(reserves.quarterHour, (window) => `RTMCPCNP6331_${nameTime(window.end, false)}`),
      reserveTable(reserves.quarterHour),
    ),
    product(
      'rt_as_prices_sced',
      ['24891', 'NP6-332-CD', 'SCEDMCPCNP6332'],
      'Real-Time Clearing Prices for Capacity by SCED Interval',
      ['SCEDMCPCs', 'SCEDMCPC'],
      5,
      oneByOne(reserves.sced, (window) => `SCEDMCPCNP6332_${nameTime(window.start, true)}`),
      reserveTable(reserves.sced),
    ),
  ];
}

/** Every hour at its fifty-fifth minute. */
const hourly = (name: string) =>
  function* (published: Interval): Generator<Document> {
    for (const publishedAt of renewableReports(published))
      yield { window: renewableWindow(publishedAt), publishedAt, name, isRetry: false };
  };

/** A document for each interval of a feed. */
const oneByOne = (feed: Feed, nameOf: (window: Interval) => string) =>
  function* ({ start, end }: Interval): Generator<Document> {
    for (const interval of feed.intervals({ start: start - HOUR, end })) {
      const publishedAt = feed.publishedAt(interval);
      const window = { start: interval.start, end: Math.max(interval.end, interval.start + SECOND) };
      if (publishedAt >= start && publishedAt < end)
        yield { window, publishedAt, name: nameOf(window), isRetry: false };
    }
  };

/** `20250313_1230` of a stamp; files of the repeated hour bear `xhr`. */
function nameTime(stamp: Micros, withSeconds: boolean): string {
  const time = clockText(wallAt(ERCOT_ZONE, stamp), withSeconds).replaceAll(':', '');
  return `${compactDate(ercotDayOf(stamp))}_${time}${isRepeated(stamp) ? 'xhr' : ''}`;
}

function* quarterDocuments(
  { process, quarterHour }: ErcotFeeds,
  { start, end }: Interval,
): Generator<Document> {
  const found: Document[] = [];
  for (const window of quarterHour.intervals({ start: start - HOUR - QUARTER, end })) {
    const time = nameTime(window.end, false);
    found.push({
      window,
      publishedAt: quarterHour.publishedAt(window),
      name: `SPPHLZNP6905_${time}`,
      isRetry: false,
    });
    const again = retryTime(process, window);
    if (again !== null)
      found.push({ window, publishedAt: again, name: `SPPHLZNP6905_retry_${time}`, isRetry: true });
  }
  found.sort((a, b) => a.publishedAt - b.publishedAt);
  yield* found.filter(({ publishedAt }) => publishedAt >= start && publishedAt < end);
}

/** Every hour at half past: today and the seven days after it. */
function* forecastDocuments({ start, end }: Interval): Generator<Document> {
  for (let hour = Math.floor(start / HOUR) * HOUR; hour < end; hour += HOUR) {
    const publishedAt = hour + 30 * MINUTE;
    if (publishedAt < start || publishedAt >= end) continue;
    const day = ercotDayOf(publishedAt);
    const window = { start: ercotDay(day).start, end: ercotDay(day + 7).end };
    yield { window, publishedAt, name: 'LFCCONGESTNP3560', isRetry: false };
  }
}

/** DocID: which kind, which stretch of time, first or again, CSV or XML; higher for later ones. */
export function documentId(
  products: readonly Product[],
  product: Product,
  document: Document,
  isXml: boolean,
): string {
  const slot = Math.floor((slotTime(product, document) - EPOCH) / FIVE);
  const kind = products.indexOf(product) * 4 + (document.isRetry ? 2 : 0) + (isXml ? 1 : 0);
  return String(1_000_000_000 + slot * 64 + kind);
}

/** Forecasts of many hours cover the same day: those are told apart by their time. */
function slotTime(product: Product, { window, publishedAt }: Document): Micros {
  return product.dataset === 'load_forecast' ? publishedAt : window.start;
}

/** A document that was found, and the form that was asked for. */
export interface Found {
  readonly product: Product;
  readonly document: Document;
  readonly isXml: boolean;
}

/** The document of a number, when it is published and not yet gone. */
export function documentOf(products: readonly Product[], id: string, at: Micros): Found | null {
  const n = Number(id) - 1_000_000_000;
  if (!/^\d{10}$/.test(id) || n < 0) return null;
  const product = products[Math.floor((n % 64) / 4)];
  if (product === undefined) return null;
  const slot = EPOCH + Math.floor(n / 64) * FIVE;
  const wanted = {
    start: Math.max(slot - 2 * DAY, at - product.keepDays * DAY),
    end: Math.min(slot + 6 * DAY, at + 1),
  };
  for (const document of product.documents(wanted))
    if (documentId(products, product, document, n % 2 === 1) === id)
      return { product, document, isXml: n % 2 === 1 };
  return null;
}
