/** The parts of a workbook beside its sheets: which sheets there are, the shared texts, and the formats of cells. */

import { SaxesParser, type SaxesTagNS } from 'saxes';
import { type DateFormat, dateFormatOf } from './cell-date.ts';

/** One sheet: its name and the part that holds it. */
export interface SheetEntry {
  readonly name: string;
  /** Path in the package, such as `xl/worksheets/sheet1.xml`. */
  readonly part: string;
}

/** What the cells of all sheets refer to. */
export interface WorkbookParts {
  readonly sheets: readonly SheetEntry[];
  readonly texts: readonly string[];
  /** By the number that a cell gives as its style: what it shows of a moment, null for plain numbers. */
  readonly formats: readonly (DateFormat | null)[];
  readonly from1904: boolean;
}

/** Called with each element's local name, its attributes by local name, and its text; the last with ''. */
interface Handlers {
  open?(name: string, attribute: (name: string) => string | undefined): void;
  close?(name: string, text: string): void;
}

/** Reads a part as a stream of elements. Throws an Error with the place of what is not well-formed. */
export function readPart(bytes: Uint8Array, handlers: Handlers): void {
  const parser = new SaxesParser({ xmlns: true, position: true });
  let text = '';
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a document type declaration, which is not read');
  });
  parser.on('opentag', (tag: SaxesTagNS) => {
    text = '';
    handlers.open?.(tag.local, (name) => {
      const exact = tag.attributes[name];
      return (exact ?? Object.values(tag.attributes).find(({ local }) => local === name))?.value;
    });
  });
  parser.on('text', (piece) => {
    text += piece;
  });
  parser.on('closetag', (tag) => {
    handlers.close?.(tag.local, text);
    text = '';
  });
  parser.write(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).close();
}

/** Reads the parts beside the sheets. `partOf` gives the bytes of a part, null where the package has none. */
export function readWorkbookParts(partOf: (path: string) => Uint8Array | null): WorkbookParts {
  const targets = new Map<string, string>();
  const relations = partOf('xl/_rels/workbook.xml.rels');
  if (relations !== null)
    readPart(relations, {
      open: (name, attribute) => {
        if (name === 'Relationship') targets.set(attribute('Id') ?? '', attribute('Target') ?? '');
      },
    });
  const workbook = partOf('xl/workbook.xml');
  if (workbook === null) throw new Error('the workbook has no list of sheets');
  const sheets: SheetEntry[] = [];
  let from1904 = false;
  readPart(workbook, {
    open: (name, attribute) => {
      if (name === 'workbookPr') from1904 = /^(?:1|true)$/.test(attribute('date1904') ?? '');
      if (name !== 'sheet') return;
      const target = targets.get(attribute('id') ?? '') ?? `worksheets/sheet${sheets.length + 1}.xml`;
      const part = target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`;
      sheets.push({ name: attribute('name') ?? `sheet${sheets.length + 1}`, part });
    },
  });
  return {
    sheets,
    texts: sharedTexts(partOf('xl/sharedStrings.xml')),
    formats: formatsOf(partOf('xl/styles.xml')),
    from1904,
  };
}

function sharedTexts(bytes: Uint8Array | null): string[] {
  const texts: string[] = [];
  if (bytes === null) return texts;
  let item = '';
  let spoken = false;
  readPart(bytes, {
    open: (name) => {
      if (name === 'si') item = '';
      if (name === 'rPh') spoken = true;
    },
    close: (name, text) => {
      if (name === 'rPh') spoken = false;
      else if (name === 't' && !spoken) item += text;
      else if (name === 'si') texts.push(item);
    },
  });
  return texts;
}

function formatsOf(bytes: Uint8Array | null): (DateFormat | null)[] {
  const formats: (DateFormat | null)[] = [];
  if (bytes === null) return formats;
  const codes = new Map<number, string>();
  let inCells = false;
  readPart(bytes, {
    open: (name, attribute) => {
      if (name === 'numFmt') codes.set(Number(attribute('numFmtId')), attribute('formatCode') ?? '');
      if (name === 'cellXfs') inCells = true;
      if (name !== 'xf' || !inCells) return;
      const id = Number(attribute('numFmtId') ?? 0);
      formats.push(dateFormatOf(id, codes.get(id)));
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return formats;
}
