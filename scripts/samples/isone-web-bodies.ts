/** Makes answers of ISO New England's web services and charts, in JSON and XML, and the rows that they stand for. */

import { clockAt, decimal, drawn, type GoldenCase } from './golden-cases.ts';
import { HOUR_MS, MINUTE_MS, type Figure as Value } from './printed-line.ts';

export const FIVE = 5 * MINUTE_MS;
type About = Pick<GoldenCase, 'dataset' | 'name' | 'what' | 'sample'>;

/** `2026-03-08T01:00:00.000-05:00` */
export function easternStamp(ms: number): string {
  const { date, time, offset } = clockAt(ms, -5);
  const [month, day, year] = date.split('/');
  return `${year}-${month}-${day}T${time}.000-0${-offset}:00`;
}

/** Begins of `count` intervals of a length, from an instant. */
export function beginsFrom(from: string, count: number, length: number): number[] {
  return Array.from({ length: count }, (_, i) => Date.parse(from) + i * length);
}

export const SPRING = beginsFrom('2026-03-08T05:00:00Z', 23, HOUR_MS);
export const AUTUMN = beginsFrom('2025-11-02T04:00:00Z', 25, HOUR_MS);
export const NIGHT = beginsFrom('2025-11-02T05:30:00Z', 18, FIVE);

/** A number of a record: its key, its field, and how it is drawn. */
interface Figure {
  readonly key: string;
  readonly field: string;
  readonly decimals?: number;
  readonly most?: number;
}

/** How records look. */
interface Shape {
  readonly figures: readonly Figure[];
  readonly unit: string;
  /** Length of the interval, 0 for readings. */
  readonly length: number;
  readonly places?: readonly string[];
  /** Keys beside begin and figures. */
  more?(begin: number, place: string): Readonly<Record<string, unknown>>;
  readonly series?: readonly string[];
  readonly stampKey?: string;
  readonly published?: string;
  /** Key of the place, and how it is written. */
  place?(place: string): Readonly<Record<string, unknown>>;
}

/** The place as JSON of XML. */
const location = (name: string): Readonly<Record<string, unknown>> => ({
  Location: { '@LocId': name.startsWith('.H') ? '4000' : '4001', $: name },
});

const raw = (text: string): unknown => ({ raw: text });

/** JSON in which numbers have the digits that were drawn. */
export function jsonOf(body: unknown, indent = 0): string {
  const text = JSON.stringify(body, null, indent);
  return text.replace(/\{\s*"raw":\s*"([^"]*)"\s*\}/g, '$1');
}

export function recordsOf(
  shape: Shape,
  begins: readonly number[],
): { records: Record<string, unknown>[]; values: Value[] } {
  const records: Record<string, unknown>[] = [];
  const values: Value[] = [];
  for (const begin of begins)
    for (const place of shape.places ?? ['ISONE'])
      for (const series of shape.series ?? ['']) {
        const record: Record<string, unknown> = { [shape.stampKey ?? 'BeginDate']: easternStamp(begin) };
        if (shape.places !== undefined) Object.assign(record, (shape.place ?? location)(place));
        if (shape.published !== undefined) record['CreationDate'] = easternStamp(Date.parse(shape.published));
        if (series !== '') record['FuelCategory'] = series;
        for (const { key, field, decimals = 2, most = 300_000 } of shape.figures) {
          const value = decimal(drawn(-most / 20, most, begin, place, series, field), decimals);
          record[key] = raw(value);
          values.push({
            location: place,
            ...(series === '' ? {} : { series }),
            start: begin,
            end: begin + shape.length,
            field,
            value,
            unit: shape.unit,
            ...(shape.published === undefined ? {} : { published: shape.published }),
          });
        }
        records.push({ ...record, ...shape.more?.(begin, place) });
      }
  return { records, values };
}

export function webCase(
  about: About,
  path: readonly [string, string],
  shape: Shape,
  begins: readonly number[],
): GoldenCase {
  const { records, values } = recordsOf(shape, begins);
  // A list of one is the object itself.
  const list = records.length === 1 ? records[0] : records;
  const [container, key] = path;
  const body = container === '' ? { [key]: list } : { [container]: { [key]: list } };
  return { ...about, extension: 'json', payload: jsonOf(body), values };
}

export const LMP: Shape = {
  figures: [
    { key: 'LmpTotal', field: 'lmp', most: 20_000 },
    { key: 'EnergyComponent', field: 'energy', most: 20_000 },
    { key: 'CongestionComponent', field: 'congestion', decimals: 0, most: 40 },
    { key: 'LossComponent', field: 'loss', most: 300 },
  ],
  unit: 'USD/MWh',
  length: HOUR_MS,
  places: ['.H.INTERNAL_HUB'],
};
export const FLOW: Shape = {
  figures: [
    { key: 'ActInterchange', field: 'interchange', decimals: 3 },
    { key: 'Purchase', field: 'purchase', decimals: 0, most: 900 },
    { key: 'Sale', field: 'sale', decimals: 0, most: 900 },
  ],
  unit: 'MW',
  length: HOUR_MS,
  places: ['.I.SALBRYNB345 1', '.I.ROSETON 345 1'],
};
export const RESERVE: Shape = {
  figures: [
    { key: 'TmsrClearingPrice', field: 'mcp_tmsr', most: 9_000 },
    { key: 'TmnsrClearingPrice', field: 'mcp_tmnsr', most: 9_000 },
    { key: 'TmorClearingPrice', field: 'mcp_tmor', most: 9_000 },
  ],
  unit: 'USD/MW',
  length: FIVE,
  places: ['ROS'],
  place: (name) => ({ ReserveZoneId: 7000, ReserveZoneName: name }),
  more: () => ({ TenMinSpinRequirement: 500, Total30MinRequirement: 2200 }),
};
export const LOAD: Shape = {
  figures: [
    { key: 'LoadMw', field: 'load', decimals: 3, most: 20_000_000 },
    { key: 'NativeLoad', field: 'load_native', decimals: 3, most: 20_000_000 },
    { key: 'ArdDemand', field: 'load_asset_related', decimals: 3 },
  ],
  unit: 'MW',
  length: FIVE,
};
export const DEMAND: Shape = {
  figures: [{ key: 'Load', field: 'load', decimals: 1 }],
  unit: 'MW',
  length: HOUR_MS,
  places: ['.Z.MAINE', '.Z.NEWHAMPSHIRE'],
};
export const FORECAST: Shape = {
  figures: [
    { key: 'LoadMw', field: 'load_forecast', decimals: 0, most: 20_000 },
    { key: 'NetLoadMw', field: 'net_load_forecast', decimals: 0, most: 20_000 },
  ],
  unit: 'MW',
  length: HOUR_MS,
  published: '2026-03-07T15:02:11Z',
};

export function xmlCase(about: About, begins: readonly number[]): GoldenCase {
  const { records, values } = recordsOf(LMP, begins);
  const lines = records.map((record) => {
    const figures = LMP.figures.map(({ key }) => `<${key}>${(record[key] as { raw: string }).raw}</${key}>`);
    const place = '<Location LocId="4000" LocType="HUB">.H.INTERNAL_HUB</Location>';
    return `<HourlyLmp><BeginDate>${String(record['BeginDate'])}</BeginDate>${place}${figures.join('')}</HourlyLmp>`;
  });
  const payload = `<?xml version="1.0" encoding="UTF-8"?>\n<HourlyLmps xmlns="http://WEBSERV.iso-ne.com">\n${lines.join('\n')}\n</HourlyLmps>\n`;
  return { ...about, extension: 'xml', payload, values };
}

/** The chart of flows: arrays under the number of a place, beside words of the page. */
export function flowChart(): GoldenCase {
  const shape: Shape = {
    ...FLOW,
    length: FIVE,
    places: ['.I.HQ_P1_P2345 5'],
    figures: [
      { key: 'Sale', field: 'sale', decimals: 0, most: 900 },
      { key: 'TotalExports', field: 'total_exports', decimals: 0, most: 900 },
      { key: 'Import', field: 'import_limit', decimals: 0, most: 900 },
      { key: 'Actual', field: 'interchange', decimals: 3 },
      { key: 'Current', field: 'interchange_scheduled', decimals: 0, most: 900 },
    ],
  };
  const { records, values } = recordsOf(shape, NIGHT);
  return {
    dataset: 'interchange',
    name: 'chart',
    what: 'the chart of flows over the repeated hour',
    sample: 'isone_externalflow.json',
    extension: 'json',
    payload: jsonOf([{ data: { '4012': records }, namespace: '_nstmp_' }]),
    values,
  };
}

/** The chart of fuels has a key for each. */
export function fuelChart(): GoldenCase {
  const fuels = ['NaturalGas', 'Nuclear', 'LandfillGas', 'Other'];
  const values: Value[] = [];
  const data = NIGHT.slice(0, 6).map((begin) => {
    const record: Record<string, unknown> = {
      BeginDateMs: begin,
      Renewables: 900,
      BeginDate: easternStamp(begin),
    };
    for (const series of fuels) {
      const value = decimal(drawn(-300, 9_000, begin, series), 0);
      record[series] = raw(value);
      values.push({
        location: 'ISONE',
        series,
        start: begin,
        end: begin,
        field: 'generation',
        value,
        unit: 'MW',
      });
    }
    return record;
  });
  return {
    dataset: 'fuel_mix',
    name: 'chart',
    what: 'the chart of fuels, a key for each',
    extension: 'json',
    payload: jsonOf([{ data, namespace: '_nstmp_' }]),
    values,
  };
}

/** The chart of load: three lists of two lengths. */
export function loadChart(): GoldenCase {
  const line = (field: string, length: number, published?: string): Shape => ({
    figures: [{ key: 'Mw', field, decimals: 1 }],
    unit: 'MW',
    length,
    ...(published === undefined ? {} : { published }),
  });
  const actual = recordsOf(line('load', FIVE), NIGHT.slice(0, 8));
  const forecast = recordsOf(line('load_forecast', HOUR_MS, '2025-11-01T14:00:00Z'), AUTUMN.slice(0, 6));
  const cleared = recordsOf(line('load_cleared_day_ahead', HOUR_MS), AUTUMN.slice(0, 6));
  const data = { actual: actual.records, forecast: forecast.records, cleared: cleared.records };
  return {
    dataset: 'load_forecast_trend',
    name: 'chart',
    what: 'load by five minutes, forecast and cleared load by the hour, over the repeated hour',
    sample: 'isone_systemload.json',
    extension: 'json',
    payload: jsonOf([{ data, namespace: '_nstmp_' }]),
    values: [...actual.values, ...forecast.values, ...cleared.values],
  };
}

/** The services of reserves and zones that were added later have names in lower case. */
export function laterCase(
  about: About,
  path: readonly string[],
  shape: Shape,
  begins: readonly number[],
): GoldenCase {
  const { records, values } = recordsOf(shape, begins);
  const body = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), records);
  return { ...about, extension: 'json', payload: jsonOf(body), values };
}

export const zoned = (name: string): Readonly<Record<string, unknown>> => ({
  load_zone_id: 4001,
  load_zone_name: name,
});
