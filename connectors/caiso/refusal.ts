/**
 * What CAISO says in place of data. OASIS answers most of it with HTTP status 200 and a zip, so the body decides.
 *
 * 1000 no data for the selection; 1004 more than 31 days; 1015 a group still in the making; the page of status 429.
 */

import { CarbonError, type ErrorCode } from '../../core/errors.ts';
import type { Payload } from '../kit/contract.ts';
import { headOf, pageTitle } from '../kit/payload.ts';
import { childOf, readXml, type XmlElement } from '../kit/readers/xml.ts';
import { fileRefusal, jsonRefusal } from '../kit/refusals.ts';
import { isOasisNamespace } from './oasis-xml.ts';

/** Keys of the figures of now, and of raw events. */
const DATA: readonly string[] = ['slotDate', 'data', 'envelope', 'payload'];

/** The refusal that a body is; null for every other body. */
export function refusalOfCaiso(payload: Payload): CarbonError | null {
  const text = headOf(payload).text;
  const start = text.slice(0, 2_000);
  if (/<(?:\w+:)?OASIS(?:Report|Master)\b/.test(start))
    return /<(?:\w+:)?ERR_/.test(text) ? oasisError(payload) : null;
  if (/^\s*No records found for report\.?\s*$/i.test(start))
    return refused('SOURCE_NO_DATA', 'OASIS says: No records found for report.', payload, 1, '');
  const page = pageTitle(start);
  if (page !== null && /Acceptable Use Policy Violation/i.test(page))
    return refused('SOURCE_BUSY', `CAISO says: ${page}`, payload, 1, '429');
  return (
    fileRefusal(payload, 'CAISO') ??
    jsonRefusal(payload, 'CAISO', (body) => DATA.some((key) => Object.hasOwn(body, key)))
  );
}

function oasisError(payload: Payload): CarbonError | null {
  const found: XmlElement[] = [];
  readXml(payload, (element) => {
    if (isOasisNamespace(element.uri) && element.name === 'ERROR') found.push(element);
    return false;
  });
  const [error] = found;
  if (error === undefined) return null;
  const code = childOf(error, 'ERR_CODE')?.text ?? '';
  const words = (childOf(error, 'ERR_DESC')?.text ?? '').replace(/\s+/g, ' ').slice(0, 300);
  const message = `OASIS error ${code === '' ? 'without a code' : code}: ${words === '' ? 'no words' : words}`;
  return refused(codeOf(code, words), message, payload, error.line, code);
}

/** By number; by the words where the number is another one. */
function codeOf(code: string, words: string): ErrorCode {
  if (code === '1000' || /no data (?:returned|found)/i.test(words)) return 'SOURCE_NO_DATA';
  if (code === '1015' || /in processing|after some\s?time/i.test(words)) return 'SOURCE_BUSY';
  return 'SOURCE_REFUSED';
}

function refused(code: ErrorCode, message: string, payload: Payload, line: number, got: string): CarbonError {
  return new CarbonError(code, message, {
    position: {
      ...(payload.name === '' ? {} : { file: payload.name }),
      line,
      ...(got === '' ? {} : { got }),
    },
    context: { market: 'CAISO' },
  });
}
