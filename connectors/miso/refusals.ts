/**
 * How MISO says no: the XML of its file store for a file that is not there, the JSON of the gateway before its displays, and
 * pages of its servers. Decided by content: either may come with any status.
 */

import type { CarbonError } from '../../core/errors.ts';
import type { Payload } from '../kit/contract.ts';
import { fileRefusal, jsonRefusal } from '../kit/refusals.ts';

/** The refusal that a body is, or null. */
export function refusalOfMiso(payload: Payload): CarbonError | null {
  return (
    fileRefusal(payload, 'MISO') ??
    jsonRefusal(payload, 'MISO', (body) => DATA.some((key) => Object.hasOwn(body, key)))
  );
}

/** Keys of displays and of raw events. */
const DATA: readonly string[] = ['data', 'LMPData', 'envelope', 'payload'];
