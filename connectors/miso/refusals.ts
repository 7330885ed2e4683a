/**
 * How MISO says no: the XML of its file store for a file that is not there, and the JSON of the gateway before its
 * displays. Decided by content: either may come with any status.
 */

import { CarbonError, type ErrorCode } from '../../core/errors.ts';
import type { Payload } from '../kit/contract.ts';
import { headOf, placeOf } from '../kit/payload.ts';
import { isJsonObject, type Json, readJson } from '../kit/readers/json.ts';

/** Codes of the file store; others mean that the request was wrong. */
const STORE_CODES: Readonly<Record<string, ErrorCode>> = {
  BlobNotFound: 'SOURCE_NO_DATA',
  ResourceNotFound: 'SOURCE_NO_DATA',
  ContainerNotFound: 'SOURCE_REFUSED',
  ServerBusy: 'SOURCE_BUSY',
  InternalError: 'SOURCE_BUSY',
  OperationTimedOut: 'SOURCE_BUSY',
};

/** Longest body that can be a refusal: a document of prices is not read twice. */
const REFUSAL_BYTES = 20_000;

/** The refusal that a body is, or null. */
export function refusalOfMiso(payload: Payload): CarbonError | null {
  if (payload.bytes.length > REFUSAL_BYTES) return null;
  const text = headOf(payload).text;
  if (/^\s*(?:<\?xml[^>]*>\s*)?<Error>/.test(text)) return storeRefusal(payload, text);
  if (/^\s*\{/.test(text)) return gatewayRefusal(payload);
  return null;
}

function storeRefusal(payload: Payload, text: string): CarbonError | null {
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1]?.trim();
  if (code === undefined || code === '') return null;
  const message = /<Message>\s*([^<\n]*)/.exec(text)?.[1]?.trim() ?? '';
  return refused(payload, STORE_CODES[code] ?? 'SOURCE_REFUSED', code, message);
}

function gatewayRefusal(payload: Payload): CarbonError | null {
  let body: Json;
  try {
    body = readJson(payload);
  } catch (error) {
    if (error instanceof CarbonError) return null;
    throw error;
  }
  if (!isJsonObject(body) || Object.hasOwn(body, 'data') || Object.hasOwn(body, 'LMPData')) return null;
  const message = wordsOf(body['message'] ?? body['Message'] ?? body['title'] ?? body['error']);
  const status = wordsOf(body['statusCode'] ?? body['status'] ?? body['code']);
  if (message === '' || Object.hasOwn(body, 'envelope') || Object.hasOwn(body, 'payload')) return null;
  return refused(payload, gatewayCode(status, message), status, message);
}

function gatewayCode(status: string, message: string): ErrorCode {
  if (status === '429' || /^5\d\d$/.test(status)) return 'SOURCE_BUSY';
  if (/rate limit|quota|try again|temporarily|unavailable|an error has occurred/i.test(message))
    return 'SOURCE_BUSY';
  return 'SOURCE_REFUSED';
}

function wordsOf(value: Json | undefined): string {
  if (typeof value === 'string') return value.trim().slice(0, 200);
  return isJsonObject(value) ? wordsOf(value['message']) : '';
}

function refused(payload: Payload, code: ErrorCode, theirs: string, words: string): CarbonError {
  const said = [theirs, words].filter((part) => part !== '').join(': ');
  return new CarbonError(code, `MISO answers ${said}`, {
    position: { ...placeOf(payload).position, line: 1, expected: 'rows of data', got: said.slice(0, 120) },
  });
}
