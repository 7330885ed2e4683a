/**
 * How MISO says no: the XML of its file store for a file that is not there, and the JSON of the gateway before its
 * displays. Decided by content: either may come with any status.
 */

import type { CarbonError, ErrorCode } from '../../core/errors.ts';
import type { Payload } from '../kit/contract.ts';
import { headOf } from '../kit/payload.ts';
import { jsonRefusal, refused } from '../kit/refusals.ts';

/** Codes of the file store; others mean that the request was wrong. */
const STORE_CODES: Readonly<Record<string, ErrorCode>> = {
  BlobNotFound: 'SOURCE_NO_DATA',
  ResourceNotFound: 'SOURCE_NO_DATA',
  ContainerNotFound: 'SOURCE_REFUSED',
  ServerBusy: 'SOURCE_BUSY',
  InternalError: 'SOURCE_BUSY',
  OperationTimedOut: 'SOURCE_BUSY',
};

/** The refusal that a body is, or null. */
export function refusalOfMiso(payload: Payload): CarbonError | null {
  const text = headOf(payload).text;
  if (/^\s*(?:<\?xml[^>]*>\s*)?<Error>/.test(text)) return storeRefusal(payload, text);
  return jsonRefusal(payload, 'MISO', (body) => DATA.some((key) => Object.hasOwn(body, key)));
}

/** Keys of displays and of raw events. */
const DATA: readonly string[] = ['data', 'LMPData', 'envelope', 'payload'];

function storeRefusal(payload: Payload, text: string): CarbonError | null {
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1]?.trim();
  if (code === undefined || code === '') return null;
  const message = /<Message>\s*([^<\n]*)/.exec(text)?.[1]?.trim() ?? '';
  return refused(payload, STORE_CODES[code] ?? 'SOURCE_REFUSED', 'MISO', code, message);
}
