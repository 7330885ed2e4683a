/**
 * The curve of one day of the market, as a pure function of its inputs: which statements there are, and what each says.
 *
 * A curve is stated as known at T, the known time of an input rounded up to the grid of the curve, from all inputs known
 * at or before T: one statement for each T. So any order of arrival and any cut into batches end with the same last
 * statement of each T. An input that comes late in the log with an earlier known time states every T from its own on
 * again.
 */

import type { CurveDay } from '../../../core/math/curves/forward-curve.ts';
import type { PlacedInput } from '../../../core/model/curve-input.ts';
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

/** Inputs that are stated at one time. */
interface Group {
  readonly at: Micros;
  readonly inputs: PlacedInput[];
}

/** Where the sweep over the inputs stands: what is known, and what was stated last. */
interface Mark {
  readonly board: QuoteBoard;
  readonly at: Micros;
  readonly offset: number;
  readonly traceId: string;
  readonly made: MadeCurve | null;
  readonly statement: CurveStatement | null;
}

const begin = (): Mark => ({
  board: new QuoteBoard(),
  at: -Infinity,
  offset: -1,
  traceId: '',
  made: null,
  statement: null,
});

/**
 * Times that are kept open: an input that is known before the last of them is placed without going over the whole day.
 * Inputs come by several partitions, which take turns.
 */
const OPEN_TIMES = 4;

/** One curve of one day: its inputs so far, and where the statements have come. */
export class CurveDayBook {
  private readonly tenant: string;
  private readonly asOf: CurveDay;
  private readonly curve: CurveSettings;
  private readonly frame: StatementFrame;
  private readonly inputs: PlacedInput[] = [];
  private readonly ids = new Set<string>();
  /** All that is known up to its time; what is known later is in `open`, in order of known time. */
  private settled = begin();
  private open: PlacedInput[] = [];
  /** What was found at times that are open: another input of the same time does not tell it again. */
  private readonly told = new Map<Micros, CurveFindings>();

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
    this.place(inputs.filter((placed) => this.note(placed)));
    this.settle();
  }

  /** False for an input that is here already: delivered again. */
  takes({ input }: PlacedInput): boolean {
    return !this.ids.has(input.valueId.join());
  }

  /** Takes new inputs in and returns what there is to state because of them, in order of known time. */
  state(inputs: readonly PlacedInput[]): Stated[] {
    const fresh = inputs.filter((placed) => this.note(placed));
    if (fresh.length === 0) return [];
    this.place(fresh);
    const from = this.atOf(fresh.reduce((a, b) => (a.input.knownAt <= b.input.knownAt ? a : b)));
    const stated = this.sweep(from);
    this.settle();
    return stated;
  }

  private note(placed: PlacedInput): boolean {
    const id = placed.input.valueId.join();
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    this.inputs.push(placed);
    return true;
  }

  private atOf({ input }: PlacedInput): Micros {
    return statedAt(this.curve, input.knownAt);
  }

  /** Among the open ones; an input from before them opens the whole day. */
  private place(fresh: readonly PlacedInput[]): void {
    const isBefore = fresh.some((placed) => this.atOf(placed) <= this.settled.at);
    if (isBefore) this.settled = begin();
    this.open = inKnownOrder(isBefore ? this.inputs : [...this.open, ...fresh]);
  }

  /** The statements from a time on. */
  private sweep(from: Micros): Stated[] {
    const groups = this.groups();
    const first = groups.findIndex(({ at }) => at >= from);
    const stated: Stated[] = [];
    let mark: Mark = { ...this.settled, board: new QuoteBoard(this.settled.board) };
    groups.forEach((group, k) => {
      // Beside those that are stated, the one before the first is made: they are told as what differs from it.
      const before = mark;
      mark = this.after(mark, group, k >= first - 1);
      if (k < first || mark.statement === null || mark.made === null) return;
      const findings = this.untold(group.at, mark.made.findings);
      stated.push({ statement: mark.statement, previous: before.statement, findings });
    });
    return stated;
  }

  private groups(): Group[] {
    const groups: Group[] = [];
    for (const placed of this.open) {
      const at = this.atOf(placed);
      const last = groups.at(-1);
      if (last?.at === at) last.inputs.push(placed);
      else groups.push({ at, inputs: [placed] });
    }
    return groups;
  }

  /** Takes the inputs of a time in, and makes the statement of it where it is needed. */
  private after(mark: Mark, { at, inputs }: Group, isNeeded: boolean): Mark {
    let { offset, traceId } = mark;
    for (const placed of inputs) {
      mark.board.add(placed);
      if (placed.offset <= offset) continue;
      offset = placed.offset;
      traceId = placed.input.traceId;
    }
    const next = { board: mark.board, at, offset, traceId };
    if (!isNeeded) return { ...next, made: null, statement: null };
    const made = curveOf(this.curve, mark.board.quotes(), this.frame.settings, mark.made);
    const statement: CurveStatement = {
      tenant: this.tenant,
      traceId,
      curve: this.curve.curve_id,
      asOf: this.asOf,
      knownAt: at,
      statement: (offset + 1) * STATEMENTS_PER_OFFSET,
      unit: this.curve.unit,
      method: this.curve.method,
      points: made.points,
      metadata: made.metadata,
      srcTopic: this.frame.topic,
      srcPartition: this.frame.partition,
      srcOffset: offset,
    };
    return { ...next, made, statement };
  }

  private untold(at: Micros, { conflicts, failure }: CurveFindings): CurveFindings {
    const told = this.told.get(at);
    this.told.set(at, { conflicts, failure });
    if (told === undefined) return { conflicts, failure };
    const known = new Set(told.conflicts.map(({ contract }) => contract));
    return {
      conflicts: conflicts.filter(({ contract }) => !known.has(contract)),
      failure: failure === told.failure ? null : failure,
    };
  }

  /** Closes the oldest of the open times, when there are many. */
  private settle(): void {
    const groups = this.groups();
    if (groups.length <= 2 * OPEN_TIMES) return;
    const closing = groups.slice(0, -OPEN_TIMES);
    let mark = this.settled;
    closing.forEach((group, k) => {
      mark = this.after(mark, group, k === closing.length - 1);
    });
    this.settled = mark;
    this.open = this.open.filter((placed) => this.atOf(placed) > mark.at);
    for (const at of this.told.keys()) if (at <= mark.at) this.told.delete(at);
  }
}

function inKnownOrder(inputs: readonly PlacedInput[]): PlacedInput[] {
  return inputs.toSorted((a, b) => a.input.knownAt - b.input.knownAt || a.offset - b.offset);
}
