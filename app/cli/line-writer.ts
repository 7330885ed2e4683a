/**
 * Writes the lines of `carbon decode` without an object per value: what the values of a row share is written once, and
 * names and instants, of which a body has few, are looked up. Equal to `JSON.stringify` of `line`, byte for byte.
 */

import type { RawRow, RawValue } from '../../core/model/raw-row.ts';
import { formatInstant, type Micros } from '../../core/time/instant.ts';

/** Most entries of a memory; one that is full is emptied. */
const MOST = 50_000;

function remembering<K, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= MOST) known.clear();
      known.set(key, (value = make(key)));
    }
    return value;
  };
}

/** Writes values of rows as JSON, each with its line end. */
export class LineWriter {
  private readonly quoted = remembering((text: string | null) => JSON.stringify(text));
  private readonly instant = remembering((at: Micros) => `"${formatInstant(at)}"`);
  private readonly unit = remembering((unit: string) => `,"unit":${JSON.stringify(unit)}`);
  private readonly field = remembering((field: string) => `"field":${JSON.stringify(field)},"value":`);

  /** The lines of all values of a row. */
  linesOf(row: RawRow): string {
    const series = row.series === null ? '' : `"series":${this.quoted(row.series)},`;
    const shared =
      `{"market":${this.quoted(row.market)},"dataset":${this.quoted(row.dataset)},` +
      `"location":${this.quoted(row.location)},${series}` +
      `"interval_start":${this.instant(row.intervalStart)},"interval_end":${this.instant(row.intervalEnd)},`;
    const end = row.publishedAt === null ? '}\n' : `,"published_at":${this.instant(row.publishedAt)}}\n`;
    let lines = '';
    for (const value of row.values) lines += shared + this.valueOf(value) + end;
    return lines;
  }

  private valueOf({ field, value, unit }: RawValue): string {
    return this.field(field) + JSON.stringify(value) + this.unit(unit);
  }
}
