/**
 * The curve of one day of the market, as a pure function of its inputs: which statements there are, and what each says.
 *
 * A curve is stated as known at T, the known time of an input rounded up to the grid of the curve, from all inputs known
 * at or before T: one statement for each T. So any order of arrival and any cut into batches end with the same last
 * statement of each T. An input that comes late in the log with an earlier known time states every T from its own on
 * again.
 */

import type { CurveDay } from '../../../core/math/curves/forward-curve.ts';
import type { CurveInput, PlacedInput } from '../../../core/model/curve-input.ts';
import { type CurveStatement, STATEMENTS_PER_OFFSET } from '../../../core/model/curve-statement.ts';
import { parseDuration } from '../../../core/time/duration.ts';
import type { Micros } from '../../../core/time/instant.ts';
import type { CurveSettings } from './config.ts';
import { type CurveFindings, curveOf, type MadeCurve } from './made-curve.ts';
import { QuoteBoard } from './quote-board.ts';

/** What all statements of a chain have alike. */
export interface StatementFrame {
  /** Partition of the prestage topic that the inputs are of. */
  readonly topic: string;
  readonly partition: number;
  /** Hash of the settings. */
  readonly settings: string;
}

/** A statement with the one before it, and what it found that the one before did not. */
export interface Stated {
  readonly statement: CurveStatement;
  readonly previous: CurveStatement | null;
  readonly findings: CurveFindings;
}

/** Known time rounded up to the grid. */
export function statedAt({ every }: CurveSettings, knownAt: Micros): Micros {
  const step = parseDuration(every) ?? 1;
  return Math.ceil(knownAt / step) * step;
}

/** One curve of one day: its inputs so far, and where the statements have come. */
export class CurveDayBook {
  private readonly tenant: string;
  private readonly asOf: CurveDay;
  private readonly curve: CurveSettings;
  private readonly frame: StatementFrame;
  private readonly inputs: PlacedInput[] = [];
  private readonly ids = new Set<string>();
  private board = new QuoteBoard();
  private made: MadeCurve | null = null;
  private reached: Micros = -Infinity;
  private lastOffset = -1;
  private lastTrace = '';
  private last: CurveStatement | null = null;
  private before: CurveStatement | null = null;

  constructor(tenant: string, asOf: CurveDay, curve: CurveSettings, frame: StatementFrame) {
    this.tenant = tenant;
    this.asOf = asOf;
    this.curve = curve;
    this.frame = frame;
  }

  /** How many inputs are kept. */
  get size(): number {
    return this.inputs.length;
  }

  /** Takes stored inputs in, of which nothing is to be stated again. */
  restore(inputs: readonly PlacedInput[]): void {
    for (const placed of inputs) this.note(placed);
    this.sweep(this.sorted(), Infinity);
  }

  /** False for an input that is here already: delivered again. */
  takes(placed: PlacedInput): boolean {
    return !this.ids.has(idOf(placed.input));
  }

  /** Takes new inputs in and returns what there is to state because of them, in order of known time. */
  state(inputs: readonly PlacedInput[]): Stated[] {
    const fresh = inputs.filter((placed) => this.note(placed));
    if (fresh.length === 0) return [];
    const from = Math.min(...fresh.map(({ input }) => statedAt(this.curve, input.knownAt)));
    if (from >= this.reached) return this.sweep(inKnownOrder(fresh), from);
    this.rewind();
    return this.sweep(this.sorted(), from);
  }

  private note(placed: PlacedInput): boolean {
    const id = idOf(placed.input);
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    this.inputs.push(placed);
    return true;
  }

  private sorted(): PlacedInput[] {
    return inKnownOrder(this.inputs);
  }

  private rewind(): void {
    this.board = new QuoteBoard();
    this.made = null;
    this.reached = -Infinity;
    this.lastOffset = -1;
    this.lastTrace = '';
    this.last = null;
    this.before = null;
  }

  /** Goes on over inputs in order of known time. Statements from `from` on are returned. */
  private sweep(inputs: readonly PlacedInput[], from: Micros): Stated[] {
    const stated: Stated[] = [];
    const groups = this.groupsOf(inputs);
    const first = groups.findIndex(({ at }) => at >= from);
    // Of what was stated before, the last two are of use: what comes next may be of the same time, or after it.
    const needed = (first === -1 ? groups.length : first) - 2;
    groups.forEach(({ at, end }, k) => {
      for (let i = k === 0 ? 0 : groups[k - 1].end; i < end; i++) this.add(inputs[i]);
      if (k >= needed) this.stateAt(at, stated, at >= from);
      this.reached = at;
    });
    return stated;
  }

  /** The times that inputs are stated at, and where those of each end. */
  private groupsOf(inputs: readonly PlacedInput[]): { readonly at: Micros; end: number }[] {
    const groups: { readonly at: Micros; end: number }[] = [];
    inputs.forEach(({ input }, i) => {
      const at = statedAt(this.curve, input.knownAt);
      const group = groups.at(-1);
      if (group?.at === at) group.end = i + 1;
      else groups.push({ at, end: i + 1 });
    });
    return groups;
  }

  private add(placed: PlacedInput): void {
    this.board.add(placed);
    if (placed.offset <= this.lastOffset) return;
    this.lastOffset = placed.offset;
    this.lastTrace = placed.input.traceId;
  }

  private stateAt(at: Micros, stated: Stated[], tells: boolean): void {
    // The time that was reached is stated again: what was before it stays so.
    const previous = this.last !== null && this.last.knownAt === at ? this.before : this.last;
    const made = curveOf(this.curve, this.board.quotes(), this.frame.settings, this.made);
    const statement: CurveStatement = {
      tenant: this.tenant,
      traceId: this.lastTrace,
      curve: this.curve.curve_id,
      asOf: this.asOf,
      knownAt: at,
      statement: (this.lastOffset + 1) * STATEMENTS_PER_OFFSET,
      unit: this.curve.unit,
      method: this.curve.method,
      points: made.points,
      metadata: made.metadata,
      srcTopic: this.frame.topic,
      srcPartition: this.frame.partition,
      srcOffset: this.lastOffset,
    };
    this.before = previous;
    this.last = statement;
    this.made = made;
    if (tells) stated.push({ statement, previous, findings: made.findings });
  }
}

function idOf({ valueId, start, end, block, contract }: CurveInput): string {
  return `${valueId.join()} ${start} ${end} ${block} ${contract}`;
}

function inKnownOrder(inputs: readonly PlacedInput[]): PlacedInput[] {
  return inputs.toSorted((a, b) => a.input.knownAt - b.input.knownAt || a.offset - b.offset);
}
