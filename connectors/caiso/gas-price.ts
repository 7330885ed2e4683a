/**
 * CAISO's price index of gas by fuel region (PRC_FUEL), and the price of an allowance of greenhouse gas
 * (PRC_GHG_ALLOWANCE): figures of a trade day, which lasts from one Pacific midnight to the next.
 */

import { HOUR } from '../../core/time/instant.ts';
import { type OasisDataset, oasisDataset, TRADE_DAYS } from './dataset.ts';
import type { OasisRecord } from './oasis-record.ts';
import type { Meaning } from './oasis-report.ts';

/** Reports print the figure of a day once, or again for each of its hours. */
const SPANS: OasisDataset['lengths'] = [...TRADE_DAYS, HOUR];
const GAS_UNIT = 'USD/MMBtu';
const ALLOWANCE_UNIT = 'USD/t';

const gasMeaning = ({ place }: OasisRecord): Meaning | null =>
  place === '' ? null : { field: 'gas_price', unit: GAS_UNIT, location: place, series: null };

/** The dataset `gas_price`. */
export const gasPrice = oasisDataset({
  name: 'gas_price',
  title: 'Daily price index of gas by fuel region',
  query: {
    queryname: 'PRC_FUEL',
    version: 1,
    run: '',
    more: { fuel_region_id: 'ALL' },
    byNode: false,
    published: { when: 'day-ahead', hours: 23 },
  },
  runs: null,
  lengths: SPANS,
  offGrid: true,
  fields: [{ field: 'gas_price', unit: GAS_UNIT, what: 'price index of gas in the region' }],
  reading: { placed: true, named: false, meaningOf: gasMeaning },
});

/** The dataset `ghg_allowance_price`. */
export const allowancePrice = oasisDataset({
  name: 'ghg_allowance_price',
  title: 'Daily price of an allowance of greenhouse gas',
  query: {
    queryname: 'PRC_GHG_ALLOWANCE',
    version: 1,
    run: '',
    more: {},
    byNode: false,
    published: { when: 'day-ahead', hours: 23 },
  },
  runs: null,
  lengths: SPANS,
  offGrid: true,
  fields: [{ field: 'ghg_allowance_price', unit: ALLOWANCE_UNIT, what: 'price index of an allowance' }],
  reading: {
    placed: false,
    named: false,
    meaningOf: () => ({
      field: 'ghg_allowance_price',
      unit: ALLOWANCE_UNIT,
      location: 'CAISO',
      series: null,
    }),
  },
});
