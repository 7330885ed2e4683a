/**
 * `sanitize_numeric`: brings the numbers that sources print into one exact form, digit for digit.
 *
 * `.74` → `0.74`, `1,234.5` → `1234.5`, ` 23.94` → `23.94`, `+5` → `5`, `007.5` → `7.5`, `1.5E-3` → `0.0015`,
 * `-$1,234.50` → `-1234.50`, `($5.25)`, `$(5.25)` and `$-5.25` → `-5.25`; blanks and the dataset's null words → null. Trailing zeros stay as
 * printed. Anything else rejects its row.
 */

import type { Rejection, SourceRow, Transform } from '../contract.ts';

const PLAIN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const GROUPED = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const DOLLARS = /^(?:([+-]?)\$(?=[\d.])(.*)|(?:\(\$|\$\()(?=[\d.])(.*)\)|\$-(?=[\d.])(.*))$/;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/;

/** The exact decimal of a printed number; null for "no value", undefined when it is not a number. */
export function sanitizeNumber(text: string, nullWords: readonly string[]): string | null | undefined {
  if (PLAIN.test(text)) return text;
  const word = text.trim();
  if (word === '' || nullWords.includes(word.toLowerCase())) return null;
  const dollars = DOLLARS.exec(word);
  const plain =
    dollars === null ? word : `${dollars[1] ?? '-'}${dollars[2] ?? dollars[3] ?? dollars[4] ?? ''}`;
  const bare = GROUPED.test(plain) ? plain.replaceAll(',', '') : plain;
  const m = DECIMAL.exec(bare);
  if (m === null) return undefined;
  const whole = m[2] ?? '';
  const fraction = m[3] ?? '';
  if (whole === '' && fraction === '') return undefined;
  const [w, f] = shifted(whole, fraction, Number(m[4] ?? 0));
  return `${m[1] === '-' ? '-' : ''}${w.replace(/^0+(?=\d)/, '')}${f === '' ? '' : `.${f}`}`;
}

/** Moves the point of `whole.fraction` by an exponent. */
function shifted(whole: string, fraction: string, exponent: number): [whole: string, fraction: string] {
  if (exponent >= 0) {
    const padded = fraction.padEnd(exponent, '0');
    return [`0${whole}${padded.slice(0, exponent)}`, padded.slice(exponent)];
  }
  const padded = whole.padStart(-exponent, '0');
  const cut = padded.length + exponent;
  return [`0${padded.slice(0, cut)}`, padded.slice(cut) + fraction];
}

/** The named transform. A row with one value that is no number is rejected whole, VALUE_NOT_NUMERIC. */
export const sanitizeNumeric: Transform = (rows, dataset) => {
  const kept: SourceRow[] = [];
  const rejected: Rejection[] = [];
  for (const row of rows) {
    let bad: Rejection | null = null;
    for (const value of row.values) {
      if (value.value === null) continue;
      const exact = sanitizeNumber(value.value, dataset.nullWords);
      if (exact !== undefined) value.value = exact;
      else
        bad ??= {
          row: row.row,
          code: 'VALUE_NOT_NUMERIC',
          message: `line ${row.row}: ${value.field} of ${row.location ?? dataset.name} is no number`,
          field: value.field,
          expected: 'a decimal number, or a blank',
          got: value.value.slice(0, 80),
          location: row.location,
          series: row.series,
        };
    }
    if (bad === null) kept.push(row);
    else rejected.push(bad);
  }
  return { rows: kept, rejected };
};
