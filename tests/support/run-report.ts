/** What the reports of long runs share: when, on which commit, on which machine. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

const git = (...args: string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();

/** Lines about a run: date (UTC), commit, machine. A tree that differs from its commit says so. */
export function aboutRun(began: Date): string[] {
  const changed = git('status', '--porcelain', '--untracked-files=no')
    .split('\n')
    .filter((line) => line !== '');
  const state = changed.length === 0 ? '' : `, with ${changed.length} files changed since`;
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `* Begun: ${began.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    `* Commit: ${git('rev-parse', '--short=12', 'HEAD')}${state}`,
    `* Machine: ${cpus().length} cores (${cpu?.model.trim()}), ${memory} GB, Node ${process.versions.node}`,
  ];
}

/** A wall time for people: `12 min 5 s`. */
export function durationText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds - 60 * minutes);
  return minutes === 0 ? `${rest} s` : `${minutes} min ${rest} s`;
}

/** A Markdown table; columns but the first are numbers. */
export function tableOf(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const rule = header.map((_, i) => (i === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Writes a page of the docs; `path` is from the root. */
export function writePage(path: string, lines: readonly string[]): void {
  const file = resolve(ROOT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${lines.join('\n')}\n`);
}
