/**
 * Writes old workbooks (`.xls`, BIFF8 in a compound file) for simulators, samples and tests: one sheet of texts, numbers
 * and dates, each kind of record that holds a number in turn. It owes nothing to the reader under test.
 */

/** A cell: a text, a number, a date, or nothing. */
export type WrittenCell = string | number | { readonly date: string } | null;

const SECTOR = 512;
const FREE = 0xffffffff;
const END = 0xfffffffe;
const TABLE = 0xfffffffd;
/** Index of the cell format that shows a date. */
const DATE_FORMAT = 1;

function bytesOf(length: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  fill(new DataView(bytes.buffer));
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function record(kind: number, data: Uint8Array): Uint8Array {
  const head = bytesOf(4, (view) => {
    view.setUint16(0, kind, true);
    view.setUint16(2, data.length, true);
  });
  return joined([head, data]);
}

const bof = (type: number): Uint8Array =>
  record(
    0x0809,
    bytesOf(16, (view) => {
      view.setUint16(0, 0x0600, true);
      view.setUint16(2, type, true);
    }),
  );
const eof = (): Uint8Array => record(0x000a, new Uint8Array());

/** A text of 8 bits to a character, or of 16 where it needs them. */
function textBytes(text: string, lengthBytes: 1 | 2): Uint8Array {
  const wide = [...text].some((letter) => letter.charCodeAt(0) > 255);
  return bytesOf(lengthBytes + 1 + text.length * (wide ? 2 : 1), (view) => {
    if (lengthBytes === 1) view.setUint8(0, text.length);
    else view.setUint16(0, text.length, true);
    view.setUint8(lengthBytes, wide ? 1 : 0);
    for (let i = 0; i < text.length; i++) {
      const at = lengthBytes + 1 + i * (wide ? 2 : 1);
      if (wide) view.setUint16(at, text.charCodeAt(i), true);
      else view.setUint8(at, text.charCodeAt(i));
    }
  });
}

/** The table of shared texts, cut into records of at most `most` bytes, so that a text runs over the end of one. */
function sharedTexts(texts: readonly string[], most: number): Uint8Array {
  const head = bytesOf(8, (view) => {
    view.setUint32(0, texts.length, true);
    view.setUint32(4, texts.length, true);
  });
  const records: Uint8Array[] = [];
  let open: Uint8Array[] = [head];
  let size = head.length;
  const close = (): void => {
    records.push(record(records.length === 0 ? 0x00fc : 0x003c, joined(open)));
    open = [];
    size = 0;
  };
  for (const text of texts) {
    const bytes = textBytes(text, 2);
    const room = most - size;
    if (bytes.length > room && room > 8 && bytes[2] === 0) {
      open.push(bytes.subarray(0, room));
      close();
      // The rest begins with its width again.
      open.push(new Uint8Array([0]), bytes.subarray(room));
      size = 1 + bytes.length - room;
    } else {
      if (bytes.length > room) close();
      open.push(bytes);
      size += bytes.length;
    }
  }
  close();
  return joined(records);
}

const place = (view: DataView, row: number, column: number, format = 0): void => {
  view.setUint16(0, row, true);
  view.setUint16(2, column, true);
  view.setUint16(4, format, true);
};

/** Days since 30 December 1899. */
const serial = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000 + 25_569;

/** A number as a whole one or hundredths of 30 bits, as a double, or as the result of a formula, by its place. */
function numberRecord(row: number, column: number, value: number, format: number): Uint8Array {
  const hundredths = Math.round(value * 100);
  const small = Math.abs(hundredths) < 2 ** 28 && hundredths / 100 === value;
  if (small && (row + column) % 2 === 0)
    return record(
      0x027e,
      bytesOf(10, (view) => {
        place(view, row, column, format);
        const whole = Number.isInteger(value);
        view.setInt32(6, ((whole ? value : hundredths) << 2) | (whole ? 2 : 3), true);
      }),
    );
  if ((row + column) % 3 === 0)
    return record(
      0x0006,
      bytesOf(22, (view) => {
        place(view, row, column, format);
        view.setFloat64(6, value, true);
      }),
    );
  return record(
    0x0203,
    bytesOf(14, (view) => {
      place(view, row, column, format);
      view.setFloat64(6, value, true);
    }),
  );
}

function workbook(
  name: string,
  rows: readonly (readonly WrittenCell[])[],
  textsPerRecord: number,
): Uint8Array {
  const texts: string[] = [];
  const cells: Uint8Array[] = [];
  for (const [row, columns] of rows.entries())
    for (const [column, cell] of columns.entries()) {
      if (cell === null) continue;
      if (typeof cell === 'number') cells.push(numberRecord(row, column, cell, 0));
      else if (typeof cell === 'object')
        cells.push(numberRecord(row, column, serial(cell.date), DATE_FORMAT));
      else {
        const index = texts.length;
        texts.push(cell);
        cells.push(
          record(
            0x00fd,
            bytesOf(10, (view) => {
              place(view, row, column);
              view.setUint32(6, index, true);
            }),
          ),
        );
      }
    }
  const formats = [0, 14].map((format) =>
    record(
      0x00e0,
      bytesOf(20, (view) => view.setUint16(2, format, true)),
    ),
  );
  const bound = (offset: number): Uint8Array =>
    record(0x0085, joined([bytesOf(6, (view) => view.setUint32(0, offset, true)), textBytes(name, 1)]));
  const globals = (offset: number): Uint8Array =>
    joined([bof(5), ...formats, bound(offset), sharedTexts(texts, textsPerRecord), eof()]);
  return joined([globals(globals(0).length), bof(0x10), ...cells, eof()]);
}

/** The whole file. Streams below 4,096 bytes lie in small sectors, as Excel keeps them. */
export function xlsOf(
  name: string,
  rows: readonly (readonly WrittenCell[])[],
  textsPerRecord = 8_000,
): Uint8Array {
  const stream = workbook(name, rows, textsPerRecord);
  const small = stream.length < 4_096;
  const unit = small ? 64 : SECTOR;
  const padded = new Uint8Array(Math.ceil(stream.length / unit) * unit);
  padded.set(stream);
  const data = new Uint8Array(Math.ceil(padded.length / SECTOR) * SECTOR);
  data.set(padded);
  const count = data.length / SECTOR;
  // Sectors: the table, the directory, the table of small sectors if there are any, then the data.
  const first = small ? 3 : 2;
  const table = bytesOf(SECTOR * Math.ceil((first + count) / 128), (view) => {
    for (let i = 0; i < view.byteLength / 4; i++) view.setUint32(i * 4, FREE, true);
    view.setUint32(0, TABLE, true);
    view.setUint32(4, END, true);
    if (small) view.setUint32(8, END, true);
    for (let i = 0; i < count; i++)
      view.setUint32((first + i) * 4, i + 1 < count ? first + i + 1 : END, true);
  });
  if (table.length > SECTOR) throw new RangeError('a written workbook has at most 128 sectors');
  const smallTable = bytesOf(SECTOR, (view) => {
    const chained = padded.length / 64;
    for (let i = 0; i < 128; i++)
      view.setUint32(i * 4, i >= chained ? FREE : i + 1 < chained ? i + 1 : END, true);
  });
  const entry = (title: string, kind: number, start: number, size: number): Uint8Array =>
    bytesOf(128, (view) => {
      for (let i = 0; i < title.length; i++) view.setUint16(i * 2, title.charCodeAt(i), true);
      view.setUint16(64, title.length === 0 ? 0 : title.length * 2 + 2, true);
      view.setUint8(66, kind);
      for (const at of [68, 72, 76]) view.setUint32(at, FREE, true);
      view.setUint32(116, start, true);
      view.setUint32(120, size, true);
    });
  const root = small ? entry('Root Entry', 5, first, data.length) : entry('Root Entry', 5, END, 0);
  const book = entry('Workbook', 2, small ? 0 : first, stream.length);
  const empty = entry('', 0, 0, 0);
  const header = bytesOf(SECTOR, (view) => {
    for (const [i, byte] of [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1].entries())
      view.setUint8(i, byte);
    view.setUint16(24, 0x3e, true);
    view.setUint16(26, 3, true);
    view.setUint16(28, 0xfffe, true);
    view.setUint16(30, 9, true);
    view.setUint16(32, 6, true);
    view.setUint32(44, 1, true);
    view.setUint32(48, 1, true);
    view.setUint32(56, 4_096, true);
    view.setUint32(60, small ? 2 : END, true);
    view.setUint32(64, small ? 1 : 0, true);
    view.setUint32(68, END, true);
    for (let i = 0; i < 109; i++) view.setUint32(76 + i * 4, i === 0 ? 0 : FREE, true);
  });
  return joined([header, table, joined([root, book, empty, empty]), ...(small ? [smallTable] : []), data]);
}
