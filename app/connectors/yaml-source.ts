/** A YAML file with the places of its keys and values, and `${VAR}` standing for whole values (M7). */

import { type Document, isMap, isNode, isScalar, LineCounter, parse, parseDocument, visit } from 'yaml';

/** Line and column, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Something wrong with the text itself, before its keys are looked at. */
export interface SourceProblem extends Place {
  readonly message: string;
  readonly expected: string;
  readonly got: string;
  readonly path: readonly (string | number)[];
}

const WHOLE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;
const PART = /\$\{[^}]*\}?/;

/** A parsed file. Positions survive the parse; duplicate keys and floods of aliases are refused. */
export class YamlSource {
  /** What is wrong with the text: syntax, and variables that are unset or used inside a value. */
  readonly problems: readonly SourceProblem[];
  private readonly document: Document;
  private readonly lines = new LineCounter();
  private readonly plain: unknown;

  /** `variables` are what `${VAR}` is looked up in. */
  constructor(text: string, variables: Readonly<Record<string, string | undefined>>) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    const problems: SourceProblem[] = [];
    for (const error of this.document.errors)
      problems.push({
        ...this.at(error.pos[0]),
        message: error.message,
        expected: 'YAML',
        got: error.code,
        path: [],
      });
    if (problems.length === 0) this.substitute(variables, problems);
    this.plain = problems.length === 0 ? this.expand(problems) : null;
    this.problems = problems;
  }

  /** The file as plain values, variables filled in. */
  value(): unknown {
    return this.plain;
  }

  /** Where the value of a path stands; where it is absent, the place of the nearest parent. */
  placeOf(path: readonly (string | number)[]): Place {
    for (let depth = path.length; depth > 0; depth--) {
      const node = this.document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range != null) return this.at(node.range[0]);
    }
    const root = this.document.contents;
    return this.at(root?.range?.[0] ?? 0);
  }

  /** Where a key of the map at a path stands. */
  placeOfKey(path: readonly (string | number)[], key: string): Place {
    const map = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    if (isMap(map))
      for (const pair of map.items)
        if (isScalar(pair.key) && pair.key.value === key && pair.key.range != null)
          return this.at(pair.key.range[0]);
    return this.placeOf(path);
  }

  private at(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { line, column: col };
  }

  /** Plain values; aliases that multiply beyond reason are a problem of the file. */
  private expand(problems: SourceProblem[]): unknown {
    try {
      return this.document.toJS({ maxAliasCount: 50 });
    } catch (error) {
      const message = error instanceof Error ? error.message : 'the file cannot be expanded';
      problems.push({ ...this.at(0), message, expected: 'few aliases', got: 'many', path: [] });
      return null;
    }
  }

  private substitute(
    variables: Readonly<Record<string, string | undefined>>,
    problems: SourceProblem[],
  ): void {
    visit(this.document, {
      Scalar: (key, node, ancestors) => {
        if (key === 'key' || typeof node.value !== 'string' || !PART.test(node.value)) return;
        const refuse = (message: string, expected: string): void => {
          const path = pathOf(ancestors, key, node);
          problems.push({
            ...this.at(node.range?.[0] ?? 0),
            message,
            expected,
            got: String(node.value),
            path,
          });
        };
        const name = WHOLE.exec(node.value)?.[1];
        if (name === undefined)
          return refuse('a variable stands for a whole value, not for a part of one', 'a variable alone');
        const found = variables[name];
        if (found === undefined)
          return refuse(`the variable ${name} is not set`, `${name} in the environment`);
        node.value = found === '' ? '' : scalarOf(found);
      },
    });
  }
}

/** A variable's text as YAML reads a plain value: numbers and booleans get their type, all else stays text. */
function scalarOf(text: string): unknown {
  try {
    const value: unknown = parse(text);
    return typeof value === 'number' || typeof value === 'boolean' ? value : text;
  } catch {
    return text;
  }
}

/** Keys and indexes that lead to a node of a `visit`. */
function pathOf(ancestors: readonly unknown[], key: unknown, node: unknown): (string | number)[] {
  const path: (string | number)[] = [];
  const chain = [...ancestors, node];
  for (const [i, step] of chain.entries()) {
    if (typeof step !== 'object' || step === null) continue;
    if ('key' in step && isScalar(step.key)) path.push(String(step.key.value));
    else if ('items' in step && Array.isArray(step.items) && !isMap(step)) {
      const index = step.items.indexOf(chain[i + 1]);
      path.push(index < 0 && typeof key === 'number' ? key : index);
    }
  }
  return path;
}
