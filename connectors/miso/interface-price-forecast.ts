/**
 * What PJM forecasts for its price at the border with MISO, as MISO shows it to who schedules across
 * (`CoordinatedTransactionScheduling`, `getcts`): records of CASEAPPROVALDATE, when the case was approved, SOLUTIONTIME, what
 * moment the price is for, and PJMFORECASTEDLMP; as CSV below a line `RefId,…`, or JSON. Clocks are EST all year. Nothing says
 * how long a price holds: it is one of its moment.
 */

import type { Dataset } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { type DisplayReader, isDisplay, readDisplay } from './display-records.ts';
import { REFERENCE_TIME } from './display-table.ts';

const FIELD = 'lmp_forecast';
const UNIT = 'USD/MWh';
const TIME: TimeConvention = { ...REFERENCE_TIME, pattern: 'YYYY-MM-DD h:mm:ss A' };
const APPROVED: readonly TimeConvention[] = [TIME, { ...TIME, pattern: 'YYYY-MM-DD[T][ ]hh:mm[:ss]' }];

const DISPLAY: DisplayReader = {
  columns: ['caseapprovaldate', 'solutiontime', 'pjmforecastedlmp'],
  rowsOf(record, line) {
    const [time, value] = [record.get('solutiontime') ?? null, record.get('pjmforecastedlmp')];
    if (time === null || value === undefined) return null;
    const approved = record.get('caseapprovaldate') ?? '';
    const made = APPROVED.map((each) => momentOf(each, approved)).find(({ kind }) => kind === 'unique');
    const publishedAt = made?.first ?? null;
    return [sourceRow(line, 'PJM', time, [{ field: FIELD, value, unit: UNIT }], { publishedAt })];
  },
  expected: 'a case with CASEAPPROVALDATE, SOLUTIONTIME and PJMFORECASTEDLMP',
};

/** The dataset `interface_price_forecast` of MISO. */
export const interfacePriceForecast: Dataset = {
  name: 'interface_price_forecast',
  title: 'What PJM forecasts for its price at the border with MISO',
  time: TIME,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [{ field: FIELD, unit: UNIT, what: 'forecast price of PJM at the border' }],
  recognise: (head) => (isDisplay(head.text, DISPLAY) ? (/cts|coordinated/i.test(head.name) ? 3 : 2) : 0),
  // Displays that were kept are read; nothing is fetched.
  plan: () => [],
  decode: (payload) => readDisplay(payload, DISPLAY),
};
