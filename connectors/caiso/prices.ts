/**
 * CAISO's locational prices: day-ahead (PRC_LMP), five-minute dispatch (PRC_INTVL_LMP), fifteen-minute market
 * (PRC_RTPD_LMP) and the hour-ahead process (PRC_HASP_LMP). Four prices of one place and time: four products, never
 * versions of each other.
 *
 * One row per component, in no order: lmp = energy + congestion + loss + ghg. Before 2014 there is no ghg.
 */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import type { PublishedField, Rejection, SourceRow } from '../kit/contract.ts';
import { FIVE_MINUTES, HOURLY, type OasisDataset, oasisDataset, QUARTER_HOURLY } from './dataset.ts';
import type { OasisRecord } from './oasis-record.ts';
import type { Meaning } from './oasis-report.ts';

const UNIT = 'USD/MWh';

/** What a price publishes, component by component. */
export const PRICE_FIELDS: readonly PublishedField[] = [
  { field: 'lmp', unit: UNIT, what: 'price at the location: energy + congestion + loss + ghg' },
  { field: 'energy', unit: UNIT, what: 'marginal cost of energy, the same everywhere' },
  { field: 'congestion', unit: UNIT, what: 'marginal cost of congestion' },
  { field: 'loss', unit: UNIT, what: 'marginal cost of losses' },
  { field: 'ghg', unit: UNIT, what: 'marginal cost of greenhouse gas; absent in old reports' },
];

const ITEMS: Readonly<Record<string, string>> = {
  LMP_PRC: 'lmp',
  LMP_ENE_PRC: 'energy',
  LMP_CONG_PRC: 'congestion',
  LMP_LOSS_PRC: 'loss',
  LMP_GHG_PRC: 'ghg',
  LMP: 'lmp',
  MCE: 'energy',
  MCC: 'congestion',
  MCL: 'loss',
  MGHG: 'ghg',
};

/** The component that an item is; null for one that is no price at a place. */
export function priceMeaning({ item, place }: OasisRecord): Meaning | null {
  const bare = item.replace(/^(?:DAM|HASP|RTM|RTPD|RTD|INTVL)_/, '');
  const field = Object.hasOwn(ITEMS, bare) ? ITEMS[bare] : undefined;
  return field === undefined || place === '' ? null : { field, unit: UNIT, location: place, series: null };
}

/** Bits of the components that stand or fall together; ghg began within an era and may be there for a part. */
const BITS: Readonly<Record<string, number>> = { lmp: 1, energy: 2, congestion: 4, loss: 8 };

/** A location has the same components in each of its intervals, or lines were lost. */
function incomplete(rows: readonly SourceRow[], rejected: readonly Rejection[]): string | null {
  const excused = new Set(rejected.map(({ location }) => location));
  const places = new Map<string, { all: number; starts: Map<string, number> }>();
  for (const row of rows) {
    const bit = BITS[row.values[0]?.field ?? ''] ?? 0;
    if (bit === 0 || row.location === null || excused.has(row.location)) continue;
    let place = places.get(row.location);
    if (place === undefined) places.set(row.location, (place = { all: 0, starts: new Map() }));
    const start = row.bounds?.start ?? '';
    place.all |= bit;
    place.starts.set(start, (place.starts.get(start) ?? 0) | bit);
  }
  for (const [location, { all, starts }] of places)
    for (const [start, bits] of starts)
      if (bits !== all) {
        const lost = Object.keys(BITS).filter((field) => ((BITS[field] ?? 0) & all & ~bits) !== 0);
        return `${location} has no ${lost.join(', ')} at ${start}, but elsewhere`;
      }
  return null;
}

type Published = OasisDataset['query']['published'];

function priceDataset(
  name: string,
  title: string,
  query: readonly [queryname: string, version: number, run: string],
  runs: readonly string[],
  lengths: OasisDataset['lengths'],
  published: Published,
) {
  const [queryname, version, run] = query;
  return oasisDataset({
    name,
    title,
    query: { queryname, version, run, more: {}, byNode: true, published },
    runs,
    lengths,
    fields: PRICE_FIELDS,
    reading: { placed: true, meaningOf: priceMeaning, incomplete },
  });
}

/** The dataset `da_lmp`: about 13:00 Pacific the day before. */
export const dayAheadLmp = priceDataset(
  'da_lmp',
  'Day-ahead hourly prices at nodes, hubs and load aggregation points',
  ['PRC_LMP', 12, 'DAM'],
  ['DAM'],
  HOURLY,
  { when: 'day-ahead', hours: 13 },
);

/** The dataset `rt_lmp`: a few minutes after each interval. */
export const realTimeLmp = priceDataset(
  'rt_lmp',
  'Real-time prices of the five-minute dispatch',
  ['PRC_INTVL_LMP', 3, 'RTM'],
  ['RTM', 'RTD'],
  FIVE_MINUTES,
  { when: 'real-time', minutes: 10 },
);

/** The dataset `rt_lmp_15min`: the fifteen-minute market, a price of its own. */
export const fifteenMinuteLmp = priceDataset(
  'rt_lmp_15min',
  'Real-time prices of the fifteen-minute market',
  ['PRC_RTPD_LMP', 3, 'RTPD'],
  ['RTPD', 'RTM'],
  QUARTER_HOURLY,
  { when: 'real-time', minutes: 10 },
);

/** The dataset `hasp_lmp`: prices of the hour-ahead scheduling process, in quarters of an hour; hourly in old reports. */
export const hourAheadLmp = priceDataset(
  'hasp_lmp',
  'Prices of the hour-ahead scheduling process',
  ['PRC_HASP_LMP', 3, 'HASP'],
  ['HASP'],
  [15 * MINUTE, HOUR],
  { when: 'real-time', minutes: 10 },
);
