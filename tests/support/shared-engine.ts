/**
 * Engines that tests share: started by the first test that asks, through `scripts/infra`, found running by the others,
 * and ended when nobody has used them for a minute. An engine that cannot be had skips its tests, and under CI fails
 * them.
 */

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
/** Folder of what tests start, apart from what `make infra-up` does. */
export const TEST_INFRA = join(ROOT, '.infra', 'test');

const TOUCH_MS = 5000;

/**
 * The first of ten ports of this checkout: several checkouts may be under test on one machine. Below the ports that the
 * system gives out by itself.
 */
export function portsOfCheckout(): number {
  let hash = 7;
  for (const letter of ROOT) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  return 20_000 + 10 * (hash % 1000);
}

/** How an engine is started. */
export interface SharedEngine {
  /** Name of the script below `scripts/infra`, without its ending. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** False: the test ends it itself, and nobody else uses it. */
  readonly shared: boolean;
}

/** Starts the engine, or finds it running. Returns null, or the reason why it cannot be had; throws that under CI. */
export function startEngine({ name, env, shared }: SharedEngine): string | null {
  const script = join(ROOT, 'scripts/infra', `${name}.sh`);
  const all = { ...process.env, ...env };
  mkdirSync(TEST_INFRA, { recursive: true });
  if (shared) keepAlive(name, script, all);
  const { status, stderr } = spawnSync('bash', [script, 'up'], { env: all, encoding: 'utf8' });
  if (status === 0) return null;
  const reason = stderr.trim().split('\n').at(-1) ?? `${name} does not start`;
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') throw new Error(`under CI, ${reason}`);
  return reason;
}

/** Touches the file of users as long as this process lives, and sees to it that somebody watches the file. */
function keepAlive(name: string, script: string, env: NodeJS.ProcessEnv): void {
  const inUse = join(TEST_INFRA, `${name}.in-use`);
  const touch = (): void => {
    closeSync(openSync(inUse, 'a'));
    utimesSync(inUse, new Date(), new Date());
  };
  touch();
  setInterval(touch, TOUCH_MS).unref();
  const watcher = join(import.meta.dirname, 'idle-engine.ts');
  const lock = join(TEST_INFRA, `${name}.watch-lock`);
  const flags = ['--disable-warning=ExperimentalWarning', watcher, script, inUse, lock];
  spawn(process.execPath, flags, { env, detached: true, stdio: 'ignore' }).unref();
}
