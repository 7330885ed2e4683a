/**
 * Curves: inputs of the prestage topic to statements of forward curves (gold; F3, F4).
 *
 * The state is the inputs of the days at hand, asked from `curves_base` as they stood before the plan; so a plan that is
 * run again sees what it saw, and states the same.
 */

import type { CurveDay } from '../../../core/math/curves/forward-curve.ts';
import type { Anomaly } from '../../../core/model/anomaly.ts';
import type { PlacedInput } from '../../../core/model/curve-input.ts';
import type { CurveStatement } from '../../../core/model/curve-statement.ts';
import type { Plan } from '../../../core/stage/plan.ts';
import type { Answers, Question } from '../../../core/stage/question.ts';
import type { Stage, StageContext, StageResult } from '../../../core/stage/stage.ts';
import { formatDay } from '../../../core/time/calendar-day.ts';
import type { CurveSettings, CurvesSettings } from './config.ts';
import { CurveDayBook, type Stated } from './curve-day.ts';

/** What is said of a batch. */
export interface CurveBatch {
  /** Inputs that are new: rows of `curves_base`. */
  readonly inputs: readonly PlacedInput[];
  readonly stated: readonly Stated[];
  /** Statements that are of the newest day of their curve: what readers are served. */
  readonly active: readonly CurveStatement[];
}

/** What is remembered of a partition. */
export interface CurveState {
  /** By tenant, curve and day, those used last at the end. */
  readonly days: Map<string, CurveDayBook>;
  /** Newest day of each curve that has inputs, by tenant and curve. */
  readonly newest: Map<string, CurveDay>;
}

/** Inputs that a state keeps; days beyond are asked for again. */
const MOST_INPUTS = 50_000;

/** The stage that makes curves. */
export class CurveStage implements Stage<CurveState, readonly PlacedInput[], CurveBatch> {
  readonly name = 'curves';
  private readonly curves: ReadonlyMap<string, CurveSettings>;
  private readonly settings: string;

  /** `settings` is the hash of all settings. */
  constructor({ curves }: CurvesSettings, settings: string) {
    this.curves = new Map(curves.map((curve) => [curve.curve_id, curve]));
    this.settings = settings;
  }

  open(): { state: CurveState; rebuild: readonly Question[] } {
    return { state: { days: new Map(), newest: new Map() }, rebuild: [] };
  }

  restore(): readonly Question[] {
    return [];
  }

  /** The stored inputs of each day that is not at hand. */
  questions(inputs: readonly PlacedInput[], state: CurveState, { plan }: StageContext): readonly Question[] {
    const asked = new Map<string, Question>();
    for (const { input } of inputs) {
      const key = dayKey(input.tenant, input.curve, input.asOf);
      if (state.days.has(key) || asked.has(key)) continue;
      const { tenant, curve, asOf } = input;
      const before = { topic: plan.topic, partition: plan.partition, offset: plan.from };
      asked.set(key, { kind: 'curve-inputs', tenant, curve, asOf, before });
    }
    return [...asked.values()];
  }

  apply(
    inputs: readonly PlacedInput[],
    state: CurveState,
    answers: Answers,
    { plan }: StageContext,
  ): StageResult<CurveBatch> {
    for (const answer of answers) if (answer.kind === 'curve-inputs') this.takeIn(answer, state, plan);
    const fresh = new Map<string, PlacedInput[]>();
    const added: PlacedInput[] = [];
    let redelivered = 0;
    const seen = new Set<string>();
    for (const placed of inputs) {
      const { tenant, curve, asOf, valueId } = placed.input;
      const key = dayKey(tenant, curve, asOf);
      const own = `${key}|${valueId.join()}`;
      if (seen.has(own) || state.days.get(key)?.takes(placed) === false) {
        redelivered++;
        continue;
      }
      seen.add(own);
      fresh.getOrInsertComputed(key, () => []).push(placed);
      added.push(placed);
    }
    const stated: Stated[] = [];
    const active: CurveStatement[] = [];
    for (const [key, placed] of fresh) {
      const book = state.days.get(key);
      const found = book?.state(placed) ?? [];
      if (book !== undefined) {
        state.days.delete(key);
        state.days.set(key, book);
      }
      stated.push(...found);
      const last = found.at(-1)?.statement;
      if (last !== undefined && isActive(last, state)) active.push(last);
    }
    letGo(state);
    const dropped = redelivered === 0 ? {} : { REDELIVERED: redelivered };
    return {
      output: { inputs: added, stated, active },
      rejected: [],
      anomalies: anomaliesOf(stated),
      balance: { in: inputs.length, out: added.length, rejected: 0, held: 0, dropped, reinstated: 0 },
      held: [],
    };
  }

  settle(result: StageResult<CurveBatch>): StageResult<CurveBatch> {
    return result;
  }

  /** A curve that the policy no longer has keeps its inputs, and is stated no more. */
  private takeIn(
    answer: Extract<Answers[number], { readonly kind: 'curve-inputs' }>,
    state: CurveState,
    plan: Plan,
  ): void {
    const { tenant, curve, asOf, inputs, newest } = answer;
    const settings = this.curves.get(curve);
    if (settings === undefined) return;
    const frame = { topic: plan.topic, partition: plan.partition, settings: this.settings };
    const book = new CurveDayBook(tenant, asOf, settings, frame);
    book.restore(inputs);
    state.days.set(dayKey(tenant, curve, asOf), book);
    const key = curveKey(tenant, curve);
    if (newest !== null) state.newest.set(key, Math.max(newest, state.newest.get(key) ?? newest));
  }
}

const curveKey = (tenant: string, curve: string): string => `${tenant}|${curve}`;
const dayKey = (tenant: string, curve: string, asOf: CurveDay): string => `${tenant}|${curve}|${asOf}`;

/** Whether a statement with points is of the newest day of its curve; notes the day. */
function isActive({ tenant, curve, asOf, points }: CurveStatement, state: CurveState): boolean {
  const key = curveKey(tenant, curve);
  const newest = state.newest.get(key) ?? asOf;
  if (points.length === 0 || asOf < newest) return false;
  state.newest.set(key, asOf);
  return true;
}

/** Leaves the days that were used longest ago. */
function letGo({ days }: CurveState): void {
  let kept = [...days.values()].reduce((sum, { size }) => sum + size, 0);
  for (const [key, { size }] of days) {
    if (kept <= MOST_INPUTS || days.size === 1) return;
    days.delete(key);
    kept -= size;
  }
}

/** One anomaly for each contract that contradicts others, and for each curve that could not be made, with the first case. */
function anomaliesOf(stated: readonly Stated[]): Anomaly[] {
  const found = new Map<string, Anomaly>();
  const note = (statement: CurveStatement, own: Pick<Anomaly, 'type' | 'instrumentId' | 'message'>): void => {
    const { tenant, traceId, knownAt, curve, asOf } = statement;
    const key = [tenant, curve, asOf, own.type, own.instrumentId].join('|');
    const first: Anomaly = found.get(key) ?? {
      ...own,
      tenant,
      traceId,
      knownAt,
      severity: 'warning',
      stage: 'aggregation',
      market: 'curve',
      dataset: curve,
      ts: null,
      count: 0,
      context: { curve_id: curve, as_of_date: formatDay(asOf) },
    };
    found.set(key, { ...first, count: first.count + 1 });
  };
  for (const { statement, findings } of stated) {
    for (const { contract, implied, residual } of findings.conflicts)
      note(statement, {
        type: 'CURVE_CONFLICT',
        instrumentId: contract,
        message: `${contract} contradicts the other prices of ${statement.curve}: it differs by ${residual} from ${implied}`,
      });
    if (findings.failure !== null)
      note(statement, {
        type: 'CURVE_FAILED',
        instrumentId: null,
        message: `${statement.curve} could not be made: ${findings.failure}`,
      });
  }
  return [...found.values()];
}
