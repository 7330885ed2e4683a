/**
 * Splits a body of JSON records without reading them: one object alone, an array of objects, or objects one after
 * another, a line each (NDJSON) or not. What an object says is for whoever reads it; here only quotes and braces count.
 */

import { CarbonError } from '../../../core/errors.ts';

/** Where a record lies: `[from, to)` of the text, and the line on which it begins, counted from 1. */
export interface JsonRecord {
  readonly from: number;
  readonly to: number;
  readonly line: number;
}

const SPACE = /[\s\uFEFF]/;

/** The records of a text, and SOURCE_MALFORMED with its line where the text stops being records; null for a whole one. */
export function splitRecords(
  text: string,
  file: string,
): { records: JsonRecord[]; damage: CarbonError | null } {
  const records: JsonRecord[] = [];
  let line = 1;
  let at = 0;
  let inArray: 'no' | 'value' | 'comma' | 'closed' = 'no';
  const damage = (expected: string): CarbonError => {
    const got = at >= text.length ? 'the end of the body' : (text.slice(at, at + 40).split('\n', 1)[0] ?? '');
    return new CarbonError('SOURCE_MALFORMED', `line ${line}: ${expected} was expected`, {
      position: { ...(file === '' ? {} : { file }), line, expected, got },
    });
  };
  for (; ; at++) {
    while (at < text.length && SPACE.test(text.charAt(at))) if (text.charCodeAt(at++) === 10) line++;
    const c = text.charAt(at);
    if (c === '') {
      const whole = inArray === 'no' || inArray === 'closed';
      return { records, damage: whole ? null : damage('the end of the array') };
    }
    if (c === '[' && inArray === 'no' && records.length === 0) inArray = 'value';
    else if (c === ',' && inArray === 'comma') inArray = 'value';
    else if (c === ']' && (inArray === 'comma' || (inArray === 'value' && records.length === 0)))
      inArray = 'closed';
    else if (c === '{' && (inArray === 'no' || inArray === 'value')) {
      const to = endOfObject(text, at);
      if (to < 0) return { records, damage: damage('a whole JSON object') };
      records.push({ from: at, to, line });
      for (let n = text.indexOf('\n', at); n >= 0 && n < to; n = text.indexOf('\n', n + 1)) line++;
      at = to - 1;
      if (inArray === 'value') inArray = 'comma';
    } else
      return {
        records,
        damage: damage(inArray === 'comma' ? 'a comma or the end of the array' : 'a JSON object'),
      };
  }
}

/** Index after the brace that closes the object that begins at `from`; -1 when it is not closed. */
function endOfObject(text: string, from: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (quoted) {
      if (c === 0x5c) at++;
      else if (c === 0x22) quoted = false;
    } else if (c === 0x22) quoted = true;
    else if (c === 0x7b) depth++;
    else if (c === 0x7d && --depth === 0) return at + 1;
  }
  return -1;
}
