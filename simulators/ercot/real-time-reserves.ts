/** Real-time clearing prices of capacity of the simulated ERCOT since 5 December 2025: by quarter hour and by dispatch. */

import { daysFromCivil, MINUTE, type Micros, SECOND } from '../../core/time/instant.ts';
import { fixedText } from '../decimal-text.ts';
import { drawIndex } from '../draw.ts';
import { type Feed, publishedIntervals, rowOf } from '../feed.ts';
import type { PriceProcess } from '../price-process.ts';
import { tableOf } from '../report.ts';
import { reservePriceOf } from '../reserve-process.ts';
import { delayOf, regularIntervals } from '../series.ts';
import { endingHour, ercotDayOf, flagOf, quarterOf, slashDay, slashText } from './clock.ts';
import type { TableMaker } from './tables.ts';

/** Both reports. */
export interface RealTimeReserves {
  readonly quarterHour: Feed;
  readonly sced: Feed;
}

const FIVE = 5 * MINUTE;
const QUARTER = 15 * MINUTE;
/** First operating day of real-time markets of reserves. */
const SINCE = daysFromCivil(2025, 12, 5);
const PRODUCTS = ['REGUP', 'REGDN', 'RRS', 'NSPIN', 'ECRS'];
const FIELDS = PRODUCTS.map((product) => `mcp_${product.toLowerCase()}`);

/** Prices of a quarter hour are those of its middle dispatch. */
export function realTimeReserves(process: PriceProcess): RealTimeReserves {
  const pricesAt = (start: Micros): number[] =>
    PRODUCTS.map((product) => reservePriceOf(process, 'rt', product, start));
  const since = (start: Micros, at: Micros): Micros =>
    ercotDayOf(start) < SINCE ? Number.POSITIVE_INFINITY : at;
  const feed = (
    rest: Pick<Feed, 'dataset' | 'step' | 'intervals' | 'publishedAt'>,
    markOf: (start: Micros) => Micros,
  ): Feed => ({
    ...rest,
    decimals: 2,
    fields: FIELDS,
    entries: ({ start }) => [{ place: { name: 'ERCOT' }, numbers: pricesAt(markOf(start)) }],
  });
  return {
    quarterHour: feed(
      {
        dataset: 'rt_as_prices',
        step: QUARTER,
        intervals: (window) => regularIntervals(window, QUARTER),
        publishedAt: ({ start, end }) => since(start, end + delayOf(process, 'mcpc', start, 60, 120)),
      },
      (start) => start + FIVE,
    ),
    sced: feed(
      {
        dataset: 'rt_as_prices_sced',
        step: FIVE,
        *intervals({ start, end }) {
          for (let mark = Math.floor(start / FIVE) * FIVE; mark < end; mark += FIVE) {
            const stamp = mark + (8 + drawIndex(20, process.seed, 96, mark)) * SECOND;
            if (stamp >= start && stamp < end) yield { start: stamp, end: stamp };
          }
        },
        publishedAt: ({ start }) => since(start, start + delayOf(process, 'sced', start, 8, 15)),
      },
      (start) => Math.floor(start / FIVE) * FIVE,
    ),
  };
}

/** A row per product: of quarter hours by their number, of dispatches by their stamp. */
export function reserveTable(feed: Feed): TableMaker {
  const isQuarter = feed.step === QUARTER;
  const header = isQuarter
    ? ['DeliveryDate', 'DeliveryHour', 'DeliveryInterval', 'ASType', 'MCPC', 'RepeatedHourFlag']
    : ['SCEDTimestamp', 'RepeatedHourFlag', 'ASType', 'MCPC'];
  return (window, at) => {
    const rows = [...publishedIntervals(feed, window, at)].flatMap((interval) => {
      const { start } = interval;
      const [entry] = feed.entries(interval, at);
      return PRODUCTS.map((product, k) => {
        const price = fixedText(entry.numbers[k] ?? 0, 2);
        const hour = [slashDay(start), String(endingHour(start)), String(quarterOf(start))];
        const cells = isQuarter
          ? [...hour, product, price, flagOf(start)]
          : [slashText(start), flagOf(start), product, price];
        return rowOf(feed, interval, entry, cells, (field) =>
          field === FIELDS[k] ? header.indexOf('MCPC') : -1,
        );
      });
    });
    return tableOf(header, rows, { isOrderFree: true });
  };
}
