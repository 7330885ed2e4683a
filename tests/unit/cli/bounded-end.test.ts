/** A finished process with a handle that nobody lets go of ends all the same, and says so; one without ends at once. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const MODULE = new URL('../../../app/cli/bounded-end.ts', import.meta.url).href;

/** Runs a process that has finished its work, with a bound of so many milliseconds, and `rest` left open. */
function finished(ms: number, rest: string): { status: number | null; stdout: string; took: number } {
  const began = Date.now();
  const code = `import { endWithin } from '${MODULE}';
    endWithin(${ms}, 'projection', { emit: (event) => console.log(JSON.stringify(event)) }); ${rest}`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, stdout, took: Date.now() - began };
}

test('what is still open after the bound is left, and told', () => {
  const { status, stdout } = finished(300, "(await import('node:net')).createServer().listen(0);");
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(stdout), {
    name: 'closing.left',
    level: 'warning',
    facts: { service: 'projection', after_ms: 300, handles: 'TCPServerWrap' },
  });
});

test('a process with nothing left to do ends at once, and nothing is told', () => {
  const { status, stdout, took } = finished(25_000, '');
  assert.deepEqual([status, stdout], [0, '']);
  assert.ok(took < 20_000, `${took} ms`);
});
