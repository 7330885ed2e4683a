/** Enrichment: entries first, then rules made precise by locations, then the flag; and how long an answer is kept. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Names } from '../../../core/model/names.ts';
import { Flag } from '../../../core/model/quality-flags.ts';
import { TickBatch } from '../../../core/model/tick-batch.ts';
import type { ReferenceStore, TaxonomyEntry } from '../../../core/ports/reference-store.ts';
import type { Answer, Question } from '../../../core/stage/question.ts';
import { StageRun } from '../../../core/stage/stage-run.ts';
import { parseInstant } from '../../../core/time/instant.ts';
import { openSqliteReference } from '../../../drivers/sqlite-reference/reference-store.ts';
import { type EnrichmentSettings, enrichmentSchema } from '../../../services/enrichment/config.ts';
import { type EnrichmentState, EnrichStage, nextAskOf } from '../../../services/enrichment/enrich.stage.ts';
import { planOf } from './raw-input.ts';

const SETTINGS = enrichmentSchema.parse({
  version: 1,
  cache_ttl: '60s',
  locations: [{ market: 'NYISO', location: 'WEST', region: 'Zone A', type: 'zone' }],
  rules: [
    {
      market: 'NYISO',
      product: 'DA',
      field: 'lmp',
      commodity: 'power',
      region: 'New York',
      product_tier: 'day-ahead',
      tags: ['z', 'lbmp'],
    },
    {
      market: 'ANY',
      product: 'DA',
      commodity: 'power',
      region: 'somewhere',
      product_tier: 'day-ahead',
      confidence: 0.2,
    },
  ],
});

const entry = (instrumentId: string, commodity: string, confidence = 1): TaxonomyEntry => ({
  instrumentId,
  commodity,
  region: 'US Gulf',
  productTier: 'forward',
  tags: ['a'],
  confidence,
});

class World {
  readonly names = new Names();
  readonly entries = new Map<string, TaxonomyEntry>();
  readonly asked: string[] = [];
  /** Instruments that the reference store cannot be asked about. */
  readonly away = new Set<string>();
  version = 1;
  readonly run;
  private readonly reference: ReferenceStore | null;

  constructor(settings: EnrichmentSettings = SETTINGS, reference: ReferenceStore | null = null) {
    this.run = new StageRun(new EnrichStage(settings));
    this.reference = reference;
  }

  ticks(
    rows: readonly (readonly [
      tenant: string,
      id: string,
      market?: string,
      location?: string,
      product?: string,
      field?: string,
    ])[],
  ): TickBatch {
    const batch = new TickBatch(this.names, 1);
    for (const [tenant, id, market, location, product, field] of rows) {
      const i = batch.reserve();
      batch.tenant[i] = this.names.tenants.idOf(tenant);
      const parts = {
        market: market ?? 'X',
        location: location ?? '',
        product: product ?? 'Y',
        field: field ?? 'lmp',
        unit: '',
      };
      batch.instrument[i] = this.names.instruments.idOf(id, parts);
    }
    return batch;
  }

  async process(ticks: TickBatch, clock: string, referenceVersion = 1) {
    const context = { names: this.names, plan: { ...planOf(0, 1, clock), referenceVersion } };
    return this.run.process(ticks, context, async (questions: readonly Question[]) => {
      const answers: Answer[] = [];
      for (const question of questions) {
        assert.ok(question.kind === 'taxonomy');
        this.asked.push(`${question.tenant}: ${question.instruments.join()}`);
        const { tenant, instruments } = question;
        const entries =
          this.reference === null
            ? new Map(
                instruments.flatMap((id) => {
                  const found = this.entries.get(`${tenant}/${id}`);
                  return found === undefined || this.away.has(id) ? [] : [[id, found] as const];
                }),
              )
            : await this.reference.lookupInstruments(tenant, instruments);
        const unanswered = new Set(instruments.filter((id) => this.away.has(id)));
        answers.push({ kind: 'taxonomy', entries, version: this.version, unanswered });
      }
      return answers;
    });
  }
}

test('an entry, a rule, a rule at a known location, and nothing', async () => {
  const world = new World();
  world.entries.set('t/NG', entry('NG', 'gas'));
  const input = world.ticks([
    ['t', 'NG'],
    ['t', 'west', 'NYISO', 'WEST', 'DA', 'lmp'],
    ['t', 'east', 'NYISO', 'EAST', 'DA', 'lmp'],
    ['t', 'loss', 'NYISO', 'WEST', 'DA', 'loss'],
    ['t', 'pjm', 'PJM', 'WEST', 'DA', 'lmp'],
    ['t', 'none'],
    ['t', 'NG'],
    ['t', 'none'],
  ]);
  const { output, anomalies, balance } = await world.process(input, '2025-07-01T00:00Z');
  const of = (i: number) => output.taxa[output.taxonomyOf[i]];
  assert.deepEqual(of(0), {
    commodity: 'gas',
    region: 'US Gulf',
    productTier: 'forward',
    tags: ['a'],
    confidence: 1,
    version: 1,
  });
  assert.deepEqual(of(1), {
    commodity: 'power',
    region: 'Zone A',
    productTier: 'day-ahead',
    tags: ['lbmp', 'z', 'zone'],
    confidence: 0.9,
    version: 1,
  });
  assert.deepEqual(of(2), {
    commodity: 'power',
    region: 'New York',
    productTier: 'day-ahead',
    tags: ['lbmp', 'z'],
    confidence: 0.5,
    version: 1,
  });
  assert.deepEqual([of(3).region, of(3).tags, of(3).confidence], ['Zone A', ['zone'], 0.84]);
  assert.deepEqual([of(4).region, of(4).confidence], ['somewhere', 0.2]);
  assert.deepEqual([of(5).commodity, of(5).confidence], ['', 0]);
  assert.equal(output.taxonomyOf[6], output.taxonomyOf[0]);
  assert.equal(output.taxa.length, 6);
  const flags = Array.from({ length: 8 }, (_, i) => output.ticks.flags[i]);
  assert.deepEqual(flags, [0, 0, 0, 0, 0, Flag.MISSING_METADATA, 0, Flag.MISSING_METADATA]);
  // Silver's own flags are as they were: the batch is shared with what is written there.
  assert.ok(input.flags.subarray(0, 8).every((f) => f === 0));
  assert.deepEqual(
    anomalies.map(({ type, severity, instrumentId, count }) => [type, severity, instrumentId, count]),
    [['MISSING_METADATA', 'info', 'none', 2]],
  );
  assert.deepEqual([balance.in, balance.out, balance.dropped], [8, 8, {}]);
});

test('tenants have their own entries', async () => {
  const world = new World();
  world.entries.set('a/NG', entry('NG', 'gas'));
  world.entries.set('b/NG', entry('NG', 'oil', 0));
  const { output, anomalies } = await world.process(
    world.ticks([
      ['a', 'NG'],
      ['b', 'NG'],
      ['c', 'NG'],
    ]),
    '2025-07-01T00:00Z',
  );
  assert.deepEqual(
    [0, 1, 2].map((i) => output.taxa[output.taxonomyOf[i]].commodity),
    ['gas', 'oil', ''],
  );
  assert.deepEqual(world.asked, ['a: NG', 'b: NG', 'c: NG']);
  assert.deepEqual(
    anomalies.map((a) => a.tenant),
    ['b', 'c'],
  );
});

test('an answer is kept until its time is up by the plan’s clock, then asked again', async () => {
  const world = new World();
  world.entries.set('t/NG', entry('NG', 'gas'));
  const commodity = async (clock: string): Promise<string> => {
    const { output } = await world.process(world.ticks([['t', 'NG']]), clock);
    return `${output.taxa[output.taxonomyOf[0]].commodity} ${output.taxa[output.taxonomyOf[0]].version}`;
  };
  assert.equal(await commodity('2025-07-01T00:00:00Z'), 'gas 1');
  world.entries.set('t/NG', entry('NG', 'oil'));
  world.version = 2;
  assert.equal(await commodity('2025-07-01T00:00:59.999999Z'), 'gas 1');
  assert.equal(world.asked.length, 1);
  assert.equal(await commodity('2025-07-01T00:01:00Z'), 'oil 2');
  world.entries.delete('t/NG');
  assert.equal(await commodity('2025-07-01T00:02:00Z'), ' 0');
  assert.equal(world.asked.length, 3);
});

test('an alias has the entry of its instrument; tag rules add to entries and to rules', async () => {
  const settings = enrichmentSchema.parse({
    version: 1,
    rules: [
      { market: 'NYISO', product: 'DA', commodity: 'power', region: 'New York', product_tier: 'day-ahead' },
    ],
    tag_rules: [
      { market: 'NYISO', tags: ['wholesale'] },
      { field: 'loss', tags: ['price-component', 'wholesale'] },
      { commodity: 'gas', tags: ['fuel'] },
    ],
  });
  const reference = openSqliteReference({ path: ':memory:' });
  try {
    await reference.upsertInstruments('t', [entry('NG_HH_BALMO', 'gas')]);
    await reference.upsertAlias('t', 'HH', 'NG_HH_BALMO');
    const world = new World(settings, reference);
    const input = world.ticks([
      ['t', 'HH'],
      ['t', 'loss', 'NYISO', 'WEST', 'DA', 'loss'],
      ['t', 'none'],
      ['u', 'HH'],
    ]);
    const { output } = await world.process(input, '2025-07-01T00:00Z');
    assert.deepEqual(
      output.taxa.map(({ commodity, tags, confidence }) => [commodity, tags, confidence]),
      [
        ['gas', ['a', 'fuel'], 1],
        ['power', ['price-component', 'wholesale'], 0.5],
        ['', [], 0],
        ['', [], 0],
      ],
    );
  } finally {
    await reference.close();
  }
});

test('an entry without a region is flagged all the same', async () => {
  const world = new World();
  world.entries.set('t/NG', { ...entry('NG', 'gas'), region: '' });
  const { output } = await world.process(world.ticks([['t', 'NG']]), '2025-07-01T00:00Z');
  assert.equal(output.ticks.flags[0], Flag.MISSING_METADATA);
});

test('a new version of the reference data is asked for at once, and every look-up is counted', async () => {
  const world = new World();
  world.entries.set('t/NG', entry('NG', 'gas'));
  const told = async (version: number) => {
    const rows = ['NG', 'NG', 'none', 'NG'].map((id) => ['t', id] as const);
    const { output, events } = await world.process(world.ticks(rows), '2025-07-01T00:00Z', version);
    const [{ facts }] = events ?? [];
    return [output.taxa[output.taxonomyOf[0]].commodity, facts['hits'], facts['misses'], facts['missing']];
  };
  assert.deepEqual(await told(1), ['gas', 2, 2, 1]);
  world.entries.set('t/NG', entry('NG', 'oil'));
  assert.deepEqual(await told(1), ['gas', 4, 0, 1]);
  assert.deepEqual(await told(2), ['oil', 2, 2, 1]);
});

test('away: known entries hold, the rest is flagged, nothing is learnt; back: all that is owed is asked, ticks or none', async () => {
  const world = new World();
  world.entries.set('t/NG', entry('NG', 'gas'));
  world.entries.set('t/west', entry('west', 'emissions'));
  const ng = world.ticks([['t', 'NG']]);
  const rows = [
    ['t', 'NG'],
    ['t', 'west', 'NYISO', 'WEST', 'DA', 'lmp'],
    ['t', 'none'],
  ] as const;
  const due = () => nextAskOf(world.run.current as EnrichmentState);
  await world.process(ng, '2025-07-01T00:00:00Z');
  assert.equal(due(), Infinity);
  for (const { id } of [{ id: 'NG' }, { id: 'west' }, { id: 'none' }]) world.away.add(id);
  // The entry of NG is past its time by now.
  const during = await world.process(world.ticks(rows), '2025-07-01T01:00:00Z');
  const { taxa, taxonomyOf, ticks, learned } = during.output;
  assert.deepEqual(
    [0, 1, 2].map((i) => taxa[taxonomyOf[i]].commodity),
    ['gas', 'power', ''],
  );
  const flag = Flag.MISSING_METADATA;
  assert.deepEqual([...ticks.flags.subarray(0, 3)], [0, flag, flag]);
  assert.deepEqual(learned, [], 'a guess is not written down');
  assert.equal(during.anomalies[0].count, 2);
  world.asked.length = 0;
  const soon = await world.process(world.ticks(rows), '2025-07-01T01:00:01Z');
  assert.deepEqual(world.asked, [], 'not asked again at once');
  assert.deepEqual([...soon.output.ticks.flags.subarray(0, 3)], [0, flag, flag]);
  assert.equal(due(), parseInstant('2025-07-01T01:00:02Z'));
  await world.process(world.ticks([]), '2025-07-01T01:00:02Z');
  assert.deepEqual(world.asked, ['t: west,none']);
  world.away.clear();
  const back = await world.process(world.ticks([]), '2025-07-01T01:00:04Z');
  assert.deepEqual(
    back.output.learned.map(({ instrumentId, commodity }) => [instrumentId, commodity]),
    [
      ['west', 'emissions'],
      ['none', ''],
    ],
  );
  assert.equal(due(), Infinity);
  const after = await world.process(world.ticks(rows), '2025-07-01T01:00:05Z');
  assert.deepEqual([...after.output.ticks.flags.subarray(0, 3)], [0, 0, flag]);
  const [{ facts }] = after.events ?? [];
  assert.deepEqual([facts['hits'], facts['misses']], [2, 1]);
});

test('entries of a version before that of the plan hold for a moment only', async () => {
  const world = new World();
  world.entries.set('t/NG', entry('NG', 'gas'));
  const commodity = async (clock: string): Promise<string> => {
    const { output } = await world.process(world.ticks([['t', 'NG']]), clock, 2);
    return output.taxa[output.taxonomyOf[0]].commodity;
  };
  assert.equal(await commodity('2025-07-01T00:00:00Z'), 'gas');
  world.entries.set('t/NG', entry('NG', 'oil'));
  world.version = 2;
  assert.equal(await commodity('2025-07-01T00:00:01Z'), 'gas');
  assert.equal(await commodity('2025-07-01T00:00:02Z'), 'oil');
});

test('what the file may say: a time to live from 60 to 300 s, no alias of itself', () => {
  for (const cache_ttl of ['59s', '301s', '1h', 'soon'])
    assert.throws(() => enrichmentSchema.parse({ version: 1, cache_ttl }), /60s to 300s/);
  assert.equal(enrichmentSchema.parse({ version: 1, cache_ttl: '5m' }).cache_ttl, '5m');
  assert.throws(
    () => enrichmentSchema.parse({ version: 1, aliases: [{ alias: 'A', instrument: 'A' }] }),
    /another/,
  );
});
