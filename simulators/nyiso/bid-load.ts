/** Load that the day-ahead market of the simulated NYISO committed by zone, `zonalBidLoad`: what was bid, and what is virtual. */

import { HOUR } from '../../core/time/instant.ts';
import { plainText } from '../decimal-text.ts';
import { type DemandProcess, loadOf } from '../demand-process.ts';
import { draw, wordOf } from '../draw.ts';
import type { Feed } from '../feed.ts';
import { type PriceProcess, rounded } from '../price-process.ts';
import { regularIntervals } from '../series.ts';
import { quotedCell } from '../table.ts';
import type { Zone } from './locations.ts';
import { type DayTable, type LongForm, longTable } from './long-table.ts';
import { dayAheadAt, nyisoDay } from './publication.ts';

/** Columns of the file with their fields and their usual shares of the load. */
const COLUMNS: readonly (readonly [column: string, field: string, share: number])[] = [
  ['Energy Bid Load', 'load_bid_energy', 0.55],
  ['Bilateral Load', 'load_bid_bilateral', 0.35],
  ['Price Cap Load', 'load_bid_price_cap', 0.04],
  ['Virtual Load', 'load_virtual', 0.08],
  ['Virtual Supply', 'supply_virtual', 0.05],
];

/** The feed over the zones of a market. */
export function bidLoadFeed(
  process: PriceProcess,
  demand: DemandProcess,
  zones: readonly Zone[],
): Feed<Zone> {
  const publishedAt = dayAheadAt(process, 'zonalBidLoad');
  return {
    dataset: 'load_cleared_day_ahead',
    step: HOUR,
    decimals: 1,
    fields: COLUMNS.map(([, field]) => field),
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt,
    entries: (interval, at) =>
      at < publishedAt(interval)
        ? []
        : zones.map((place) => {
            const load = loadOf(demand, place.name, place.share, interval.start);
            const numbers = COLUMNS.map(([, field, share]) => {
              const own = draw(process.seed, wordOf(`${place.name}/${field}`), 142, interval.start);
              return rounded(load * share * (0.9 + 0.2 * own) * 10);
            });
            return { place, numbers };
          }),
  };
}

/** The file of a day, the repeated hour told by order alone. */
export function bidLoadFile(feed: Feed<Zone>): DayTable {
  const form: LongForm<Zone> = {
    header: ['Time Stamp', 'Name', 'PTID', ...COLUMNS.map(([column]) => column)],
    text: quotedCell,
    stamped: 'start',
    hasSeconds: false,
    hasZone: false,
    cellsOf: ({ place, numbers }, decimals) => [
      quotedCell(place.name),
      String(place.ptid),
      ...numbers.map((number) => plainText(number ?? 0, decimals)),
    ],
  };
  return (day, at) => longTable(feed, form, nyisoDay(day), at);
}
