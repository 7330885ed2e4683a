/** Rolling metrics as a stage: over generated statements of bars, against rows made anew from all of them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bigSumAt, setBigSum } from '../../../core/math/exact-sum.ts';
import { BAR_STATUS_NAMES, BarBatch, BarStatus } from '../../../core/model/bar-batch.ts';
import { bigMantissaAt, setBigMantissa } from '../../../core/model/decimal.ts';
import { Names } from '../../../core/model/names.ts';
import { Flag } from '../../../core/model/quality-flags.ts';
import { Figure, RollingBatch, RollingStatus } from '../../../core/model/rolling-batch.ts';
import type { Answers, Question } from '../../../core/stage/question.ts';
import { StageRun } from '../../../core/stage/stage-run.ts';
import { DAY, HOUR, instantFromCivil } from '../../../core/time/instant.ts';
import type { Interval } from '../../../core/time/interval.ts';
import { marketDayBounds } from '../../../core/time/market-day.ts';
import { type AggregationSettings, aggregationSchema } from '../../../services/aggregation/config.ts';
import { RollingStage } from '../../../services/aggregation/rolling/rolling.stage.ts';
import {
  type RollingDifferences,
  rollingDifferences,
} from '../../../services/aggregation/rolling/rolling-differences.ts';
import { type PlainMetric, type PlainStatement, plainRows } from '../../support/rolling-oracle.ts';
import { planOf } from './raw-input.ts';

const T0 = instantFromCivil(2025, 3, 8);
const POLICY = aggregationSchema.parse({
  version: 1,
  intervals: ['5m', '1h', '1d'],
  lateness: { default: '10m' },
  rolling: [
    { interval: '1h', windows: ['3h', '5h'] },
    { interval: '1d', windows: ['7d'] },
  ],
});
const HOURLY = POLICY.intervals.indexOf('1h');
const DAILY = POLICY.intervals.indexOf('1d');
const LENGTHS: Readonly<Record<string, number>> = { '3h': 3, '5h': 5 };

interface Statement extends PlainStatement {
  readonly instrument: string;
}

const cents = fc.integer({ min: -400, max: 900 }).map((n) => BigInt(n) * 1_000_000n);
const statement: fc.Arbitrary<Statement> = fc
  .record({
    instrument: fc.constantFrom('A', 'B'),
    bar: fc.nat(16),
    knownAt: fc.integer({ min: 1, max: 9 }).map((n) => T0 + n * HOUR),
    status: fc.constantFrom('final', 'final', 'revised', 'empty', 'retracted') as fc.Arbitrary<
      Statement['status']
    >,
    close: cents,
    above: fc.nat(300),
    below: fc.nat(300),
    volume: fc.integer({ min: 0, max: 3 }).map((n) => BigInt(n) * 100_000_000n),
    flags: fc.constantFrom(0, Flag.PRICE_NEGATIVE, Flag.LATE_ARRIVAL),
  })
  .map(({ above, below, ...rest }) => ({
    ...rest,
    high: rest.close + BigInt(above) * 1_000_000n,
    low: rest.close - BigInt(below) * 1_000_000n,
    notional: rest.close * rest.volume,
  }));
const statements = fc.array(statement, { minLength: 1, maxLength: 60, size: 'max' });
const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 8 });

/** Bars and rolling rows as the store keeps them (the greatest position wins), and the stage over them. */
class World {
  readonly names = new Names();
  readonly bars = new Map<string, BarBatch>();
  readonly rows = new Map<string, RollingBatch>();
  readonly asked: Question[] = [];
  readonly stage: RollingStage;
  private readonly run;

  constructor(policy: AggregationSettings = POLICY, most?: number) {
    this.stage = new RollingStage(policy, this.names, most);
    this.run = new StageRun(this.stage);
  }

  restart(): void {
    this.run.discard();
  }

  /** Runs statements of hourly bars as one batch; a crash comes between the bars and the rows made of them. */
  async take(part: readonly Statement[], position: number, crash = false): Promise<void> {
    const bars = new BarBatch(this.names);
    part.forEach((one, k) => {
      this.fill(bars, one, HOURLY, T0 + one.bar * HOUR, T0 + (one.bar + 1) * HOUR, position + k);
    });
    await this.takeBars(bars, crash);
  }

  async takeBars(bars: BarBatch, crash = false): Promise<void> {
    const context = { names: this.names, plan: planOf(0, 1, 0) };
    const { output } = await this.run.process(bars, context, async (questions) => this.answer(questions));
    this.writeBars(bars);
    if (!crash) this.writeRows(output);
  }

  fill(
    b: BarBatch,
    one: Statement,
    interval: number,
    start: number,
    end: number,
    position: number,
    market = 'NYISO',
  ): void {
    const parts = { market, product: 'DA', location: one.instrument, field: 'lmp', unit: 'USD/MWh' };
    const j = b.reserve();
    b.tenant[j] = this.names.tenants.idOf('default');
    b.instrument[j] = this.names.instruments.idOf(one.instrument, parts);
    b.interval[j] = interval;
    b.start[j] = start;
    b.end[j] = end;
    b.knownAt[j] = one.knownAt;
    b.status[j] = BarStatus[one.status];
    setBigMantissa(b.high, j, one.high);
    setBigMantissa(b.low, j, one.low);
    setBigMantissa(b.close, j, one.close);
    setBigSum(b.volume, j, one.volume);
    setBigSum(b.notional, j, one.notional);
    b.flags[j] = one.flags;
    b.srcOffset[j] = position;
  }

  private answer(questions: readonly Question[]): Answers {
    this.asked.push(...questions);
    return questions.map((question) => {
      assert.ok(question.kind === 'bars');
      const bars = new BarBatch(this.names);
      for (const one of this.bars.values()) {
        const name = this.names.instruments.nameOf(one.instrument[0]);
        const isWanted = question.instruments.includes(name) && one.start[0] >= question.from;
        if (isWanted && one.start[0] < question.to) bars.append(one, 0);
      }
      return { kind: 'bars', bars };
    });
  }

  private writeBars(bars: BarBatch): void {
    for (let j = 0; j < bars.length; j++) {
      const key = [bars.instrument[j], bars.interval[j], bars.start[j], bars.knownAt[j]].join();
      if ((this.bars.get(key)?.srcOffset[0] ?? -1) > bars.srcOffset[j]) continue;
      const one = new BarBatch(this.names, 1);
      one.append(bars, j);
      this.bars.set(key, one);
    }
  }

  /** All that is stored, against all bars. */
  differences(ends: Interval = { start: 0, end: Infinity }): RollingDifferences {
    const bars = new BarBatch(this.names);
    for (const one of this.bars.values()) bars.append(one, 0);
    const stored = new RollingBatch(this.names);
    for (const one of this.rows.values()) stored.append(one, 0);
    return rollingDifferences(bars, stored, this.stage, ends);
  }

  writeRows(rows: RollingBatch): void {
    for (let i = 0; i < rows.length; i++) {
      const { instrument, interval, window, end, knownAt } = rows;
      const key = [instrument[i], interval[i], window[i], end[i], knownAt[i]].join();
      if ((this.rows.get(key)?.srcOffset[0] ?? -1) > rows.srcOffset[i]) continue;
      this.rows.set(key, rowOf(rows, i));
    }
  }

  /** What readers see: every row that is not retracted, as text. */
  seen(): string[] {
    return [...this.rows.values()]
      .filter((row) => BAR_STATUS_NAMES[row.status[0]] !== 'retracted')
      .map((row) => this.textOf(row))
      .sort();
  }

  private textOf(row: RollingBatch): string {
    const isEmpty = BAR_STATUS_NAMES[row.status[0]] === 'empty';
    const figure = (column: Float64Array, bit: number): bigint | null =>
      (row.present[0] & bit) === 0 ? null : bigSumAt(column, 0);
    const metric: PlainMetric = {
      bars: row.bars[0],
      sma: bigMantissaAt(row.mean, 0),
      vwap: figure(row.vwap, Figure.VWAP),
      high: bigMantissaAt(row.high, 0),
      low: bigMantissaAt(row.low, 0),
      stddev: figure(row.deviation, Figure.DEVIATION),
      zscore: figure(row.score, Figure.SCORE),
      rmsChange: figure(row.rmsChange, Figure.RMS_CHANGE),
      flags: row.flags[0],
    };
    assert.equal(row.expected[0], LENGTHS[this.stage.windows.names[row.window[0]]]);
    assert.equal(row.end[0] - row.start[0], row.expected[0] * HOUR);
    return textOf(
      this.names.instruments.nameOf(row.instrument[0]),
      this.stage.windows.names[row.window[0]],
      (row.end[0] - T0) / HOUR - 1,
      row.knownAt[0],
      BAR_STATUS_NAMES[row.status[0]],
      isEmpty ? null : metric,
    );
  }

  /** The same from all statements that stand in the store, by the oracle. */
  expected(): string[] {
    const lines: string[] = [];
    for (const instrument of ['A', 'B'])
      for (const [window, length] of Object.entries(LENGTHS))
        for (const { bar, knownAt, isFirst, metric } of plainRows(this.plain(instrument), length)) {
          const status = metric === null ? 'empty' : isFirst ? 'final' : 'revised';
          lines.push(textOf(instrument, window, bar, knownAt, status, metric));
        }
    return lines.sort();
  }

  private plain(instrument: string): PlainStatement[] {
    return [...this.bars.values()]
      .filter((bar) => this.names.instruments.nameOf(bar.instrument[0]) === instrument)
      .map((bar) => ({
        bar: (bar.start[0] - T0) / HOUR,
        knownAt: bar.knownAt[0],
        status: BAR_STATUS_NAMES[bar.status[0]] as PlainStatement['status'],
        high: bigMantissaAt(bar.high, 0),
        low: bigMantissaAt(bar.low, 0),
        close: bigMantissaAt(bar.close, 0),
        volume: bigSumAt(bar.volume, 0),
        notional: bigSumAt(bar.notional, 0),
        flags: bar.flags[0],
      }));
  }
}

function rowOf(rows: RollingBatch, i: number): RollingBatch {
  const one = new RollingBatch(rows.names, 1);
  one.append(rows, i);
  return one;
}

function textOf(
  instrument: string,
  window: string,
  bar: number,
  knownAt: number,
  status: string | undefined,
  metric: PlainMetric | null,
): string {
  const figures = metric === null ? '' : Object.entries(metric).join(' ');
  return `${instrument} ${window} ${String(bar).padStart(2, '0')} known ${knownAt} ${status} ${figures}`;
}

/** The ends of the batches that cuts make of so many statements. */
const endsOf = (at: readonly number[], count: number): number[] =>
  [...at.filter((cut) => cut < count), count].sort((a, b) => a - b);

test('batch over all bars equals the stream in any cut, with restarts, kills and little memory; both equal the oracle', async () => {
  let seen = 0;
  const fates = fc.array(fc.constantFrom('go on', 'restart', 'kill'), { minLength: 9, maxLength: 9 });
  const memory = fc.constantFrom(undefined, 0, 12);
  await fc.assert(
    fc.asyncProperty(statements, cuts, fates, memory, async (all, at, how, most) => {
      const whole = new World();
      await whole.take(all, 0);
      assert.deepEqual(whole.seen(), whole.expected());
      seen += whole.seen().length;
      const parts = new World(POLICY, most);
      let from = 0;
      for (const [k, to] of endsOf(at, all.length).entries()) {
        if (how[k] === 'kill') await parts.take(all.slice(from, to), from, true);
        if (how[k] !== 'go on') parts.restart();
        await parts.take(all.slice(from, to), from);
        from = to;
      }
      assert.deepEqual(parts.seen(), whole.seen());
    }),
    { numRuns: 300 },
  );
  assert.ok(seen > 5000, `only ${seen} rows were compared`);
});

test('any order of statements with keys of their own: the same rows', async () => {
  const own = fc.uniqueArray(statement, {
    minLength: 1,
    maxLength: 50,
    size: 'max',
    selector: ({ instrument, bar, knownAt }) => `${instrument} ${bar} ${knownAt}`,
  });
  await fc.assert(
    fc.asyncProperty(
      own.chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        ),
      ),
      cuts,
      async ([all, shuffled], at) => {
        const one = new World();
        await one.take(all, 0);
        const other = new World();
        let from = 0;
        for (const to of endsOf(at, all.length)) {
          await other.take(shuffled.slice(from, to), from);
          from = to;
        }
        assert.deepEqual(other.seen(), one.seen());
      },
    ),
    { numRuns: 200 },
  );
});

test('what is stored against what the bars say: nothing of a run, and each row that was lost, changed or made up', async () => {
  await fc.assert(
    fc.asyncProperty(statements, cuts, fc.infiniteStream(fc.nat(5)), async (all, at, dice) => {
      const world = new World();
      let from = 0;
      for (const to of endsOf(at, all.length)) {
        await world.take(all.slice(from, to), from);
        from = to;
      }
      assert.deepEqual(world.differences().reasons, []);
      const before = world.seen();
      const expected: string[] = [];
      for (const [key, row] of [...world.rows]) {
        const isSeen = BAR_STATUS_NAMES[row.status[0]] !== 'retracted';
        const fate = dice.next().value;
        if (fate === 0 && isSeen) {
          world.rows.delete(key);
          expected.push('missing');
        }
        if (fate === 1) {
          if (isSeen) row.flags[0] ^= Flag.VOLUME_SPIKE;
          else row.status[0] = RollingStatus.final;
          expected.push('other');
        }
        if (fate === 2 && isSeen) {
          const made = rowOf(row, 0);
          made.end[0] += 100 * HOUR;
          world.rows.set(`${key} made up`, made);
          expected.push('leftover');
        }
      }
      const { rows, reasons } = world.differences();
      assert.deepEqual([...reasons].sort(), expected.sort());
      // By two stretches of ends the same as at once.
      const half = T0 + 9 * HOUR;
      const halves = [
        world.differences({ start: 0, end: half }),
        world.differences({ start: half, end: Infinity }),
      ];
      assert.deepEqual(halves.flatMap((part) => part.reasons).sort(), expected);
      for (const key of [...world.rows.keys()]) if (key.endsWith('made up')) world.rows.delete(key);
      world.writeRows(rows);
      assert.deepEqual(world.seen(), before);
    }),
    { numRuns: 100 },
  );
});

const plain = (bar: number, knownAt: number, close: bigint, more: Partial<Statement> = {}): Statement => ({
  ...{ instrument: 'A', bar, knownAt: T0 + knownAt, status: 'final', close, high: close, low: close },
  ...{ volume: 0n, notional: 0n, flags: 0, ...more },
});

test('in order, bars are asked for once in a while, and only those of the interval that rolls', async () => {
  const world = new World();
  for (let bar = 0; bar < 60; bar++) await world.take([plain(bar, bar, 100n)], bar);
  // The first stretch reaches two windows of five beyond the bar; each later one as far again.
  assert.ok(world.asked.length >= 4 && world.asked.length <= 7, `${world.asked.length} questions`);
  for (const question of world.asked) assert.ok('interval' in question && question.interval === '1h');
  assert.equal(world.rows.size, 120);
  // Each row has the greatest position of its bars: made anew it takes the place of the one before.
  for (const row of world.rows.values()) assert.equal(row.srcOffset[0], (row.end[0] - T0) / HOUR - 1);
});

test('bars of intervals that do not roll cost neither a question nor a row', async () => {
  const world = new World();
  const bars = new BarBatch(world.names);
  world.fill(bars, plain(0, 0, 100n), POLICY.intervals.indexOf('5m'), T0, T0 + HOUR / 12, 0);
  await world.takeBars(bars);
  assert.deepEqual([world.asked.length, world.rows.size], [0, 0]);
});

test('a window of seven days is seven market days in the weeks of both clock changes', async () => {
  const changes = [
    ['NYISO', 'America/New_York', instantFromCivil(2025, 3, 9)],
    ['NYISO', 'America/New_York', instantFromCivil(2025, 11, 2)],
    // Its summer days begin on the day before, by UTC.
    ['ELEXON', 'Europe/London', instantFromCivil(2025, 3, 30)],
    ['AEMO', '+10:00', instantFromCivil(2025, 3, 30)],
  ] as const;
  for (const [market, zone, day] of changes) {
    const world = new World();
    const bars = new BarBatch(world.names);
    const change = day / DAY;
    for (let k = -8; k <= 8; k++) {
      const { start, end } = marketDayBounds(zone, change + k);
      world.fill(bars, plain(k, k + 100, BigInt(k + 100)), DAILY, start, end, k + 100, market);
    }
    await world.takeBars(bars);
    const rows = [...world.rows.values()];
    assert.equal(rows.length, 17);
    rows.forEach((row, k) => {
      assert.equal(row.expected[0], 7);
      assert.equal(row.bars[0], Math.min(k + 1, 7));
      assert.equal(row.start[0], marketDayBounds(zone, change + k - 8 - 6).start);
    });
  }
});

test('the published cases of VWAP and of high and low (roll-006, roll-009), as windows of ten', async () => {
  const policy = aggregationSchema.parse({
    version: 1,
    intervals: ['1h'],
    lateness: { default: '10m' },
    rolling: [{ interval: '1h', windows: ['10h'] }],
  });
  const last = (world: World): RollingBatch => [...world.rows.values()].at(-1) as RollingBatch;
  const fill = async (all: readonly Statement[]): Promise<RollingBatch> => {
    const world = new World(policy);
    const bars = new BarBatch(world.names);
    all.forEach((one, k) => {
      world.fill(bars, one, 0, T0 + k * HOUR, T0 + (k + 1) * HOUR, k);
    });
    await world.takeBars(bars);
    return last(world);
  };
  const sizes = [10000, 11000, 12000, 13000, 14000, 0, 16000, 17000, 18000, 19000];
  const traded = sizes.map((size, k) => {
    const price = BigInt(100_000_000 + 10_000 * k);
    const volume = BigInt(size) * 100_000_000n;
    return plain(k, 1, price, { volume, notional: price * volume });
  });
  const row = await fill(traded);
  assert.ok(Math.abs(Number(bigSumAt(row.vwap, 0)) / 1e8 - 1.0005076923076923) < 1e-8);
  const ranges = [0, 1, 2].map((k) => {
    const low = BigInt(100_000_000 + 10_000 * k);
    return plain(k, 1, low, { low, high: low + 20_000n });
  });
  const range = await fill(ranges);
  assert.deepEqual([bigMantissaAt(range.high, 0), bigMantissaAt(range.low, 0)], [100_040_000n, 100_000_000n]);
  assert.equal(range.present[0] & Figure.VWAP, 0);
});

test('a policy refuses windows that are no whole number of bars, too long, or said twice', () => {
  const refusals = (rolling: unknown): string[] => {
    const base = { version: 1, intervals: ['1h', '1d'], lateness: { default: '10m' } };
    const { error } = aggregationSchema.safeParse({ ...base, rolling });
    return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  assert.deepEqual(refusals([{ interval: '1h', windows: ['24h'] }]), []);
  assert.deepEqual(refusals([{ interval: '5m', windows: ['1h'] }]), [
    'rolling.0.interval: must be one of 1h, 1d',
  ]);
  assert.deepEqual(refusals([{ interval: '1h', windows: ['90m', '1h', '24h', '1d', '9999h'] }]), [
    'rolling.0.windows.0: must be 2 to 2000 whole bars of 1h',
    'rolling.0.windows.1: must be 2 to 2000 whole bars of 1h',
    'rolling.0.windows.3: is the same length as one before it',
    'rolling.0.windows.4: must be 2 to 2000 whole bars of 1h',
  ]);
  assert.deepEqual(refusals([{ interval: '1d', windows: ['36h'] }]), [
    'rolling.0.windows.0: must be 2 to 2000 whole bars of 1d',
  ]);
  const twice = { interval: '1h', windows: ['3h'] };
  assert.deepEqual(refusals([twice, twice]), ['rolling.1.interval: has a line of its own already']);
  assert.deepEqual(refusals([{ interval: '1h', windows: ['soon'] }]), [
    'rolling.0.windows.0: must be a duration such as 90s, 15m, 2h or 3d',
  ]);
});
