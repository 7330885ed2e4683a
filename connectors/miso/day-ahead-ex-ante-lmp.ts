/**
 * MISO day-ahead prices of the clearing: `YYYYMMDD_da_exante_lmp.csv`. They differ from the settled prices in meaning,
 * not in version, and stand at a nearly equal URL in the same layout: the title line tells them apart.
 */

import type { Dataset } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { recogniseExchange } from './data-exchange.ts';
import { HOUR_ENDING } from './hourly-table.ts';
import { mostSure, recogniseHourly } from './layouts.ts';
import { LMP_FIELDS, readHourlyPrices } from './lmp-table.ts';
import { operatingDays, reportRequest } from './routes.ts';

/** The dataset `da_lmp_ex_ante` of MISO. */
export const dayAheadExAnteLmp: Dataset = {
  name: 'da_lmp_ex_ante',
  title: 'Day-ahead hourly prices of the clearing (ex ante) at nodes, hubs, zones and interfaces',
  time: HOUR_ENDING,
  nullWords: NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: LMP_FIELDS,
  recognise: (head) =>
    mostSure(
      recogniseHourly(head, 'day-ahead-ex-ante'),
      recogniseExchange(head, 'price', 'day-ahead-ex-ante'),
    ),
  plan: (window) =>
    operatingDays(window).map((day) => reportRequest({ file: 'da_exante_lmp', publishedAfter: -10 }, day)),
  decode: readHourlyPrices,
};
