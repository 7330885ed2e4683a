/**
 * NYISO day-ahead prices, zones (P-2A) and generators (P-2B): `damlbmp/YYYYMMDDdamlbmp_{zone,gen}.csv`.
 *
 * Hour-beginning Eastern time without offset. On the autumn day 01:00 is printed twice as two whole blocks, told apart
 * by nothing but their order; on the spring day 02:00 is absent.
 */

import type { Dataset } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headerLines } from '../kit/pieces.ts';
import { recognisePrices } from './layouts.ts';
import { LBMP_FIELDS, readPrices } from './lbmp-table.ts';
import { priceFiles } from './routes.ts';
import { HOURS } from './zoned-time.ts';

/** The dataset `da_lmp` of NYISO. */
export const dayAheadLmp: Dataset = {
  name: 'da_lmp',
  title: 'Day-ahead hourly prices at zones, proxies and generators',
  time: HOURS,
  nullWords: NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: LBMP_FIELDS,
  recognise: (head) => recognisePrices(head, 'day-ahead'),
  plan: priceFiles('damlbmp', -13),
  pieces: headerLines,
  decode: (payload) => readPrices(payload, HOURS),
};
