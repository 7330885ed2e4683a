/** What pure rooms do without (docs/house-rules.md, "Pure rooms"). */

import { maskedCode } from './masked-code.ts';
import { lineAt, type Problem, type SourceFile } from './source-files.ts';

interface Ban {
  readonly pattern: RegExp;
  readonly message: string;
}

const ban = (pattern: RegExp, message: string): Ban => ({ pattern, message });
const CLOCK = 'reads a clock: take the time from the plan, the batch or the port Clock';
const CHANCE = 'is random: take what differs from the data';
const TIMER = 'uses a timer: the runner and the port Clock wait';
const WORLD = 'reaches out of a pure room: hand the value in from app';
const CODE_FROM_TEXT = 'makes code from text: write the code';

const BANS: readonly Ban[] = [
  ban(/(?<![.\w$])Date\s*\.\s*now\b/g, CLOCK),
  ban(/(?<![.\w$])new\s+Date\s*(?:\(\s*\)|(?![\w$\s(]))/g, CLOCK),
  ban(/(?<![.\w$]|new\s)Date\s*\(/g, CLOCK),
  ban(/(?<![.\w$])performance\b(?!\s*[:(])/g, CLOCK),
  ban(/\bTemporal\s*\.\s*Now\b/g, CLOCK),
  ban(/(?<![.\w$])Math\s*\.\s*random\b/g, CHANCE),
  ban(/(?<![.\w$])crypto\b(?!\s*[:(])|\brandomUUID\b|\bgetRandomValues\b/g, CHANCE),
  ban(/(?<![.\w$])(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, TIMER),
  ban(/(?<![.\w$])process\b(?!\s*[:(<])/g, WORLD),
  ban(/(?<![.\w$])(?:globalThis|console|Buffer|require|__dirname|__filename)\b(?!\s*:)/g, WORLD),
  ban(/\bimport\s*\.\s*meta\b/g, WORLD),
  ban(/(?<![.\w$])(?<!\basync\s+)fetch\s*\((?![^()]*\)\s*[:{])/g, WORLD),
  ban(/(?<![.\w$])eval\s*\(|(?<![.\w$])new\s+Function\b|(?<![.\w$])Function\s*\(/g, CODE_FROM_TEXT),
  ban(/(?<![.\w$])any\b(?!\s*[:(])/g, 'has the type any: name the type, or use unknown and check it'),
  ban(
    /[\w$)\]'"`]!(?![=\w])/g,
    'asserts with ! that a value is there: test it, or shape the type so that it is',
  ),
];

const COMMENT = /(?:\/\/|\/\*)\s*@ts-\w+/g;

/** A line that may stand although a ban speaks against it, and why. */
export interface PurityException {
  readonly path: string;
  /** Text that the line contains. */
  readonly text: string;
  readonly reason: string;
}

/** What pure rooms may not have. Comments and strings do not count, apart from comments that silence the compiler. */
export function purityProblems(
  files: readonly SourceFile[],
  exceptions: readonly PurityException[] = [],
): Problem[] {
  const problems: Problem[] = [];
  for (const file of files) {
    const { code } = maskedCode(file.text);
    const lines = file.text.split('\n');
    const add = (at: number, found: string, message: string): void => {
      const line = lineAt(file.text, at);
      if (exceptions.some((e) => e.path === file.path && lines[line - 1].includes(e.text))) return;
      problems.push({ path: file.path, line, message: `${found.trim()} ${message}` });
    };
    for (const { pattern, message } of BANS)
      for (const match of code.matchAll(pattern)) add(match.index, match[0], message);
    for (const match of file.text.matchAll(COMMENT))
      add(match.index, match[0], 'silences the compiler: mend the type');
  }
  return problems;
}
