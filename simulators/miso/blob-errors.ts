/** What MISO's blob storage and API gateway say when there is nothing. */

import { formatInstant, type Micros } from '../../core/time/instant.ts';
import type { Refusal } from '../market.ts';

/** A file that is not there yet, or no longer: XML of the blob storage. */
export function blobNotFound(at: Micros): Refusal {
  const body = [
    '\uFEFF<?xml version="1.0" encoding="utf-8"?>',
    '<Error><Code>BlobNotFound</Code><Message>The specified blob does not exist.\n',
    `Time:${formatInstant(at)}</Message></Error>`,
  ].join('');
  return {
    kind: 'refusal',
    status: 404,
    headers: { 'content-type': 'application/xml', 'x-ms-error-code': 'BlobNotFound' },
    body,
  };
}

/** A path that the API gateway does not know. */
export function gatewayNotFound(): Refusal {
  return {
    kind: 'refusal',
    status: 404,
    headers: { 'content-type': 'application/json' },
    body: '{ "statusCode": 404, "message": "Resource not found" }',
  };
}
