/**
 * EIA's page of daily prices, https://www.eia.gov/todayinenergy/prices.php: spot prices of natural gas and of power by
 * region, with the spark spread. The page is not kept by EIA. The heading of its table names the day (`7/16/25`); the row
 * of a price is that date, from midnight to midnight in UTC. Columns of changes are not read, nor is the table of oil.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Dataset, Decoded, Payload, SourceRow } from '../kit/contract.ts';
import { placeOf } from '../kit/payload.ts';
import { htmlPage, isHtml, readHtml } from '../kit/readers/html-table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { EIA_NULL_WORDS } from './null-words.ts';
import { DATES, dateOf } from './period.ts';

const HEADING = /Spot Natural Gas and Electric Power Prices,?\s*(\d{1,2}\/\d{1,2}\/\d{2,4})/i;
/** Any day of the page, where its heading of gas has none: all tables are of one day. */
const ANY_DAY = /Spot [A-Z][a-z]+ (?:Spot )?(?:[A-Z][a-z]+ )*Prices,?\s*(\d{1,2}\/\d{1,2}\/\d{2,4})/;

const FIELDS = [
  { field: 'gas_price', unit: 'USD/MMBtu', what: 'spot price of natural gas in a region' },
  { field: 'power_price', unit: 'USD/MWh', what: 'spot price of power on peak' },
  { field: 'spark_spread', unit: 'USD/MWh', what: 'power less the gas that makes it' },
];
/** A region, then the price of gas, its change, that of power, its change, the spread. */
const AT = [1, 3, 5];
const WIDTH = 6;
const NUMBER = /^-?\d[\d,]*(?:\.\d+)?$/;

/** True for a number, or a word for none. */
const isFigure = (text: string): boolean => NUMBER.test(text) || EIA_NULL_WORDS.includes(text.toLowerCase());

/** The regions of the page: rows of a name and five numbers or marks. */
function regionsOf(page: ReturnType<typeof htmlPage>) {
  return page.tables
    .flat()
    .filter(
      ({ cells }) =>
        cells.length === WIDTH &&
        /[a-z]/i.test(cells[0] ?? '') &&
        AT.every((at) => isFigure((cells[at] ?? '').trim())),
    );
}

const dayOf = (text: string): string | undefined =>
  HEADING.exec(text)?.[1] ?? (/Spot Natural Gas/i.test(text) ? ANY_DAY.exec(text)?.[1] : undefined);

/** Throws SOURCE_COLUMN_MISSING for a page without the table or its day, and as {@link readHtml}. */
function decode(payload: Payload): Decoded {
  const page = readHtml(payload);
  const printed = dayOf(page.text);
  const regions = regionsOf(page);
  if (printed === undefined || regions.length === 0)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'the page holds no spot prices of gas with their day', {
      position: {
        ...placeOf(payload).position,
        line: 1,
        expected: 'Spot Natural Gas and Electric Power Prices',
      },
    });
  const at = parseStamp(/\d{4}$/.test(printed) ? 'M/D/YYYY' : 'M/D/YY', printed);
  const { bounds } = dateOf(at === null ? printed : formatStamp('YYYY-MM-DD', at));
  const rows: SourceRow[] = regions.map(({ cells, line }) => {
    const values = FIELDS.map(({ field, unit }, i) => ({
      field,
      unit,
      value: (cells[AT[i] ?? 0] ?? '').trim(),
    }));
    return sourceRow(line, (cells[0] ?? '').trim(), printed, values, { bounds });
  });
  return { rows, rejected: [], drift: [], damage: null };
}

/** The dataset `spot_page`. */
export const spotPage: Dataset = {
  name: 'spot_page',
  title: 'Spot prices of gas and power by region, the page of a day',
  time: DATES,
  nullWords: EIA_NULL_WORDS,
  coverage: null,
  fields: FIELDS,
  recognise: (head) => {
    if (!isHtml(head.text) || !/Spot Natural Gas/i.test(head.text)) return 0;
    const page = htmlPage(head.text);
    return dayOf(page.text) !== undefined && regionsOf(page).length > 0 ? 2 : 0;
  },
  // The page has no address of a day: copies of it are read.
  plan: () => [],
  decode,
};
