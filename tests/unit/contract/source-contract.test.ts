import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { radarOf } from '../../../app/contract/radar.ts';
import { judgeShape } from '../../../app/contract/source-contract.ts';
import { runConnector } from '../../../app/ingest/run-connector.ts';
import { ledgerDatasets } from '../../../app/ledger/datasets.ts';
import { refine } from '../../../connectors/kit/refine.ts';
import { shapeOf } from '../../../connectors/kit/shape.ts';
import { instantFromCivil } from '../../../core/time/instant.ts';
import { priceDemand } from '../../../scripts/samples/make-declared-samples.ts';
import { type IngestWorld, LocalSource, openIngestWorld, plain } from '../../support/ingest-world.ts';

const CLEAN = priceDemand('SA1', Date.parse('2025-02-28T14:00Z'), 24, 0).payload;
const NOW = instantFromCivil(2025, 3, 10);

describe('the contract of a source', () => {
  let world: IngestWorld;
  let source: LocalSource;
  let runs = 0;

  beforeEach(async () => {
    world = await openIngestWorld(NOW);
    source = await new LocalSource().open();
  });
  afterEach(async () => {
    await source.close();
    await world.close();
  });

  const run = async (body: string) => {
    source.otherwise = plain(200, body);
    const report = await runConnector(world.stores, {
      connector: 'aemo',
      datasets: ['price_demand'],
      window: { start: instantFromCivil(2025, 3, 2), end: instantFromCivil(2025, 3, 3) },
      runId: `r${++runs}`,
      origin: source.origin,
      options: { region: 'SA1' },
      patience: { retries: 0, minIntervalMs: 0 },
    });
    return report.datasets[0]?.results[0];
  };
  const anomalies = async () =>
    (await world.records('data.quality.anomalies.v1'))
      .map((record) => (record['value'] as { payload: Record<string, never> }).payload)
      .filter(({ type }) => type === 'SOURCE_DRIFT');
  const rows = async (): Promise<number> => (await world.records('ingestion.aemo.raw.v1')).length;
  const later = (body: string): string => body.replaceAll('2025/03/01', '2025/03/02');

  test('a column that appears is told once with both shapes, and the rows go on', async () => {
    assert.equal((await run(CLEAN))?.outcome, 'published');
    assert.equal((await anomalies()).length, 0, 'the first shape is the known one');
    const wider = (body: string): string =>
      body.replaceAll('\r\n', ',1\r\n').replace('PERIODTYPE,1', 'PERIODTYPE,CARBON');
    assert.equal((await run(wider(CLEAN)))?.outcome, 'published');
    await run(wider(later(CLEAN)));
    const found = await anomalies();
    assert.equal(found.length, 1);
    const { message, context } = found[0] as never as { message: string; context: Record<string, string> };
    assert.equal(message, 'carbon appears (number)');
    assert.match(context['old_shape'] ?? '', /^csv periodtype:word \| region:word/);
    assert.match(context['new_shape'] ?? '', /carbon:number/);
    assert.equal(context['refused'], 'false');
    assert.equal(await rows(), 72);
  });

  test('another unit of a column freezes the dataset until somebody accepts it', async () => {
    await run(CLEAN.replace('RRP', 'RRP ($/MWh)'));
    const other = later(CLEAN).replace('RRP', 'RRP (c/kWh)').replace('c/kWh', '¢/kWh');
    const refused = await run(other);
    assert.deepEqual([refused?.outcome, refused?.code], ['rejected', 'SOURCE_DRIFT']);
    assert.match(refused?.message ?? '', /rrp changes its unit from \$\/mwh to ¢\/kwh/);
    assert.equal(await rows(), 24, 'nothing of it went on');
    assert.equal((await anomalies())[0]?.severity, 'critical');
    const [aemo] = (await ledgerDatasets('aemo', 'price_demand')) as [never];
    const look = (accept: boolean) => radarOf(world.stores, 'default', aemo, 50, accept);
    assert.deepEqual(
      (await look(false)).map(({ verdict, bodies }) => [verdict, bodies]),
      [
        ['good', 1],
        ['refused', 1],
      ],
    );
    await look(true);
    assert.deepEqual(
      (await look(false)).map(({ verdict }) => verdict),
      ['good', 'good'],
    );
    assert.equal((await run(other))?.outcome, 'published');
    assert.equal(await rows(), 48);
  });

  test('a column that is needed and gone is told with both shapes; the body is refused', async () => {
    await run(CLEAN);
    const refused = await run(later(CLEAN).replace('TOTALDEMAND', 'DEMAND'));
    assert.deepEqual([refused?.outcome, refused?.code], ['rejected', 'SOURCE_COLUMN_MISSING']);
    const [found] = (await anomalies()) as never as [{ context: Record<string, string> }];
    assert.match(found.context['old_shape'] ?? '', /totaldemand:number/);
    assert.match(found.context['new_shape'] ?? '', / demand:number/);
    assert.equal(await rows(), 24);
  });

  test('words where numbers stood are set aside row by row, and told', async () => {
    await run(CLEAN);
    const words = later(CLEAN).replace(/(SA1,2025\/03\/02 \d\d:\d\d:\d\d,)[\d.]+/g, '$1unknown');
    const record = await run(words);
    assert.deepEqual([record?.outcome, record?.rows], ['rejected', 0]);
    assert.equal((await anomalies())[0]?.message, 'totaldemand changes from number to word');
    assert.equal(await rows(), 24);
  });
});

test('modes say what goes on; words may be left out in place of their rows', () => {
  const shape = (text: string) => shapeOf({ name: '', bytes: new TextEncoder().encode(text) }) as never;
  const before = shape('a,b (MW)\nx,1\ny,2\n');
  const modes = { appears: 'evolve', vanishes: 'evolve', type: 'discard_row', meaning: 'freeze' } as const;
  const refused = (text: string, changes: object): boolean | undefined =>
    judgeShape('d', [before], shape(text), { ...modes, ...changes })?.refused;
  const wider = 'a,b (MW),c\nx,1,1\ny,2,1\n';
  assert.equal(refused(wider, {}), false);
  assert.equal(refused(wider, { appears: 'freeze' }), true);
  assert.equal(refused(wider, { appears: 'discard_row' }), true);
  assert.equal(refused(wider, { appears: 'discard_value' }), false);
  assert.equal(refused('a,b (kW)\nx,1\ny,2\n', {}), true);
  assert.equal(refused('a,b (kW)\nx,1\ny,2\n', { meaning: 'evolve' }), false);
  assert.equal(refused('a,b (kW)\nx,1\ny,2\n', { meaning: 'discard_value' }), true);
  assert.equal(refused('a,b (MW)\nx,p\ny,q\n', {}), false);
  assert.equal(refused('a,b (MW)\nx,p\ny,q\n', { type: 'freeze' }), true);
  assert.equal(judgeShape('d', [], before, modes), null);
});

test('a value that is no number is left out where the contract says so', async () => {
  const [{ dataset }] = (await ledgerDatasets('aemo', 'price_demand')) as never as [{ dataset: never }];
  const body = CLEAN.replace(/(SA1,2025\/03\/01 00:05:00,)[\d.]+/, '$1unknown');
  const payload = { name: '', bytes: new TextEncoder().encode(body) };
  const transforms = ['sanitize_numeric', 'standardize_timezone'];
  assert.equal(refine('AEMO', dataset, payload, transforms).rejected.length, 1);
  const { rows, rejected, discarded } = refine('AEMO', dataset, payload, transforms, { discardsWords: true });
  assert.deepEqual([rows.length, rejected.length], [24, 0]);
  assert.deepEqual(discarded, [{ row: 2, field: 'load', got: 'unknown' }]);
  assert.equal(rows[0]?.values.find(({ field }) => field === 'load')?.value, null);
});
