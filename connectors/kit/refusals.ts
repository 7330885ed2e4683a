/**
 * The refusals that look alike at every market: a page of the web server, and the JSON of a gateway or an application
 * server, in place of data. Decided by content: either may come with any status.
 */

import { CarbonError, type ErrorCode } from '../../core/errors.ts';
import type { Payload } from './contract.ts';
import { headOf, pageTitle, placeOf } from './payload.ts';
import { isJsonObject, type Json, type JsonObject, readJson } from './readers/json.ts';

/** Longest body that can be a refusal: a document of prices is not read twice. */
const REFUSAL_BYTES = 20_000;

/**
 * A page that an operator serves in place of a file: absent files are SOURCE_NO_DATA, as days that have left the daily
 * files are; a server that cannot answer now is SOURCE_BUSY. Null for any other body.
 */
export function pageRefusal(payload: Payload): CarbonError | null {
  const page = pageTitle(headOf(payload).text);
  if (page === null) return null;
  const absent = /\b404\b|not found|cannot be found/i.test(page);
  if (!absent && !/\b50[0234]\b|unavailable|time-?out|bad gateway/i.test(page)) return null;
  const { position } = placeOf(payload);
  return new CarbonError(
    absent ? 'SOURCE_NO_DATA' : 'SOURCE_BUSY',
    `the body is a page in place of a file: ${page}`,
    {
      position: { ...position, line: 1, expected: 'rows of data', got: page },
    },
  );
}

/**
 * A short JSON object of a message and a status, as gateways and application servers answer, with the words of the
 * market (`market` is its name in the message). Null for any other body, and for one that `holdsData` takes for data.
 */
export function jsonRefusal(
  payload: Payload,
  market: string,
  holdsData: (body: JsonObject) => boolean,
): CarbonError | null {
  const body = shortObject(payload);
  if (body === null || holdsData(body)) return null;
  const message = wordsOf(body['message'] ?? body['Message'] ?? body['title'] ?? body['error']);
  const status = wordsOf(body['statusCode'] ?? body['status'] ?? body['code']);
  if (message === '') return null;
  return refused(payload, codeOf(status, message), market, status, message);
}

/** A body that is one JSON object, short enough to be a refusal; null for any other. */
export function shortObject(payload: Payload): JsonObject | null {
  if (payload.bytes.length > REFUSAL_BYTES || !/^\s*\{/.test(headOf(payload).text)) return null;
  try {
    const body: Json = readJson(payload);
    return isJsonObject(body) ? body : null;
  } catch (error) {
    if (error instanceof CarbonError) return null;
    throw error;
  }
}

/** The refusal in the words of the market. */
export function refused(
  payload: Payload,
  code: ErrorCode,
  market: string,
  theirs: string,
  words: string,
): CarbonError {
  const said = [theirs, words].filter((part) => part !== '').join(': ');
  return new CarbonError(code, `${market} answers ${said}`, {
    position: { ...placeOf(payload).position, line: 1, expected: 'rows of data', got: said.slice(0, 120) },
  });
}

function codeOf(status: string, message: string): ErrorCode {
  if (status === '429' || /^5\d\d$/.test(status)) return 'SOURCE_BUSY';
  if (/rate limit|quota|try again|temporarily|unavailable|an error has occurred/i.test(message))
    return 'SOURCE_BUSY';
  return 'SOURCE_REFUSED';
}

function wordsOf(value: Json | undefined): string {
  if (typeof value === 'string') return value.trim().slice(0, 200);
  return isJsonObject(value) ? wordsOf(value['message']) : '';
}
