/** The simulated MISO: market reports and public real-time JSON on one server. */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import { compactDate } from '../local-time.ts';
import type { MarketSimulation } from '../market.ts';
import type { MarketTraits, PriceProcess } from '../price-process.ts';
import { partsPublished, regularIntervals, type Series } from '../series.ts';
import { gatewayNotFound } from './blob-errors.ts';
import { MISO_FIELDS, type MisoWorld, misoFact } from './fields.ts';
import { misoReport } from './market-reports.ts';
import { type MisoNode, misoNodesOn } from './nodes.ts';
import { MISO_ZONE, misoDayOf, misoSeries } from './publication.ts';
import { misoRealTime } from './real-time-json.ts';

const REPORTS = '/marketreports/';
const PRICING = '/api/MarketPricing/';

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
  const world: MisoWorld = {
    process,
    series: misoSeries(process),
    nodesOn: nodesByDay(process, nodes, traits.places),
  };
  const { exPost, exAnte, hourly, fiveMinute } = world.series;
  const all: readonly Series[] = [exPost, exAnte, hourly, fiveMinute];
  return {
    name: 'miso',
    market: 'MISO',
    datasets: all.map(({ dataset }) => dataset),
    pace: null,
    tooSoon: gatewayNotFound,
    examples: (at) => {
      const day = misoDayOf(at);
      const file = (back: number, ending: string): string =>
        `${REPORTS}${compactDate(day - back)}_${ending}.csv`;
      return [
        { dataset: 'da_lmp', path: file(0, 'da_expost_lmp') },
        { dataset: 'da_lmp_ex_ante', path: file(0, 'da_exante_lmp') },
        { dataset: 'rt_lmp_hourly', path: file(2, 'rt_lmp_prelim') },
        { dataset: 'rt_lmp_hourly', path: file(8, 'rt_lmp_final') },
        { dataset: 'rt_lmp', path: `${PRICING}GetRealTimeFiveMinExPost/Current` },
      ];
    },
    respond: (path, _query, at) => {
      if (path.startsWith(REPORTS)) return misoReport(world, path.slice(REPORTS.length), at);
      if (path.startsWith(PRICING)) return misoRealTime(world, path.slice(PRICING.length), at);
      return gatewayNotFound();
    },
    *published(dataset, window, at) {
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
