import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startProgress } from '../../../app/cli/progress.ts';

const TIMES = { after: 60, every: 60, rewrite: 20 };

test('work that is done soon shows nothing', async () => {
  const written: string[] = [];
  const progress = startProgress(() => 'x', { write: (text) => written.push(text) }, TIMES);
  await pause(10);
  progress.stop();
  await pause(120);
  assert.deepEqual(written, []);
});

test('without a terminal there are whole lines, each with what holds at its moment', async () => {
  const written: string[] = [];
  let n = 0;
  const progress = startProgress(() => `step ${n++}`, { write: (text) => written.push(text) }, TIMES);
  await pause(150);
  progress.stop();
  const told = written.length;
  await pause(100);
  assert.equal(written.length, told, 'nothing after the end');
  assert.ok(told >= 2, `${told} lines`);
  for (const [i, line] of written.entries()) assert.match(line, new RegExp(`^step ${i} \\(\\d+ s\\)\\n$`));
});

test('on a terminal one line is rewritten within its width, and cleared at the end', async () => {
  const written: string[] = [];
  const output = { isTTY: true, columns: 30, write: (text: string) => written.push(text) };
  const progress = startProgress(() => 'long '.repeat(30), output, TIMES);
  await pause(150);
  progress.stop();
  progress.stop();
  assert.ok(written.length >= 3);
  for (const text of written) {
    assert.ok(text.startsWith('\r\u001b[2K'));
    assert.ok(!text.includes('\n'));
    assert.ok(text.length <= 5 + 29, text);
  }
  assert.equal(written.at(-1), '\r\u001b[2K');
  assert.equal(written.filter((text) => text === '\r\u001b[2K').length, 1);
});
