/**
 * What is said of a forward curve: the whole curve of one day of the market as known from one moment on (table
 * curves_computed), and the record that tells of it (topic pricing.curve.updates.v1).
 */

import type { CurveDay, CurveMethod, DeliveryBlock, PointSource } from '../math/curves/forward-curve.ts';
import type { Micros } from '../time/instant.ts';

/** The price of one delivery, exact. */
export interface StatedPoint {
  readonly start: CurveDay;
  readonly end: CurveDay;
  readonly block: DeliveryBlock;
  /** Mantissa at scale 8, two words. */
  readonly price: Int32Array;
  readonly source: PointSource;
}

/** A curve of one day of the market, as known from `knownAt` on until the next statement. */
export interface CurveStatement {
  readonly tenant: string;
  readonly traceId: string;
  readonly curve: string;
  readonly asOf: CurveDay;
  /** Known time of its inputs, rounded up to the grid of the curve. */
  readonly knownAt: Micros;
  /**
   * Grows with each statement of a day's curve: of two with one known time the greater holds, as a whole. It is
   * {@link STATEMENTS_PER_OFFSET} times the offset after the last input, and a build by hand adds one.
   */
  readonly statement: number;
  readonly unit: string;
  readonly method: CurveMethod;
  /** In order of (start, block); none where all quotes were withdrawn. */
  readonly points: readonly StatedPoint[];
  /** JSON: settings, method, grid, hash of the inputs, and what became of each quote. */
  readonly metadata: string;
  /** Place of the last input on the prestage topic. */
  readonly srcTopic: string;
  readonly srcPartition: number;
  readonly srcOffset: number;
}

/** Statements that one input may have: the first by the stream, further ones by builds. */
export const STATEMENTS_PER_OFFSET = 1000;

/** A delivery in an update; GONE: the statement before had it, and this one has not. */
export interface CurveUpdatePoint {
  readonly start: CurveDay;
  readonly end: CurveDay;
  readonly block: DeliveryBlock;
  readonly price: Int32Array | null;
  readonly source: PointSource | 'GONE';
}

/** A statement as it is told: all its points, or those that differ from the statement before. */
export interface CurveUpdate extends Omit<CurveStatement, 'points'> {
  readonly previousKnownAt: Micros | null;
  readonly isDelta: boolean;
  readonly points: readonly CurveUpdatePoint[];
}
