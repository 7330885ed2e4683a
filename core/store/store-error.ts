/** What a failure of the store means to the caller, by the store's own exception code. */

import { CarbonError } from '../errors.ts';

/**
 * Codes of ClickHouse that pass by themselves: TIMEOUT_EXCEEDED, TOO_MANY_SIMULTANEOUS_QUERIES, NETWORK_ERROR,
 * SOCKET_TIMEOUT, MEMORY_LIMIT_EXCEEDED, TABLE_IS_READ_ONLY, NOT_ENOUGH_SPACE, QUERY_WAS_CANCELLED, KEEPER_EXCEPTION.
 */
const PASSING: ReadonlySet<number> = new Set([159, 202, 209, 210, 241, 242, 243, 394, 999]);

/** Code 252 stands for two things: too many parts waiting for a merge, which passes, and too many partitions. */
const TOO_MANY_PARTS = 252;

/**
 * The error to throw for a store's exception: STORE_UNREACHABLE when trying again can help, else STORE_REFUSED.
 * The message is the store's own; its code is in the context as `store_code`.
 */
export function storeError(storeCode: number | null, message: string, cause: unknown): CarbonError {
  const passes =
    storeCode !== null &&
    (PASSING.has(storeCode) || (storeCode === TOO_MANY_PARTS && message.includes('Too many parts')));
  return new CarbonError(passes ? 'STORE_UNREACHABLE' : 'STORE_REFUSED', message, {
    cause,
    context: storeCode === null ? {} : { store_code: storeCode },
  });
}
