/**
 * MISO real-time five-minute prices (ex post), in several forms that state the same price:
 *
 * * the displays `GetRealTimeFiveMinExPost/Current`, `/Rolling` (today) and `/Previous` (yesterday): JSON of `headers`
 *   and `data`, or CSV until 2025, whose INTERVAL is the END of the five minutes;
 * * `GetLmpConsolidatedTable`: JSON whose `RefId` names interval and publication at once; of its four tables the one of
 *   five minutes is read, the others are the hourly reports of other datasets; until 2017 as CSV;
 * * the weekly file of final prices, `YYYYMMDD_5MIN_LMP.zip`: CSV with lines above the header and below the rows, whose
 *   MKTHOUR_EST is the BEGIN of the five minutes.
 *
 * All of it in Eastern Standard Time without offset.
 */

import { MINUTE } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds } from '../../core/time/market-day.ts';
import type {
  Dataset,
  Decoded,
  Payload,
  PayloadHead,
  PlanSettings,
  Recognition,
  SourceRequest,
} from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headerLines } from '../kit/pieces.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { isConsolidatedCsv, readConsolidatedCsv } from './consolidated-csv.ts';
import { isExchange, readExchange, recogniseExchange } from './data-exchange.ts';
import { isDisplayCsv, readFiveMinuteCsv } from './five-minute-csv.ts';
import { readConsolidatedTable, readFiveMinuteDisplay } from './five-minute-json.ts';
import { readWeeklyFile, weeklyHeaderLines } from './five-minute-week.ts';
import { isWeeklyFile } from './layouts.ts';
import { LMP_FIELDS } from './lmp-table.ts';
import {
  ageOf,
  displayRequest,
  MISO_ZONE,
  mondayOf,
  operatingDays,
  REFERENCE_PATTERN,
  weekRequest,
} from './routes.ts';

const DISPLAY_TIME: TimeConvention = {
  name: 'est-five-minutes-ending',
  zone: MISO_ZONE,
  pattern: 'YYYY-MM-DDThh:mm[:ss]',
  stamp: 'ending-clock',
  length: 5 * MINUTE,
  onGrid: true,
  repeated: { by: 'none' },
};
const REFERENCE_TIME: TimeConvention = { ...DISPLAY_TIME, pattern: REFERENCE_PATTERN };
const WEEK_TIME: TimeConvention = {
  ...DISPLAY_TIME,
  name: 'est-five-minutes-beginning',
  pattern: 'M/D/YYYY h:mm[:ss]',
  stamp: 'beginning',
};

const FIVE = 5 * MINUTE;

const isDisplay = (text: string): boolean => /^\s*\{\s*"headers"\s*:\s*\[[^\]]*"CPNODE"/i.test(text);
const isConsolidated = (text: string): boolean =>
  /^\s*\{\s*"LMPData"\s*:/.test(text) && !/"ExAnteLMP"\s*:/i.test(text.slice(0, 2_000));

function recognise(head: PayloadHead): Recognition {
  const exchanged = recogniseExchange(head, 'price', 'real-time');
  if (exchanged > 0) return exchanged;
  const known =
    isDisplay(head.text) ||
    isConsolidated(head.text) ||
    isConsolidatedCsv(head.text) ||
    isDisplayCsv(head.text) ||
    isWeeklyFile(head);
  if (!known) return 0;
  return /FiveMin|5min|Consolidated/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const start = new TextDecoder().decode(payload.bytes.subarray(0, 4096));
  if (isConsolidated(start))
    return { ...readConsolidatedTable(payload, REFERENCE_TIME), layout: { time: REFERENCE_TIME } };
  if (isConsolidatedCsv(start))
    return { ...readConsolidatedCsv(payload, REFERENCE_TIME), layout: { time: REFERENCE_TIME } };
  if (isExchange(payload)) return readExchange(payload, 'price');
  if (isDisplayCsv(start)) return readFiveMinuteCsv(payload);
  if (/^\s*[[{]/.test(start)) return readFiveMinuteDisplay(payload);
  return {
    ...readWeeklyFile(payload),
    layout: { time: WEEK_TIME },
  };
}

/**
 * Today by the rolling display, yesterday by the previous one, older days by weeks. Displays name an interval by its end,
 * and the day by that name: the last interval of a day is in the display of the next one. With the option `today: current`
 * today is only its last interval: what a run every five minutes needs, at a hundredth of the bytes.
 */
function plan(window: Interval, { now, options }: PlanSettings): SourceRequest[] {
  const weeks = new Set(
    operatingDays(window)
      .filter((day) => ageOf(day, now) > 1)
      .map(mondayOf),
  );
  const requests = [...weeks].map(weekRequest);
  for (const day of operatingDays({ start: window.start + FIVE, end: window.end + FIVE })) {
    const age = ageOf(day, now);
    if (age !== 0 && age !== 1) continue;
    const { start, end } = marketDayBounds(MISO_ZONE, day);
    const shown = { start: start - FIVE, end: end - FIVE };
    const last = Math.floor(now / FIVE) * FIVE;
    if (age === 1) requests.push(displayRequest('Previous', shown, end + 10 * MINUTE));
    // What ended at midnight is in the display of the whole day alone.
    else if (options?.['today'] === 'current' && window.end > start)
      requests.push(displayRequest('Current', { start: last - FIVE, end: last }, last));
    else requests.push(displayRequest('Rolling', shown, start + 10 * MINUTE));
  }
  return requests;
}

/** The dataset `rt_lmp` of MISO. */
export const realTimeLmp: Dataset = {
  name: 'rt_lmp',
  title: 'Real-time five-minute prices at nodes, hubs, zones and interfaces',
  time: DISPLAY_TIME,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: LMP_FIELDS,
  recognise,
  plan,
  decode,
  pieces: (head) => (isDisplayCsv(head.text) ? headerLines(head) : weeklyHeaderLines(head)),
};
