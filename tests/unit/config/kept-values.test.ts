/** Values of YAML files beside the compiled code: what is kept, what never is, and that mistakes still have their place. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { z } from 'zod';
import { readYaml } from '../../../app/config/yaml-file.ts';
import { inspectText } from '../../../app/connectors/manifest.ts';

const root = mkdtempSync(join(tmpdir(), 'kept-values-'));
const { directory } = enableCompileCache(join(root, 'compiled'));
assert.ok(directory !== undefined);
after(() => rmSync(root, { recursive: true, force: true }));

const schema = z.strictObject({ limit: z.number(), name: z.string().optional() });
const path = join(root, 'policy.yaml');

function read(text: string, variables: Record<string, string> = {}): Promise<z.infer<typeof schema>> {
  writeFileSync(path, text);
  return readYaml(path, schema, variables);
}

/** What lies beside the compiled code, by path. */
function kept(): Map<string, string> {
  const names = readdirSync(directory as string, { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => name.endsWith('.json')).map((name) => join(directory as string, name));
  return new Map(paths.map((each) => [each, readFileSync(each, 'utf8')]));
}

/** Reads a text and gives the one path under which it was kept. */
async function keptBy(text: string): Promise<string> {
  const before = new Set(kept().keys());
  await read(text);
  const [added, ...more] = [...kept().keys()].filter((each) => !before.has(each));
  assert.ok(added !== undefined && more.length === 0, 'one file more');
  return added;
}

test('a text that was read is not parsed again, another one is', async () => {
  const file = await keptBy('limit: 1 # of something\n');
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { limit: 1 });
  // What nobody could have parsed shows where the value comes from.
  writeFileSync(file, '{"limit":99}');
  assert.deepEqual(await read('limit: 1 # of something\n'), { limit: 99 });
  assert.deepEqual(await read('limit: 2 # of something\n'), { limit: 2 });
});

test('what was kept and is damaged is parsed and kept again', async () => {
  const file = await keptBy('limit: 3\n');
  for (const damage of ['', '{"limit":', '{"limit":"three"}', 'null']) {
    writeFileSync(file, damage);
    assert.deepEqual(await read('limit: 3\n'), { limit: 3 }, damage);
    assert.equal(readFileSync(file, 'utf8'), '{"limit":3}', damage);
  }
});

test('a text with variables says what they say each time', async () => {
  const before = kept();
  assert.deepEqual(await read(`limit: $\{LIMIT}\n`, { LIMIT: '4' }), { limit: 4 });
  assert.deepEqual(await read(`limit: $\{LIMIT}\n`, { LIMIT: '5' }), { limit: 5 });
  assert.deepEqual(kept(), before);
});

test('a value that JSON would change is not kept', async () => {
  const before = kept();
  const infinite = z.object({ limit: z.any() });
  writeFileSync(path, 'limit: .inf\n');
  assert.deepEqual(await readYaml(path, infinite, {}), { limit: Number.POSITIVE_INFINITY });
  assert.deepEqual(await readYaml(path, infinite, {}), { limit: Number.POSITIVE_INFINITY });
  assert.deepEqual(kept(), before);
});

test('a mistake has its line and column, however often it is read', async () => {
  for (let again = 0; again < 2; again++) {
    await assert.rejects(read('name: x\nlimit: many\n'), (error: { position: object }) => {
      assert.deepEqual(error.position, {
        file: path,
        line: 2,
        column: 8,
        field: 'limit',
        expected: 'number',
        got: '"many"',
      });
      return true;
    });
    await assert.rejects(read('limit: [1\n'), { code: 'CONFIG_INVALID' });
  }
});

test('a manifest is the same whether it was kept or not, and so are its mistakes', () => {
  const file = join(import.meta.dirname, '../../../connectors/nyiso/connector.yaml');
  const text = readFileSync(file, 'utf8');
  const [first, second] = [inspectText(file, text), inspectText(file, text)];
  assert.ok(first.manifest !== null);
  assert.deepEqual(second, first);
  const wrong = text.replace(/^market: .*$/m, 'market: MARS');
  assert.notEqual(wrong, text);
  const [one, two] = [inspectText(file, wrong), inspectText(file, wrong)];
  assert.ok(one.problems.length > 0);
  assert.deepEqual(
    two.problems.map(({ message }) => message),
    one.problems.map(({ message }) => message),
  );
});
