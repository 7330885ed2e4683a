/**
 * CurveInput: one price of one contract as an input of a forward curve (topic aggregation.curve.prestage.v1, table
 * curves_base). Contracts are few beside ticks, so inputs are objects.
 */

import type { CurveDay, DeliveryBlock, QuoteKind } from '../math/curves/forward-curve.ts';
import type { Micros } from '../time/instant.ts';

/** What one tick says about one curve. Times are UTC micros, days those of the curve's market. */
export interface CurveInput {
  readonly tenant: string;
  readonly traceId: string;
  readonly knownAt: Micros;
  readonly curve: string;
  /** Day of the market on which the price was said. */
  readonly asOf: CurveDay;
  /** Instrument that was priced. */
  readonly contract: string;
  /** Half-open delivery. */
  readonly start: CurveDay;
  readonly end: CurveDay;
  readonly block: DeliveryBlock;
  readonly kind: QuoteKind;
  /** Mantissa at scale 8, two words; zero where the value is withdrawn. */
  readonly price: Int32Array;
  readonly unit: string;
  /** The value is taken back from its known time on. */
  readonly withdrawn: boolean;
  /** When the price was said. */
  readonly eventTime: Micros;
  /** Number that the source gave; null where it gave none. */
  readonly sequence: number | null;
  readonly source: string;
  readonly dataset: string;
  /** Natural key of the value, four words: versions of one value share it, and the last known of them counts. */
  readonly valueKey: Uint32Array;
  /** Event id of the tick, four words. */
  readonly valueId: Uint32Array;
  /** Position of the raw event. */
  readonly srcTopic: string;
  readonly srcPartition: number;
  readonly srcOffset: number;
}

/** An input with its place in the log: what the curves of its partition are in the order of. */
export interface PlacedInput {
  readonly input: CurveInput;
  /** Offset of its record on the prestage topic. */
  readonly offset: number;
}
