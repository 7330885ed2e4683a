/** CAISO's prices of reserves and regulation by region, PRC_AS: day-ahead by the hour, hour-ahead by the quarter. */

import type { PublishedField } from '../kit/contract.ts';
import { HOURLY, type OasisDataset, oasisDataset, QUARTER_HOURLY } from './dataset.ts';
import type { OasisRecord } from './oasis-record.ts';
import type { Meaning } from './oasis-report.ts';

const UNIT = 'USD/MW';

const FIELDS: readonly PublishedField[] = [
  { field: 'mcp_regup', unit: UNIT, what: 'regulation up' },
  { field: 'mcp_regdn', unit: UNIT, what: 'regulation down' },
  { field: 'mcp_regup_mileage', unit: UNIT, what: 'regulation up, mileage' },
  { field: 'mcp_regdn_mileage', unit: UNIT, what: 'regulation down, mileage' },
  { field: 'mcp_spin', unit: UNIT, what: 'spinning reserve' },
  { field: 'mcp_nspin', unit: UNIT, what: 'non-spinning reserve' },
];

/** By the type of the CSV and by the beginning of the item's name. */
const PRODUCTS: Readonly<Record<string, string>> = {
  RU: 'mcp_regup',
  RD: 'mcp_regdn',
  RMU: 'mcp_regup_mileage',
  RMD: 'mcp_regdn_mileage',
  SR: 'mcp_spin',
  SP: 'mcp_spin',
  NR: 'mcp_nspin',
  NS: 'mcp_nspin',
};

function meaningOf({ item, kind, place }: OasisRecord): Meaning | null {
  if (/_MW$/.test(item)) return null;
  const product = kind === '' ? (/^([A-Z]{2,3})_/.exec(item)?.[1] ?? '') : kind;
  const field = Object.hasOwn(PRODUCTS, product) ? PRODUCTS[product] : undefined;
  return field === undefined || place === '' ? null : { field, unit: UNIT, location: place, series: null };
}

function reserves(
  name: string,
  title: string,
  run: string,
  lengths: OasisDataset['lengths'],
  published: OasisDataset['query']['published'],
) {
  const more = { anc_type: 'ALL', anc_region: 'ALL' };
  return oasisDataset({
    name,
    title,
    query: { queryname: 'PRC_AS', version: 12, run, more, byNode: false, published },
    runs: [run],
    lengths,
    fields: FIELDS,
    reading: { placed: true, meaningOf },
  });
}

/** The dataset `da_as_prices`: with the day-ahead prices. */
export const dayAheadReserves = reserves(
  'da_as_prices',
  'Day-ahead prices of reserves and regulation by region',
  'DAM',
  HOURLY,
  { when: 'day-ahead', hours: 13 },
);

/** The dataset `rt_as_prices`: of the fifteen-minute market, a report of its own. */
export const realTimeReserves = oasisDataset({
  name: 'rt_as_prices',
  title: 'Real-time prices of reserves and regulation by region, by quarters of an hour',
  query: {
    queryname: 'PRC_INTVL_AS',
    version: 1,
    run: 'RTM',
    more: { anc_type: 'ALL', anc_region: 'ALL' },
    byNode: false,
    published: { when: 'real-time', minutes: 10 },
  },
  runs: ['RTM', 'RTPD'],
  lengths: QUARTER_HOURLY,
  fields: FIELDS,
  reading: { placed: true, meaningOf },
});

/** The dataset `hasp_as_prices`. */
export const hourAheadReserves = reserves(
  'hasp_as_prices',
  'Hour-ahead prices of reserves and regulation by region',
  'HASP',
  QUARTER_HOURLY,
  { when: 'real-time', minutes: 10 },
);
