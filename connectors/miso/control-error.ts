/**
 * MISO's display of the area control error, `https://public-api.misoenergy.org/api/Ace`: readings about every thirty
 * seconds of the last minutes, `{"ACE":[{"instantEST":"2025-12-03 8:00:30 AM","value":"-123.4"},…]}`, EST all year; until
 * 2025 as CSV, too.
 */

import { MINUTE } from '../../core/time/instant.ts';
import { marketDayBounds } from '../../core/time/market-day.ts';
import type { Dataset } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { sourceRow } from '../kit/source-row.ts';
import { type DisplayReader, isDisplay, readDisplay } from './display-records.ts';
import { REFERENCE_TIME } from './display-table.ts';
import { ageOf, MISO_ZONE, operatingDays, publicRequest } from './routes.ts';

const UNIT = 'MW';
const DISPLAY: DisplayReader = {
  columns: ['instantest', 'value'],
  rowsOf(record, line) {
    const [time, value] = [record.get('instantest') ?? null, record.get('value')];
    if (time === null || value === undefined) return null;
    return [sourceRow(line, 'MISO', time, [{ field: 'area_control_error', value, unit: UNIT }])];
  },
  expected: 'a reading with instantEST and value',
};

/** The dataset `area_control_error` of MISO. */
export const areaControlError: Dataset = {
  name: 'area_control_error',
  title: 'Area control error, readings of the last minutes',
  time: { ...REFERENCE_TIME, pattern: 'YYYY-MM-DD h:mm:ss A' },
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [{ field: 'area_control_error', unit: UNIT, what: 'error of the control of the area' }],
  recognise: (head) => (isDisplay(head.text, DISPLAY) ? (/ace/i.test(head.name) ? 3 : 2) : 0),
  // The display shows the last minutes only.
  plan: (window, { now }) =>
    operatingDays(window)
      .filter((day) => ageOf(day, now) === 0)
      .map((day) => {
        const bounds = marketDayBounds(MISO_ZONE, day);
        return publicRequest('Ace', bounds, bounds.start + MINUTE);
      }),
  decode: (payload) => readDisplay(payload, DISPLAY),
};
