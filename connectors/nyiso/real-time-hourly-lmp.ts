/**
 * NYISO hourly real-time prices, the integrated hours (P-4A, P-4B): `rtlbmp/YYYYMMDDrtlbmp_{zone,gen}.csv`.
 *
 * Stamps as in the day-ahead files: hour-beginning Eastern time, the repeated hour by the order of its two blocks. The
 * current day's file grows by one block each hour.
 */

import type { Dataset } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headerLines } from '../kit/pieces.ts';
import { recognisePrices } from './layouts.ts';
import { LBMP_FIELDS, readPrices } from './lbmp-table.ts';
import { priceFiles } from './routes.ts';
import { HOURS } from './zoned-time.ts';

/** The dataset `rt_lmp_hourly` of NYISO. */
export const realTimeHourlyLmp: Dataset = {
  name: 'rt_lmp_hourly',
  title: 'Real-time hourly integrated prices at zones, proxies and generators',
  time: HOURS,
  nullWords: NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: LBMP_FIELDS,
  recognise: (head) => recognisePrices(head, 'real-time-hourly'),
  plan: priceFiles('rtlbmp', 2),
  pieces: headerLines,
  decode: (payload) => readPrices(payload, HOURS),
};
