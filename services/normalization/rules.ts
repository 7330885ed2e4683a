/** Rules by dense ids: the settings resolved once per market, dataset and field, so that the loop only indexes. */

import { mantissaAt, parseDecimal } from '../../core/model/decimal.ts';
import type { Names } from '../../core/model/names.ts';
import { PairIds } from '../../core/model/pair-ids.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { type Micros, parseInstant } from '../../core/time/instant.ts';
import type { DatasetRuleSettings, NormalizationSettings } from './config.ts';

/** Bounds of one field as mantissas at scale 8; infinite where none is set, zero where a price may not be negative. */
export interface FieldRule {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly price: boolean;
}

/** A dataset's rule, resolved. */
export interface DatasetRule {
  readonly trade: boolean;
  readonly product: string;
  readonly lateness: Micros;
  readonly horizon: Micros;
  /** By dense id of the field; absent for a field without a rule. */
  readonly fields: readonly (FieldRule | undefined)[];
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
  /** UTC micros before which an event is refused. */
  readonly earliest: Micros;
  private readonly settings: NormalizationSettings;
  private readonly names: Names;
  private readonly pairs = new PairIds();
  private readonly rules: (DatasetRule | null)[] = [];

  constructor(settings: NormalizationSettings, names: Names) {
    this.settings = settings;
    this.names = names;
    this.earliest = parseInstant(settings.earliest) ?? 0;
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
    const datasetName = this.names.datasets.nameOf(dataset);
    const named = (wanted: string): DatasetRuleSettings | undefined =>
      this.settings.datasets.find((d) => d.market === wanted && d.dataset === datasetName);
    const found = named(marketName) ?? named('ANY');
    if (found === undefined) return null;
    const fields: FieldRule[] = [];
    for (const [name, field] of Object.entries(found.fields))
      fields[this.names.fields.idOf(name)] = {
        name,
        min: Math.max(bound(field.min, -Infinity), field.price && !found.negative_prices ? 0 : -Infinity),
        max: bound(field.max, Infinity),
        price: field.price,
      };
    return {
      trade: found.kind === 'trade',
      product: found.product,
      lateness: parseDuration(found.lateness) ?? 0,
      horizon: parseDuration(found.horizon) ?? 0,
      fields,
    };
  }
}
