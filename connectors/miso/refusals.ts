/**
 * How MISO says no: the XML of its file store for a file that is not there, the JSON of the gateway before its displays, and
 * pages of its servers. Decided by content: either may come with any status.
 */

import type { CarbonError } from '../../core/errors.ts';
import type { Payload } from '../kit/contract.ts';
import { headOf } from '../kit/payload.ts';
import { fileRefusal, jsonRefusal, refused } from '../kit/refusals.ts';

/** An answer of the Data Exchange with no record for the selection: `{"data":[],"page":{…,"totalElements":0,…}}`. */
const EMPTY = /^\s*\{\s*"data"\s*:\s*\[\s*\]\s*,\s*"page"\s*:\s*\{[^{}]*"totalElements"\s*:\s*0\b/;

/** The refusal that a body is, or null. */
export function refusalOfMiso(payload: Payload): CarbonError | null {
  if (EMPTY.test(headOf(payload).text))
    return refused(payload, 'SOURCE_NO_DATA', 'MISO', 'totalElements 0', 'no record for the selection');
  return (
    fileRefusal(payload, 'MISO') ??
    jsonRefusal(payload, 'MISO', (body) => DATA.some((key) => Object.hasOwn(body, key)))
  );
}

/** Keys of displays and of raw events. */
const DATA: readonly string[] = ['data', 'LMPData', 'envelope', 'payload'];
