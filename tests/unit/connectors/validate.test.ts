import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import avsc from 'avsc';
import { shapeMismatches } from '../../../app/connectors/avro-shape.ts';
import { connectorsFolder } from '../../../app/connectors/manifest.ts';
import { sampleEvent, validateConnector } from '../../../app/connectors/validate.ts';
import { CONNECTORS } from '../../../connectors/catalog.ts';
import { refine } from '../../../connectors/kit/refine.ts';
import { dayAheadLmp } from '../../../connectors/nyiso/day-ahead-lmp.ts';
import { caseFiles } from '../../support/case-files.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SCHEMA = readFileSync(join(connectorsFolder(), 'nyiso/schemas/raw_nyiso_lmp.avsc'), 'utf8');
const SAMPLE = readFileSync(join(ROOT, 'samples/nyiso_20251102damlbmp_zone.csv'));

const folder = mkdtempSync(join(tmpdir(), 'connector-'));
after(() => rmSync(folder, { recursive: true }));

/** A copy of the NYISO connector that a test may spoil. */
function copy(change: {
  manifest?: (text: string) => string;
  sample?: (text: string) => string;
  schema?: (text: string) => string;
}): string {
  const home = mkdtempSync(join(folder, 'c-'));
  mkdirSync(join(home, 'connectors'));
  cpSync(join(connectorsFolder(), 'nyiso'), join(home, 'connectors/nyiso'), { recursive: true });
  cpSync(join(ROOT, 'samples'), join(home, 'samples'), { recursive: true });
  const edit = (path: string, by?: (text: string) => string): void => {
    if (by !== undefined) writeFileSync(join(home, path), by(readFileSync(join(home, path), 'utf8')));
  };
  edit('connectors/nyiso/connector.yaml', change.manifest);
  edit('samples/nyiso_20250309damlbmp_zone.csv', change.sample);
  edit('connectors/nyiso/schemas/raw_nyiso_lmp.avsc', change.schema);
  return join(home, 'connectors/nyiso/connector.yaml');
}

test('every connector that comes with the program is valid, sample and schema included', async () => {
  for (const connector of CONNECTORS) {
    const report = await validateConnector(join(connectorsFolder(), connector.name, 'connector.yaml'));
    assert.deepEqual(report.problems, []);
    // A sample, or golden cases in a file.
    const shown = new Set(report.samples.map(({ dataset }) => dataset));
    for (const { market, dataset } of caseFiles()) if (market === connector.name) shown.add(dataset);
    assert.deepEqual(
      connector.datasets.map(({ name }) => name).filter((name) => !shown.has(name)),
      [],
      `${connector.name}: datasets without a sample`,
    );
  }
});

test('the counts of the sample are reported', async () => {
  const { samples } = await validateConnector(copy({}));
  assert.deepEqual(
    [samples[0]?.dataset, samples[0]?.rows, samples[0]?.values],
    ['da_lmp', 23 * 15, 23 * 15 * 3],
  );
});

const SPOILED: Readonly<Record<string, { change: Parameters<typeof copy>[0]; code: string }>> = {
  'a cut sample': { change: { sample: (text) => text.slice(0, 900) }, code: 'SOURCE_MALFORMED' },
  'a value that is no number': {
    change: { sample: (text) => text.replace(',-1.81,', ',x,') },
    code: 'VALUE_NOT_NUMERIC',
  },
  'a sample of another report': {
    change: { sample: () => 'Time Stamp,Time Zone,Fuel Category,Gen MW\n' },
    code: 'SOURCE_UNRECOGNISED',
  },
  'an absent sample': {
    change: { manifest: (text) => text.replace('20250309', '2025') },
    code: 'FILE_UNREADABLE',
  },
  'a schema with another field': {
    change: { schema: (text) => text.replace('"time_rule"', '"rule"') },
    code: 'SCHEMA_INVALID',
  },
  'a bad manifest': {
    change: { manifest: (text) => text.replace('retries: 3', 'retries: -3') },
    code: 'CONNECTOR_INVALID',
  },
};
for (const [what, { change, code }] of Object.entries(SPOILED))
  test(`${what} is found: ${code}`, async () => {
    const { problems } = await validateConnector(copy(change));
    // One schema serves all datasets of the connector: each sample finds what is wrong with it.
    assert.deepEqual([...new Set(problems.map((problem) => problem.code))], [code]);
  });

test('the shape check agrees with the avsc library on every row and on spoiled events', () => {
  const schema: unknown = JSON.parse(SCHEMA);
  const type = avsc.Type.forSchema(JSON.parse(SCHEMA), { wrapUnions: 'never' });
  const { rows } = refine('NYISO', dayAheadLmp, { name: '', bytes: SAMPLE }, [
    'sanitize_numeric',
    'standardize_timezone',
  ]);
  for (const row of rows) {
    const event = sampleEvent(row, 'nyiso');
    assert.deepEqual(shapeMismatches(schema, event), []);
    assert.equal(type.isValid(event), true);
  }
  const spoil = (change: (payload: Record<string, unknown>) => void): void => {
    const event = sampleEvent(rows[0]!, 'nyiso');
    change(event['payload'] as Record<string, unknown>);
    assert.equal(type.isValid(event), false);
    assert.equal(shapeMismatches(schema, event).length, 1);
  };
  spoil((payload) => delete payload['market']);
  spoil((payload) => Object.assign(payload, { market: null }));
  spoil((payload) => Object.assign(payload, { location: 5 }));
  spoil((payload) => Object.assign(payload, { interval_start: 1.5 }));
  spoil((payload) => Object.assign(payload, { values: [{ field: 'lmp', value: 1.5, unit: 'USD/MWh' }] }));
  spoil((payload) => Object.assign(payload, { cancels: 'no' }));
});

test('enums, maps, fixed, references by name and unknown fields are checked too', () => {
  const schema = {
    type: 'record',
    name: 'R',
    fields: [
      { name: 'e', type: { type: 'enum', name: 'E', symbols: ['a', 'b'] } },
      { name: 'm', type: { type: 'map', values: 'int' } },
      { name: 'f', type: { type: 'fixed', name: 'F', size: 2 } },
      { name: 'again', type: ['null', 'E'], default: null },
    ],
  };
  const good = { e: 'a', m: { x: 1 }, f: new Uint8Array(2), again: 'b' };
  assert.deepEqual(shapeMismatches(schema, good), []);
  const bad = { e: 'c', m: { x: 2 ** 31 }, f: new Uint8Array(3), again: 'z', more: 1 };
  assert.deepEqual(
    shapeMismatches(schema, bad).map((found) => found.path),
    ['e', 'm.x', 'f', 'again', 'more'],
  );
});
