/** What a failure of PostgreSQL means to the caller, by its SQLSTATE. */

import { CarbonError } from '../../core/errors.ts';

/**
 * Classes and codes that pass by themselves: connection exceptions, insufficient resources (too many connections, disk
 * full), operator intervention (shutting down, starting up, cancelled by a timeout), a server that only reads (a
 * standby, for as long as the failover takes), transactions that were ended because they stood still or took too long
 * (this process was frozen in the midst of one), lock timeouts, and transactions that met each other.
 */
const PASSING = [/^08/, /^53/, /^57/, /^25006$/, /^25P0[34]$/, /^55P03$/, /^40/, /^58/];

/** Names of what Node and OpenSSL have against a certificate: that does not pass by itself. */
const CERTIFICATE = /CERT|ERR_TLS|UNABLE_TO_(VERIFY|GET)|SELF_SIGNED/;

/** The transaction was undone because it met another one: running it again is the answer. */
export function meansAgain(error: unknown): boolean {
  const state = stateOf(error);
  return state === '40001' || state === '40P01';
}

/** STORE_UNREACHABLE when trying again can help, else STORE_REFUSED; errors of the house pass through. */
export function postgresFailure(error: unknown, place: string): unknown {
  if (error instanceof CarbonError || !(error instanceof Error)) return error;
  const state = stateOf(error);
  // Without a state of the server it was the way to it that failed: refused, reset, timed out, cut in mid-answer.
  const isCertificate = state === null && 'code' in error && CERTIFICATE.test(String(error.code));
  const passes = state === null ? !isCertificate : PASSING.some((pattern) => pattern.test(state));
  return new CarbonError(
    passes ? 'STORE_UNREACHABLE' : 'STORE_REFUSED',
    `PostgreSQL at ${place}: ${messageOf(error)}`,
    { cause: error, context: state === null ? { store: place } : { store: place, store_code: state } },
  );
}

/** SQLSTATE of an error that the server sent, else null; codes of the network begin with E (`EPIPE`), none of its do. */
export function stateOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code : null;
}

/** A host with several addresses fails with all their errors in one, whose own message is empty. */
function messageOf(error: Error): string {
  if (error.message !== '') return error.message;
  return error instanceof AggregateError ? error.errors.map(String).join('; ') : error.name;
}
