/**
 * Ends a test file that goes on for too long, for `--import` before the file: a test that timed out may leave behind
 * what keeps its process alive, and the whole run would wait for that. Says what the process waits for, on its threads
 * and in its loop, because what hangs once in a hundred runs tells nothing the next time.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { GOES_ON } from './file-limit-words.ts';

/** Longer than any file takes, and than the longest test may. */
const FILE_LIMIT_MS = Number(process.env['CARBON_TEST_FILE_LIMIT_MS'] ?? 900_000);

const THREADS = '/proc/self/task';

// Whoever ends in time does not wait for it.
setTimeout(end, FILE_LIMIT_MS).unref();

function end(): void {
  process.stderr.write(`${told().join('\n')}\n`);
  process.exit(1);
}

function told(): string[] {
  const report = process.report.getReport() as unknown as {
    libuv: { type: string; is_active: boolean; is_referenced: boolean }[];
  };
  return [
    `${process.argv[1] ?? 'this file'} ${GOES_ON} ${FILE_LIMIT_MS / 1000} s, and is ended`,
    `resources: ${process.getActiveResourcesInfo().join(' ')}`,
    ...report.libuv
      .filter((handle) => handle.is_active && handle.is_referenced)
      .map((handle) => `handle: ${JSON.stringify(handle)}`),
    ...threads(),
  ];
}

/** What each thread waits for in the kernel; nothing where the system does not say. */
function threads(): string[] {
  try {
    return readdirSync(THREADS).map((id) => {
      const of = (name: string): string => readFileSync(`${THREADS}/${id}/${name}`, 'utf8').trim();
      return `thread ${id} ${of('comm')}: ${of('wchan')}`;
    });
  } catch {
    return [];
  }
}
