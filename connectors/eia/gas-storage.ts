/**
 * EIA's weekly report of natural gas in storage, `natural-gas/stor/wkly`: working gas below ground in the lower 48 states and
 * their regions on a Friday, published on the Thursday after. The row is the date that names the week, from midnight to
 * midnight in UTC, as no hour is printed. The series is the location, as it is for prices.
 */

import { DAY } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition } from '../kit/contract.ts';
import { sourceRow } from '../kit/source-row.ts';
import { answerHead, isVersionOne, numberOf, readAnswer, readSeries, unitOf, wordOf } from './api-answer.ts';
import { EIA_NULL_WORDS } from './null-words.ts';
import { DATES, dateOf } from './period.ts';
import { routeRequests } from './routes.ts';

const FIELD = 'gas_storage';
const UNIT = 'Bcf';
/** `NW2_EPG0_SWO_R48_BCF`, in version 1 `NG.NW2_EPG0_SWO_R48_BCF.W`. */
const SERIES = /^(?:NG\.)?NW\d_EPG0_S[WA-Z]{2}_\w+?_BCF(?:\.W)?$/;

function recognise(head: PayloadHead): Recognition {
  const answer = answerHead(head);
  if (answer === null) return 0;
  const series = answer.series === '' ? answer.said('series') : answer.series;
  const empty = answer.empty && /storage/i.test(answer.description);
  if (!SERIES.test(series) && !empty) return 0;
  return /stor/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const found = isVersionOne(payload)
    ? readSeries(payload).flatMap(({ id, units, data }) =>
        data.map(([period, value]) => ({ id: id.replace(/^NG\.|\.W$/g, ''), period, value, units })),
      )
    : readAnswer(payload).records.map((record) => ({
        id: wordOf(record['series']),
        period: wordOf(record['period']),
        value: numberOf(record['value']),
        units: wordOf(record['units'] ?? record['value-units']),
      }));
  const rows = found.map(({ id, period, value, units }, i) => {
    const { words, bounds } = dateOf(period);
    return sourceRow(i + 1, id, words, [{ field: FIELD, value, unit: unitOf(units) }], { bounds });
  });
  return { rows, rejected: [], drift: [], damage: null };
}

/** The dataset `gas_storage`. */
export const gasStorage: Dataset = {
  name: 'gas_storage',
  title: 'Working gas in storage by region and week',
  time: DATES,
  nullWords: EIA_NULL_WORDS,
  coverage: null,
  fields: [{ field: FIELD, unit: UNIT, what: 'working gas below ground, the series as location' }],
  recognise,
  plan: (window, settings) =>
    routeRequests(
      {
        path: 'natural-gas/stor/wkly',
        frequency: 'weekly',
        facet: 'series',
        option: 'series',
        usual: ['NW2_EPG0_SWO_R48_BCF'],
        span: 366 * DAY,
        publishedAfter: 7 * 24,
      },
      window,
      settings,
    ),
  decode,
};
