/** Curves as a stage: which statements there are, whatever the order, the cut and the restarts. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildCurve } from '../../../core/math/curves/build-curve.ts';
import type { CurveInput, PlacedInput } from '../../../core/model/curve-input.ts';
import type { CurveStatement } from '../../../core/model/curve-statement.ts';
import { formatDecimal, mantissaAt } from '../../../core/model/decimal.ts';
import { compareIds } from '../../../core/model/hash128.ts';
import { Names } from '../../../core/model/names.ts';
import type { Answer } from '../../../core/stage/question.ts';
import { StageRun } from '../../../core/stage/stage-run.ts';
import { formatDay } from '../../../core/time/calendar-day.ts';
import { type Micros, SECOND } from '../../../core/time/instant.ts';
import type { CurveSettings } from '../../../services/aggregation/curves/config.ts';
import { type CurveBatch, CurveStage } from '../../../services/aggregation/curves/curve.stage.ts';
import { CurveDayBook, type Stated } from '../../../services/aggregation/curves/curve-day.ts';
import { definitionOf } from '../../../services/aggregation/curves/made-curve.ts';
import { updateOf } from '../../../services/aggregation/curves/service.ts';
import { AS_OF, gasCurve, inputOf, NOON, placed, someInputs } from '../../support/curve-inputs.ts';

const FRAME = { topic: 'aggregation.curve.prestage.v1', partition: 1, settings: 'abc' };
const CURVE = gasCurve();

/** What a statement says, without its place in the log. */
function said({ knownAt, points, metadata }: CurveStatement): unknown {
  return [
    (knownAt - NOON) / SECOND,
    points.map(({ start, end, block, price, source }) =>
      [formatDay(start), formatDay(end), block, formatDecimal(price, 0), source].join(' '),
    ),
    JSON.parse(metadata),
  ];
}

/** The statements that hold: of each known time the one with the greatest number. */
function holding(stated: readonly CurveStatement[]): unknown[] {
  const last = new Map<Micros, CurveStatement>();
  for (const each of stated)
    if ((last.get(each.knownAt)?.statement ?? -1) <= each.statement) last.set(each.knownAt, each);
  return [...last.values()].sort((a, b) => a.knownAt - b.knownAt).map(said);
}

function inPieces(curve: CurveSettings, inputs: readonly PlacedInput[], cuts: readonly number[]): Stated[] {
  const book = new CurveDayBook('default', AS_OF, curve, FRAME);
  const bounds = [0, ...[...new Set(cuts)].sort((a, b) => a - b), inputs.length];
  return bounds.flatMap((from, k) => (k === 0 ? [] : book.state(inputs.slice(bounds[k - 1], from))));
}

const statementsOf = (stated: readonly Stated[]): CurveStatement[] =>
  stated.map(({ statement }) => statement);

/** The curve at a time, made the plainest way. */
function oracle(inputs: readonly CurveInput[], at: Micros): string[] {
  const known = inputs.filter(({ knownAt }) => knownAt <= at);
  const later = (a: CurveInput, b: CurveInput): number =>
    b.knownAt - a.knownAt || compareIds(b.valueId, 0, a.valueId, 0);
  const newer = (a: CurveInput, b: CurveInput): number => b.eventTime - a.eventTime || later(a, b);
  const quotes = [...Map.groupBy(known, ({ contract }) => contract).values()].flatMap((own) => {
    const values = [...Map.groupBy(own, ({ valueKey }) => valueKey.join()).values()].map(
      (versions) => versions.sort(later)[0],
    );
    return values.filter(({ withdrawn }) => !withdrawn).sort(newer)[0] ?? [];
  });
  const { points } = buildCurve(
    definitionOf(CURVE),
    quotes.map((quote) => ({ ...quote, price: mantissaAt(quote.price, 0) / 1e8, quotedAt: quote.eventTime })),
  );
  return points.map(({ start, price }) => `${start} ${price.toFixed(6)}`);
}

test('any order and any cut end with the same statements, which are those of the plainest way', () => {
  fc.assert(
    fc.property(
      someInputs.chain((inputs) =>
        fc.tuple(
          fc.constant(inputs),
          fc.shuffledSubarray(inputs, { minLength: inputs.length }),
          fc.array(fc.nat({ max: inputs.length }), { maxLength: 12 }),
        ),
      ),
      ([inputs, shuffled, cuts]) => {
        const whole = holding(statementsOf(inPieces(CURVE, placed(inputs), [])));
        const stated = statementsOf(inPieces(CURVE, placed(shuffled), cuts));
        assert.deepEqual(holding(stated), whole);
        const inOrder = placed(inputs.toSorted((a, b) => a.knownAt - b.knownAt));
        const oneByOne = inPieces(CURVE, inOrder, [...inOrder.keys()]);
        assert.deepEqual(holding(statementsOf(oneByOne)), whole);
        const last = new Map(stated.map((each) => [each.knownAt, each]));
        assert.equal(last.size, new Set(inputs.map(({ knownAt }) => Math.ceil(knownAt / (5 * SECOND)))).size);
        for (const { knownAt, points } of last.values())
          assert.deepEqual(
            points.map(({ start, price }) => `${start} ${(mantissaAt(price, 0) / 1e8).toFixed(6)}`),
            oracle(inputs, knownAt),
          );
      },
    ),
    { numRuns: 150 },
  );
});

/** Runs of the stage over one log, with a base that is what was written before; restarts forget the state. */
class CurveLog {
  readonly base: PlacedInput[] = [];
  readonly results: CurveBatch[] = [];
  private run: StageRun<unknown, readonly PlacedInput[], CurveBatch>;
  private readonly curve: CurveSettings;
  private at = 0;

  constructor(curve: CurveSettings) {
    this.curve = curve;
    this.run = this.opened();
  }

  private opened(): StageRun<unknown, readonly PlacedInput[], CurveBatch> {
    return new StageRun(new CurveStage({ version: 1, curves: [this.curve] }, 'abc')) as never;
  }

  restart(): void {
    this.run = this.opened();
  }

  async take(
    inputs: readonly CurveInput[],
    finishes = true,
  ): Promise<Awaited<ReturnType<typeof this.run.process>>> {
    const from = this.at;
    const plan = {
      ...{
        group: 'curves',
        topic: FRAME.topic,
        partition: 1,
        from,
        to: from + inputs.length,
        since: {},
        until: {},
      },
      ...{ settingsHash: 'abc', referenceVersion: 0, clock: 0, codeVersion: '0', fence: 1 },
    };
    const result = await this.run.process(
      placed(inputs, from),
      { names: new Names(), plan },
      async (questions) =>
        questions.map((question): Answer => {
          assert.ok(question.kind === 'curve-inputs');
          const { tenant, curve, asOf, before } = question;
          const own = this.base.filter(({ offset }) => offset < before.offset);
          const known = own.filter(({ input }) => input.asOf === asOf);
          const newest = own.length === 0 ? null : Math.max(...own.map(({ input }) => input.asOf));
          return { kind: 'curve-inputs', tenant, curve, asOf, inputs: known, newest };
        }),
    );
    // A plan that is killed after its writes is run again at its place.
    this.base.push(...result.output.inputs);
    this.results.push(result.output);
    if (finishes) this.at += inputs.length;
    return result;
  }

  statements(): CurveStatement[] {
    return this.results.flatMap(({ stated }) => statementsOf(stated));
  }
}

test('restarts, plans run again and records that come twice change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      someInputs,
      fc.array(fc.tuple(fc.nat({ max: 10 }), fc.boolean(), fc.boolean()), { maxLength: 8 }),
      async (inputs, steps) => {
        const plain = new CurveLog(CURVE);
        await plain.take(inputs);
        const log = new CurveLog(CURVE);
        let from = 0;
        for (const [size, restarts, again] of [...steps, [40, false, true] as const]) {
          const batch = inputs.slice(from, from + size);
          const before = again ? (await log.take(batch, false)).output : null;
          if (restarts || again) log.restart();
          const { output } = await log.take(batch);
          if (before !== null) assert.deepEqual(statementsOf(output.stated), statementsOf(before.stated));
          // What was written and not yet told of as done is delivered once more.
          const result = await log.take(batch.slice(-2));
          assert.equal(result.balance.dropped.REDELIVERED ?? 0, Math.min(2, batch.length));
          assert.deepEqual(result.output.stated, []);
          from += size;
        }
        assert.deepEqual(holding(log.statements()), holding(plain.statements()));
      },
    ),
    { numRuns: 60 },
  );
});

test('deltas over the statement before make the whole statement', () => {
  const delta = gasCurve({ updates: 'delta' });
  fc.assert(
    fc.property(someInputs, (inputs) => {
      const now = new Map<string, string>();
      const inOrder = placed(inputs.toSorted((a, b) => a.knownAt - b.knownAt));
      const [whole, oneByOne] = [[], [...inOrder.keys()]].map((cuts) => inPieces(delta, inOrder, cuts));
      const last = new Map(oneByOne.map((each) => [each.statement.knownAt, each]));
      assert.deepEqual(
        [...last.values()].map((each) => updateOf(each, { version: 1, curves: [delta] }).points),
        whole.map((each) => updateOf(each, { version: 1, curves: [delta] }).points),
      );
      for (const each of whole) {
        const update = updateOf(each, { version: 1, curves: [delta] });
        assert.equal(update.isDelta, each.previous !== null);
        for (const { start, end, price, source } of update.points)
          if (price === null) now.delete(`${start} ${end}`);
          else now.set(`${start} ${end}`, `${formatDecimal(price, 0)} ${source}`);
        assert.deepEqual(
          [...now].sort(),
          each.statement.points
            .map(({ start, end, price, source }) => [
              `${start} ${end}`,
              `${formatDecimal(price, 0)} ${source}`,
            ])
            .sort(),
        );
      }
    }),
    { numRuns: 60 },
  );
});

const words = { contract: 0, key: 1, said: 0, known: 1, price: 3000 };

test('a correction replaces its price, and a withdrawal brings the one before back', async () => {
  const log = new CurveLog(CURVE);
  const prices = async (...inputs: CurveInput[]): Promise<string[]> => {
    const { output } = await log.take(inputs);
    return output.active.flatMap(({ points }) => points.map(({ price }) => formatDecimal(price, 0)));
  };
  assert.deepEqual(await prices(inputOf(words)), ['3']);
  assert.deepEqual(await prices(inputOf({ ...words, key: 2, said: 8, known: 9, price: 3100 })), ['3.1']);
  assert.deepEqual(await prices(inputOf({ ...words, key: 2, said: 8, known: 20, price: 3050 })), ['3.05']);
  // Of the older trade nobody hears: the last one said counts.
  assert.deepEqual(await prices(inputOf({ ...words, known: 30, price: 2900 })), ['3.05']);
  assert.deepEqual(await prices(inputOf({ ...words, key: 2, said: 8, known: 40, price: null })), ['2.9']);
  assert.deepEqual(await prices(inputOf({ ...words, known: 50, price: null })), []);
  const { points, metadata } = log.statements().at(-1) as CurveStatement;
  assert.deepEqual([points, JSON.parse(metadata).status], [[], 'OK']);
});

test('prices that contradict each other are an anomaly, told once, and the curve is made without the weaker one', async () => {
  const log = new CurveLog(CURVE);
  const both = [3000, 3400].map((price, contract) => inputOf({ ...words, contract, price }));
  await log.take(both);
  const strip = await log.take([inputOf({ ...words, contract: 4, said: 4, known: 6, price: 3100 })]);
  assert.deepEqual(
    strip.anomalies.map(({ type, dataset, count, context }) => [type, dataset, count, context['as_of_date']]),
    [['CURVE_CONFLICT', 'NG', 1, '2026-11-10']],
  );
  const later = await log.take([inputOf({ ...words, contract: 3, said: 8, known: 12, price: 3300 })]);
  assert.deepEqual(later.anomalies, []);
  const { metadata } = log.statements().at(-1) as CurveStatement;
  const quotes = JSON.parse(metadata).quotes as { fate: string; residual?: number }[];
  const conflicts = quotes.filter(({ fate }) => fate === 'CURVE_CONFLICT');
  assert.equal(conflicts.length, 1);
  assert.ok(Math.abs(conflicts[0].residual ?? 0) > 0.05, metadata);
});

test('the active curve is that of the newest day; an older one is stated all the same', async () => {
  const log = new CurveLog(CURVE);
  const old = { ...inputOf(words), asOf: AS_OF - 1 };
  await log.take([inputOf(words)]);
  const result = await log.take([old]);
  assert.deepEqual([result.output.stated.length, result.output.active], [1, []]);
  log.restart();
  const again = await log.take([
    { ...old, valueId: Uint32Array.of(9, 9, 9, 9), knownAt: NOON + 90 * SECOND },
  ]);
  assert.deepEqual([again.output.stated.length, again.output.active], [1, []]);
});

test('a curve that cannot be made says so, has no points, and does not hold up the others', async () => {
  const log = new CurveLog(CURVE);
  const result = await log.take([{ ...inputOf(words), block: '5x16' }]);
  assert.deepEqual(
    result.anomalies.map(({ type }) => type),
    ['CURVE_FAILED'],
  );
  const [{ points, metadata }] = log.statements();
  assert.deepEqual([points, JSON.parse(metadata).status], [[], 'FAILED']);
  assert.match(JSON.parse(metadata).failure, /^CURVE_INVALID/);
});

test('inputs of a curve that the policy does not have are kept, and nothing is stated', async () => {
  const log = new CurveLog(CURVE);
  const { output, balance } = await log.take([{ ...inputOf(words), curve: 'OTHER' }]);
  assert.deepEqual([output.inputs.length, output.stated, balance.out], [1, [], 1]);
});

test('inputs that come nearly in order, by two partitions that take turns, do not open the day again', () => {
  const book = new CurveDayBook('default', AS_OF, CURVE, FRAME);
  const all: CurveInput[] = [];
  const stated: CurveStatement[] = [];
  let most = 0;
  for (let second = 0; second < 600; second += 2)
    for (const [contract, known] of [
      [0, second + 1],
      [1, second],
    ] as const) {
      const input = inputOf({ contract, key: second, said: second, known, price: 3000 + (second % 7) });
      all.push(input);
      const found = book.state([{ input, offset: all.length - 1 }]);
      most = Math.max(most, found.length);
      stated.push(...statementsOf(found));
    }
  assert.ok(most <= 2, `${most} statements for one input`);
  assert.deepEqual(holding(stated), holding(statementsOf(inPieces(CURVE, placed(all), []))));
});

test('however late an input is, what is stated again differs from the statement before it', () => {
  const at = (step: number, key: number): CurveInput =>
    inputOf({ contract: 0, key, said: step, known: 5 * step, price: 3000 + step });
  for (let lag = 1; lag < 20; lag++) {
    const book = new CurveDayBook('default', AS_OF, CURVE, FRAME);
    for (let step = 0; step < 20; step++) book.state([{ input: at(step, 0), offset: step }]);
    const stated = book.state([{ input: at(19 - lag, 1), offset: 20 }]);
    assert.deepEqual(
      stated.map(({ statement, previous }) => [statement.knownAt, previous?.knownAt ?? null]),
      Array.from({ length: lag + 1 }, (_, k) => {
        const known = NOON + 5 * SECOND * (19 - lag + k);
        return [known, known === NOON ? null : known - 5 * SECOND];
      }),
    );
  }
});
