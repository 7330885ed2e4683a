/** ERCOT's display pages of now: one reading under the words `Last Updated: Apr 14, 2016 18:38:40`, Central time. */

import { CarbonError } from '../../core/errors.ts';
import type { Payload } from '../kit/contract.ts';
import { placeOf } from '../kit/payload.ts';
import type { HtmlPage } from '../kit/readers/html-table.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { ERCOT_ZONE } from './body.ts';

const UPDATED = /Last Updated:\s*([A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d{2}:\d{2})/;

/** The reading of a page. It prints no offset, so that one of the repeated hour is refused. */
export const READING: TimeConvention = {
  name: 'central-instant',
  zone: ERCOT_ZONE,
  pattern: 'Mon D, YYYY h:mm:ss',
  stamp: 'instant',
  length: 0,
  onGrid: false,
  repeated: { by: 'none' },
};

/** The stamp of a page; null for a page without one. */
export const updatedAt = (page: HtmlPage): string | null => UPDATED.exec(page.text)?.[1] ?? null;

/** The same. Throws SOURCE_MALFORMED for a page without one. */
export function requireUpdated(page: HtmlPage, payload: Payload): string {
  const stamp = updatedAt(page);
  if (stamp !== null) return stamp;
  throw new CarbonError('SOURCE_MALFORMED', 'the page does not say when it was updated', {
    position: { ...placeOf(payload).position, line: 1, expected: 'Last Updated: Apr 14, 2016 18:38:40' },
  });
}
