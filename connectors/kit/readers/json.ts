/**
 * Reads a JSON body with exact numbers: a number comes out as the text in which it was written, like the strings that
 * most markets use for their prices anyway.
 */

import { CarbonError } from '../../../core/errors.ts';
import type { Payload } from '../contract.ts';
import { placeOf, requireText, textOf } from '../payload.ts';

/** A JSON value; numbers are their digits. */
export type Json = null | boolean | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

const digits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' ? (context?.source ?? String(value)) : value;

/**
 * The whole body. Throws SOURCE_EMPTY (no bytes), SOURCE_NOT_DATA (a page) and SOURCE_MALFORMED with the place where the
 * text ends or, if the parser tells it, stops being JSON, and with the parser's words: of such a document nothing is kept.
 */
export function readJson(payload: Payload): Json {
  requireText(payload);
  const text = textOf(payload);
  try {
    return JSON.parse(text, digits) as Json;
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof RangeError)) throw cause;
    const { position } = placeOf(payload);
    const words = String(cause.message);
    const told = /at position (\d+)/.exec(words)?.[1];
    const cut =
      !(cause instanceof SyntaxError) ||
      /^(?:Unexpected end|Unterminated)/.test(words) ||
      Number(told) >= text.length;
    const place = cut
      ? lineAndColumn(text, text.length)
      : told === undefined
        ? { line: 1 }
        : lineAndColumn(text, Number(told));
    const what = cut ? 'the JSON document is cut short or nested too deep' : 'this is not JSON';
    throw new CarbonError('SOURCE_MALFORMED', `line ${place.line}: ${what}`, {
      position: {
        ...position,
        ...place,
        expected: 'a whole JSON document',
        got: words.slice(0, 120),
      },
      cause,
    });
  }
}

function lineAndColumn(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let n = before.indexOf('\n'); n >= 0; n = before.indexOf('\n', n + 1)) line++;
  return { line, column: at - lineStart + 1 };
}

/** True for an object that is no array. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for an array. */
export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** SOURCE_MALFORMED at a record, counted from 1 as rows of the body are. */
export function malformedRecord(payload: Payload, record: number, expected: string, got: Json | undefined) {
  const { position } = placeOf(payload);
  const shown = (JSON.stringify(got) ?? 'nothing').slice(0, 80);
  return new CarbonError('SOURCE_MALFORMED', `record ${record} is not ${expected}`, {
    position: { ...position, line: record, expected, got: shown },
  });
}
