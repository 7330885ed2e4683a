/** Quality rules of normalization: each is a function of the row and the rules, and no cut into batches changes it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Names } from '../../../core/model/names.ts';
import { StageRun } from '../../../core/stage/stage-run.ts';
import { type NormalizationSettings, normalizationSchema } from '../../../services/normalization/config.ts';
import { NormalizeStage } from '../../../services/normalization/normalize.stage.ts';
import { planOf, type RowSpec, rawRows, tickText } from './raw-input.ts';
import { StageWorld } from './stage-world.ts';

const START = '2025-07-01T01:00Z';

const rules = (lmp: object, more: object = {}, top: object = {}): NormalizationSettings =>
  normalizationSchema.parse({
    version: 1,
    ...top,
    datasets: [
      {
        market: 'NYISO',
        dataset: 'da_lmp',
        kind: 'series',
        product: 'DA',
        lateness: '2h',
        horizon: '30d',
        fields: { lmp: { price: true, ...lmp }, energy: {}, congestion: {}, loss: {} },
        ...more,
      },
      {
        market: 'ANY',
        dataset: 'trade',
        kind: 'trade',
        product: 'TRADE',
        lateness: '10m',
        horizon: '10m',
        fields: { price: { price: true }, volume: { min: '0', spike: '1000' }, bid: {}, ask: {} },
        instruments: { BIG: { volume: { spike: '5000' } } },
      },
    ],
  });

const row = (values: NonNullable<RowSpec['values']>, more: Partial<RowSpec> = {}): RowSpec => ({
  location: 'WEST',
  start: START,
  end: '2025-07-01T02:00Z',
  known: '2025-06-30T15:00Z',
  values,
  ...more,
});

const trade = (series: string, volume: string, more: Partial<RowSpec> = {}): RowSpec =>
  row(
    [
      ['price', '3'],
      ['volume', volume],
    ],
    { dataset: 'trade', location: '', series, end: START, known: '2025-07-01T01:00:01Z', ...more },
  );

async function normalize(settings: NormalizationSettings, rows: readonly RowSpec[]) {
  const names = new Names();
  const run = new StageRun(new NormalizeStage(settings, names));
  const context = { names, plan: planOf(0, rows.length) };
  const result = await run.process({ raw: rawRows(names, rows), undecodable: [] }, context, async () => []);
  const { ticks } = result.output;
  const flags = Array.from({ length: ticks.length }, (_, i) => tickText(ticks, i).split(' | ')[13]);
  return { ...result, flags };
}

test('VOLUME_SPIKE: above the bound of the field, or of the instrument where it has one', async () => {
  const { flags, anomalies } = await normalize(rules({}), [
    trade('NG', '1000', { tradeId: 'a' }),
    trade('NG', '1000.00000001', { tradeId: 'b' }),
    trade('BIG', '5000', { tradeId: 'c' }),
    trade('BIG', '5001', { tradeId: 'd' }),
    trade('BIG', '-1', { tradeId: 'e' }),
    trade('NG', '9000', { tradeId: 'f' }),
  ]);
  assert.deepEqual(flags, ['VALID', 'VOLUME_SPIKE', 'VALID', 'VOLUME_SPIKE', 'OUT_OF_RANGE', 'VOLUME_SPIKE']);
  assert.deepEqual(
    anomalies.map(({ type, instrumentId, count }) => [type, instrumentId, count]),
    [
      ['VOLUME_SPIKE', 'NG', 3],
      ['OUT_OF_RANGE', 'BIG', 1],
    ],
  );
});

test('INSTRUMENT_SHARED: one id from two markets is told once for each further market, and loses no tick', async () => {
  const { flags, anomalies, rejected } = await normalize(rules({}), [
    trade('NG', '1', { tradeId: 'a', market: 'MISO' }),
    trade('NG', '1', { tradeId: 'b', market: 'CAISO' }),
    trade('NG', '1', { tradeId: 'c', market: 'CAISO' }),
    trade('PWR', '1', { tradeId: 'd', market: 'CAISO' }),
    trade('NG', '1', { tradeId: 'e', market: 'MISO' }),
  ]);
  assert.deepEqual([flags.length, rejected.length], [5, 0]);
  assert.deepEqual(
    anomalies.map(({ type, market, count, message }) => [type, market, count, message.includes('MISO')]),
    [['INSTRUMENT_SHARED', 'CAISO', 1, true]],
  );
});

test('bounds of refusal: the value is refused with its record, beside it the row goes on', async () => {
  const settings = rules({ min: '-100', max: '100', refuse_below: '-1000', refuse_above: '1000' });
  const { flags, rejected, balance } = await normalize(settings, [
    row([['lmp', '-1000']]),
    row([
      ['lmp', '-1000.00000001'],
      ['loss', '1'],
    ]),
    row([['lmp', '1000.1']]),
    row([['lmp', '100']], { location: 'EAST' }),
  ]);
  assert.deepEqual(flags, ['PRICE_NEGATIVE+OUT_OF_RANGE', 'VALID', 'VALID']);
  assert.deepEqual(
    rejected.map(({ code, field, expected, got }) => [code, field, expected, got]),
    [
      ['QUALITY_ASSERTION_FAILED', 'lmp', '-1000 to 1000', '-1000.00000001'],
      ['QUALITY_ASSERTION_FAILED', 'lmp', '-1000 to 1000', '1000.1'],
    ],
  );
  assert.deepEqual([balance.in, balance.out, balance.rejected], [5, 3, 2]);
});

test('bounds that are not nested are refused when the file is read', () => {
  for (const bad of [
    { min: '5', max: '4' },
    { min: '-10', refuse_below: '-5' },
    { max: '10', refuse_above: '5' },
  ])
    assert.throws(() => rules(bad), /nested/);
  assert.doesNotThrow(() => rules({ refuse_above: '5' }));
});

test('a refused bound without an inner one still refuses', async () => {
  const { flags, rejected } = await normalize(rules({ refuse_above: '5' }), [
    row([['lmp', '5']]),
    row([['lmp', '5.1']]),
  ]);
  assert.deepEqual([flags, rejected.length], [['VALID'], 1]);
});

test('a required value that is absent: refused with its row, reported, or passed over', async () => {
  const rows = [
    row([
      ['lmp', ''],
      ['loss', '1'],
    ]),
    row([['loss', '2']], { location: 'EAST' }),
    row([['lmp', '3']], { location: 'NORTH' }),
    row([['lmp', '']], { location: 'SOUTH', cancels: true }),
  ];
  const by = (nulls: string) => normalize(rules({ required: true }, { nulls }), rows);
  const rejecting = await by('reject');
  assert.deepEqual(
    rejecting.rejected.map(({ code, field, values }) => [code, field, values]),
    [
      ['VALUE_MISSING', 'lmp', 2],
      ['VALUE_MISSING', 'lmp', 1],
    ],
  );
  assert.deepEqual(rejecting.flags, ['VALID', 'CANCELLED']);
  const flagging = await by('flag');
  assert.deepEqual(flagging.flags.length, 4);
  assert.deepEqual(
    flagging.anomalies.map(({ type, count, context }) => [type, count, context['kind']]),
    [['REQUIRED_MISSING', 2, 'lmp']],
  );
  const skipping = await by('skip');
  assert.deepEqual([skipping.flags.length, skipping.anomalies], [4, []]);
  for (const { balance } of [flagging, skipping])
    assert.deepEqual([balance.in, balance.out, balance.dropped], [5, 4, { NULL_VALUE: 1 }]);
});

test('components must add up to their total within the tolerance; rows that lack one are not asked', async () => {
  const identity = { total: 'lmp', parts: { energy: 1, congestion: -1, loss: 1 }, tolerance: '0.02' };
  const sum = (lmp: string, energy: string, congestion: string, loss: string) =>
    row(
      [
        ['energy', energy],
        ['lmp', lmp],
        ['congestion', congestion],
        ['loss', loss],
      ],
      { location: `${lmp}${congestion}` },
    );
  const { anomalies, flags } = await normalize(rules({}, { identity }), [
    sum('10', '8', '-1', '1'),
    sum('10.02', '8', '-1', '1'),
    sum('10.02000001', '8', '-1', '1'),
    sum('-10', '8', '-1', '1'),
    sum('99', '8', '', '1'),
    sum('99', '8', 'x', '1'),
    row([['lmp', '99']], { location: 'alone' }),
  ]);
  assert.deepEqual(
    anomalies.map(({ type, count, context }) => [type, count, context['kind'], context['offset']]),
    [
      ['COMPONENTS_DIFFER', 2, 'lmp', '2'],
      ['REJECTED_VALUES', 1, 'VALUE_NOT_NUMERIC', '5'],
    ],
  );
  // It informs and removes nothing.
  assert.equal(flags.filter((f) => f === 'VALID' || f === 'PRICE_NEGATIVE').length, flags.length);
});

test('what holds: the dataset’s own word, else its market’s, else the default', async () => {
  const lateAt = async (dataset: object, markets: object[], defaults: object): Promise<string> => {
    const { datasets } = rules({});
    const [own] = datasets.map(({ lateness: _l, horizon: _h, ...rest }) => ({ ...rest, ...dataset }));
    const settings = normalizationSchema.parse({ version: 1, defaults, markets, datasets: [own] });
    const rows = [1, 2, 3, 4].map((h) =>
      row([['lmp', '1']], { known: `2025-07-01T0${2 + h}:30Z`, sequence: h }),
    );
    return (await normalize(settings, rows)).flags
      .map((f) => (f === 'LATE_ARRIVAL' ? 'late' : '-'))
      .join(' ');
  };
  const NYISO = { market: 'NYISO', lateness: '2h' };
  assert.equal(await lateAt({}, [], {}), 'late late late late');
  assert.equal(await lateAt({}, [], { lateness: '4h' }), '- - - late');
  assert.equal(await lateAt({}, [NYISO], { lateness: '4h' }), '- late late late');
  assert.equal(await lateAt({ lateness: '3h' }, [NYISO], { lateness: '4h' }), '- - late late');
  assert.equal(await lateAt({}, [{ ...NYISO, market: 'MISO' }], { lateness: '4h' }), '- - - late');
});

test('too old, by the market’s own first day, and not refused a moment later', async () => {
  const settings = rules({}, {}, { markets: [{ market: 'NYISO', earliest: '2025-07-01' }] });
  const { flags, rejected } = await normalize(settings, [
    row([['lmp', '1']], { start: '2025-06-30T23:59:59.999999Z' }),
    row([['lmp', '1']], { start: '2025-07-01T00:00Z' }),
  ]);
  assert.deepEqual([flags, rejected.map((l) => l.code)], [['VALID'], ['TIME_OUT_OF_RANGE']]);
});

test('duplicates, repeats and revisions are counted apart, with the same body twice in a batch', async () => {
  const body = [row([['lmp', '1']]), row([['lmp', '2']], { location: 'EAST' })];
  const world = new StageWorld();
  const counted = async (rows: readonly RowSpec[]) => {
    const { normalized } = await world.run(rows);
    const [event] = (normalized.events ?? []).filter((e) => e.name === 'normalization.counted');
    const { tenant_id, market, dataset, late_seconds_max, ...counts } = event.facts;
    assert.deepEqual([tenant_id, market, dataset], ['default', 'NYISO', 'da_lmp']);
    assert.equal(late_seconds_max, 0);
    return Object.entries(counts).filter(([, n]) => n !== 0);
  };
  const later = { known: '2025-06-30T16:00Z' };
  assert.deepEqual(await counted([...body, ...body]), [
    ['records', 4],
    ['values', 4],
    ['ticks', 2],
    ['duplicates', 2],
  ]);
  assert.deepEqual(
    await counted([row([['lmp', '1']], later), row([['lmp', '9']], { location: 'EAST', ...later })]),
    [
      ['records', 2],
      ['values', 2],
      ['ticks', 1],
      ['revised', 1],
      ['unchanged', 1],
    ],
  );
});

test('any cut into batches: the same ticks, flags, refusals and counts of cases', async () => {
  const texts = fc.constantFrom('1', '2', '-3', '', 'x', '101', '-2000', '7777');
  const spec = fc
    .record({
      location: fc.constantFrom('WEST', 'EAST'),
      sequence: fc.nat(3),
      known: fc.nat(3),
      values: fc.uniqueArray(fc.tuple(fc.constantFrom('lmp', 'energy', 'congestion', 'loss'), texts), {
        maxLength: 4,
        selector: ([field]) => field,
      }),
    })
    .map(({ known, ...rest }): RowSpec => ({ ...row([]), ...rest, known: `2025-06-30T1${known}:00Z` }));
  const settings = rules(
    { min: '-100', max: '100', refuse_below: '-1000', required: true },
    { identity: { total: 'lmp', parts: { energy: 1, congestion: 1, loss: 1 } }, nulls: 'flag' },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(spec, { maxLength: 14 }),
      fc.array(fc.nat(14), { maxLength: 3 }),
      async (rows, cuts) => {
        const told = async (ends: readonly number[]) => {
          const world = new StageWorld({ rules: settings });
          const letters: string[] = [];
          const cases = new Map<string, number>();
          let from = 0;
          for (const to of ends) {
            const { normalized } = await world.run(rows.slice(from, to));
            from = to;
            for (const { sourceOffset, code, field } of normalized.rejected)
              letters.push(`${sourceOffset} ${code} ${field}`);
            for (const { type, context, count } of normalized.anomalies) {
              const kind = `${type} ${context['kind'] ?? ''}`;
              cases.set(kind, (cases.get(kind) ?? 0) + count);
            }
          }
          // A reinstated repeat takes its position from the batch; everything else of a row is data.
          const silver = world.silver().map((line) => line.replace(/ \| offset \d+/, ''));
          return { silver, letters, cases: [...cases].sort() };
        };
        const ends = [...new Set(cuts.filter((c) => c < rows.length))].sort((a, b) => a - b);
        assert.deepEqual(await told([...ends, rows.length]), await told([rows.length]));
      },
    ),
    { numRuns: Number(process.env['CARBON_PROPERTY_RUNS'] ?? 100) },
  );
});
