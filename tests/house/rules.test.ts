/** Each rule of the house fails on a small sample that breaks it, and passes on one that does not. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cycleProblems, cyclesOf } from './cycles.ts';
import { undocumentedCodes, unraisedCodes } from './error-codes.ts';
import { importsOf, targetOf } from './imports.ts';
import { lateImportProblems } from './late-imports.ts';
import { maskedCode } from './masked-code.ts';
import { packageProblems } from './packages.ts';
import { purityProblems } from './purity.ts';
import { docstringProblems, nameProblems, sizeProblems } from './shape.ts';
import type { SourceFile } from './source-files.ts';
import { wallProblems } from './walls.ts';

const file = (path: string, text: string): SourceFile => ({ path, text });
const importing = (path: string, ...specifiers: string[]): SourceFile =>
  file(path, specifiers.map((specifier) => `import { a } from '${specifier}';\n`).join(''));

test('masking blanks comments and strings and keeps every position', () => {
  const source = [
    "const a = 'process.env'; // Date.now()",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a sample of code
    '/* any\n * of it */ const b = `x ${process.env.HOME} ${`${Date.now()}`} y`;',
    'const c = /["\'`]process/g.test(d) ? 1 / 2 / process.pid : "\\"any";',
  ].join('\n');
  const { text, code } = maskedCode(source);
  for (const masked of [text, code]) {
    assert.equal(masked.length, source.length);
    assert.equal(masked.split('\n').length, source.split('\n').length);
  }
  assert.equal(code.match(/process/g)?.length, 2);
  assert.equal(code.match(/Date\.now/g)?.length, 1);
  assert.doesNotMatch(code, /any/);
  assert.match(text, /'process\.env'/);
  assert.doesNotMatch(text, /of it/);
});

test('imports of every form are found, with their kind and line', () => {
  const source = [
    "import { a } from './a.ts';",
    "import type { B } from './b.ts';",
    "import { type C, type D } from './c.ts';",
    "import { type E, e } from './d.ts';",
    "import * as f from 'f';",
    "import './g.ts';",
    "export { h } from './h.ts';",
    "export type { I } from './i.ts';",
    "export * from './j.ts';",
    "const k = await import('./k.ts');",
    "type L = import('./l.ts').L;",
    "import {\n  m,\n} from './m.ts';",
    "// import './no.ts';",
    `const text = "import './never.ts'";`,
    "export const from = 'x';",
  ].join('\n');
  assert.deepEqual(
    importsOf(file('core/x.ts', source)).map(({ specifier, kind, line }) => `${line} ${kind} ${specifier}`),
    [
      '1 value ./a.ts',
      '2 type ./b.ts',
      '3 type ./c.ts',
      '4 value ./d.ts',
      '5 value f',
      '6 value ./g.ts',
      '7 value ./h.ts',
      '8 type ./i.ts',
      '9 value ./j.ts',
      '10 dynamic ./k.ts',
      '11 dynamic ./l.ts',
      '12 value ./m.ts',
    ],
  );
  assert.equal(targetOf('core/model/x.ts', '../time/y.ts'), 'core/time/y.ts');
});

test('walls: what each room may import', () => {
  const allowed = [
    importing('core/model/a.ts', './b.ts', '../errors.ts'),
    importing('connectors/nyiso/a.ts', '../../core/errors.ts', '../kit/payload.ts', './b.ts'),
    importing('connectors/catalog.ts', './nyiso/index.ts'),
    importing('services/aggregation/config.ts', 'zod', '../../core/errors.ts', './b.ts'),
    importing('drivers/chdb/a.ts', 'chdb', 'node:fs', '../../core/errors.ts', './b.ts'),
    importing('simulators/miso/a.ts', 'node:http', '../../core/time/zone.ts', '../draw.ts'),
    importing('app/a.ts', 'zod', 'node:fs', '../drivers/chdb/a.ts', '../services/aggregation/config.ts'),
    importing('app/connectors/coded.ts', '../../connectors/catalog.ts'),
  ];
  assert.deepEqual(wallProblems(allowed), []);
  const refused = [
    importing(
      'core/model/a.ts',
      'zod',
      'node:fs',
      '../../services/aggregation/a.ts',
      '../../app/a.ts',
      './b',
    ),
    importing('connectors/kit/a.ts', '../nyiso/a.ts', 'node:path', '../../app/a.ts'),
    importing('connectors/nyiso/a.ts', '../miso/a.ts', 'csv-parse', '../../drivers/chdb/a.ts'),
    importing('services/aggregation/a.ts', 'zod', '../enrichment/a.ts', '../../connectors/kit/a.ts'),
    importing('services/aggregation/config.ts', 'yaml'),
    importing(
      'drivers/chdb/a.ts',
      '../clickhouse/a.ts',
      'pg',
      '../../services/aggregation/a.ts',
      '../../app/a.ts',
    ),
    importing('drivers/unheard-of/a.ts', 'pg'),
    importing(
      'simulators/a.ts',
      'fastify',
      '../connectors/miso/a.ts',
      '../core/codec/bytes.ts',
      '../app/a.ts',
    ),
    importing('app/a.ts', '../tests/support/a.ts', '../bench/a.ts', '../connectors/nyiso/index.ts'),
  ];
  for (const sample of refused)
    assert.equal(wallProblems([sample]).length, importsOf(sample).length, sample.path);
  assert.deepEqual(
    wallProblems([file('core/a.ts', "\nexport type A = import('../app/b.ts').B;")]).map(({ line }) => line),
    [2],
  );
});

test('late imports: what reaches decoders is imported late by commands only', () => {
  const late = "const a = await import('../ingest/b.ts');";
  const rest = [
    importing('app/ingest/b.ts', './c.ts'),
    importing('app/ingest/c.ts', '../../connectors/kit/a.ts'),
    file('connectors/kit/a.ts', ''),
    file('app/ingest/d.ts', "import type { A } from '../../connectors/kit/a.ts';"),
  ];
  const linesOf = (path: string, text: string) =>
    lateImportProblems([...rest, file(path, text)]).map(({ line }) => line);
  assert.deepEqual(linesOf('app/http/a.ts', `\n${late}`), [2]);
  assert.deepEqual(linesOf('app/cli/a.ts', late), []);
  assert.deepEqual(linesOf('app/http/a.ts', late.replace('b.ts', 'd.ts')), []);
  assert.deepEqual(linesOf('app/http/a.ts', "load('./b.ts') as typeof import('../ingest/b.ts');"), []);
});

test('cycles: of values, of types, and those with a reason', () => {
  assert.deepEqual(
    cyclesOf(
      new Map([
        ['a', ['b', 'c']],
        ['b', ['c']],
        ['c', []],
      ]),
    ),
    [],
  );
  assert.deepEqual(
    cyclesOf(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
    [['b', 'c', 'b']],
  );
  const files = [
    file('core/a.ts', "import type { B } from './b.ts';"),
    file('core/b.ts', "import { a } from './a.ts';"),
  ];
  assert.equal(cycleProblems(files, ['value']).length, 0);
  assert.equal(cycleProblems(files, ['value', 'type']).length, 1);
  assert.equal(cycleProblems(files, ['value', 'type'], { 'core/a.ts core/b.ts': 'one noun' }).length, 0);
});

test('purity: everything that a pure room does without', () => {
  const refused = [
    'const a = Date.now();',
    'const a = new Date();',
    'const a = new Date;',
    'const a = Date();',
    'const a = performance.now();',
    'const a = Temporal.Now.instant();',
    'const a = Math.random();',
    'const a = crypto.randomUUID();',
    'const { env } = process;',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a sample of code
    'const a = `${process.env.HOME}`;',
    'setTimeout(a, 1);',
    'queueMicrotask(a);',
    'const a = await fetch(url);',
    'console.log(a);',
    'globalThis.a = 1;',
    'const a = Buffer.from(b);',
    'const a = import.meta.dirname;',
    "eval('1');",
    "const a = new Function('return 1');",
    'let a: any;',
    'const a = b as any;',
    'const a: Map<string, any> = b;',
    'const a = b!.c;',
    'const a = b[0]!;',
    'class A { b!: string }',
    '// @ts-ignore',
    '/* @ts-expect-error */',
  ];
  for (const line of refused) {
    const [problem] = purityProblems([file('core/a.ts', `\n${line}\n`)]);
    assert.equal(problem?.line, 2, line);
  }
  const allowed = [
    'const a = new Date(0);',
    'interface A { process(input: B): C; performance: number }',
    'const a = await this.chain.process(input);',
    "const a = 'any process console.log';",
    '// any process.env, console.log',
    'if (a !== b && !c) return !d;',
    'const a = b.any(c);',
    'interface A { fetch(window: B): Promise<C> }',
    'const a: Date = b;',
  ];
  for (const line of allowed) assert.deepEqual(purityProblems([file('core/a.ts', line)]), [], line);
  const exception = { path: 'core/a.ts', text: 'Date.now', reason: 'for the sample' };
  assert.deepEqual(purityProblems([file('core/a.ts', 'const a = Date.now();')], [exception]), []);
  assert.equal(purityProblems([file('core/b.ts', 'const a = Date.now();')], [exception]).length, 1);
});

test('shape: length, names, docstrings', () => {
  assert.equal(sizeProblems([file('core/a.ts', 'a\n'.repeat(501))])[0].line, 501);
  assert.deepEqual(sizeProblems([file('core/a.ts', 'a\n'.repeat(500))]), []);
  for (const path of [
    'core/utils.ts',
    'app/common/a.ts',
    'core/time-helpers.ts',
    'app/misc/a.ts',
    'core/FileManager.ts',
  ])
    assert.equal(nameProblems([path]).length, 1, path);
  assert.deepEqual(nameProblems(['core/model/decimal.ts', 'core/commonality.ts']), []);
  const bare = [
    'function a() {}',
    'class A {}',
    'interface A {}',
    'type A = 1;',
    'async function a() {}',
    'abstract class A {}',
  ];
  for (const declaration of bare) {
    assert.equal(docstringProblems([file('core/a.ts', `\nexport ${declaration}`)])[0]?.line, 2, declaration);
    assert.deepEqual(docstringProblems([file('core/a.ts', `/** What. */\nexport ${declaration}`)]), []);
  }
  assert.equal(docstringProblems([file('core/a.ts', '/** Of the file. */\n\nexport class A {}')]).length, 1);
  const twin = '/** What. */\nexport const A = { b: 1 } as const;\nexport type A = keyof typeof A;';
  assert.deepEqual(docstringProblems([file('core/a.ts', twin)]), []);
});

test('error codes: raised and documented', () => {
  const compared = file('app/a.ts', "if (error.code === 'ONE') return; // 'TWO'");
  assert.equal(unraisedCodes(['ONE', 'TWO'], [compared]).length, 2);
  const raised = file('app/b.ts', "throw new CarbonError('ONE', 'no'); reject(i, 'TWO');");
  assert.deepEqual(unraisedCodes(['ONE', 'TWO'], [compared, raised]), []);
  assert.equal(unraisedCodes(['ONE'], [file('core/errors.ts', "'ONE'")]).length, 1);
  const page = file('docs/errors.md', '## `ONE`\n\n## `GONE`\n');
  assert.deepEqual(
    undocumentedCodes(['ONE', 'TWO'], page).map(({ message }) => message.split(':')[0]),
    ['lacks TWO', 'describes GONE, which is gone'],
  );
});

test('packages: declared and used', () => {
  const manifest = {
    dependencies: { zod: '1', pg: '1' },
    devDependencies: { avsc: '1', ghost: '1', typescript: '1' },
  };
  const product = [importing('app/a.ts', 'zod', 'avsc', 'node:fs', './b.ts')];
  const around = [importing('tests/a.ts', 'avsc/lib/x', 'unheard-of')];
  assert.deepEqual(
    packageProblems(manifest, product, around).map(
      ({ path, message }) => `${path} ${message.split(/[,:]/)[0]}`,
    ),
    [
      'app/a.ts imports avsc',
      'tests/a.ts imports unheard-of',
      'package.json no room imports pg',
      'package.json nothing imports ghost',
    ],
  );
  const byPath = file('tests/b.ts', "resolve('../../node_modules/avsc/dist')");
  const tools = { dependencies: {}, devDependencies: { avsc: '1' } };
  assert.equal(packageProblems(tools, [], []).length, 1);
  assert.deepEqual(packageProblems(tools, [], [byPath]), []);
});
