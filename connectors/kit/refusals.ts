/**
 * The refusals that look alike at every market: a page of the web server, the JSON of a gateway or an application server,
 * and the XML of a store of files, in place of data. Decided by content: either may come with any status.
 */

import { CarbonError, type ErrorCode } from '../../core/errors.ts';
import type { Payload } from './contract.ts';
import { ownEntry } from './own-entry.ts';
import { headOf, pageTitle, pageWords, placeOf } from './payload.ts';
import { isJsonObject, type Json, type JsonObject, readJson } from './readers/json.ts';

/** Longest body that can be a refusal: a document of prices is not read twice. */
const REFUSAL_BYTES = 20_000;

/** What a page says of a server that cannot answer now, or not so often. */
const BUSY_PAGE = /\b(?:429|50[0234])\b|too many requests|unavailable|time-?out|bad gateway/i;

/**
 * A page that an operator serves in place of a file: absent files are SOURCE_NO_DATA, as days that have left the daily
 * files are; a server that cannot answer now is SOURCE_BUSY. Null for any other body.
 */
export function pageRefusal(payload: Payload): CarbonError | null {
  const { text } = headOf(payload);
  const page = pageTitle(text);
  if (page === null) return null;
  const absent = /\b404\b|not found|cannot be found/i.test(page);
  if (!absent && !BUSY_PAGE.test(page)) return null;
  const { position } = placeOf(payload);
  return new CarbonError(
    absent ? 'SOURCE_NO_DATA' : 'SOURCE_BUSY',
    `the body is a page in place of a file: ${pageWords(text)}`,
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
  const error = wordsOf(body['error']);
  // Servers of tokens have the code under "error" and the words beside it.
  const described = wordsOf(body['error_description']);
  const beside = wordsOf(body['message'] ?? body['Message'] ?? body['title'] ?? body['fault']);
  // Java's application servers say that they have nothing to say; the words are those of the status then.
  const message = described || (/^no message available$/i.test(beside) ? error || beside : beside || error);
  const status = wordsOf(body['statusCode'] ?? body['status'] ?? body['code']) || (described && error);
  if (message === '') return null;
  return refused(payload, codeOf(status, message), market, status, message);
}

const XML_ERROR = /^\s*(?:<\?xml[^>]*>\s*)?<Error\b[^>]*>/;

/** Codes of stores of files; others mean that the request was wrong. */
const STORE_CODES: Readonly<Record<string, ErrorCode>> = {
  BlobNotFound: 'SOURCE_NO_DATA',
  ResourceNotFound: 'SOURCE_NO_DATA',
  NoSuchKey: 'SOURCE_NO_DATA',
  ContainerNotFound: 'SOURCE_REFUSED',
  ServerBusy: 'SOURCE_BUSY',
  SlowDown: 'SOURCE_BUSY',
  InternalError: 'SOURCE_BUSY',
  OperationTimedOut: 'SOURCE_BUSY',
};

/** `<Error><Code>BlobNotFound</Code><Message>…</Message></Error>`, the code or the words alone too. Null for any other body. */
export function xmlRefusal(payload: Payload, market: string): CarbonError | null {
  const { text } = headOf(payload);
  if (!XML_ERROR.test(text)) return null;
  const [code = '', message = ''] = ['Code', 'Message'].map(
    (name) => new RegExp(`<${name}>\\s*([^<\\n]*)`).exec(text)?.[1]?.trim() ?? '',
  );
  if (code === '' && message === '') return null;
  return refused(payload, ownEntry(STORE_CODES, code) ?? codeOf(code, message), market, code, message);
}

/** What a server of files answers in place of one: {@link pageRefusal}, {@link xmlRefusal}. Null for any other body. */
export function fileRefusal(payload: Payload, market: string): CarbonError | null {
  return pageRefusal(payload) ?? xmlRefusal(payload, market);
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
  if (/\bno (?:data|records?|results?)\b/i.test(message)) return 'SOURCE_NO_DATA';
  if (/rate limit|quota|try again|temporarily|unavailable|an error has occurred/i.test(message))
    return 'SOURCE_BUSY';
  return 'SOURCE_REFUSED';
}

function wordsOf(value: Json | undefined): string {
  if (typeof value === 'string') return value.trim().slice(0, 200);
  return isJsonObject(value) ? wordsOf(value['message'] ?? value['faultstring']) : '';
}
