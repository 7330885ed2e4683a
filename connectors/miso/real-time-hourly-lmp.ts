/**
 * MISO real-time prices of the hour: `YYYYMMDD_rt_lmp_prelim.csv` the day after, replaced about a week later by
 * `YYYYMMDD_rt_lmp_final.csv`, and the quarters of the past, `2024_Jul-Sep_RT_LMPs.zip`. The final price is a revision
 * of the preliminary one. The preliminary file is gone after some days, before or when the final one appears.
 */

import type { Dataset } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { recogniseExchange } from './data-exchange.ts';
import { HOUR_ENDING } from './hourly-table.ts';
import { mostSure, recogniseHourly } from './layouts.ts';
import { LMP_FIELDS, readHourlyPrices } from './lmp-table.ts';
import { ageOf, type DailyReport, operatingDays, reportRequest } from './routes.ts';

/** Age in days up to which the preliminary file is surely still served. */
const PRELIMINARY_DAYS = 4;
const PRELIMINARY: DailyReport = { file: 'rt_lmp_prelim', publishedAfter: 24 + 12 };
const FINAL: DailyReport = { file: 'rt_lmp_final', publishedAfter: 8 * 24 };

/** The dataset `rt_lmp_hourly` of MISO. */
export const realTimeHourlyLmp: Dataset = {
  name: 'rt_lmp_hourly',
  title: 'Real-time hourly prices, preliminary and then final, at nodes, hubs, zones and interfaces',
  time: HOUR_ENDING,
  nullWords: NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: LMP_FIELDS,
  recognise: (head) =>
    mostSure(recogniseHourly(head, 'real-time'), recogniseExchange(head, 'price', 'real-time-hourly')),
  plan: (window, settings) =>
    operatingDays(window).map((day) =>
      reportRequest(ageOf(day, settings.now) <= PRELIMINARY_DAYS ? PRELIMINARY : FINAL, day),
    ),
  decode: readHourlyPrices,
};
