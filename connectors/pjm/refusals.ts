/**
 * What PJM answers in place of rows: errors of Data Miner and of the gateway before it, and selections without a row.
 * Decided by content, whatever the status said.
 */

import type { CarbonError } from '../../core/errors.ts';
import type { Payload, PayloadHead } from '../kit/contract.ts';
import { documentForm, headOf, pageTitle } from '../kit/payload.ts';
import { isHtml } from '../kit/readers/html-table.ts';
import { jsonRefusal, pageRefusal, refused, xmlRefusal } from '../kit/refusals.ts';

/** A document or an array without rows. */
const EMPTY = /^\s*\[\s*\]\s*$|"items"\s*:\s*\[\s*\]|^\s*\{[^[]*"totalRows"\s*:\s*0\s*[,}]/;
/** `{"errors":[{"field":"sort","message":"…","detail":…}],…}`: what was wrong with a query. */
const ERRORS = /^\s*\{[^[\]]*"errors"\s*:\s*\[\s*\{([^{}]*)\}/;

/** The refusal that a body is, or null. Other errors are `{code, message, activityId}` or `{statusCode, message}`. */
export function refusalOfPjm(payload: Payload): CarbonError | null {
  const { text, whole } = headOf(payload);
  if (isHtml(text)) return pageRefusal(payload);
  if (whole && EMPTY.test(text))
    return refused(payload, 'SOURCE_NO_DATA', 'PJM', 'totalRows 0', 'no row for the selection');
  const error = ERRORS.exec(text)?.[1];
  if (error !== undefined) {
    const said = ['field', 'message'].map(
      (key) => new RegExp(`"${key}"\\s*:\\s*"([^"]*)"`).exec(error)?.[1] ?? '',
    );
    return refused(payload, 'SOURCE_REFUSED', 'PJM', said[0] ?? '', (said[1] ?? '').slice(0, 200));
  }
  return xmlRefusal(payload, 'PJM') ?? jsonRefusal(payload, 'PJM', (body) => Object.hasOwn(body, 'items'));
}

/** Feeds that hold no series of the datasets here, by a column of theirs. */
const FEEDS: readonly (readonly [what: string, mark: RegExp])[] = [
  ['the list of pricing nodes', /pnode_(?:type|subtype)\b/],
  ['the list of members of reserve zones', /\bsubzone\b/],
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
  return documentForm(head.text);
}
