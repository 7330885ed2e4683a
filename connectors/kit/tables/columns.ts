/** Columns of a table by what their names mean, whatever their case, blanks and underscores. */

import type { Drift } from '../contract.ts';

/** A name as it is compared: letters and digits in lower case, `DELIVERY_DATE` and `Delivery Date` alike. */
export function columnName(printed: string): string {
  return printed.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The header of a table; it remembers which columns were asked for, the others are drift. */
export class Columns {
  /** Names as they are compared, in the order of the table. */
  readonly names: readonly string[];
  private readonly printed: readonly string[];
  private readonly known = new Set<number>();

  constructor(header: readonly string[]) {
    this.printed = header;
    this.names = header.map(columnName);
  }

  /** True when the table has a column of one of these names. */
  has(...names: readonly string[]): boolean {
    return names.some((name) => this.names.includes(name));
  }

  /** Index of the first column of one of these names, -1 for none; the column is known from then on. */
  find(...names: readonly string[]): number {
    for (const name of names) {
      const at = this.names.indexOf(name);
      if (at < 0) continue;
      this.known.add(at);
      return at;
    }
    return -1;
  }

  /** Marks columns that are known and not read. */
  ignore(...names: readonly string[]): void {
    for (const [at, name] of this.names.entries()) if (names.includes(name)) this.known.add(at);
  }

  /** The columns that `take` wants, with their index; they are known from then on. Known ones are not asked again. */
  take<T>(take: (name: string, printed: string) => T | null): { at: number; of: T }[] {
    const taken: { at: number; of: T }[] = [];
    for (const [at, name] of this.names.entries()) {
      if (this.known.has(at)) continue;
      const of = take(name, (this.printed[at] ?? '').trim());
      if (of === null) continue;
      this.known.add(at);
      taken.push({ at, of });
    }
    return taken;
  }

  /** Columns that nobody asked for. A column without a name is an empty margin. */
  drift(): Drift[] {
    return this.printed
      .map((column, at) => ({ column: column.trim(), at: at + 1 }))
      .filter(({ at, column }) => column !== '' && !this.known.has(at - 1));
  }
}
