/** What a body of IESO is that no dataset reads. */

import type { PayloadHead } from '../kit/contract.ts';
import { documentForm, pageTitle } from '../kit/payload.ts';
import { reportHead } from './document.ts';

/** Says what a head is that no dataset reads; null when it is none that is known. */
export function describeIeso(head: PayloadHead): string | null {
  const page = pageTitle(head.text);
  if (page !== null) return `an HTML page: ${page}`;
  const report = reportHead(head);
  if (report !== null) {
    const words = /<(?:\w+:)?DocTitle>([^<]*)</.exec(head.text)?.[1]?.trim() ?? report.title.trim();
    return `a report that is not read here: ${words.slice(0, 80)}`;
  }
  return documentForm(head.text);
}
