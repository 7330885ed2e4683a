import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { connectorOf } from '../../../app/connectors/catalogue.ts';
import { inspectText, requireManifest } from '../../../app/connectors/manifest.ts';
import { connectorFiles } from '../../../app/scaffold/connector-files.ts';
import { recognise } from '../../../connectors/kit/recognise.ts';
import { refine, requireWhole } from '../../../connectors/kit/refine.ts';
import { parseSchema } from '../../../core/schema/avro-schema.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const RAW = readFileSync(join(ROOT, 'connectors/generic/schemas/raw_generic_trade.avsc'), 'utf8');
const HTTP = { name: 'entsoe-load', market: 'ENTSOE', dataset: 'load', kind: 'http' } as const;

test('a new connector without code reads its own payload, and its golden test is red until it is filled in', () => {
  const files = connectorFiles(HTTP, RAW);
  const manifest = files.get('connectors/entsoe-load/connector.yaml') as string;
  // Its schema lies beside it once it is written; here another one stands for it.
  const place = join(ROOT, 'connectors/elexon/connector.yaml');
  const good = manifest.replace('schemas/raw_entsoe_load.avsc', 'schemas/raw_elexon_price.avsc');
  const connector = connectorOf(requireManifest(inspectText(place, good)), 'entsoe-load');
  const folder = 'tests/data/golden/decode/entsoe-load/load/first-case';
  const payload = { name: 'payload.json', bytes: Buffer.from(files.get(`${folder}/payload.json`) as string) };
  const { dataset } = recognise([connector], payload);
  const refined = requireWhole(
    refine('ENTSOE', dataset, payload, ['sanitize_numeric', 'standardize_timezone']),
  );
  assert.deepEqual(refined.rows[0]?.values, [{ field: 'load', value: '1234.5', unit: 'MW' }]);
  assert.match(files.get(`${folder}/expected.jsonl`) as string, /REPLACE ME/);
  assert.match(files.get('tests/unit/connectors/entsoe-load.test.ts') as string, /expected\.jsonl/);
});

test('schemas, samples and code have names of their own, and nothing is left to fill in by the command', () => {
  for (const made of [HTTP, { name: 'aeso', market: 'AESO', dataset: 'pool_price', kind: 'code' } as const]) {
    const files = connectorFiles(made, RAW);
    for (const [path, text] of files) assert.doesNotMatch(text, /__[A-Z]+__/, path);
    const [schema] = [...files].filter(([path]) => path.endsWith('.avsc'));
    const type = parseSchema(schema?.[1] ?? '', schema?.[0] ?? '');
    assert.equal(
      type.kind === 'record' && type.name,
      made.kind === 'code' ? 'com.carbon254.ingestion.RawAesoRow' : 'com.carbon254.ingestion.RawEntsoeLoad',
    );
  }
  const code = connectorFiles({ name: 'aeso', market: 'AESO', dataset: 'pool_price', kind: 'code' }, RAW);
  assert.ok(code.has('connectors/aeso/index.ts') && code.has('connectors/aeso/pool-price.ts'));
  assert.match(code.get('connectors/aeso/index.ts') as string, /export const aeso: Connector/);
});
