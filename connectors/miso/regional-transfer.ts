/**
 * MISO's display of the flow between its northern and southern regions,
 * `https://public-api.misoenergy.org/api/RegionalDirectionalTransfer`, until 2025 as CSV, too: a record for each interval,
 * `{"instantEST":"2025-12-05 10:35:00 AM","NORTH_SOUTH_LIMIT":"-3000","SOUTH_NORTH_LIMIT":"2500","RAW_MW":"1234.56",…}`,
 * EST all year. Signs are the display's: a limit from North to South is negative.
 */

import type { Dataset, PublishedField } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf } from '../kit/time/convention.ts';
import { type DisplayReader, isDisplay, readDisplay } from './display-records.ts';
import { REFERENCE_TIME } from './display-table.ts';

const UNIT = 'MW';
const FIGURES: readonly (readonly [name: string, field: string, what: string])[] = [
  ['north_south_limit', 'transfer_limit_north_south', 'limit of the flow from North to South, negative'],
  ['south_north_limit', 'transfer_limit_south_north', 'limit of the flow from South to North'],
  ['raw_mw', 'transfer', 'flow between the regions (RAW_MW)'],
  ['udsflow_mw', 'transfer_dispatch', 'flow between the regions, of the dispatch (UDSFLOW_MW)'],
];
const FIELDS: readonly PublishedField[] = FIGURES.map(([, field, what]) => ({ field, unit: UNIT, what }));

const DISPLAY: DisplayReader = {
  columns: ['north_south_limit', 'south_north_limit'],
  rowsOf(record, line, reference) {
    const time = record.get('instantest') ?? record.get('intervalest') ?? null;
    if (time === null) return null;
    const values = FIGURES.flatMap(([name, field]) => {
      const value = record.get(name);
      return value === undefined ? [] : [{ field, value, unit: UNIT }];
    });
    const moment = momentOf(REFERENCE_TIME, reference);
    const publishedAt = moment.kind === 'unique' ? moment.first : null;
    return [sourceRow(line, 'MISO', time, values, { publishedAt })];
  },
  expected: 'an interval with its stamp and limits',
};

/** The dataset `regional_transfer` of MISO. */
export const regionalTransfer: Dataset = {
  name: 'regional_transfer',
  title: 'Flow between the northern and southern regions, and its limits',
  time: { ...REFERENCE_TIME, pattern: 'YYYY-MM-DD h:mm:ss A' },
  nullWords: NULL_WORDS,
  coverage: null,
  fields: FIELDS,
  recognise: (head) => (isDisplay(head.text, DISPLAY) ? (/transfer/i.test(head.name) ? 3 : 2) : 0),
  // Displays that were kept are read; nothing is fetched.
  plan: () => [],
  decode: (payload) => readDisplay(payload, DISPLAY),
};
