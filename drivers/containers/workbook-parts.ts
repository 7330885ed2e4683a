/** The parts of a workbook beside its sheets: which sheets there are, the shared texts, and the formats of cells. */

import { SaxesParser } from 'saxes';
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

/** Attributes of an element by their names as written. */
type Attributes = Readonly<Record<string, string>>;

/** Called with each element's name without prefix, its attributes, and at its end its text. */
interface Handlers {
  open?(name: string, attributes: Attributes): void;
  close?(name: string, text: string): void;
}

/** A name without its prefix: writers differ in whether they give one. */
const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Reads a part as a stream of elements. Throws an Error with the place of what is not well-formed. */
export function readPart(bytes: Uint8Array, handlers: Handlers): void {
  // Sheets are long: names are compared by their last part, and namespaces are not resolved.
  const parser = new SaxesParser({ xmlns: false, position: true });
  let text = '';
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a document type declaration, which is not read');
  });
  parser.on('opentag', (tag) => {
    text = '';
    handlers.open?.(localName(tag.name), tag.attributes);
  });
  parser.on('text', (piece) => {
    text += piece;
  });
  parser.on('closetag', (tag) => {
    handlers.close?.(localName(tag.name), text);
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
      open: (name, attributes) => {
        if (name === 'Relationship') targets.set(attributes['Id'] ?? '', attributes['Target'] ?? '');
      },
    });
  const workbook = partOf('xl/workbook.xml');
  if (workbook === null) throw new Error('the workbook has no list of sheets');
  const sheets: SheetEntry[] = [];
  let from1904 = false;
  readPart(workbook, {
    open: (name, attributes) => {
      if (name === 'workbookPr') from1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const target = targets.get(relationOf(attributes)) ?? `worksheets/sheet${sheets.length + 1}.xml`;
      const part = target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`;
      sheets.push({ name: attributes['name'] ?? `sheet${sheets.length + 1}`, part });
    },
  });
  return {
    sheets,
    texts: sharedTexts(partOf('xl/sharedStrings.xml')),
    formats: formatsOf(partOf('xl/styles.xml')),
    from1904,
  };
}

/** The relation that an element names, in whatever prefix. */
function relationOf(attributes: Attributes): string {
  const name = Object.keys(attributes).find((key) => /^\w+:id$/.test(key));
  return name === undefined ? '' : (attributes[name] ?? '');
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
    open: (name, attributes) => {
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      if (name === 'cellXfs') inCells = true;
      if (name !== 'xf' || !inCells) return;
      const id = Number(attributes['numFmtId'] ?? 0);
      formats.push(dateFormatOf(id, codes.get(id)));
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return formats;
}
