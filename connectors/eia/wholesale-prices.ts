/**
 * EIA's workbooks of wholesale power prices at hubs, `electricity/wholesale/xls/ice_electric-2026.xlsx` (until 2014 also `.xls`):
 * what was traded for a delivery, a line for each hub and trade date. Names of columns have line ends in them. The row is
 * the delivery, from midnight of its first date to that after its last one in UTC, as for the other prices of a date; when it was traded
 * and the change from the day before are not read.
 */

import { CarbonError } from '../../core/errors.ts';
import { DAY } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, PublishedField, SourceRow } from '../kit/contract.ts';
import { placeOf } from '../kit/payload.ts';
import { looksCompound } from '../kit/readers/compound-file.ts';
import { type Sheet, textAt } from '../kit/readers/sheet.ts';
import { wholeSheets } from '../kit/readers/sheets.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { EIA_NULL_WORDS } from './null-words.ts';
import { DATES, dateOf } from './period.ts';

interface Column extends PublishedField {
  readonly title: RegExp;
}

const COLUMNS: readonly Column[] = [
  { title: /^high price/, field: 'power_price_high', unit: 'USD/MWh', what: 'highest price of the trades' },
  { title: /^low price/, field: 'power_price_low', unit: 'USD/MWh', what: 'lowest price of the trades' },
  {
    title: /^(?:wtd|weighted)\.? (?:avg|average)\.? price/,
    field: 'power_price',
    unit: 'USD/MWh',
    what: 'mean price, by volume',
  },
  { title: /^daily volume/, field: 'volume', unit: 'MWh', what: 'energy that was traded' },
];
/** Deliveries of a day, over a week-end or holidays, and of months. */
const DELIVERIES: TimeConvention = {
  ...DATES,
  name: 'delivery-dates',
  otherLengths: [2, 3, 4, 5, 6, 7, 28, 29, 30, 31].map((days) => days * DAY),
};

const HUB = /^price hub$/;
const FIRST = /^delivery start date$/;
const LAST = /^delivery end date$/;

const titleAt = (row: Sheet['rows'][number], at: number): string =>
  textAt(row, at).replace(/\s+/g, ' ').trim().toLowerCase();

/** Where each title stands in a header; null for a row that is none. */
function layoutOf(row: Sheet['rows'][number]) {
  const titles = Array.from({ length: row?.length ?? 0 }, (_, at) => titleAt(row, at));
  const find = (title: RegExp): number => titles.findIndex((each) => title.test(each));
  const [hub, first, last] = [HUB, FIRST, LAST].map(find) as [number, number, number];
  const columns = COLUMNS.map((column) => ({ ...column, at: find(column.title) })).filter(
    ({ at }) => at >= 0,
  );
  return hub < 0 || first < 0 || last < 0 || columns.length === 0 ? null : { hub, first, last, columns };
}

const isWorkbook = (head: PayloadHead): boolean => {
  const text = looksCompound(head.text) ? head.text.replaceAll('\0', '') : head.text;
  return /Price hub/i.test(text) && /Delivery\s+start\s+date/i.test(text) && !/^[\s\uFEFF]*[[{<]/.test(text);
};

/** Throws SOURCE_COLUMN_MISSING without a header, and as {@link wholeSheets}. */
function decode(payload: Payload): Decoded {
  const rows: SourceRow[] = [];
  let found = false;
  for (const { rows: lines } of wholeSheets(payload)) {
    const headerAt = lines.findIndex((row) => layoutOf(row) !== null);
    const layout = layoutOf(lines[headerAt]);
    if (layout === null) continue;
    found = true;
    for (const [index, row] of lines.entries()) {
      const hub = textAt(row, layout.hub).trim();
      if (index <= headerAt || hub === '') continue;
      const [first, last] = [layout.first, layout.last].map((at) => dateOf(textAt(row, at)));
      const bounds = { start: first?.bounds.start ?? '', end: last?.bounds.end ?? '' };
      const values = layout.columns.map(({ at, field, unit }) => ({ field, unit, value: textAt(row, at) }));
      rows.push(sourceRow(index + 1, hub, first?.words ?? '', values, { bounds }));
    }
  }
  if (!found)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'no sheet has a hub, a delivery and a price', {
      position: {
        ...placeOf(payload).position,
        expected: 'Price hub, Delivery start date, Delivery end date',
      },
    });
  if (rows.length === 0)
    throw new CarbonError('SOURCE_EMPTY', 'the workbook of prices has no row', placeOf(payload));
  return { rows, rejected: [], drift: [], damage: null };
}

/** The dataset `wholesale_price`. */
export const wholesalePrice: Dataset = {
  name: 'wholesale_price',
  title: 'Wholesale power prices at hubs, by delivery',
  time: DELIVERIES,
  nullWords: EIA_NULL_WORDS,
  coverage: null,
  fields: COLUMNS.map(({ field, unit, what }) => ({ field, unit, what })),
  recognise: (head) => (isWorkbook(head) ? 2 : 0),
  // Read, not fetched.
  plan: () => [],
  decode,
};
