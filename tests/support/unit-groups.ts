/**
 * Files of unit tests that one process runs one after the other, a folder of them in each: most take a tenth of a second,
 * and their processes would take twice as long to start.
 */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const UNIT = 'tests/unit/';

/** Hooks around each test of a file would be around those of the whole group. */
const HAS_HOOKS = /^(before|after)Each\(/m;

/** Where the files of groups lie, below a temporary folder. */
const PREFIX = 'unit-groups-';

/**
 * The files of a run with those of each folder of unit tests as one file that imports them, where the folder has several;
 * all others as they are. The new files are written below `temporary`, and run where the first of their tests stood.
 */
export function inGroups(files: readonly string[], temporary: string): string[] {
  const folders = Map.groupBy(
    files.filter((file) => file.startsWith(UNIT) && !HAS_HOOKS.test(readFileSync(file, 'utf8'))),
    dirname,
  );
  let written: string | null = null;
  const groups = new Map<string, string>();
  for (const [folder, own] of folders) {
    if (own.length === 1) continue;
    written ??= mkdtempSync(join(temporary, PREFIX));
    const group = join(written, `${folder.slice(UNIT.length).replaceAll('/', '-')}.test.ts`);
    writeFileSync(group, own.map((file) => `import '${pathToFileURL(resolve(file)).href}';\n`).join(''));
    for (const file of own) groups.set(file, group);
  }
  return [...new Set(files.map((file) => groups.get(file) ?? file))];
}

/** How the end of a run names a file: a group by the folder of its tests. */
export function nameOf(file: string): string {
  const at = file.lastIndexOf(PREFIX);
  return at < 0 ? file : `${UNIT}${file.slice(file.indexOf('/', at) + 1).replace(/\.test\.ts$/, '')}`;
}
