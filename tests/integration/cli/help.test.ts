/** `--help` of the program and of every command, and how long it takes. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { buildProgram } from '../../../app/cli/program.ts';
import { carbon, ROOT } from './carbon.ts';

function pathsOf(command: Command, path: readonly string[]): string[][] {
  return command.commands.flatMap((child) => {
    const own = [...path, child.name()];
    return [own, ...pathsOf(child, own)];
  });
}

test('--help answers for the program and for every command', async (t) => {
  const program = buildProgram();
  const main = await carbon(['--help']);
  assert.equal(main.exit, 0, main.stderr);
  for (const command of program.commands)
    assert.match(main.stdout, new RegExp(`^ {2}${command.name()}\\b`, 'm'));
  for (const path of pathsOf(program, [])) {
    const { exit, stdout, stderr } = await carbon([...path, '--help']);
    assert.equal(exit, 0, `${path.join(' ')}: ${stderr}`);
    assert.match(stdout, new RegExp(`^Usage: carbon ${path.join(' ')}\\b`));
  }
  // Time of the processor: what else the machine does is not ours.
  const took: number[] = [];
  for (let run = 0; run < 5; run++) {
    const shell = spawnSync('sh', ['-c', `'${join(ROOT, 'bin/carbon')}' --help >/dev/null; times`], {
      encoding: 'utf8',
    });
    const [, ofChildren = ''] = shell.stdout.trim().split('\n');
    const parts = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)];
    assert.equal(parts.length, 2, shell.stdout);
    took.push(
      parts.reduce((sum, [, minutes, seconds]) => sum + 60_000 * Number(minutes) + 1000 * Number(seconds), 0),
    );
  }
  const median = took.toSorted((a, b) => a - b)[2];
  t.diagnostic(`carbon --help: median of 5 runs ${Math.round(median)} ms`);
  assert.ok(median < 1000, `${median} ms`);
});

test('version prints a number for people and an object for programs', async () => {
  assert.match((await carbon(['version'])).stdout, /^carbon \d+\.\d+\.\d+\n$/);
  const { stdout } = await carbon(['version', '--json']);
  assert.deepEqual(Object.keys(JSON.parse(stdout)), ['version', 'node', 'platform']);
});
