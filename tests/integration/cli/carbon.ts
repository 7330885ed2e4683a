/** Runs the command as its user does: `bin/carbon` on a data directory of the test's own. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after } from 'node:test';

export const ROOT = resolve(import.meta.dirname, '../../..');
const CARBON = join(ROOT, 'bin/carbon');
export const SPRING = join(ROOT, 'samples/nyiso_20250309damlbmp_zone.csv');
export const AUTUMN = join(ROOT, 'samples/nyiso_20251102damlbmp_zone.csv');

export type Row = Record<string, unknown>;

/** How a command ended. */
export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that goes on. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves when standard error or output has shown the text; fails when the process ends before. */
  shown(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
  /** Standard error so far. */
  stderr(): string;
}

const folders: string[] = [];
const children = new Set<ChildProcess>();

after(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

/** A new folder, removed when the file's tests are done. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-cli-'));
  folders.push(folder);
  return folder;
}

/** Any free port for each service, so that tests may run side by side. */
const PORTS = Object.fromEntries(
  ['CONNECTOR_REGISTRY', 'NORMALIZATION', 'ENRICHMENT', 'AGGREGATION', 'PROJECTION'].map((service) => [
    `DATA_PROC_${service}_PORT`,
    '0',
  ]),
);

/** Starts a command. Variables of the product in this process's own environment do not reach it. */
export function start(args: readonly string[], variables: Record<string, string> = {}): Running {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('DATA_PROC_')),
  );
  const child = spawn(CARBON, args, {
    env: { ...env, ...PORTS, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let stdout = '';
  let stderr = '';
  let look = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    look();
  });
  const ended = new Promise<Ended>((done) => {
    child.on('close', (exit) => {
      children.delete(child);
      look();
      done({ exit, stdout, stderr });
    });
  });
  const shown = (text: string): Promise<void> =>
    new Promise((done, fail) => {
      look = () => {
        if (stdout.includes(text) || stderr.includes(text)) done();
        else if (!children.has(child)) fail(new Error(`ended without ${text}:\n${stderr}`));
      };
      look();
    });
  return { child, ended, shown, stderr: () => stderr };
}

/** Runs a command to its end. */
export function carbon(args: readonly string[], variables: Record<string, string> = {}): Promise<Ended> {
  return start(args, variables).ended;
}

/** Runs a command that must succeed with `--json`, and parses every line of its standard output. */
export async function rowsOf(data: string, ...args: string[]): Promise<Row[]> {
  const { exit, stdout, stderr } = await carbon(['--data', data, '--json', ...args]);
  assert.equal(exit, 0, `${args.join(' ')}: ${stderr}`);
  return linesOf(stdout);
}

/** The objects of NDJSON text. */
export function linesOf(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Row => JSON.parse(line));
}

/** Runs a command that must fail with `--json` and leave standard output empty; returns its one error object. */
export async function errorOf(
  exit: number,
  args: readonly string[],
  variables: Record<string, string> = {},
): Promise<Row> {
  const ended = await carbon(['--json', ...args], variables);
  assert.equal(ended.exit, exit, `${args.join(' ')}: ${ended.stderr}`);
  assert.equal(ended.stdout, '', args.join(' '));
  const [line, ...more] = linesOf(ended.stderr);
  assert.deepEqual(more, []);
  return line['error'] as Row;
}

/** Replays a file, which must succeed. */
export async function replay(data: string, file: string): Promise<Ended> {
  const ended = await carbon(['--data', data, '--json', 'replay', file]);
  assert.equal(ended.exit, 0, ended.stderr);
  return ended;
}

/** A copy of a sample with one text in place of another. */
export function edited(file: string, from: string, to: string): string {
  const text = readFileSync(file, 'utf8');
  assert.ok(text.includes(from), `${file} has no ${from}`);
  const copy = join(newFolder(), 'edited.csv');
  writeFileSync(copy, text.replace(from, to));
  return copy;
}

/** Starts `up` or a service and waits until it works. */
export async function daemon(
  data: string,
  args: readonly string[] = ['up'],
  variables: Record<string, string> = {},
): Promise<Running> {
  const running = start(['--data', data, ...args], variables);
  await running.shown('service.started');
  return running;
}

/** Process ids of the services that `up` runs on a data directory, by the service that each is. */
export function servicesOf(data: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let args: string[] = [];
    try {
      args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    } catch {
      // It ended while the list was read.
    }
    const run = args.indexOf('run');
    if (run > 0 && args.includes(data)) found.set(args[run + 1], Number(pid));
  }
  return found;
}
