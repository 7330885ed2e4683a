/**
 * `standardize_timezone`: turns the source's words into a half-open UTC interval by the dataset's convention.
 *
 * A local time that does not exist is rejected (TIME_NONEXISTENT); a repeated one is resolved by the declared rule or
 * rejected (TIME_AMBIGUOUS), never guessed; what is no stamp of the layout is rejected (TIME_UNPARSEABLE).
 */

import type { ErrorCode } from '../../../core/errors.ts';
import type { Micros } from '../../../core/time/instant.ts';
import type { Dataset, Rejection, SourceRow, Transform } from '../contract.ts';
import { type Moment, momentOf, type RepeatedRule, type TimeConvention } from '../time/convention.ts';
import { RepeatedOrder } from '../time/repeated-order.ts';
import { resolveBounds } from './printed-bounds.ts';

/** What became of a row's time: an instant and the suffix of its rule, or a refusal. */
interface Verdict {
  readonly at: Micros;
  readonly rule: string;
  readonly refusal: { readonly code: ErrorCode; readonly what: string; readonly expected: string } | null;
}

const refuse = (code: ErrorCode, what: string, expected: string): Verdict => ({
  at: Number.NaN,
  rule: '',
  refusal: { code, what, expected },
});

/** The named transform. */
export const standardizeTimezone: Transform = (rows, dataset, order) =>
  dataset.time.stamp === 'bounds' ? resolveBounds(rows, dataset) : resolveStamps(rows, dataset, order);

const resolveStamps: Transform = (rows, dataset, ofBody) => {
  const convention = dataset.time;
  const known = new Map<string, Moment>();
  const moments: Moment[] = [];
  let repeats = false;
  for (const row of rows) {
    let moment = known.get(row.sourceTime);
    if (moment === undefined) known.set(row.sourceTime, (moment = momentOf(convention, row.sourceTime)));
    repeats ||= moment.kind === 'repeated';
    moments.push(moment);
  }
  const byOrder = convention.repeated.by === 'order' && (repeats || ofBody !== undefined);
  const order = byOrder ? (ofBody ?? orderOf(rows, moments)) : null;
  if (order !== null && !order.settled) addTo(order, rows, moments);
  const unique: Verdict = { at: Number.NaN, rule: convention.name, refusal: null };
  const kept: SourceRow[] = [];
  const rejected: Rejection[] = [];
  for (const [i, row] of rows.entries()) {
    const moment = moments[i] as Moment;
    const plain = moment.kind === 'unique' && convention.repeated.by !== 'zone';
    const pass = order?.settled === true ? order.passOfNext() : 0;
    const verdict = plain ? unique : verdictOf(convention, moment, row, pass);
    if (verdict.refusal !== null) {
      rejected.push(rejection(row, dataset, verdict.refusal));
      continue;
    }
    const at = plain ? moment.first : verdict.at;
    row.intervalStart = convention.stamp === 'ending-clock' ? at - convention.length : at;
    row.intervalEnd = row.intervalStart + convention.length;
    row.timeRule = verdict.rule;
    kept.push(row);
  }
  return { rows: kept, rejected };
};

/** The order of the rows of a whole body. */
function orderOf(rows: readonly SourceRow[], moments: readonly Moment[]): RepeatedOrder {
  const order = new RepeatedOrder();
  addTo(order, rows, moments);
  order.settle();
  return order;
}

function addTo(order: RepeatedOrder, rows: readonly SourceRow[], moments: readonly Moment[]): void {
  for (const [i, row] of rows.entries())
    order.add(`${row.location ?? ''}\u0000${row.series ?? ''}`, moments[i] as Moment);
}

function rejection(row: SourceRow, dataset: Dataset, refusal: NonNullable<Verdict['refusal']>): Rejection {
  return {
    row: row.row,
    code: refusal.code,
    message: `line ${row.row}: ${refusal.what} (${row.location ?? dataset.name}, ${row.sourceTime.slice(0, 40)})`,
    field: 'time',
    expected: refusal.expected,
    got: row.sourceTime.slice(0, 80),
    location: row.location,
    series: row.series,
  };
}

/** Applies kind and rule; `pass` is 1 or 2 where the order in the file has told the passes apart, else 0. */
function verdictOf(convention: TimeConvention, moment: Moment, row: SourceRow, pass: number): Verdict {
  if (moment.kind === 'unparseable')
    return refuse('TIME_UNPARSEABLE', 'the time stamp is not in the layout', convention.pattern);
  if (moment.kind === 'off-grid') {
    const minutes = convention.length / 60_000_000;
    return refuse('TIME_UNPARSEABLE', 'the time stamp is off the grid', `a multiple of ${minutes} minutes`);
  }
  if (moment.kind === 'skipped')
    return refuse('TIME_NONEXISTENT', `${convention.zone} skips this time`, 'a time that exists on this day');
  const rule = convention.repeated;
  if (rule.by === 'zone') return byZone(rule, convention, moment, row.timeHint);
  if (moment.kind === 'unique') return { at: moment.first, rule: convention.name, refusal: null };
  if (rule.by === 'flag') return byFlag(rule, convention, moment, row.timeHint);
  if (rule.by === 'order' && pass !== 0) return nth(convention, 'order', moment, pass);
  if (rule.by === 'order')
    return refuse(
      'TIME_AMBIGUOUS',
      'the repeated hour does not occur as two passes in order',
      'two passes of the repeated hour for each location, in order of time',
    );
  return refuse('TIME_AMBIGUOUS', 'the repeated hour has no rule', 'a rule of the repeated hour');
}

function nth(convention: TimeConvention, by: string, moment: Moment, pass: number): Verdict {
  const name = pass === 1 ? 'first' : 'second';
  return { at: moment[name], rule: `${convention.name}/repeated-by-${by}:${name}`, refusal: null };
}

function byFlag(
  rule: Extract<RepeatedRule, { by: 'flag' }>,
  convention: TimeConvention,
  moment: Moment,
  hint: string | null,
): Verdict {
  const word = hint ?? '';
  if (rule.second.includes(word)) return nth(convention, 'flag', moment, 2);
  if (rule.first.includes(word)) return nth(convention, 'flag', moment, 1);
  const allowed = [...rule.first, ...rule.second].map((w) => `"${w}"`).join(', ');
  return refuse('TIME_AMBIGUOUS', `the flag "${word}" does not tell which pass this is`, allowed);
}

function byZone(
  rule: Extract<RepeatedRule, { by: 'zone' }>,
  convention: TimeConvention,
  moment: Moment,
  hint: string | null,
): Verdict {
  const offset = Object.hasOwn(rule.words, hint ?? '') ? rule.words[hint ?? ''] : undefined;
  if (offset === undefined)
    return refuse('TIME_AMBIGUOUS', `unknown zone "${hint ?? ''}"`, Object.keys(rule.words).join(', '));
  const at = moment.wall - offset;
  if (moment.kind === 'unique' && at === moment.first) return { at, rule: convention.name, refusal: null };
  if (moment.kind === 'repeated' && at === moment.first) return nth(convention, 'zone', moment, 1);
  if (moment.kind === 'repeated' && at === moment.second) return nth(convention, 'zone', moment, 2);
  return refuse('TIME_NONEXISTENT', `${convention.zone} is not on ${hint} then`, 'the zone that holds then');
}
