/**
 * PayloadArchive: the bytes as received, named by their SHA-256: the first and only write of the raw truth (L4).
 */

import type { Micros } from '../time/instant.ts';

/** The exchange that brought a payload. URLs carry no secrets. */
export interface Exchange {
  /** Where it came from: a URL, or `file:<name>` for a replay. */
  readonly url: string;
  readonly market: string;
  readonly dataset: string;
  /** UTC micros of the first archiving: kept, and reused on retry and replay, so that known_at stays the same. */
  readonly archivedAt: Micros;
  /** HTTP status and ETag, where there was an exchange over HTTP. */
  readonly status?: number;
  readonly etag?: string;
}

/** An archived payload. */
export interface Archived {
  /** SHA-256 in lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** The first exchange that brought these bytes. */
  readonly exchange: Exchange;
  /** False when the same bytes were there before: the first exchange stands. */
  readonly isNew: boolean;
}

/** Payloads by the SHA-256 of their bytes in hex. Nothing in it is ever changed. */
export interface PayloadArchive {
  /** Stores bytes and exchange durably (file and folder synced) and resolves after that. Same bytes: no second copy. */
  put(payload: Uint8Array, exchange: Exchange): Promise<Archived>;
  /** The bytes of a hash, verified. Throws ARCHIVE_MISSING or ARCHIVE_CORRUPT. */
  get(sha256: string): Promise<Uint8Array>;
  /** The first exchange of a hash. Throws ARCHIVE_MISSING. */
  exchangeOf(sha256: string): Promise<Exchange>;
}
