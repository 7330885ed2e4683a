/** Figures of the simulated OASIS beside prices at nodes: loads, forecasts, sun and wind, schedules, reserves, gas. */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import {
  type DemandProcess,
  type Fuel,
  forecastOf,
  generationOf,
  loadOf,
  quantityFeed,
} from '../demand-process.ts';
import type { Entry, Feed, Place } from '../feed.ts';
import { knots, type PriceProcess, rounded } from '../price-process.ts';
import { type ReserveProduct, reserveFeed } from '../reserve-feed.ts';
import { delayOf, regularIntervals } from '../series.ts';
import { caisoCorrections, caisoDay, caisoDayOf, dayAheadAt, realTimeAt } from './publication.ts';

/** An area with its share of the load. */
export interface Area extends Place {
  readonly share: number;
}

/** All feeds of reports beside prices at nodes. */
export interface CaisoFeeds {
  readonly process: PriceProcess;
  readonly demand: DemandProcess;
  readonly load: Feed<Area>;
  readonly dayAheadLoad: Feed<Area>;
  readonly twoDayLoad: Feed<Area>;
  readonly weekLoad: Feed<Area>;
  readonly quarterHourLoad: Feed<Area>;
  readonly fiveMinuteLoad: Feed<Area>;
  readonly renewableForecast: Feed;
  readonly renewableActual: Feed;
  readonly dayAheadSchedule: Feed<Area>;
  readonly realTimeSchedule: Feed<Area>;
  readonly dayAheadReserves: Feed;
  readonly hourAheadReserves: Feed;
  readonly realTimeReserves: Feed;
  readonly gas: Feed;
}

const FIVE = 5 * MINUTE;
const QUARTER = 15 * MINUTE;

/** Areas of load; the whole market is their sum. */
const AREAS: readonly Area[] = [
  { name: 'PGE-TAC', share: 0.43 },
  { name: 'SCE-TAC', share: 0.45 },
  { name: 'SDGE-TAC', share: 0.09 },
  { name: 'MWD-TAC', share: 0.02 },
  { name: 'VEA-TAC', share: 0.01 },
];
const WHOLE: Area = { name: 'CA ISO-TAC', share: 1 };

/** Zones of schedules, other areas than those of load. */
const ZONES: readonly Area[] = [
  { name: 'TAC_ECNTR', share: 0.3 },
  { name: 'TAC_NCNTR', share: 0.1 },
  { name: 'TAC_NORTH', share: 0.4 },
  { name: 'TAC_SOUTH', share: 0.2 },
];

/** Totals of schedules. */
export const TOTALS = 'Caiso_Totals';

/** What is scheduled, in the order of the report. */
export const SCHEDULES = ['load', 'generation', 'import', 'export'] as const;

/** Products of reserves by their codes. */
export const RESERVES: readonly (ReserveProduct & { readonly code: string; readonly item: string })[] = [
  { code: 'RU', item: 'RU_CLR_PRC', field: 'mcp_regup', family: 'up', rank: 0 },
  { code: 'RD', item: 'RD_CLR_PRC', field: 'mcp_regdn', family: 'down', rank: 0 },
  { code: 'RMU', item: 'RMU_CLR_PRC', field: 'mcp_regup_mileage', family: 'mileage-up', rank: 4 },
  { code: 'RMD', item: 'RMD_CLR_PRC', field: 'mcp_regdn_mileage', family: 'mileage-down', rank: 4 },
  { code: 'SR', item: 'SP_CLR_PRC', field: 'mcp_spin', family: 'up', rank: 1 },
  { code: 'NR', item: 'NS_CLR_PRC', field: 'mcp_nspin', family: 'up', rank: 2 },
];

const REGIONS = ['AS_CAISO', 'AS_CAISO_EXP', 'AS_NP26', 'AS_NP26_EXP', 'AS_SP26', 'AS_SP26_EXP'];

/** Fuel regions with their distance from the level of gas, USD/MMBtu. */
const FUEL_REGIONS: readonly (readonly [name: string, above: number])[] = [
  ['FRPGE1', 0.4],
  ['FRPGE2GHG', 2.1],
  ['FRSCE1', 0.2],
  ['FRSCE8GHG', 1.9],
];

/** The feeds over the processes of a market. */
export function caisoFeeds(process: PriceProcess, demand: DemandProcess): CaisoFeeds {
  const ahead = (item: string | null, days: number, hour: number): Feed<Area> =>
    forecastFeed(demand, item, HOUR, ({ start }) => {
      const day = caisoDayOf(start);
      const made = caisoDay(day - days).end - (24 - hour) * HOUR;
      return made + delayOf(process, `forecast/${item}`, day, -900, 0);
    });
  const reserves = (dataset: string, run: string, step: Micros): Feed =>
    reserveFeed(
      process,
      {
        dataset,
        run,
        step,
        publishedAt: run === 'da' ? dayAheadAt(process) : realTimeAt(process, dataset),
        corrections: caisoCorrections(process),
      },
      RESERVES,
      () => REGIONS.map((name) => ({ name })),
    );
  return {
    process,
    demand,
    load: quantityFeed<Area>({
      dataset: 'load',
      field: 'load',
      step: HOUR,
      decimals: 0,
      publishedAt: ({ end }) => end + HOUR + delayOf(process, 'load', end, 0, 900),
      places: AREAS,
      total: WHOLE,
      amountOf: ({ name, share }, { start }) => loadOf(demand, name, share, start),
    }),
    dayAheadLoad: ahead(null, 1, 10),
    twoDayLoad: ahead('SYS_FCST_2DA_MW', 2, 10),
    weekLoad: ahead('SYS_FCST_7DA_MW', 7, 10),
    quarterHourLoad: forecastFeed(
      demand,
      'SYS_FCST_15MIN_MW',
      QUARTER,
      ({ start }) => start - 30 * MINUTE + delayOf(process, 'rtpd', start, 0, 120),
    ),
    fiveMinuteLoad: forecastFeed(
      demand,
      'SYS_FCST_5MIN_MW',
      FIVE,
      ({ start }) => start - 5 * MINUTE + delayOf(process, 'rtd', start, 0, 60),
    ),
    renewableForecast: renewableFeed(demand, 'forecast', dayAheadAt(process)),
    renewableActual: renewableFeed(demand, 'generation', ({ start }) => {
      const day = caisoDayOf(start);
      return caisoDay(day).end + 14 * HOUR + delayOf(process, 'renewables', day, 0, 900);
    }),
    dayAheadSchedule: scheduleFeed(demand, null, HOUR, dayAheadAt(process)),
    realTimeSchedule: scheduleFeed(demand, 'RTM', FIVE, realTimeAt(process, 'schedule')),
    dayAheadReserves: reserves('da_as_prices', 'da', HOUR),
    hourAheadReserves: reserves('hasp_as_prices', 'hasp', QUARTER),
    realTimeReserves: reserves('rt_as_prices', 'rt', QUARTER),
    gas: gasFeed(process),
  };
}

/** The feeds one by one. */
export function feedsOf({ process: _, demand: __, ...feeds }: CaisoFeeds): readonly Feed[] {
  return Object.values(feeds);
}

function forecastFeed(
  demand: DemandProcess,
  item: string | null,
  step: Micros,
  publishedAt: (interval: Interval) => Micros,
): Feed<Area> {
  const about = item === null ? {} : { series: item };
  return quantityFeed<Area>({
    dataset: 'load_forecast',
    field: 'load_forecast',
    step,
    decimals: 2,
    publishedAt,
    places: AREAS.map((area) => ({ ...area, ...about })),
    total: { ...WHOLE, ...about },
    amountOf: ({ name, share }, interval) =>
      forecastOf(demand, name, share, interval.start, publishedAt(interval)),
  });
}

/** Trading hubs with their shares of sun and wind; there is no wind in the middle. */
const HUBS: readonly (readonly [name: string, sun: number, wind: number])[] = [
  ['NP15', 0.25, 0.3],
  ['SP15', 0.55, 0.7],
  ['ZP26', 0.2, 0],
];

function renewableFeed(
  demand: DemandProcess,
  what: 'forecast' | 'generation',
  publishedAt: (interval: Interval) => Micros,
): Feed {
  const fuel = (name: string, share: number, habit: Fuel['habit']): Fuel => ({
    name: `${what}/${name}`,
    share,
    habit,
  });
  return {
    dataset: 'renewable_forecast',
    step: HOUR,
    decimals: 2,
    fields: [`solar_${what}`, `wind_${what}`],
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt,
    entries: (interval, at) =>
      at < publishedAt(interval)
        ? []
        : HUBS.map(([name, sun, wind]) => ({
            place: { name },
            numbers: [
              rounded(generationOf(demand, fuel(name, 0.22 * sun, 'sun'), interval.start) * 100),
              wind === 0
                ? null
                : rounded(generationOf(demand, fuel(name, 0.1 * wind, 'wind'), interval.start) * 100),
            ],
          })),
  };
}

/** Zones and their totals: what is taken is made or brought, less what leaves. */
function scheduleFeed(
  demand: DemandProcess,
  run: string | null,
  step: Micros,
  publishedAt: (interval: Interval) => Micros,
): Feed<Area> {
  const about = run === null ? {} : { series: run };
  return {
    dataset: 'schedule',
    step,
    decimals: 2,
    fields: SCHEDULES,
    intervals: (window) => regularIntervals(window, step),
    publishedAt,
    entries: ({ start, end }, at) => {
      if (at < publishedAt({ start, end })) return [];
      const zones = ZONES.map((place): Entry<Area> => {
        const load = rounded(loadOf(demand, `${run}/${place.name}`, place.share, start) * 100);
        const bought = rounded(load * (0.18 + 0.08 * knots(demand, `import/${place.name}`, start, DAY, 41)));
        const sold = rounded(load * (0.05 + 0.03 * knots(demand, `export/${place.name}`, start, DAY, 42)));
        return { place: { ...place, ...about }, numbers: [load, load - bought + sold, bought, sold] };
      });
      const sums = SCHEDULES.map((_, k) => zones.reduce((sum, { numbers }) => sum + (numbers[k] ?? 0), 0));
      return [{ place: { name: TOTALS, share: 1, ...about }, numbers: sums }, ...zones];
    },
  };
}

/** Gas of a trade day, hour by hour the same. */
function gasFeed(process: PriceProcess): Feed {
  const publishedAt = ({ start }: Interval): Micros => {
    const day = caisoDayOf(start);
    return caisoDay(day).start - 2 * HOUR + delayOf(process, 'gas', day, 0, 900);
  };
  return {
    dataset: 'gas_price',
    step: HOUR,
    decimals: 5,
    fields: ['gas_price'],
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt,
    entries: (interval, at) => {
      if (at < publishedAt(interval)) return [];
      const level = 3.2 + knots(process, 'gas', caisoDay(caisoDayOf(interval.start)).start, 10 * DAY, 43);
      return FUEL_REGIONS.map(([name, above]) => ({
        place: { name },
        numbers: [rounded((level + above) * 1e5)],
      }));
    },
  };
}
