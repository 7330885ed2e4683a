/** What the simulated SPP publishes, and when. Central clock beside GMT; a second balancing area since 1 April 2026. */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { type DemandProcess, forecastOf, loadOf, quantityFeed } from '../demand-process.ts';
import { draw, wordOf } from '../draw.ts';
import { type Feed, type Place, PRICE, priceFeed } from '../feed.ts';
import {
  type MarketTraits,
  nodeOf,
  type PriceNode,
  type PriceParts,
  type PriceProcess,
  partsAt,
  rounded,
} from '../price-process.ts';
import { delayOf, regularIntervals } from '../series.ts';
import { SPP_ZONE, sppDay, sppDayOf } from './clock.ts';
import { dailyAt, fileAt, forecastAt, isHole } from './publication.ts';
import { type SppReserves, sppReserves } from './reserves.ts';
import { type SppResources, sppResources } from './resources.ts';
import { type AreaTies, sppTies } from './ties.ts';

/** A settlement location with its pricing node and its balancing area, which some rows leave blank. */
export interface SettlementLocation extends PriceNode, Place {
  readonly pnode: string;
  readonly area: 'SPP' | 'SWPW' | '';
}

const LOCATIONS: readonly (readonly [name: string, pnode: string])[] = [
  ['AEC', 'SOUC'],
  ['AECI', 'AECI'],
  ['CSWS_HUB', 'CSWS_HUB_H'],
  ['SPPNORTH_HUB', 'SPPNORTH_H'],
  ['SPPSOUTH_HUB', 'SPPSOUTH_H'],
];

function settlementLocations(process: PriceProcess, count: number): SettlementLocation[] {
  const all: SettlementLocation[] = LOCATIONS.map(([name, pnode]) => ({
    ...nodeOf(process, name),
    pnode,
    area: 'SPP',
  }));
  for (let i = 0; all.length < count; i++) {
    const name = `SIM${i + 1}_${i % 3 === 0 ? 'LOAD' : 'GEN'}`;
    const area = i % 7 === 4 ? 'SWPW' : i % 7 === 6 ? '' : 'SPP';
    all.push({ ...nodeOf(process, name), pnode: `${name}_${i % 3 === 0 ? 'LA' : 'RA'}`, area });
  }
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A control zone with its share of the load. */
export interface ControlZone extends Place {
  readonly share: number;
}

const ZONES = ['CSWS', 'EDE', 'GRDA', 'INDN', 'KACY', 'KCPL', 'LES', 'MPS', 'NPPD', 'OKGE', 'OPPD', 'SECI'];
const MORE_ZONES = ['SPRM', 'SPS', 'WAUE', 'WFEC', 'WR'];

/** All datasets of the market. */
export interface SppFeeds {
  readonly process: PriceProcess;
  readonly demand: DemandProcess;
  readonly dayAhead: Feed<SettlementLocation>;
  readonly realTime: Feed<SettlementLocation>;
  readonly reserves: SppReserves;
  readonly hourlyLoad: Feed<ControlZone>;
  readonly midTerm: Feed;
  readonly shortTerm: Feed;
  readonly resources: SppResources;
  readonly ties: readonly AreaTies[];
}

const FIVE = 5 * MINUTE;

/** `count` settlement locations, at least the hubs. */
export function sppFeeds(seed: number, count: number, traits: MarketTraits = {}): SppFeeds {
  const process: PriceProcess = {
    seed,
    market: 'SPP',
    zone: SPP_ZONE,
    decimals: 4,
    level: 27,
    sun: 24,
    calm: traits.calm,
  };
  const demand: DemandProcess = { seed, market: 'SPP', zone: SPP_ZONE, level: 31_000 };
  const locations = settlementLocations(process, count).slice(0, traits.places);
  const fields = [PRICE.lmp, PRICE.loss, PRICE.congestion, PRICE.energy];
  const dayAheadAt = ({ start }: Interval): Micros => {
    const day = sppDayOf(start);
    return sppDay(day - 1).end - 11 * HOUR + delayOf(process, 'da', day, -600, 0);
  };
  return {
    process,
    demand,
    dayAhead: priceFeed(
      process,
      {
        dataset: 'da_lmp',
        run: 'da',
        step: HOUR,
        publishedAt: dayAheadAt,
        corrections: () => [],
        parts: (node, { start }) => uneven(process, node, partsAt(process, 'da', node, start, HOUR), start),
      },
      locations,
      fields,
    ),
    realTime: priceFeed(
      process,
      {
        dataset: 'rt_lmp',
        run: 'rt',
        step: FIVE,
        publishedAt: (interval) =>
          isHole(process, interval) ? dailyAt(process, sppDayOf(interval.start)) : fileAt(process, interval),
        corrections: ({ start }) => [{ at: dailyAt(process, sppDayOf(start)), share: 0.005 }],
        parts: (node, { start }) => uneven(process, node, partsAt(process, 'rt', node, start, FIVE), start),
      },
      locations,
      fields,
    ),
    reserves: sppReserves(process, dayAheadAt),
    hourlyLoad: quantityFeed<ControlZone>({
      dataset: 'load_hourly',
      field: 'load',
      step: HOUR,
      decimals: 3,
      publishedAt: ({ start }) => sppDay(sppDayOf(start)).end + 4 * HOUR,
      places: [...ZONES, ...MORE_ZONES].map((name, k) => ({ name, share: 0.02 + 0.005 * ((k * 7) % 16) })),
      amountOf: ({ name, share }, { start }) => loadOf(demand, name, share, start),
    }),
    midTerm: forecastFeed(demand, 'load_forecast', HOUR, 7 * DAY),
    shortTerm: forecastFeed(demand, 'load_forecast_5min', FIVE, 2 * HOUR),
    resources: sppResources(demand),
    ties: sppTies(demand),
  };
}

/** Energy is rounded at each location for itself: it differs by a ten-thousandth here and there. */
function uneven(process: PriceProcess, node: PriceNode, parts: PriceParts, start: Micros): PriceParts {
  const isLess = draw(process.seed, 101, wordOf(node.name), start) < 0.3;
  return isLess ? { ...parts, energy: parts.energy - 1 } : parts;
}

/**
 * Forecast and actual load side by side, a file at every step. What was said last before an interval stays; the actual
 * load follows its end.
 */
function forecastFeed(demand: DemandProcess, dataset: string, step: Micros, ahead: Micros): Feed {
  return {
    dataset,
    step,
    decimals: 3,
    fields: ['load_forecast', 'load'],
    intervals: (window) => regularIntervals(window, step),
    publishedAt: ({ start }) => forecastAt(start - ahead + step),
    entries: ({ start, end }, at) => {
      const newest = Math.floor((at - forecastAt(0)) / step) * step;
      const forecast = rounded(forecastOf(demand, 'SPP', 1, start, Math.min(newest, start)) * 1000);
      const actual = newest < end + step ? null : rounded(loadOf(demand, 'SPP', 1, start) * 1000);
      return [{ place: { name: 'SPP' }, numbers: [forecast, actual] }];
    },
  };
}
