/**
 * NYISO load that the day-ahead market committed by zone (P-59, `zonalBidLoad/YYYYMMDDzonalBidLoad.csv`): energy bid
 * without a price, bilateral, capped by a price, and virtual in both directions. Hours, stamps and the repeated hour are
 * those of the day-ahead prices; rows are zones, told by `Name`.
 */

import type { Dataset, Decoded, Payload, PayloadHead, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headerLines } from '../kit/pieces.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { dayAheadLmp } from './day-ahead-lmp.ts';
import { recordsOf } from './layouts.ts';
import { dailyRequests } from './routes.ts';

const UNIT = 'MW';

/** Field → column, and what it is. */
const PARTS = {
  load_bid_energy: ['energy bid load', 'load bid at any price'],
  load_bid_bilateral: ['bilateral load', 'load served by bilateral transactions'],
  load_bid_price_cap: ['price cap load', 'load bid up to a price'],
  load_virtual: ['virtual load', 'virtual load'],
  supply_virtual: ['virtual supply', 'virtual supply'],
} as const;

const FIELDS = Object.keys(PARTS) as (keyof typeof PARTS)[];

function recognise(head: PayloadHead): Recognition {
  const names = (recordsOf(head)[0] ?? []).map(normaliseHeader);
  const found = FIELDS.filter((field) => names.includes(PARTS[field][0])).length;
  if (!names.includes('time stamp') || found < FIELDS.length - 1) return 0;
  return /zonalBidLoad/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const columns: Record<string, string> = { time: 'time stamp', location: 'name' };
  for (const field of FIELDS) columns[field] = PARTS[field][0];
  return readTable(payload, { columns, ignored: ['ptid'] }, (fields, at, line) => {
    const cell = (column: string): string => fields[at[column] ?? -1] ?? '';
    const values = FIELDS.map((field) => ({ field, value: cell(field), unit: UNIT }));
    return sourceRow(line, cell('location').trim(), cell('time'), values);
  });
}

/** The dataset `load_cleared_day_ahead` of NYISO. */
export const clearedLoad: Dataset = {
  name: 'load_cleared_day_ahead',
  title: 'Load that the day-ahead market committed, by zone and hour',
  time: dayAheadLmp.time,
  nullWords: NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: FIELDS.map((field) => ({ field, unit: UNIT, what: PARTS[field][1] })),
  rule: {
    kind: 'series',
    product: 'DA_CLEARED',
    lateness: '2h',
    horizon: '7d',
    fields: Object.fromEntries(FIELDS.map((field) => [field, { min: '-20000', max: '50000' }])),
  },
  recognise,
  plan: (window, settings) =>
    dailyRequests({ set: 'zonalBidLoad', file: 'zonalBidLoad', publishedAfter: -13 }, window, settings.now),
  pieces: headerLines,
  decode,
};
