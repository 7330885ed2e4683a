/** Values of YAML files beside the compiled code: what is kept, what never is, and that mistakes still have their place. */

import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { z } from 'zod';
import { fileStates } from '../../../app/config/file-states.ts';
import { keptPath, keptPathOf, parsedText } from '../../../app/config/kept-values.ts';
import { readYaml } from '../../../app/config/yaml-file.ts';
import { inspectText } from '../../../app/connectors/manifest.ts';

const root = mkdtempSync(join(tmpdir(), 'kept-values-'));
const { directory } = enableCompileCache(join(root, 'compiled'));
assert.ok(directory !== undefined);
const written = new Set<string>();
after(() => {
  for (const each of [root, ...written]) rmSync(each, { recursive: true, force: true });
});

const schema = z.strictObject({ limit: z.number(), name: z.string().optional() });
const path = join(root, 'policy.yaml');

/** Reads a text that no other run has: the folder may be that of all of them. */
function read(text: string, variables: Record<string, string> = {}): Promise<z.infer<typeof schema>> {
  writeFileSync(path, own(text));
  return readYaml(path, schema, variables);
}

const own = (text: string): string => `${text}# ${root}\n`;

/** Where the value of such a text is kept. */
function keptFileOf(text: string): string {
  const file = keptPathOf(own(text));
  assert.ok(file !== null);
  written.add(file);
  return file;
}

test('a text that was read is not parsed again, another one is', async () => {
  const file = keptFileOf('limit: 1 # of something\n');
  assert.ok(!existsSync(file));
  await read('limit: 1 # of something\n');
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { limit: 1 });
  // What nobody could have parsed shows where the value comes from.
  writeFileSync(file, '{"limit":99}');
  assert.deepEqual(await read('limit: 1 # of something\n'), { limit: 99 });
  assert.deepEqual(await read('limit: 2 # of something\n'), { limit: 2 });
});

test('what was kept and is damaged is parsed and kept again', async () => {
  const file = keptFileOf('limit: 3\n');
  for (const damage of ['', '{"limit":', '{"limit":"three"}', 'null']) {
    writeFileSync(file, damage);
    assert.deepEqual(await read('limit: 3\n'), { limit: 3 }, damage);
    assert.equal(readFileSync(file, 'utf8'), '{"limit":3}', damage);
  }
});

test('a text with variables says what they say each time', async () => {
  assert.deepEqual(await read(`limit: $\{LIMIT}\n`, { LIMIT: '4' }), { limit: 4 });
  assert.deepEqual(await read(`limit: $\{LIMIT}\n`, { LIMIT: '5' }), { limit: 5 });
  assert.ok(!existsSync(keptFileOf(`limit: $\{LIMIT}\n`)));
});

test('a value that JSON would change is not kept', async () => {
  const infinite = z.object({ limit: z.any() });
  writeFileSync(path, own('limit: .inf\n'));
  assert.deepEqual(await readYaml(path, infinite, {}), { limit: Number.POSITIVE_INFINITY });
  assert.deepEqual(await readYaml(path, infinite, {}), { limit: Number.POSITIVE_INFINITY });
  assert.ok(!existsSync(keptFileOf('limit: .inf\n')));
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

test('a text that a schema accepted is not checked again while the code of the schema is the same', async () => {
  const states = fileStates([import.meta.dirname], Number.POSITIVE_INFINITY);
  assert.ok(states !== null);
  let checked = 0;
  const counting = z.strictObject({
    limit: z.number().transform((limit) => ++checked && limit + 1),
  });
  const check = (text: string, name: string, code = states) => {
    for (const each of [name, 'one', 'other'])
      written.add(String(keptPath('checked', `${root} ${each}\n${parsedText(own(text))}`)));
    keptFileOf(text);
    writeFileSync(path, own(text));
    return readYaml(path, counting, { LIMIT: '9' }, { name: `${root} ${name}`, states: code });
  };
  const counts: number[] = [];
  for (const [text, name, code] of [
    ['limit: 1 # x\n', 'one'],
    ['limit: 1 # x\n', 'one'],
    ['limit: 1 # x\n', 'other'],
    ['limit: 1 # y\n', 'one'],
    ['limit: 1 # x\n', 'one', { ...states, hash: 'edited' }],
    ['limit: 1 # x\n', 'one', { ...states, hash: 'edited' }],
    ['limit: 1 # x\n', 'one'],
  ] as const) {
    assert.deepEqual(await check(text, name, code), { limit: 2 });
    counts.push(checked);
  }
  assert.deepEqual(counts, [1, 1, 2, 3, 4, 4, 5]);
  // What says another thing elsewhere, and what is refused, is checked each time.
  for (const count of [6, 7]) {
    assert.deepEqual(await check(`limit: $\{LIMIT}\n`, 'one'), { limit: 10 });
    assert.equal(checked, count);
  }
  for (let again = 0; again < 2; again++)
    await assert.rejects(check('limit: many\n', 'one'), { code: 'CONFIG_INVALID', message: /:1:8 limit/ });
});

test('the state of files is another one when any is edited, even with its size and its time', () => {
  const folder = join(root, 'files');
  mkdirSync(join(folder, 'below'), { recursive: true });
  const file = join(folder, 'below', 'a.ts');
  writeFileSync(file, 'one');
  utimesSync(file, 1e9, 1e9);
  writeFileSync(join(folder, 'b.ts'), '');
  const seen = new Set<string | undefined>();
  const state = () => fileStates([folder], Number.POSITIVE_INFINITY);
  const isNew = (): boolean => seen.size !== seen.add(state()?.hash).size;
  assert.deepEqual(state()?.files, [join(folder, 'b.ts'), file]);
  assert.ok(isNew());
  assert.ok(!isNew());
  const { ctimeMs } = statSync(file);
  // Times of a file may be as coarse as the ticks of the machine's clock.
  do writeFileSync(file, 'two');
  while (statSync(file).ctimeMs === ctimeMs);
  utimesSync(file, 1e9, 1e9);
  assert.ok(isNew());
  renameSync(file, join(folder, 'below', 'c.ts'));
  assert.ok(isNew());
  rmSync(join(folder, 'b.ts'));
  assert.ok(isNew());
  // This process is older than the files: it cannot know which it would have loaded.
  assert.equal(fileStates([folder]), null);
  assert.notEqual(fileStates([join(import.meta.dirname, '../../../core')]), null);
});

test('a manifest is the same whether it was kept or not, and so are its mistakes', () => {
  const file = join(import.meta.dirname, '../../../connectors/nyiso/connector.yaml');
  const text = own(readFileSync(file, 'utf8'));
  keptFileOf(readFileSync(file, 'utf8'));
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
