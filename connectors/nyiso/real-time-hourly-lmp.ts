/**
 * NYISO hourly real-time prices, the integrated hours (P-4A, P-4B): `rtlbmp/YYYYMMDDrtlbmp_{zone,gen}.csv`.
 *
 * Stamps as in the day-ahead files: hour-beginning Eastern time, the repeated hour by the order of its two blocks. The
 * current day's file grows by one block each hour.
 */

import { HOUR } from '../../core/time/instant.ts';
import type { Dataset } from '../kit/contract.ts';
import { headerLines } from '../kit/pieces.ts';
import { recognisePrices } from './layouts.ts';
import { LBMP_FIELDS, NYISO_NULL_WORDS, readPrices } from './lbmp-table.ts';
import { chosenFiles, dailyRequests, type FileChoice, NYISO_ZONE } from './routes.ts';

/** Which files a plan asks for. */
const FILES: FileChoice = { known: ['zone', 'gen'], usual: 'zone' };

/** The dataset `rt_lmp_hourly` of NYISO. */
export const realTimeHourlyLmp: Dataset = {
  name: 'rt_lmp_hourly',
  title: 'Real-time hourly integrated prices at zones, proxies and generators',
  time: {
    name: 'eastern-hour-beginning',
    zone: NYISO_ZONE,
    pattern: 'MM/DD/YYYY hh:mm[:ss]',
    stamp: 'beginning',
    length: HOUR,
    onGrid: true,
    repeated: { by: 'order' },
  },
  nullWords: NYISO_NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: LBMP_FIELDS,
  recognise: (head) => recognisePrices(head, 'real-time-hourly'),
  plan: (window, settings) =>
    chosenFiles(FILES, settings).flatMap((file) =>
      dailyRequests({ set: 'rtlbmp', file: `rtlbmp_${file}`, publishedAfter: 2 }, window, settings.now),
    ),
  pieces: headerLines,
  decode: readPrices,
};
