/**
 * Bodies of tables that were saved another way on the road: the longest table of an HTML page, or a table below lines of
 * words. Each becomes the text that the operator serves; lines keep their numbers where they can.
 */

import type { Dataset } from './contract.ts';
import { inOtherForm, type Rewrite } from './other-form.ts';
import { CsvReader } from './readers/csv.ts';
import { htmlPage, isHtml } from './readers/html-table.ts';

/** Lines of words above a table at most. */
const WORDS_ABOVE = 12;
/** Columns that make a line a header. */
const FEW_COLUMNS = 3;

/** The dataset, which also reads pages with its table, and its table below lines of words. */
export const inPlainTable = (dataset: Dataset): Dataset => inOtherForm(dataset, plainText);

/** The table of a body as text; null for a text that is one already, or holds none. */
const plainText: Rewrite = (text) => (isHtml(text) ? tableOfPage(text) : belowWords(text));

function tableOfPage(page: string): string | null {
  const longest = htmlPage(page).tables.reduce((best, each) => (each.length > best.length ? each : best), []);
  const width = longest[0]?.cells.length ?? 0;
  if (width < FEW_COLUMNS || longest.length < 2) return null;
  let text = '';
  let line = 1;
  for (const row of longest) {
    if (row.cells.length !== width) continue;
    const gap = Math.max(0, row.line - line);
    text += `${'\n'.repeat(gap)}${row.cells.map(quoted).join(',')}\n`;
    line += gap + 1;
  }
  return text;
}

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** A table whose header follows lines of one field each; they become blank. */
function belowWords(text: string): string | null {
  if (/^\s*[[{<]/.test(text)) return null;
  const reader = new CsvReader(text.slice(0, 8_000), '');
  let words = 0;
  try {
    while (words <= WORDS_ABOVE && reader.next()) {
      const filled = reader.fields.filter((field) => field.trim() !== '').length;
      if (filled >= FEW_COLUMNS) return words === 0 ? null : cutAbove(text, reader.line);
      if (filled > 1) return null;
      words++;
    }
  } catch {
    // A broken quote above a table is no line of words.
  }
  return null;
}

/** The text from a line on, counted from 1, below as many blank ones. */
function cutAbove(text: string, line: number): string {
  let at = 0;
  for (let n = 1; n < line; n++) at = text.indexOf('\n', at) + 1;
  return '\n'.repeat(line - 1) + text.slice(at);
}
