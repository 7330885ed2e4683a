/** Transform, the second act of a connector: decode, then the named transforms in their order, then the checks. */

import { CarbonError, quotable } from '../../core/errors.ts';
import type { RawRow } from '../../core/model/raw-row.ts';
import type { Dataset, Decoded, Drift, Payload, Rejection, SourceRow, Transform } from './contract.ts';
import { type CoverageFindings, coverageFindings } from './coverage.ts';
import type { RepeatedOrder } from './time/repeated-order.ts';
import { transformNamed } from './transforms/registry.ts';
import { sanitizeNumber } from './transforms/sanitize-numeric.ts';

/** One body refined. Every row that `decode` found is in `rows` or in `rejected`, unless it lies behind the damage. */
export interface Refined {
  readonly market: string;
  readonly dataset: string;
  readonly rows: readonly RawRow[];
  readonly rejected: readonly Rejection[];
  readonly drift: readonly Drift[];
  /** Values that are no numbers and were left out, as the contract of the dataset says; their rows went on. */
  readonly discarded: readonly DiscardedValue[];
  /** SOURCE_MALFORMED with the line: set the payload aside, or keep `rows`, which stand before it. Null: whole. */
  readonly damage: CarbonError | null;
  /** Of an excerpt: what shows that rows were left out of it, with the place; null for a whole body. */
  readonly missing: CarbonError | null;
}

/** A value that was left out. */
export interface DiscardedValue {
  readonly row: number;
  readonly field: string;
  readonly got: string;
}

/**
 * What a body is held to be. `whole`: as it was served, so that rows that are not there are damage. `excerpt`: somebody
 * may have left out rows or turned their order round, which is told beside them. Time that runs back here and there is
 * damage in both, and so is an end without a line end under rows that end unevenly: that is a cut.
 */
export type Completeness = 'whole' | 'excerpt';

/** How a body is taken. */
export interface RefineOptions {
  /** `whole` when left out. */
  readonly held?: Completeness;
  /** True: a value that is no number is left out, and its row goes on. */
  readonly discardsWords?: boolean;
}

/**
 * Refines one body. Pure and synchronous.
 * Throws SOURCE_* when no row can be read at all, and CONNECTOR_INVALID for an unknown transform or when the
 * transforms left a row without its interval.
 */
export function refine(
  market: string,
  dataset: Dataset,
  payload: Payload,
  transforms: readonly string[],
  { held = 'whole', discardsWords = false }: RefineOptions = {},
): Refined {
  const steps = transforms.map(transformNamed);
  const decoded = dataset.decode(payload);
  const declared = declaredBy(dataset, decoded.layout);
  const discarded = discardsWords ? discardWords(decoded.rows, dataset.nullWords) : [];
  const lastLine = decoded.rows.at(-1)?.row ?? 1;
  const { rows, rejected } = refineRows(market, declared, decoded, steps);
  const found =
    declared.coverage === null
      ? NOTHING_FOUND
      : coverageFindings(rows, rejected, declared.coverage, payload.name, lastLine);
  const { damage, missing } = judgement(decoded, found, held, endsInALine(payload));
  const line = damage?.position.line ?? Number.POSITIVE_INFINITY;
  return {
    market,
    dataset: dataset.name,
    rows: rowsBefore(rows, line),
    rejected: rejected.filter((row) => row.row < line).map(quotable),
    drift: decoded.drift,
    discarded,
    damage,
    missing,
  };
}

/** What a body is found to be: damaged, or an excerpt that lacks rows, or neither. */
export function judgement(
  decoded: Pick<Decoded, 'damage' | 'missing'>,
  found: CoverageFindings,
  held: Completeness,
  endsInALine: boolean,
): Pick<Refined, 'damage' | 'missing'> {
  const absent = decoded.missing ?? found.gap;
  if (held === 'whole')
    return { damage: decoded.damage ?? absent ?? found.back ?? found.uneven, missing: null };
  const damage =
    decoded.damage ?? (found.reversed ? null : found.back) ?? (endsInALine ? found.uneven : null);
  return { damage, missing: damage === null ? (absent ?? found.back ?? found.uneven) : null };
}

/** Where nothing is promised. */
export const NOTHING_FOUND: CoverageFindings = { gap: null, back: null, reversed: false, uneven: null };

/** True where the last byte belongs to a field of a line: neither a line end nor what closes a quote or a document. */
export function endsInALine({ bytes }: Pick<Payload, 'bytes'>): boolean {
  return !/[\s"}\]>]/.test(String.fromCharCode(bytes[bytes.length - 1] ?? 10));
}

/** What holds for a body: what its dataset declares, or its layout otherwise. */
export function declaredBy(dataset: Dataset, layout: Decoded['layout']): Dataset {
  return layout === undefined ? dataset : { ...dataset, ...layout };
}

/** The decoded rows of a body, or of a piece of it with the `order` of the whole, through the transforms. */
export function refineRows(
  market: string,
  declared: Dataset,
  decoded: Pick<Decoded, 'rows' | 'rejected'>,
  steps: readonly Transform[],
  order?: RepeatedOrder,
): { rows: RawRow[]; rejected: Rejection[] } {
  const rejected = [...decoded.rejected];
  let rows = decoded.rows;
  for (const step of steps) {
    const transformed = step(rows, declared, order);
    rows = transformed.rows;
    for (const rejection of transformed.rejected) rejected.push(rejection);
  }
  return { rows: rows.map((row) => rawRow(market, declared, row)), rejected };
}

/** Takes out what is no number, and says what it was. */
export function discardWords(rows: readonly SourceRow[], nullWords: readonly string[]): DiscardedValue[] {
  const found: DiscardedValue[] = [];
  for (const { row, values } of rows)
    for (const value of values) {
      if (value.value === null || sanitizeNumber(value.value, nullWords) !== undefined) continue;
      found.push({ row, field: value.field, got: value.value.slice(0, 80) });
      value.value = null;
    }
  return found;
}

/** The rows that stand before a line; Infinity for all of them. */
export function rowsBefore(rows: readonly RawRow[], line: number): readonly RawRow[] {
  return line === Number.POSITIVE_INFINITY ? rows : rows.filter((row) => row.row < line);
}

function rawRow(market: string, dataset: Dataset, row: SourceRow): RawRow {
  if (Number.isNaN(row.intervalStart))
    throw new CarbonError('CONNECTOR_INVALID', `the transforms of ${dataset.name} resolve no time`, {
      position: { field: 'transforms', expected: 'standardize_timezone among them', got: row.sourceTime },
    });
  return {
    market,
    dataset: dataset.name,
    location: row.location,
    series: row.series,
    sourceTime: row.sourceTime,
    intervalStart: row.intervalStart,
    intervalEnd: row.intervalEnd,
    timeRule: row.timeRule,
    values: row.values,
    sequence: row.sequence,
    tradeId: row.tradeId,
    cancels: row.cancels,
    publishedAt: row.publishedAt,
    ...(row.version === undefined ? {} : { version: row.version }),
    row: row.row,
  };
}

/** The result of a body without damage; throws the damage otherwise. */
export function requireWhole<T extends Pick<Decoded | Refined, 'damage'>>(result: T): T {
  if (result.damage !== null) throw result.damage;
  return result;
}
