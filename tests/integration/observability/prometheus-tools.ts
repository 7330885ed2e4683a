/** promtool and amtool, fetched by the scripts that start their servers, or why there are none. */

import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = resolve(import.meta.dirname, '../../..');

const run = promisify(execFile);

/** Exit code of the scripts for what has to be installed. */
const NOT_INSTALLED = 4;

/** How a tool ended; `text` is all that it said. */
export interface Said {
  readonly exit: number;
  readonly text: string;
}

/** A tool, to be called with its words. */
export type Tool = (...words: string[]) => Promise<Said>;

/** The tool of that name, or why it is not there, for the name of the test that is skipped. Under CI it must be: throws. */
export async function toolNamed(name: 'promtool' | 'amtool'): Promise<Tool | string> {
  const script = name === 'promtool' ? 'prometheus' : 'alertmanager';
  let folder: string;
  try {
    const { stdout } = await run('bash', [join(ROOT, 'scripts/observability', `${script}.sh`), 'tools']);
    folder = stdout.trim();
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code !== NOT_INSTALLED || process.env['CI'] === 'true') throw error;
    return String(stderr).trim();
  }
  return async (...words) => {
    try {
      const { stdout, stderr } = await run(join(folder, name), words, { cwd: ROOT });
      return { exit: 0, text: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
      if (typeof code !== 'number') throw error;
      return { exit: code, text: `${stdout}${stderr}` };
    }
  };
}
