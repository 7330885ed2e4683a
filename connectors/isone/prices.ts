/**
 * ISO New England's prices at the hub, zones, interfaces and nodes: day-ahead by the hour, in real time by the hour and
 * by five minutes, preliminary and then final. LMP = energy + congestion + loss.
 *
 * The web service has one record for both kinds of hours, `HourlyLmp`: the name tells them apart, and without a telling
 * one they are day-ahead. Reports of ISO Express say it in their title.
 */

import type { Dataset, PublishedField } from '../kit/contract.ts';
import { type ExpressHead, isoneDataset } from './dataset.ts';
import { dayAheadReports, fiveMinuteServices, hourlyPriceReports } from './routes.ts';
import { WEB_KINDS } from './web-kinds.ts';

const UNIT = 'USD/MWh';

const FIELDS: readonly PublishedField[] = [
  { field: 'lmp', unit: UNIT, what: 'price at the location' },
  { field: 'energy', unit: UNIT, what: 'energy component' },
  { field: 'congestion', unit: UNIT, what: 'congestion component' },
  { field: 'loss', unit: UNIT, what: 'marginal loss component' },
];

const PRICES: readonly string[] = ['locationalmarginalprice', 'lmp', 'lmptotal', 'energycomponent'];
const REAL_TIME = /real.?time|lmp.?rt|rt.?lmp|(?:^|[^a-z])rt[^a-z]/i;
const DAY_AHEAD = /day.?ahead|DALMP|(?:^|[^a-z])da[^a-z]/i;

const isHourly = (head: ExpressHead): boolean =>
  head.times === 'hours' && PRICES.some((name) => head.names.has(name));

/**
 * True for hourly prices of real time: the title decides, without one the name. The report of the last hours, which tells
 * the day as `Local Date`, is of real time.
 */
const saysRealTime = (head: ExpressHead, name: string): boolean =>
  REAL_TIME.test(head.title) ||
  (!DAY_AHEAD.test(head.title) && (REAL_TIME.test(name) || head.names.has('localdate')));

/** The dataset `da_lmp` of ISO New England. */
export const dayAheadLmp: Dataset = isoneDataset({
  name: 'da_lmp',
  title: 'Day-ahead hourly prices at the hub, zones, interfaces and nodes',
  fields: FIELDS,
  kinds: WEB_KINDS.hourlyPrices,
  shared: (name) => DAY_AHEAD.test(name) || !REAL_TIME.test(name),
  express: (head, name) => isHourly(head) && !saysRealTime(head, name),
  named: DAY_AHEAD,
  plan: dayAheadReports,
});

/** The dataset `rt_lmp_hourly` of ISO New England. */
export const realTimeHourlyLmp: Dataset = isoneDataset({
  name: 'rt_lmp_hourly',
  title: 'Real-time hourly prices, preliminary and final',
  fields: FIELDS,
  kinds: WEB_KINDS.hourlyPrices,
  shared: (name) => REAL_TIME.test(name) && !DAY_AHEAD.test(name),
  express: (head, name) => isHourly(head) && saysRealTime(head, name),
  named: REAL_TIME,
  plan: hourlyPriceReports,
});

/** The dataset `rt_lmp` of ISO New England. */
export const realTimeLmp: Dataset = isoneDataset({
  name: 'rt_lmp',
  title: 'Real-time five-minute prices, preliminary and final',
  fields: FIELDS,
  kinds: WEB_KINDS.fiveMinutePrices,
  express: (head) => head.times === 'clock' && PRICES.some((name) => head.names.has(name)),
  named: /5.?min|five.?min/i,
  plan: fiveMinuteServices,
});
