/**
 * IESO's locational prices since the renewal of the market on 1 May 2025: day-ahead by the hour, pre-dispatch by the
 * hour, and real time by five minutes. Three prices of one place and time, never versions of each other.
 *
 * Each comes as CSV for all nodes (`DAHourlyEnergyLMP`, `PredispHourlyEnergyLMP`, `RealtimeEnergyLMP`) and as XML for
 * Ontario, the zones and the interties. The energy part is not printed; it is lmp - loss - congestion.
 */

import { HOUR } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, PublishedField, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { sourceRow } from '../kit/source-row.ts';
import { parseStamp } from '../kit/time/stamp.ts';
import { decodedRows, type ReportHead, reportHead, squeezed } from './document.ts';
import { EST_FIVE_MINUTES, EST_HOURS, hourOf } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';
import { hasPrices, PRICE_UNIT, readPriceDocument } from './price-documents.ts';
import { type ReportTop, readReportCsv, topOf } from './report-csv.ts';
import type { ReportChoice } from './routes.ts';

const FIELDS: readonly PublishedField[] = [
  { field: 'lmp', unit: PRICE_UNIT, what: 'price at the node, zone or intertie' },
  { field: 'congestion', unit: PRICE_UNIT, what: 'energy congestion price' },
  { field: 'loss', unit: PRICE_UNIT, what: 'energy loss price' },
  { field: 'external_congestion', unit: PRICE_UNIT, what: 'external congestion price of an intertie' },
  {
    field: 'nisl_price',
    unit: PRICE_UNIT,
    what: 'price of the net interchange scheduling limit at an intertie',
  },
];

/** The column of the place in a CSV, by which its header is found. */
export const PLACE_COLUMN = 'pricing location';

/** The runs whose prices there are. */
export type Run = 'day-ahead' | 'pre-dispatch' | 'real-time';

const RUNS: readonly (readonly [run: Run, words: RegExp])[] = [
  ['pre-dispatch', /predisp/],
  ['day-ahead', /dahourly|daconstr|dayahead/],
  ['real-time', /realtime/],
];

/** The run that words name; null where they name none. */
export function runIn(words: string): Run | null {
  return RUNS.find(([, expression]) => expression.test(words))?.[0] ?? null;
}

/** Hours before the begin of a day at which its day-ahead prices are long out, and at which its pre-dispatch begins. */
const DAY_AHEAD_UNTIL = 6;
const PRE_DISPATCH_FROM = 4;

/**
 * The run of hourly prices by when they were made: day-ahead prices about noon of the day before, those of pre-dispatch
 * from eight in the evening on. Empty where that does not tell.
 */
export function runByCreation({ publishedAt, date }: Pick<ReportTop, 'publishedAt' | 'date'>): string {
  const midnight = parseStamp('YYYY-MM-DD', date);
  if (publishedAt === null || midnight === null) return '';
  const hoursBefore = (midnight + 5 * HOUR - publishedAt) / HOUR;
  if (hoursBefore > DAY_AHEAD_UNTIL) return 'dayahead';
  return hoursBefore <= PRE_DISPATCH_FROM ? 'predisp' : '';
}

/**
 * How surely a report is that of a run: what it tells of itself decides, then the name; untold, whole hours of a document
 * are day-ahead, and those of a CSV may be of either run.
 */
export function recogniseRun(
  told: string,
  name: string,
  fiveMinutes: boolean,
  run: Run,
  usual: Run | null = 'day-ahead',
): Recognition {
  const named = runIn(name);
  const titled = runIn(told);
  if (titled !== null) return titled !== run ? 0 : named === run ? 3 : 2;
  if (fiveMinutes) return run !== 'real-time' ? 0 : named === run ? 3 : 2;
  if (run === 'real-time') return 0;
  if (named !== null && named !== 'real-time') return named === run ? 3 : 0;
  if (usual === null) return 2;
  return run === usual ? 2 : 1;
}

const hasFiveMinutes = (report: ReportHead): boolean =>
  report.has('Interval') || report.has('RealTimePriceComponents');

function recognise(head: PayloadHead, run: Run): Recognition {
  const report: ReportHead | null = reportHead(head);
  if (report !== null)
    return hasPrices(report) ? recogniseRun(report.title, report.name, hasFiveMinutes(report), run) : 0;
  const top = topOf(head, PLACE_COLUMN);
  if (top === null || !top.names.includes('lmp')) return 0;
  return recogniseCsvRun(top, head.name, run);
}

/** How surely the CSV of a report is that of a run; the name rules over the time of its making. */
export function recogniseCsvRun(top: ReportTop, name: string, run: Run): Recognition {
  const fiveMinutes = top.names.includes('interval');
  const named = runIn(squeezed(name));
  const told = fiveMinutes || (named !== null && named !== 'real-time') ? '' : runByCreation(top);
  return recogniseRun(told, squeezed(name), fiveMinutes, run, null);
}

const PARTS = [
  ['lmp', 'lmp'],
  ['energy loss price', 'loss'],
  ['energy congestion price', 'congestion'],
] as const;

/**
 * Reads the CSV of a run: a place, an hour or an interval of it, and prices in `columns`, of which the
 * first is in every report. Throws SOURCE_COLUMN_MISSING where the lines above the header name no day.
 */
export function readRunCsv(
  payload: Payload,
  columns: readonly (readonly [column: string, field: string])[],
  unit: string,
): Decoded {
  const needed = ['delivery hour', PLACE_COLUMN, ...columns.slice(0, 1).map(([column]) => column)];
  return readReportCsv(payload, PLACE_COLUMN, needed, ({ line, cell }, { names, date, publishedAt }) => {
    const interval = names.includes('interval') ? cell('interval') : null;
    const { words, bounds } = hourOf(date, cell('delivery hour'), interval);
    const values = columns
      .filter(([column]) => names.includes(column))
      .map(([column, field]) => ({ field, value: cell(column), unit }));
    return [sourceRow(line, cell(PLACE_COLUMN), words, values, { bounds, publishedAt })];
  });
}

function decode(payload: Payload): Decoded {
  const isXml = /^\s*</.test(new TextDecoder().decode(payload.bytes.subarray(0, 64)));
  return isXml
    ? decodedRows(payload, readPriceDocument(payload).rows)
    : readRunCsv(payload, PARTS, PRICE_UNIT);
}

function prices(name: string, title: string, run: Run, reports: ReportChoice): Dataset {
  return {
    name,
    title,
    time: run === 'real-time' ? EST_FIVE_MINUTES : EST_HOURS,
    nullWords: NULL_WORDS,
    coverage: null,
    fields: FIELDS,
    recognise: (head) => recognise(head, run),
    ...fetchedBy(reports),
    decode,
  };
}

/** The dataset `da_lmp`: about 12:30 EST the day before. */
export const dayAheadLmp = prices(
  'da_lmp',
  'Day-ahead hourly prices of Ontario, its nodes, zones and interties',
  'day-ahead',
  {
    usual: 'DAHourlyOntarioZonalPrice',
    known: {
      DAHourlyOntarioZonalPrice: 'xml',
      DAHourlyZonal: 'xml',
      DAHourlyIntertieLMP: 'xml',
      DAHourlyEnergyLMP: 'csv',
    },
    each: 'day',
    publishedAfter: -11,
  },
);

/** The dataset `predispatch_lmp`: rewritten each hour for the rest of the day. */
export const preDispatchLmp = prices(
  'predispatch_lmp',
  'Pre-dispatch hourly prices of Ontario, its nodes, zones and interties',
  'pre-dispatch',
  {
    usual: 'PredispHourlyOntarioZonalPrice',
    known: {
      PredispHourlyOntarioZonalPrice: 'xml',
      PredispHourlyZonal: 'xml',
      PredispHourlyIntertieLMP: 'xml',
      PredispHourlyEnergyLMP: 'csv',
    },
    each: 'day',
    isVersioned: true,
    publishedAfter: -4,
  },
);

/** The dataset `rt_lmp`: a report for each hour. */
export const realTimeLmp = prices(
  'rt_lmp',
  'Real-time five-minute prices of Ontario, its nodes, zones and interties',
  'real-time',
  {
    usual: 'RealtimeOntarioZonalPrice',
    known: {
      RealtimeOntarioZonalPrice: 'xml',
      RealtimeZonalEnergyPrices: 'xml',
      RealTimeIntertieLMP: 'xml',
      RealtimeEnergyLMP: 'csv',
    },
    each: 'hour',
    publishedAfter: 1,
  },
);
