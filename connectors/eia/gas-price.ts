/**
 * EIA's daily prices of natural gas: the spot price at Henry Hub (`RNGWHHD`) and the futures of the next four months
 * (`RNGC1` to `RNGC4`), `natural-gas/pri/fut`, and their averages of weeks; and the monthly and yearly prices of
 * `natural-gas/pri/sum`. A week is named by its last trading day, and its row is that date.
 *
 * A period is a date; its row goes from midnight to midnight of that date in UTC, as no hour is printed. The series is
 * the location, as that is what is priced.
 */

import { CarbonError } from '../../core/errors.ts';
import { DAY } from '../../core/time/instant.ts';
import type {
  Dataset,
  Decoded,
  Drift,
  Payload,
  PayloadHead,
  Recognition,
  SourceRow,
} from '../kit/contract.ts';
import { headOf, placeOf } from '../kit/payload.ts';
import { sourceRow } from '../kit/source-row.ts';
import {
  type AnswerHead,
  answerHead,
  isVersionOne,
  numberOf,
  readAnswer,
  readSeries,
  unitOf,
  wordOf,
} from './api-answer.ts';
import { isBulk, readBulk, seriesInBulk } from './bulk-series.ts';
import { isGasHistory, readGasHistory } from './gas-history.ts';
import { isGasHistoryPage, readGasHistoryPage } from './gas-history-page.ts';
import { EIA_NULL_WORDS } from './null-words.ts';
import { DATES, dateOf, frequencyOf } from './period.ts';
import { routeRequests } from './routes.ts';

const FIELD = 'gas_price';
const UNIT = 'USD/MMBtu';

/** A record of a price of gas: its product is gas and its unit an amount of money, or its series is a known one. */
function isGasPrice(answer: AnswerHead): boolean {
  if (!answer.has('series') || !answer.has('value')) return false;
  if (/^RNG(?:WHHD|C\d)$/.test(answer.said('series'))) return true;
  const units = answer.said('units');
  return (
    answer.has('process') &&
    /^(?:EPG0|)$/.test(answer.said('product')) &&
    (units === '' || /\$|dollar/i.test(units))
  );
}

function recognise(head: PayloadHead): Recognition {
  const named = /RNG(?:WHHD|C\d)|gas/i.test(head.name) ? 3 : 2;
  if (isBulk(head.text)) return seriesInBulk(head).some((id) => id.startsWith('NG.')) ? named : 0;
  const answer = answerHead(head);
  if (answer === null) return isGasHistory(head) || isGasHistoryPage(head) ? named : 0;
  const gas =
    answer.series !== ''
      ? /^NG\./.test(answer.series) && !/_BCF\.W$/.test(answer.series)
      : // The routes of petroleum have the same keys.
        isGasPrice(answer) && !/crude oil/i.test(head.text);
  if (!gas && !(answer.empty && /natural gas/i.test(answer.description))) return 0;
  return named;
}

/** Throws SOURCE_UNRECOGNISED for periods that have no rule here, such as quarters. */
function requireDates(payload: Payload, frequency: string): void {
  const known = frequencyOf(frequency);
  if (frequency === '' || (known !== null && !/hourly$/.test(known))) return;
  throw new CarbonError(
    'SOURCE_UNRECOGNISED',
    `prices of gas by a period of the kind ${frequency} are not read`,
    {
      position: {
        ...placeOf(payload).position,
        expected: 'daily, weekly, monthly or annual',
        got: frequency.slice(0, 40),
      },
    },
  );
}

function decode(payload: Payload): Decoded {
  const head = headOf(payload);
  if (isBulk(head.text)) return readBulkPrices(payload);
  if (isGasHistory(head)) return readGasHistory(payload);
  if (isGasHistoryPage(head)) return readGasHistoryPage(payload);
  const rows: SourceRow[] = [];
  const add = (row: number, place: string, period: string, value: string | null, unit: string): void => {
    const { words, bounds } = dateOf(period);
    rows.push(sourceRow(row, place, words, [{ field: FIELD, value, unit: unitOf(unit) }], { bounds }));
  };
  if (isVersionOne(payload))
    for (const { id, units, frequency, data } of readSeries(payload)) {
      requireDates(payload, frequency);
      const place = placeIn(id);
      for (const [period, value] of data) add(rows.length + 1, place, period, value, units);
    }
  else {
    const { frequency, records } = readAnswer(payload);
    requireDates(payload, frequency);
    for (const [i, record] of records.entries())
      add(
        i + 1,
        wordOf(record['series']),
        wordOf(record['period']),
        numberOf(record['value']),
        wordOf(record['units'] ?? record['value-units']),
      );
  }
  return { rows, rejected: [], drift: [], damage: null };
}

/** Series of other figures than prices, and of periods that have no rule here, are reported and left alone. */
function readBulkPrices(payload: Payload): Decoded {
  const { series, damage } = readBulk(payload);
  const rows: SourceRow[] = [];
  const drift: Drift[] = [];
  for (const { line, of } of series) {
    const unit = unitOf(of.units);
    const known = frequencyOf(of.frequency);
    if (!unit.startsWith('USD/') || known === null || /hourly$/.test(known)) {
      drift.push({ column: of.id.slice(0, 80), at: line });
      continue;
    }
    for (const [period, value] of of.data) {
      const { words, bounds } = dateOf(period);
      rows.push(sourceRow(line, placeIn(of.id), words, [{ field: FIELD, value, unit }], { bounds }));
    }
  }
  if (rows.length === 0 && damage === null)
    throw new CarbonError('SOURCE_EMPTY', 'the bulk file holds no price of gas', placeOf(payload));
  return { rows, rejected: [], drift, damage };
}

const placeIn = (id: string): string => /^NG\.(.+)\.[A-Z]+$/.exec(id)?.[1] ?? id;

/** The dataset `gas_price`. */
export const gasPrice: Dataset = {
  name: 'gas_price',
  title: 'Prices of natural gas: Henry Hub and the futures of the next months',
  time: { ...DATES, publishes: 'weekdays' },
  nullWords: EIA_NULL_WORDS,
  coverage: null,
  fields: [{ field: FIELD, unit: UNIT, what: 'price of the series that is the location' }],
  recognise,
  plan: (window, settings) =>
    routeRequests(
      {
        path: 'natural-gas/pri/fut',
        frequency: 'daily',
        facet: 'series',
        option: 'series',
        usual: ['RNGWHHD'],
        span: 366 * DAY,
        publishedAfter: 4 * 24,
      },
      window,
      settings,
    ),
  decode,
};
