/** Results of PJM's reserve markets: day-ahead since October 2022, in real time by the hour and since September 2022 by five minutes. */

import { daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type Feed, type Place, rowOf } from '../feed.ts';
import type { PriceProcess } from '../price-process.ts';
import { reservePriceOf } from '../reserve-process.ts';
import { delayOf, regularIntervals } from '../series.ts';
import { BEGINNING, type DataFeed, stamps } from './figure-rows.ts';
import { pjmDay, pjmDayOf } from './market-day.ts';

/** Both reserve markets. */
export interface PjmReserves {
  readonly dayAhead: Feed;
  readonly realTime: Feed;
}

/** First operating day of the day-ahead market of reserves. */
const DAY_AHEAD_SINCE = daysFromCivil(2022, 10, 1);
/** First operating day with prices of five minutes. */
const FIVE_MINUTES_SINCE = daysFromCivil(2022, 9, 1);

/** Services by their words in the feeds, with the platform's names. */
const SERVICES: readonly (readonly [word: string, field: string])[] = [
  ['SR', 'mcp_synchronized_reserve'],
  ['PR', 'mcp_primary_reserve'],
  ['30MIN', 'mcp_secondary_reserve'],
  ['REG', 'mcp_regulation'],
];
const FIELDS = SERVICES.map(([, field]) => field);

/** The reserve zone and its subzone, which has no regulation and no thirty minutes of its own. */
const LOCALES: readonly Place[] = [{ name: 'PJM_RTO' }, { name: 'MAD' }];

/** Columns of quantities in both markets: they are printed, and none of them is a price. */
const QUANTITIES = ['as_req_mw', 'total_mw', 'as_mw', 'ss_mw'];

/** Reserve markets from one price process. */
export function pjmReserves(process: PriceProcess): PjmReserves {
  const feed = (
    dataset: string,
    run: string,
    rest: Pick<Feed, 'step' | 'publishedAt' | 'intervals'>,
  ): Feed => ({
    dataset,
    decimals: process.decimals,
    fields: FIELDS,
    ...rest,
    entries: ({ start }) =>
      LOCALES.map((place, k) => ({
        place,
        numbers: SERVICES.map(([word]) => {
          const isThere = word === 'REG' ? run === 'rt' && k === 0 : word !== '30MIN' || k === 0;
          return isThere ? reservePriceOf(process, run, `${place.name}/${word}`, start) : null;
        }),
      })),
  });
  return {
    dayAhead: feed('da_as_prices', 'da', {
      step: HOUR,
      publishedAt: ({ start }) => {
        const day = pjmDayOf(start);
        if (day < DAY_AHEAD_SINCE) return Number.POSITIVE_INFINITY;
        return pjmDay(day - 1).end - 10.5 * HOUR + delayOf(process, 'da/reserves', day, -600, 600);
      },
      intervals: (window) => regularIntervals(window, HOUR),
    }),
    realTime: feed('rt_as_prices', 'rt', {
      step: 5 * MINUTE,
      publishedAt: ({ start }) => {
        const day = pjmDayOf(start);
        return pjmDay(day).end + 11 * HOUR + delayOf(process, 'rt/reserves', day, 0, 1800);
      },
      *intervals(window) {
        const change = pjmDay(FIVE_MINUTES_SINCE).start;
        yield* regularIntervals({ start: window.start, end: Math.min(window.end, change) }, HOUR);
        yield* regularIntervals({ start: Math.max(window.start, change), end: window.end }, 5 * MINUTE);
      },
    }),
  };
}

/** The feeds of Data Miner. */
export function reserveRows({ dayAhead, realTime }: PjmReserves): DataFeed[] {
  return [
    resultRows('da_reserve_market_results', dayAhead, ['ircmwt2', 'dsr_as_mw', 'nsr_mw']),
    resultRows('reserve_market_results', realTime, ['tier1_mw', 'ircmwt2', 'dsr_as_mw', 'nsr_mw', 'regd_mw']),
  ];
}

/** A row per locale and service. Prices are capped nowhere here; the parts of regulation stand with it alone. */
function resultRows(name: string, feed: Feed, more: readonly string[]): DataFeed {
  const isRealTime = feed.step < HOUR;
  const prices = ['mcp', 'mcp_capped', ...(isRealTime ? ['reg_ccp', 'reg_pcp'] : [])];
  const columns = [...BEGINNING, 'locale', 'service', ...prices, ...QUANTITIES, ...more];
  return {
    name,
    dataset: feed.dataset,
    columns,
    bare: [...prices, ...QUANTITIES, ...more],
    feed,
    archivedAfterDays: null,
    stamp: 'datetime_beginning',
    rows: (interval: Interval, at: Micros) =>
      feed.entries(interval, at).flatMap((entry) =>
        SERVICES.flatMap(([word, own], k) => {
          const price = entry.numbers[k];
          if (price === null) return [];
          const text = plainText(price, feed.decimals);
          const parts = word === 'REG' ? [text, '0'] : ['', ''];
          const megawatts = [...QUANTITIES, ...more].map((_, n) => String(((k + 1) * 500 + n * 30) % 2100));
          const cells = [
            ...stamps(interval.start),
            entry.place.name,
            word,
            text,
            text,
            ...(isRealTime ? parts : []),
            ...megawatts,
          ];
          return [rowOf(feed, interval, entry, cells, (field) => (field === own ? 4 : -1))];
        }),
      ),
  };
}
