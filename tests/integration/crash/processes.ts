/** Children of the crash tests: started with an order, ended by themselves, by a fault or by a signal. */

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Order } from './child.ts';

/** Children start several times faster when they need not compile the same sources again. */
const COMPILED = process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'carbon-crash-compiled');

/** How a child ended: with an answer, or by the signal. */
export interface Ended {
  readonly answer: Answer | null;
  readonly killed: boolean;
}

/** When the parent kills: so long after the start, or after the child has opened its stores. */
export interface Timer {
  readonly ms: number;
  readonly since: 'start' | 'open';
}

/** What is done with the directory of a child that stands still after a write point. */
export type Standing = (point: number) => void;

const STILL_MS = 30_000;

/** True when all threads of a process are stopped. Those of the second look can have been started by none but those of the first. */
function isStill(pid: number): boolean {
  const looks = [1, 2].flatMap(() => readdirSync(`/proc/${pid}/task`).map((thread) => stateOf(pid, thread)));
  return looks.every((state) => state === 'T');
}

/** The letter for the state of a thread; none when it has ended. */
function stateOf(pid: number, thread: string): string | null {
  try {
    return /\) (.)/.exec(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}

async function untilStill(pid: number): Promise<void> {
  for (const deadline = Date.now() + STILL_MS; !isStill(pid); await delay(1))
    if (Date.now() > deadline) throw new Error(`process ${pid} did not come to a stand`);
}

/**
 * Runs a child to its end, or kills it by the clock; `standing` is called while it stands still after a write point, and
 * then it goes on. Rejects with what it said on standard error when it ends in any other way than with an answer or by
 * SIGKILL.
 */
export async function runChild(
  order: Order,
  timer: Timer | null = null,
  standing: Standing | null = null,
): Promise<Ended> {
  const answers = await carryOut([order], timer, standing);
  return { answer: answers?.[0] ?? null, killed: answers === null };
}

/** Runs a child that must end by itself. */
export async function finish(order: Order): Promise<Answer> {
  const [answer] = await finishEach([order]);
  return answer as Answer;
}

/** Runs one child that carries out orders one after another, each on stores that it opens anew; it must end by itself. */
export async function finishEach(orders: readonly Order[]): Promise<Answer[]> {
  const answers = await carryOut(orders, null, null);
  if (answers === null) throw new Error('a child that nobody killed was killed');
  return answers;
}

/** The answers of a child, null when it was killed. */
function carryOut(
  orders: readonly Order[],
  timer: Timer | null,
  standing: Standing | null,
): Promise<Answer[] | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, 'child.ts'),
        JSON.stringify(orders),
      ],
      { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: { ...process.env, NODE_COMPILE_CACHE: COMPILED } },
    );
    const [, stdout, stderr, told] = child.stdio as readonly [null, Readable, Readable, Readable, undefined];
    const out: Buffer[] = [];
    let said = '';
    let fuse: NodeJS.Timeout | null = null;
    const light = (since: Timer['since']): void => {
      if (timer?.since === since) fuse ??= setTimeout(() => child.kill('SIGKILL'), timer.ms);
    };
    light('start');
    stdout.on('data', (chunk: Buffer) => {
      light('open');
      out.push(chunk);
    });
    let failure: unknown = null;
    const onTold = async (point: number): Promise<void> => {
      await untilStill(child.pid as number);
      standing?.(point);
      child.kill('SIGCONT');
    };
    told.on('data', (point: Buffer) => {
      onTold(Number(point)).catch((error: unknown) => {
        failure = error;
        child.kill('SIGKILL');
      });
    });
    stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (fuse !== null) clearTimeout(fuse);
      if (failure !== null) reject(failure);
      else if (signal === 'SIGKILL') resolve(null);
      else if (code === 0) resolve(JSON.parse(Buffer.concat(out).toString()) as Answer[]);
      else reject(new Error(`child ended with ${code ?? signal}: ${said}`));
    });
  });
}

/** A new folder under the system's temporary one. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'carbon-crash-'));
}

/** Copies a data directory; its links lead to where they led, inside it. */
export function copyFolder(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

/** Does work on a copy of a data directory, and removes the copy. */
export async function onCopy<T>(of: string, work: (dataDir: string) => Promise<T>): Promise<T> {
  const folder = newFolder();
  const dataDir = join(folder, 'data');
  try {
    copyFolder(of, dataDir);
    return await work(dataDir);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the tasks, so many at a time; rejects with the first failure once all running ones have ended. */
export async function inParallel(width: number, tasks: readonly (() => Promise<unknown>)[]): Promise<void> {
  const queue = [...tasks];
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined && failures.length === 0; task = queue.shift())
      await task().catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: width }, lane));
  if (failures.length > 0) throw failures[0];
}
