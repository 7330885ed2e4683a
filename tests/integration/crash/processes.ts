/** Children of the crash tests: started with an order, ended by themselves, by a fault or by a signal. */

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, Order } from './child.ts';

/** Children start several times faster when they need not compile the same sources again. */
const COMPILED = join(tmpdir(), 'carbon-crash-compiled');

/** How a child ended: with an answer, or by the signal. */
export interface Ended {
  readonly answer: Answer | null;
  readonly killed: boolean;
}

/**
 * Runs a child to its end, or kills it after so many milliseconds. Rejects with what it said on standard error when it
 * ends in any other way than with an answer or by SIGKILL.
 */
export function runChild(order: Order, killAfterMs: number | null = null): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'child.ts'), JSON.stringify(order)],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_COMPILE_CACHE: COMPILED } },
    );
    const out: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const timer = killAfterMs === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (timer !== null) clearTimeout(timer);
      if (signal === 'SIGKILL') resolve({ answer: null, killed: true });
      else if (code === 0)
        resolve({ answer: JSON.parse(Buffer.concat(out).toString()) as Answer, killed: false });
      else reject(new Error(`child ended with ${code ?? signal}: ${said}`));
    });
  });
}

/** Runs a child that must end by itself. */
export async function finish(order: Order): Promise<Answer> {
  const { answer } = await runChild(order);
  if (answer === null) throw new Error('a child that nobody killed was killed');
  return answer;
}

/** A new folder under the system's temporary one. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'carbon-crash-'));
}

/** Does work on a copy of a data directory, and removes the copy. */
export async function onCopy<T>(of: string, work: (dataDir: string) => Promise<T>): Promise<T> {
  const folder = newFolder();
  const dataDir = join(folder, 'data');
  try {
    cpSync(of, dataDir, { recursive: true });
    return await work(dataDir);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the tasks, so many at a time; rejects with the first failure once all running ones have ended. */
export async function inParallel(width: number, tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = [...tasks];
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined && failures.length === 0; task = queue.shift())
      await task().catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: width }, lane));
  if (failures.length > 0) throw failures[0];
}
