/**
 * Modules that are imported while the program runs. Decoders are loaded in one go, by callers that do not wait
 * (`app/connectors/coded.ts`); Node refuses that while a module of theirs is on its way by an `import()` elsewhere. So only a
 * command, which does one thing after the other, may import late what reaches `connectors/`.
 */

import { importGraph } from './cycles.ts';
import { importsOf, targetOf } from './imports.ts';
import type { Problem, SourceFile } from './source-files.ts';

/** Late imports outside of the command that reach a file of `connectors/`. */
export function lateImportProblems(files: readonly SourceFile[]): Problem[] {
  const graph = importGraph(files, ['value']);
  const reaches = (from: string): string | undefined => {
    const seen = new Set([from]);
    for (const file of seen) for (const next of graph.get(file) ?? []) seen.add(next);
    return [...seen].find((file) => file.startsWith('connectors/'));
  };
  return files
    .filter(({ path }) => path.startsWith('app/') && !path.startsWith('app/cli/'))
    .flatMap((file) =>
      importsOf({ ...file, text: file.text.replaceAll('typeof import', 'typeof_import') }).flatMap(
        ({ kind, specifier, line }) => {
          const target = kind === 'dynamic' ? targetOf(file.path, specifier) : null;
          const found = target === null ? undefined : reaches(target);
          if (found === undefined) return [];
          const message = `imports ${target} late, which reaches ${found}: import it at the top, or in app/cli`;
          return [{ path: file.path, line, message }];
        },
      ),
    );
}
