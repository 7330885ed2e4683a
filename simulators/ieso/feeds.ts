/** What the simulated IESO publishes, and when. EST all year; nodal prices since the market renewal of 1 May 2025. */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import { type DemandProcess, type Fuel, generationOf, loadOf, quantityFeed } from '../demand-process.ts';
import { draw, wordOf } from '../draw.ts';
import { type Feed, type Place, PRICE, priceFeed } from '../feed.ts';
import {
  type MarketTraits,
  meanPartsIn,
  nodeOf,
  type PriceNode,
  type PriceProcess,
  rounded,
  totalOf,
} from '../price-process.ts';
import { regularIntervals, type Series } from '../series.ts';
import { type Adequacy, adequacy } from './adequacy.ts';
import { type Interties, interties } from './interties.ts';
import { type IesoReserves, iesoReserves } from './reserves.ts';
import {
  dayAheadAt,
  hourFileAt,
  IESO_ZONE,
  iesoDay,
  iesoDayOf,
  RENEWAL,
  renewed,
  revisedAt,
} from './trade-day.ts';
import { windAndSun } from './wind-and-sun.ts';
import { type ZonalDemand, zonalDemand } from './zonal-demand.ts';

/** A fuel, and in unit reports a unit. */
export interface Generator extends Place {
  readonly fuel: Fuel;
}

/** All datasets of the market. */
export interface IesoFeeds {
  readonly process: PriceProcess;
  readonly dayAheadNodes: Feed<PriceNode>;
  readonly realTimeNodes: Feed<PriceNode>;
  readonly dayAheadZone: Feed<PriceNode>;
  readonly realTimeZone: Feed<PriceNode>;
  readonly uniform: Feed;
  readonly totals: Feed;
  readonly demand: Feed;
  /** Load by zone, by the hour and by five minutes. */
  readonly hourlyDemand: ZonalDemand;
  readonly demandNow: ZonalDemand;
  readonly reserves: IesoReserves;
  readonly windAndSun: Feed;
  readonly adequacy: Adequacy;
  readonly interties: Interties;
  readonly fuels: Feed<Generator>;
  readonly units: Feed<Generator>;
}

const FIVE = 5 * MINUTE;
const ONTARIO = 'ONTARIO';
const VIRTUAL_ZONES = [
  'EAST:HUB',
  'ESSA:HUB',
  'NIAGARA:HUB',
  'NORTHEAST:HUB',
  'OTTAWA:HUB',
  'TORONTO:HUB',
  'WEST:HUB',
];

/** `count` pricing locations, at least the virtual zones. */
export function iesoFeeds(seed: number, count: number, traits: MarketTraits = {}): IesoFeeds {
  const process: PriceProcess = {
    seed,
    market: 'IESO',
    zone: IESO_ZONE,
    decimals: 2,
    level: 34,
    sun: 20,
    calm: traits.calm,
  };
  const demand: DemandProcess = { seed, market: 'IESO', zone: IESO_ZONE, level: 15_500 };
  const nodes: PriceNode[] = VIRTUAL_ZONES.map((name) => nodeOf(process, name));
  for (let i = 0; nodes.length < count; i++) nodes.push(nodeOf(process, `SIMLAKE-LT.G${i + 1}:LMP`));
  const ontario = [nodeOf(process, ONTARIO)];
  const corrections: Series['corrections'] = ({ start }) => {
    const at = revisedAt(process, iesoDayOf(start));
    return at === null ? [] : [{ at, share: 0.02 }];
  };
  const dayAhead: Series = {
    dataset: 'da_lmp',
    run: 'da',
    step: HOUR,
    publishedAt: ({ start }) => renewed(start, dayAheadAt(process, iesoDayOf(start))),
    corrections,
  };
  const realTime: Series = {
    dataset: 'rt_lmp',
    run: 'rt',
    step: FIVE,
    publishedAt: ({ start }) => renewed(start, hourFileAt(process, Math.floor(start / HOUR) * HOUR)),
    corrections,
  };
  const fields = [PRICE.lmp, PRICE.loss, PRICE.congestion];
  const demandOf = demandFeed(demand);
  return {
    process,
    dayAheadNodes: priceFeed(process, dayAhead, nodes, fields),
    realTimeNodes: withGaps(process, priceFeed(process, realTime, nodes, fields)),
    dayAheadZone: priceFeed(process, dayAhead, ontario, fields),
    realTimeZone: priceFeed(process, realTime, ontario, fields),
    uniform: uniformFeed(process),
    totals: totalsFeed(process, demand),
    demand: demandOf,
    hourlyDemand: zonalDemand(demand, 'load_hourly', HOUR, ({ end }) => end + 35 * MINUTE),
    demandNow: zonalDemand(demand, 'load', FIVE, ({ start }) =>
      hourFileAt(process, Math.floor(start / HOUR) * HOUR),
    ),
    reserves: iesoReserves(process),
    windAndSun: windAndSun(demand),
    adequacy: adequacy(demand),
    interties: interties(demand),
    fuels: fuelFeed(demand),
    units: unitFeed(demand),
  };
}

/** Some prices are blank. */
function withGaps(process: PriceProcess, feed: Feed<PriceNode>): Feed<PriceNode> {
  return {
    ...feed,
    entries: (interval, at) =>
      feed
        .entries(interval, at)
        .map((entry) =>
          draw(process.seed, 112, wordOf(entry.place.name), interval.start) < 1 / 600
            ? { ...entry, numbers: entry.numbers.map(() => null) }
            : entry,
        ),
  };
}

/** The single price of Ontario, hour by hour, until the renewal. */
function uniformFeed(process: PriceProcess): Feed {
  const ontario = nodeOf(process, 'uniform');
  return {
    dataset: 'rt_lmp_hourly',
    step: HOUR,
    decimals: 2,
    fields: ['lmp'],
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt: ({ start, end }) =>
      iesoDayOf(start) < RENEWAL ? end + 30 * MINUTE : Number.POSITIVE_INFINITY,
    entries: (interval) => {
      const parts = meanPartsIn(process, 'rt', ontario, interval, FIVE);
      return [{ place: { name: ONTARIO }, numbers: [totalOf(parts)] }];
    },
  };
}

/** Market quantities by their names in the reports, with their fields. */
export const QUANTITIES: readonly (readonly [name: string, field: string])[] = [
  ['Total Energy', 'total_energy'],
  ['Total Loss', 'total_loss'],
  ['Total Load', 'total_load'],
  ['Total Dispatch Load', 'total_dispatch_load'],
  ['Total 10S', 'total_10s'],
  ['Total 10N', 'total_10n'],
  ['Total 30R', 'total_30r'],
  ['ONTARIO DEMAND', 'ontario_demand'],
];

function totalsFeed(process: PriceProcess, demand: DemandProcess): Feed {
  return {
    dataset: 'totals',
    step: FIVE,
    decimals: 1,
    fields: QUANTITIES.map(([, field]) => field),
    intervals: (window) => regularIntervals(window, FIVE),
    publishedAt: ({ start }) => hourFileAt(process, Math.floor(start / HOUR) * HOUR),
    entries: ({ start }, at) => {
      if (at < hourFileAt(process, Math.floor(start / HOUR) * HOUR)) return [];
      const ontario = rounded(loadOf(demand, 'ONTARIO', 1, start) * 10);
      const loss = rounded(ontario * 0.028);
      const load = ontario + rounded(ontario * 0.14);
      return [{ place: { name: ONTARIO }, numbers: [load + loss, loss, load, 0, 2370, 7080, 4730, ontario] }];
    },
  };
}

function demandFeed(process: DemandProcess): Feed {
  return {
    dataset: 'load_hourly',
    step: HOUR,
    decimals: 0,
    fields: ['market_demand', 'load'],
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt: ({ end }) => end + 35 * MINUTE,
    entries: ({ start, end }, at) => {
      if (at < end + 35 * MINUTE) return [];
      const ontario = rounded(loadOf(process, 'ONTARIO', 1, start));
      return [{ place: { name: ONTARIO }, numbers: [ontario + rounded(ontario * 0.15), ontario] }];
    },
  };
}

const FUELS: readonly Fuel[] = [
  { name: 'NUCLEAR', share: 0.55, habit: 'flat' },
  { name: 'GAS', share: 0.12, habit: 'following' },
  { name: 'HYDRO', share: 0.24, habit: 'following' },
  { name: 'WIND', share: 0.09, habit: 'wind' },
  { name: 'SOLAR', share: 0.004, habit: 'sun' },
  { name: 'BIOFUEL', share: 0.002, habit: 'flat' },
];

function fuelFeed(demand: DemandProcess): Feed<Generator> {
  return quantityFeed<Generator>({
    dataset: 'fuel_mix',
    field: 'generation',
    step: HOUR,
    decimals: 0,
    publishedAt: ({ start }) => iesoDay(iesoDayOf(start)).end + 8 * HOUR,
    places: FUELS.map((fuel) => ({ name: ONTARIO, series: fuel.name, fuel })),
    amountOf: ({ fuel }, { start }) => generationOf(demand, fuel, start),
  });
}

function unitFeed(demand: DemandProcess): Feed<Generator> {
  const unit = (name: string, kind: number, share: number): Generator => ({
    name,
    series: FUELS[kind].name,
    fuel: { name, share, habit: FUELS[kind].habit },
  });
  const output = quantityFeed<Generator>({
    dataset: 'generation_by_unit',
    field: 'generation',
    step: HOUR,
    decimals: 0,
    publishedAt: ({ end }) => end + 18 * MINUTE,
    places: [
      unit('SIMPOINT A-G1', 0, 0.05),
      unit('SIMPOINT A-G2', 0, 0.05),
      unit('SIMGAS-G1', 1, 0.02),
      unit('SIMFALLS-AG1', 2, 0.03),
      unit('SIMRIDGE WIND', 3, 0.01),
      unit('SIMSUN SOLAR', 4, 0.003),
    ],
    amountOf: ({ fuel }, { start }) => generationOf(demand, fuel, start),
  });
  return {
    ...output,
    fields: ['generation', 'capability'],
    entries: (interval, at) =>
      output.entries(interval, at).map(({ place, numbers: [number] }) => ({
        place,
        numbers: [number, (number ?? 0) + 40],
      })),
  };
}

/** How long files are kept here. */
export const KEPT_DAYS = 45;

/** All feeds, those with parts taken apart. */
export function allFeeds(feeds: IesoFeeds): Feed[] {
  const { dayAheadNodes, realTimeNodes, dayAheadZone, realTimeZone, uniform, totals, demand } = feeds;
  const { hourlyDemand, demandNow, reserves, windAndSun: forecast, adequacy: expected } = feeds;
  return [
    ...[dayAheadNodes, realTimeNodes, dayAheadZone, realTimeZone, uniform, totals, demand],
    // The whole of Ontario by the hour is told by the report of its demand.
    ...[hourlyDemand.zones, hourlyDemand.sums, demandNow.whole, demandNow.zones, demandNow.sums],
    ...[reserves.dayAhead, reserves.realTime, forecast, expected.figures, expected.capacities],
    ...[feeds.interties.schedules, feeds.interties.flows, feeds.fuels, feeds.units],
  ];
}
