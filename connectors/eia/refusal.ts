/**
 * How EIA says no. Version 2: `{"error":"Series ID 'X' is not valid.","code":404}`, and from the gateway
 * `{"error":{"code":"API_KEY_INVALID","message":…}}`; version 1: `{"data":{"error":…}}`. A warning beside data is none.
 */

import type { CarbonError, ErrorCode } from '../../core/errors.ts';
import type { Payload, PayloadHead } from '../kit/contract.ts';
import { documentForm, pageTitle } from '../kit/payload.ts';
import { isJsonArray, isJsonObject, type Json } from '../kit/readers/json.ts';
import { refused, shortObject, xmlRefusal } from '../kit/refusals.ts';
import { answerHead } from './api-answer.ts';

/** The refusal that a body is, or null. */
export function refusalOfEia(payload: Payload): CarbonError | null {
  const body = shortObject(payload);
  if (body === null) return xmlRefusal(payload, 'EIA');
  const inner = isJsonObject(body['data']) ? body['data'] : body;
  const error = inner['error'] ?? (isJsonObject(body['response']) ? body['response']['error'] : undefined);
  const words = textOf(error);
  if (words === '') return isNothing(body) ? nothing(payload, body) : null;
  const status = textOf(isJsonObject(error) ? error['code'] : body['code']);
  return refused(payload, codeOf(status, words), 'EIA', status, words);
}

/** True for an answer without records that neither says of what nor repeats what it was asked for. */
function isNothing(body: Readonly<Record<string, Json>>): boolean {
  const { response, request } = body;
  if (!isJsonObject(response) || !isJsonArray(response['data']) || response['data'].length > 0) return false;
  const asked = isJsonObject(request) ? textOf(request['command']) : '';
  return textOf(response['description']) === '' && asked === '';
}

function nothing(payload: Payload, body: Readonly<Record<string, Json>>): CarbonError {
  const { response } = body;
  const total = isJsonObject(response) ? textOf(response['total']) : '';
  return refused(payload, 'SOURCE_NO_DATA', 'EIA', `total ${total || '0'}`, 'no record for the selection');
}

function codeOf(status: string, words: string): ErrorCode {
  if (
    /^5\d\d$/.test(status) ||
    /OVER_RATE_LIMIT|rate limit|try again|temporarily/i.test(`${status} ${words}`)
  )
    return 'SOURCE_BUSY';
  return /no data|not found in/i.test(words) ? 'SOURCE_NO_DATA' : 'SOURCE_REFUSED';
}

function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value.trim().slice(0, 200);
  return isJsonObject(value) ? textOf(value['message'] ?? value['code']) : '';
}

/** Says what a head is that no dataset reads; null when it is none that is known. */
export function describeEia(head: PayloadHead): string | null {
  const page = pageTitle(head.text);
  if (page !== null) return `an HTML page: ${page}`;
  const answer = answerHead(head);
  if (answer !== null) {
    if (answer.empty) return 'an answer without records, which does not say of what';
    const words = answer.series === '' ? answer.description.replace(/\s+/g, ' ') : answer.series;
    return `an answer that is not read here${words === '' ? '' : `: ${words.slice(0, 80)}`}`;
  }
  return documentForm(head.text);
}
