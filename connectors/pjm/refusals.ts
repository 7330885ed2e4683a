/**
 * What PJM answers in place of rows: errors of Data Miner and of the gateway before it, and selections without a row.
 * Decided by content, whatever the status said.
 */

import { CarbonError, type ErrorCode } from '../../core/errors.ts';
import type { Payload, PayloadHead } from '../kit/contract.ts';
import { firstLine, headOf, pageTitle, placeOf } from '../kit/payload.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, readJson } from '../kit/readers/json.ts';

/** Longest body that can be a refusal. */
const REFUSAL_BYTES = 40_000;

/** The refusal that a body is, or null. */
export function refusalOfPjm(payload: Payload): CarbonError | null {
  if (payload.bytes.length > REFUSAL_BYTES) return null;
  const text = headOf(payload).text;
  const page = pageTitle(text);
  if (page !== null) return pageRefusal(payload, page);
  if (/^\s*\[\s*\]\s*$/.test(text)) return refused(payload, 'SOURCE_NO_DATA', '', 'no row for the selection');
  if (!/^\s*\{/.test(text)) return null;
  let body: Json;
  try {
    body = readJson(payload);
  } catch (error) {
    if (error instanceof CarbonError) return null;
    throw error;
  }
  return isJsonObject(body) ? (emptyAnswer(payload, body) ?? apiError(payload, body)) : null;
}

/** `{"items":[],"totalRows":0}`. */
function emptyAnswer(payload: Payload, body: JsonObject): CarbonError | null {
  const items = body['items'];
  if (isJsonArray(items) ? items.length > 0 : body['totalRows'] !== '0') return null;
  return refused(payload, 'SOURCE_NO_DATA', 'totalRows 0', 'no row for the selection');
}

/** `{"errors":[{field, message, detail}], code, message}`, `{code, message, activityId}` or `{statusCode, message}`. */
function apiError(payload: Payload, body: JsonObject): CarbonError | null {
  if (Object.hasOwn(body, 'items')) return null;
  const errors = body['errors'];
  const [first] = isJsonArray(errors) ? errors : [];
  const detail = isJsonObject(first)
    ? [wordsOf(first['field']), wordsOf(first['message'])].filter((part) => part !== '').join(' ')
    : wordsOf(first);
  const words =
    detail || wordsOf(body['message'] ?? body['Message'] ?? body['error'] ?? body['detailedMessage']);
  const status = wordsOf(body['statusCode'] ?? body['code'] ?? body['status']);
  if (words === '') return null;
  return refused(payload, codeOf(status, words), status, words);
}

function codeOf(status: string, words: string): ErrorCode {
  if (/^(?:429|5\d\d)$/.test(status)) return 'SOURCE_BUSY';
  if (/rate limit|quota|throttl|too many|try again|temporarily|unavailable/i.test(words))
    return 'SOURCE_BUSY';
  return 'SOURCE_REFUSED';
}

function wordsOf(value: Json | undefined): string {
  if (typeof value === 'string') return value.replace(/\s+/g, ' ').trim().slice(0, 200);
  return isJsonObject(value) ? wordsOf(value['message']) : '';
}

function pageRefusal(payload: Payload, page: string): CarbonError | null {
  if (/\b404\b|not found/i.test(page)) return refused(payload, 'SOURCE_NO_DATA', '404', page);
  if (/\b50[0234]\b|unavailable|time-?out|bad gateway|maintenance/i.test(page))
    return refused(payload, 'SOURCE_BUSY', '503', page);
  return /access denied|unauthori[sz]ed|forbidden|sign in|log ?in/i.test(page)
    ? refused(payload, 'SOURCE_REFUSED', '401', page)
    : null;
}

function refused(payload: Payload, code: ErrorCode, theirs: string, words: string): CarbonError {
  const said = [theirs, words].filter((part) => part !== '').join(': ');
  return new CarbonError(code, `PJM answers ${said}`, {
    position: { ...placeOf(payload).position, line: 1, expected: 'rows of data', got: said.slice(0, 120) },
    context: { market: 'PJM' },
  });
}

/** Feeds that hold no series of the datasets here, by a column of theirs. */
const FEEDS: readonly (readonly [what: string, mark: RegExp])[] = [
  ['the list of pricing nodes', /pnode_(?:type|subtype)\b/],
  ['a feed of outages', /outages?_mw|gen_outage/],
  ['a feed of peak statistics', /projected_peak_datetime/],
  ['the list of members of reserve zones', /\bsubzone\b/],
  ['a feed of day-ahead constraints', /day_ahead_congestion_event/],
  ['the description of a feed', /"feedMetadata"|"displayName"\s*:/],
];

/** Says which PJM document a head is, or what else it is; null when it is none that is known. */
export function describePjm(head: PayloadHead): string | null {
  const page = pageTitle(head.text);
  if (page !== null) return `an HTML page: ${page}`;
  const start = head.text.slice(0, 8_192);
  for (const [what, mark] of FEEDS) if (mark.test(start)) return what;
  const feed = /\/api\/v1\/([a-z0-9_]+)/i.exec(start)?.[1];
  if (feed !== undefined) return `the feed ${feed}, which is not read here`;
  const root = /^\s*(?:<\?xml[^>]*>\s*)?<([\w:.-]+)/.exec(start);
  if (root !== null) return `an XML document <${root[1]}>`;
  return /^\s*[[{]/.test(start) ? `a JSON document, ${firstLine(head.text).slice(0, 80)}` : null;
}
