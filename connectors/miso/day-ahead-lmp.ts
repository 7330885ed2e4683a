/**
 * MISO day-ahead prices as they are settled: `YYYYMMDD_da_expost_lmp.csv`, and the quarters of the past,
 * `2024-Jul-Sep_DA_LMPs.zip`. In 2011 the title was `Day Ahead Market LMPs`. Published about 13:00 EST the day before.
 */

import type { Dataset } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { recogniseExchange } from './data-exchange.ts';
import { HOUR_ENDING } from './hourly-table.ts';
import { mostSure, recogniseHourly } from './layouts.ts';
import { LMP_FIELDS, readHourlyPrices } from './lmp-table.ts';
import { operatingDays, reportRequest } from './routes.ts';

/** The dataset `da_lmp` of MISO. */
export const dayAheadLmp: Dataset = {
  name: 'da_lmp',
  title: 'Day-ahead hourly prices of settlement (ex post) at nodes, hubs, zones and interfaces',
  time: HOUR_ENDING,
  nullWords: NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: LMP_FIELDS,
  recognise: (head) =>
    mostSure(recogniseHourly(head, 'day-ahead-ex-post'), recogniseExchange(head, 'price', 'day-ahead')),
  plan: (window) =>
    operatingDays(window).map((day) => reportRequest({ file: 'da_expost_lmp', publishedAfter: -10 }, day)),
  decode: readHourlyPrices,
};
