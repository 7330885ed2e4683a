/**
 * IESO's totals of the market in XML: real time by five minutes (`RealtimeConstTotals`, since May 2025
 * `RealtimeTotals`, one hour to a report) and pre-dispatch by the hour (`PredispConstTotals`). Each figure keeps its own
 * name: `Total Energy` is the field `total_energy`.
 */

import { daysFromCivil } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, PublishedField, Recognition } from '../kit/contract.ts';
import type { XmlElement } from '../kit/readers/xml.ts';
import { sourceRow } from '../kit/source-row.ts';
import { childrenOf, decodedRows, descendantsOf, readDocument, reportHead, textIn } from './document.ts';
import { EST_FIVE_MINUTES, EST_HOURS, hourOf } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';
import { IESO_NULL_WORDS } from './null-words.ts';
import { ONTARIO } from './price-documents.ts';
import type { ReportChoice } from './routes.ts';

const UNIT = 'MW';

const FIELDS: readonly PublishedField[] = [
  { field: 'ontario_demand', unit: UNIT, what: 'demand of Ontario' },
  { field: 'total_energy', unit: UNIT, what: 'energy scheduled' },
  { field: 'total_loss', unit: UNIT, what: 'losses' },
  { field: 'total_load', unit: UNIT, what: 'load, exports among it' },
  { field: 'total_dispatch_load', unit: UNIT, what: 'dispatchable load' },
  { field: 'total_dispatch_load_scheduled_off', unit: UNIT, what: 'dispatchable load that is scheduled off' },
  { field: 'total_dispatchable_load_scheduled_off', unit: UNIT, what: 'the same under its later name' },
  { field: 'total_10s', unit: UNIT, what: 'ten-minute spinning reserve' },
  { field: 'total_10n', unit: UNIT, what: 'ten-minute non-spinning reserve' },
  { field: 'total_30r', unit: UNIT, what: 'thirty-minute reserve' },
];

/** `ONTARIO DEMAND` → `ontario_demand`. */
const fieldOf = (quantity: string): string =>
  quantity
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');

/** Elements that hold the figures of one interval. */
const INTERVALS = ['IntervalEnergy', 'HourlyConstrainedEnergy', 'HourlyEnergy'] as const;

function recognise(head: PayloadHead, hourly: boolean): Recognition {
  const report = reportHead(head);
  if (report === null || !report.has('MarketQuantity')) return 0;
  const fiveMinutes = report.has('IntervalEnergy') || report.has('Interval');
  if (fiveMinutes === hourly) return 0;
  return /ConstTotals|RealtimeTotals/i.test(head.name) ? 3 : 2;
}

function valuesOf(part: XmlElement): { field: string; value: string | null; unit: string }[] {
  const quantities = [...childrenOf(part, 'MQ'), ...descendantsOf(part, 'MQ')];
  return [...new Set(quantities)].map((quantity) => ({
    field: fieldOf(textIn(quantity, 'MarketQuantity') ?? ''),
    value: textIn(quantity, 'EnergyMW'),
    unit: UNIT,
  }));
}

function decode(payload: Payload): Decoded {
  const { body, date, publishedAt } = readDocument(payload);
  const hour = textIn(body, 'DeliveryHour');
  const parts = INTERVALS.flatMap((name) => descendantsOf(body, name));
  return decodedRows(
    payload,
    parts.flatMap((part) => {
      const values = valuesOf(part).filter(({ field }) => field !== '');
      if (values.length === 0) return [];
      const interval = textIn(part, 'Interval');
      const at = textIn(part, 'DeliveryHour', 'Hour') ?? hour ?? '';
      const { words, bounds } = hourOf(date, at, interval);
      return [sourceRow(part.line, ONTARIO, words, values, { bounds, publishedAt })];
    }),
  );
}

function totalsOf(name: string, title: string, hourly: boolean, reports: ReportChoice): Dataset {
  return {
    name,
    title,
    time: hourly ? EST_HOURS : EST_FIVE_MINUTES,
    nullWords: IESO_NULL_WORDS,
    coverage: null,
    fields: FIELDS,
    recognise: (head) => recognise(head, hourly),
    ...fetchedBy(reports),
    decode,
  };
}

/** The dataset `totals`: real time. */
export const totals = totalsOf('totals', 'Totals of the market in real time by five minutes', false, {
  usual: 'RealtimeTotals',
  before: { day: daysFromCivil(2025, 5, 1), report: 'RealtimeConstTotals' },
  known: { RealtimeTotals: 'xml', RealtimeConstTotals: 'xml' },
  each: 'hour',
  publishedAfter: 1,
});

/** The dataset `totals_predispatch`. */
export const preDispatchTotals = totalsOf(
  'totals_predispatch',
  'Totals of the market in pre-dispatch by the hour',
  true,
  {
    usual: 'PredispConstTotals',
    known: { PredispConstTotals: 'xml' },
    each: 'day',
    isVersioned: true,
    publishedAfter: -8,
  },
);
