/**
 * EIA's hourly grid monitor (form EIA-930) by its interface: demand, forecast, net generation and interchange of each
 * balancing authority (`region-data`), generation by fuel (`fuel-type-data`), interchange with each neighbour
 * (`interchange-data`) and demand of parts (`region-sub-ba-data`); each by the hour and by the day.
 *
 * An hour is named by its end in UTC. A day is one of the zone that stands beside it, and stands there once for each zone
 * that was asked for: the zone is part of the series.
 */

import { DAY } from '../../core/time/instant.ts';
import type {
  Dataset,
  Decoded,
  Payload,
  PayloadHead,
  PublishedField,
  Recognition,
  Rejection,
  SourceRow,
} from '../kit/contract.ts';
import { headOf } from '../kit/payload.ts';
import type { JsonObject } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import {
  type AnswerHead,
  answerHead,
  isAnswerCsv,
  isVersionOne,
  numberOf,
  readAnswer,
  unitOf,
  wordOf,
} from './api-answer.ts';
import { readGridSeries, seriesKind } from './grid-series.ts';
import { EIA_NULL_WORDS } from './null-words.ts';
import { dayIn, HOURS, hourEnding, LOCAL_DAYS } from './period.ts';
import { type Route, routeRequests } from './routes.ts';
import { readSixMonthFile, sixMonthFile } from './six-month-files.ts';

const UNIT = 'MWh';

/** What a record says besides its period; null for a kind that is not known. */
interface Meaning {
  readonly field: string;
  readonly location: string;
  readonly series: string | null;
}

/** A kind of answer, hourly and daily alike. */
interface Kind {
  readonly name: 'region' | 'fuel' | 'interchange' | 'part';
  readonly title: string;
  readonly fields: readonly PublishedField[];
  isIn(head: AnswerHead): boolean;
  meaningOf(record: JsonObject): Meaning | null;
}

/** Types of `region-data`. */
export const TYPES: Readonly<Record<string, string>> = {
  D: 'load',
  DF: 'load_forecast',
  NG: 'generation',
  TI: 'interchange',
};

/** True for an answer without records that describes itself so, or repeats that it was asked for this route. */
const isEmptyOf = (head: AnswerHead, words: RegExp, route: string): boolean =>
  head.empty && (words.test(head.description) || new RegExp(`/(?:daily-)?${route}(?:/|$)`).test(head.route));

const REGION: Kind = {
  name: 'region',
  title: 'Demand, forecast of demand, net generation and interchange of balancing authorities',
  fields: [
    { field: 'load', unit: UNIT, what: 'demand' },
    { field: 'load_forecast', unit: UNIT, what: 'day-ahead forecast of demand' },
    { field: 'generation', unit: UNIT, what: 'net generation' },
    { field: 'interchange', unit: UNIT, what: 'total interchange, exports positive' },
  ],
  isIn: (head) =>
    (head.has('respondent') && head.has('type') && !head.has('fueltype')) ||
    isEmptyOf(head, /demand forecast/i, 'region-data'),
  meaningOf(record) {
    const type = wordOf(record['type']).toUpperCase();
    if (!Object.hasOwn(TYPES, type)) return null;
    return { field: TYPES[type] ?? '', location: wordOf(record['respondent']), series: null };
  },
};

const FUEL: Kind = {
  name: 'fuel',
  title: 'Net generation of balancing authorities by fuel',
  fields: [{ field: 'generation', unit: UNIT, what: 'net generation of a fuel, its code as series' }],
  isIn: (head) => head.has('fueltype') || isEmptyOf(head, /energy source/i, 'fuel-type-data'),
  meaningOf: (record) => ({
    field: 'generation',
    location: wordOf(record['respondent']),
    series: wordOf(record['fueltype']),
  }),
};

const INTERCHANGE: Kind = {
  name: 'interchange',
  title: 'Interchange of balancing authorities with each neighbour',
  fields: [{ field: 'interchange', unit: UNIT, what: 'flow to the neighbour that is the series' }],
  isIn: (head) => head.has('fromba') || isEmptyOf(head, /interchange between/i, 'interchange-data'),
  meaningOf: (record) => ({
    field: 'interchange',
    location: wordOf(record['fromba']),
    series: wordOf(record['toba']),
  }),
};

const PART: Kind = {
  name: 'part',
  title: 'Demand of the parts of balancing authorities',
  fields: [{ field: 'load', unit: UNIT, what: 'demand of the part that is the series' }],
  isIn: (head) => head.has('subba') || isEmptyOf(head, /subregion/i, 'region-sub-ba-data'),
  meaningOf: (record) => ({
    field: 'load',
    location: wordOf(record['parent']),
    series: wordOf(record['subba']),
  }),
};

const isDaily = (head: AnswerHead): boolean => /^d(?:aily)?$/i.test(head.frequency) || head.has('timezone');

function recognise(head: PayloadHead, kind: Kind, daily: boolean): Recognition {
  const file = daily ? null : sixMonthFile(head);
  if (file !== null) return file === kind.name ? 2 : 0;
  const answer = answerHead(head);
  if (answer === null) return 0;
  if (answer.series !== '') return !daily && seriesKind(answer.series) === kind.name ? 2 : 0;
  return kind.isIn(answer) && isDaily(answer) === daily ? 2 : 0;
}

function decode(payload: Payload, kind: Kind, daily: boolean): Decoded {
  const head = headOf(payload);
  if (!/^[\s\uFEFF]*[[{]/.test(head.text) && !isAnswerCsv(head)) return readSixMonthFile(payload);
  if (!daily && isVersionOne(payload)) return readGridSeries(payload);
  const { records } = readAnswer(payload);
  const rows: SourceRow[] = [];
  const rejected: Rejection[] = [];
  for (const [i, record] of records.entries()) {
    const meaning = kind.meaningOf(record);
    if (meaning === null) {
      rejected.push(unknownType(i + 1, record));
      continue;
    }
    const period = wordOf(record['period']);
    const zone = wordOf(record['timezone']);
    const { words, bounds } = daily ? dayIn(period, zone) : hourEnding(period);
    const series = daily ? [meaning.series, zone].filter((part) => part !== null).join(' ') : meaning.series;
    const unit = unitOf(wordOf(record['value-units'] ?? record['units']));
    const values = [
      { field: meaning.field, value: numberOf(record['value']), unit: unit === '' ? UNIT : unit },
    ];
    rows.push(sourceRow(i + 1, meaning.location, words, values, { series, bounds }));
  }
  return { rows, rejected, drift: [], damage: null };
}

function unknownType(row: number, record: JsonObject): Rejection {
  const got = wordOf(record['type']).slice(0, 40);
  const location = wordOf(record['respondent']);
  return {
    row,
    code: 'FIELD_UNKNOWN',
    message: `record ${row}: a figure of unknown type "${got}" (${location.slice(0, 40)})`,
    field: 'type',
    expected: Object.keys(TYPES).join(', '),
    got,
    location,
    series: null,
  };
}

/** Authorities that are asked for unless the option `respondents` says otherwise: those of the organised markets. */
const MARKETS: readonly string[] = ['CISO', 'ERCO', 'ISNE', 'MISO', 'NYIS', 'PJM', 'SWPP'];

function dataset(
  name: string,
  kind: Kind,
  daily: boolean,
  route: Pick<Route, 'path' | 'facet' | 'span'>,
): Dataset {
  return {
    name,
    title: `${kind.title}, by the ${daily ? 'day' : 'hour'}`,
    time: daily ? LOCAL_DAYS : HOURS,
    nullWords: EIA_NULL_WORDS,
    coverage: null,
    fields: kind.fields,
    recognise: (head) => recognise(head, kind, daily),
    plan: (window, settings) =>
      routeRequests(
        {
          ...route,
          frequency: daily ? 'daily' : 'hourly',
          option: 'respondents',
          usual: MARKETS,
          publishedAfter: daily ? 30 : 2,
        },
        window,
        settings,
      ),
    decode: (payload) => decode(payload, kind, daily),
  };
}

const rto = (path: string, facet: string, days: number) => ({
  path: `electricity/rto/${path}`,
  facet,
  span: days * DAY,
});

/** The datasets of the grid monitor: each kind by the hour and by the day. */
export const gridDatasets: readonly Dataset[] = [
  dataset('load_hourly', REGION, false, rto('region-data', 'respondent', 6)),
  dataset('load_daily', REGION, true, rto('daily-region-data', 'respondent', 30)),
  dataset('fuel_mix', FUEL, false, rto('fuel-type-data', 'respondent', 2)),
  dataset('fuel_mix_daily', FUEL, true, rto('daily-fuel-type-data', 'respondent', 14)),
  dataset('interchange', INTERCHANGE, false, rto('interchange-data', 'fromba', 2)),
  dataset('interchange_daily', INTERCHANGE, true, rto('daily-interchange-data', 'fromba', 14)),
  dataset('load_by_part', PART, false, rto('region-sub-ba-data', 'parent', 2)),
  dataset('load_by_part_daily', PART, true, rto('daily-region-sub-ba-data', 'parent', 14)),
];
