/**
 * Contract templates: the one place where an instrument id is taken apart. Elsewhere ids are opaque; here a policy says
 * what those of its contracts mean.
 */

import { blocksOf, onPeakRuleNamed } from '../../../core/math/curves/delivery-blocks.ts';
import type { CurveDay, DeliveryBlock, QuoteKind } from '../../../core/math/curves/forward-curve.ts';
import {
  EUROPEAN_SEASONS,
  parseTenor,
  type Seasons,
  type TenorDelivery,
  US_GAS_SEASONS,
} from '../../../core/math/curves/tenors.ts';
import type { CurveSettings } from './config.ts';

/** An instrument as a contract of a curve. */
export interface Contract {
  readonly curve: CurveSettings;
  readonly kind: QuoteKind;
  readonly block: DeliveryBlock;
  /** As it stands in the id. */
  readonly tenor: string;
}

/** Last day that the store's Date can hold: 2149-06-06. */
const LAST_DAY: CurveDay = 65_535;

interface Template {
  readonly pattern: RegExp;
  readonly kind: QuoteKind;
  readonly block: DeliveryBlock;
}

/** The templates of one curve. */
export class ContractTemplates {
  private readonly curve: CurveSettings;
  private readonly templates: readonly Template[];
  private readonly blocks: ReadonlyMap<string, DeliveryBlock>;

  constructor(curve: CurveSettings) {
    this.curve = curve;
    const rule = onPeakRuleNamed(curve.on_peak);
    const own = rule === null ? [] : blocksOf(rule);
    this.blocks = new Map([...own.map((block) => [block, block] as const), ...Object.entries(curve.blocks)]);
    const words = [...this.blocks.keys()].map(escaped).join('|');
    this.templates = curve.contracts.map(({ instrument, kind, block }) => ({
      pattern: new RegExp(
        `^${escaped(instrument).replace('\\{tenor\\}', '(?<tenor>.+)').replace('\\{block\\}', `(?<block>${words})`)}$`,
      ),
      kind,
      block,
    }));
  }

  /** The contract that an instrument is by the first template that takes it; null for none. */
  contractOf(instrument: string): Contract | null {
    for (const { pattern, kind, block } of this.templates) {
      const groups = pattern.exec(instrument)?.groups;
      if (groups === undefined) continue;
      const { tenor, block: word } = groups;
      // Whether it is a tenor at all hangs on no day: a day with days left in its week and month finds out.
      if (deliveryOn(this.curve, tenor, ANY_DAY) === null) continue;
      return { curve: this.curve, kind, block: this.blocks.get(word) ?? block, tenor };
    }
    return null;
  }
}

/** Wednesday, 7 January 1970. */
const ANY_DAY: CurveDay = 6;

/**
 * What a contract delivers when it is priced on a day of the market, or null when it is no input of that day's curve: its
 * delivery has begun, or nothing is left of it.
 */
export function deliveryOf({ curve, tenor }: Contract, asOf: CurveDay): TenorDelivery | null {
  const delivery = deliveryOn(curve, tenor, asOf);
  return delivery === null || delivery.start <= asOf ? null : delivery;
}

function deliveryOn(curve: CurveSettings, tenor: string, asOf: CurveDay): TenorDelivery | null {
  const delivery = parseTenor(tenor, asOf, seasonsOf(curve));
  return delivery === null || delivery.end > LAST_DAY ? null : delivery;
}

function seasonsOf({ seasons }: CurveSettings): Seasons {
  return seasons === 'us-gas' ? US_GAS_SEASONS : EUROPEAN_SEASONS;
}

/** A text as a part of a regular expression that means the text. */
function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&');
}
