/**
 * The page of the history of a gas price, `https://www.eia.gov/dnav/ng/hist/rngwhhdD.htm`: by the day a row for each week
 * (`1997 Jan- 6 to Jan-10`) with the prices of Monday to Friday; by the month (`rngwhhdm.htm`) a row for each year. A holiday is
 * a blank and gives no row, as in the other forms of the history.
 */

import { CarbonError } from '../../core/errors.ts';
import { DAY, type Micros } from '../../core/time/instant.ts';
import type { Decoded, Payload, PayloadHead, SourceRow } from '../kit/contract.ts';
import { placeOf } from '../kit/payload.ts';
import { type HtmlPage, type HtmlRow, htmlPage, isHtml, readHtml } from '../kit/readers/html-table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { unitOf } from './api-answer.ts';
import { seriesOf } from './gas-history.ts';
import { dateOf } from './period.ts';

/** What a page is about: `Henry Hub Natural Gas Spot Price (Dollars per Million Btu)`. */
const TITLE = /([A-Z][\w,.' -]*Natural Gas[\w,.' -]*?)\s*\(((?:Dollars per|\$\/)\s?[A-Za-z ]+)\)/;
const WEEK = /^(\d{4})\s+([A-Z][a-z]{2})-\s*(\d{1,2})\s+to\b/;
const YEAR = /^\d{4}$/;

/** The dates of a week by their column, Monday in the first. */
function daysOf(label: string): ((at: number) => string) | null {
  const [, year, month, day] = WEEK.exec(label) ?? [];
  const monday: Micros | null = parseStamp('YYYY Mon D', `${year} ${month} ${day}`);
  return monday === null ? null : (at) => formatStamp('YYYY-MM-DD', monday + (at - 1) * DAY);
}

const monthsOf = (label: string): ((at: number) => string) | null =>
  YEAR.test(label) ? (at) => `${label}-${String(at).padStart(2, '0')}` : null;

/** How the rows below a header tell their days or months, by its names. */
const KINDS: readonly (readonly [
  header: string,
  periodsOf: (label: string) => ((at: number) => string) | null,
])[] = [
  ['week of,mon,tue,wed,thu,fri', daysOf],
  ['year,jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec', monthsOf],
];

interface History {
  readonly title: string;
  readonly unit: string;
  readonly periodsOf: (label: string) => ((at: number) => string) | null;
  readonly width: number;
  readonly rows: readonly HtmlRow[];
}

function historyOf(page: HtmlPage): History | null {
  const [, title, unit] = TITLE.exec(page.text) ?? [];
  if (title === undefined || unit === undefined) return null;
  for (const [first, ...rows] of page.tables) {
    const header = (first?.cells ?? []).join(',').toLowerCase();
    const kind = KINDS.find(([names]) => names === header);
    if (kind !== undefined) return { title, unit, periodsOf: kind[1], width: first?.cells.length ?? 0, rows };
  }
  return null;
}

/** True for the start of such a page. */
export const isGasHistoryPage = (head: PayloadHead): boolean =>
  isHtml(head.text) && historyOf(htmlPage(head.text)) !== null;

/** Throws SOURCE_COLUMN_MISSING for a page of another kind, SOURCE_EMPTY without a price. */
export function readGasHistoryPage(payload: Payload): Decoded {
  const history = historyOf(readHtml(payload));
  const { position } = placeOf(payload);
  if (history === null)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'the page has no history of a gas price', {
      position: { ...position, line: 1, expected: KINDS.map(([names]) => names).join('; or ') },
    });
  const { title, unit, periodsOf, width, rows: lines } = history;
  const location = seriesOf('', title);
  const rows: SourceRow[] = [];
  for (const { cells, line } of lines) {
    const label = (cells[0] ?? '').trim();
    // Decades stand apart by rows that are blank.
    if (label === '' || cells.length !== width) continue;
    const periodAt = periodsOf(label);
    for (let at = 1; at < width; at++) {
      const value = (cells[at] ?? '').trim();
      if (value === '') continue;
      const { words, bounds } = dateOf(periodAt === null ? label : periodAt(at));
      rows.push(
        sourceRow(line, location, words, [{ field: 'gas_price', value, unit: unitOf(unit) }], { bounds }),
      );
    }
  }
  if (rows.length === 0) throw new CarbonError('SOURCE_EMPTY', 'the page has no price', { position });
  return { rows, rejected: [], drift: [], damage: null };
}
