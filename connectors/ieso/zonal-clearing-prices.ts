/**
 * IESO's clearing prices until April 2025 in the reports of an hour and of a day: real time by five minutes
 * (`RealtimeMktPrice`) and pre-dispatch by the hour (`PredispMktPrice`), for Ontario and each intertie zone, of energy and
 * three reserves.
 *
 * XML has a list of prices for each zone and kind. CSV has no header below its lines of words: hour, interval (0 where the
 * price is one of the hour), kind, zone, price, and in real time a code. A price that is not printed is that of Ontario by
 * the rules of the market; it is null here, as nothing is printed.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Rejection, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf, placeOf, textOf } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { sourceRow } from '../kit/source-row.ts';
import { childrenOf, decodedRows, descendantsOf, readDocument, reportHead, textIn } from './document.ts';
import { createdAt, EST_HOURS, hourOf, isoDate } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';
import { PRICE_UNIT } from './price-documents.ts';

const RESERVE_UNIT = 'CAD/MW';

/** Kinds of price, by the words of the reports. */
export const PRICE_KINDS: Readonly<Record<string, readonly [field: string, unit: string]>> = {
  engy: ['lmp', PRICE_UNIT],
  energy: ['lmp', PRICE_UNIT],
  '10s': ['mcp_10s', RESERVE_UNIT],
  '10n': ['mcp_10n', RESERVE_UNIT],
  '30r': ['mcp_30r', RESERVE_UNIT],
};
/** Fields of the clearing prices. */
export const CLEARING_FIELDS: Dataset['fields'] = [
  { field: 'lmp', unit: PRICE_UNIT, what: 'price of energy in Ontario or at an intertie' },
  { field: 'mcp_10s', unit: RESERVE_UNIT, what: 'ten-minute spinning reserve' },
  { field: 'mcp_10n', unit: RESERVE_UNIT, what: 'ten-minute non-spinning reserve' },
  { field: 'mcp_30r', unit: RESERVE_UNIT, what: 'thirty-minute reserve' },
];

/** How often the prices of a report are. */
export type Rhythm = 'five-minute' | 'hourly';

const LINE =
  /^[ \t"]*(\d{1,2})[ \t"]*,[ \t"]*(\d{1,2})[ \t"]*,[ \t"]*(?:ENGY|10S|10N|30R)[ \t"]*,[ \t"]*[A-Z]/im;

/** The rhythm of a head that is such a report; null for any other. */
export function zonalRhythm(head: PayloadHead): Rhythm | null {
  const report = reportHead(head);
  if (report !== null) {
    if (!report.has('IntertieZonalPrices') || !report.has('MCP')) return null;
    return report.has('IntervalPrice') ? 'five-minute' : 'hourly';
  }
  if (/^\s*[<{[]/.test(head.text)) return null;
  const line = LINE.exec(head.text);
  return line === null ? null : Number(line[2]) === 0 ? 'hourly' : 'five-minute';
}

/** A price before it is a row. */
interface Price {
  readonly line: number;
  readonly hour: string;
  readonly interval: string | null;
  readonly kind: string;
  readonly zone: string;
  readonly value: string | null;
}

/** Reads a report of either form. Throws as {@link readDocument}, SOURCE_COLUMN_MISSING without a day, and SOURCE_EMPTY. */
export function readZonalPrices(payload: Payload): Decoded {
  const isXml = /^\s*</.test(headOf(payload).text);
  const { date, publishedAt, prices, damage } = isXml ? pricesOfDocument(payload) : pricesOfCsv(payload);
  if (date === '')
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'no line above the prices names their day', {
      position: { ...placeOf(payload).position, line: 1, field: 'date', expected: 'FOR 2018/10/24' },
    });
  const rows: SourceRow[] = [];
  const rejected: Rejection[] = [];
  for (const { line, hour, interval, kind, zone, value } of prices) {
    const known = PRICE_KINDS[kind.trim().toLowerCase()];
    if (known === undefined) {
      rejected.push(unknownKind(line, kind, zone));
      continue;
    }
    const { words, bounds } = hourOf(date, hour, interval);
    const [field, unit] = known;
    rows.push(sourceRow(line, zone.trim(), words, [{ field, value, unit }], { bounds, publishedAt }));
  }
  return { ...decodedRows(payload, rows), rejected, damage };
}

interface Found {
  readonly date: string;
  readonly publishedAt: SourceRow['publishedAt'];
  readonly prices: readonly Price[];
  readonly damage: CarbonError | null;
}

function pricesOfDocument(payload: Payload): Found {
  const { body, date, publishedAt } = readDocument(payload);
  const hourOfReport = textIn(body, 'DeliveryHour') ?? '';
  const prices = descendantsOf(body, 'IntertieZonalPrices').flatMap((zone) =>
    childrenOf(zone, 'Prices').flatMap((list) =>
      [...childrenOf(list, 'IntervalPrice'), ...childrenOf(list, 'HourlyPrice')].map(
        (each): Price => ({
          line: each.line,
          hour: textIn(each, 'DeliveryHour', 'Hour') ?? hourOfReport,
          interval: textIn(each, 'Interval'),
          kind: textIn(list, 'PriceType') ?? '',
          zone: textIn(zone, 'IntertieZoneName') ?? '',
          value: textIn(each, 'MCP'),
        }),
      ),
    ),
  );
  return { date, publishedAt, prices, damage: null };
}

function pricesOfCsv(payload: Payload): Found {
  const reader = new CsvReader(textOf(payload), payload.name);
  const prices: Price[] = [];
  let date = isoDate(
    /_(\d{4})(\d\d)(\d\d)\d{0,2}(?:_v\d+)?\.csv$/i.exec(payload.name)?.slice(1).join('-') ?? '',
  );
  let publishedAt: Found['publishedAt'] = null;
  let damage: CarbonError | null = null;
  try {
    while (reader.nextFilled()) {
      const [hour = '', interval = '', kind = '', zone = '', value = ''] = reader.fields;
      if (reader.fields.length >= 5 && /^\s*\d{1,2}\s*$/.test(hour)) {
        const of = Number(interval) === 0 ? null : interval;
        prices.push({ line: reader.line, hour, interval: of, kind, zone, value });
        continue;
      }
      if (prices.length > 0) throw cutLine(reader, payload);
      const words = reader.fields.join(',');
      date = isoDate(/\bfor:?\s+(\d{4}[-/]\d\d[-/]\d\d)/i.exec(words)?.[1] ?? date);
      publishedAt ??= createdAt(/created at:?\s*(\S+[ T]\d\d:\d\d(?::\d\d)?)/i.exec(words)?.[1] ?? '');
    }
  } catch (error) {
    if (!(error instanceof CarbonError)) throw error;
    damage = error;
  }
  return { date, publishedAt, prices, damage };
}

const cutLine = (reader: CsvReader, payload: Payload): CarbonError =>
  new CarbonError('SOURCE_MALFORMED', `line ${reader.line}: no price stands here`, {
    position: {
      ...placeOf(payload).position,
      line: reader.line,
      expected: 'hour, interval, kind, zone, price',
      got: reader.fields.join(',').slice(0, 80),
    },
  });

function unknownKind(row: number, kind: string, location: string): Rejection {
  return {
    row,
    code: 'FIELD_UNKNOWN',
    message: `line ${row}: a price of unknown kind "${kind.slice(0, 40)}"`,
    field: 'PriceType',
    expected: 'ENGY, 10S, 10N, 30R',
    got: kind.slice(0, 80),
    location,
    series: null,
  };
}

/** The dataset `predispatch_mcp`. */
export const preDispatchClearingPrice: Dataset = {
  name: 'predispatch_mcp',
  title: 'Clearing prices of pre-dispatch by the hour until April 2025',
  time: EST_HOURS,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: CLEARING_FIELDS,
  recognise: (head) => (zonalRhythm(head) !== 'hourly' ? 0 : /MktPrice/i.test(head.name) ? 3 : 2),
  ...fetchedBy({
    usual: 'PredispMktPrice',
    known: { PredispMktPrice: 'xml' },
    each: 'day',
    publishedAfter: -4,
  }),
  decode: readZonalPrices,
};
