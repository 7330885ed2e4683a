/** SPP's prices of energy and reserves with numbers of our own making, in the layouts of its eras. */

import { clockAt, decimal, drawn, type GoldenCase } from './golden-cases.ts';
import { type Figure, HOUR_MS, MINUTE_MS } from './printed-line.ts';

const PLACES: readonly (readonly [name: string, node: string])[] = [
  ['AEC', 'SOUC'],
  ['SPPNORTH_HUB', 'SPPNORTH_H'],
  ['SPPSOUTH_HUB', 'SPPSOUTH_H'],
];

/** Stamps of SPP: the Central clock and GMT at the end of an interval. */
export function stampsAt(end: number): { central: string; gmt: string } {
  const clock = clockAt(end, -6);
  const iso = new Date(end).toISOString();
  const gmt = `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
  return { central: `${clock.date} ${clock.time}`, gmt };
}

/** Ends of `count` intervals of a length, from an instant. */
export function endsFrom(from: string, count: number, length: number): number[] {
  return Array.from({ length: count }, (_, i) => Date.parse(from) + (i + 1) * length);
}

interface Parts {
  readonly lmp: string;
  readonly mlc: string;
  readonly mcc: string;
  readonly mec: string;
}

/** Made-up prices of four decimals; their parts add up, and some are below zero. */
function pricesOf(end: number, place: string): Parts {
  const mec = drawn(-90_000, 700_000, end);
  const mlc = drawn(-30_000, 30_000, end, place, 'loss');
  const mcc = drawn(0, 4, end) === 0 ? drawn(-900_000, 900_000, end, place, 'congestion') : 0;
  const text = (digits: number): string => decimal(digits, 4);
  return { lmp: text(mec + mlc + mcc), mlc: text(mlc), mcc: text(mcc), mec: text(mec) };
}

function priceValues(end: number, length: number, location: string, parts: Parts): Figure[] {
  const cells = { lmp: parts.lmp, loss: parts.mlc, congestion: parts.mcc, energy: parts.mec };
  return Object.entries(cells).map(([field, value]) => ({
    location,
    start: end - length,
    end,
    field,
    value,
    unit: 'USD/MWh',
  }));
}

/** How a price file is laid out: its header, and the cells of a row beside the prices. */
interface Layout {
  readonly header: string;
  cells(central: string, gmt: string, place: string, node: string, prices: string): string;
  readonly bus?: boolean;
  readonly lineEnd?: string;
}

const PLAIN: Layout = {
  header: 'Interval,GMTIntervalEnd,Settlement Location,Pnode,LMP,MLC,MCC,MEC',
  cells: (central, gmt, place, node, prices) => `${central},${gmt},${place},${node},${prices}`,
};
const AREA_THIRD: Layout = {
  header: 'INTERVAL,GMTINTERVALEND,BAA,SETTLEMENT_LOCATION,PNODE,LMP,MLC,MCC,MEC',
  cells: (central, gmt, place, node, prices) =>
    `${unpadded(central)},${unpadded(gmt)},SPP,${place},${node},${prices}`,
  lineEnd: '\r\n',
};
const DAILY: Layout = {
  header: 'Interval,GMT Interval, Settlement Location Name , PNODE Name ,LMP,MLC,MCC,MEC,BAA',
  cells: (central, gmt, place, node, prices) => `${central},${gmt}, ${place} , ${node} ,${prices},SPP`,
};
const BUSES: Layout = {
  header: 'Interval,GMTIntervalEnd,Pnode,LMP,MLC,MCC,MEC',
  cells: (central, gmt, _, node, prices) => `${central},${gmt},${node},${prices}`,
  bus: true,
};

/** `6/4/2026 1:00` */
const unpadded = (stamp: string): string =>
  stamp.replace(/^0/, '').replace('/0', '/').replace(/:00$/, '').replace(' 0', ' ');

function priceCase(
  about: Pick<GoldenCase, 'dataset' | 'name' | 'what' | 'sample'>,
  layout: Layout,
  ends: readonly number[],
  length: number,
  places = PLACES,
): GoldenCase {
  const lines = [layout.header];
  const values: Figure[] = [];
  for (const end of ends)
    for (const [place, node] of places) {
      const parts = pricesOf(end, place);
      const { central, gmt } = stampsAt(end);
      const prices = [parts.lmp, parts.mlc, parts.mcc, parts.mec].join(',');
      lines.push(layout.cells(central, gmt, place, node, prices));
      values.push(...priceValues(end, length, layout.bus === true ? node : place, parts));
    }
  const lineEnd = layout.lineEnd ?? '\n';
  return { ...about, extension: 'csv', payload: lines.map((line) => line + lineEnd).join(''), values };
}

const FIVE = 5 * MINUTE_MS;

const PRICE_CASES: readonly GoldenCase[] = [
  priceCase(
    {
      dataset: 'da_lmp',
      name: 'spring-day',
      what: '23 hours; the label 02:00 is absent',
      sample: 'spp_DA-LMP-SL-202603080100.csv',
    },
    PLAIN,
    endsFrom('2026-03-08T06:00:00Z', 23, HOUR_MS),
    HOUR_MS,
    PLACES.slice(0, 2),
  ),
  priceCase(
    { dataset: 'da_lmp', name: 'autumn-day', what: '25 hours; 02:00 is printed at 07:00 and 08:00 GMT' },
    PLAIN,
    endsFrom('2025-11-02T05:00:00Z', 25, HOUR_MS),
    HOUR_MS,
  ),
  priceCase(
    {
      dataset: 'da_lmp',
      name: 'area-column',
      what: 'upper case, balancing area third, unpadded stamps, CRLF',
    },
    AREA_THIRD,
    endsFrom('2026-06-04T05:00:00Z', 24, HOUR_MS),
    HOUR_MS,
  ),
  priceCase(
    { dataset: 'da_lmp', name: 'buses', what: 'prices of buses, without settlement locations' },
    BUSES,
    endsFrom('2025-07-16T05:00:00Z', 24, HOUR_MS),
    HOUR_MS,
  ),
  priceCase(
    {
      dataset: 'rt_lmp',
      name: 'interval',
      what: 'one interval',
      sample: 'spp_RTBM-LMP-SL-202503310840.csv',
    },
    PLAIN,
    endsFrom('2025-03-31T13:35:00Z', 1, FIVE),
    FIVE,
  ),
  priceCase(
    { dataset: 'rt_lmp', name: 'full-hour', what: 'the one interval that ends at a full hour' },
    PLAIN,
    endsFrom('2025-03-31T05:55:00Z', 1, FIVE),
    FIVE,
  ),
  priceCase(
    {
      dataset: 'rt_lmp',
      name: 'daily-file',
      what: 'the file of a day in autumn, over both passes of the repeated hour; blanks around names',
    },
    DAILY,
    endsFrom('2025-11-02T05:30:00Z', 32, FIVE),
    FIVE,
    PLACES.slice(1, 2),
  ),
];

/** Columns of reserve prices → field. */
const DAY_AHEAD = { RegUP: 'mcp_regup', RegDN: 'mcp_regdn', Spin: 'mcp_spin', Supp: 'mcp_supp' } as const;
const LATER = { RampUP: 'mcp_rampup', RampDN: 'mcp_rampdn', UncUP: 'mcp_uncup' } as const;
const REAL_TIME = {
  RegUPService: 'mcp_regup',
  RegDNService: 'mcp_regdn',
  RegUpMile: 'mcp_regup_mileage',
  ' RegDNMile': 'mcp_regdn_mileage',
  Spin: 'mcp_spin',
  Supp: 'mcp_supp',
} as const;

function reserveCase(
  about: Pick<GoldenCase, 'dataset' | 'name' | 'what' | 'sample'>,
  products: Readonly<Record<string, string>>,
  ends: readonly number[],
  length: number,
  dress: (header: string) => string = (header) => header,
): GoldenCase {
  const lines = [dress(`Interval,GMTIntervalEnd,Reserve Zone,${Object.keys(products).join(',')}`)];
  const values: Figure[] = [];
  for (const end of ends)
    for (const zone of ['1', '2']) {
      const { central, gmt } = stampsAt(end);
      const prices = Object.values(products).map((field) => decimal(drawn(0, 300_000, end, zone, field), 4));
      lines.push([central, gmt, zone, ...prices].join(','));
      for (const [i, field] of Object.values(products).entries())
        values.push({
          location: zone,
          start: end - length,
          end,
          field,
          value: prices[i] ?? '',
          unit: 'USD/MW',
        });
    }
  return { ...about, extension: 'csv', payload: `${lines.join('\n')}\n`, values };
}

/** The price contour map: features with stamps in milliseconds since the epoch. */
function mapCase(): GoldenCase {
  const values: Figure[] = [];
  const features = endsFrom('2025-11-02T06:50:00Z', 3, 5 * MINUTE_MS).flatMap((end) =>
    PLACES.map(([place, node], i) => {
      const parts = pricesOf(end, place);
      values.push(...priceValues(end, 5 * MINUTE_MS, place, parts));
      const prices = `"LMP":${parts.lmp},"MLC":${parts.mlc},"MCC":${parts.mcc},"MEC":${parts.mec}`;
      return `{"attributes":{"OBJECTID":${i + 1},"SETTLEMENT_LOCATION":"${place}","PNODE":"${node}","INTERVAL":${end - 6 * HOUR_MS},"GMTINTERVALEND":${end},${prices}}}`;
    }),
  );
  const payload = `{"displayFieldName":"SETTLEMENT_LOCATION","fields":[{"name":"GMTINTERVALEND","type":"esriFieldTypeDate"}],"features":[${features.join(',')}]}`;
  return {
    dataset: 'rt_lmp',
    name: 'map',
    what: 'the answer of the price map, over the repeated hour',
    extension: 'json',
    payload,
    values,
  };
}

/** All cases of this file. */
export const SPP_PRICE_CASES: readonly GoldenCase[] = [
  mapCase(),
  ...PRICE_CASES,
  reserveCase(
    {
      dataset: 'da_as_prices',
      name: 'autumn-day',
      what: '25 hours, with ramp and uncertainty',
      sample: 'spp_DA-MCP-202511020100.csv',
    },
    { ...DAY_AHEAD, ...LATER },
    endsFrom('2025-11-02T05:00:00Z', 25, HOUR_MS),
    HOUR_MS,
  ),
  reserveCase(
    { dataset: 'da_as_prices', name: 'first-products', what: 'a spring day of before ramp came' },
    DAY_AHEAD,
    endsFrom('2025-03-09T06:00:00Z', 23, HOUR_MS),
    HOUR_MS,
  ),
  reserveCase(
    {
      dataset: 'rt_as_prices',
      name: 'autumn-hours',
      what: 'five minutes over the repeated hour; a blank in a name',
      sample: 'spp_RTBM-MCP-DAILY-20251102.csv',
    },
    { ...REAL_TIME, ...LATER },
    endsFrom('2025-11-02T06:30:00Z', 18, FIVE),
    FIVE,
  ),
  reserveCase(
    { dataset: 'rt_as_prices', name: 'upper-case', what: 'names in upper case, ramp without uncertainty' },
    { ...REAL_TIME, RampUP: 'mcp_rampup', RampDN: 'mcp_rampdn' },
    endsFrom('2025-07-16T05:00:00Z', 6, FIVE),
    FIVE,
    (header) => header.toUpperCase(),
  ),
];
