/** How ISO New England says no: a page, XML or JSON with a message, or a container of records without one. */

import { CarbonError } from '../../core/errors.ts';
import type { Payload } from '../kit/contract.ts';
import { headOf, placeOf } from '../kit/payload.ts';
import { isJsonArray, isJsonObject, type Json, readJson } from '../kit/readers/json.ts';
import { fileRefusal, jsonRefusal } from '../kit/refusals.ts';
import { glimpseOf } from './glimpse.ts';

/** Longest body that can hold no record. */
const EMPTY_BYTES = 2_000;

/** The refusal that a body is, or null. */
export function refusalOfIsone(payload: Payload): CarbonError | null {
  return (
    fileRefusal(payload, 'ISO New England') ??
    emptyAnswer(payload) ??
    jsonRefusal(payload, 'ISO New England', () => isData(payload))
  );
}

const isData = (payload: Payload): boolean => glimpseOf(headOf(payload)) !== null;

/** `{"HourlyLmps":""}`, `{"HourlyLmps":{"HourlyLmp":[]}}`, `[]`, `<HourlyLmps/>`: what was asked for has no record. */
function emptyAnswer(payload: Payload): CarbonError | null {
  if (payload.bytes.length > EMPTY_BYTES) return null;
  const text = headOf(payload).text;
  const name = /^\s*</.test(text) ? emptyElement(text) : emptyObject(payload, text);
  if (name === null) return null;
  return new CarbonError('SOURCE_NO_DATA', `ISO New England has no record for what was asked${name}`, {
    position: { ...placeOf(payload).position, line: 1, expected: 'records', got: text.slice(0, 80) },
  });
}

function emptyElement(text: string): string | null {
  const root = /^\s*(?:<\?xml[^>]*\?>\s*)?<(?:\w+:)?(\w+)[^>]*?(?:\/>|>\s*<\/(?:\w+:)?\1>)\s*$/.exec(text);
  return root === null || /^html$/i.test(root[1] ?? '') ? null : ` (${root[1]})`;
}

function emptyObject(payload: Payload, text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null;
  let body: Json;
  try {
    body = readJson(payload);
  } catch (error) {
    if (error instanceof CarbonError) return null;
    throw error;
  }
  if (!isEmpty(body)) return null;
  const name = isJsonObject(body) ? Object.keys(body)[0] : undefined;
  return name === undefined ? '' : ` (${name})`;
}

/** True when nothing but containers and blanks is in sight; charts name their answer besides. */
function isEmpty(value: Json): boolean {
  if (isJsonArray(value)) return value.every(isEmpty);
  if (isJsonObject(value))
    return Object.entries(value).every(([key, each]) => key === 'namespace' || isEmpty(each));
  return value === null || value === '';
}
