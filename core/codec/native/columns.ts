/**
 * Columns of a decoded result in ClickHouse's Native format: typed arrays, no object per row.
 *
 * What each store type becomes:
 *
 * | store type | here |
 * |---|---|
 * | integers, floats, Bool, Date (days since 1970) | `Float64Array`; 64-bit integers beyond 2^53 are the nearest double |
 * | DateTime, DateTime64 | `Float64Array` of UTC micros |
 * | Decimal, Int128, UInt128 | `Int32Array`, 1, 2, 4 or 8 words per value, low word first (`core/model/decimal.ts`) |
 * | UUID | `Uint32Array`, four words in the order of the text (`core/model/hash128.ts`) |
 * | String, FixedString | UTF-8 bytes and offsets |
 * | LowCardinality(String), Enum | dictionary and codes |
 * | Array(T) | offsets and the column of all items |
 *
 * Null places hold zero, an empty string or the first code; `nulls` says which they are.
 */

import { CarbonError } from '../../errors.ts';

/** 1 where a row is null; absent for a column without nulls. */
export type Nulls = Uint8Array | null;

/** One column of a result, in the form of the table above. */
export type NativeColumn =
  | { readonly kind: 'number'; readonly nulls: Nulls; readonly values: Float64Array }
  | {
      readonly kind: 'words';
      readonly nulls: Nulls;
      readonly words: Int32Array;
      readonly width: number;
      readonly scale: number;
    }
  | { readonly kind: 'uuid'; readonly nulls: Nulls; readonly ids: Uint32Array }
  | {
      readonly kind: 'text';
      readonly nulls: Nulls;
      readonly bytes: Uint8Array;
      /** One more than there are rows: row `i` is `bytes[offsets[i], offsets[i + 1])`. */
      readonly offsets: Uint32Array;
    }
  | {
      readonly kind: 'dictionary';
      readonly nulls: Nulls;
      readonly entries: readonly string[];
      readonly codes: Uint32Array;
    }
  | {
      readonly kind: 'array';
      readonly nulls: Nulls;
      readonly offsets: Uint32Array;
      readonly items: NativeColumn;
    };

const utf8 = new TextDecoder();

/**
 * A decoded result. Columns are found by name; asking for an absent column, or for one of another kind, throws
 * STORE_REFUSED: the statement and its reader do not fit each other.
 */
export class NativeColumns {
  readonly rows: number;
  readonly names: readonly string[];
  /** Type texts as the store gives them. */
  readonly types: readonly string[];
  readonly columns: readonly NativeColumn[];

  constructor(
    rows: number,
    names: readonly string[],
    types: readonly string[],
    columns: readonly NativeColumn[],
  ) {
    this.rows = rows;
    this.names = names;
    this.types = types;
    this.columns = columns;
  }

  /** The column of a name. */
  column(name: string): NativeColumn {
    const at = this.names.indexOf(name);
    if (at < 0)
      throw new CarbonError(
        'STORE_REFUSED',
        `the result has no column ${name}: it has ${this.names.join(', ')}`,
        {
          position: { field: name },
        },
      );
    return this.columns[at];
  }

  /** Numbers of a column; DateTime types as UTC micros. */
  numbers(name: string): Float64Array {
    const column = this.column(name);
    return column.kind === 'number' ? column.values : this.refuse(name, 'numbers');
  }

  /** Words of a Decimal or 128-bit column that has exactly `width` words per value. */
  words(name: string, width: 1 | 2 | 4 | 8): Int32Array {
    const column = this.column(name);
    return column.kind === 'words' && column.width === width
      ? column.words
      : this.refuse(name, `decimals of ${width} words`);
  }

  /** Ids of a UUID column, four words each. */
  uuids(name: string): Uint32Array {
    const column = this.column(name);
    return column.kind === 'uuid' ? column.ids : this.refuse(name, 'UUIDs');
  }

  /** The null mask of a column, or null when it cannot hold nulls. */
  nulls(name: string): Nulls {
    return this.column(name).nulls;
  }

  /** Every row of a text column as a string; a null is an empty string (see {@link nulls}). */
  strings(name: string): string[] {
    const column = this.column(name);
    const out = new Array<string>(this.rows);
    if (column.kind === 'dictionary') {
      for (let i = 0; i < this.rows; i++) out[i] = column.entries[column.codes[i]];
    } else if (column.kind === 'text') {
      for (let i = 0; i < this.rows; i++) out[i] = textAt(column.bytes, column.offsets, i);
    } else return this.refuse(name, 'text');
    return out;
  }

  /** One row of a text column. */
  text(name: string, row: number): string {
    const column = this.column(name);
    if (column.kind === 'dictionary') return column.entries[column.codes[row]];
    return column.kind === 'text' ? textAt(column.bytes, column.offsets, row) : this.refuse(name, 'text');
  }

  /**
   * Ids of a text column in a dictionary of the caller's: `intern` is called once for every run of equal rows (text)
   * or once for every entry that occurs (dictionary), never once per row. It also gets the first row of the text.
   */
  codes(name: string, intern: (text: string, row: number) => number): Uint32Array {
    const column = this.column(name);
    const out = new Uint32Array(this.rows);
    if (column.kind === 'dictionary') {
      const known = new Float64Array(column.entries.length).fill(-1);
      for (let i = 0; i < this.rows; i++) {
        const code = column.codes[i];
        if (known[code] < 0) known[code] = intern(column.entries[code], i);
        out[i] = known[code];
      }
    } else if (column.kind === 'text') {
      const { bytes, offsets } = column;
      for (let i = 0; i < this.rows; i++)
        out[i] =
          i > 0 && sameText(bytes, offsets, i - 1, i) ? out[i - 1] : intern(textAt(bytes, offsets, i), i);
    } else return this.refuse(name, 'text');
    return out;
  }

  /** Lists of strings of an Array(String) column. */
  stringLists(name: string): string[][] {
    const column = this.column(name);
    if (column.kind !== 'array') return this.refuse(name, 'arrays');
    const { items, offsets } = column;
    const flat = new NativeColumns(offsets[this.rows], ['items'], [''], [items]).strings('items');
    return Array.from({ length: this.rows }, (_, i) => flat.slice(offsets[i], offsets[i + 1]));
  }

  private refuse(name: string, wanted: string): never {
    const type = this.types[this.names.indexOf(name)];
    throw new CarbonError('STORE_REFUSED', `column ${name} is ${type}, which does not read as ${wanted}`, {
      position: { field: name, expected: wanted, got: type },
    });
  }
}

function textAt(bytes: Uint8Array, offsets: Uint32Array, i: number): string {
  const from = offsets[i];
  const to = offsets[i + 1];
  // Short ASCII, which is nearly all there is, is faster without the decoder.
  if (to - from <= 24) {
    let text = '';
    let p = from;
    for (; p < to && bytes[p] < 0x80; p++) text += String.fromCharCode(bytes[p]);
    if (p === to) return text;
  }
  return utf8.decode(bytes.subarray(from, to));
}

function sameText(bytes: Uint8Array, offsets: Uint32Array, i: number, j: number): boolean {
  const a = offsets[i];
  const b = offsets[j];
  const length = offsets[i + 1] - a;
  if (offsets[j + 1] - b !== length) return false;
  for (let k = length - 1; k >= 0; k--) if (bytes[a + k] !== bytes[b + k]) return false;
  return true;
}
