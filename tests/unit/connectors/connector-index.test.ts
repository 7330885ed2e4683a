import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectorIndex, type Described } from '../../../app/connectors/connector-index.ts';
import { connectorsFolder, loadManifest } from '../../../app/connectors/manifest.ts';
import { CONNECTORS } from '../../../connectors/catalog.ts';

const described: Described[] = await Promise.all(
  CONNECTORS.map(async (connector) => ({
    connector,
    manifest: await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml')),
  })),
);
const nyiso = described.find(({ connector }) => connector.name === 'nyiso') as Described;

test('one entry per market and mode, whatever the order of the connectors', () => {
  const index = connectorIndex(described);
  const keys = index.entries.map(({ market, mode }) => `${market} ${mode}`);
  assert.deepEqual(keys, [...new Set(keys)].sort());
  assert.deepEqual(connectorIndex([...described].reverse()), index);
  const entry = index.entries.find(({ id }) => id === 'nyiso_batch');
  assert.equal(entry?.output_topic, 'ingestion.nyiso.raw.v1');
  assert.ok(entry?.datasets.some(({ dataset }) => dataset === 'da_lmp'));
  assert.deepEqual(entry?.schedules, [...new Set(entry?.datasets.map(({ schedule }) => schedule))].sort());
});

test('a dataset of another mode is an entry of its own', () => {
  const [first, ...rest] = nyiso.manifest.datasets;
  const manifest = {
    ...nyiso.manifest,
    datasets: [{ ...first, name: 'da_lmp', mode: 'hybrid' as const }, ...rest],
  };
  const index = connectorIndex([{ ...nyiso, manifest }]);
  const hybrid = index.entries.find(({ mode }) => mode === 'hybrid');
  assert.deepEqual(
    hybrid?.datasets.map(({ dataset }) => dataset),
    ['da_lmp'],
  );
  assert.ok(
    !index.entries.some(
      ({ mode, datasets }) => mode === 'batch' && datasets.some((d) => d.dataset === 'da_lmp'),
    ),
  );
});

test('what is switched off is left out and named', () => {
  const off = { ...nyiso, manifest: { ...nyiso.manifest, enabled: false } };
  const index = connectorIndex([off, ...described.filter((each) => each !== nyiso)]);
  assert.ok(!index.entries.some(({ market }) => market === 'NYISO'));
  assert.deepEqual(index.disabled, ['nyiso']);
  assert.equal(index.enabled, described.length - 1);
  const [first, ...rest] = nyiso.manifest.datasets;
  const one = { ...nyiso.manifest, datasets: [{ ...first, name: 'da_lmp', enabled: false }, ...rest] };
  const datasets = connectorIndex([{ ...nyiso, manifest: one }]).entries.flatMap((entry) => entry.datasets);
  assert.ok(!datasets.some(({ dataset }) => dataset === 'da_lmp'));
});
