/**
 * NYISO hour-ahead prices, zones and generators: `hamlbmp/YYYYMMDDhamlbmp_{zone,gen}.csv`. The header is that of the other
 * price files and the stamps are those of the day-ahead ones, so that only the name tells them apart.
 */

import type { Dataset } from '../kit/contract.ts';
import { headerLines } from '../kit/pieces.ts';
import { dayAheadLmp } from './day-ahead-lmp.ts';
import { recognisePrices } from './layouts.ts';
import { LBMP_FIELDS, NYISO_NULL_WORDS, readPrices } from './lbmp-table.ts';
import { chosenFiles, dailyRequests, type FileChoice } from './routes.ts';

/** Which files a plan asks for. */
const FILES: FileChoice = { known: ['zone', 'gen'], usual: 'zone' };

/** The dataset `hasp_lmp` of NYISO. */
export const hourAheadLmp: Dataset = {
  name: 'hasp_lmp',
  title: 'Hour-ahead hourly prices at zones, proxies and generators',
  time: dayAheadLmp.time,
  nullWords: NYISO_NULL_WORDS,
  coverage: { contiguous: false, sameSpan: false, forward: true },
  fields: LBMP_FIELDS,
  recognise: (head) => recognisePrices(head, 'hour-ahead'),
  plan: (window, settings) =>
    chosenFiles(FILES, settings).flatMap((file) =>
      dailyRequests({ set: 'hamlbmp', file: `hamlbmp_${file}`, publishedAfter: 1 }, window, settings.now),
    ),
  pieces: headerLines,
  decode: readPrices,
};
