/** The faults that a simulator can make, by name. `docs/simulators.md` lists them. */

import { CarbonError } from '../core/errors.ts';

/** How the exchange goes wrong; the same request is answered well the next time. */
export const EXCHANGE_FAULTS = {
  'too-many-requests': 'status 429 with Retry-After: 1',
  'server-error': 'status 500 with an HTML page',
  unavailable: 'status 503 without a body',
  'slow-body': 'the whole body, but in drips',
  'cut-body': 'the connection ends in the middle of the body',
  'truncated-zip': 'half of the archive, as if it were whole',
  'empty-zip': 'an archive without members',
  'empty-body': 'status 200 and no bytes',
  'html-page': 'status 200 and an HTML page in place of the data',
  'oasis-busy': 'an OASIS report with ERR_CODE 1015: come back later',
  'wrong-etag': 'an ETag of other bytes',
  overloaded: 'status 503 with Retry-After: 1',
  'truncated-gzip': 'half of a gzip encoding, as if it were whole',
} as const;

/** How the content goes wrong. What it does to values is said in the effects of the request. */
export const CONTENT_FAULTS = {
  'preamble-missing': 'one line fewer before the header',
  'header-blanks': 'column names with trailing blanks',
  'added-column': 'a column that was not there before',
  'unpadded-date': 'a date without leading zeros',
  'repeated-file': 'a second copy in the archive, or the file of the day before under this name',
  'missing-interval': 'one interval is left out',
  'future-stamps': 'the newest rows once more, stamped a day later',
  'no-value-words': 'NA and dashes in place of some numbers',
  'thousands-commas': 'amounts formatted with dollar signs and thousands commas',
  'string-numbers': 'numbers of JSON as strings',
  'renamed-column': 'the price column of OASIS under another of its names',
  'shuffled-rows': 'rows in another order, where each says its time',
  'wrong-offset': 'the other offset from UTC in a listing of documents',
  'wrong-charset': 'a letter outside ASCII in Latin-1',
} as const;

/** A fault of either kind. */
export type FaultName = keyof typeof EXCHANGE_FAULTS | keyof typeof CONTENT_FAULTS;

/** All names, exchange faults first. */
export const FAULT_NAMES = [...Object.keys(EXCHANGE_FAULTS), ...Object.keys(CONTENT_FAULTS)] as FaultName[];

/** Which faults strike, and how often. Without both it is a market on a good day. */
export interface FaultPlan {
  /** Chance per request by name, 0 to 1. Depends on the seed, the request and how often it was made before. */
  readonly rates?: Readonly<Partial<Record<FaultName, number>>>;
  /** Each of these strikes once, at the first request that it fits. */
  readonly once?: readonly FaultName[];
  /** Milliseconds that a slow body takes; 1500 when left out. */
  readonly slowBodyMs?: number;
}

/** True for faults that change what the body says. */
export function isContentFault(fault: FaultName): fault is keyof typeof CONTENT_FAULTS {
  return fault in CONTENT_FAULTS;
}

/** Reads `none`, `all`, or names with commas. Throws USAGE_INVALID with the word that is no fault. */
export function faultNames(text: string): FaultName[] {
  if (text === 'none' || text === '') return [];
  if (text === 'all') return [...FAULT_NAMES];
  return text.split(',').map((word) => {
    const found = FAULT_NAMES.find((name) => name === word.trim());
    if (found !== undefined) return found;
    throw new CarbonError('USAGE_INVALID', `no fault ${word.trim()}`, {
      position: { field: '--faults', expected: `all, none, ${FAULT_NAMES.join(', ')}`, got: word },
    });
  });
}
