/** Decisions have a number each, in their names and in their titles. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const folder = resolve(import.meta.dirname, '../../docs/decisions');

test('each decision has a number of its own', () => {
  const files = readdirSync(folder).sort();
  const numbers = files.map((file) => Number(file.slice(0, 4)));
  files.forEach((file, at) => {
    assert.equal(numbers.indexOf(numbers[at]), at, `${file}: the number is taken by ${files[at - 1]}`);
    const title = readFileSync(join(folder, file), 'utf8').split('\n')[0];
    assert.ok(title.startsWith(`# ${numbers[at]}. `), `${file} calls itself ${title}`);
  });
});
