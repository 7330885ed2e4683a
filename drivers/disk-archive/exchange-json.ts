/** The exchange record beside a payload: one JSON object, keys in a fixed order, times as UTC micros. */

import type { Exchange } from '../../core/ports/payload-archive.ts';

/** The record as text with a line feed at its end. */
export function exchangeToJson(exchange: Exchange): string {
  const { url, market, dataset, archivedAt, status, etag } = exchange;
  return `${JSON.stringify({ url, market, dataset, archivedAt, status, etag }, null, 2)}\n`;
}

/** Reads a record; null when it is not one. Unknown keys of later versions are passed over. */
export function exchangeFromJson(text: string): Exchange | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const { url, market, dataset, archivedAt, status, etag } = parsed as Record<string, unknown>;
  if (typeof url !== 'string' || typeof market !== 'string' || typeof dataset !== 'string') return null;
  if (typeof archivedAt !== 'number' || !Number.isSafeInteger(archivedAt)) return null;
  return {
    url,
    market,
    dataset,
    archivedAt,
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof etag === 'string' ? { etag } : {}),
  };
}
