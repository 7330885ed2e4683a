/**
 * NYISO's sun behind the meter: what it is estimated to have given (P-70A, `btmactualforecast/YYYYMMDDBTMEstimatedActual`)
 * and what is forecast (P-70B, `btmdaforecast/YYYYMMDDbtmdaforecast`), by zone and hour, with the system as SYSTEM.
 *
 * Hour-beginning Eastern time; a `Time Zone` column tells the repeated hour where there is one, else the order. Both
 * reports have one header, and nothing in the body says which it is: the name decides, and without a telling one the body
 * is taken for what was given, as a file of hourly prices is for the day-ahead ones.
 */

import type { Dataset, Decoded, Payload, PayloadHead, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf } from '../kit/payload.ts';
import { headerLines } from '../kit/pieces.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { recordsOf } from './layouts.ts';
import { areDays } from './other-tables.ts';
import { dailyRequests } from './routes.ts';
import { HOURS, ZONED_HOURS } from './zoned-time.ts';

const UNIT = 'MW';
const COLUMNS = { time: 'time stamp', place: 'zone name', value: 'mw value' } as const;
const ZONE = 'time zone';

const headerOf = (head: PayloadHead): string[] => (recordsOf(head)[0] ?? []).map(normaliseHeader);

const NAMES = { solar_generation: /BTMEstimatedActual|btmactual/i, solar_forecast: /btmda|btm.?forecast/i };

/** Which of both reports a name tells; null for none. */
const namedSolar = (name: string): keyof typeof NAMES | null =>
  (Object.keys(NAMES) as (keyof typeof NAMES)[]).find((each) => NAMES[each].test(name)) ?? null;

function recognise(head: PayloadHead, dataset: keyof typeof NAMES): Recognition {
  const names = headerOf(head);
  if (!Object.values(COLUMNS).every((column) => names.includes(column))) return 0;
  const at = names.indexOf(COLUMNS.time);
  const [, ...records] = recordsOf(head);
  const named = namedSolar(head.name);
  if (named !== null) return named === dataset ? 3 : 0;
  if (areDays(records.map((fields) => (fields[at] ?? '').trim()))) return 0;
  return dataset === 'solar_generation' ? 2 : 1;
}

function decode(payload: Payload, field: string): Decoded {
  const zoned = headerOf(headOf(payload)).includes(ZONE);
  const columns: Record<string, string> = { ...COLUMNS, ...(zoned ? { zone: ZONE } : {}) };
  const decoded = readTable(payload, { columns, ignored: ['ptid'] }, (fields, at, line) => {
    const cell = (column: string): string => (fields[at[column] ?? -1] ?? '').trim();
    const values = [{ field, value: cell('value'), unit: UNIT }];
    return sourceRow(line, cell('place'), cell('time'), values, { timeHint: zoned ? cell('zone') : null });
  });
  return zoned ? { ...decoded, layout: { time: ZONED_HOURS } } : decoded;
}

function solar(name: keyof typeof NAMES, title: string, set: string, report: string, after: number): Dataset {
  return {
    name,
    title,
    time: HOURS,
    nullWords: NULL_WORDS,
    coverage: { contiguous: false, sameSpan: false, forward: true },
    fields: [{ field: name, unit: UNIT, what: `${title.toLowerCase()}, SYSTEM for the whole market` }],
    recognise: (head) => recognise(head, name),
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
  'btmactualforecast',
  'BTMEstimatedActual',
  32,
);

/** The dataset `solar_forecast` of NYISO. */
export const solarForecast = solar(
  'solar_forecast',
  'Forecast output of sun behind the meter by zone and hour',
  'btmdaforecast',
  'btmdaforecast',
  -16,
);
