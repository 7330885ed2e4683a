/**
 * Answers of MISO's Data Exchange, `https://apim.misoenergy.org/pricing/v1` and `/lgi/v1` (a free key for each product):
 * `{"data":[{"interval":"1","timeInterval":{"resolution":"hourly","start":…,"end":…},"node":…,"lmp":…}],"page":{…}}`.
 *
 * Begin and end of an interval stand in every record, in EST without offset. The body does not say which of the prices
 * it holds: the name of the file does, and without a telling one an hourly price is the settled day-ahead one.
 */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import type { Decoded, Payload, PayloadHead, Recognition, SourceRow, SourceValue } from '../kit/contract.ts';
import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  malformedRecord,
  readJson,
} from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { MISO_ZONE } from './routes.ts';

const TIME: TimeConvention = {
  name: 'est-begin-and-end',
  zone: MISO_ZONE,
  pattern: 'YYYY-MM-DDThh:mm:ss',
  stamp: 'bounds',
  length: HOUR,
  otherLengths: [5 * MINUTE, 24 * HOUR],
  onGrid: false,
  repeated: { by: 'none' },
};

/** What the records of an answer are. */
export type ExchangeKind = 'price' | 'reserve' | 'load' | 'load-forecast' | 'fuel' | 'interchange' | 'outage';

/** What a head shows of an answer. */
export interface ExchangeHead {
  readonly kind: ExchangeKind;
  readonly fiveMinutes: boolean;
  readonly name: string;
}

/** Keys of a record by which its kind is known. */
const MARKS: readonly (readonly [kind: ExchangeKind, keys: readonly string[]])[] = [
  ['price', ['node', 'lmp']],
  ['reserve', ['product', 'mcp']],
  ['fuel', ['fuelTypes']],
  ['load-forecast', ['loadForecast']],
  ['load', ['load']],
  ['load', ['demand']],
  ['interchange', ['nsi']],
  ['interchange', ['nai']],
  ['outage', ['onOutage']],
];

/** Looks at a head as an answer with a kind of records that is read here; null for any other body. */
export function exchangeHead(head: PayloadHead): ExchangeHead | null {
  if (!/^\s*\{/.test(head.text) || !/"(?:timeI|i)nterval"\s*:/.test(head.text)) return null;
  const at = head.text.search(/"data"\s*:\s*\[/);
  // Dashboards of another market have "interval", "data" and "demand" too, under the time of their last update.
  if (at < 0 || /"lastUpdated"\s*:/.test(head.text)) return null;
  const record = head.text.slice(at, at + 4_096);
  const kind = MARKS.find(([, keys]) => keys.every((key) => new RegExp(`"${key}"\\s*:`).test(record)))?.[0];
  if (kind === undefined) return null;
  return { kind, fiveMinutes: /"resolution"\s*:\s*"5/i.test(record), name: head.name.toLowerCase() };
}

/** How surely an answer of prices, of energy or reserves, belongs to a market and an interval. */
export function recogniseExchange(
  head: PayloadHead,
  kind: 'price' | 'reserve',
  market: 'day-ahead' | 'day-ahead-ex-ante' | 'real-time-hourly' | 'real-time',
): Recognition {
  const found = exchangeHead(head);
  if (found === null || found.kind !== kind) return 0;
  if (found.fiveMinutes) return market === 'real-time' ? 2 : 0;
  if (market === 'real-time') return 0;
  const named = /real.?time|(?:^|[^a-z])rt[^a-z]/.test(found.name)
    ? 'real-time-hourly'
    : /ex.?ante/.test(found.name)
      ? 'day-ahead-ex-ante'
      : /ex.?post|day.?ahead/.test(found.name)
        ? 'day-ahead'
        : null;
  if (named !== null) return named === market ? 3 : 0;
  return market === 'day-ahead' ? 2 : 1;
}

const PRICES = [
  ['lmp', 'lmp'],
  ['mcc', 'congestion'],
  ['mlc', 'loss'],
  ['mec', 'energy'],
] as const;

const FLOWS = [
  ['nsi', 'interchange_scheduled'],
  ['nai', 'interchange'],
] as const;

const DEMAND = [
  ['fixed', 'demand_cleared_fixed'],
  ['priceSens', 'demand_cleared_price_sensitive'],
  ['priceSensitive', 'demand_cleared_price_sensitive'],
  ['virtual', 'demand_cleared_virtual'],
  ['total', 'demand'],
] as const;

/** Place, second label and numbers of a record; null where it lacks them. */
interface Meaning {
  readonly place: string;
  readonly series: string | null;
  readonly values: SourceValue[];
}

const wordOf = (value: Json | undefined): string => (typeof value === 'string' ? value.trim() : '');
const cellOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

const figuresOf = (
  record: JsonObject,
  fields: readonly (readonly [key: string, field: string])[],
  unit: string,
): SourceValue[] =>
  fields.flatMap(([key, field]) =>
    Object.hasOwn(record, key) ? [{ field, value: cellOf(record[key]), unit }] : [],
  );

function meaningsOf(record: JsonObject, kind: ExchangeKind): Meaning[] {
  const area = wordOf(record['localResourceZone']) || wordOf(record['region']) || 'MISO';
  if (kind === 'price') {
    return [{ place: wordOf(record['node']), series: null, values: figuresOf(record, PRICES, 'USD/MWh') }];
  }
  if (kind === 'reserve') {
    const product = wordOf(record['product'])
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_');
    const values = [{ field: `mcp_${product}`, value: cellOf(record['mcp']), unit: 'USD/MW' }];
    return [{ place: wordOf(record['zone']) || area, series: null, values }];
  }
  if (kind === 'fuel') {
    const fuels = record['fuelTypes'];
    if (!isJsonObject(fuels)) return [];
    return Object.entries(fuels).map(([fuel, value]) => ({
      place: area,
      series: fuel === 'totalMw' ? null : fuel,
      values: [
        { field: fuel === 'totalMw' ? 'generation_total' : 'generation', value: cellOf(value), unit: 'MW' },
      ],
    }));
  }
  if (kind === 'interchange')
    return [
      { place: area, series: wordOf(record['adjacentBa']) || null, values: figuresOf(record, FLOWS, 'MW') },
    ];
  if (kind === 'outage')
    return [
      { place: area, series: null, values: figuresOf(record, [['onOutage', 'outage_forecast']], 'MW') },
    ];
  const demand = record['demand'];
  if (demand !== undefined) {
    const parts = isJsonObject(demand) ? demand : { total: demand };
    return [{ place: area, series: null, values: figuresOf(parts, DEMAND, 'MWh') }];
  }
  const [key, field] = kind === 'load' ? ['load', 'load'] : ['loadForecast', 'load_forecast'];
  return [{ place: area, series: null, values: [{ field, value: cellOf(record[key]), unit: 'MWh' }] }];
}

/** Reads an answer. Throws SOURCE_MALFORMED for another document; a record without interval or numbers is damage. */
export function readExchange(payload: Payload, kind: ExchangeKind): Decoded {
  const body = readJson(payload);
  const data = isJsonObject(body) ? body['data'] : undefined;
  if (!isJsonArray(data)) throw malformedRecord(payload, 1, 'an object with "data"', body);
  const rows: SourceRow[] = [];
  for (const [i, record] of data.entries()) {
    const time = isJsonObject(record)
      ? [record['timeInterval'], record['interval']].find(isJsonObject)
      : undefined;
    const meanings = isJsonObject(record) ? meaningsOf(record, kind) : [];
    if (time === undefined || meanings.length === 0 || meanings.some(({ values }) => values.length === 0))
      return {
        rows,
        rejected: [],
        drift: [],
        damage: malformedRecord(payload, i + 1, 'a record with its interval and numbers', record),
        layout: { time: TIME },
      };
    const [start, end] = [time['start'], time['end']].map((at) => wordOf(at).replace(/\.\d+$/, ''));
    for (const { place, series, values } of meanings)
      rows.push(
        sourceRow(i + 1, place, `${start}/${end}`, values, {
          series,
          bounds: { start: start ?? '', end: end ?? '' },
        }),
      );
  }
  return { rows, rejected: [], drift: [], damage: null, layout: { time: TIME, coverage: null } };
}

/** True for a body that is an answer of the interface, told by its beginning. */
export function isExchange(payload: Payload): boolean {
  const start = new TextDecoder().decode(payload.bytes.subarray(0, 4_096));
  return /^\s*\{/.test(start) && /"data"\s*:\s*\[/.test(start) && /"(?:timeI|i)nterval"\s*:/.test(start);
}
