/** Numbers of migrations. */

import type { Problem } from './source-files.ts';

/** Files that break the row 001, 002, 003 … of one folder, in order of name. */
export function migrationProblems(folder: string, names: readonly string[]): Problem[] {
  return [...names].sort().flatMap((name, index) => {
    const expected = String(index + 1).padStart(3, '0');
    if (new RegExp(`^${expected}_[a-z0-9_]+\\.sql$`).test(name)) return [];
    const message = `should be ${expected}_<what it makes>.sql: numbers follow each other and are never given twice`;
    return [{ path: `${folder}/${name}`, line: 1, message }];
  });
}
