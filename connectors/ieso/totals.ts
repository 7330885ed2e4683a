/**
 * IESO's totals of the market in XML: real time by five minutes (`RealtimeConstTotals`, since May 2025
 * `RealtimeTotals`, one hour to a report) and pre-dispatch by the hour (`PredispConstTotals`) or day-ahead (`DATotals`). Each figure keeps its own
 * name: `Total Energy` is the field `total_energy`.
 */

import { daysFromCivil } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, PublishedField, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import type { XmlElement } from '../kit/readers/xml.ts';
import { sourceRow } from '../kit/source-row.ts';
import { decodedRows, readDocument, reportHead, textIn } from './document.ts';
import { EST_FIVE_MINUTES, EST_HOURS, hourOf } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';
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

/** The elements that hold the figures of one interval: those next above a figure that number an hour or five minutes. */
function intervalsOf(body: XmlElement): Map<XmlElement, XmlElement[]> {
  const parts = new Map<XmlElement, XmlElement[]>();
  const look = (parent: XmlElement, part: XmlElement | null): void => {
    for (const child of parent.children) {
      const quantities = part === null ? undefined : parts.get(part);
      if (child.name.toUpperCase() === 'MQ') quantities?.push(child);
      else {
        const isPart = textIn(child, 'DeliveryHour', 'Hour', 'Interval') !== null;
        if (isPart) parts.set(child, []);
        look(child, isPart ? child : part);
      }
    }
  };
  look(body, null);
  return parts;
}

type Run = 'day-ahead' | 'pre-dispatch' | 'real-time';

/** Five minutes are real time; hours are day-ahead where the title says so. */
function recognise(head: PayloadHead, run: Run): Recognition {
  const report = reportHead(head);
  if (report === null || !report.has('MarketQuantity')) return 0;
  const fiveMinutes = report.has('IntervalEnergy') || report.has('Interval');
  const hours = /\bdatotals|dayahead/.test(report.title) ? 'day-ahead' : 'pre-dispatch';
  if (run !== (fiveMinutes ? 'real-time' : hours)) return 0;
  return /ConstTotals|RealtimeTotals|DATotals/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const { body, date, publishedAt } = readDocument(payload);
  const hour = textIn(body, 'DeliveryHour');
  return decodedRows(
    payload,
    [...intervalsOf(body)].flatMap(([part, quantities]) => {
      const values = quantities.flatMap((quantity) => {
        const field = fieldOf(textIn(quantity, 'MarketQuantity') ?? '');
        return field === '' ? [] : [{ field, value: textIn(quantity, 'EnergyMW'), unit: UNIT }];
      });
      if (values.length === 0) return [];
      const interval = textIn(part, 'Interval');
      const at = textIn(part, 'DeliveryHour', 'Hour') ?? hour ?? '';
      const { words, bounds } = hourOf(date, at, interval);
      return [sourceRow(part.line, ONTARIO, words, values, { bounds, publishedAt })];
    }),
  );
}

function totalsOf(name: string, title: string, run: Run, reports: ReportChoice | null): Dataset {
  return {
    name,
    title,
    time: run === 'real-time' ? EST_FIVE_MINUTES : EST_HOURS,
    nullWords: NULL_WORDS,
    coverage: null,
    fields: FIELDS,
    recognise: (head) => recognise(head, run),
    // Without a choice, reports that were kept are read and nothing is fetched.
    ...(reports === null ? { plan: () => [] } : fetchedBy(reports)),
    decode,
  };
}

/** The dataset `totals`: real time. */
export const totals = totalsOf('totals', 'Totals of the market in real time by five minutes', 'real-time', {
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
  'pre-dispatch',
  {
    usual: 'PredispConstTotals',
    known: { PredispConstTotals: 'xml' },
    each: 'day',
    isVersioned: true,
    publishedAfter: -8,
  },
);

/** The dataset `totals_day_ahead`. */
export const dayAheadTotals = totalsOf(
  'totals_day_ahead',
  'Totals of the day-ahead market by the hour',
  'day-ahead',
  null,
);
