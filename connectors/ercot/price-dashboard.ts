/**
 * ERCOT's dashboard of prices (system-wide-prices, before that systemWidePrices): a list of the day's real-time prices by
 * the quarter of an hour, `rtSppData`, and one of its day-ahead prices by the hour, `damSppData`; hubs and zones are keys.
 *
 * A quarter is named by its end (`intervalEnding`), an hour by its number (`hourEnding`), the second pass of the repeated
 * hour by its flag; the stamp beside them gives the date. Both lengths stand in one body, so that both ends of an interval
 * are written out here, in UTC.
 */

import { DAY, formatInstant, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Payload, PrintedBounds, SourceRow } from '../kit/contract.ts';
import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  malformedRecord,
} from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { HOUR_ENDING, QUARTERS } from './clock.ts';
import { lastUpdated, splitOffset, textOf } from './dashboard.ts';
import { type Dashboard, dashboardDataset } from './dashboard-dataset.ts';
import { PRICE_UNIT } from './prices.ts';

const TIME: TimeConvention = {
  name: 'central-label-and-flag',
  zone: 'UTC',
  pattern: 'YYYY-MM-DDThh:mm:ss[.000]Z',
  stamp: 'bounds',
  length: 15 * MINUTE,
  otherLengths: [HOUR],
  onGrid: true,
  repeated: { by: 'none' },
};

/** One list of the dashboard. */
interface PriceList {
  readonly key: string;
  readonly label: string;
  readonly field: string;
  readonly length: Micros;
  /** Labels as they are read: `2026-10-09 00:15`, `2026-10-09 1`. */
  readonly convention: TimeConvention;
}

const LISTS: readonly PriceList[] = [
  {
    key: 'rtSppData',
    label: 'intervalEnding',
    field: 'lmp',
    length: 15 * MINUTE,
    convention: { ...QUARTERS, pattern: 'YYYY-MM-DD h:mm' },
  },
  {
    key: 'damSppData',
    label: 'hourEnding',
    field: 'lmp_day_ahead',
    length: HOUR,
    convention: { ...HOUR_ENDING, pattern: 'YYYY-MM-DD h[:mm]' },
  },
];

const POINT = /^(?:hb|lz)[A-Z]\w*$/;

/** `hbHubAvg` is the settlement point HB_HUBAVG. */
const pointOf = (key: string): string => `${key.slice(0, 2)}_${key.slice(2)}`.toUpperCase();

/**
 * Both ends of an interval; the words themselves where they tell none, for the row to be refused. A label of midnight is
 * the last of its day, and the stamp beside it is of the next one.
 */
function boundsOf(
  entry: JsonObject,
  list: PriceList,
  today: string,
): { words: string; bounds: PrintedBounds } {
  const label = textOf(entry[list.label]);
  const stamp = splitOffset(textOf(entry['timestamp'])).words;
  const wall = parseStamp('YYYY-MM-DD[ ][T]hh:mm[:ss]', stamp);
  const last = /^(?:24|0?0:00$)/.test(label);
  const isMidnight = wall !== null && wall % DAY === 0;
  const date = wall === null ? today : formatStamp('YYYY-MM-DD', last && isMidnight ? wall - DAY : wall);
  const words = `${date} ${last ? label.replace(/^\d+/, '24') : label}`;
  const flag = textOf(entry['dstFlag']).toLowerCase();
  const moment = momentOf(list.convention, words);
  const start = moment.kind === 'repeated' && flag === 'y' ? moment.second : moment.first;
  const isTold = moment.kind === 'unique' || (moment.kind === 'repeated' && /^[yn]$/.test(flag));
  if (!isTold) return { words, bounds: { start: words, end: words } };
  const printed = [start, start + list.length].map(formatInstant);
  return { words, bounds: { start: printed[0] ?? '', end: printed[1] ?? '' } };
}

function rowsOf(body: Json, payload: Payload): SourceRow[] {
  const publishedAt = lastUpdated(body);
  const today = isJsonObject(body) ? textOf(body['lastUpdated']).slice(0, 10) : '';
  const rows: SourceRow[] = [];
  let row = 0;
  for (const list of LISTS) {
    const entries = isJsonObject(body) ? (body[list.key] ?? []) : [];
    if (!isJsonArray(entries))
      throw malformedRecord(payload, row + 1, `a list of prices under ${list.key}`, entries);
    for (const entry of entries) {
      row++;
      if (!isJsonObject(entry)) throw malformedRecord(payload, row, `an entry with ${list.label}`, entry);
      const { words, bounds } = boundsOf(entry, list, today);
      for (const [key, value] of Object.entries(entry)) {
        if (!POINT.test(key) || !(value === null || typeof value === 'string')) continue;
        const values = [{ field: list.field, value, unit: PRICE_UNIT }];
        rows.push(sourceRow(row, pointOf(key), words, values, { bounds, publishedAt }));
      }
    }
  }
  return rows;
}

const dashboard: Dashboard = {
  dataset: 'price_outlook',
  title: 'Prices of hubs and zones today: real-time by quarters of an hour, day-ahead by the hour',
  file: 'system-wide-prices',
  time: TIME,
  fields: [
    { field: 'lmp', unit: PRICE_UNIT, what: 'real-time settlement point price of a quarter of an hour' },
    { field: 'lmp_day_ahead', unit: PRICE_UNIT, what: 'day-ahead settlement point price of an hour' },
  ],
  marks: [/"rtSppData"|"damSppData"/],
  read: (body, payload) => ({ rows: rowsOf(body, payload) }),
};

/** The dataset `price_outlook` of ERCOT. */
export const priceOutlook = dashboardDataset(dashboard);
