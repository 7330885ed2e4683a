/**
 * IESO's demand as CSV of a year: by the hour (`Demand`, market and Ontario), by zone and hour (`DemandZonal`), and by
 * zone and five minutes (`RealtimeDemandZonal`). Zones are columns; each number is a row of its own.
 */

import type { Dataset, Decoded, Payload, PayloadHead, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { sourceRow } from '../kit/source-row.ts';
import { EST_FIVE_MINUTES, EST_HOURS, hourOf, isoDate } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';
import { ONTARIO } from './price-documents.ts';
import { readReportCsv, topOf } from './report-csv.ts';
import type { ReportChoice } from './routes.ts';

const UNIT = 'MW';

/** Column → field and place. Columns that are zones have their name as place. */
const SYSTEM: Readonly<Record<string, readonly [field: string, place: string]>> = {
  'ontario demand': ['load', ONTARIO],
  'total ontario': ['load', ONTARIO],
  'market demand': ['market_demand', ONTARIO],
  'total market demand': ['market_demand', ONTARIO],
  'zone total': ['zones_total', ONTARIO],
  'zones total': ['zones_total', ONTARIO],
  'total zones': ['zones_total', ONTARIO],
  diff: ['zones_difference', ONTARIO],
};
const ZONES: readonly string[] = [
  'northwest',
  'northeast',
  'ottawa',
  'east',
  'toronto',
  'essa',
  'bruce',
  'southwest',
  'niagara',
  'west',
];
const CLOCK: readonly string[] = ['date', 'hour', 'interval'];
const isDemand = (names: readonly string[]): boolean =>
  names.includes('date') && names.some((name) => ['ontario demand', 'total ontario'].includes(name));

function recognise(head: PayloadHead, fiveMinutes: boolean): Recognition {
  const top = topOf(head, 'hour');
  if (top === null || !isDemand(top.names) || top.names.includes('interval') !== fiveMinutes) return 0;
  return /Demand/i.test(head.name) ? 3 : 2;
}

const isKnown = (name: string): boolean =>
  CLOCK.includes(name) || ZONES.includes(name) || Object.hasOwn(SYSTEM, name);

function decode(payload: Payload): Decoded {
  const needed = ['date', 'hour'];
  return readReportCsv(
    payload,
    'hour',
    needed,
    ({ line, cell }, { names, printed, publishedAt }) => {
      const interval = names.includes('interval') ? cell('interval') : null;
      const { words, bounds } = hourOf(isoDate(cell('date')), cell('hour'), interval);
      return names.flatMap((name, at) => {
        if (CLOCK.includes(name) || !isKnown(name)) return [];
        const [field, place] = SYSTEM[name] ?? ['load', (printed[at] ?? '').trim()];
        const values = [{ field, value: cell(name), unit: UNIT }];
        return [sourceRow(line, place, words, values, { bounds, publishedAt })];
      });
    },
    (name) => name !== '' && !isKnown(name),
  );
}

function demand(name: string, title: string, fiveMinutes: boolean, reports: ReportChoice): Dataset {
  return {
    name,
    title,
    time: fiveMinutes ? EST_FIVE_MINUTES : EST_HOURS,
    nullWords: NULL_WORDS,
    coverage: null,
    fields: [
      { field: 'load', unit: UNIT, what: 'demand of Ontario or of a zone' },
      { field: 'market_demand', unit: UNIT, what: 'demand of Ontario and exports' },
      { field: 'zones_total', unit: UNIT, what: 'sum of the zones' },
      { field: 'zones_difference', unit: UNIT, what: 'sum of the zones less the demand of Ontario' },
    ],
    recognise: (head) => recognise(head, fiveMinutes),
    ...fetchedBy(reports),
    decode,
  };
}

/** The dataset `load`. */
export const load = demand('load', 'Demand of Ontario and its zones by five minutes', true, {
  usual: 'RealtimeDemandZonal',
  known: { RealtimeDemandZonal: 'csv' },
  each: 'year',
  publishedAfter: 2,
});

/** The dataset `load_hourly`. */
export const loadHourly = demand('load_hourly', 'Demand of Ontario and its zones by the hour', false, {
  usual: 'DemandZonal',
  known: { Demand: 'csv', DemandZonal: 'csv' },
  each: 'year',
  publishedAfter: 30,
});
