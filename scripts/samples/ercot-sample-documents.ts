/** Dashboards and pages of ERCOT for samples: the operator's documents, numbers of our own. */

import { utc } from './printed-line.ts';
import { CENTRAL, invented, isoDate, type SampleDay, slotsOf } from './sample-days.ts';
import type { Expected } from './sample-table.ts';

/** A document with what it says. */
export interface SampleDocument {
  readonly payload: string;
  readonly says: readonly Expected[];
}

const MW = 'MW';
const OFFSET_CHANGES = Date.parse('2025-11-02T07:00:00Z');

/** A stamp with its offset, as the dashboards print it in these days: standard time from November to March. */
function stamp(at: number): string {
  const daylight = at > Date.parse('2025-03-09T08:00:00Z') && at < OFFSET_CHANGES;
  const shifted = new Date(at - (daylight ? 5 : 6) * 3_600_000).toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 19)}${daylight ? '-0500' : '-0600'}`;
}

const UPDATED = Date.parse('2025-11-02T18:15:02Z');
const published = utc(UPDATED);

/** A dashboard of hours: the keys of an entry with the fields that they are; undefined values are left out. */
export function hourDashboard(
  day: SampleDay,
  keys: readonly (readonly [key: string, field: string])[],
  past: number,
): SampleDocument {
  const says: Expected[] = [];
  const entries = slotsOf(day, 60).map((slot, i) => {
    const printed: Record<string, unknown> = { hourEnding: slot.hour, dstFlag: slot.repeated ? 'Y' : 'N' };
    for (const [k, [key, field]] of keys.entries()) {
      if (k === 0 && i >= past) continue;
      const value = String(Number(invented(31, i, k)) || 1);
      printed[key] = Number(value);
      says.push({
        location: 'ERCOT',
        start: utc(slot.start),
        end: utc(slot.end),
        field,
        value,
        unit: MW,
        published,
      });
    }
    return { ...printed, timestamp: stamp(slot.end), epoch: slot.end };
  });
  const body = {
    lastUpdated: stamp(UPDATED),
    currentDay: { dayDate: `${isoDate(day.date)} 00:00:00-0500`, data: entries },
  };
  return { payload: JSON.stringify(body, null, 1), says };
}

/** Batteries at instants. */
export function storageDashboard(): SampleDocument {
  const says: Expected[] = [];
  const data = slotsOf(CENTRAL.autumn, 15, 1, 2).map((slot, i) => {
    const values = [
      `-${invented(37, i).replace('-', '')}`,
      invented(41, i).replace('-', ''),
      invented(43, i),
    ];
    const figures = values.map((value) => String(Number(value)));
    for (const [k, field] of ['storage_charging', 'storage_discharging', 'storage_net'].entries())
      says.push({
        location: 'ERCOT',
        start: utc(slot.start),
        end: utc(slot.start),
        field,
        value: figures[k] ?? '',
        unit: MW,
        published,
      });
    return {
      tagCLastTime: stamp(slot.start).slice(0, 19),
      dstFlag: slot.repeated ? 'Y' : 'N',
      totalCharging: Number(figures[0]),
      totalDischarging: Number(figures[1]),
      netOutput: Number(figures[2]),
      timestamp: stamp(slot.start),
      epoch: slot.start,
    };
  });
  const body = { lastUpdated: stamp(UPDATED), currentDay: { dayDate: '2025-11-02 03:00:00-0500', data } };
  return { payload: JSON.stringify(body, null, 2), says };
}

const FUELS = [
  'Coal and Lignite',
  'Natural Gas',
  'Nuclear',
  'Solar',
  'Wind',
  'Power Storage',
  'Hydro',
  'Other',
];

/** Generation by fuel under stamps that are some seconds off. */
export function fuelDashboard(): SampleDocument {
  const says: Expected[] = [];
  const stamps: Record<string, Record<string, { gen: number }>> = {};
  for (const [i, slot] of slotsOf(CENTRAL.autumn, 15, 1, 2).entries()) {
    const at = slot.start - 4_000;
    const mix: Record<string, { gen: number }> = {};
    for (const [k, fuel] of FUELS.entries()) {
      const value = String(Number(invented(47, i, k)));
      mix[fuel] = { gen: Number(value) };
      says.push({
        location: 'ERCOT',
        series: fuel,
        start: utc(at),
        end: utc(at),
        field: 'generation',
        value,
        unit: MW,
        published,
      });
    }
    stamps[stamp(at)] = mix;
  }
  const body = {
    lastUpdated: stamp(UPDATED),
    monthlyCapacity: { 'Coal and Lignite': 13_705, Wind: 40_000 },
    types: FUELS,
    data: { '2025-11-02': stamps },
  };
  return { payload: JSON.stringify(body), says };
}

/** Load of today with its forecast. */
export function todayDashboard(): SampleDocument {
  const says: Expected[] = [];
  const data = slotsOf(CENTRAL.autumn, 15, 1, 3).map((slot, i) => {
    const ahead = i >= 8;
    const [demand = '', capacity = ''] = [invented(53, i), invented(59, i)].map((value) =>
      String(Math.abs(Number(value)) + 1),
    );
    const instant = { location: 'ERCOT', start: utc(slot.start), end: utc(slot.start), unit: MW, published };
    says.push(
      { ...instant, field: ahead ? 'load_forecast' : 'load', value: demand },
      { ...instant, field: ahead ? 'capacity_forecast' : 'capacity', value: capacity },
    );
    return {
      timestamp: stamp(slot.start),
      hourEnding: slot.hour,
      demand: Number(demand),
      forecast: ahead ? 1 : 0,
      capacity: Number(capacity),
      epoch: slot.start,
    };
  });
  return { payload: JSON.stringify({ lastUpdated: stamp(UPDATED), data, forecast: [] }), says };
}

/** The page of conditions at one instant, with the loose rows of the real one. */
export function conditionsPage(): SampleDocument {
  const rows: readonly (readonly [
    label: string,
    value: string,
    field: string,
    unit: string,
    place: string,
  ])[] = [
    ['Current Frequency', '60.012', 'frequency', 'Hz', 'ERCOT'],
    ['Instantaneous Time Error', '-3.250', 'time_error', 's', 'ERCOT'],
    ['Actual System Demand', '51,204', 'load', MW, 'ERCOT'],
    ['Total System Capacity (not including Ancillary Services)', '58321', 'capacity', MW, 'ERCOT'],
    ['Total Wind Output', '9120', 'wind_generation', MW, 'ERCOT'],
    ['DC_E (East)', '-31', 'interchange', MW, 'DC_E (East)'],
    ['DC_S (Eagle Pass)', '2', 'interchange', MW, 'DC_S (Eagle Pass)'],
  ];
  const start = '2025-07-16T19:38:40Z';
  const says = rows.map(([, value, field, unit, location]) => ({
    location,
    start,
    end: start,
    field,
    value: value.replace(',', ''),
    unit,
  }));
  const table = rows.map(
    ([label, value]) =>
      `  </tr>\n    <td class="tdLeft">${label}</td>\n    <td class="labelClassCenter">${value}</td>\n`,
  );
  const payload = `<html>\n<head><title>Real-Time System Conditions</title>\n<script>var a = '<td>';</script>\n</head>\n<body>
<div class="schedTime rightAlign">Last Updated: Jul 16, 2025 14:38:40</div>
<table class="tableStyle">\n  <tr><td class="headerValueClass" colSpan="2">Real-Time Data</td></tr>
${table.join('')}</table>\n</body>\n</html>\n`;
  return { payload, says };
}
