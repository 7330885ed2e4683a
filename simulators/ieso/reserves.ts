/** Prices of operating reserve at the resources of the simulated IESO, with their congestion: since the market renewal. */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import type { Feed, Place } from '../feed.ts';
import { type PriceProcess, rounded } from '../price-process.ts';
import { tableOf } from '../report.ts';
import { correctedReserve, reservePriceOf } from '../reserve-process.ts';
import { regularIntervals } from '../series.ts';
import { createdCsv, type IesoReport, number, rowsOver } from './report-form.ts';
import {
  dayAheadAt,
  hourFileAt,
  hourOfDay,
  iesoDayOf,
  intervalOfHour,
  RENEWAL,
  renewed,
  revisedAt,
} from './trade-day.ts';

/** Both markets of reserve. */
export interface IesoReserves {
  readonly dayAhead: Feed;
  readonly realTime: Feed;
}

const CLASSES = ['10S', '10N', '30R'];
const COLUMNS = CLASSES.flatMap((each) => [`LMP ${each}`, `Congestion Price ${each}`]);
const FIELDS = CLASSES.flatMap((each) => [`mcp_${each.toLowerCase()}`, `congestion_${each.toLowerCase()}`]);

const RESOURCES: readonly Place[] = [
  'SIMFALLS-LT.AG1',
  'SIMGAS-LT.G1',
  'SIMLAKE-LT.G1',
  'SIMPOINT-LT.G2',
].map((name) => ({ name: `${name}:LMP` }));

/** Reserve markets from one price process; some prices are changed when a day's files are written once more. */
export function iesoReserves(process: PriceProcess): IesoReserves {
  const feed = (dataset: string, run: string, rest: Pick<Feed, 'step' | 'publishedAt'>): Feed => ({
    dataset,
    decimals: process.decimals,
    fields: FIELDS,
    ...rest,
    intervals: (window) => regularIntervals(window, rest.step),
    entries: ({ start }, at) => {
      const again = revisedAt(process, iesoDayOf(start));
      const share = again !== null && at >= again ? 0.02 : 0;
      return RESOURCES.map((place, k) => ({
        place,
        numbers: CLASSES.flatMap((each) => {
          const base = correctedReserve(process, run, each, start, share);
          const own = rounded(reservePriceOf(process, run, `${each}/${k}`, start) * 0.05) * (k - 1);
          // Congestion takes no price below zero.
          const congestion = Math.max(-base, own);
          return [base + congestion, congestion];
        }),
      }));
    },
  });
  return {
    dayAhead: feed('da_as_prices', 'da', {
      step: HOUR,
      publishedAt: ({ start }) => renewed(start, dayAheadAt(process, iesoDayOf(start))),
    }),
    realTime: feed('rt_as_prices', 'rt', {
      step: 5 * MINUTE,
      publishedAt: ({ start }) => renewed(start, hourFileAt(process, Math.floor(start / HOUR) * HOUR)),
    }),
  };
}

/** `DAHourlyORLMP` of a day and `RealtimeORLMP` of an hour. */
export function reserveReports({ dayAhead, realTime }: IesoReserves): IesoReport[] {
  const report = (name: string, period: 'day' | 'hour', feed: Feed): IesoReport => {
    const stamps = period === 'day' ? ['Delivery Hour'] : ['Delivery Hour', 'Interval'];
    return {
      name,
      ending: 'csv',
      period,
      feed,
      since: RENEWAL,
      until: null,
      table: (window, at) =>
        tableOf(
          [...stamps, 'Pricing Location', ...COLUMNS],
          rowsOver(feed, window, at, ({ start }, { place, numbers }) => [
            [
              String(hourOfDay(start)),
              ...(period === 'day' ? [] : [String(intervalOfHour(start))]),
              place.name,
              ...numbers.map((each) => number(each, 2)),
            ],
            (field) => stamps.length + 1 + FIELDS.indexOf(field),
          ]),
          { isOrderFree: true },
        ),
      render: createdCsv,
    };
  };
  return [report('DAHourlyORLMP', 'day', dayAhead), report('RealtimeORLMP', 'hour', realTime)];
}
