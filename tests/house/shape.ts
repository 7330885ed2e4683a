/** Sizes and names of files, and the docstrings of what they export. */

import type { Problem, SourceFile } from './source-files.ts';

const LONGEST = 500;
const EMPTY_NAMES = ['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'managers', 'misc'];

/** Number of lines, as an editor counts them. */
export function linesOf(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** Files that have grown too long. */
export function sizeProblems(files: readonly SourceFile[]): Problem[] {
  return files
    .map((file) => ({ path: file.path, line: linesOf(file.text) }))
    .filter(({ line }) => line > LONGEST)
    .map(({ path, line }) => ({
      path,
      line,
      message: `has ${line} lines, more than ${LONGEST}: part it at its nouns`,
    }));
}

/** Files and folders whose name says nothing of what they hold. */
export function nameProblems(paths: readonly string[]): Problem[] {
  return paths.flatMap((path) => {
    const word = path.split(/[/.\-_]|(?=[A-Z])/).find((part) => EMPTY_NAMES.includes(part.toLowerCase()));
    return word === undefined
      ? []
      : [{ path, line: 1, message: `is named "${word}": name it after the noun that it holds` }];
  });
}

const EXPORT = /^export (?:declare )?(?:async )?(?:abstract )?(function\*?|class|interface|type) ([\w$]+)/;

/**
 * Exported functions, classes, interfaces and types without a docstring right above. An overload shares the docstring
 * of the first; a type that is named like the constant it is taken from shares that one's.
 */
export function docstringProblems(files: readonly SourceFile[]): Problem[] {
  const problems: Problem[] = [];
  for (const { path, text } of files) {
    const lines = text.split('\n');
    const described = new Set<string>();
    lines.forEach((line, index) => {
      const isDescribed = (lines[index - 1] ?? '').trimEnd().endsWith('*/');
      const constant = /^export const ([\w$]+)/.exec(line);
      if (constant !== null && isDescribed) described.add(constant[1]);
      const match = EXPORT.exec(line);
      if (match === null) return;
      const [, kind, name] = match;
      if (isDescribed) described.add(name);
      if (described.has(name)) return;
      problems.push({
        path,
        line: index + 1,
        message: `exported ${kind} ${name} has no docstring right above: say its promise, units and errors`,
      });
    });
  }
  return problems;
}
