/** What a start asks of the connectors: the same whether it was kept or not, also after a file was edited. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { allConnectors } from '../../../app/connectors/catalogue.ts';
import { factsOf, type StartFacts } from '../../../app/connectors/start-facts.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
// A checkout that may be edited. Times of change are those of the copy: processes that begin now are younger.
const copy = mkdtempSync(join(tmpdir(), 'start-facts-'));
after(() => rmSync(copy, { recursive: true, force: true }));
for (const part of ['app', 'connectors', 'core', 'services', 'package.json'])
  cpSync(join(ROOT, part), join(copy, part), { recursive: true });
for (const file of ['ieso/shadow-prices.ts', 'spp/index.ts'])
  utimesSync(join(copy, 'connectors', file), 1e9, 1e9);
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
const loaded = join(copy, 'loaded');

/** The facts that a new process has, and whether it had to ask the decoders. */
function ask(keep = true): { readonly facts: StartFacts; readonly asked: boolean } {
  const code = `import { startFacts } from './app/connectors/start-facts.ts';
    console.log(JSON.stringify(startFacts()));`;
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [`--import=${join(ROOT, 'tests/support/loaded-files.ts')}`, '--input-type=module', '-e', code],
    {
      cwd: copy,
      encoding: 'utf8',
      env: {
        ...env,
        CARBON_LOADED_FILES: loaded,
        ...(keep ? { NODE_COMPILE_CACHE: join(copy, 'compiled') } : {}),
      },
    },
  );
  assert.ok(stdout !== '', stderr);
  const asked = readFileSync(loaded, 'utf8').includes(join(copy, 'connectors/catalog.ts'));
  return { facts: JSON.parse(stdout), asked };
}

/** Edits a file as one does who hides it: with the time of before, and as long as before where `then` is. */
function edit(path: string, before: string, then: string): void {
  const file = join(copy, path);
  const text = readFileSync(file, 'utf8');
  assert.ok(text.includes(before), path);
  writeFileSync(file, text.replace(before, then));
  utimesSync(file, 1e9, 1e9);
}

test('facts are made once, kept while no connector is edited, and the same as those of the connectors', () => {
  const made = ask();
  assert.ok(made.asked);
  assert.deepEqual(made.facts, JSON.parse(JSON.stringify(factsOf(allConnectors()))));
  assert.ok(made.facts.markets.includes('NYISO') && made.facts.markets.includes('AEMO'));
  assert.ok(made.facts.ownRules.length > 5);
  assert.deepEqual(ask(), { facts: made.facts, asked: false });
  assert.deepEqual(ask(false), { facts: made.facts, asked: true });
});

test('an edited rule and an edited market are the facts of the next start', () => {
  const { facts: before } = ask();
  edit('connectors/ieso/shadow-prices.ts', "max: '100000'", "max: '100001'");
  const ieso = before.ownRules.findIndex(({ market }) => market === 'IESO');
  const { facts: ruled, asked } = ask();
  assert.ok(asked);
  assert.deepEqual(ruled.ownRules[ieso].rule.fields['shadow_price']?.max, '100001');
  assert.deepEqual(ruled, {
    ...before,
    ownRules: before.ownRules.with(ieso, ruled.ownRules[ieso]),
  });
  edit('connectors/spp/index.ts', "market: 'SPP'", "market: 'SPQ'");
  rmSync(join(copy, 'connectors/aemo'), { recursive: true });
  const { facts: moved } = ask();
  const markets = ruled.markets.filter((name) => name !== 'AEMO');
  assert.deepEqual(moved, { ...ruled, markets: markets.map((name) => (name === 'SPP' ? 'SPQ' : name)) });
  assert.deepEqual(ask(), { facts: moved, asked: false });
});

test('what may be other facts next time although no file is edited is asked each time', () => {
  edit('connectors/elexon/connector.yaml', 'schema: schemas/raw_elexon_price', 'schema: ../../elsewhere');
  assert.ok(!ask().facts.markets.includes('ELEXON'), 'no such schema: the file is not good');
  writeFileSync(join(copy, 'elsewhere.avsc'), '');
  assert.ok(ask().facts.markets.includes('ELEXON'));
  edit('connectors/elexon/connector.yaml', 'owner:', 'owner: $' + '{OWNER_OF_ELEXON} #');
  for (let again = 0; again < 2; again++) {
    const { facts, asked } = ask();
    assert.ok(asked && !facts.markets.includes('ELEXON'), 'no such variable: the file is not good');
  }
  process.env['OWNER_OF_ELEXON'] = 'x';
  for (let again = 0; again < 2; again++) {
    const { facts, asked } = ask();
    assert.ok(asked && facts.markets.includes('ELEXON'));
  }
});
