/**
 * ISO New England's prices of reserves by reserve zone (of ten minutes spinning, of ten minutes not spinning, of thirty
 * minutes) and of regulation: day-ahead since 2025, in real time by five minutes, and preliminary and final by the hour.
 */

import type { Dataset, PublishedField } from '../kit/contract.ts';
import { isoneDataset } from './dataset.ts';
import { service } from './routes.ts';
import { WEB_KINDS } from './web-kinds.ts';

const UNIT = 'USD/MW';

const RESERVES: readonly PublishedField[] = [
  { field: 'mcp_tmsr', unit: UNIT, what: 'ten-minute spinning reserve' },
  { field: 'mcp_tmnsr', unit: UNIT, what: 'ten-minute reserve that does not spin' },
  { field: 'mcp_tmor', unit: UNIT, what: 'thirty-minute operating reserve' },
];
const EXPRESS: readonly PublishedField[] = [
  { field: 'mcp_tmr', unit: UNIT, what: 'ten-minute reserve, as reports of ISO Express call it' },
  { field: 'mcp_reserve_total', unit: UNIT, what: 'total reserve, as reports of ISO Express call it' },
];
const REGULATION: readonly PublishedField[] = [
  { field: 'mcp_regulation', unit: UNIT, what: 'regulation, one price until 2015' },
  { field: 'mcp_regulation_service', unit: UNIT, what: 'regulation service' },
  { field: 'mcp_regulation_capacity', unit: UNIT, what: 'regulation capacity' },
];

/** True for a report that calls itself one of the day-ahead market. */
const isDayAhead = (title: string): boolean => /day.?ahead/.test(title);

const isPriced = (names: ReadonlySet<string>): boolean =>
  [...names].some((name) =>
    /(?:reserve|tmsr|tmor|service|capacity|regulation)clearingprice$|^(?:hourly)?rcp$/.test(name),
  );

/** The dataset `da_as_prices` of ISO New England. */
export const dayAheadReserves: Dataset = isoneDataset({
  name: 'da_as_prices',
  title: 'Day-ahead hourly prices of reserves',
  fields: [
    ...RESERVES,
    { field: 'mcp_fer', unit: UNIT, what: 'energy that the forecast requires, and that was not sold' },
  ],
  kinds: WEB_KINDS.dayAheadReserves,
  express: (head) => head.times === 'hours' && isPriced(head.names) && isDayAhead(head.title),
  named: /daasreserve/i,
  plan: service('daasreservedata', -11),
});

/** The dataset `rt_as_prices` of ISO New England. */
export const realTimeReserves: Dataset = isoneDataset({
  name: 'rt_as_prices',
  title: 'Real-time five-minute prices of reserves and regulation',
  fields: [...RESERVES, ...EXPRESS, ...REGULATION],
  kinds: WEB_KINDS.fiveMinuteReserves,
  express: (head) => head.times === 'clock' && isPriced(head.names),
  named: /reserveprice|rcp/i,
  plan: (window, settings) =>
    ['fiveminutereserveprice', 'fiveminutercp'].flatMap((path) => service(path, 1)(window, settings)),
});

/** The dataset `rt_as_prices_hourly` of ISO New England. */
export const hourlyReserves: Dataset = isoneDataset({
  name: 'rt_as_prices_hourly',
  title: 'Real-time hourly prices of reserves, preliminary and final',
  fields: [...RESERVES, ...EXPRESS, ...REGULATION],
  kinds: WEB_KINDS.hourlyReserves,
  express: (head) => head.times === 'hours' && isPriced(head.names) && !isDayAhead(head.title),
  named: /hourly(?:prelim|final)reserve/i,
  plan: service('hourlyprelimreserveprice', 24),
});
