/**
 * ERCOT's pages of the latest dispatch: prices of hubs and load zones (`hb_lz.html`) and of all settlement points
 * (`current_np6788.html`), a row for each point, with the change since the dispatch before and the price with its adders
 * beside the price. Changes are not read: they are differences of prices.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Dataset, Decoded, Payload, PublishedField, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { placeOf } from '../kit/payload.ts';
import { type HtmlPage, type HtmlRow, htmlPage, isHtml, readHtml } from '../kit/readers/html-table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { columnName } from '../kit/tables/columns.ts';
import { PRICE_UNIT } from './prices.ts';
import { READING, requireUpdated, updatedAt } from './updated-page.ts';

const FIELDS: readonly PublishedField[] = [
  { field: 'lmp', unit: PRICE_UNIT, what: 'price of the latest dispatch' },
  { field: 'lmp_with_adders', unit: PRICE_UNIT, what: 'the same with the adders of the real-time price' },
];

/** `RTRDPA + LMP`, and the longer sums of former years. */
const WITH_ADDERS = /^rt[a-z]+lmp$/;
const POINT = /^\w[\w.&+-]*$/;

interface PriceTable {
  readonly width: number;
  /** Index of each column that is read. */
  readonly columns: readonly { readonly at: number; readonly field: string }[];
  readonly rows: readonly HtmlRow[];
}

/** The table of a page, below the row that names its columns; null for a page of another kind. */
function tableOf(page: HtmlPage): PriceTable | null {
  if (updatedAt(page) === null) return null;
  for (const table of page.tables)
    for (const [index, { cells }] of table.entries()) {
      const names = cells.map(columnName);
      const lmp = names.indexOf('lmp');
      if (names[0] !== 'settlementpoint' || lmp < 0) continue;
      const adders = names.findIndex((name) => WITH_ADDERS.test(name));
      const columns = [{ at: lmp, field: 'lmp' }];
      if (adders >= 0) columns.push({ at: adders, field: 'lmp_with_adders' });
      return { width: cells.length, columns, rows: table.slice(index + 1) };
    }
  return null;
}

/** Throws SOURCE_MALFORMED for a page without its stamp, SOURCE_COLUMN_MISSING without its table, SOURCE_EMPTY without a row. */
function decode(payload: Payload): Decoded {
  const page = readHtml(payload);
  const stamp = requireUpdated(page, payload);
  const table = tableOf(page);
  const { position } = placeOf(payload);
  if (table === null)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'the page has no table of settlement points', {
      position: { ...position, line: 1, expected: 'Settlement Point, LMP' },
    });
  const rows: SourceRow[] = [];
  for (const { cells, line } of table.rows) {
    const point = (cells[0] ?? '').trim();
    // Headings of groups have one cell, and words between points have blanks.
    if (cells.length !== table.width || !POINT.test(point)) continue;
    const values = table.columns.map(({ at, field }) => ({
      field,
      value: cells[at] ?? '',
      unit: PRICE_UNIT,
    }));
    rows.push(sourceRow(line, point, stamp, values));
  }
  if (rows.length === 0) throw new CarbonError('SOURCE_EMPTY', 'the page has no price', { position });
  return { rows, rejected: [], drift: [], damage: null };
}

/** The dataset `rt_lmp_page` of ERCOT. */
export const pricePage: Dataset = {
  name: 'rt_lmp_page',
  title: 'Prices of the latest dispatch at settlement points, as a page',
  time: READING,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: FIELDS,
  recognise: (head) => {
    if (!isHtml(head.text) || tableOf(htmlPage(head.text)) === null) return 0;
    return /hb_lz|np6788/i.test(head.name) ? 3 : 2;
  },
  // The archive has the prices of each dispatch: pages that were kept are read.
  plan: () => [],
  decode,
};
