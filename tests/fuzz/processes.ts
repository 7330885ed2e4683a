/** Fuzzing in a process per target, which is ended when it hangs or takes too much memory. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allTargets, type Campaign, mutantOf, type Range } from './campaign.ts';
import type { Answer, Order } from './child.ts';

/** A process that reads one mutant for so long hangs, in milliseconds; one that has not begun may be slow to start. */
const HANG_MS = 30_000;
const START_MS = 300_000;
/** Heap that a process may have, and memory in all, in MB. */
const HEAP_MB = 512;
const MEMORY_MB = 900;

/** A campaign in a process of its own. */
export interface Watched extends Campaign {
  /** Greatest memory of the process, in MB. */
  readonly peakMb: number;
  /** Wall time in seconds. */
  readonly seconds: number;
}

/** Runs a target in a process of its own. A hang, a death and too much memory are failures of the mutant at hand. */
export async function runWatched(target: string, range: Range): Promise<Watched> {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-fuzz-'));
  const progress = join(folder, 'progress');
  const began = Date.now();
  try {
    const ended = await runChild({ ...range, target, progress });
    const seconds = (Date.now() - began) / 1000;
    if (ended.answer === null) return lost(target, range, mutantAtHand(progress), ended.why, seconds);
    const { campaign, peakMb } = ended.answer;
    if (peakMb <= MEMORY_MB) return { ...campaign, peakMb, seconds };
    const message = `${peakMb} MB of memory, where ${MEMORY_MB} are allowed`;
    const failure = { at: -1, message, where: target, body: '' };
    return { ...campaign, peakMb, seconds, failures: [...campaign.failures, failure] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Ended {
  readonly answer: Answer | null;
  readonly why: string;
}

function runChild(order: Order): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const flags = ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${HEAP_MB}`];
    const script = join(import.meta.dirname, 'child.ts');
    const child = spawn(process.execPath, [...flags, script, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    let said = '';
    let hangs = false;
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    let at = -1;
    let since = Date.now();
    const watch = setInterval(() => {
      const now = mutantAtHand(order.progress);
      if (now !== at) {
        at = now;
        since = Date.now();
      } else if (Date.now() - since > (at < 0 ? START_MS : HANG_MS)) {
        hangs = true;
        child.kill('SIGKILL');
      }
    }, 1000);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      if (code === 0) resolve({ answer: JSON.parse(Buffer.concat(out).toString()) as Answer, why: '' });
      else
        resolve({
          answer: null,
          why: hangs
            ? `hangs for ${HANG_MS} ms`
            : `the process ended with ${code ?? signal}: ${said.slice(-400)}`,
        });
    });
  });
}

/** Number of the mutant at hand; -1 before the first. */
function mutantAtHand(progress: string): number {
  try {
    const text = readFileSync(progress, 'utf8').trim();
    return text === '' ? -1 : Number(text);
  } catch {
    return -1;
  }
}

async function lost(
  name: string,
  range: Range,
  at: number,
  message: string,
  seconds: number,
): Promise<Watched> {
  const target = (await allTargets()).find((each) => each.name === name);
  const body = at < 0 || target === undefined ? '' : mutantOf(target, range.seed, at).toBase64();
  return {
    target: name,
    bodies: target?.bodies.length ?? 0,
    mutants: Math.max(0, at - range.from),
    outcomes: {},
    rows: 0,
    rejected: 0,
    slowestMs: 0,
    slowest: at,
    cpuMs: 0,
    failures: [{ at, message, where: name, body }],
    peakMb: 0,
    seconds,
  };
}
