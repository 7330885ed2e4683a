/**
 * One body refined piece by piece: what {@link refine} does with a whole one, without ever holding it. The first reading
 * judges; the next one gives the rows (`docs/decisions/0008-bodies-in-pieces.md`).
 */

import { CarbonError, quotable } from '../../core/errors.ts';
import type { RawRow } from '../../core/model/raw-row.ts';
import type { Dataset, Decoded, Drift, Payload, Rejection, Transform } from './contract.ts';
import { CoverageCheck } from './coverage.ts';
import { textOf } from './payload.ts';
import {
  type DiscardedValue,
  declaredBy,
  discardWords,
  endsInALine,
  judgement,
  NOTHING_FOUND,
  type RefineOptions,
  refineRows,
  rowsBefore,
} from './refine.ts';
import { RepeatedOrder } from './time/repeated-order.ts';
import { transformNamed } from './transforms/registry.ts';

/** What is known of a body once it is judged. */
export interface Verdict {
  /** SOURCE_MALFORMED; the rows before its line can be had. Null: it was read to its end. */
  readonly damage: CarbonError | null;
  /** As {@link Refined.missing}. */
  readonly missing: CarbonError | null;
  readonly drift: readonly Drift[];
  /** As {@link Refined.discarded}. */
  readonly discarded: readonly DiscardedValue[];
}

/** How the bodies of a dataset are read in pieces. */
export interface PieceReader {
  readonly market: string;
  readonly dataset: Dataset;
  readonly steps: readonly Transform[];
  readonly options: Required<RefineOptions>;
}

/** The reader of a dataset. Throws CONNECTOR_INVALID for an unknown transform. */
export function pieceReader(
  market: string,
  dataset: Dataset,
  transforms: readonly string[],
  { held = 'whole', discardsWords = false }: RefineOptions = {},
): PieceReader {
  return { market, dataset, steps: transforms.map(transformNamed), options: { held, discardsWords } };
}

/** Rows of one piece, and those of it that were set aside. */
export interface RefinedPiece {
  readonly rows: readonly RawRow[];
  readonly rejected: readonly Rejection[];
}

const NOTHING: RefinedPiece = { rows: [], rejected: [] };

/** What both readings share: the pieces in their order, up to the damage. */
class Reading {
  readonly reader: PieceReader;
  readonly order: RepeatedOrder;
  /** What the first layout of a piece declares; null before there is one. */
  declared: Dataset | null = null;
  damage: CarbonError | null = null;
  /** The first piece that says so speaks for the body. */
  missing: CarbonError | null = null;
  lastLine = 1;
  endsInALine = false;
  readonly drift = new Map<string, Drift>();
  readonly discarded: DiscardedValue[] = [];
  private closed = 0;
  private empty: CarbonError | null = null;
  private filled = false;

  constructor(reader: PieceReader, order: RepeatedOrder) {
    this.reader = reader;
    this.order = order;
  }

  next(piece: Payload): RefinedPiece {
    // The answer to other bytes than UTF-8 comes before that to a damage.
    if (this.damage !== null) textOf(piece);
    this.endsInALine = endsInALine(piece);
    const decoded = this.damage === null ? this.decode(piece) : null;
    if (decoded === null) return NOTHING;
    const { market, dataset, steps, options } = this.reader;
    if (options.discardsWords) this.discarded.push(...discardWords(decoded.rows, dataset.nullWords));
    if (decoded.layout !== undefined) this.declared ??= declaredBy(dataset, decoded.layout);
    this.damage = decoded.damage;
    this.missing ??= decoded.missing ?? null;
    this.closed = decoded.closed ?? 0;
    this.lastLine = decoded.rows.at(-1)?.row ?? this.lastLine;
    for (const column of decoded.drift) this.drift.set(`${column.at} ${column.column}`, column);
    return refineRows(market, this.declared ?? dataset, decoded, steps, this.order);
  }

  private decode(piece: Payload): Decoded | null {
    const place = piece.piece === undefined ? {} : { piece: { ...piece.piece, closed: this.closed } };
    try {
      const decoded = this.reader.dataset.decode({ ...piece, ...place });
      this.filled = true;
      return decoded;
    } catch (error) {
      if (!(error instanceof CarbonError)) throw error;
      // What a body throws when nothing of it can be read is damage where something was read before.
      if (this.filled && error.code === 'SOURCE_MALFORMED' && error.position.line !== undefined)
        return { rows: [], rejected: [], drift: [], damage: error };
      if (error.code !== 'SOURCE_EMPTY') throw error;
      this.empty = error;
      return null;
    }
  }

  /** Throws SOURCE_EMPTY when no piece held anything. */
  finish(): void {
    if (!this.filled && this.empty !== null) throw this.empty;
  }
}

/**
 * Judges a body: {@link judge} for each piece in order, then {@link verdict}. Throws as `refine` does, from either. Where
 * `again` says so, the hours repeated in autumn are only known now, and the same pieces are to be judged once more.
 */
export class BodyJudge {
  private readonly reader: PieceReader;
  private readonly file: string;
  private reading: Reading;
  private coverage: CoverageCheck | null = null;
  private first: Rejection | null = null;
  rows = 0;
  rejected = 0;

  /** `file` as in `refine`: the name of the body. */
  constructor(reader: PieceReader, file: string) {
    this.reader = reader;
    this.file = file;
    this.reading = new Reading(reader, new RepeatedOrder());
  }

  judge(piece: Payload): void {
    const { rows, rejected } = this.reading.next(piece);
    const { coverage } = this.reading.declared ?? this.reader.dataset;
    if (coverage !== null) (this.coverage ??= new CoverageCheck(coverage, this.file)).add(rows, rejected);
    this.rows += rows.length;
    this.rejected += rejected.length;
    for (const row of rejected) if (this.first === null || row.row < this.first.row) this.first = row;
  }

  /** True when the pieces have to be judged once more; to be asked once, after the last piece. */
  again(): boolean {
    const { order } = this.reading;
    if (order.settled || !order.hasRepeats) return false;
    order.settle();
    this.reading = new Reading(this.reader, order);
    this.coverage = null;
    this.first = null;
    this.rows = 0;
    this.rejected = 0;
    return true;
  }

  /** The rejected row that comes first in the body; null when there is none. Of no account where there is damage. */
  get firstRejected(): Rejection | null {
    return this.first === null ? null : quotable(this.first);
  }

  verdict(): Verdict {
    const { reading } = this;
    reading.finish();
    reading.order.settle();
    const found = this.coverage?.findings(reading.lastLine) ?? NOTHING_FOUND;
    const { damage, missing } = judgement(reading, found, this.reader.options.held, reading.endsInALine);
    return { damage, missing, drift: [...reading.drift.values()], discarded: reading.discarded };
  }

  /** A further reading of the same pieces, for their rows: those before the damage. To be begun after the verdict. */
  rowsOf(verdict: Verdict): (piece: Payload) => RefinedPiece {
    const { order } = this.reading;
    order.settle();
    const reading = new Reading(this.reader, order);
    const line = verdict.damage?.position.line ?? Number.POSITIVE_INFINITY;
    return (piece) => {
      if (reading.lastLine >= line) return NOTHING;
      const { rows, rejected } = reading.next(piece);
      return {
        rows: rowsBefore(rows, line),
        rejected: rejected.filter((row) => row.row < line).map(quotable),
      };
    };
  }
}
