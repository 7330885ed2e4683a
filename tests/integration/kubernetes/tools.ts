/** Kustomize, compose, buildx and a validator for tests, fetched by `scripts/kubernetes-tools.sh`, and what they say. */

import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';

export const ROOT = resolve(import.meta.dirname, '../../..');

/** Environments that have an overlay. */
export const OVERLAYS = ['dev', 'staging', 'production'] as const;

/** One object of the manifests; what is read of it is checked by who reads it. */
// biome-ignore lint/suspicious/noExplicitAny: manifests are as deep as they are, and a path that is not there fails the test
export type Manifest = any;

/** How a program ended. */
export interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

const execute = promisify(execFile);

/** Runs a program in the root of the checkout; does not throw when it fails. */
export async function run(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ended> {
  try {
    const { stdout, stderr } = await execute(file, args, { cwd: ROOT, env, maxBuffer: 64 << 20 });
    return { exit: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { exit: code, stdout: stdout ?? '', stderr: stderr ?? '' };
  }
}

const ended = await run('bash', [join(ROOT, 'scripts/kubernetes-tools.sh')]);
if (ended.exit !== 0 && process.env['CI'] === 'true') throw new Error(ended.stderr);

/** Why there are no tools, to be said by the tests that are skipped; false where there are. Under CI there must be. */
export const missing = ended.exit === 0 ? false : ended.stderr.trim().split('\n').at(-1) || 'no tools';

const folder = ended.stdout.trim();

/** Path of a tool; exists while nothing is {@link missing}. */
export const tool = (
  name: 'kustomize' | 'docker-compose' | 'docker-buildx' | 'kubernetes-validate',
): string => join(folder, 'bin', name);

/** The manifests of an overlay as text. Throws what kustomize says. */
export async function built(overlay: string): Promise<string> {
  const { exit, stdout, stderr } = await run(tool('kustomize'), ['build', `k8s/overlays/${overlay}`]);
  if (exit !== 0) throw new Error(stderr);
  return stdout;
}

/** The objects of a text of manifests. */
export const manifestsIn = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => document.toJS());
