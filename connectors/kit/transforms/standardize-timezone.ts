/**
 * `standardize_timezone`: turns the source's words into a half-open UTC interval by the dataset's convention.
 *
 * A local time that does not exist is rejected (TIME_NONEXISTENT); a repeated one is resolved by the declared rule or
 * rejected (TIME_AMBIGUOUS), never guessed; what is no stamp of the layout is rejected (TIME_UNPARSEABLE).
 */

import type { ErrorCode } from '../../../core/errors.ts';
import { DAY, type Micros } from '../../../core/time/instant.ts';
import type { Dataset, Rejection, SourceRow, Transform } from '../contract.ts';
import { type Moment, momentOf, type RepeatedRule, type TimeConvention } from '../time/convention.ts';
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
export const standardizeTimezone: Transform = (rows, dataset) =>
  dataset.time.stamp === 'bounds' ? resolveBounds(rows, dataset) : resolveStamps(rows, dataset);

const resolveStamps: Transform = (rows, dataset) => {
  const convention = dataset.time;
  const known = new Map<string, Moment>();
  const moments: Moment[] = [];
  let repeats = false;
  for (const row of rows) {
    const moment = known.get(row.sourceTime) ?? momentOf(convention, row.sourceTime);
    known.set(row.sourceTime, moment);
    repeats ||= moment.kind === 'repeated';
    moments.push(moment);
  }
  const passes = repeats && convention.repeated.by === 'order' ? passesByOrder(rows, moments) : null;
  const unique: Verdict = { at: Number.NaN, rule: convention.name, refusal: null };
  const kept: SourceRow[] = [];
  const rejected: Rejection[] = [];
  for (const [i, row] of rows.entries()) {
    const moment = moments[i] as Moment;
    const plain = moment.kind === 'unique' && convention.repeated.by !== 'zone';
    const verdict = plain
      ? unique
      : verdictOf(convention, moment, row, passes === null ? 0 : (passes[i] ?? 0));
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

/**
 * Tells the two passes of a repeated hour apart by the order of the rows of each location. Per row: 1 or 2, or 0 where
 * the order does not prove it. The proof: the clock of the location runs forward throughout, except for exactly one
 * step back (or standstill) inside the repeated hour.
 */
function passesByOrder(rows: readonly SourceRow[], moments: readonly Moment[]): Uint8Array {
  const passes = new Uint8Array(rows.length);
  const groups = new Map<string, number[]>();
  for (const [i, row] of rows.entries()) {
    if (Number.isNaN((moments[i] as Moment).first)) continue;
    const key = `${row.location ?? ''}\u0000${row.series ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  }
  for (const group of groups.values()) markPasses(group, moments, passes);
  return passes;
}

function markPasses(group: readonly number[], moments: readonly Moment[], passes: Uint8Array): void {
  let run: number[] = [];
  let back = 0;
  const marked: number[] = [];
  const close = (): void => {
    if (run.length > 0 && back === 1) marked.push(...run);
    else for (const i of run) passes[i] = 0;
    run = [];
  };
  let previous: Moment | null = null;
  for (const i of group) {
    const moment = moments[i] as Moment;
    const repeated = moment.kind === 'repeated';
    const inside: boolean = repeated && previous?.kind === 'repeated' && sameDay(previous, moment);
    const forward: boolean = previous === null || moment.wall > previous.wall;
    if (!forward && !inside) {
      for (const j of [...marked, ...run]) passes[j] = 0;
      return;
    }
    if (!inside) {
      close();
      back = 0;
    }
    if (repeated) {
      if (!forward) back++;
      passes[i] = back === 0 ? 1 : 2;
      run.push(i);
    }
    previous = moment;
  }
  close();
}

const sameDay = (a: Moment, b: Moment): boolean => Math.floor(a.wall / DAY) === Math.floor(b.wall / DAY);
