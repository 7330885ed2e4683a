/**
 * NYISO's sun behind the meter: what it is estimated to have given (P-70A, `btmactualforecast/YYYYMMDDBTMEstimatedActual`)
 * and what is forecast (P-70B, `btmdaforecast/YYYYMMDDbtmdaforecast`), by zone and hour, with the system as SYSTEM.
 *
 * Hour-beginning Eastern time; a `Time Zone` column tells the repeated hour where there is one, else the order. Both
 * reports have one header, and nothing in the body says which it is: the name decides.
 */

import { HOUR } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition } from '../kit/contract.ts';
import { headOf } from '../kit/payload.ts';
import { headerLines } from '../kit/pieces.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { recordsOf } from './layouts.ts';
import { NYISO_NULL_WORDS } from './lbmp-table.ts';
import { dailyRequests, NYISO_ZONE } from './routes.ts';
import { ZONED_TIME } from './zoned-time.ts';

const UNIT = 'MW';
const COLUMNS = { time: 'time stamp', place: 'zone name', value: 'mw value' } as const;
const ZONE = 'time zone';

const HOURLY: TimeConvention = {
  name: 'eastern-hour-beginning',
  zone: NYISO_ZONE,
  pattern: ZONED_TIME.pattern,
  stamp: 'beginning',
  length: HOUR,
  onGrid: true,
  repeated: { by: 'order' },
};

const headerOf = (head: PayloadHead): string[] => (recordsOf(head)[0] ?? []).map(normaliseHeader);

function recognise(head: PayloadHead, name: RegExp): Recognition {
  const names = headerOf(head);
  if (!Object.values(COLUMNS).every((column) => names.includes(column))) return 0;
  if (name.test(head.name)) return 3;
  return /btm/i.test(head.name) ? 0 : 1;
}

function decode(payload: Payload, field: string): Decoded {
  const zoned = headerOf(headOf(payload)).includes(ZONE);
  const columns: Record<string, string> = { ...COLUMNS, ...(zoned ? { zone: ZONE } : {}) };
  const decoded = readTable(payload, { columns, ignored: ['ptid'] }, (fields, at, line) => {
    const cell = (column: string): string => (fields[at[column] ?? -1] ?? '').trim();
    const values = [{ field, value: cell('value'), unit: UNIT }];
    return sourceRow(line, cell('place'), cell('time'), values, { timeHint: zoned ? cell('zone') : null });
  });
  return zoned ? { ...decoded, layout: { time: { ...HOURLY, repeated: ZONED_TIME.repeated } } } : decoded;
}

function solar(
  name: string,
  title: string,
  file: RegExp,
  set: string,
  report: string,
  after: number,
): Dataset {
  return {
    name,
    title,
    time: HOURLY,
    nullWords: NYISO_NULL_WORDS,
    coverage: { contiguous: false, sameSpan: false, forward: true },
    fields: [{ field: name, unit: UNIT, what: `${title.toLowerCase()}, SYSTEM for the whole market` }],
    recognise: (head) => recognise(head, file),
    plan: (window, settings) =>
      dailyRequests({ set, file: report, publishedAfter: after }, window, settings.now),
    pieces: headerLines,
    decode: (payload) => decode(payload, name),
  };
}

/** The dataset `solar_generation` of NYISO. */
export const solarGeneration = solar(
  'solar_generation',
  'Estimated output of sun behind the meter by zone and hour',
  /BTMEstimatedActual|btmactual/i,
  'btmactualforecast',
  'BTMEstimatedActual',
  32,
);

/** The dataset `solar_forecast` of NYISO. */
export const solarForecast = solar(
  'solar_forecast',
  'Forecast output of sun behind the meter by zone and hour',
  /btmda/i,
  'btmdaforecast',
  'btmdaforecast',
  -16,
);
