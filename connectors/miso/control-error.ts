/**
 * MISO's display of the area control error, `https://public-api.misoenergy.org/api/Ace`: readings about every thirty
 * seconds of the last minutes, `{"ACE":[{"instantEST":"2025-12-03 8:00:30 AM","value":"-123.4"},…]}`, EST all year.
 */

import { MINUTE } from '../../core/time/instant.ts';
import { marketDayBounds } from '../../core/time/market-day.ts';
import type { Dataset, Decoded, Payload, SourceRow } from '../kit/contract.ts';
import { isJsonArray, isJsonObject, type Json, malformedRecord, readJson } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import { REFERENCE_TIME } from './display-table.ts';
import { MISO_NULL_WORDS } from './lmp-table.ts';
import { ageOf, MISO_ZONE, operatingDays, publicRequest } from './routes.ts';

const UNIT = 'MW';
const KEY = /"instantEST"\s*:/;

const recordsOf = (body: Json): Json | undefined => {
  if (!isJsonObject(body)) return body;
  const key = Object.keys(body).find((each) => each.toUpperCase() === 'ACE');
  return key === undefined ? undefined : body[key];
};

function decode(payload: Payload): Decoded {
  const body = readJson(payload);
  const records = recordsOf(body);
  if (!isJsonArray(records)) throw malformedRecord(payload, 1, 'a list of readings under "ACE"', body);
  const rows: SourceRow[] = [];
  for (const [i, record] of records.entries()) {
    const time = isJsonObject(record) ? record['instantEST'] : undefined;
    const value = isJsonObject(record) ? record['value'] : undefined;
    if (typeof time !== 'string' || !(value === null || typeof value === 'string')) {
      const expected = 'a reading with instantEST and value';
      return { rows, rejected: [], drift: [], damage: malformedRecord(payload, i + 1, expected, record) };
    }
    rows.push(sourceRow(i + 1, 'MISO', time, [{ field: 'area_control_error', value, unit: UNIT }]));
  }
  return { rows, rejected: [], drift: [], damage: null };
}

/** The dataset `area_control_error` of MISO. */
export const areaControlError: Dataset = {
  name: 'area_control_error',
  title: 'Area control error, readings of the last minutes',
  time: { ...REFERENCE_TIME, pattern: 'YYYY-MM-DD h:mm:ss A' },
  nullWords: MISO_NULL_WORDS,
  coverage: null,
  fields: [{ field: 'area_control_error', unit: UNIT, what: 'error of the control of the area' }],
  recognise: (head) => (KEY.test(head.text) ? (/ace/i.test(head.name) ? 3 : 2) : 0),
  // The display shows the last minutes only.
  plan: (window, { now }) =>
    operatingDays(window)
      .filter((day) => ageOf(day, now) === 0)
      .map((day) => {
        const bounds = marketDayBounds(MISO_ZONE, day);
        return publicRequest('Ace', bounds, bounds.start + MINUTE);
      }),
  decode,
};
