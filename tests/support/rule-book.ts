/**
 * The rules of `configs/normalization_rules.yaml` as docs/semantics.md words them, read by no code of the stages: under
 * which name a value is served, and which flags it must bear.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { TrueValue } from '../../simulators/catalog.ts';
import { scaled } from './plain-bars.ts';

interface FieldBook {
  readonly min?: string;
  readonly max?: string;
  readonly spike?: string;
  readonly price?: boolean;
}

interface DatasetBook {
  readonly market: string;
  readonly dataset: string;
  readonly product: string;
  readonly lateness?: string;
  readonly negative_prices?: boolean;
  readonly fields: Readonly<Record<string, FieldBook>>;
}

type Wide = Pick<DatasetBook, 'lateness' | 'negative_prices'>;

interface Book {
  readonly defaults: Wide;
  readonly markets?: Readonly<Record<string, Wide>>;
  readonly datasets: readonly DatasetBook[];
}

const PATH = join(import.meta.dirname, '../../configs/normalization_rules.yaml');
const UNITS: Readonly<Record<string, Micros>> = { s: 1_000_000, m: MINUTE, h: HOUR, d: DAY };

/** A value as it must be served. */
export interface Ruled {
  readonly instrument: string;
  /** In the order of the bits, those left out that depend on what else was known. */
  readonly flags: readonly string[];
}

/** A rule with the wider ones under it, its numbers read. */
interface Rule {
  readonly product: string;
  readonly latest: Micros;
  readonly negativePrices: boolean;
  readonly fields: ReadonlyMap<string, Bounds>;
}

interface Bounds {
  readonly isPrice: boolean;
  readonly min: bigint | null;
  readonly max: bigint | null;
  readonly spike: bigint | null;
}

/** All rules. */
export class RuleBook {
  private readonly book = parse(readFileSync(PATH, 'utf8'), { merge: true }) as Book;
  private readonly rules = new Map(
    this.book.datasets
      .map((each) => [`${each.market} ${each.dataset}`, ruleOf(each, this.book)] as const)
      .reverse(),
  );

  /** The name and the flags of a value that became known at a time, in micros. Fails for a dataset without a rule. */
  ruled(market: string, value: TrueValue, knownAt: Micros): Ruled {
    const { dataset, field, location, series } = value;
    const rule = this.rules.get(`${market} ${dataset}`);
    const bounds = rule?.fields.get(field);
    assert.ok(rule !== undefined && bounds !== undefined, `no rule for ${market} ${dataset} ${field}`);
    const number = scaled(value.value);
    const isNegative = bounds.isPrice && number < 0n;
    const isOutside =
      (bounds.min !== null && number < bounds.min) ||
      (bounds.max !== null && number > bounds.max) ||
      (isNegative && !rule.negativePrices);
    const place = location === '' ? '' : `.${location}`;
    return {
      instrument: `${market}.${rule.product}.${field.toUpperCase()}${place}${series === undefined ? '' : `:${series}`}`,
      flags: [
        ...(isNegative ? ['PRICE_NEGATIVE'] : []),
        ...(isOutside ? ['OUT_OF_RANGE'] : []),
        ...(bounds.spike !== null && number > bounds.spike ? ['VOLUME_SPIKE'] : []),
        ...(knownAt - value.end > rule.latest ? ['LATE_ARRIVAL'] : []),
      ],
    };
  }
}

function ruleOf(dataset: DatasetBook, book: Book): Rule {
  const wide = { ...book.defaults, ...book.markets?.[dataset.market], ...dataset };
  const lateness = wide.lateness ?? '';
  const numberOf = (text: string | undefined): bigint | null => (text === undefined ? null : scaled(text));
  return {
    product: dataset.product,
    latest: Number(lateness.slice(0, -1)) * (UNITS[lateness.slice(-1)] ?? Number.NaN),
    negativePrices: wide.negative_prices !== false,
    fields: new Map(
      Object.entries(dataset.fields).map(([field, { min, max, spike, price }]) => [
        field,
        { isPrice: price === true, min: numberOf(min), max: numberOf(max), spike: numberOf(spike) },
      ]),
    ),
  };
}
