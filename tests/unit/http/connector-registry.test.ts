import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { pull } from '../../../app/http/connector-pull.ts';
import { connectorRoutes } from '../../../app/http/connector-routes.ts';
import { openApiDocument } from '../../../app/http/openapi.ts';
import { runConnector } from '../../../app/ingest/run-connector.ts';
import { instantFromCivil } from '../../../core/time/instant.ts';
import { systemPrice } from '../../../scripts/samples/make-declared-samples.ts';
import { type IngestWorld, LocalSource, openIngestWorld, plain } from '../../support/ingest-world.ts';

type Named = { in: string; name: string; required: boolean };

const DAY = systemPrice('2025-07-16', Date.parse('2025-07-15T23:00Z'), 48).payload;

describe('the connector registry', () => {
  let world: IngestWorld;
  let source: LocalSource;

  beforeEach(async () => {
    world = await openIngestWorld(instantFromCivil(2025, 7, 17, 6));
    source = await new LocalSource().open();
    source.otherwise = plain(200, DAY);
  });
  afterEach(async () => {
    await source.close();
    await world.close();
  });

  const ask = async (path: string, name = '', query: Record<string, string> = {}): Promise<never> => {
    const route = connectorRoutes(world.stores).find((each) => each.path === path);
    const reply = await route?.answer({ method: 'GET', url: path, params: { name }, query, headers: {} });
    return JSON.parse(String(reply?.body)) as never;
  };
  const window = { from: '2025-07-15T23:00:00Z', to: '2025-07-16T23:00:00Z' };

  test('lists connectors with versions, schedules, health and what they lack', async () => {
    const { data } = (await ask('/connectors')) as { data: Record<string, never>[] };
    const of = (name: string) => data.find((each) => each['name'] === name) as Record<string, never>;
    assert.deepEqual([of('elexon')['health'], of('elexon')['version']], ['idle', '1.0.0']);
    assert.deepEqual([of('eia-spot')['health'], of('eia-spot')['needs']], ['locked', ['EIA_API_KEY']]);
    assert.equal(of('sim')['health'], 'off');
    const [dataset] = of('elexon')['datasets'] as Record<string, never>[];
    assert.equal(dataset?.['next_run'], '2025-07-17T06:12:00Z');
  });

  test('a parameter that a path does not take is refused, and those that it takes are named', async () => {
    const position = (field: string, expected: string) => ({
      code: 'REQUEST_INVALID',
      position: { field, expected, got: '1' },
    });
    for (const path of ['/connectors', '/connectors/:name', '/catalogue', '/index'])
      await assert.rejects(ask(path, 'elexon', { market: '1' }), position('market', 'no parameters'), path);
    await assert.rejects(
      ask('/connectors/:name/pull', 'elexon', { since: '1' }),
      position('since', 'from, to, dataset, rows'),
    );
  });

  test('a pull of a window is the same run, and its rows can be had', async () => {
    const first = (await pull(
      world.stores,
      'elexon',
      { ...window, rows: 'true' },
      { elexon: source.origin },
    )) as {
      data: { run: string; status: string; datasets: Record<string, unknown>[] };
      rows: Record<string, string>[];
    };
    assert.deepEqual(
      [first.data.status, first.data.datasets[0]?.['published'], first.rows.length],
      ['success', 1, 144],
    );
    assert.equal(first.rows[0]?.['field'], 'system_sell_price');
    const published = (await world.records('ingestion.elexon.raw.v1')).length;
    const second = (await pull(world.stores, 'elexon', window, { elexon: source.origin })) as typeof first;
    assert.equal(second.data.run, first.data.run);
    assert.equal(second.data.datasets[0]?.['unchanged'], 1);
    assert.equal(
      (await world.records('ingestion.elexon.raw.v1')).length,
      published,
      'nothing is published again',
    );
    for (const query of [
      {},
      { from: '2025-07-01' },
      { ...window, to: '2026-07-01' },
      { ...window, rows: 'maybe' },
      { ...window, from: 'soon' },
      { ...window, to: '2025-07-01' },
    ])
      await assert.rejects(pull(world.stores, 'elexon', query, { elexon: source.origin }), {
        code: 'REQUEST_INVALID',
      });
    await assert.rejects(pull(world.stores, 'nope', window), { code: 'CONNECTOR_UNKNOWN' });
  });

  test('where simulators stand in for markets, no other market is asked; what is wrong is told in words of a request', async () => {
    const origins = { miso: source.origin, caiso: source.origin };
    const failed = await pull(world.stores, 'elexon', window, origins).catch((error: unknown) => error);
    const { code, position } = failed as { code: string; position: Record<string, string> };
    assert.deepEqual(
      [code, position['expected'], position['got']],
      ['REQUEST_INVALID', 'caiso, miso', 'elexon'],
    );
    const early = await pull(world.stores, 'miso', { ...window, to: '2025-07-01' }, origins).catch(
      (error: unknown) => error,
    );
    const place = (early as { position: Record<string, string> }).position;
    assert.deepEqual([place['field'], place['expected']], ['to', 'a time after from']);
    assert.equal(source.asked.length, 0);
  });

  test('the OpenAPI document tells what a pull takes, and what it answers to a wrong one', () => {
    const { paths } = openApiDocument('connector-registry', []) as unknown as {
      paths: Record<string, { get: { parameters: Named[]; responses: Record<string, { content: object }> } }>;
    };
    const { parameters, responses } = paths['/connectors/{name}/pull']?.get ?? {
      parameters: [],
      responses: {},
    };
    assert.deepEqual(
      parameters.map(({ in: place, name, required }) => [place, name, required]),
      [
        ['path', 'name', true],
        ['query', 'from', true],
        ['query', 'to', true],
        ['query', 'dataset', false],
        ['query', 'rows', false],
      ],
    );
    for (const status of ['400', '404', '409', '503'])
      assert.deepEqual(
        responses[status]?.content,
        { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
        status,
      );
    assert.deepEqual(paths['/health']?.get.responses['503']?.content, { 'application/json': { schema: {} } });
  });

  test('one connector tells its last run and its completeness; three failures in a row are a failing one', async () => {
    await pull(world.stores, 'elexon', window, { elexon: source.origin });
    const { data } = (await ask('/connectors/:name', 'elexon')) as { data: Record<string, never> };
    const run = data['last_run'] as { outcomes: object; rows: number };
    assert.deepEqual([run.outcomes, run.rows], [{ published: 1 }, 48]);
    const [yesterday, today] = data['ledger'] as Record<string, number>[];
    assert.deepEqual(
      [yesterday?.['day'], yesterday?.['expected'], yesterday?.['landed']],
      ['2025-07-16', 48, 48],
    );
    // It is seven in London: fourteen periods are over, and an hour of grace spares the last two.
    assert.deepEqual([today?.['day'], today?.['missing'], today?.['awaited']], ['2025-07-17', 12, 36]);
    assert.equal(data['health'], 'late');
    source.otherwise = plain(500, 'oops');
    for (let i = 0; i < 3; i++)
      await runConnector(world.stores, {
        connector: 'elexon',
        window: { start: instantFromCivil(2025, 7, 15), end: instantFromCivil(2025, 7, 15, 12) },
        runId: `broken-${i}`,
        origin: source.origin,
        patience: { retries: 0, minIntervalMs: 0 },
      });
    const after = (await ask('/connectors/:name', 'elexon')) as { data: Record<string, never> };
    assert.equal(after.data['health'], 'failing');
  });

  test('the catalogue says what each dataset is; the index is that of schedulers', async () => {
    const { data } = (await ask('/catalogue')) as { data: Record<string, never>[] };
    const entry = data.find((each) => each['dataset'] === 'system_price') as Record<string, never>;
    assert.equal((entry['fields'] as { unit: string }[])[0]?.unit, 'GBP/MWh');
    assert.deepEqual(
      [entry['topic'], (entry['time'] as { seconds: number; day: string }).seconds, entry['first_landed']],
      ['ingestion.elexon.raw.v1', 1800, null],
    );
    const index = (await ask('/index')) as { version: number; entries: { id: string }[] };
    assert.ok(index.entries.some(({ id }) => id === 'elexon_batch'));
  });
});
