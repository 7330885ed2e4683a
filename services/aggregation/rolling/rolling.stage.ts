/**
 * Rolling metrics: statements of bars to the statements of the windows that they lie in (gold; F3).
 *
 * It follows aggregation in the same plan and is made of nothing but its statements, those at hand and those stored. So
 * a plan that is run again says the same again, and any cut into batches and any order leave the same rows. A statement
 * about a bar restates each window that the bar is in, from the statement's known time on.
 */

import { type BarInterval, parseBarInterval } from '../../../core/math/bar-interval.ts';
import { type BarBatch, BarStatus } from '../../../core/model/bar-batch.ts';
import type { Names } from '../../../core/model/names.ts';
import { RollingBatch } from '../../../core/model/rolling-batch.ts';
import type { Answers, BarsQuestion, Question } from '../../../core/stage/question.ts';
import type { Stage, StageResult } from '../../../core/stage/stage.ts';
import { DAY, type Micros } from '../../../core/time/instant.ts';
import { marketZone } from '../../../core/time/market-day.ts';
import type { AggregationSettings } from '../config.ts';
import { KEPT, RollingState, type Stretch } from './rolling-state.ts';
import { RollingWindows } from './rolling-windows.ts';
import { SeriesBars } from './series-bars.ts';
import { WindowRows } from './window-rows.ts';

/** Stretches of one interval further apart than this are asked for on their own. */
const FAR = 7 * DAY;

/** The bars of one series that a batch speaks of: ordinals and known times, side by side. */
interface Changed {
  readonly ordinals: number[];
  readonly known: Micros[];
}

/** The stage behind aggregation, of the same name: its input are the statements of a batch, its values are bars. */
export class RollingStage implements Stage<RollingState, BarBatch, RollingBatch> {
  readonly name = 'aggregation';
  readonly windows: RollingWindows;
  private readonly intervals: readonly BarInterval[];
  private readonly day: AggregationSettings['day'];
  private readonly names: Names;

  private readonly most: number;

  /** `most` is how many statements of bars are remembered between two batches. */
  constructor(settings: AggregationSettings, names: Names, most: number = KEPT) {
    this.intervals = settings.intervals.map((name) => parseBarInterval(name) ?? { name, length: 0 });
    this.windows = new RollingWindows(settings, this.intervals);
    this.day = settings.day;
    this.names = names;
    this.most = most;
  }

  open(): { state: RollingState; rebuild: readonly Question[] } {
    return { state: new RollingState(new RollingBatch(this.names), this.most), rebuild: [] };
  }

  /** There is nothing to rebuild: what the state lacks is asked for when a batch needs it. */
  restore(): readonly Question[] {
    return [];
  }

  questions(input: BarBatch, state: RollingState): readonly Question[] {
    state.asked = this.lacking(input, state);
    return this.questionsFor(state.asked, state);
  }

  apply(input: BarBatch, state: RollingState, answers: Answers): StageResult<RollingBatch> {
    const output = state.output.clear();
    this.takeIn(state, answers);
    const changed = new Map<number, Changed>();
    let passed = 0;
    for (let j = 0; j < input.length; j++) {
      const ordinal = this.ordinalOf(input, j);
      if (ordinal === -1) {
        passed++;
        continue;
      }
      const series = state.seriesOf(input.tenant[j], input.instrument[j], input.interval[j]);
      state.series[series]?.put(ordinal, input, j);
      const own = changed.getOrInsertComputed(series, () => ({ ordinals: [], known: [] }));
      own.ordinals.push(ordinal);
      own.known.push(input.knownAt[j]);
    }
    const rows = new WindowRows(state.kept);
    for (const [series, own] of changed) this.restate(series, own, state, rows, output);
    for (const series of changed.keys()) {
      const bars = state.series[series];
      const [, , interval] = state.keyOf(series);
      // Twice the longest window: late bars of the one before the newest are at hand too.
      bars?.trim(bars.newest + 1 - 2 * this.windows.longestOf(interval));
    }
    state.letGo();
    const balance = { in: input.length, out: input.length - passed, rejected: 0, held: 0, reinstated: 0 };
    return {
      output,
      rejected: [],
      anomalies: [],
      balance: { ...balance, dropped: passed === 0 ? {} : { NOT_AGGREGATED: passed } },
      held: [],
    };
  }

  settle(result: StageResult<RollingBatch>): StageResult<RollingBatch> {
    return result;
  }

  /** The ordinal of a bar, or -1 for one that is in no rolling window. */
  private ordinalOf(bars: BarBatch, j: number): number {
    const interval = bars.interval[j];
    if (this.windows.of(interval).length === 0 || bars.status[j] === BarStatus.provisional) return -1;
    return this.windows.ordinalOf(interval, this.zoneOf(bars.instrument[j]), bars.start[j], bars.end[j]);
  }

  private zoneOf(instrument: number): string {
    return this.day === 'utc' ? 'UTC' : marketZone(this.names.instruments.partsOf(instrument).market);
  }

  /** For each series of the batch whose bars around those at hand are not all known: the stretch to ask for. */
  private lacking(input: BarBatch, state: RollingState): Stretch[] {
    const wanted = new Map<number, { from: number; to: number }>();
    for (let j = 0; j < input.length; j++) {
      const ordinal = this.ordinalOf(input, j);
      if (ordinal === -1) continue;
      const series = state.seriesOf(input.tenant[j], input.instrument[j], input.interval[j]);
      const reach = this.windows.longestOf(input.interval[j]) - 1;
      const stretch = wanted.getOrInsertComputed(series, () => ({ from: Infinity, to: -Infinity }));
      stretch.from = Math.min(stretch.from, ordinal - reach);
      stretch.to = Math.max(stretch.to, ordinal + reach);
    }
    const lacking: Stretch[] = [];
    for (const [series, { from, to }] of wanted) {
      if (state.series[series]?.covers(from, to) === true) continue;
      const [, , interval] = state.keyOf(series);
      // Further than needed, so that the bars that come next, mostly the next in time, need no question.
      lacking.push({ series, from, to: to + 2 * this.windows.longestOf(interval) });
    }
    return lacking;
  }

  /** One question per tenant, interval and stretch of time; those that are far apart are asked for on their own. */
  private questionsFor(stretches: readonly Stretch[], state: RollingState): Question[] {
    const asked = new Map<string, { from: Micros; to: Micros; instruments: Set<string> }[]>();
    const questions: BarsQuestion[] = [];
    const spans = stretches.map(({ series, from, to }) => {
      const [tenant, instrument, interval] = state.keyOf(series);
      const zone = this.zoneOf(instrument);
      const start = this.windows.startOf(interval, zone, from);
      return { tenant, instrument, interval, start, end: this.windows.endOf(interval, zone, to) };
    });
    spans.sort((a, b) => a.start - b.start);
    for (const { tenant, instrument, interval, start, end } of spans) {
      const groups = asked.getOrInsertComputed(`${tenant} ${interval}`, () => []);
      const name = this.names.instruments.nameOf(instrument);
      const group = groups.at(-1);
      if (group !== undefined && start <= group.to + FAR) {
        group.to = Math.max(group.to, end);
        group.instruments.add(name);
      } else groups.push({ from: start, to: end, instruments: new Set([name]) });
    }
    for (const [key, groups] of asked) {
      const [tenant, interval] = key.split(' ').map(Number);
      for (const { from, to, instruments } of groups)
        questions.push({
          kind: 'bars',
          tenant: this.names.tenants.nameOf(tenant),
          instruments: [...instruments],
          interval: this.intervals[interval].name,
          from,
          to,
        });
    }
    return questions;
  }

  /** Puts what was asked for in place of what was known of the same series. */
  private takeIn(state: RollingState, answers: Answers): void {
    const asked = new Set<number>();
    for (const { series, from, to } of state.asked) {
      asked.add(series);
      state.drop(series);
      state.series[series] = new SeriesBars(state.kept, from, to);
    }
    for (const answer of answers) {
      if (answer.kind !== 'bars') continue;
      const { bars } = answer;
      for (let j = 0; j < bars.length; j++) {
        const ordinal = this.ordinalOf(bars, j);
        if (ordinal === -1) continue;
        const series = state.seriesOf(bars.tenant[j], bars.instrument[j], bars.interval[j]);
        // A series that only shares a question with others was known before, and stays as it is.
        if (asked.has(series)) state.series[series]?.put(ordinal, bars, j);
      }
    }
    state.asked = [];
  }

  /** States anew all windows that the bars at hand are in. */
  private restate(
    series: number,
    changed: Changed,
    state: RollingState,
    make: WindowRows,
    output: RollingBatch,
  ): void {
    const bars = state.series[series];
    if (bars === undefined) return;
    const { kept } = state;
    const { rows } = bars;
    const [tenant, instrument, interval] = state.keyOf(series);
    const zone = this.zoneOf(instrument);
    const order = changed.ordinals.map((_, k) => k).sort((a, b) => changed.ordinals[a] - changed.ordinals[b]);
    const ordinals = order.map((k) => changed.ordinals[k]);
    const known = order.map((k) => changed.known[k]);
    const greatest = ordinals[ordinals.length - 1];
    for (const window of this.windows.of(interval)) {
      const key = {
        tenant,
        instrument,
        interval,
        window: window.index,
        expected: window.bars,
        start: 0,
        end: 0,
      };
      let first = 0;
      let from = 0;
      let last = bars.placeOf(ordinals[0], -Infinity);
      while (last < rows.length && kept.ordinal[rows[last]] < greatest + window.bars) {
        const end = kept.ordinal[rows[last]];
        let to = last + 1;
        while (to < rows.length && kept.ordinal[rows[to]] === end) to++;
        while (kept.ordinal[rows[from]] <= end - window.bars) from++;
        while (first < ordinals.length && ordinals[first] <= end - window.bars) first++;
        let since = Infinity;
        for (let k = first; k < ordinals.length && ordinals[k] <= end; k++) since = Math.min(since, known[k]);
        if (since !== Infinity) {
          key.start = this.windows.startOf(interval, zone, end + 1 - window.bars);
          key.end = this.windows.endOf(interval, zone, end);
          make.append(key, rows, from, last, to, since, output);
        }
        last = to;
      }
    }
  }
}
