/**
 * NYISO prices of reserves and regulation: day-ahead hourly (P-5, `damasp/YYYYMMDDdamasp.csv`) and real-time at five
 * minutes (P-6B, `rtasp/YYYYMMDDrtasp.csv`).
 *
 * A `Time Zone` column says EST or EDT, so that the repeated hour needs no rule of order. Day-ahead stamps are the
 * begin of the hour. Real-time stamps are taken as the end of their five minutes, as those of the prices of the same
 * dispatch are; clients of the operator disagree, and the operator prints no explanation.
 *
 * Old files have no column of names: a price is a column of an area, `East 10 Min Spinning Reserve ($/MWHr)`, or in the
 * first years of the whole market. A body without `Time Zone` is told by order.
 */

import { MINUTE } from '../../core/time/instant.ts';
import type {
  Dataset,
  Decoded,
  Payload,
  PayloadHead,
  PublishedField,
  Recognition,
  SourceRow,
} from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf } from '../kit/payload.ts';
import { headerLines } from '../kit/pieces.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { recordsOf } from './layouts.ts';
import { dailyRequests } from './routes.ts';
import { unzoned, ZONED_HOURS, ZONED_TIME } from './zoned-time.ts';

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

const SYSTEM = 'NYCA';
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

/** A column of old files: the area, and the product without `NYCA`. */
const AREA_COLUMN =
  /^(?:(.+?) )?(10 min spinning reserve|10 min non-synchronous reserve|30 min operating reserve|regulation)(?: capacity)?$/;

/** The columns of old files by their places in the header; none where the header has a column of names. */
function areaColumns(names: readonly string[]): { at: number; area: string; field: string }[] {
  if (names.includes(KEYS.location)) return [];
  return names.flatMap((name, at) => {
    const parts = AREA_COLUMN.exec(name);
    if (parts === null) return [];
    const product = parts[2] === 'regulation' ? 'nyca regulation capacity' : parts[2];
    const field = PRODUCTS[product as Product];
    // The files of the first years have one price for all.
    const area = (parts[1] ?? SYSTEM).replace(/^./, (letter) => letter.toUpperCase());
    return [{ at, area, field }];
  });
}

/** What a head shows: whether movement is priced, and whether the stamps are hourly; null for another report. */
function reserveHead(head: PayloadHead): { movement: boolean; hourly: boolean } | null {
  const [header = [], ...records] = recordsOf(head);
  const names = header.map(normaliseHeader);
  const at = names.indexOf(KEYS.time);
  const priced = SHARED.some((product) => names.includes(product)) || areaColumns(names).length > 0;
  if (at < 0 || !priced) return null;
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
function read(payload: Payload, all: readonly Product[], time: TimeConvention): Decoded {
  const names = (recordsOf(headOf(payload))[0] ?? []).map(normaliseHeader);
  const areas = areaColumns(names);
  if (areas.length > 0) return readAreas(payload, names, areas, time);
  const zoned = names.includes(KEYS.zone);
  const columns: Record<string, string> = { time: KEYS.time, location: KEYS.location };
  if (zoned) columns['zone'] = KEYS.zone;
  const ignored = ['ptid', 'version', ...Object.keys(PRODUCTS)];
  // Custom reports have some of the products; but beside a column that is not known, a missing one may be damaged.
  const isKnown = (name: string): boolean => ignored.includes(name) || Object.values(columns).includes(name);
  const products = names.every(isKnown) ? all.filter((product) => names.includes(product)) : all;
  for (const product of products) columns[product] = product;
  const decoded = readTable(payload, { columns, ignored }, (fields, at, line) => {
    const cell = (column: string): string => fields[at[column] ?? -1] ?? '';
    const values = products.map((product) => ({
      field: PRODUCTS[product],
      value: cell(product),
      unit: UNIT,
    }));
    const timeHint = zoned ? cell('zone').trim() : null;
    return sourceRow(line, cell('location').trim(), cell('time'), values, { timeHint });
  });
  return zoned ? decoded : { ...decoded, layout: { time: unzoned(time) } };
}

/** Reads an old file: a row for each area. */
function readAreas(
  payload: Payload,
  names: readonly string[],
  areas: ReturnType<typeof areaColumns>,
  time: TimeConvention,
): Decoded {
  const rows: SourceRow[] = [];
  const zoned = names.includes(KEYS.zone);
  const columns: Record<string, string> = { time: KEYS.time, ...(zoned ? { zone: KEYS.zone } : {}) };
  const ignored = names.filter((name) => !Object.values<string>(columns).includes(name));
  const decoded = readTable(payload, { columns, ignored }, (fields, at, line) => {
    const byArea = Map.groupBy(areas, ({ area }) => area);
    for (const [area, prices] of byArea) {
      const values = prices.map((price) => ({
        field: price.field,
        value: fields[price.at] ?? '',
        unit: UNIT,
      }));
      const timeHint = zoned ? (fields[at['zone'] ?? -1] ?? '').trim() : null;
      rows.push(sourceRow(line, area, fields[at['time'] ?? -1] ?? '', values, { timeHint }));
    }
    return null;
  });
  return zoned ? { ...decoded, rows } : { ...decoded, rows, layout: { time: unzoned(time) } };
}

/** Five minutes by the clock at their end. */
const ZONED_FIVE_MINUTES: TimeConvention = {
  ...ZONED_TIME,
  name: 'eastern-five-minutes-ending',
  stamp: 'ending-clock',
  length: 5 * MINUTE,
  onGrid: false,
};

/** The dataset `da_as_prices` of NYISO. */
export const dayAheadReserves: Dataset = {
  name: 'da_as_prices',
  title: 'Day-ahead hourly prices of reserves and regulation',
  time: ZONED_HOURS,
  nullWords: NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: FIELDS,
  recognise: (head) => recognise(head, false),
  plan: (window, settings) =>
    dailyRequests({ set: 'damasp', file: 'damasp', publishedAfter: -13 }, window, settings.now),
  pieces: headerLines,
  decode: (payload) => read(payload, SHARED, ZONED_HOURS),
};

/** The dataset `rt_as_prices` of NYISO. */
export const realTimeReserves: Dataset = {
  name: 'rt_as_prices',
  title: 'Real-time five-minute prices of reserves and regulation',
  time: ZONED_FIVE_MINUTES,
  nullWords: NULL_WORDS,
  coverage: { contiguous: false, sameSpan: false, forward: true },
  fields: [...FIELDS, MOVEMENT_FIELD],
  recognise: (head) => recognise(head, true),
  plan: (window, settings) =>
    dailyRequests({ set: 'rtasp', file: 'rtasp', publishedAfter: 1 }, window, settings.now),
  pieces: headerLines,
  decode: (payload) => read(payload, [...SHARED, MOVEMENT], ZONED_FIVE_MINUTES),
};
