import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startProgress } from '../../../app/cli/progress.ts';

const TIMES = { after: 60, every: 60, rewrite: 20 };

/** Time goes on when the test says so. */
function passing(t: TestContext): (milliseconds: number) => void {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  return (milliseconds) => {
    // Step by step: what a timer starts begins at its own moment.
    for (let passed = 0; passed < milliseconds; passed++) t.mock.timers.tick(1);
  };
}

test('work that is done soon shows nothing', (t) => {
  const pass = passing(t);
  const written: string[] = [];
  const progress = startProgress(() => 'x', { write: (text) => written.push(text) }, TIMES);
  pass(10);
  progress.stop();
  pass(120);
  assert.deepEqual(written, []);
});

test('without a terminal there are whole lines, each with what holds at its moment', (t) => {
  const pass = passing(t);
  const written: string[] = [];
  let n = 0;
  const progress = startProgress(() => `step ${n++}`, { write: (text) => written.push(text) }, TIMES);
  pass(150);
  progress.stop();
  const told = written.length;
  pass(100);
  assert.equal(written.length, told, 'nothing after the end');
  assert.ok(told >= 2, `${told} lines`);
  for (const [i, line] of written.entries()) assert.match(line, new RegExp(`^step ${i} \\(\\d+ s\\)\\n$`));
});

test('on a terminal one line is rewritten within its width, and cleared at the end', (t) => {
  const pass = passing(t);
  const written: string[] = [];
  const output = { isTTY: true, columns: 30, write: (text: string) => written.push(text) };
  const progress = startProgress(() => 'long '.repeat(30), output, TIMES);
  pass(150);
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
