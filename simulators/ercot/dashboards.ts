/** Dashboards of ERCOT's site: undocumented JSON without a key, today and yesterday only. Form: reference 4.4. */

import { HOUR, MINUTE, type Micros, SECOND } from '../../core/time/instant.ts';
import { plainText } from '../decimal-text.ts';
import {
  type DemandProcess,
  type Fuel,
  forecastOf,
  generationOf,
  loadOf,
  quantityFeed,
} from '../demand-process.ts';
import { drawIndex } from '../draw.ts';
import { type Feed, type Place, publishedIntervals, rowOf } from '../feed.ts';
import { jsonCell } from '../json-table.ts';
import { clockText, offsetText, wallAt } from '../local-time.ts';
import type { Answer } from '../market.ts';
import { rounded } from '../price-process.ts';
import { JSON_HEADERS, jsonRefusal, plainReport, tableOf } from '../report.ts';
import type { Table } from '../table.ts';
import { ERCOT_ZONE, endingHour, ercotDay, ercotDayOf, flagOf, isoDay } from './clock.ts';

/** Folder of the dashboards. */
export const DASHBOARDS = '/api/1/services/read/dashboards/';

const FIVE = 5 * MINUTE;

const FUELS: readonly Fuel[] = [
  { name: 'Coal and Lignite', share: 0.14, habit: 'flat' },
  { name: 'Hydro', share: 0.002, habit: 'following' },
  { name: 'Nuclear', share: 0.09, habit: 'flat' },
  { name: 'Power Storage', share: 0.03, habit: 'battery' },
  { name: 'Solar', share: 0.1, habit: 'sun' },
  { name: 'Wind', share: 0.24, habit: 'wind' },
  { name: 'Natural Gas', share: 0.42, habit: 'following' },
  { name: 'Other', share: 0.001, habit: 'flat' },
];

/** A fuel as a place: the whole market's generation of it. */
export interface FuelPlace extends Place {
  readonly fuel: Fuel;
}

/** Generation by fuel: readings a little before each five-minute mark, at odd seconds. */
export function fuelFeed(process: DemandProcess): Feed<FuelPlace> {
  const places = FUELS.map((fuel): FuelPlace => ({ name: 'ERCOT', series: fuel.name, fuel }));
  const stampOf = (mark: Micros): Micros => mark - (2 + drawIndex(4, process.seed, 98, mark)) * SECOND;
  const feed = quantityFeed<FuelPlace>({
    dataset: 'fuel_mix',
    field: 'generation',
    step: FIVE,
    decimals: 6,
    publishedAt: ({ start }) => start + 60 * SECOND,
    places,
    amountOf: ({ fuel }, { start }) => generationOf(process, fuel, start),
  });
  return {
    ...feed,
    *intervals({ start, end }) {
      for (let mark = Math.floor(start / FIVE) * FIVE; mark < end + FIVE; mark += FIVE) {
        const stamp = stampOf(mark);
        if (stamp >= start && stamp < end) yield { start: stamp, end: stamp };
      }
    },
  };
}

/** `2025-10-08 00:04:56-0500`. */
function stampText(at: Micros): string {
  return `${isoDay(at)} ${clockText(wallAt(ERCOT_ZONE, at), true)}${offsetText(ERCOT_ZONE, at).replace(':', '')}`;
}

/** The answer for a file under the folder. */
export function dashboard(demand: DemandProcess, feed: Feed<FuelPlace>, name: string, at: Micros): Answer {
  if (name === 'fuel-mix.json') return fuelMix(feed, at);
  if (name === 'supply-demand.json') return supplyDemand(demand, at);
  return jsonRefusal(404, { status: 404, error: 'Not Found' });
}

function fuelMix(feed: Feed<FuelPlace>, at: Micros): Answer {
  const today = ercotDayOf(at);
  const window = { start: ercotDay(today - 1).start, end: ercotDay(today).end };
  const rows = [...publishedIntervals(feed, window, at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const cells = [
        stampText(interval.start),
        entry.place.series ?? '',
        plainText(entry.numbers[0] ?? 0, 6),
      ];
      return rowOf(feed, interval, entry, cells, () => 2);
    }),
  );
  const render = (table: Table): string => {
    const days = Map.groupBy(table.rows, ({ cells }) => cells[0].slice(0, 10));
    const objects = [...days].map(([day, ofDay]) => {
      const stamps = Map.groupBy(ofDay, ({ cells }) => cells[0]);
      const lines = [...stamps].map(
        ([stamp, ofStamp]) =>
          `${JSON.stringify(stamp)}:{${ofStamp.map(({ cells }) => `${JSON.stringify(cells[1])}:{"gen":${jsonCell(cells[2], 'bare', table.numbers)}}`).join(',')}}`,
      );
      return `${JSON.stringify(day)}:{${lines.join(',')}}`;
    });
    const head = { lastUpdated: stampText(at), types: FUELS.map(({ name }) => name) };
    return `${JSON.stringify(head).slice(0, -1)},"data":{${objects.join(',')}}}`;
  };
  return plainReport({
    dataset: 'fuel_mix',
    name: 'fuel-mix.json',
    headers: JSON_HEADERS,
    table: tableOf(['stamp', 'fuel', 'gen'], rows, { isKeyed: true, isOrderFree: true, numbers: 'bare' }),
    zone: ERCOT_ZONE,
    modifiedAt: at,
    render,
  });
}

/** Demand of yesterday and the expectation of today, hour by hour; its prices have no place in tests. */
function supplyDemand(demand: DemandProcess, at: Micros): Answer {
  const today = ercotDayOf(at);
  const hours = (day: number): unknown[] => {
    const { start, end } = ercotDay(day);
    const data: unknown[] = [];
    for (let hour = start; hour < end; hour += HOUR) {
      const load = hour + HOUR <= at ? rounded(loadOf(demand, 'SYSTEM', 1, hour) * 100) / 100 : undefined;
      data.push({
        hourEnding: endingHour(hour),
        dstFlag: flagOf(hour),
        currentLoadForecast: rounded(forecastOf(demand, 'SYSTEM', 1, hour, start) * 1e4) / 1e4,
        dayAheadForecast: rounded(forecastOf(demand, 'SYSTEM', 1, hour, start - 14 * HOUR) * 1e4) / 1e4,
        ...(load === undefined ? {} : { systemLoad: load }),
        timestamp: stampText(hour + HOUR),
        epoch: (hour + HOUR) / 1000,
      });
    }
    return data;
  };
  return jsonRefusal(200, {
    lastUpdated: stampText(at),
    previousDay: { dayDate: stampText(ercotDay(today - 1).start), data: hours(today - 1) },
    currentDay: { dayDate: stampText(ercotDay(today).start), data: hours(today) },
  });
}
