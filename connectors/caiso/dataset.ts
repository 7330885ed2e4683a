/** What all datasets of OASIS share: the clock, the recognition by report, the two forms, the routes. */

import { HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Dataset, PayloadHead, PublishedField, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { glimpseOf } from './glimpse.ts';
import { decodeOasis, type Reading } from './oasis-report.ts';
import { type OasisQuery, oasisRequests } from './routes.ts';

/** One dataset in the terms of OASIS. */
export interface OasisDataset {
  readonly name: string;
  readonly title: string;
  readonly query: OasisQuery;
  /** Runs that tell this dataset from others of the same report; null for any. */
  readonly runs: readonly string[] | null;
  /** Lengths of its intervals, the usual one first. */
  readonly lengths: readonly [Micros, ...Micros[]];
  readonly fields: readonly PublishedField[];
  /** True for days, which begin at a local midnight and not at a multiple of their length. */
  readonly offGrid?: boolean;
  readonly reading: Omit<Reading, 'runs'>;
}

/** GMT columns decide; Pacific days and hours (25 in autumn, no 3 in spring) are words beside them. */
export function gmtBounds(
  [length, ...otherLengths]: readonly [Micros, ...Micros[]],
  onGrid = true,
): TimeConvention {
  return {
    name: 'gmt-begin-and-end',
    zone: 'UTC',
    pattern: 'YYYY-MM-DDThh:mm:ss[-00:00][+00:00][Z]',
    stamp: 'bounds',
    length,
    otherLengths,
    onGrid,
    repeated: { by: 'none' },
  };
}

/** The dataset as the kit knows it. */
export function oasisDataset(about: OasisDataset): Dataset {
  const { name, title, query, runs, fields } = about;
  const reading: Reading = { ...about.reading, runs };
  return {
    name,
    title,
    time: gmtBounds(about.lengths, about.offGrid !== true),
    nullWords: NULL_WORDS,
    coverage: null,
    fields,
    recognise: (head) => recognise(head, about),
    plan: (window, settings) => oasisRequests(query, window, settings),
    decode: (payload) => decodeOasis(payload, reading),
  };
}

function recognise(head: PayloadHead, { query, runs }: OasisDataset): Recognition {
  const glimpse = glimpseOf(head);
  if (glimpse === null || glimpse.report !== query.queryname) return 0;
  if (runs !== null && glimpse.run !== '' && !runs.includes(glimpse.run)) return 0;
  if (!glimpse.filled) return 1;
  return head.name.includes(query.queryname) ? 3 : 2;
}

/** Hourly, the length of most reports. */
export const HOURLY: readonly [Micros] = [HOUR];

/** Trade days, of 23 to 25 hours. */
export const TRADE_DAYS: readonly [Micros, ...Micros[]] = [24 * HOUR, 23 * HOUR, 25 * HOUR];

/** Of the fifteen-minute market. */
export const QUARTER_HOURLY: readonly [Micros] = [15 * MINUTE];

/** Of the five-minute dispatch. */
export const FIVE_MINUTES: readonly [Micros] = [5 * MINUTE];
