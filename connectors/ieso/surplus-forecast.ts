/**
 * IESO's forecast of surplus baseload generation (`SurplusBaseloadGen`, XML): for each of ten days the hours with what
 * stands above the demand, and the exports that the day counts with. An hour without a figure has no surplus told.
 */

import { DAY } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { sourceRow } from '../kit/source-row.ts';
import { childrenOf, decodedRows, descendantsOf, readDocument, reportHead, textIn } from './document.ts';
import { EST_HOURS, hourOf, isoDate } from './est-time.ts';
import { ONTARIO } from './price-documents.ts';

const UNIT = 'MW';
/** Hours, and whole days, which begin five hours beside the grid of UTC. */
const TIME = { ...EST_HOURS, otherLengths: [DAY], onGrid: false };

function recognise(head: PayloadHead): Recognition {
  const report = reportHead(head);
  if (report?.has('DateForecast') !== true || !report.has('HourlyForecast')) return 0;
  return /Surplus/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const { body, publishedAt } = readDocument(payload);
  const rows: SourceRow[] = [];
  for (const day of descendantsOf(body, 'DailyForecast')) {
    const date = isoDate(textIn(day, 'DateForecast') ?? '');
    const exported = textIn(day, 'ExportForecast');
    if (exported !== null) {
      const bounds = { start: hourOf(date, '1').bounds.start, end: hourOf(date, '24').bounds.end };
      const values = [{ field: 'export_forecast', value: exported, unit: UNIT }];
      rows.push(sourceRow(day.line, ONTARIO, date, values, { bounds, publishedAt }));
    }
    for (const hour of childrenOf(day, 'HourlyForecast')) {
      const { words, bounds } = hourOf(date, textIn(hour, 'Hour') ?? '');
      const values = [{ field: 'surplus_forecast', value: textIn(hour, 'EnergyMW'), unit: UNIT }];
      rows.push(sourceRow(hour.line, ONTARIO, words, values, { bounds, publishedAt }));
    }
  }
  const decoded = decodedRows(payload, rows);
  return { ...decoded, layout: { time: TIME } };
}

/** The dataset `surplus_forecast`. */
export const surplusForecast: Dataset = {
  name: 'surplus_forecast',
  title: 'Forecast of surplus baseload generation by the hour, with the exports of each day',
  time: TIME,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'surplus_forecast', unit: UNIT, what: 'generation above the demand of the hour' },
    { field: 'export_forecast', unit: UNIT, what: 'exports that the day counts with' },
  ],
  recognise,
  // Kept below an address of its own, by the day on which it was made: copies of it are read.
  plan: () => [],
  decode,
};
