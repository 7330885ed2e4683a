/**
 * Assertions: what a payload as a whole must look like before anything of it is promoted (D8).
 *
 * They are judged where a payload is still whole, before its rows are spread over partitions and plans: the verdict is
 * a function of the body and the rules, the same in every run, and no cut into batches can change it.
 */

import { compareDecimals, Parsed, parseDecimal } from '../../core/model/decimal.ts';
import type { RawRow } from '../../core/model/raw-row.ts';
import type { NormalizationSettings } from './config.ts';
import { policyOf, ruleFor } from './policy.ts';

/** A body as the connector refined it. */
export interface RefinedPayload {
  readonly market: string;
  readonly dataset: string;
  readonly rows: readonly RawRow[];
  /** Rows that could not be read. */
  readonly rejected: { readonly length: number };
}

/** An assertion that a payload does not keep to. */
export interface AssertionFailure {
  /** Key in the rules file. */
  readonly assertion: 'min_rows' | 'max_rejected_ratio' | 'max_null_ratio' | 'max_out_of_range_ratio';
  readonly bound: number;
  readonly measured: number;
  /** How many rows or values that is, and of how many. */
  readonly cases: number;
  readonly of: number;
}

/**
 * Judges a payload by the rules of its dataset. Returns the assertions that fail in a fixed order, none for a payload
 * that may be promoted or a dataset without assertions. Shares are of rows for `max_rejected_ratio`, of required values
 * for `max_null_ratio`, of numbers for `max_out_of_range_ratio`; a share of nothing is 0.
 */
export function assertQuality(payload: RefinedPayload, settings: NormalizationSettings): AssertionFailure[] {
  const rule = ruleFor(settings, payload.market, payload.dataset);
  if (rule === null) return [];
  const { assertions } = policyOf(settings, rule, payload.market);
  const failures: AssertionFailure[] = [];
  const rows = payload.rows.length;
  const all = rows + payload.rejected.length;
  if (assertions.min_rows !== undefined && rows < assertions.min_rows)
    failures.push({
      assertion: 'min_rows',
      bound: assertions.min_rows,
      measured: rows,
      cases: rows,
      of: all,
    });
  const share = (
    assertion: Exclude<AssertionFailure['assertion'], 'min_rows'>,
    bound: number | undefined,
    count: () => readonly [cases: number, of: number],
  ): void => {
    if (bound === undefined) return;
    const [cases, of] = count();
    const measured = of === 0 ? 0 : cases / of;
    if (measured > bound) failures.push({ assertion, bound, measured, cases, of });
  };
  share('max_rejected_ratio', assertions.max_rejected_ratio, () => [payload.rejected.length, all]);
  share('max_null_ratio', assertions.max_null_ratio, () => nullsIn(payload.rows, rule.fields));
  share('max_out_of_range_ratio', assertions.max_out_of_range_ratio, () =>
    outOfRangeIn(payload.rows, rule.fields),
  );
  return failures;
}

type Fields = NormalizationSettings['datasets'][number]['fields'];

function nullsIn(rows: readonly RawRow[], fields: Fields): readonly [number, number] {
  const required = Object.keys(fields).filter((name) => fields[name].required);
  let nulls = 0;
  let wanted = 0;
  for (const row of rows) {
    if (row.cancels) continue;
    for (const name of required) {
      wanted++;
      if (!row.values.some((value) => value.field === name && value.value !== null && value.value !== ''))
        nulls++;
    }
  }
  return [nulls, wanted];
}

const ascii = new TextEncoder();

/** A decimal as two words; null for what is none. */
function decimalOf(text: string | null | undefined): Int32Array | null {
  if (text === null || text === undefined || text === '') return null;
  const words = new Int32Array(2);
  const bytes = ascii.encode(text);
  const parsed = parseDecimal(bytes, 0, bytes.length, words, 0);
  return parsed === Parsed.exact || parsed === Parsed.rounded ? words : null;
}

function outOfRangeIn(rows: readonly RawRow[], fields: Fields): readonly [number, number] {
  const bounds = new Map(
    Object.entries(fields).map(([name, field]) => [
      name,
      { min: decimalOf(field.min ?? field.refuse_below), max: decimalOf(field.max ?? field.refuse_above) },
    ]),
  );
  let outside = 0;
  let numbers = 0;
  for (const row of rows) {
    if (row.cancels) continue;
    for (const { field, value } of row.values) {
      const bound = bounds.get(field);
      const number = bound === undefined ? null : decimalOf(value);
      if (bound === undefined || number === null) continue;
      numbers++;
      const { min, max } = bound;
      if (min !== null && compareDecimals(number, 0, min, 0) < 0) outside++;
      else if (max !== null && compareDecimals(number, 0, max, 0) > 0) outside++;
    }
  }
  return [outside, numbers];
}
