/** Runs the scripts as `make observability-…` does, on ports and a folder of the test's own. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './prometheus-tools.ts';

/** How a script ended. */
export interface Reported {
  readonly exit: number;
  readonly text: string;
  /** The line of the report that begins with a name; empty when there is none. */
  lineOf(name: string): string;
}

/** Variables over those of this process, without the product's own. */
export function environment(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(DATA_PROC|CARBON)_/.test(name));
  return { ...Object.fromEntries(kept), ...variables };
}

/** `make observability-status`. */
export const statusReport = (variables: Readonly<Record<string, string>>): Promise<Reported> =>
  ended(join(ROOT, 'scripts/node'), [join(ROOT, 'scripts/observability/status.ts')], variables);

/** `make observability-up` or `-down`. */
export const observability = (
  action: 'up' | 'down',
  variables: Readonly<Record<string, string>>,
): Promise<Reported> => ended('bash', [join(ROOT, 'scripts/observability.sh'), action], variables);

async function ended(
  command: string,
  words: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Reported> {
  let exit = 0;
  let text: string;
  try {
    const { stdout, stderr } = await promisify(execFile)(command, words, { env: environment(variables) });
    text = stdout + stderr;
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    exit = code;
    text = `${stdout}${stderr}`;
  }
  const lineOf = (name: string): string => text.split('\n').find((line) => line.startsWith(`${name} `)) ?? '';
  return { exit, text, lineOf };
}
