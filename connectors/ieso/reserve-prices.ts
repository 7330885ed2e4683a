/**
 * IESO's prices of operating reserve at nodes, CSV: day-ahead by the hour (`DAHourlyORLMP`), pre-dispatch by the hour
 * (`PredispHourlyORLMP`) and real time by five minutes (`RealtimeORLMP`). Lines above the header as in the reports of
 * energy prices: `Delivery Hour,Interval,Pricing Location,LMP 10S,Congestion Price 10S,…`.
 */

import type { Dataset, PayloadHead, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { PLACE_COLUMN, type Run, readRunCsv, recogniseCsvRun } from './energy-prices.ts';
import { EST_FIVE_MINUTES, EST_HOURS } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';
import { topOf } from './report-csv.ts';
import type { ReportChoice } from './routes.ts';

/** Unit of a price of reserve. */
const UNIT = 'CAD/MW';

const COLUMNS = [
  ['lmp 10s', 'mcp_10s'],
  ['lmp 10n', 'mcp_10n'],
  ['lmp 30r', 'mcp_30r'],
  ['congestion price 10s', 'congestion_10s'],
  ['congestion price 10n', 'congestion_10n'],
  ['congestion price 30r', 'congestion_30r'],
] as const;

const FIELDS: Dataset['fields'] = [
  { field: 'mcp_10s', unit: UNIT, what: 'ten-minute spinning reserve' },
  { field: 'mcp_10n', unit: UNIT, what: 'ten-minute non-spinning reserve' },
  { field: 'mcp_30r', unit: UNIT, what: 'thirty-minute reserve' },
  { field: 'congestion_10s', unit: UNIT, what: 'congestion part of mcp_10s' },
  { field: 'congestion_10n', unit: UNIT, what: 'congestion part of mcp_10n' },
  { field: 'congestion_30r', unit: UNIT, what: 'congestion part of mcp_30r' },
];

function recognise(head: PayloadHead, run: Run): Recognition {
  const top = topOf(head, PLACE_COLUMN);
  if (top === null || !top.names.includes('lmp 10s')) return 0;
  return recogniseCsvRun(top, head.name, run);
}

function reserves(name: string, title: string, run: Run, reports: ReportChoice): Dataset {
  return {
    name,
    title,
    time: run === 'real-time' ? EST_FIVE_MINUTES : EST_HOURS,
    nullWords: NULL_WORDS,
    coverage: null,
    fields: FIELDS,
    recognise: (head) => recognise(head, run),
    ...fetchedBy(reports),
    decode: (payload) => readRunCsv(payload, COLUMNS, UNIT),
  };
}

/** The dataset `da_as_prices`. */
export const dayAheadReserves = reserves(
  'da_as_prices',
  'Day-ahead hourly prices of operating reserve at nodes',
  'day-ahead',
  { usual: 'DAHourlyORLMP', known: { DAHourlyORLMP: 'csv' }, each: 'day', publishedAfter: -11 },
);

/** The dataset `predispatch_as_prices`. */
export const preDispatchReserves = reserves(
  'predispatch_as_prices',
  'Pre-dispatch hourly prices of operating reserve at nodes',
  'pre-dispatch',
  {
    usual: 'PredispHourlyORLMP',
    known: { PredispHourlyORLMP: 'csv' },
    each: 'day',
    isVersioned: true,
    publishedAfter: -4,
  },
);

/** The dataset `rt_as_prices`. */
export const realTimeReserves = reserves(
  'rt_as_prices',
  'Real-time five-minute prices of operating reserve at nodes',
  'real-time',
  { usual: 'RealtimeORLMP', known: { RealtimeORLMP: 'csv' }, each: 'hour', publishedAfter: 1 },
);
