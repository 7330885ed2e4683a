/** Error codes: each is documented, and raised somewhere. */

import { maskedCode } from './masked-code.ts';
import type { Problem, SourceFile } from './source-files.ts';

/** Codes that nothing but core/errors.ts writes, or that are only compared with. */
export function unraisedCodes(codes: readonly string[], files: readonly SourceFile[]): Problem[] {
  const raised = new Set<string>();
  for (const file of files) {
    if (file.path === 'core/errors.ts') continue;
    for (const match of maskedCode(file.text).text.matchAll(/(===|!==|case)?\s*'([A-Z][A-Z0-9_]+)'/g))
      if (match[1] === undefined) raised.add(match[2]);
  }
  return codes
    .filter((code) => !raised.has(code))
    .map((code) => ({
      path: 'core/errors.ts',
      line: 1,
      message: `${code} is raised nowhere: remove it; it comes back with its use`,
    }));
}

/** Codes that the page does not describe, and headings of codes that are gone. */
export function undocumentedCodes(codes: readonly string[], page: SourceFile): Problem[] {
  const headings = new Set([...page.text.matchAll(/^## `?([A-Z0-9_]+)`?$/gm)].map((match) => match[1]));
  const problem = (message: string): Problem => ({ path: page.path, line: 1, message });
  return [
    ...codes.filter((code) => !headings.has(code)).map((code) => problem(`lacks ${code}: run make docs`)),
    ...[...headings]
      .filter((code) => !codes.includes(code))
      .map((code) => problem(`describes ${code}, which is gone: run make docs`)),
  ];
}
