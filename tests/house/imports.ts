/** Import statements of a file. */

import { maskedCode } from './masked-code.ts';
import { lineAt, type SourceFile } from './source-files.ts';

/** How a module is named: for its values, for its types only, or while the program runs. */
export type ImportKind = 'value' | 'type' | 'dynamic';

/** One import or re-export. */
export interface ImportStatement {
  readonly specifier: string;
  readonly kind: ImportKind;
  readonly line: number;
}

const STATEMENT = /(?<![.\w$])(?:import|export)\b(?!\s*\()([^'"`;()=]*?)(?:\bfrom\b)?\s*(['"])/g;
const DYNAMIC = /(?<![.\w$])import\s*\(\s*(['"`])/g;

/** All imports and re-exports, in order. `import()` in a type counts as dynamic: it names a module all the same. */
export function importsOf(file: SourceFile): ImportStatement[] {
  const { text, code } = maskedCode(file.text);
  const found: (ImportStatement & { at: number })[] = [];
  const add = (at: number, quoteAt: number, kind: ImportKind): void => {
    const end = text.indexOf(text[quoteAt], quoteAt + 1);
    found.push({ specifier: text.slice(quoteAt + 1, end), kind, line: lineAt(text, at), at });
  };
  for (const match of code.matchAll(STATEMENT)) {
    const names = match[1].trim();
    // `export const x = 'a'` and the like have no "from"; a bare import has nothing between.
    const isBare = match[0].startsWith('import') && names === '';
    if (!isBare && !/\bfrom\s*['"]$/.test(match[0])) continue;
    add(match.index, match.index + match[0].length - 1, isTypeOnly(names) ? 'type' : 'value');
  }
  for (const match of code.matchAll(DYNAMIC)) add(match.index, match.index + match[0].length - 1, 'dynamic');
  return found.sort((a, b) => a.at - b.at).map(({ specifier, kind, line }) => ({ specifier, kind, line }));
}

function isTypeOnly(names: string): boolean {
  if (/^type\b(?!\s*,)/.test(names)) return true;
  const list = /^\{(.*)\}$/s.exec(names)?.[1];
  if (list === undefined) return false;
  const parts = list.split(',').filter((part) => part.trim() !== '');
  return parts.length > 0 && parts.every((part) => /^\s*type\s/.test(part));
}

/** The path that a relative specifier means, from the root; null for packages and `node:` modules. */
export function targetOf(path: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  const parts = path.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The package of a bare specifier: `@clickhouse/client`, `zod`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
