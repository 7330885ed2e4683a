/** The simulated MISO: market reports and public real-time JSON on one server. */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import { publishedBy } from '../feed.ts';
import { compactDate } from '../local-time.ts';
import type { MarketSimulation } from '../market.ts';
import type { MarketTraits, PriceProcess } from '../price-process.ts';
import { partsPublished, regularIntervals, type Series } from '../series.ts';
import { gatewayNotFound } from './blob-errors.ts';
import { feedsOf, misoFeeds, workbookAt } from './feeds.ts';
import { MISO_FIELDS, type MisoWorld, misoFact } from './fields.ts';
import { misoReport } from './market-reports.ts';
import { type MisoNode, misoNodesOn } from './nodes.ts';
import { MISO_ZONE, misoDayOf, misoSeries } from './publication.ts';
import { misoRealTime } from './real-time-json.ts';
import { misoSystem } from './system-displays.ts';

const REPORTS = '/marketreports/';
const DISPLAYS = '/api/';
const PRICING = `${DISPLAYS}MarketPricing/`;

/** `nodes` is the number of pricing nodes; the eight hubs are always among them. */
export function simulateMiso(seed: number, nodes: number, traits: MarketTraits = {}): MarketSimulation {
  const process: PriceProcess = {
    seed,
    market: 'MISO',
    zone: MISO_ZONE,
    decimals: 2,
    level: 31,
    sun: 30,
    calm: traits.calm,
  };
  const series = misoSeries(process);
  const feeds = misoFeeds(process, series, traits.places ?? nodes);
  const world: MisoWorld = {
    process,
    series,
    feeds,
    nodesOn: nodesByDay(process, nodes, traits.places),
  };
  const { exPost, exAnte, hourly, fiveMinute } = series;
  const all: readonly Series[] = [exPost, exAnte, hourly, fiveMinute];
  const others = feedsOf(feeds);
  return {
    name: 'miso',
    market: 'MISO',
    datasets: [...new Set([...all, ...others].map(({ dataset }) => dataset))],
    pace: null,
    tooSoon: gatewayNotFound,
    examples: (at) => {
      const day = misoDayOf(at);
      const workbook = workbookAt(process, day) > at ? day - 1 : day;
      const file = (back: number, ending: string): string =>
        `${REPORTS}${compactDate(day - back)}_${ending}.csv`;
      return [
        { dataset: 'da_lmp', path: file(0, 'da_expost_lmp') },
        { dataset: 'da_lmp_ex_ante', path: file(0, 'da_exante_lmp') },
        { dataset: 'rt_lmp_hourly', path: file(2, 'rt_lmp_prelim') },
        { dataset: 'rt_lmp_hourly', path: file(8, 'rt_lmp_final') },
        { dataset: 'rt_lmp', path: `${PRICING}GetRealTimeFiveMinExPost/Current` },
        { dataset: 'da_as_prices', path: file(0, 'asm_expost_damcp') },
        { dataset: 'rt_as_prices_hourly', path: file(2, 'asm_rtmcp_prelim') },
        { dataset: 'rt_as_prices_hourly', path: file(8, 'asm_rtmcp_final') },
        { dataset: 'load_forecast', path: `${REPORTS}${compactDate(workbook)}_df_al.xls` },
        { dataset: 'load', path: `${DISPLAYS}RealTimeTotalLoad` },
        { dataset: 'fuel_mix', path: `${DISPLAYS}FuelMix` },
        { dataset: 'fuel_mix', path: `${DISPLAYS}FuelMix/Yesterday` },
        { dataset: 'interchange', path: `${DISPLAYS}Interchange/GetNsi/FiveMinute` },
        { dataset: 'interchange', path: `${DISPLAYS}Interchange/GetNai/Imports` },
        { dataset: 'renewable_forecast', path: `${DISPLAYS}WindSolar/GetCombined` },
      ];
    },
    respond: (path, _query, at) => {
      if (path.startsWith(REPORTS)) return misoReport(world, path.slice(REPORTS.length), at);
      if (path.startsWith(PRICING)) return misoRealTime(world, path.slice(PRICING.length), at);
      if (path.startsWith(DISPLAYS)) return misoSystem(feeds, path.slice(DISPLAYS.length), at);
      return gatewayNotFound();
    },
    *published(dataset, window, at) {
      yield* publishedBy(others, dataset, window, at);
      const series = all.find((each) => each.dataset === dataset);
      if (series === undefined) return;
      for (const interval of regularIntervals(window, series.step === HOUR ? HOUR : 5 * MINUTE))
        for (const node of world.nodesOn(misoDayOf(interval.start))) {
          const parts = partsPublished(process, series, node, interval, at);
          if (parts === null) continue;
          for (const { field, of } of MISO_FIELDS)
            yield misoFact(world, dataset, node.name, field, of(parts), 0, interval);
        }
    },
  };
}

/** Remembers the nodes of the last few days: a file asks for them row by row. */
function nodesByDay(
  process: PriceProcess,
  count: number,
  most: number | undefined,
): (day: number) => readonly MisoNode[] {
  const known = new Map<number, readonly MisoNode[]>();
  return (day) => {
    let nodes = known.get(day);
    if (nodes === undefined) {
      if (known.size > 40) known.clear();
      known.set(day, (nodes = misoNodesOn(process, count, day).slice(0, most)));
    }
    return nodes;
  };
}
