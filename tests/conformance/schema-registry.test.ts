import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { openSchemaFiles } from '../../drivers/schema-files/registry.ts';
import { schemaRegistrySuite } from './schema-registry.ts';

const root = resolve(import.meta.dirname, '../..');

schemaRegistrySuite('schema files', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'carbon-registry-'));
  return {
    registry: await openSchemaFiles(root, dataDir),
    reopen: () => openSchemaFiles(root, dataDir),
    close: async () => rmSync(dataDir, { recursive: true }),
  };
});

test('schema files: released schemas have the committed ids, and subjects follow the topic', async () => {
  const registry = await openSchemaFiles(root, null);
  const ids = Object.values(
    JSON.parse(readFileSync(join(root, 'events/released/ids.json'), 'utf8')) as Record<string, number>,
  );
  for (const id of ids) assert.equal((await registry.byId(id)).id, id);
  const subjects = await registry.subjects();
  assert.ok(subjects.includes('normalized.market.ticks.v1-value'));
  assert.ok(subjects.includes('ingestion.nyiso.raw.v1-com.carbon254.ingestion.RawNyisoLmp'));
  const bars = await registry.latest('aggregated.market.bars.1h.v1-value');
  assert.equal(bars.id, (await registry.latest('aggregation.ohlc.bars.v1-value')).id);
});
