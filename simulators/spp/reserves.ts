/** Clearing prices of SPP's reserves by zone: day-ahead, and in real time with service and mileage of regulation apart. */

import { daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText } from '../decimal-text.ts';
import { draw } from '../draw.ts';
import { type Feed, publishedIntervals, rowOf } from '../feed.ts';
import type { Answer } from '../market.ts';
import { type PriceProcess, rounded } from '../price-process.ts';
import { tableOf } from '../report.ts';
import { correctedReserve, reservePriceOf } from '../reserve-process.ts';
import { regularIntervals } from '../series.ts';
import type { Table, TableRow } from '../table.ts';
import { intervalStamp, sppDay, sppDayOf, stampsOf } from './clock.ts';
import { dailyPath, dayOf, fileOf, intervalPath, markOf, monthFolder, notThere } from './folders.ts';
import { dailyAt, fileAt, isHole } from './publication.ts';

/** Both markets of reserves. */
export interface SppReserves {
  readonly process: PriceProcess;
  readonly dayAhead: Feed;
  readonly realTime: Feed;
}

const FIVE = 5 * MINUTE;
const ZONES = ['1', '2', '3', '4', '5'];
/** Products in the order of the day-ahead files. Uncertainty reserve was new on 6 July 2023. */
const PRODUCTS = ['RegUP', 'RegDN', 'RampUP', 'RampDN', 'Spin', 'Supp', 'UncUP'];
/** First operating day with uncertainty reserve. */
const UNCERTAINTY_SINCE = daysFromCivil(2023, 7, 6);

/** Columns of the real-time files with the platform's fields. */
const REAL_TIME: readonly (readonly [column: string, field: string])[] = [
  ['RegUPService', 'mcp_regup'],
  ['RegDNService', 'mcp_regdn'],
  ['RegUpMile', 'mcp_regup_mileage'],
  ['RegDNMile', 'mcp_regdn_mileage'],
  ['RampUP', 'mcp_rampup'],
  ['RampDN', 'mcp_rampdn'],
  ['Spin', 'mcp_spin'],
  ['Supp', 'mcp_supp'],
  ['UncUP', 'mcp_uncup'],
];

const hasUncertainty = (start: Micros): boolean => sppDayOf(start) >= UNCERTAINTY_SINCE;

/** Reserve markets from one price process. */
export function sppReserves(process: PriceProcess, dayAheadAt: (interval: Interval) => Micros): SppReserves {
  return {
    process,
    dayAhead: {
      dataset: 'da_as_prices',
      step: HOUR,
      decimals: 4,
      fields: PRODUCTS.map((product) => `mcp_${product.toLowerCase()}`),
      intervals: (window) => regularIntervals(window, HOUR),
      publishedAt: dayAheadAt,
      entries: ({ start }) =>
        ZONES.map((name) => ({
          place: { name },
          numbers: PRODUCTS.map((product, k) =>
            product === 'UncUP' && !hasUncertainty(start)
              ? null
              : rounded(150_000 * draw(process.seed, 103, k, start) ** 3),
          ),
        })),
    },
    realTime: {
      dataset: 'rt_as_prices',
      step: FIVE,
      decimals: 4,
      fields: REAL_TIME.map(([, field]) => field),
      intervals: (window) => regularIntervals(window, FIVE),
      publishedAt: (interval) =>
        isHole(process, interval) ? dailyAt(process, sppDayOf(interval.start)) : fileAt(process, interval),
      entries: ({ start }, at) => {
        const isFinal = at >= dailyAt(process, sppDayOf(start));
        return ZONES.map((name) => ({
          place: { name },
          numbers: REAL_TIME.map(([column, field]) => {
            if (column === 'UncUP' && !hasUncertainty(start)) return null;
            // Zones differ in few products.
            const product = ['mcp_spin', 'mcp_supp'].includes(field) ? `${field}/${name}` : field;
            return isFinal
              ? correctedReserve(process, 'rt', product, start, 0.01)
              : reservePriceOf(process, 'rt', product, start);
          }),
        }));
      },
    },
  };
}

/** A row per zone and interval. */
function tableFor(feed: Feed, columns: readonly string[], window: Interval, at: Micros): Table {
  const count = hasUncertainty(window.start) ? columns.length : columns.length - 1;
  const rows = [...publishedIntervals(feed, window, at)].flatMap((interval): TableRow[] =>
    feed.entries(interval, at).map((entry) => {
      const prices = entry.numbers.slice(0, count).map((number) => fixedText(number ?? 0, 4));
      const cells = [...stampsOf(interval.end), entry.place.name, ...prices];
      return rowOf(feed, interval, entry, cells, (field) => 3 + feed.fields.indexOf(field));
    }),
  );
  const header = ['Interval', 'GMTIntervalEnd', 'Reserve Zone', ...columns.slice(0, count)];
  return tableOf(header, rows, { isOrderFree: true });
}

/** The file of a day-ahead day. */
export function dayAheadReserves({ dayAhead }: SppReserves, file: string, at: Micros): Answer {
  const day = dayOf(file);
  if (day === null) return notThere();
  const path = (each: number): string =>
    dailyPath('DA-MCP', each).replace('/By_Day', '').replace('.csv', '0100.csv');
  const window = sppDay(day);
  const publishedAt = dayAhead.publishedAt(window);
  if (file !== path(day) || !file.startsWith(monthFolder(day)) || at < publishedAt) return notThere();
  return fileOf(dayAhead.dataset, file, publishedAt, tableFor(dayAhead, PRODUCTS, window, at));
}

/** Files of intervals, the newest of them, and days later the file of a day. Intervals that have no file are in that. */
export function realTimeReserves(reserves: SppReserves, file: string, at: Micros): Answer {
  const { process, realTime } = reserves;
  const columns = REAL_TIME.map(([column]) => column);
  const interval = (window: Interval, asOf: Micros): Answer =>
    fileOf(realTime.dataset, file, fileAt(process, window), tableFor(realTime, columns, window, asOf), () =>
      realTimeReserves(
        reserves,
        intervalPath('RTBM-MCP', { start: window.start - FIVE, end: window.start }),
        at,
      ),
    );
  if (file === '/RTBM-MCP-latestInterval.csv') {
    let end = Math.floor(at / FIVE) * FIVE;
    while (realTime.publishedAt({ start: end - FIVE, end }) > at) end -= FIVE;
    return interval({ start: end - FIVE, end }, at);
  }
  const day = dayOf(file);
  if (day !== null && file === dailyPath('RTBM-MCP-DAILY', day)) {
    const publishedAt = dailyAt(process, day);
    if (at < publishedAt) return notThere();
    const { header, ...rest } = tableFor(realTime, columns, sppDay(day), at);
    // Its column names have blanks before them here and there.
    const table = { ...rest, header: header.map((name) => (name === 'RegDNMile' ? ` ${name}` : name)) };
    return fileOf(realTime.dataset, file, publishedAt, table);
  }
  const end = markOf(file, FIVE, intervalStamp);
  if (end === null) return notThere();
  const window = { start: end - FIVE, end };
  if (file !== intervalPath('RTBM-MCP', window) || isHole(process, window) || at < fileAt(process, window))
    return notThere();
  return interval(window, Math.min(at, dailyAt(process, sppDayOf(window.start)) - 1));
}
