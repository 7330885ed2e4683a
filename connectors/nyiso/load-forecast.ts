/**
 * NYISO load forecast of the zones (P-7, `isolf/YYYYMMDDisolf.csv`): six days by the hour, a column for each zone and one
 * for the whole system. Hour-beginning Eastern time without offset; the repeated hour by order, where both hours may
 * hold the same numbers. Custom reports have a row for each zone and hour. Each number is a row of its own, under the zone as the header writes it (`Hud Vl`).
 */

import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf } from '../kit/payload.ts';
import { headerLines } from '../kit/pieces.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { recordsOf } from './layouts.ts';
import { dailyRequests } from './routes.ts';
import { HOURS, ZONED_HOURS } from './zoned-time.ts';

const UNIT = 'MW';
const ZONE = 'time zone';

/** Zones as the header writes them; the last is the system. */
const PLACES = [
  'Capitl',
  'Centrl',
  'Dunwod',
  'Genese',
  'Hud Vl',
  'Longil',
  'Mhk Vl',
  'Millwd',
  'N.Y.C.',
  'North',
  'West',
  'NYISO',
] as const;

/** True for a header of stamps and some of the places, as a selection of columns has. */
const isSelection = (names: readonly string[]): boolean => {
  const places = names.filter((name) => name !== '' && name !== 'time stamp');
  return places.length > 0 && places.every((name) => PLACES.some((place) => place.toLowerCase() === name));
};

function recognise(head: PayloadHead): Recognition {
  const names = (recordsOf(head)[0] ?? []).map(normaliseHeader);
  const found = PLACES.filter((place) => names.includes(place.toLowerCase())).length;
  if (!names.includes('time stamp') || (found < PLACES.length - 1 && !isSelection(names))) return 0;
  return /isolf/i.test(head.name) ? 3 : 2;
}

/** The columns of a custom report: a row for each zone and hour. */
const LONG = { time: 'time stamp', location: 'name', value: 'load forecast' } as const;

function decodeLong(payload: Payload, zoned: boolean): Decoded {
  const columns: Record<string, string> = { ...LONG, ...(zoned ? { zone: ZONE } : {}) };
  const decoded = readTable(payload, { columns, ignored: ['ptid', 'version'] }, (fields, at, line) => {
    const cell = (column: string): string => fields[at[column] ?? -1] ?? '';
    const values = [{ field: 'load_forecast', value: cell('value'), unit: UNIT }];
    const timeHint = zoned ? cell('zone').trim() : null;
    return sourceRow(line, cell('location').trim(), cell('time'), values, { timeHint });
  });
  return zoned ? { ...decoded, layout: { time: ZONED_HOURS } } : decoded;
}

function decode(payload: Payload): Decoded {
  const columns: Record<string, string> = { time: 'time stamp' };
  const names = (recordsOf(headOf(payload))[0] ?? []).map(normaliseHeader);
  if (names.includes(LONG.value)) return decodeLong(payload, names.includes(ZONE));
  const places = isSelection(names) ? PLACES.filter((place) => names.includes(place.toLowerCase())) : PLACES;
  for (const place of places) columns[place] = place.toLowerCase();
  const rows: SourceRow[] = [];
  const decoded = readTable(payload, { columns, ignored: [] }, (fields, at, line) => {
    const cell = (column: string): string => fields[at[column] ?? -1] ?? '';
    for (const place of places)
      rows.push(
        sourceRow(line, place, cell('time'), [{ field: 'load_forecast', value: cell(place), unit: UNIT }]),
      );
    return null;
  });
  return { ...decoded, rows };
}

/** The dataset `load_forecast` of NYISO. */
export const loadForecast: Dataset = {
  name: 'load_forecast',
  title: 'Load forecast by zone and hour for six days',
  time: HOURS,
  nullWords: NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: [{ field: 'load_forecast', unit: UNIT, what: 'forecast load of the zone, or of the system' }],
  recognise,
  plan: (window, settings) =>
    dailyRequests({ set: 'isolf', file: 'isolf', publishedAfter: 9 }, window, settings.now),
  pieces: headerLines,
  decode,
};
