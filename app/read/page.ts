/** Pages: a reading that goes on after a row, by that row's place in the order, so that what arrives meanwhile moves nothing. */

/** Where to go on, as the ordering values of the last row read, and how many rows to return at most. */
export interface Page {
  readonly after: readonly string[] | null;
  readonly limit: number | null;
}

/** ` LIMIT n` for the end of a statement; nothing for null. */
export function limitTo(limit: number | null): string {
  return limit === null ? '' : ` LIMIT ${Math.max(0, Math.trunc(limit))}`;
}
