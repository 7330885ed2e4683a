/** Bodies of MISO's loads, fuels, interchange and day-ahead summary with figures of our own making. EST all year. */

import { type WrittenCell, xlsOf } from '../../simulators/xls-writer.ts';
import { type Body, hourOf } from './golden-case.ts';
import { type Figure, HOUR_MS, MINUTE_MS } from './printed-line.ts';

const OFFSET = 5;
const ZONES = ['LRZ1', 'LRZ2_7', 'MISO'];

/** `df_al.xls`: the header again between days; columns that hold nothing where `blanks` says so (since 2026). */
export function loadWorkbook(dates: readonly string[], blanks: boolean): Body {
  const columns = ZONES.flatMap((zone) => [`${zone} MTLF (MWh)`, `${zone} ActualLoad (MWh)`]);
  const spread = (cells: readonly WrittenCell[]): WrittenCell[] =>
    blanks ? cells.flatMap((cell, i) => (i === 1 ? [cell, null] : [cell])) : [...cells];
  const rows: WrittenCell[][] = [
    ['FORECASTED AND '],
    ['ACTUAL LOAD REPORT'],
    ['Published Date:', { date: dates[0] ?? '' }],
    ...(blanks ? [[], []] : []),
  ];
  const figures: Figure[] = [];
  for (const [d, date] of dates.entries()) {
    rows.push(spread(['Market Day', 'HourEnding', ...columns]), [`Day ${d + 1}`]);
    for (const hour of [1, 2, 3, 24]) {
      const cells: WrittenCell[] = [{ date }, hour];
      for (const [z, zone] of ZONES.entries()) {
        const forecast = 9_700 + z * 5_300 + hour;
        // A double that a sum left behind: it shows 15 digits.
        const actual = d === 0 ? 10_088.02 + z * 4_100 + hour / 100 : null;
        cells.push(forecast, actual);
        const where = { location: zone, ...hourOf(date, hour, OFFSET), unit: 'MWh' };
        figures.push({ ...where, field: 'load_forecast', value: String(forecast) });
        figures.push({
          ...where,
          field: 'load',
          value: actual === null ? null : String(Number(actual.toFixed(2))),
        });
      }
      rows.push(spread(cells));
    }
  }
  rows.push(['MISO MAKES NO REPRESENTATIONS']);
  return { payload: xlsOf('Sheet1', rows, 120), figures };
}

/** The yearly history: a zone to a line, the day as text. */
export function loadHistory(): Body {
  const rows: WrittenCell[][] = [
    ['Historical load'],
    ['MarketDay', 'HourEnding', 'LoadResource Zone', 'ActualLoad (MWh)'],
  ];
  const figures: Figure[] = [];
  for (const [i, zone] of ['LRZ1', 'LRZ4'].entries())
    for (const hour of [1, 24]) {
      const value = 8_000.25 + i * 100 + hour;
      rows.push(['2013-03-10 00:00:00', hour, zone, value]);
      const at = hourOf('2013-03-10', hour, OFFSET);
      figures.push({ location: zone, ...at, field: 'load', value: String(value), unit: 'MWh' });
    }
  return { payload: xlsOf('Sheet1', rows), figures };
}

/** `da_ex.xls`: a line to an hour, in GWh. */
export function daySummary(date: string): Body {
  const columns = [
    ['Demand Cleared (GWh) - Physical - Fixed', 'demand_cleared_physical_fixed'],
    ['Demand Cleared (GWh) - Physical - Price Sen.', 'demand_cleared_physical_price_sensitive'],
    ['Supply Cleared (GWh) - Physical', 'supply_cleared_physical'],
    ['Net Scheduled Imports (GWh)', 'net_scheduled_imports'],
  ] as const;
  const rows: WrittenCell[][] = [
    ['Day-Ahead Market Summary'],
    ['Market Date:', { date }],
    [null, ...columns.map(([name]) => name), 'Something else'],
  ];
  const figures: Figure[] = [];
  for (const hour of [1, 2, 24]) {
    const values = columns.map((_, k) => 60.5 + hour - k * 11.25);
    rows.push([`Hour ${String(hour).padStart(2, '0')}`, ...values, 1]);
    for (const [k, [, field]] of columns.entries())
      figures.push({
        location: 'MISO',
        ...hourOf(date, hour, OFFSET),
        field,
        value: String(values[k]),
        unit: 'GWh',
      });
  }
  return { payload: xlsOf('Sheet1', rows), figures };
}

const clock12 = (date: string, minutes: number): string => {
  const hour = Math.floor(minutes / 60);
  return `${date} ${hour % 12 || 12}:${String(minutes % 60).padStart(2, '0')}:00 ${hour < 12 ? 'AM' : 'PM'}`;
};
const minutesOf = (date: string, minutes: number): number =>
  Date.parse(`${date}T00:00:00Z`) + OFFSET * HOUR_MS + minutes * MINUTE_MS;

/** `FuelMix`, as JSON or as the CSV of the old host. */
export function fuelMix(date: string, csv: boolean): Body {
  const figures: Figure[] = [];
  const types: { INTERVALEST: string; CATEGORY: string; ACT: string }[] = [];
  for (const minutes of [0, 5, 750])
    for (const [f, fuel] of ['Coal', 'Wind', 'Imports'].entries()) {
      const value = String(20_000 - f * 8_000 + minutes);
      types.push({ INTERVALEST: clock12(date, minutes), CATEGORY: fuel, ACT: value });
      const start = minutesOf(date, minutes);
      figures.push({
        location: 'MISO',
        series: fuel,
        start,
        end: start + 5 * MINUTE_MS,
        field: 'generation',
        value,
        unit: 'MW',
      });
    }
  const reference = '08-Mar-2026 - Interval 12:30 EST';
  if (!csv)
    return { payload: JSON.stringify({ RefId: reference, TotalMW: '1', Fuel: { Type: types } }), figures };
  const lines = [`RefId,${reference}`, 'TotalMW,1', 'INTERVALEST,CATEGORY,ACT'];
  for (const type of types) lines.push(Object.values(type).join(','));
  return { payload: `${lines.join('\r\n')}\r\n`, figures };
}

/** `RealTimeTotalLoad`: three lists, the day only in RefId. */
export function totalLoad(): Body {
  const date = '2025-11-02';
  const published = minutesOf(date, 12 * 60 + 45);
  const where = { location: 'MISO', unit: 'MW', published };
  const five = [0, 5, 765].map((minutes, i) => ({ minutes, value: String(61_000 + i) }));
  const hours = [1, 24];
  const payload = JSON.stringify({
    LoadInfo: {
      RefId: '02-Nov-2025 - Interval 12:45 EST',
      ClearedMW: hours.map((hour) => ({
        ClearedMWHourly: { Hour: String(hour), Value: String(60_800 + hour) },
      })),
      MediumTermLoadForecast: hours.map((hour) => ({
        Forecast: { HourEnding: String(hour), LoadForecast: String(60_400 + hour) },
      })),
      FiveMinTotalLoad: five.map(({ minutes, value }) => ({
        Load: {
          Time: `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`,
          Value: value,
        },
      })),
    },
  });
  const figures: Figure[] = five.map(({ minutes, value }) => {
    const start = minutesOf(date, minutes);
    return { ...where, start, end: start + 5 * MINUTE_MS, field: 'load', value };
  });
  for (const [field, from] of [
    ['load_forecast', 60_400],
    ['load_cleared_day_ahead', 60_800],
  ] as const)
    for (const hour of hours)
      figures.push({ ...where, ...hourOf(date, hour, OFFSET), field, value: String(from + hour) });
  return { payload, figures };
}

/** `Interchange/GetNsi/FiveMinute`: stamps end their five minutes, EST. */
export function scheduled(): Body {
  const figures: Figure[] = [];
  const instance = [5, 10].map((minutes) => {
    const end = minutesOf('2026-03-08', minutes);
    const values = { MISO: String(-1_200 - minutes), PJM: String(-900 - minutes), TVA: '15' };
    for (const [name, value] of Object.entries(values))
      figures.push({
        location: 'MISO',
        series: name === 'MISO' ? null : name,
        start: end - 5 * MINUTE_MS,
        end,
        field: 'interchange_scheduled',
        value,
        unit: 'MW',
      });
    return { timestamp: `2026-03-08T00:${String(minutes).padStart(2, '0')}:00`, ...values };
  });
  return { payload: JSON.stringify({ instance }), figures };
}

/** `Interchange/GetNai/Imports`: stamps end their five minutes, UTC, newest first. */
export function flows(): Body {
  const figures: Figure[] = [];
  const records = [20, 15].map((minutes, i) => {
    const end = Date.parse('2026-03-08T02:00:00Z') + minutes * MINUTE_MS;
    const value = String(1_500 - i * 3_000);
    figures.push({
      location: 'MISO',
      start: end - 5 * MINUTE_MS,
      end,
      field: 'interchange',
      value,
      unit: 'MW',
    });
    return { Time: clock12('2026-03-08', 120 + minutes), Value: value };
  });
  return { payload: JSON.stringify(records), figures };
}

/** Answers of the Data Exchange, an hour or five minutes to a record. */
export function exchange(kind: 'price' | 'reserve' | 'fuel' | 'load' | 'forecast', five: boolean): Body {
  const date = '2026-03-08';
  const figures: Figure[] = [];
  const data = [0, 1].map((i) => {
    const start = minutesOf(date, i * (five ? 5 : 60));
    const end = start + (five ? 5 : 60) * MINUTE_MS;
    const est = (ms: number): string => new Date(ms - OFFSET * HOUR_MS).toISOString().slice(0, 23);
    const interval = {
      interval: String(i + 1),
      timeInterval: {
        resolution: five ? '5min' : 'hourly',
        start: est(start),
        end: est(end),
        value: String(i + 1),
      },
    };
    const at = { start, end };
    const add = (
      location: string,
      series: string | null,
      field: string,
      value: number,
      unit: string,
    ): void => {
      figures.push({ location, series, ...at, field, value: String(value), unit });
    };
    if (kind === 'price') {
      const parts = { lmp: 21.25 + i, mcc: -0.5, mlc: 0.75, mec: 21 + i };
      add('ALTW.OTTUMW1', null, 'lmp', parts.lmp, 'USD/MWh');
      add('ALTW.OTTUMW1', null, 'congestion', parts.mcc, 'USD/MWh');
      add('ALTW.OTTUMW1', null, 'loss', parts.mlc, 'USD/MWh');
      add('ALTW.OTTUMW1', null, 'energy', parts.mec, 'USD/MWh');
      return { ...interval, node: 'ALTW.OTTUMW1', ...parts };
    }
    if (kind === 'reserve') {
      add('Zone 1', null, 'mcp_ramp_up', 3.5 + i, 'USD/MW');
      return { ...interval, zone: 'Zone 1', product: 'Ramp-up', mcp: 3.5 + i };
    }
    if (kind === 'fuel') {
      add('NORTH', null, 'generation_total', 30_000 + i, 'MW');
      add('NORTH', 'coal', 'generation', 9_000 + i, 'MW');
      return { ...interval, region: 'NORTH', fuelTypes: { totalMw: 30_000 + i, coal: 9_000 + i } };
    }
    const [key, field] = kind === 'load' ? ['load', 'load'] : ['loadForecast', 'load_forecast'];
    add('LRZ1', null, field ?? '', 11_000 + i, 'MWh');
    return { ...interval, region: 'North', localResourceZone: 'LRZ1', [key ?? '']: 11_000 + i };
  });
  return { payload: JSON.stringify({ data, page: { pageNumber: 1, lastPage: true } }), figures };
}

/** `getWind`, `getSolar`: hours that have been. */
export function produced(kind: 'wind' | 'solar'): Body {
  const date = '2026-03-08';
  const figures: Figure[] = [];
  const instance = [1, 2, 3, 12].map((hour) => {
    const value = kind === 'solar' && hour < 7 ? '0.00' : `${7_000 + hour}.50`;
    figures.push({
      location: 'MISO',
      ...hourOf(date, hour, OFFSET),
      field: `${kind}_generation`,
      value,
      unit: 'MW',
      published: minutesOf(date, 13 * 60),
    });
    return { DateTimeEST: clock12(date, (hour - 1) * 60), HourEndingEST: String(hour), Value: value };
  });
  const hours = instance.filter((_, i) => i < 3);
  return {
    payload: JSON.stringify({
      MktDay: '03-08-2026',
      RefId: '08-Mar-2026 - Interval 13:00 EST',
      instance: hours,
    }),
    figures: figures.filter((_, i) => i < 3),
  };
}
