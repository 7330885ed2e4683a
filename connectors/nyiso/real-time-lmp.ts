/**
 * NYISO real-time prices of the five-minute dispatch, zones (P-24A) and generators (P-24B):
 * `realtime/YYYYMMDDrealtime_{zone,gen}.csv`, and the last interval alone in `realtime_{zone,gen}_lbmp.csv`.
 *
 * A stamp is the Eastern clock at the END of its interval: 00:05:00 to 00:00:00 of the next day. On the autumn day the
 * clock runs through 01:00:00 to 01:55:00 twice, told apart by their order; on the spring day 03:00:00 follows 01:55:00.
 * Every stamp ends five minutes, also that of an extra run between two marks (00:07:34) and that of an advisory quarter
 * hour ahead of the clock: what an interval is must not hang on its neighbours, or the same price would have another
 * identity in the file of the day and in that of the last interval. An advisory price is later revised under its stamp.
 */

import { MINUTE } from '../../core/time/instant.ts';
import type { Dataset } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headerLines } from '../kit/pieces.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { recognisePrices } from './layouts.ts';
import { LBMP_FIELDS, readPrices } from './lbmp-table.ts';
import { chosenFiles, dailyRequests, type FileChoice, latestRequest, NYISO_ZONE } from './routes.ts';

/** Which files a plan asks for: those of the days, or those of the last interval. */
const FILES: FileChoice = { known: ['zone', 'gen', 'latest-zone', 'latest-gen'], usual: 'zone' };

/** Five minutes by the clock at their end. */
const FIVE_MINUTES: TimeConvention = {
  name: 'eastern-five-minutes-ending',
  zone: NYISO_ZONE,
  pattern: 'MM/DD/YYYY hh:mm[:ss]',
  stamp: 'ending-clock',
  length: 5 * MINUTE,
  onGrid: false,
  repeated: { by: 'order' },
};

/** The dataset `rt_lmp` of NYISO. */
export const realTimeLmp: Dataset = {
  name: 'rt_lmp',
  title: 'Real-time five-minute prices at zones, proxies and generators',
  time: FIVE_MINUTES,
  nullWords: NULL_WORDS,
  // A file that is still growing may end within a block, and extra runs leave no even grid.
  coverage: { contiguous: false, sameSpan: false, forward: true },
  fields: LBMP_FIELDS,
  recognise: (head) => recognisePrices(head, 'real-time'),
  plan: (window, settings) =>
    chosenFiles(FILES, settings).flatMap((file) =>
      file.startsWith('latest-')
        ? latestRequest(file.slice('latest-'.length), settings.now)
        : dailyRequests(
            { set: 'realtime', file: `realtime_${file}`, publishedAfter: 1 },
            window,
            settings.now,
          ),
    ),
  pieces: headerLines,
  decode: (payload) => readPrices(payload, FIVE_MINUTES),
};
