/** Load and generation files of SPP. Form: reference 8. */

import { DAY, daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText, plainText } from '../decimal-text.ts';
import { type DemandProcess, type Fuel, generationOf, loadOf, quantityFeed } from '../demand-process.ts';
import { type Feed, type Place, publishedIntervals, rowOf, wideRowOf } from '../feed.ts';
import { isoStamp, slashStamp } from '../local-time.ts';
import { tableOf } from '../report.ts';
import type { Table } from '../table.ts';
import { sppDayOf, stampsOf, WEST_SINCE } from './clock.ts';
import type { ControlZone } from './feeds.ts';

/** First day of the hourly load in rows in place of columns. */
const LONG_SINCE = daysFromCivil(2026, 3, 24);

/** Forecast and actual load around the mark that names a file; `stampColumn` is the name of its GMT column. */
export function forecastFile(feed: Feed, window: Interval, stampColumn: string, at: Micros): Table {
  const isShort = feed.step < HOUR;
  const hasArea = sppDayOf(at) >= WEST_SINCE;
  const names = isShort ? ['STLF', 'Actual'] : ['MTLF', 'Averaged Actual'];
  const rows = [...publishedIntervals(feed, window, at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const numbers = entry.numbers.map((number) =>
        number === null ? '' : plainText(number, feed.decimals),
      );
      const cells = [...stampsOf(interval.end), ...numbers];
      return rowOf(
        feed,
        interval,
        entry,
        hasArea ? [...cells, 'SPP'] : cells,
        (field) => 2 + feed.fields.indexOf(field),
      );
    }),
  );
  const header = ['Interval', stampColumn, ...names, ...(hasArea ? ['BAA'] : [])];
  return tableOf(header, rows, { isOrderFree: true });
}

/** Load of a day by control zone: side by side until 23 March 2026, in rows since. */
export function hourlyLoadFile(feed: Feed<ControlZone>, window: Interval, at: Micros): Table {
  const isLong = sppDayOf(window.start) >= LONG_SINCE;
  let names: string[] = [];
  const rows = [...publishedIntervals(feed, window, at)].flatMap((interval) => {
    const entries = feed.entries(interval, at);
    names = entries.map(({ place }) => place.name);
    const stamp = slashStamp('UTC', interval.end);
    if (isLong)
      return entries.map((entry) => {
        const cells = [stamp, 'SPP', entry.place.name, 'Control Zone', fixedText(entry.numbers[0] ?? 0, 3)];
        return rowOf(feed, interval, entry, cells, () => 4);
      });
    const amounts = entries.map(({ numbers }) => fixedText(numbers[0] ?? 0, 3));
    return [wideRowOf(feed, interval, entries, [stamp, ...amounts], ({ name }) => 1 + names.indexOf(name))];
  });
  const header = isLong
    ? ['Market Hour', 'Balancing Area Name', 'Control Zone Name', 'Forecast Area Type', 'Load MW']
    : ['MarketHour', ...names.map((name) => ` ${name}`)];
  return tableOf(header, rows, { isOrderFree: true });
}

/** A fuel and whether the market or its owner scheduled it. */
export interface FuelColumn extends Place {
  readonly fuel: Fuel;
  readonly share: number;
}

const FUELS: readonly Fuel[] = [
  { name: 'Coal', share: 0.24, habit: 'following' },
  { name: 'Diesel Fuel Oil', share: 0.001, habit: 'flat' },
  { name: 'Hydro', share: 0.05, habit: 'following' },
  { name: 'Natural Gas', share: 0.3, habit: 'following' },
  { name: 'Nuclear', share: 0.06, habit: 'flat' },
  { name: 'Solar', share: 0.02, habit: 'sun' },
  { name: 'Waste Disposal Services', share: 0.001, habit: 'flat' },
  { name: 'Wind', share: 0.38, habit: 'wind' },
  { name: 'Waste Heat', share: 0.001, habit: 'flat' },
  { name: 'Other', share: 0.001, habit: 'flat' },
];

/** Generation by fuel, readings every five minutes. */
export function fuelFeed(demand: DemandProcess): Feed<FuelColumn> {
  const places = FUELS.flatMap((fuel) =>
    [
      { word: 'Market', share: 0.7 },
      { word: 'Self', share: 0.3 },
    ].map(({ word, share }): FuelColumn => ({ name: 'SPP', series: `${fuel.name} ${word}`, fuel, share })),
  );
  return quantityFeed<FuelColumn>({
    dataset: 'fuel_mix',
    field: 'generation',
    step: 5 * MINUTE,
    decimals: 1,
    publishedAt: ({ start }) => start + 4 * MINUTE,
    places,
    amountOf: ({ fuel, share }, { start }) => share * generationOf(demand, fuel, start),
  });
}

/** The load that stands beside the fuels. */
export function fuelLoadFeed(demand: DemandProcess): Feed {
  return quantityFeed({
    dataset: 'fuel_mix',
    field: 'load',
    step: 5 * MINUTE,
    decimals: 3,
    publishedAt: ({ start }) => start + 4 * MINUTE,
    places: [{ name: 'SPP' }],
    amountOf: (_, { start }) => loadOf(demand, 'SPP', 1, start),
  });
}

/** Generation by fuel until an instant; the last column is the load. */
export function fuelFile(load: Feed, feed: Feed<FuelColumn>, window: Interval, at: Micros): Table {
  let names: string[] = [];
  const rows = [...publishedIntervals(feed, window, at)].map((interval) => {
    const entries = feed.entries(interval, at);
    names = entries.map(({ place }) => place.series ?? '');
    const amounts = entries.map(({ numbers }) => fixedText(numbers[0] ?? 0, 1));
    const [whole] = load.entries(interval, at);
    const cells = [`${isoStamp('UTC', interval.start)}Z`, ...amounts, fixedText(whole.numbers[0] ?? 0, 3)];
    const fuels = wideRowOf(feed, interval, entries, cells, ({ series }) => 1 + names.indexOf(series ?? ''));
    const last = rowOf(load, interval, whole, cells, () => cells.length - 1);
    return { cells, facts: () => [...fuels.facts(), ...last.facts()] };
  });
  const header = ['GMT MKT Interval', ...names.map((name) => ` ${name}`), ' Load'];
  return tableOf(header, rows, { isOrderFree: true });
}

/** How far back the long file of generation reaches here; the real one holds a year. */
export const FUEL_SPAN = 14 * DAY;
