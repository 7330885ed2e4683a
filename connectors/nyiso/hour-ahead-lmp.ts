/**
 * NYISO hour-ahead prices, zones and generators: `hamlbmp/YYYYMMDDhamlbmp_{zone,gen}.csv`. The header is that of the other
 * price files and the stamps are those of the day-ahead ones, so that only the name tells them apart.
 */

import type { Dataset } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headerLines } from '../kit/pieces.ts';
import { recognisePrices } from './layouts.ts';
import { LBMP_FIELDS, readPrices } from './lbmp-table.ts';
import { priceFiles } from './routes.ts';
import { HOURS } from './zoned-time.ts';

/** The dataset `hasp_lmp` of NYISO. */
export const hourAheadLmp: Dataset = {
  name: 'hasp_lmp',
  title: 'Hour-ahead hourly prices at zones, proxies and generators',
  time: HOURS,
  nullWords: NULL_WORDS,
  coverage: { contiguous: false, sameSpan: false, forward: true },
  fields: LBMP_FIELDS,
  recognise: (head) => recognisePrices(head, 'hour-ahead'),
  plan: priceFiles('hamlbmp', 1),
  pieces: headerLines,
  decode: (payload) => readPrices(payload, HOURS),
};
