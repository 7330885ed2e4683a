/** Cycles of imports. */

import { type ImportKind, importsOf, targetOf } from './imports.ts';
import type { Problem, SourceFile } from './source-files.ts';

/** Files by path, each with the files that it imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** The graph of the imports of the kinds named. */
export function importGraph(files: readonly SourceFile[], kinds: readonly ImportKind[]): ImportGraph {
  return new Map(
    files.map((file) => [
      file.path,
      importsOf(file)
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ specifier }) => targetOf(file.path, specifier))
        .filter((target) => target !== null),
    ]),
  );
}

/** One cycle per group of files that reach each other, as the path walked from its first file back to it. */
export function cyclesOf(graph: ImportGraph): string[][] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  const walk = (file: string, trail: string[]): void => {
    const seenAt = trail.indexOf(file);
    if (seenAt >= 0) {
      cycles.push([...trail.slice(seenAt), file]);
      return;
    }
    if (done.has(file)) return;
    trail.push(file);
    for (const target of graph.get(file) ?? []) walk(target, trail);
    trail.pop();
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return cycles;
}

/** Cycles as problems. `reasons` names allowed ones by the files on them, in order of path, joined by a blank. */
export function cycleProblems(
  files: readonly SourceFile[],
  kinds: readonly ImportKind[],
  reasons: Readonly<Record<string, string>> = {},
): Problem[] {
  return cyclesOf(importGraph(files, kinds))
    .filter((cycle) => reasons[[...new Set(cycle)].sort().join(' ')] === undefined)
    .map((cycle) => ({
      path: cycle[0],
      line: 1,
      message: `imports itself by way of ${cycle.slice(1).join(' → ')}: move what both need into a file of its own`,
    }));
}
