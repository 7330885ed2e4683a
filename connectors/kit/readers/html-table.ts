/**
 * Reads the tables of an HTML page as operators print them: rows of cells with their text, and the text around them.
 *
 * Pages are not held to be well-formed (end tags are missing, rows are closed that were never opened): a cell ends where
 * the next begins. Scripts, styles and comments are passed over; entities are those that such pages use.
 */

import type { Payload } from '../contract.ts';
import { textOf } from '../payload.ts';

/** One row of a table: texts of its cells, and the line on which it begins, counted from 1. */
export interface HtmlRow {
  readonly line: number;
  readonly cells: string[];
}

/** What a page shows: each table's rows, and all text outside of scripts in one line. */
export interface HtmlPage {
  readonly tables: readonly (readonly HtmlRow[])[];
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  minus: '-',
};
const SKIPPED = /<!--[\s\S]*?(?:-->|$)|<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
/** Longest name or number of an entity. */
const ENTITY = /&(?:#(\d{1,6})|([a-z]{2,8}));/gi;

/** True for a text that begins as a page or a part of one does: with an element of HTML, be it after a comment such as `saved from url`. */
export function isHtml(text: string): boolean {
  return /^(?:[\s\uFEFF]|<!--(?:(?!-->)[\s\S]){0,2000}-->)*<(?:!doctype\s+html|html|head|body|title|h[1-4]|center|table|div|p|span)\b/i.test(
    text,
  );
}

/** The page of a body. Throws SOURCE_MALFORMED when it is not UTF-8. */
export function readHtml(payload: Payload): HtmlPage {
  return htmlPage(textOf(payload));
}

/** The page of a text; one that is cut has the rows before the cut. Nested tables become tables of their own. */
export function htmlPage(source: string): HtmlPage {
  // What is passed over keeps its line ends, so that lines stay where they are.
  const text = source.replace(SKIPPED, (part) => part.replace(/[^\n]/g, ''));
  const tables: HtmlRow[][] = [];
  const words: string[] = [];
  let open: HtmlRow[] | null = null;
  let row: HtmlRow | null = null;
  let inCell = false;
  let line = 1;
  let counted = 0;
  const lineAt = (at: number): number => {
    for (let n = text.indexOf('\n', counted); n >= 0 && n < at; n = text.indexOf('\n', n + 1)) {
      line++;
      counted = n + 1;
    }
    return line;
  };
  const say = (piece: string): void => {
    const said = plain(piece);
    if (said === '') return;
    words.push(said);
    if (row === null || !inCell) return;
    const last = row.cells.length - 1;
    row.cells[last] = row.cells[last] === '' ? said : `${row.cells[last]} ${said}`;
  };
  let from = 0;
  for (const tag of text.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/gi)) {
    say(text.slice(from, tag.index));
    from = tag.index + tag[0].length;
    const name = (tag[2] ?? '').toLowerCase();
    const closing = tag[1] === '/';
    if (name === 'table') {
      open = closing ? null : [];
      row = null;
      inCell = false;
      if (open !== null) tables.push(open);
    } else if (name === 'tr') {
      row = null;
      inCell = false;
    } else if (name === 'td' || name === 'th') {
      inCell = !closing && open !== null;
      if (!inCell || open === null) continue;
      if (row === null) {
        row = { line: lineAt(tag.index), cells: [] };
        open.push(row);
      }
      row.cells.push('');
    }
  }
  say(text.slice(from));
  return { tables, text: words.join(' ') };
}

function plain(piece: string): string {
  return piece
    .replace(ENTITY, (whole, code: string | undefined, name: string | undefined) =>
      code === undefined
        ? (ENTITIES[(name ?? '').toLowerCase()] ?? whole)
        : String.fromCodePoint(Number(code)),
    )
    .replace(/[\s\u00A0]+/g, ' ')
    .trim();
}
