/** How OASIS says no: HTTP 200 with a zip of an XML document, and the page of its acceptable use policy. */

import { formatInstant, type Micros } from '../../core/time/instant.ts';
import { wallAt } from '../local-time.ts';
import type { Refusal } from '../market.ts';
import { zipOf } from '../zip-writer.ts';
import { CAISO_ZONE } from './publication.ts';

/** Words of the codes that OASIS is known to give. */
export const OASIS_ERRORS = {
  '1000': 'No data returned for the specified selection',
  '1004': 'Data can be requested for period of 31 days only',
  '1015': 'GroupZip DownLoad is in Processing, Please Submit request after Sometime.',
} as const;

/** Headers of every zip of OASIS, good or bad. */
export function zipHeaders(name: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/x-zip-compressed',
    'content-disposition': `inline; filename=${name};`,
  };
}

/** One of the known errors, under the name that the data would have had. */
export function oasisError(code: keyof typeof OASIS_ERRORS, stem: string, at: Micros): Refusal {
  return errorZip(`${stem}.xml`, `${stem}.zip`, code, OASIS_ERRORS[code], at);
}

/** A request that lacks a parameter, or has one that is not understood. */
export function invalidRequest(why: string, at: Micros): Refusal {
  return errorZip('INVALID_REQUEST.xml', 'INVALID_REQUEST.xml.zip', 'INVALID_REQUEST', why, at);
}

function errorZip(member: string, file: string, code: string, words: string, at: Micros): Refusal {
  const bytes = new TextEncoder().encode(errorXml(code, words, at));
  return {
    kind: 'refusal',
    status: 200,
    headers: zipHeaders(file),
    body: zipOf([{ name: member, bytes, modified: wallAt(CAISO_ZONE, at) }]),
  };
}

function errorXml(code: string, words: string, at: Micros): string {
  const milliseconds = Math.floor(at / 1000) * 1000;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<m:OASISReport xmlns:m="http://www.caiso.com/soa/OASISReport_v1.xsd">',
    '<m:MessageHeader>',
    `\t<m:TimeDate>${formatInstant(milliseconds)}</m:TimeDate>`,
    '\t<m:Source>OASIS</m:Source>',
    '\t<m:Version>v20131201</m:Version>',
    '</m:MessageHeader>',
    '<m:MessagePayload>',
    '<m:RTO>',
    '<m:name>CAISO</m:name>',
    '<m:ERROR>',
    `<m:ERR_CODE>${code}</m:ERR_CODE>`,
    `<m:ERR_DESC>${words}</m:ERR_DESC>`,
    '</m:ERROR>',
    '</m:RTO>',
    '</m:MessagePayload>',
    '</m:OASISReport>',
    '',
  ].join('\n');
}

/** More than one request in five seconds. */
export function policyViolation(): Refusal {
  return {
    kind: 'refusal',
    status: 429,
    headers: { 'content-type': 'text/html' },
    body: '<html><body><p>CAISO Acceptable Use Policy Violation. Please retry your request after 5 seconds.</p></body></html>',
  };
}
