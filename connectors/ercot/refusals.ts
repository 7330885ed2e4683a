/**
 * What ERCOT answers in place of data, and what else its hosts serve that is no series: errors of the public API and of
 * its gateway, empty answers, listings of documents. Decided by content, whatever the status said.
 */

import type { CarbonError } from '../../core/errors.ts';
import type { Payload, PayloadHead } from '../kit/contract.ts';
import { documentForm, headOf, pageTitle } from '../kit/payload.ts';
import { isHtml } from '../kit/readers/html-table.ts';
import { jsonRefusal, pageRefusal, refused, xmlRefusal } from '../kit/refusals.ts';

/** `{"_meta":{"totalRecords":0,…}}`, with an empty `data` or none. */
const EMPTY = /^\s*\{\s*"_meta"\s*:\s*\{[^{}]*"totalRecords"\s*:\s*0\s*[,}]/;
const DATA_KEYS = ['fields', 'lastUpdated', 'ListDocsByRptTypeRes', 'archives', 'previousDay', 'currentDay'];

/**
 * The refusal that a body is, or null. Errors of the API are `{timestamp, code, status, message, data}`, those of the
 * gateway before it `{statusCode, message}`.
 */
export function refusalOfErcot(payload: Payload): CarbonError | null {
  const { text } = headOf(payload);
  if (isHtml(text)) return pageRefusal(payload);
  if (EMPTY.test(text))
    return refused(payload, 'SOURCE_NO_DATA', 'ERCOT', 'totalRecords 0', 'no row for the selection');
  return (
    xmlRefusal(payload, 'ERCOT') ??
    jsonRefusal(payload, 'ERCOT', (body) => DATA_KEYS.some((key) => Object.hasOwn(body, key)))
  );
}

const DOCUMENTS: readonly (readonly [what: string, mark: RegExp])[] = [
  ['a listing of documents of the report archive', /"ListDocsByRptTypeRes"|"DocumentList"/],
  ['a listing of archived documents of the public API', /"archives"\s*:\s*\[/],
  ['the list of products of the public API', /"emilId"|"products"\s*:\s*\[/],
  ['a dashboard that is not read here', /"lastUpdated"/],
];

/** Columns of reports that hold no series of the datasets here. */
const REPORTS: readonly (readonly [what: string, mark: RegExp])[] = [
  ['the list of settlement points and buses', /\bRESOURCE_NODE\b|\bNODE_NAME\b.*\bPSSE/i],
  ['a report of outages', /\bOutageIdentifier/i],
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
  return documentForm(head.text);
}
