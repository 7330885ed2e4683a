/** What IESO serves in place of a report, and what a body is that no dataset reads. */

import { CarbonError } from '../../core/errors.ts';
import type { Payload, PayloadHead } from '../kit/contract.ts';
import { firstLine, headOf, pageTitle, placeOf } from '../kit/payload.ts';
import { reportHead } from './document.ts';

/**
 * A page in place of a report, whatever the status: an absent report is SOURCE_NO_DATA, as days beyond the retention are;
 * a server that cannot answer now is SOURCE_BUSY. Null for any other body.
 */
export function refusalOfIeso(payload: Payload): CarbonError | null {
  const page = pageTitle(headOf(payload).text);
  if (page === null) return null;
  const absent = /\b404\b|not found|cannot be found/i.test(page);
  if (!absent && !/\b50[0234]\b|unavailable|time-?out|bad gateway/i.test(page)) return null;
  return new CarbonError(
    absent ? 'SOURCE_NO_DATA' : 'SOURCE_BUSY',
    `the body is a page in place of a report: ${page}`,
    { position: { ...placeOf(payload).position, line: 1, expected: 'a report', got: page } },
  );
}

/** Says what a head is that no dataset reads; null when it is none that is known. */
export function describeIeso(head: PayloadHead): string | null {
  const page = pageTitle(head.text);
  if (page !== null) return `an HTML page: ${page}`;
  const report = reportHead(head);
  if (report !== null) {
    const words = /<(?:\w+:)?DocTitle>([^<]*)</.exec(head.text)?.[1]?.trim() ?? report.title.trim();
    return `a report that is not read here: ${words.slice(0, 80)}`;
  }
  const root = /^\s*(?:<\?xml[^>]*>\s*)?<([\w:.-]+)/.exec(head.text);
  if (root !== null) return `an XML document <${root[1]}>`;
  if (/^\s*[[{]/.test(head.text)) return `a JSON document, ${firstLine(head.text).slice(0, 80)}`;
  return null;
}
