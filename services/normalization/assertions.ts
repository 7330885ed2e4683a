/**
 * Assertions: what a payload as a whole must look like before anything of it is promoted (D8).
 *
 * They are judged where a payload is still whole, before its rows are spread over partitions and plans: the verdict is
 * a function of the body and the rules, the same in every run, and no cut into batches can change it.
 */

import { mantissaAt, Parsed, parseDecimal } from '../../core/model/decimal.ts';
import { Names } from '../../core/model/names.ts';
import type { RawRow } from '../../core/model/raw-row.ts';
import type { NormalizationSettings } from './config.ts';
import { policyOf, ruleFor } from './policy.ts';
import { type DatasetRule, type FieldRule, instrumentIdOf, RuleTable } from './rules.ts';

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
  const tally = new QualityTally(payload.market, payload.dataset, settings);
  if (tally.isAsserted) tally.add(payload.rows, payload.rejected.length);
  return tally.failures();
}

/** The same of a payload whose rows come a few at a time. */
export class QualityTally {
  /** False for a dataset without assertions: nothing needs to be added. */
  readonly isAsserted: boolean;
  private readonly assertions: Assertions;
  private readonly rule: DatasetRule | null;
  private readonly names = new Names();
  private rows = 0;
  private rejected = 0;
  private nulls: Share = [0, 0];
  private outside: Share = [0, 0];

  constructor(market: string, dataset: string, settings: NormalizationSettings) {
    const settled = ruleFor(settings, market, dataset);
    this.assertions = settled === null ? {} : policyOf(settings, settled, market).assertions;
    const { names } = this;
    const hasAny = Object.keys(this.assertions).length > 0;
    this.rule = hasAny
      ? new RuleTable(settings, names).of(names.markets.idOf(market), names.datasets.idOf(dataset))
      : null;
    this.isAsserted = this.rule !== null;
  }

  /** Rows that were read, and how many beside them were not. */
  add(rows: readonly RawRow[], rejected: number): void {
    const { assertions, rule, names } = this;
    if (rule === null) return;
    this.rows += rows.length;
    this.rejected += rejected;
    if (assertions.max_null_ratio !== undefined) this.nulls = plus(this.nulls, nullsIn(rows, rule, names));
    if (assertions.max_out_of_range_ratio !== undefined)
      this.outside = plus(this.outside, outOfRangeIn(rows, rule, names));
  }

  failures(): AssertionFailure[] {
    const { assertions, rows, rejected } = this;
    if (!this.isAsserted) return [];
    const failures: AssertionFailure[] = [];
    const all = rows + rejected;
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
      [cases, of]: Share,
    ): void => {
      const bound = assertions[assertion];
      const measured = of === 0 ? 0 : cases / of;
      if (bound !== undefined && measured > bound) failures.push({ assertion, bound, measured, cases, of });
    };
    share('max_rejected_ratio', [rejected, all]);
    share('max_null_ratio', this.nulls);
    share('max_out_of_range_ratio', this.outside);
    return failures;
  }
}

/** How many, and of how many. */
type Share = readonly [cases: number, of: number];

type Assertions = ReturnType<typeof policyOf>['assertions'];

const plus = ([cases, of]: Share, [more, ofMore]: Share): Share => [cases + more, of + ofMore];

function nullsIn(rows: readonly RawRow[], rule: DatasetRule, names: Names): Share {
  let nulls = 0;
  let wanted = 0;
  for (const row of rows) {
    if (row.cancels) continue;
    for (const id of rule.required) {
      const field = names.fields.nameOf(id);
      const isStated = row.values.some((v) => v.field === field && v.value !== null && v.value !== '');
      wanted++;
      if (!isStated) nulls++;
    }
  }
  return [nulls, wanted];
}

function outOfRangeIn(rows: readonly RawRow[], rule: DatasetRule, names: Names): Share {
  let outside = 0;
  let numbers = 0;
  for (const row of rows) {
    if (row.cancels) continue;
    for (const { field, value } of row.values) {
      const bounds = boundsOf(row, field, rule, names);
      const mantissa = bounds === undefined ? null : mantissaOf(value);
      if (bounds === undefined || mantissa === null) continue;
      numbers++;
      if (mantissa < bounds.min || mantissa > bounds.max) outside++;
    }
  }
  return [outside, numbers];
}

function boundsOf(row: RawRow, field: string, rule: DatasetRule, names: Names): FieldRule | undefined {
  const id = names.fields.idOf(field);
  if (rule.instruments === null) return rule.fields[id];
  const instrument = instrumentIdOf(rule, row.market, row.location ?? '', row.series ?? '', field);
  return rule.instruments.fieldsOf(names.instruments.ids.idOf(instrument))[id];
}

const ascii = new TextEncoder();
const words = new Int32Array(2);

/** The number as a stage reads it; null for what is none. */
function mantissaOf(text: string | null): number | null {
  if (text === null || text === '') return null;
  const bytes = ascii.encode(text);
  const parsed = parseDecimal(bytes, 0, bytes.length, words, 0);
  return parsed === Parsed.exact || parsed === Parsed.rounded ? mantissaAt(words, 0) : null;
}
