/**
 * Reads the sheets of an old workbook (`.xls`, BIFF8, Excel 97 to 2003): texts, numbers, results of formulas, dates by
 * the format of their cell. Styles, charts and everything else are passed over. Source: Microsoft, [MS-XLS].
 */

import { CarbonError } from '../../../core/errors.ts';
import { DAY } from '../../../core/time/instant.ts';
import type { Payload } from '../contract.ts';
import { placeOf } from '../payload.ts';
import { formatStamp } from '../time/stamp.ts';
import { streamOf } from './compound-file.ts';
import type { Cell, Sheet } from './sheet.ts';
import { sharedTexts, shortText, textOfLabel } from './xls-text.ts';

/** Kinds of records. */
const BOF = 0x0809;
const EOF = 0x000a;
const BOUND_SHEET = 0x0085;
const SHARED_TEXTS = 0x00fc;
const CONTINUE = 0x003c;
const DATE_MODE = 0x0022;
const FORMAT = 0x041e;
const CELL_FORMAT = 0x00e0;
const FILE_PASS = 0x002f;
const LABEL_SHARED = 0x00fd;
const LABEL = 0x0204;
const NUMBER = 0x0203;
const RK = 0x027e;
const MUL_RK = 0x00bd;
const FORMULA = 0x0006;
const STRING = 0x0207;

const VERSION_8 = 0x0600;
/** Most cells of a workbook, so that a small file cannot ask for much. */
const MAX_CELLS = 4_000_000;

/** One record of the stream. */
interface BiffRecord {
  readonly kind: number;
  readonly data: Uint8Array;
  readonly view: DataView;
}

/**
 * The sheets in their order. Throws SOURCE_UNRECOGNISED for a document without a workbook, of another version, or under a
 * password, and SOURCE_MALFORMED for a damaged one: of such a document nothing is kept.
 */
export function readXls(payload: Payload): Sheet[] {
  const { position } = placeOf(payload);
  const refuse = (code: 'SOURCE_UNRECOGNISED' | 'SOURCE_MALFORMED', what: string): CarbonError =>
    new CarbonError(code, what, {
      position: { ...position, line: 1, expected: 'a workbook of Excel 97 to 2003' },
    });
  const stream = streamOf(payload, ['Workbook', 'Book']);
  if (stream === null) throw refuse('SOURCE_UNRECOGNISED', 'the old Office document holds no workbook');
  try {
    return new Workbook(stream, refuse).sheets();
  } catch (error) {
    // Reading behind the end of a record.
    if (error instanceof RangeError)
      throw refuse('SOURCE_MALFORMED', 'a record of the workbook is cut short');
    throw error;
  }
}

type Refuse = (code: 'SOURCE_UNRECOGNISED' | 'SOURCE_MALFORMED', what: string) => CarbonError;

class Workbook {
  private readonly stream: Uint8Array;
  private readonly refuse: Refuse;
  private texts: readonly string[] = [];
  private readonly bound: { name: string; offset: number }[] = [];
  /** By the index of a cell's format: whether it shows a date. */
  private readonly dated: boolean[] = [];
  private readonly dateFormats = new Map<number, boolean>();
  private from1904 = false;
  private cells = 0;

  constructor(stream: Uint8Array, refuse: Refuse) {
    this.stream = stream;
    this.refuse = refuse;
  }

  sheets(): Sheet[] {
    this.readGlobals();
    return this.bound.map(({ name, offset }) => ({ name, rows: this.readSheet(offset) }));
  }

  /** Records from an offset on, up to the end of the substream that begins there. */
  private *records(from: number): Iterable<BiffRecord> {
    const { stream } = this;
    let depth = 0;
    for (let at = from; at + 4 <= stream.length; ) {
      const kind = (stream[at] ?? 0) | ((stream[at + 1] ?? 0) << 8);
      const length = (stream[at + 2] ?? 0) | ((stream[at + 3] ?? 0) << 8);
      const data = stream.subarray(at + 4, at + 4 + length);
      if (data.length < length) throw this.refuse('SOURCE_MALFORMED', 'the workbook is cut within a record');
      at += 4 + length;
      if (kind === BOF) depth++;
      // A chart inside a sheet is a substream of its own.
      if (depth <= 1) yield { kind, data, view: new DataView(data.buffer, data.byteOffset, data.byteLength) };
      if (kind === EOF && --depth <= 0) return;
    }
    throw this.refuse('SOURCE_MALFORMED', 'the workbook ends within a sheet');
  }

  private readGlobals(): void {
    const formats: number[] = [];
    const parts: Uint8Array[] = [];
    let open = false;
    let first = true;
    for (const { kind, data, view } of this.records(0)) {
      if (first && (kind !== BOF || view.getUint16(0, true) !== VERSION_8))
        throw this.refuse('SOURCE_UNRECOGNISED', 'the workbook is older than Excel 97, or is none');
      first = false;
      if (kind === CONTINUE && open) parts.push(data);
      else open = false;
      if (kind === FILE_PASS) throw this.refuse('SOURCE_UNRECOGNISED', 'the workbook is under a password');
      if (kind === SHARED_TEXTS) {
        parts.push(data);
        open = true;
      } else if (kind === BOUND_SHEET)
        this.bound.push({ offset: view.getUint32(0, true), name: shortText(data, 6) });
      else if (kind === DATE_MODE) this.from1904 = view.getUint16(0, true) === 1;
      else if (kind === CELL_FORMAT) formats.push(view.getUint16(2, true));
      else if (kind === FORMAT)
        this.dateFormats.set(view.getUint16(0, true), isDateFormat(textOfLabel(data, 2)));
    }
    this.texts = sharedTexts(parts);
    for (const format of formats) this.dated.push(this.dateFormats.get(format) ?? isBuiltInDate(format));
  }

  private readSheet(offset: number): (Cell | undefined)[][] {
    const rows: (Cell | undefined)[][] = [];
    let pending: { row: number; column: number } | null = null;
    const put = (row: number, column: number, cell: Cell): void => {
      if (++this.cells > MAX_CELLS) throw this.refuse('SOURCE_MALFORMED', `more than ${MAX_CELLS} cells`);
      const cells = (rows[row] ??= []);
      cells[column] = cell;
    };
    for (const { kind, data, view } of this.records(offset)) {
      if (kind === STRING && pending !== null) {
        put(pending.row, pending.column, { kind: 'text', text: textOfLabel(data, 0) });
        pending = null;
      }
      if (!CELL_KINDS.includes(kind)) continue;
      const row = view.getUint16(0, true);
      const column = view.getUint16(2, true);
      const format = view.getUint16(4, true);
      if (kind === LABEL_SHARED)
        put(row, column, { kind: 'text', text: this.texts[view.getUint32(6, true)] ?? '' });
      else if (kind === LABEL) put(row, column, { kind: 'text', text: textOfLabel(data, 6) });
      else if (kind === NUMBER) put(row, column, this.numeric(view.getFloat64(6, true), format));
      else if (kind === RK) put(row, column, this.numeric(rkNumber(view, 6), format));
      else if (kind === MUL_RK)
        for (let at = 4; at + 6 <= data.length - 2; at += 6)
          put(row, column + (at - 4) / 6, this.numeric(rkNumber(view, at + 2), view.getUint16(at, true)));
      else if (kind === FORMULA) {
        pending = null;
        if (view.getUint16(12, true) !== 0xffff)
          put(row, column, this.numeric(view.getFloat64(6, true), format));
        else if (data[6] === 0) pending = { row, column };
      }
    }
    return rows;
  }

  private numeric(value: number, format: number): Cell {
    if (this.dated[format] !== true || !(value >= 0 && value < 2_900_000))
      return { kind: 'number', text: shown(value) };
    const days = value - (this.from1904 ? 24_107 : 25_569);
    const at = Math.round(days * 86_400) * 1_000_000;
    return { kind: 'date', text: formatStamp(at % DAY === 0 ? 'YYYY-MM-DD' : 'YYYY-MM-DD hh:mm:ss', at) };
  }
}

const CELL_KINDS: readonly number[] = [LABEL_SHARED, LABEL, NUMBER, RK, MUL_RK, FORMULA];

/** A double as Excel shows it, in 15 digits: what it holds beyond them comes from sums and is not what was published. */
const shown = (value: number): string => String(Number(value.toPrecision(15)));

/** A number in 30 bits: a whole one or the upper half of a double, perhaps in hundredths. */
function rkNumber(view: DataView, at: number): number {
  const bits = view.getUint32(at, true);
  let value: number;
  if ((bits & 2) !== 0) value = (bits | 0) >> 2;
  else {
    const double = new DataView(new ArrayBuffer(8));
    double.setUint32(4, bits & 0xfffffffc, true);
    value = double.getFloat64(0, true);
  }
  return (bits & 1) === 0 ? value : value / 100;
}

/** Formats of dates that have a number and no text. */
const isBuiltInDate = (format: number): boolean =>
  (format >= 14 && format <= 22) || (format >= 45 && format <= 47);

/** A format of letters of dates, with texts in quotes and brackets taken out. */
function isDateFormat(format: string): boolean {
  const bare = format.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
  return /[ymdh]/i.test(bare) && !/[0#?]/.test(bare.replace(/\.0+/, ''));
}
