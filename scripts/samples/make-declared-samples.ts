/**
 * Makes the samples and golden cases of the connectors without code: the sources' own layouts with numbers of our
 * making, the same on every run. `scripts/node scripts/samples/make-declared-samples.ts` writes them. The expected rows come
 * from the maker, which counts intervals in UTC, and not from the decoder under test.
 */

import { caseFolder, writeFiles } from './case-folder.ts';
import { type Figure, HOUR_MS, MINUTE_MS, printedLine, utc } from './printed-line.ts';

const DAY = 24 * HOUR_MS;

/** A body, and the lines that `carbon decode` must print for it. */
export interface Made {
  readonly payload: string;
  readonly expected: readonly string[];
}

/** A golden case: where it lies, and what it shows. */
export interface GoldenCase extends Made {
  readonly connector: string;
  readonly dataset: string;
  readonly name: string;
  readonly file: string;
  readonly what: string;
}

const line = ({ market, dataset, ...figure }: Figure & { market: string; dataset: string }): string =>
  printedLine(market, dataset, figure);

/** A made-up number with two digits, the same for the same place and step. */
const number = (place: number, step: number, base: number): string =>
  (base + ((place * 7919 + step * 104_729) % 2003) / 100).toFixed(2);

/** Days of plants; a figure may be a number, a text, or the source's own word for none. */
export function nuclearOutage(start: number, days: number): Made {
  const plants = [
    { facility: '46', name: 'Browns Ferry', capacity: 3775 },
    { facility: '6152', name: 'Diablo Canyon', capacity: 2240 },
  ];
  const data: Record<string, unknown>[] = [];
  const expected: string[] = [];
  for (let day = 0; day < days; day++)
    for (const [place, { facility, name, capacity }] of plants.entries()) {
      const at = start + day * DAY;
      const outage = day === 2 && place === 1 ? null : String((day * 37 + place * 911) % 500);
      const printed = outage === null ? (days > 3 ? null : 'NA') : day % 2 === 0 ? outage : Number(outage);
      data.push({
        period: new Date(at).toISOString().slice(0, 10),
        facility,
        facilityName: name,
        capacity: String(capacity),
        outage: printed,
        'capacity-units': 'megawatts',
        'outage-units': 'megawatts',
      });
      const of = { market: 'EIA', dataset: 'nuclear_outage', location: facility, start: at, end: at + DAY };
      expected.push(line({ ...of, field: 'capacity', value: String(capacity), unit: 'MW' }));
      expected.push(line({ ...of, field: 'outage', value: outage, unit: 'MW' }));
    }
  const response = { total: String(data.length), dateFormat: 'YYYY-MM-DD', frequency: 'daily', data };
  return { payload: JSON.stringify({ response, apiVersion: '2.1.8' }), expected };
}

/** Business days of crude oil; one price is below zero. */
export function crudeSpot(start: number, days: number, series: 'RWTC' | 'RBRTE'): Made {
  const product = series === 'RWTC' ? 'WTI Crude Oil' : 'UK Brent Crude Oil';
  const data: Record<string, unknown>[] = [];
  const expected: string[] = [];
  for (let day = 0; day < days; day++) {
    const at = start + day * DAY;
    if ([0, 6].includes(new Date(at).getUTCDay())) continue;
    const value = day === 1 ? '-3.21' : number(series.length, day, 60);
    data.push({
      period: new Date(at).toISOString().slice(0, 10),
      duoarea: 'YCUOK',
      'area-name': 'NA',
      product: series === 'RWTC' ? 'EPCWTI' : 'EPCBRENT',
      'product-name': product,
      process: 'PF4',
      'process-name': 'Spot Price FOB',
      series,
      'series-description': `${product} Spot Price (Dollars per Barrel)`,
      value,
      units: '$/BBL',
    });
    const said = { field: 'price', value, unit: 'USD/bbl' };
    expected.push(
      line({ market: 'EIA', dataset: 'crude_spot', location: series, start: at, end: at + DAY, ...said }),
    );
  }
  const response = { total: data.length, dateFormat: 'YYYY-MM-DD', frequency: 'daily', data };
  return { payload: JSON.stringify({ response, apiVersion: '2.1.8' }, null, 1), expected };
}

/** Settlement periods from the midnight of London on. */
export function systemPrice(date: string, midnight: number, periods: number): Made {
  const expected: string[] = [];
  const data = Array.from({ length: periods }, (_, i) => {
    const at = midnight + i * 30 * MINUTE_MS;
    const [sell, volume] = [number(1, i, i % 9 === 4 ? -40 : 55), number(2, i, -10)];
    const said: [string, string, string][] = [
      ['system_sell_price', sell, 'GBP/MWh'],
      ['system_buy_price', sell, 'GBP/MWh'],
      ['imbalance_volume', volume, 'MWh'],
    ];
    for (const [field, value, unit] of said)
      expected.push(
        line({
          market: 'ELEXON',
          dataset: 'system_price',
          location: 'GB',
          start: at,
          end: at + 30 * MINUTE_MS,
          field,
          value,
          unit,
          published: at + 50 * MINUTE_MS,
        }),
      );
    return `{"settlementDate":"${date}","settlementPeriod":${i + 1},"startTime":"${utc(at)}","createdDateTime":"${utc(at + 50 * MINUTE_MS)}","systemSellPrice":${sell},"systemBuyPrice":${sell},"bsadDefaulted":false,"priceDerivationCode":"P","reserveScarcityPrice":0,"netImbalanceVolume":${volume}}`;
  });
  return { payload: `{"metadata":{"datasets":["DISEBSP"]},"data":[${data.join(',')}]}`, expected };
}

/** Five-minute intervals of a region; stamps are their ends, ten hours before UTC all year. */
export function priceDemand(region: string, start: number, intervals: number, forecasts: number): Made {
  const lines = ['REGION,SETTLEMENTDATE,TOTALDEMAND,RRP,PERIODTYPE'];
  const expected: string[] = [];
  for (let i = 0; i < intervals + forecasts; i++) {
    const at = start + i * 5 * MINUTE_MS;
    const end = new Date(at + 5 * MINUTE_MS + 10 * HOUR_MS).toISOString().slice(0, 19);
    const stamp = end.replaceAll('-', '/').replace('T', ' ');
    const [demand, price] = [number(3, i, 6000), number(4, i, i % 7 === 2 ? -30 : 80)];
    const kind = i < intervals ? 'TRADE' : 'FORECAST';
    lines.push([region, stamp, demand, price, kind].join(','));
    if (kind === 'FORECAST') continue;
    const range = { start: at, end: at + 5 * MINUTE_MS };
    const common = { market: 'AEMO', dataset: 'price_demand', location: region, ...range };
    expected.push(line({ ...common, field: 'price', value: price, unit: 'AUD/MWh' }));
    expected.push(line({ ...common, field: 'load', value: demand, unit: 'MW' }));
  }
  return { payload: `${lines.join('\r\n')}\r\n`, expected };
}

const at = (text: string): number => Date.parse(text);

/** All golden cases. */
export function declaredCases(): GoldenCase[] {
  const of = (connector: string, dataset: string, name: string, file: string, what: string, made: Made) => ({
    connector,
    dataset,
    name,
    file,
    what,
    ...made,
  });
  const json = 'payload.json';
  return [
    of(
      'eia-nuclear',
      'nuclear_outage',
      'days',
      json,
      'numbers as texts and as numbers, NA',
      nuclearOutage(at('2025-03-08T00:00Z'), 3),
    ),
    of(
      'eia-nuclear',
      'nuclear_outage',
      'two-weeks',
      json,
      'days over a change of the clocks are whole days in UTC',
      nuclearOutage(at('2025-03-03T00:00Z'), 12),
    ),
    of(
      'eia-spot',
      'crude_spot',
      'two-weeks',
      json,
      'business days, a price below zero, printed over lines',
      crudeSpot(at('2025-03-03T00:00Z'), 12, 'RWTC'),
    ),
    of(
      'elexon',
      'system_price',
      'periods',
      json,
      'the first periods of a day',
      systemPrice('2025-07-16', at('2025-07-15T23:00Z'), 6),
    ),
    of(
      'elexon',
      'system_price',
      'spring-day',
      json,
      '46 periods',
      systemPrice('2025-03-30', at('2025-03-30T00:00Z'), 46),
    ),
    of(
      'elexon',
      'system_price',
      'autumn-day',
      json,
      '50 periods',
      systemPrice('2025-10-26', at('2025-10-25T23:00Z'), 50),
    ),
    of(
      'aemo',
      'price_demand',
      'hour-and-forecast',
      'payload.csv',
      'ends of intervals, forecasts left out',
      priceDemand('SA1', at('2025-03-08T14:00Z'), 12, 3),
    ),
  ];
}

/** Samples by file name. */
export function declaredSamples(): Record<string, string> {
  return {
    'eia_nuclear_outage.json': nuclearOutage(at('2025-11-01T00:00Z'), 6).payload,
    'eia_crude_spot.json': crudeSpot(at('2025-11-03T00:00Z'), 5, 'RBRTE').payload,
    'elexon_system_price.json': systemPrice('2025-10-26', at('2025-10-25T23:00Z'), 50).payload,
    'aemo_price_demand.csv': priceDemand('NSW1', at('2025-10-31T14:00Z'), 24, 0).payload,
  };
}

/** Files by path from the root. */
export function samples(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, text] of Object.entries(declaredSamples())) files.set(`samples/${name}`, text);
  for (const { connector, dataset, name, file, what, payload, expected } of declaredCases()) {
    const lines = expected.map((line) => `${line}\n`).join('');
    const parts = { what, script: 'make-declared-samples.ts', file, payload, expected: lines };
    for (const [path, content] of caseFolder(connector, `${dataset}/${name}`, parts))
      files.set(path, content);
  }
  return files;
}

if (import.meta.main) writeFiles(samples());
