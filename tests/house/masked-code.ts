/** TypeScript with its comments and the contents of its strings blanked out, position by position. */

/** Both texts have the length and the lines of the source. */
export interface MaskedCode {
  /** Without comments. */
  readonly text: string;
  /** Without comments and without what stands in strings, templates and regular expressions. */
  readonly code: string;
}

const REGEX_AFTER =
  /(?:^|[(,=:[!&|?{;+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|delete|throw|await|yield))$/;

/** Blanks comments and strings. What stands in `${}` of a template stays code. */
export function maskedCode(source: string): MaskedCode {
  const text = source.split('');
  const code = source.split('');
  const blank = (from: number, to: number, alsoText: boolean): void => {
    for (let i = from; i < Math.min(to, source.length); i++) {
      if (source[i] === '\n') continue;
      code[i] = ' ';
      if (alsoText) text[i] = ' ';
    }
  };
  // One entry per open template: how many braces are open in its present expression.
  const templates: number[] = [];
  let before = '';
  let i = 0;
  while (i < source.length) {
    const c = source[i];
    if (source.startsWith('//', i)) {
      const end = source.indexOf('\n', i);
      blank(i, end < 0 ? source.length : end, true);
      i = end < 0 ? source.length : end;
    } else if (source.startsWith('/*', i)) {
      const end = source.indexOf('*/', i + 2);
      blank(i, end < 0 ? source.length : end + 2, true);
      i = end < 0 ? source.length : end + 2;
    } else if (c === "'" || c === '"') {
      const end = endOfQuoted(source, i);
      blank(i + 1, end, false);
      i = end + 1;
      before = 'x';
    } else if (c === '`' || (c === '}' && templates.at(-1) === 0)) {
      if (c === '}') templates.pop();
      const end = endOfTemplatePart(source, i + 1);
      blank(i + 1, end, false);
      if (source[end] === '$') {
        templates.push(0);
        i = end + 2;
        before = '(';
      } else {
        i = end + 1;
        before = 'x';
      }
    } else if (c === '/' && REGEX_AFTER.test(before)) {
      const end = endOfRegex(source, i);
      blank(i + 1, end, false);
      i = end + 1;
      before = 'x';
    } else {
      if (templates.length > 0 && c === '{') templates[templates.length - 1]++;
      if (templates.length > 0 && c === '}') templates[templates.length - 1]--;
      if (c.trim() !== '') before = /\w/.test(c) ? (/\w$/.test(source[i - 1] ?? '') ? before + c : c) : c;
      i++;
    }
  }
  return { text: text.join(''), code: code.join('') };
}

function endOfQuoted(source: string, from: number): number {
  let i = from + 1;
  while (i < source.length && source[i] !== source[from] && source[i] !== '\n')
    i += source[i] === '\\' ? 2 : 1;
  return i;
}

/** Position of the closing backtick, or of the `$` of the next expression. */
function endOfTemplatePart(source: string, from: number): number {
  let i = from;
  while (i < source.length && source[i] !== '`' && !source.startsWith('${', i))
    i += source[i] === '\\' ? 2 : 1;
  return i;
}

function endOfRegex(source: string, from: number): number {
  let inClass = false;
  let i = from + 1;
  for (; i < source.length && source[i] !== '\n'; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === '[') inClass = true;
    else if (source[i] === ']') inClass = false;
    else if (source[i] === '/' && !inClass) break;
  }
  return i;
}
