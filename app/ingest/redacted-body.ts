/** The bytes of a body as they may be kept: without what the source repeats of the caller's secrets. */

import { codedConnectors } from '../connectors/coded.ts';

/** The body that is archived for a market: the bytes that came, or those that its connector has redacted. */
export function redactedBody(market: string, body: Uint8Array): Uint8Array {
  const connector = codedConnectors().find((candidate) => candidate.market === market);
  return connector?.redact?.(body) ?? body;
}
