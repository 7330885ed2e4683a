import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAs } from '../../../app/ingest/open-payload.ts';
import { destinationOf, publishMembers } from '../../../app/ingest/publish.ts';
import { runConnector } from '../../../app/ingest/run-connector.ts';
import { ledgerDatasets } from '../../../app/ledger/datasets.ts';
import { repairDataset } from '../../../app/repair/repair.ts';
import type { RawRow } from '../../../core/model/raw-row.ts';
import { instantFromCivil } from '../../../core/time/instant.ts';
import { priceDemand } from '../../../scripts/samples/make-declared-samples.ts';
import { LocalSource, openIngestWorld, plain } from '../../support/ingest-world.ts';

const CLEAN = priceDemand('SA1', Date.parse('2025-02-28T14:00Z'), 12, 0).payload;
const WINDOW = { start: instantFromCivil(2025, 2, 28), end: instantFromCivil(2025, 3, 2) };

test('what today’s code says otherwise is published as a revision, once; nothing else is touched', async (t) => {
  const world = await openIngestWorld(instantFromCivil(2025, 3, 10));
  const source = await new LocalSource().open();
  t.after(async () => {
    await source.close();
    await world.close();
  });
  const { stores } = world;
  const [aemo] = (await ledgerDatasets('aemo', 'price_demand')) as [
    Awaited<ReturnType<typeof ledgerDatasets>>[number],
  ];
  source.otherwise = plain(200, CLEAN);
  // A run that only archives: what yesterday's code made of the body is published below, by hand.
  const run = (act?: 'extract') =>
    runConnector(stores, {
      connector: 'aemo',
      datasets: ['price_demand'],
      window: { start: instantFromCivil(2025, 3, 1), end: instantFromCivil(2025, 3, 2) },
      runId: 'r',
      origin: source.origin,
      options: { region: 'SA1' },
      patience: { retries: 0, minIntervalMs: 0 },
      ...(act === undefined ? {} : { act }),
    });
  const [record] = (await run('extract')).datasets[0]?.results ?? [];
  assert.equal(record?.outcome, 'archived');
  const payload = { name: record.request, bytes: new TextEncoder().encode(CLEAN) };
  const opened = readAs(payload, aemo.connector, aemo.dataset, aemo.manifest);
  const [member] = opened.members as [(typeof opened.members)[number]];
  const wrong = (row: RawRow, values: RawRow['values']): RawRow => ({ ...row, values });
  const [first, second, third, ...rest] = member.refined.rows as [RawRow, RawRow, RawRow, ...RawRow[]];
  const rows = [
    wrong(first, [{ field: 'price', value: '0.01', unit: 'AUD/MWh' }, ...first.values.slice(1)]),
    second,
    { ...third, location: 'SA2' },
    ...rest,
  ];
  const yesterday = { members: [{ ...member, refined: { ...member.refined, rows } }], skipped: [] };
  const context = { sha256: record.sha256, knownAt: record.knownAt as number, traceId: '0'.repeat(32) };
  await publishMembers(stores, yesterday, destinationOf(yesterday), context);
  await stores.reference.recordFetch({ ...record, outcome: 'published' });
  const raw = () => world.records('ingestion.aemo.raw.v1');
  assert.equal((await raw()).length, 12);

  const dry = await repairDataset(stores, aemo, WINDOW, true);
  assert.deepEqual([dry.bodies, dry.compared, (await raw()).length], [1, 12, 12]);
  const report = await repairDataset(stores, aemo, WINDOW, false);
  assert.deepEqual(
    report.repaired
      .map(({ change, row }) => `${change} ${row.location} ${row.intervalStart === first.intervalStart}`)
      .sort(),
    ['added SA1 false', 'changed SA1 true', 'withdrawn SA2 false'],
  );
  const changed = report.repaired.find(({ change }) => change === 'changed');
  assert.equal(changed?.before?.values[0]?.value, '0.01');
  assert.equal(changed?.row.values[0]?.value, first.values[0]?.value);
  const events = (await raw()).slice(0).map((each) => each['value'] as Record<string, never>);
  assert.equal(events.length, 15);
  const cancels = events.filter(({ payload: part }) => (part as { cancels: boolean }).cancels);
  assert.deepEqual(
    cancels.map(({ payload: part }) => (part as { location: string }).location),
    ['SA2'],
  );
  const again = await repairDataset(stores, aemo, WINDOW, false);
  assert.deepEqual([again.repaired, (await raw()).length], [[], 15]);
});
