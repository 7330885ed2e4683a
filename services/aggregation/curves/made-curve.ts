/** One curve made of the prices on the board: points as they are stored, and what became of each price. */

import { CarbonError } from '../../../core/errors.ts';
import { buildCurve } from '../../../core/math/curves/build-curve.ts';
import type {
  CurveDefinition,
  CurvePoint,
  CurveQuote,
  DroppedQuote,
  ForwardCurve,
} from '../../../core/math/curves/forward-curve.ts';
import type { CurveInput } from '../../../core/model/curve-input.ts';
import type { StatedPoint } from '../../../core/model/curve-statement.ts';
import { formatDecimal, mantissaAt, Parsed, parseDecimal, SCALE } from '../../../core/model/decimal.ts';
import { FieldHash, formatUuid } from '../../../core/model/hash128.ts';
import { formatDay } from '../../../core/time/calendar-day.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import type { CurveSettings } from './config.ts';

/** What is to be told of a curve: quotes that contradict others, and why no curve could be made. */
export interface CurveFindings {
  readonly conflicts: readonly DroppedQuote[];
  /** Null where a curve was made. */
  readonly failure: string | null;
}

/** A curve ready to be stated. */
export interface MadeCurve {
  /** Hash of the prices that it was made of. */
  readonly inputs: string;
  readonly points: readonly StatedPoint[];
  /** See `CurveStatement`. */
  readonly metadata: string;
  /** Those that the curve before had not. */
  readonly findings: CurveFindings;
  /** All of them, for the curve after. */
  readonly all: CurveFindings;
}

/** The curve as the mathematics takes it. */
export function definitionOf(curve: CurveSettings): CurveDefinition {
  const { quantity, on_peak, tick, method, grid } = curve;
  return { quantity, onPeak: on_peak, tick, method, grid };
}

/**
 * Makes the curve of prices, one for each contract, in order of contract. The same prices as those of `before` give the
 * same curve without any work. A curve that cannot be made has no points, and says why in its metadata.
 */
export function curveOf(
  curve: CurveSettings,
  quotes: readonly CurveInput[],
  settings: string,
  before: MadeCurve | null,
): MadeCurve {
  const inputs = hashOf(quotes);
  if (before?.inputs === inputs) return { ...before, findings: { conflicts: [], failure: null } };
  const { points, dropped, failure } = tryCurve(curve, quotes);
  const conflicts = dropped.filter(({ reason }) => reason === 'CURVE_CONFLICT');
  const known = new Set(before?.all.conflicts.map(({ contract }) => contract));
  return {
    inputs,
    points,
    metadata: metadataOf(curve, quotes, settings, inputs, points.length, dropped, failure),
    all: { conflicts, failure },
    findings: {
      conflicts: conflicts.filter(({ contract }) => !known.has(contract)),
      failure: failure === before?.all.failure ? null : failure,
    },
  };
}

interface Tried {
  readonly points: readonly StatedPoint[];
  readonly dropped: ForwardCurve['dropped'];
  readonly failure: string | null;
}

function tryCurve(curve: CurveSettings, quotes: readonly CurveInput[]): Tried {
  if (quotes.length === 0) return { points: [], dropped: [], failure: null };
  try {
    const { points, dropped } = buildCurve(definitionOf(curve), quotes.map(quoteOf));
    return { points: points.map(statedPoint), dropped, failure: null };
  } catch (error) {
    // A plan that cannot end would hold up all other curves of the partition.
    if (!(error instanceof CarbonError)) throw error;
    return { points: [], dropped: [], failure: `${error.code}: ${error.message}` };
  }
}

function quoteOf({ contract, start, end, block, price, kind, eventTime }: CurveInput): CurveQuote {
  return {
    contract,
    start,
    end,
    block,
    price: mantissaAt(price, 0) / 10 ** SCALE,
    kind,
    quotedAt: eventTime,
  };
}

/** Prices are stored with eight digits, halves to the even one. Throws VALUE_OUT_OF_RANGE for one that has more than ten before. */
function statedPoint({ start, end, block, price, source }: CurvePoint): StatedPoint {
  const words = new Int32Array(2);
  // Twenty digits tell a half from what is nearly one.
  const text = Uint8Array.from(price.toFixed(20), (digit) => digit.charCodeAt(0));
  const read = parseDecimal(text, 0, text.length, words, 0);
  if (read === Parsed.exact || read === Parsed.rounded) return { start, end, block, price: words, source };
  throw new CarbonError('VALUE_OUT_OF_RANGE', `the curve has the price ${price} on ${formatDay(start)}`);
}

const hash = new FieldHash();
const digest = new Uint32Array(4);

function hashOf(quotes: readonly CurveInput[]): string {
  hash.reset();
  for (const { contract, valueId } of quotes) {
    hash.text(contract);
    for (const word of valueId) hash.word(word);
  }
  hash.digest(digest, 0);
  return formatUuid(digest, 0);
}

function metadataOf(
  curve: CurveSettings,
  quotes: readonly CurveInput[],
  settings: string,
  inputs: string,
  points: number,
  dropped: readonly DroppedQuote[],
  failure: string | null,
): string {
  const { method, grid, quantity, on_peak, zone, every } = curve;
  const fates = new Map(dropped.map((quote) => [quote.contract, quote]));
  return JSON.stringify({
    settings,
    status: failure === null ? 'OK' : 'FAILED',
    ...(failure === null ? {} : { failure }),
    inputs,
    points,
    method,
    grid,
    quantity,
    on_peak,
    zone,
    every,
    quotes: quotes.map((quote) => ({ ...shown(quote), ...fateOf(fates.get(quote.contract), failure) })),
  });
}

function shown(quote: CurveInput): Record<string, string> {
  return {
    contract: quote.contract,
    start: formatDay(quote.start),
    end: formatDay(quote.end),
    block: quote.block,
    kind: quote.kind,
    price: formatDecimal(quote.price, 0),
    quoted_at: formatInstant(quote.eventTime),
    known_at: formatInstant(quote.knownAt),
    event_id: formatUuid(quote.valueId, 0),
  };
}

function fateOf(
  dropped: DroppedQuote | undefined,
  failure: string | null,
): Record<string, string | number | null> {
  if (failure !== null) return { fate: 'UNUSED' };
  if (dropped === undefined) return { fate: 'USED' };
  return { fate: dropped.reason, implied: dropped.implied, residual: dropped.residual };
}
