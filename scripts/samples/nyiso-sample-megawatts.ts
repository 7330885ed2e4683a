/** Bodies of NYISO's loads, forecasts, fuels and flows with numbers of our own making, and the rows that they decode to. */

import { endings, expectedLine, hours, type Made, type Stamp } from './nyiso-sample-bodies.ts';
import { utc } from './printed-line.ts';

const AUTUMN = '2025-11-02T04:00:00Z';
const SPRING = '2025-03-09T05:00:00Z';
const PLACES = ['Capitl', 'Centrl', 'Dunwod', 'Genese', 'Hud Vl', 'Longil'];
const MORE_PLACES = ['Mhk Vl', 'Millwd', 'N.Y.C.', 'North', 'West', 'NYISO'];

const body = (lines: readonly string[], expected: readonly string[], lineEnd: '\n' | '\r\n'): Made => ({
  payload: lines.join(lineEnd) + lineEnd,
  expected: `${expected.join('\n')}\n`,
});

/** Stamps of readings: the clock at the end of each five minutes stands for that instant alone. */
export function readings(from: string, count: number, more: readonly string[] = []): Stamp[] {
  return endings(from, count, more).map((stamp) => ({ ...stamp, start: stamp.end }));
}

/** `pal` and `palIntegrated`: a zone to a line, with the zone of the clock. */
export function loadFile(dataset: string, stamps: readonly Stamp[], column: string): Made {
  const lines = [`"Time Stamp","Time Zone","Name","PTID","${column}"`];
  const expected: string[] = [];
  for (const [k, stamp] of stamps.entries())
    for (const [place, name] of ['CAPITL', 'HUD VL', 'N.Y.C.'].entries()) {
      const value = `${1100 + place * 900 + ((k * 37) % 211)}.${(k + place) % 10}`;
      lines.push(`"${stamp.text}","${stamp.zone}","${name}",${61757 + place},${value}`);
      expected.push(expectedLine(dataset, name, stamp, ['load', value, 'MW']));
    }
  return body(lines, expected, '\r\n');
}

/** `isolf`: a column to a zone; on the autumn day both hours of 01:00 hold the same numbers. */
export function forecastFile(stamps: readonly Stamp[]): Made {
  const places = [...PLACES, ...MORE_PLACES];
  const lines = [['Time Stamp', ...places].map((name) => `"${name}"`).join(',')];
  const expected: string[] = [];
  for (const stamp of stamps) {
    const clock = Number(stamp.text.slice(11, 13));
    const values = places.map((_, place) => String(400 + place * 310 + clock * 17));
    lines.push([`"${stamp.text}"`, ...values].join(','));
    for (const [place, name] of places.entries())
      expected.push(expectedLine('load_forecast', name, stamp, ['load_forecast', values[place] ?? '', 'MW']));
  }
  return body(lines, expected, '\n');
}

/** `rtfuelmix`: a fuel to a line; before 2017 the column was `Gen MWh` and stamps had no seconds. */
export function fuelFile(stamps: readonly Stamp[], old: boolean): Made {
  const lines = [`Time Stamp,Time Zone,Fuel Category,${old ? 'Gen MWh' : 'Gen MW'}`];
  const expected: string[] = [];
  for (const [k, stamp] of stamps.entries())
    for (const [n, fuel] of ['Dual Fuel', 'Hydro', 'Wind'].entries()) {
      const value = `${700 + n * 400 + ((k * 53) % 97)}.0`;
      lines.push([old ? stamp.text.slice(0, -3) : stamp.text, stamp.zone, fuel, value].join(','));
      expected.push(
        JSON.stringify({
          market: 'NYISO',
          dataset: 'fuel_mix',
          location: 'NYISO',
          series: fuel,
          interval_start: utc(stamp.start),
          interval_end: utc(stamp.end),
          field: 'generation',
          value,
          unit: 'MW',
        }),
      );
    }
  return body(lines, expected, '\r\n');
}

/** `ExternalLimitsFlows`: an interface to a line, without the zone of the clock; ±9999 is no limit. */
export function flowFile(stamps: readonly Stamp[]): Made {
  const lines = ['Timestamp,Interface Name,Point ID,Flow (MWH),Positive Limit (MWH),Negative Limit (MWH)'];
  const expected: string[] = [];
  for (const [k, stamp] of stamps.entries())
    for (const [n, name] of ['CENTRAL EAST - VC', 'SCH - HQ - NY'].entries()) {
      const value = `${n === 0 ? '' : '-'}${900 + ((k * 41) % 173)}.25`;
      lines.push([stamp.text.slice(0, -3), name, 23_310 + n, value, '9999', '-9999'].join(','));
      expected.push(expectedLine('interchange', name, stamp, ['interchange', value, 'MW']));
    }
  return body(lines, expected, '\n');
}

/** Golden cases: `dataset/case` → what it shows, and the bodies. */
export const MEGAWATT_CASES: Readonly<Record<string, readonly [what: string, made: Made]>> = {
  'load/autumn-night': [
    'the repeated hour by its zone, a reading off the grid',
    loadFile('load', readings(AUTUMN, 36, ['2025-11-02T05:07:34Z']), 'Load'),
  ],
  'load_hourly/autumn-day': ['25 hours', loadFile('load_hourly', hours(AUTUMN, 25), 'Integrated Load')],
  'load_hourly/spring-day': ['23 hours', loadFile('load_hourly', hours(SPRING, 23), 'Integrated Load')],
  'load_forecast/autumn-days': [
    'two days, both hours of 01:00 with the same numbers',
    forecastFile(hours(AUTUMN, 49)),
  ],
  'load_forecast/spring-days': ['two days, 02:00 absent', forecastFile(hours(SPRING, 47))],
  'fuel_mix/readings': [
    'readings off the grid too',
    fuelFile(readings(SPRING, 6, ['2025-03-09T05:09:40Z']), false),
  ],
  'fuel_mix/old-header': ['Gen MWh, stamps without seconds', fuelFile(readings(SPRING, 4), true)],
  'interchange/autumn-night': ['the repeated hour by order, limits of 9999', flowFile(readings(AUTUMN, 36))],
};

/** Samples by file name. */
export const MEGAWATT_SAMPLES: Readonly<Record<string, Made>> = {
  'nyiso_20251102pal.csv': loadFile('load', readings(AUTUMN, 30), 'Load'),
  'nyiso_20251102palIntegrated.csv': loadFile('load_hourly', hours(AUTUMN, 25), 'Integrated Load'),
  'nyiso_20251102isolf.csv': forecastFile(hours(AUTUMN, 25)),
  'nyiso_20250309rtfuelmix.csv': fuelFile(readings(SPRING, 12), false),
  'nyiso_20250309ExternalLimitsFlows.csv': flowFile(readings(SPRING, 12)),
};
