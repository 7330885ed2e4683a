/** Rules by dense ids: the settings resolved once per market, dataset and field, so that the loop only indexes. */

import { mantissaAt, parseDecimal } from '../../core/model/decimal.ts';
import { seriesInstrumentId } from '../../core/model/identity.ts';
import type { Names } from '../../core/model/names.ts';
import { PairIds } from '../../core/model/pair-ids.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { DatasetRuleSettings, NormalizationSettings } from './config.ts';
import { type NullPolicy, type Policy, policyOf, ruleFor } from './policy.ts';

/**
 * Bounds of one field as mantissas at scale 8; infinite where none is set, zero where a price may not be negative.
 * `refuseBelow <= min` and `max <= refuseAbove`: a value within min and max needs no further test.
 */
export interface FieldRule {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly refuseBelow: number;
  readonly refuseAbove: number;
  readonly spike: number;
  readonly price: boolean;
  readonly required: boolean;
}

/** By dense id of the field; absent for a field without a rule. */
export type FieldRules = readonly (FieldRule | undefined)[];

/** A sum that the fields of one row have to keep to. */
export interface IdentityRule {
  /** Name of the field that is the sum. */
  readonly total: string;
  /** By dense id of the field: 1 for the total, and for a part the opposite of its sign in the sum. */
  readonly signs: readonly (number | undefined)[];
  /** How many fields that are. */
  readonly count: number;
  /** Mantissa of the greatest difference. */
  readonly tolerance: number;
}

/** The rules of instruments that have bounds of their own, found by text once and by an array index afterwards. */
export class InstrumentRules {
  private readonly names: Names;
  private readonly byId: ReadonlyMap<string, FieldRules>;
  private readonly otherwise: FieldRules;
  private readonly byInstrument: FieldRules[] = [];

  constructor(names: Names, byId: ReadonlyMap<string, FieldRules>, otherwise: FieldRules) {
    this.names = names;
    this.byId = byId;
    this.otherwise = otherwise;
  }

  /** The rules of an instrument by its dense id: its own, else those of the dataset. */
  fieldsOf(instrument: number): FieldRules {
    return (this.byInstrument[instrument] ??=
      this.byId.get(this.names.instruments.nameOf(instrument)) ?? this.otherwise);
  }
}

/** A dataset's rule, resolved. */
export interface DatasetRule {
  readonly trade: boolean;
  readonly product: string;
  readonly lateness: Micros;
  readonly horizon: Micros;
  /** UTC micros before which an event is refused. */
  readonly earliest: Micros;
  readonly nulls: NullPolicy;
  readonly fields: FieldRules;
  /** Dense ids of the fields that every row must carry. */
  readonly required: readonly number[];
  readonly identity: IdentityRule | null;
  /** Null where no instrument has bounds of its own. */
  readonly instruments: InstrumentRules | null;
}

/** The id of an instrument: a trade's contract where it names one, else the series of its field. */
export function instrumentIdOf(
  rule: Pick<DatasetRule, 'trade' | 'product'>,
  market: string,
  location: string,
  series: string,
  field: string,
): string {
  if (rule.trade && series !== '') return series;
  return seriesInstrumentId(market, rule.product, rule.trade ? 'price' : field, location, series);
}

const words = new Int32Array(2);
const ascii = new TextEncoder();

function bound(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const bytes = ascii.encode(text);
  parseDecimal(bytes, 0, bytes.length, words, 0);
  return mantissaAt(words, 0);
}

/** The rule of each (market, dataset), found by its settings once and by an array index afterwards. */
export class RuleTable {
  private readonly settings: NormalizationSettings;
  private readonly names: Names;
  private readonly pairs = new PairIds();
  private readonly rules: (DatasetRule | null)[] = [];

  constructor(settings: NormalizationSettings, names: Names) {
    this.settings = settings;
    this.names = names;
  }

  /** The rule, or null when the settings have none: first that of the market itself, then that of ANY. */
  of(market: number, dataset: number): DatasetRule | null {
    const pair = this.pairs.idOf(market, dataset);
    let rule = this.rules[pair];
    if (rule === undefined) this.rules[pair] = rule = this.resolve(market, dataset);
    return rule;
  }

  private resolve(market: number, dataset: number): DatasetRule | null {
    const marketName = this.names.markets.nameOf(market);
    const found = ruleFor(this.settings, marketName, this.names.datasets.nameOf(dataset));
    if (found === null) return null;
    const policy = policyOf(this.settings, found, marketName);
    const { lateness, horizon, earliest, nulls } = policy;
    const fields = this.fieldsOf(found.fields, policy);
    const instruments = new Map<string, FieldRules>();
    for (const [id, own] of Object.entries(found.instruments)) {
      const merged = Object.entries(found.fields).map(
        ([name, field]) => [name, { ...field, ...own[name] }] as const,
      );
      instruments.set(id, this.fieldsOf(Object.fromEntries(merged), policy));
    }
    return {
      trade: found.kind === 'trade',
      product: found.product,
      lateness,
      horizon,
      earliest,
      nulls,
      fields,
      required: Object.keys(found.fields)
        .filter((name) => found.fields[name].required)
        .map((name) => this.names.fields.idOf(name)),
      identity: this.identityOf(found),
      instruments: instruments.size === 0 ? null : new InstrumentRules(this.names, instruments, fields),
    };
  }

  private fieldsOf(settings: DatasetRuleSettings['fields'], policy: Policy): FieldRules {
    const fields: FieldRule[] = [];
    for (const [name, field] of Object.entries(settings)) {
      const refuseBelow = bound(field.refuse_below, -Infinity);
      const refuseAbove = bound(field.refuse_above, Infinity);
      const least = field.price && !policy.negativePrices ? 0 : -Infinity;
      fields[this.names.fields.idOf(name)] = {
        name,
        min: Math.max(bound(field.min, refuseBelow), refuseBelow, least),
        max: Math.min(bound(field.max, refuseAbove), refuseAbove),
        refuseBelow,
        refuseAbove,
        spike: bound(field.spike, Infinity),
        price: field.price,
        required: field.required,
      };
    }
    return fields;
  }

  private identityOf({ identity }: DatasetRuleSettings): IdentityRule | null {
    if (identity === undefined) return null;
    const signs: number[] = [];
    for (const [name, sign] of Object.entries(identity.parts)) signs[this.names.fields.idOf(name)] = -sign;
    signs[this.names.fields.idOf(identity.total)] = 1;
    return {
      total: identity.total,
      signs,
      count: Object.keys(identity.parts).length + 1,
      tolerance: bound(identity.tolerance, 0),
    };
  }
}
