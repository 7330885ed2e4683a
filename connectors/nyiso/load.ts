/**
 * NYISO actual load of the eleven zones: readings about every five minutes (P-58B, `pal/YYYYMMDDpal.csv`), and the
 * integrated hours (P-58C, `palIntegrated/YYYYMMDDpalIntegrated.csv`). Both have a `Time Zone` column, which files
 * of old years lack: the order tells the repeated hour then.
 */

import type { Dataset, Decoded, Payload, PayloadHead, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf } from '../kit/payload.ts';
import { headerLines } from '../kit/pieces.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { recordsOf } from './layouts.ts';
import { dailyRequests } from './routes.ts';
import { unzoned, ZONED_HOURS, ZONED_INSTANT } from './zoned-time.ts';

const UNIT = 'MW';
const ZONE = 'time zone';
const FIELDS: Dataset['fields'] = [{ field: 'load', unit: UNIT, what: 'actual load of the zone' }];

function recognise(head: PayloadHead, column: string, name: RegExp): Recognition {
  const names = (recordsOf(head)[0] ?? []).map(normaliseHeader);
  if (![column, 'time stamp', 'name'].every((wanted) => names.includes(wanted))) return 0;
  return name.test(head.name) ? 3 : 2;
}

function read(payload: Payload, column: string, time: TimeConvention): Decoded {
  const zoned = (recordsOf(headOf(payload))[0] ?? []).map(normaliseHeader).includes(ZONE);
  const columns: Record<string, string> = {
    time: 'time stamp',
    location: 'name',
    load: column,
    ...(zoned ? { zone: ZONE } : {}),
  };
  const decoded = readTable(payload, { columns, ignored: ['ptid', 'version'] }, (fields, at, line) => {
    const cell = (name: string): string => fields[at[name] ?? -1] ?? '';
    const values = [{ field: 'load', value: cell('load'), unit: UNIT }];
    const timeHint = zoned ? cell('zone').trim() : null;
    return sourceRow(line, cell('location').trim(), cell('time'), values, { timeHint });
  });
  return zoned ? decoded : { ...decoded, layout: { time: unzoned(time) } };
}

/** The dataset `load` of NYISO. */
export const load: Dataset = {
  name: 'load',
  title: 'Actual load by zone, readings about every five minutes',
  time: ZONED_INSTANT,
  nullWords: NULL_WORDS,
  coverage: { contiguous: false, sameSpan: false, forward: true },
  fields: FIELDS,
  recognise: (head) => recognise(head, 'load', /pal/i),
  plan: (window, settings) =>
    dailyRequests({ set: 'pal', file: 'pal', publishedAfter: 1 }, window, settings.now),
  pieces: headerLines,
  decode: (payload) => read(payload, 'load', ZONED_INSTANT),
};

/** The dataset `load_hourly` of NYISO. */
export const loadHourly: Dataset = {
  name: 'load_hourly',
  title: 'Integrated load by zone and hour',
  time: ZONED_HOURS,
  nullWords: NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: FIELDS,
  recognise: (head) => recognise(head, 'integrated load', /palIntegrated/i),
  plan: (window, settings) =>
    dailyRequests({ set: 'palIntegrated', file: 'palIntegrated', publishedAfter: 2 }, window, settings.now),
  pieces: headerLines,
  decode: (payload) => read(payload, 'integrated load', ZONED_HOURS),
};
