import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { changesOf, likeness, type SourceShape, shapeOf, shapeText } from '../../../connectors/kit/shape.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const shape = (text: string): SourceShape => {
  const found = shapeOf({ name: '', bytes: new TextEncoder().encode(text) });
  assert.notEqual(found, null);
  return found as SourceShape;
};
const CSV = 'Time Stamp,Name,LBMP ($/MWHr)\n03/09/2025 00:00,WEST,31.5\n03/09/2025 01:00,WEST,-2\n';

test('columns, their kinds and the units of their names, in any format', () => {
  assert.equal(shapeText(shape(CSV)), 'csv lbmp($/mwhr):number | name:word | time stamp:word');
  assert.equal(
    shapeText(shape('"C","A title, with words"\n"C","Filename"\n"H","Date","MW"\n"D","1","2.5"\n')),
    'csv date:number | h:word | mw:number',
  );
  assert.equal(
    shapeText(shape('{"a":{"b":[{"t":"2025-01-01","v":1.5,"w":"2","x":null}]},"n":true}')),
    'json a:blank | b:blank | n:word | t:word | v:number | w:number | x:blank',
  );
  assert.equal(
    shapeText(shape('<?xml version="1.0"?><r xmlns="u"><x id="7">1</x><x id="8">a</x></r>')),
    'xml @id:number | r:blank | x:mixed',
  );
  assert.equal(shapeOf({ name: '', bytes: new Uint8Array(0) }), null);
});

test('what appears, vanishes, changes its type or its unit is told; the same is not', () => {
  const before = shape(CSV);
  const told = (text: string): string[] =>
    changesOf(before, shape(text)).map(({ what, column }) => `${what} ${column}`);
  assert.deepEqual(told(CSV.replaceAll('31.5', '7')), []);
  assert.deepEqual(told(CSV.replace('Name', 'Zone')), ['appears zone', 'vanishes name']);
  assert.deepEqual(told(CSV.replace('31.5', 'n/a').replace('-2', 'none')), ['type lbmp']);
  assert.deepEqual(told(CSV.replace('31.5', 'n/a')), [], 'a word among numbers is a row, and no type');
  assert.deepEqual(told(CSV.replace('$/MWHr', '¢/kWh')), ['meaning lbmp']);
  assert.deepEqual(told(CSV.replace('($/MWHr)', '($/MWH')), [], 'a header that is cut');
  assert.deepEqual(
    told(CSV.replace('31.5', '').replace('-2', '')),
    [],
    'a column without values has no type',
  );
});

test('forms of one report are far from each other, a change of one is near', () => {
  assert.ok(likeness(shape(CSV), shape(CSV.replace('Name', 'Zone'))) >= 0.5);
  assert.equal(likeness(shape(CSV), shape('{"a":1}')), 0);
});

test('bodies of one dataset and layout have one shape, whatever the day', () => {
  const folder = join(ROOT, 'tests/data/golden/decode/nyiso/load_hourly');
  // The others are layouts of their own.
  const days = readdirSync(folder).filter((name) => name.endsWith('-day'));
  assert.ok(days.length > 1);
  const texts = days.map((name) => {
    const file = readdirSync(join(folder, name)).find((each) => each.startsWith('payload')) as string;
    return shapeText(shape(readFileSync(join(folder, name, file), 'utf8')));
  });
  assert.equal(new Set(texts).size, 1, [...new Set(texts)].join('\n'));
});
