/**
 * The seven-day outlook of CAISO's public pages, `rtm_forecast_7day.csv`: readings every five minutes of load so far, and
 * forecasts for the week. Pacific time without offset; the repeated hour by its order in the file.
 *
 * On the day that the clocks go forward the file keeps the hour that does not exist, with empty cells: a row without any
 * number says nothing and is passed over.
 */

import { DAY, type Micros } from '../../core/time/instant.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { Dataset, Payload, PayloadHead, Recognition, SourceRequest } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { ownEntry } from '../kit/own-entry.ts';
import { headOf } from '../kit/payload.ts';
import { firstFields } from '../kit/readers/csv.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { formatStamp } from '../kit/time/stamp.ts';
import { CAISO_ZONE } from './routes.ts';

const BASE = 'https://www.caiso.com/outlook';
const FILE = 'rtm_forecast_7day.csv';
const UNIT = 'MW';

/** Column → field and what it is; a file has those that its day knew. */
const COLUMNS: Readonly<Record<string, readonly [field: string, what: string]>> = {
  demand: ['load', 'demand'],
  'net demand': ['net_load', 'demand less wind and sun'],
  'day-ahead demand forecast': ['load_forecast', 'day-ahead forecast of demand'],
  'day-ahead net demand forecast': [
    'day_ahead_net_demand_forecast',
    'day-ahead forecast of demand less wind and sun',
  ],
  'resource adequacy capacity forecast': ['resource_adequacy_capacity_forecast', 'capacity under contract'],
  'net resource adequacy capacity forecast': [
    'net_resource_adequacy_capacity_forecast',
    'capacity under contract less wind and sun',
  ],
  'reserve requirement': ['reserve_requirement', 'reserves required'],
  'reserve requirement forecast': ['reserve_requirement_forecast', 'reserves required, forecast'],
  'resource adequacy credits': ['resource_adequacy_credits', 'capacity credited'],
};

/** Columns by which the file is known. */
const MARKS: readonly string[] = ['time', 'day-ahead demand forecast', 'resource adequacy credits'];

function recognise(head: PayloadHead): Recognition {
  const names = firstFields(head.text).map(normaliseHeader);
  if (!MARKS.every((mark) => names.includes(mark))) return 0;
  return head.name.includes('rtm_forecast') ? 3 : 2;
}

function decode(payload: Payload) {
  const names = firstFields(headOf(payload).text).map(normaliseHeader);
  const present = Object.keys(COLUMNS).filter((name) => names.includes(name) || MARKS.includes(name));
  const columns: Record<string, string> = { time: 'time' };
  for (const name of present) columns[name] = name;
  return readTable(payload, { columns, ignored: [] }, (fields, at, line) => {
    const cell = (name: string): string => fields[at[name] ?? -1] ?? '';
    if (present.every((name) => cell(name).trim() === '')) return null;
    const values = present.map((name) => ({
      field: ownEntry(COLUMNS, name)?.[0] ?? name,
      value: cell(name),
      unit: UNIT,
    }));
    return sourceRow(line, 'CAISO', cell('time'), values);
  });
}

/** Today's file, or that of a day before; a day's file is there once the day has begun. */
function requestFor(day: number, now: Micros): SourceRequest {
  const window = marketDayBounds(CAISO_ZONE, day);
  const date = formatStamp('YYYYMMDD', day * DAY);
  const folder = now < window.end ? 'current' : `history/${date}`;
  return {
    url: `${BASE}/${folder}/${FILE}`,
    name: `${date}_${FILE}`,
    window,
    expectedAt: window.start,
    maxBytes: 10_000_000,
  };
}

/** The dataset `load_forecast_outlook`. */
export const outlook: Dataset = {
  name: 'load_forecast_outlook',
  title: 'Seven-day outlook: load so far, forecasts and capacity',
  time: {
    name: 'pacific-instant',
    zone: CAISO_ZONE,
    pattern: 'MM/DD/YYYY hh:mm',
    stamp: 'instant',
    length: 0,
    onGrid: false,
    repeated: { by: 'order' },
  },
  nullWords: NULL_WORDS,
  coverage: { contiguous: false, sameSpan: false, forward: true },
  fields: Object.values(COLUMNS).map(([field, what]) => ({ field, unit: UNIT, what })),
  recognise,
  plan(window, settings) {
    const first = marketDayOf(CAISO_ZONE, window.start);
    // The file of a day to come does not exist; today's tells of the week.
    const last = Math.min(
      marketDayOf(CAISO_ZONE, Math.max(window.start, window.end - 1)),
      marketDayOf(CAISO_ZONE, settings.now),
    );
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
      requestFor(first + i, settings.now),
    );
  },
  decode,
};
