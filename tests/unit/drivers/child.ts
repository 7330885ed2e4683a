/** Child processes of these tests: they print one line per thing they were told is durable, and may be killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';

/** A folder that is removed when the test ends. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drivers-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function start(t: TestContext, script: string, args: readonly string[]): ChildProcess {
  const path = join(import.meta.dirname, 'children', script);
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/** Runs a script to its end and returns its lines; fails when it fails. */
export async function runChild(t: TestContext, script: string, ...args: string[]): Promise<string[]> {
  const child = start(t, script, args);
  const lines: string[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ended with ${code ?? signal}`);
  return lines;
}

/** Runs a script, kills it with SIGKILL after so many lines, and returns the lines it got out until then. */
export async function killChild(
  t: TestContext,
  afterLines: number,
  script: string,
  ...args: string[]
): Promise<string[]> {
  const child = start(t, script, args);
  const lines: string[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line);
    if (lines.length === afterLines) child.kill('SIGKILL');
  });
  const [code, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL') throw new Error(`${script} ended by itself with ${code}`);
  return lines;
}
