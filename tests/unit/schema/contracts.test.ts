import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { validateSchemas } from '../../../app/schemas/validate.ts';
import { parseSchema } from '../../../core/schema/avro-schema.ts';
import type { AvroField, AvroType } from '../../../core/schema/avro-type.ts';
import { schemaFingerprint } from '../../../core/schema/fingerprint.ts';
import { readReleasedFiles, readReleasedIds, readSchemaFiles } from '../../../drivers/schema-files/files.ts';

const root = resolve(import.meta.dirname, '../../..');
const files = await readSchemaFiles(root);

function* fieldsOf(type: AvroType): Generator<AvroField> {
  if (type.kind === 'array') yield* fieldsOf(type.items);
  if (type.kind === 'union') for (const branch of type.branches) yield* fieldsOf(branch);
  if (type.kind === 'record')
    for (const field of type.fields) {
      yield field;
      yield* fieldsOf(field.type);
    }
}

test('the schemas of the checkout are valid, compatible with the released ones, and have samples', async () => {
  const { checked, problems } = await validateSchemas(root);
  assert.deepEqual(problems, []);
  assert.ok(checked >= 15);
});

test('every schema has the one envelope, and every field is documented', () => {
  const described = (type: AvroType): string =>
    JSON.stringify(type, (key, value: unknown) => (key === 'doc' ? undefined : value));
  const expected = files.map(({ text, path }) => {
    const type = parseSchema(text, path);
    assert.equal(type.kind, 'record');
    for (const field of fieldsOf(type)) assert.ok(field.doc.length > 8, `${path} ${field.name}`);
    const envelope = type.kind === 'record' ? type.fields : [];
    assert.equal(envelope.at(-1)?.name, 'payload');
    return envelope.slice(0, -1).map((f) => `${f.name} ${described(f.type)} ${JSON.stringify(f.fallback)}`);
  });
  assert.deepEqual(
    expected[0].map((line) => line.split(' ')[0]),
    'event_id trace_id occurred_at tenant_id schema_version producer'.split(' '),
  );
  for (const envelope of expected) assert.deepEqual(envelope, expected[0]);
});

test('every released schema has an id, and different schemas have different ones', async () => {
  const ids = await readReleasedIds(root);
  const released = [...(await readReleasedFiles(root)).values()];
  const prints = new Set(released.map(({ text }) => schemaFingerprint(text)));
  for (const print of prints) assert.ok(ids.has(print));
  assert.equal(new Set(ids.values()).size, ids.size);
});

/** Validates a copy of the contracts in which one file was changed. */
async function changed(
  path: string,
  change: (text: string) => string | null,
): Promise<{ code: string; position: unknown; context: unknown }[]> {
  const copy = mkdtempSync(join(tmpdir(), 'carbon-schemas-'));
  try {
    const schemas = readdirSync(join(root, 'connectors'))
      .map((connector) => `connectors/${connector}/schemas`)
      .filter((folder) => existsSync(join(root, folder)));
    for (const folder of ['events', 'tests/data/golden/events', ...schemas])
      cpSync(join(root, folder), join(copy, folder), { recursive: true });
    const text = change(readFileSync(join(copy, path), 'utf8'));
    if (text === null) rmSync(join(copy, path));
    else writeFileSync(join(copy, path), text);
    return (await validateSchemas(copy)).problems.map(({ code, position, context }) => ({
      code,
      position,
      context,
    }));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

const BARS = 'events/avro/aggregation.ohlc.bars.v1.avsc';

test('validation names the file and field of a breaking change', async () => {
  const found = await changed(BARS, (text) => text.replace('"scale": 16', '"scale": 12'));
  assert.deepEqual(found, [
    {
      code: 'SCHEMA_INCOMPATIBLE',
      position: { file: BARS, field: 'payload.notional' },
      context: { rule: 'decimal-changed' },
    },
  ]);
});

test('validation finds broken text, a removed contract, and samples that do not fit or are absent', async () => {
  const codes = async (path: string, change: (text: string) => string | null): Promise<unknown[]> =>
    (await changed(path, change)).map((p) => [p.code, (p.position as { file: string }).file]);
  assert.deepEqual(await codes(BARS, (text) => text.slice(1)), [['SCHEMA_INVALID', BARS]]);
  assert.deepEqual(await codes(BARS, () => null), [
    ['SCHEMA_INCOMPATIBLE', 'events/released/aggregation.ohlc.bars.v1.avsc'],
  ]);
  const sample = 'tests/data/golden/events/OhlcBar.json';
  assert.deepEqual(await codes(sample, (text) => text.replace('"final"', '5')), [['SCHEMA_INVALID', sample]]);
  assert.deepEqual(await codes(sample, () => null), [['SCHEMA_INVALID', sample]]);
});
