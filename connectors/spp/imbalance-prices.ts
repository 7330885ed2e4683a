/**
 * Prices of SPP's energy imbalance service, which came before the market of March 2014: one locational imbalance price
 * (LIP) without parts, by five minutes and, as settled, by the hour. The stamps tell both apart, as in the price files of
 * today; one stamp alone is five minutes, unless the name says hourly.
 */

import type { Dataset } from '../kit/contract.ts';
import { FIVE_MINUTES_ENDING, HOUR_ENDING, sppDataset } from './dataset.ts';
import type { SppHead } from './glimpse.ts';
import type { SppColumns } from './table.ts';

const UNIT = 'USD/MWh';

/** The price, by the names that its column has had. */
const PRICE: readonly string[] = ['lip', 'locationalimbalanceprice', 'imbalanceprice', 'eislip'];

const COLUMNS: SppColumns = {
  place: ['settlementlocation', 'settlementlocationname', 'pnode', 'pnodename', 'bus', 'node'],
  series: [],
  required: [],
  ignored: ['interval', 'pnode', 'pnodename', 'settlementlocationtype', 'type'],
  meaningOf: (name) => (PRICE.includes(name) ? { field: 'lmp', unit: UNIT } : null),
};

const HOURLY = /hour|hrly/i;

/** True for the columns of this price: the market of today prints three parts besides its own. */
const isImbalance = (head: SppHead): boolean =>
  head.form === 'table' &&
  PRICE.some((name) => head.names.has(name)) &&
  COLUMNS.place.some((name) => head.names.has(name)) &&
  !head.names.has('mec');

const byHour = ({ cadence }: SppHead, name: string): boolean =>
  cadence === 'hourly' || (cadence !== 'five-minute' && HOURLY.test(name));

const SHARED = {
  fields: [{ field: 'lmp', unit: UNIT, what: 'locational imbalance price' }],
  columns: COLUMNS,
  named: /(?:^|[^a-z])LIP|EIS/i,
  // The portal does not have the years of the imbalance service.
  files: null,
} as const;

/** The dataset `imbalance_price` of SPP. */
export const imbalancePrice: Dataset = sppDataset({
  ...SHARED,
  name: 'imbalance_price',
  title: 'Prices of the energy imbalance service by five minutes, until February 2014',
  time: FIVE_MINUTES_ENDING,
  matches: (head, name) => isImbalance(head) && !byHour(head, name),
});

/** The dataset `imbalance_price_hourly` of SPP. */
export const imbalancePriceHourly: Dataset = sppDataset({
  ...SHARED,
  name: 'imbalance_price_hourly',
  title: 'Prices of the energy imbalance service by the hour, as settled, until February 2014',
  time: HOUR_ENDING,
  matches: (head, name) => isImbalance(head) && byHour(head, name),
});
