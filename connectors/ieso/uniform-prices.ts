/**
 * IESO's prices until 30 April 2025, one for all Ontario and one for each intertie: the market clearing price by five
 * minutes (`RealtimeMktPrice` for an hour, `RealtimeMktPriceYear`) and its hourly average, HOEP (`DispUnconsHOEP` for a
 * day, CSV or XML, `PriceHOEPPredispOR` for a year, with pre-dispatch prices and reserves). They ended with the renewal of the
 * market and are no versions of the locational prices.
 */

import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { ownEntry } from '../kit/own-entry.ts';
import { headOf } from '../kit/payload.ts';
import { sourceRow } from '../kit/source-row.ts';
import { decodedRows, descendantsOf, firstOf, readDocument, reportHead, textIn } from './document.ts';
import { EST_FIVE_MINUTES, EST_HOURS, hourOf, isoDate } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';
import { ONTARIO, PRICE_UNIT } from './price-documents.ts';
import { readReportCsv, topOf } from './report-csv.ts';
import { CLEARING_FIELDS, PRICE_KINDS, readZonalPrices, zonalRhythm } from './zonal-clearing-prices.ts';

const RESERVE_UNIT = 'CAD/MW';

const MARK = 'delivery hour';

function recogniseFiveMinutes(head: PayloadHead): Recognition {
  if (zonalRhythm(head) === 'five-minute') return /MktPrice/i.test(head.name) ? 3 : 2;
  const names = topOf(head, MARK)?.names;
  if (!names?.includes('interval') || !names.includes('engy')) return 0;
  return /MktPrice/i.test(head.name) ? 3 : 2;
}

function readFiveMinutes(payload: Payload): Decoded {
  if (zonalRhythm(headOf(payload)) !== null) return readZonalPrices(payload);
  const needed = ['delivery date', MARK, 'interval', 'engy'];
  return readReportCsv(payload, MARK, needed, (record, { names, above, publishedAt }) => {
    const date = isoDate(record.cell('delivery date'));
    const { words, bounds } = hourOf(date, record.cell(MARK), record.cell('interval'));
    const places = new Map<string, SourceRow['values']>();
    let place = '';
    for (const [at, name] of names.entries()) {
      // A place may stand above the first of its figures only.
      const printed = (above[at] ?? '').trim();
      if (printed !== '') place = printed;
      const kind = ownEntry(PRICE_KINDS, name);
      if (kind === undefined) continue;
      const values = places.get(place) ?? [];
      values.push({ field: kind[0], value: record.fields[at] ?? '', unit: kind[1] });
      places.set(place, values);
    }
    return [...places].map(([name, values]) =>
      sourceRow(record.line, name, words, values, { bounds, publishedAt }),
    );
  });
}

/** The dataset `rt_mcp`. */
export const clearingPrice: Dataset = {
  name: 'rt_mcp',
  title: 'Market clearing prices by five minutes until April 2025',
  time: EST_FIVE_MINUTES,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: CLEARING_FIELDS,
  recognise: recogniseFiveMinutes,
  ...fetchedBy({
    usual: 'RealtimeMktPriceYear',
    known: { RealtimeMktPriceYear: 'csv' },
    each: 'year',
    publishedAfter: 30,
  }),
  decode: readFiveMinutes,
};

/** Columns of the hourly reports. */
const HOURLY: Readonly<Record<string, readonly [field: string, unit: string]>> = {
  hoep: ['lmp', PRICE_UNIT],
  'hour 1 predispatch': ['predispatch_1h', PRICE_UNIT],
  'hour 2 predispatch': ['predispatch_2h', PRICE_UNIT],
  'hour 3 predispatch': ['predispatch_3h', PRICE_UNIT],
  'or 10 min sync': ['mcp_10s', RESERVE_UNIT],
  'or 10 min non-sync': ['mcp_10n', RESERVE_UNIT],
  'or 30 min': ['mcp_30r', RESERVE_UNIT],
};

function recogniseHoep(head: PayloadHead): Recognition {
  const report = reportHead(head);
  if (report !== null)
    return !report.has('HOEP') || !report.has('Price') ? 0 : /HOEP/i.test(head.name) ? 3 : 2;
  const names = topOf(head, 'hoep')?.names;
  if (!names?.includes('hour')) return 0;
  return /HOEP/i.test(head.name) ? 3 : 2;
}

/** The XML of a day: an element for each hour that has passed, with its price. */
function readHoepDocument(payload: Payload): Decoded {
  const { body, date, publishedAt } = readDocument(payload);
  const hours = descendantsOf(body, 'HOEP').filter((each) => firstOf(each, 'Hour', 'DeliveryHour') !== null);
  return decodedRows(
    payload,
    hours.map((each) => {
      const { words, bounds } = hourOf(date, textIn(each, 'Hour', 'DeliveryHour') ?? '');
      const values = [{ field: 'lmp', value: textIn(each, 'Price'), unit: PRICE_UNIT }];
      return sourceRow(each.line, ONTARIO, words, values, { bounds, publishedAt });
    }),
  );
}

function readHoep(payload: Payload): Decoded {
  if (/^\s*</.test(headOf(payload).text)) return readHoepDocument(payload);
  return readReportCsv(payload, 'hoep', ['hour', 'hoep'], ({ line, cell }, { names, date, publishedAt }) => {
    const day = names.includes('date') ? isoDate(cell('date')) : date;
    const { words, bounds } = hourOf(day, cell('hour'));
    const values = names.flatMap((name) => {
      const known = HOURLY[name];
      return known === undefined ? [] : [{ field: known[0], value: cell(name), unit: known[1] }];
    });
    return [sourceRow(line, ONTARIO, words, values, { bounds, publishedAt })];
  });
}

/** The dataset `rt_lmp_hourly`. */
export const hourlyPrice: Dataset = {
  name: 'rt_lmp_hourly',
  title: 'Hourly Ontario energy price (HOEP), pre-dispatch prices and reserves until April 2025',
  time: EST_HOURS,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'lmp', unit: PRICE_UNIT, what: 'HOEP, the average of the clearing prices of the hour' },
    { field: 'predispatch_1h', unit: PRICE_UNIT, what: 'price of pre-dispatch one hour before' },
    { field: 'predispatch_2h', unit: PRICE_UNIT, what: 'the same two hours before' },
    { field: 'predispatch_3h', unit: PRICE_UNIT, what: 'the same three hours before' },
    { field: 'mcp_10s', unit: RESERVE_UNIT, what: 'ten-minute spinning reserve' },
    { field: 'mcp_10n', unit: RESERVE_UNIT, what: 'ten-minute non-spinning reserve' },
    { field: 'mcp_30r', unit: RESERVE_UNIT, what: 'thirty-minute reserve' },
  ],
  recognise: recogniseHoep,
  ...fetchedBy({
    usual: 'PriceHOEPPredispOR',
    known: { PriceHOEPPredispOR: 'csv' },
    each: 'year',
    publishedAfter: 30,
  }),
  decode: readHoep,
};
