/**
 * NYISO prices of reserves and regulation: day-ahead hourly (P-5, `damasp/YYYYMMDDdamasp.csv`) and real-time at five
 * minutes (P-6B, `rtasp/YYYYMMDDrtasp.csv`).
 *
 * A `Time Zone` column says EST or EDT, so that the repeated hour needs no rule of order. Day-ahead stamps are the
 * begin of the hour. Real-time stamps are taken as the end of their five minutes, as those of the prices of the same
 * dispatch are; clients of the operator disagree, and the operator prints no explanation.
 */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, PublishedField, Recognition } from '../kit/contract.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { recordsOf } from './layouts.ts';
import { NYISO_NULL_WORDS } from './lbmp-table.ts';
import { dailyRequests } from './routes.ts';
import { ZONED_TIME } from './zoned-time.ts';

const UNIT = 'USD/MW';

/** Header, normalised → field. Movement is printed in the real-time file only. */
const PRODUCTS = {
  '10 min spinning reserve': 'mcp_spin_10',
  '10 min non-synchronous reserve': 'mcp_nonspin_10',
  '30 min operating reserve': 'mcp_operating_30',
  'nyca regulation capacity': 'mcp_regulation_capacity',
  'nyca regulation movement': 'mcp_regulation_movement',
} as const;
type Product = keyof typeof PRODUCTS;

const KEYS = { time: 'time stamp', zone: 'time zone', location: 'name' } as const;
const MOVEMENT: Product = 'nyca regulation movement';
const SHARED = (Object.keys(PRODUCTS) as Product[]).filter((product) => product !== MOVEMENT);

const FIELDS: readonly PublishedField[] = [
  { field: 'mcp_spin_10', unit: UNIT, what: 'price of 10-minute spinning reserve' },
  { field: 'mcp_nonspin_10', unit: UNIT, what: 'price of 10-minute non-synchronous reserve' },
  { field: 'mcp_operating_30', unit: UNIT, what: 'price of 30-minute operating reserve' },
  { field: 'mcp_regulation_capacity', unit: UNIT, what: 'price of regulation capacity' },
];
const MOVEMENT_FIELD: PublishedField = {
  field: 'mcp_regulation_movement',
  unit: UNIT,
  what: 'price of regulation movement',
};

/** What a head shows: whether movement is priced, and whether the stamps are hourly; null for another report. */
function reserveHead(head: PayloadHead): { movement: boolean; hourly: boolean } | null {
  const [header = [], ...records] = recordsOf(head);
  const names = header.map(normaliseHeader);
  const at = names.indexOf(KEYS.time);
  if (at < 0 || !SHARED.some((product) => names.includes(product))) return null;
  const stamps = new Set(records.map((fields) => (fields[at] ?? '').trim()));
  const off = [...stamps].filter((stamp) => !/ \d\d:00(?::00)?$/.test(stamp));
  return { movement: names.includes(MOVEMENT), hourly: 2 * off.length <= stamps.size };
}

function recognise(head: PayloadHead, realTime: boolean): Recognition {
  const found = reserveHead(head);
  if (found === null || (found.movement || !found.hourly) !== realTime) return 0;
  return (realTime ? /rtasp/i : /damasp/i).test(head.name) ? 3 : 2;
}

/** Reads either file; the products are those that the header names among the ones asked for. */
function read(payload: Payload, products: readonly Product[]): Decoded {
  const columns: Record<string, string> = { ...KEYS };
  for (const product of products) columns[product] = product;
  return readTable(payload, { columns, ignored: ['ptid', ...Object.keys(PRODUCTS)] }, (fields, at, line) => {
    const cell = (column: string): string => fields[at[column] ?? -1] ?? '';
    return sourceRow(
      line,
      cell('location').trim(),
      cell('time'),
      products.map((product) => ({ field: PRODUCTS[product], value: cell(product), unit: UNIT })),
      { timeHint: cell('zone').trim() },
    );
  });
}

/** The dataset `da_as_prices` of NYISO. */
export const dayAheadReserves: Dataset = {
  name: 'da_as_prices',
  title: 'Day-ahead hourly prices of reserves and regulation',
  time: { ...ZONED_TIME, name: 'eastern-hour-beginning', stamp: 'beginning', length: HOUR, onGrid: true },
  nullWords: NYISO_NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: FIELDS,
  recognise: (head) => recognise(head, false),
  plan: (window, settings) =>
    dailyRequests({ set: 'damasp', file: 'damasp', publishedAfter: -13 }, window, settings.now),
  decode: (payload) => read(payload, SHARED),
};

/** The dataset `rt_as_prices` of NYISO. */
export const realTimeReserves: Dataset = {
  name: 'rt_as_prices',
  title: 'Real-time five-minute prices of reserves and regulation',
  time: {
    ...ZONED_TIME,
    name: 'eastern-five-minutes-ending',
    stamp: 'ending-clock',
    length: 5 * MINUTE,
    onGrid: false,
  },
  nullWords: NYISO_NULL_WORDS,
  coverage: { contiguous: false, sameSpan: false, forward: true },
  fields: [...FIELDS, MOVEMENT_FIELD],
  recognise: (head) => recognise(head, true),
  plan: (window, settings) =>
    dailyRequests({ set: 'rtasp', file: 'rtasp', publishedAfter: 1 }, window, settings.now),
  decode: (payload) => read(payload, [...SHARED, MOVEMENT]),
};
