/**
 * What ERCOT answers in place of data, and what else its hosts serve that is no series: errors of the public API and of
 * its gateway, empty answers, listings of documents. Decided by content, whatever the status said.
 */

import { CarbonError, type ErrorCode } from '../../core/errors.ts';
import type { Payload, PayloadHead } from '../kit/contract.ts';
import { firstLine, headOf, pageTitle, placeOf } from '../kit/payload.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, readJson } from '../kit/readers/json.ts';

/** Longest body that can be a refusal. */
const REFUSAL_BYTES = 40_000;

/** The refusal that a body is, or null. */
export function refusalOfErcot(payload: Payload): CarbonError | null {
  if (payload.bytes.length > REFUSAL_BYTES) return null;
  const text = headOf(payload).text;
  const page = pageTitle(text);
  if (page !== null) return pageRefusal(payload, page);
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

/** `{"_meta":{"totalRecords":0,…}}`, with an empty `data` or none. */
function emptyAnswer(payload: Payload, body: JsonObject): CarbonError | null {
  const meta = body['_meta'];
  if (!isJsonObject(meta) || meta['totalRecords'] !== '0') return null;
  const data = body['data'];
  if (isJsonArray(data) && data.length > 0) return null;
  return refused(payload, 'SOURCE_NO_DATA', 'totalRecords', '0 records for the selection');
}

/** `{timestamp, code, status, message, data}`, or `{statusCode, message}` of the gateway. */
function apiError(payload: Payload, body: JsonObject): CarbonError | null {
  if (Object.hasOwn(body, 'fields') || Object.hasOwn(body, 'lastUpdated')) return null;
  const words = wordsOf(body['message'] ?? body['error_description'] ?? body['error'] ?? body['detail']);
  const status = wordsOf(body['statusCode'] ?? body['code'] ?? body['status'] ?? body['error']);
  if (words === '') return null;
  return refused(payload, codeOf(status, words), status, words);
}

function codeOf(status: string, words: string): ErrorCode {
  if (/^(?:429|5\d\d)$/.test(status)) return 'SOURCE_BUSY';
  if (/rate limit|too many|quota|try again|temporarily|unavailable/i.test(words)) return 'SOURCE_BUSY';
  if (status === '404' || /no (?:data|records?) (?:found|available)/i.test(words)) return 'SOURCE_NO_DATA';
  return 'SOURCE_REFUSED';
}

function wordsOf(value: Json | undefined): string {
  if (typeof value === 'string') return value.replace(/\s+/g, ' ').trim().slice(0, 200);
  return isJsonObject(value) ? wordsOf(value['message']) : '';
}

function pageRefusal(payload: Payload, page: string): CarbonError | null {
  if (/\b404\b|not found/i.test(page)) return refused(payload, 'SOURCE_NO_DATA', '404', page);
  if (/\b50[0234]\b|unavailable|time-?out|bad gateway/i.test(page))
    return refused(payload, 'SOURCE_BUSY', '503', page);
  return /access denied|request rejected|incapsula|forbidden/i.test(page)
    ? refused(payload, 'SOURCE_REFUSED', '403', page)
    : null;
}

function refused(payload: Payload, code: ErrorCode, theirs: string, words: string): CarbonError {
  const said = [theirs, words].filter((part) => part !== '').join(': ');
  return new CarbonError(code, `ERCOT answers ${said}`, {
    position: { ...placeOf(payload).position, line: 1, expected: 'rows of data', got: said.slice(0, 120) },
    context: { market: 'ERCOT' },
  });
}

const DOCUMENTS: readonly (readonly [what: string, mark: RegExp])[] = [
  ['a listing of documents of the report archive', /"ListDocsByRptTypeRes"|"DocumentList"/],
  ['a listing of archived documents of the public API', /"archives"\s*:\s*\[/],
  ['the list of products of the public API', /"emilId"|"products"\s*:\s*\[/],
  ['the grid conditions of the dashboards', /"current_condition"/],
  ['the price dashboard', /"rtSppData"|"damSpp/],
  ['the outage dashboard', /"combined(?:Planned|Outages)|"outages"\s*:/],
  ['a dashboard that is not read here', /"lastUpdated"/],
];

/** Columns of reports that hold no series of the datasets here. */
const REPORTS: readonly (readonly [what: string, mark: RegExp])[] = [
  ['the list of settlement points and buses', /\bRESOURCE_NODE\b|\bNODE_NAME\b.*\bPSSE/i],
  ['the short-term adequacy report', /\bCapGenRes/i],
  ['a report of outages', /\bTotalResourceMW|\bOutageIdentifier/i],
  ['a report of ancillary service plans or offers', /\bAncillary(?:Type|_Type)\b.*\bQuantity\b|\bOFFNS\b/i],
  ['a disclosure of offers and schedules', /\bQSE(?: ?Name|_NAME)?\b/i],
  ['shift factors of constraints', /\bShift_?Factor/i],
];

/** Says which ERCOT document a head is, or what else it is; null when it is none that is known. */
export function describeErcot(head: PayloadHead): string | null {
  const page = pageTitle(head.text);
  if (page !== null) return `an HTML page: ${page}`;
  const isJson = /^\s*[[{]/.test(head.text);
  for (const [what, mark] of isJson ? DOCUMENTS : REPORTS)
    if (mark.test(head.text.slice(0, 8_192))) return what;
  const root = /^\s*(?:<\?xml[^>]*>\s*)?<([\w:.-]+)/.exec(head.text);
  if (root !== null) return `an XML document <${root[1]}>`;
  return isJson ? `a JSON document, ${firstLine(head.text).slice(0, 80)}` : null;
}
