/**
 * NYISO actual load of the eleven zones: readings about every five minutes (P-58B, `pal/YYYYMMDDpal.csv`), and the
 * integrated hours (P-58C, `palIntegrated/YYYYMMDDpalIntegrated.csv`). Both have a `Time Zone` column.
 */

import { HOUR } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition } from '../kit/contract.ts';
import { headerLines } from '../kit/pieces.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { recordsOf } from './layouts.ts';
import { NYISO_NULL_WORDS } from './lbmp-table.ts';
import { dailyRequests } from './routes.ts';
import { ZONED_INSTANT, ZONED_TIME } from './zoned-time.ts';

const UNIT = 'MW';
const FIELDS: Dataset['fields'] = [{ field: 'load', unit: UNIT, what: 'actual load of the zone' }];

function recognise(head: PayloadHead, column: string, name: RegExp): Recognition {
  const names = (recordsOf(head)[0] ?? []).map(normaliseHeader);
  if (![column, 'time stamp', 'time zone', 'name'].every((wanted) => names.includes(wanted))) return 0;
  return name.test(head.name) ? 3 : 2;
}

function read(payload: Payload, column: string): Decoded {
  const columns = { time: 'time stamp', zone: 'time zone', location: 'name', load: column } as const;
  return readTable(payload, { columns, ignored: ['ptid'] }, (fields, at, line) =>
    sourceRow(
      line,
      (fields[at.location] ?? '').trim(),
      fields[at.time] ?? '',
      [{ field: 'load', value: fields[at.load] ?? '', unit: UNIT }],
      { timeHint: (fields[at.zone] ?? '').trim() },
    ),
  );
}

/** The dataset `load` of NYISO. */
export const load: Dataset = {
  name: 'load',
  title: 'Actual load by zone, readings about every five minutes',
  time: ZONED_INSTANT,
  nullWords: NYISO_NULL_WORDS,
  coverage: { contiguous: false, sameSpan: false, forward: true },
  fields: FIELDS,
  recognise: (head) => recognise(head, 'load', /pal/i),
  plan: (window, settings) =>
    dailyRequests({ set: 'pal', file: 'pal', publishedAfter: 1 }, window, settings.now),
  pieces: headerLines,
  decode: (payload) => read(payload, 'load'),
};

/** The dataset `load_hourly` of NYISO. */
export const loadHourly: Dataset = {
  name: 'load_hourly',
  title: 'Integrated load by zone and hour',
  time: { ...ZONED_TIME, name: 'eastern-hour-beginning', stamp: 'beginning', length: HOUR, onGrid: true },
  nullWords: NYISO_NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: FIELDS,
  recognise: (head) => recognise(head, 'integrated load', /palIntegrated/i),
  plan: (window, settings) =>
    dailyRequests({ set: 'palIntegrated', file: 'palIntegrated', publishedAfter: 2 }, window, settings.now),
  pieces: headerLines,
  decode: (payload) => read(payload, 'integrated load'),
};
