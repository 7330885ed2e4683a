/** Runs mutants through a target, and keeps what broke a promise in a form that can be had again. */

import { seeded, seedOf } from '../support/seeded.ts';
import { codecTargets } from './codec-targets.ts';
import { containerTargets } from './container-targets.ts';
import { datasetTargets } from './dataset-targets.ts';
import { mutate } from './mutations.ts';
import { rawTargets } from './raw-targets.ts';
import type { FuzzTarget, Outcome } from './target.ts';

/** CPU time that one mutant may take, in milliseconds: far beyond what any takes, far below a hang. */
export const CPU_BOUND_MS = 2_000;
/** After so many different failures a target is known to be broken. */
const ENOUGH = 12;

/** One broken promise. */
export interface Failure {
  /** Number of the mutant; -1 for the body itself. */
  readonly at: number;
  readonly message: string;
  /** Where it was thrown, one line. */
  readonly where: string;
  /** The mutant, base64. */
  readonly body: string;
}

/** What came of the mutants of one target. */
export interface Campaign {
  readonly target: string;
  readonly bodies: number;
  readonly mutants: number;
  /** Mutants by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly rows: number;
  readonly rejected: number;
  /** CPU time of the slowest mutant and of all, in milliseconds, and the slowest one's number. */
  readonly slowestMs: number;
  readonly slowest: number;
  readonly cpuMs: number;
  readonly failures: readonly Failure[];
}

/** Which mutants: those with the numbers `[from, from + runs)`. */
export interface Range {
  readonly seed: number;
  readonly from: number;
  readonly runs: number;
}

/** Every target, in order of name within its kind. */
export async function allTargets(): Promise<FuzzTarget[]> {
  return [...(await datasetTargets()), ...containerTargets(), ...rawTargets(), ...codecTargets()];
}

/** The mutant of a number: the same for the same seed, target and number. */
export function mutantOf(target: FuzzTarget, seed: number, at: number): Uint8Array {
  const random = seeded(seedOf(seed, target.name, at));
  return mutate(target.bodies, Math.floor(random() * target.bodies.length), target.form, random);
}

/** Runs the valid bodies and then the mutants. `before` hears of each mutant before it is read. */
export async function runCampaign(
  target: FuzzTarget,
  { seed, from, runs }: Range,
  before: (at: number) => void = () => undefined,
): Promise<Campaign> {
  const outcomes: Record<string, number> = {};
  const failures = new Map<string, Failure>();
  let [rows, rejected, slowestMs, slowest, mutants] = [0, 0, 0, from, 0];
  const began = cpuMs();
  for (const body of target.bodies) {
    const result = await tried(target, body, -1);
    if ('message' in result) failures.set(keyOf(result), result);
    else if (result.kind !== 'whole')
      failures.set(result.kind, failureOf(-1, body, new Error(`a valid body is ${result.kind}`)));
  }
  for (let at = from; at < from + runs && failures.size < ENOUGH; at++) {
    before(at);
    const body = mutantOf(target, seed, at);
    const start = cpuMs();
    const pending = tried(target, body, at);
    const result = pending instanceof Promise ? await pending : pending;
    const took = cpuMs() - start;
    mutants++;
    if (took > slowestMs) [slowestMs, slowest] = [took, at];
    if (took > CPU_BOUND_MS) {
      const slow = failureOf(at, body, new Error(`took ${Math.round(took)} ms of CPU`));
      failures.set('slow', slow);
    }
    if ('message' in result) {
      const key = keyOf(result);
      if (!failures.has(key)) failures.set(key, result);
      outcomes['FAILED'] = (outcomes['FAILED'] ?? 0) + 1;
      continue;
    }
    outcomes[result.kind] = (outcomes[result.kind] ?? 0) + 1;
    rows += result.rows;
    rejected += result.rejected;
  }
  return {
    target: target.name,
    bodies: target.bodies.length,
    mutants,
    outcomes,
    rows,
    rejected,
    slowestMs,
    slowest,
    cpuMs: cpuMs() - began,
    failures: [...failures.values()],
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

type Tried = Outcome | Failure;

function tried(target: FuzzTarget, body: Uint8Array, at: number): Tried | Promise<Tried> {
  try {
    const outcome = target.check(body);
    if (!(outcome instanceof Promise)) return outcome;
    return outcome.catch((error: unknown) => failureOf(at, body, error));
  } catch (error) {
    return failureOf(at, body, error);
  }
}

function failureOf(at: number, body: Uint8Array, error: unknown): Failure {
  const known = error instanceof Error ? error : new Error(String(error));
  const frames = (known.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const ours = frames.find((line) => !line.includes('target.ts') && line.includes('file:')) ?? '';
  return {
    at,
    message: `${known.name}: ${known.message}`.slice(0, 400),
    where: ours
      .trim()
      .replace(/^at /, '')
      .replace(/file:\S*?\/((?:tests|core|connectors|drivers|app)\/)/, '$1'),
    body: body.toBase64(),
  };
}

/** Failures alike are one. */
const keyOf = ({ message, where }: Failure): string =>
  `${message.replace(/[-\d.]+/g, '#').slice(0, 60)} ${where}`;
