/**
 * The words of forward curves: quotes of contracts go in, points that reprice them come out.
 *
 * One equation carries all of it: the price of a contract is the mean of the curve over its delivery, weighted with the
 * quantity delivered. What differs between products is the weight alone.
 */

import type { Micros } from '../../time/instant.ts';

/** Days since 1970-01-01 of the market's calendar; see `core/time/calendar-day.ts`. */
export type CurveDay = number;

/**
 * Hours of a delivery: all (`7x24`); on-peak hours of the peak days (`5x16`, in the West `6x16`), the same hours of the
 * other days (`2x16H`, `1x16H`), the other hours of all days (`7x8`); `offpeak` is the last two together.
 */
export const DELIVERY_BLOCKS = ['7x24', '5x16', '2x16H', '6x16', '1x16H', '7x8', 'offpeak'] as const;

/** One of the blocks. */
export type DeliveryBlock = (typeof DELIVERY_BLOCKS)[number];

/** What is delivered of a contract: the same lot each month, each day, each business day, or each hour of the block. */
export const QUANTITY_RULES = ['months', 'days', 'business-days', 'hours'] as const;

/** One of the rules of quantity. */
export type QuantityRule = (typeof QUANTITY_RULES)[number];

/** Where a price comes from, the strongest first: of two that contradict each other the stronger holds. */
export const QUOTE_KINDS = ['settlement', 'trade', 'assessed', 'model'] as const;

/** One of the kinds of quote. */
export type QuoteKind = (typeof QUOTE_KINDS)[number];

/** How points are made of the sections that the quotes fix. */
export const CURVE_METHODS = ['flat', 'linear', 'monotone-convex', 'max-smoothness'] as const;

/** One of the methods. */
export type CurveMethod = (typeof CURVE_METHODS)[number];

/** How fine the points are: as the contracts cut time, and besides at each month, or at each day. */
export const CURVE_GRIDS = ['section', 'month', 'day'] as const;

/** One of the grids. */
export type CurveGrid = (typeof CURVE_GRIDS)[number];

/** One price of one contract. */
export interface CurveQuote {
  /** Name of the contract, once among the quotes of a curve. */
  readonly contract: string;
  /** Half-open delivery, in days of the market. */
  readonly start: CurveDay;
  readonly end: CurveDay;
  readonly block: DeliveryBlock;
  /** In the unit of the curve; may be negative or zero. */
  readonly price: number;
  readonly kind: QuoteKind;
  /** When it was said: of two of the same kind that contradict each other the fresher holds. */
  readonly quotedAt: Micros;
}

/** What a curve is, whatever its prices are. */
export interface CurveDefinition {
  readonly quantity: QuantityRule;
  /** Name of the on-peak rule that says which hours a block has; see `delivery-blocks.ts`. */
  readonly onPeak: string;
  /** Smallest step of a price: quotes that differ from what others imply by half of it or less agree. */
  readonly tick: number;
  readonly method: CurveMethod;
  readonly grid: CurveGrid;
}

/** QUOTED: one contract says it; IMPLIED: several do; SHAPED: finer than any. Uncovered time has no point. */
export type PointSource = 'QUOTED' | 'IMPLIED' | 'SHAPED';

/** The price of one delivery. */
export interface CurvePoint {
  readonly start: CurveDay;
  readonly end: CurveDay;
  readonly block: DeliveryBlock;
  readonly price: number;
  readonly source: PointSource;
}

/** Why a quote does not hold the curve. */
export type DropReason = 'CONSISTENT_DROP_COARSER' | 'CURVE_CONFLICT' | 'ZERO_WEIGHT';

/** A quote that was left out: what the others say of its delivery, and how far it is from that (quote less implied). */
export interface DroppedQuote {
  readonly contract: string;
  readonly reason: DropReason;
  /** Null where nothing is delivered. */
  readonly implied: number | null;
  readonly residual: number | null;
}

/** A curve: points in order of (start, block), and what became of each quote. */
export interface ForwardCurve {
  readonly points: readonly CurvePoint[];
  /** Contracts that the curve reprices within 1e-9, sorted. */
  readonly used: readonly string[];
  readonly dropped: readonly DroppedQuote[];
}
