/** Reserves, load, fuels, interchange, wind and sun of the simulated MISO against their description: written by hand. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readXls } from '../../../connectors/kit/readers/xls.ts';
import { ask, cellsOf, small } from './ask.ts';

const market = small('miso');
/** Half past three in the afternoon, EST. */
const AT = '2025-07-08T20:31:30Z';
const report = (name: string, at = AT) => ask(market, `/marketreports/${name}`, at);

/** A display as JSON. */
function display<T>(path: string, at = AT): T {
  const { status, headers, text } = ask(market, `/api/${path}`, at);
  assert.deepEqual([status, headers['content-type']], [200, 'application/json; charset=utf-8'], path);
  return JSON.parse(text) as T;
}

const HOURS = Array.from({ length: 24 }, (_, k) => `HE ${k + 1}`).join(',');
const PRODUCTS = [
  'DEMREGMCP',
  'GENREGMCP',
  'DEMSPINMCP',
  'GENSPINMCP',
  'DEMSUPPMCP',
  'GENSUPPMCP',
  'SERREGMCP',
];

test('reserves are two tables in a file: the system, and below two blank lines each resource with its zone', () => {
  const { status, headers, text } = report('20250708_asm_expost_damcp.csv');
  assert.deepEqual([status, headers['content-type']], [200, 'application/octet-stream']);
  assert.ok(!text.includes('\r'));
  const [first, second, ...more] = text.split('\n\n\n');
  assert.deepEqual(more, []);
  const lines = first.split('\n');
  assert.deepEqual(lines.slice(0, 5), [
    'Dayahead Market MCPs.',
    '',
    '07/08/2025,,All Hours-Ending are Eastern Standard Time (EST)',
    '',
    `,,MCP Type, ${HOURS}`,
  ]);
  assert.deepEqual(
    cellsOf(lines.slice(5).join('\n')).map((row) => row.slice(0, 3).join()),
    PRODUCTS.map((product) => `MISO Wide,-,${product}`),
  );
  const [header, ...rows] = cellsOf(second);
  assert.equal(header.join(), `Pnode,Zone,MCP Type, ${HOURS}`);
  assert.equal(rows.length, 8 * 7);
  for (const row of rows) {
    assert.match(row.slice(0, 3).join(), /^[A-Z.0-9]+,Zone [1-8],[A-Z]+MCP$/);
    assert.equal(row.length, 3 + 24);
    for (const cell of row.slice(3)) assert.match(cell, /^(\d*\.\d{1,2}|\d+)$/);
  }
});

test('real-time reserves have CR LF and single gaps; the final file takes the place of the preliminary one', () => {
  const prelim = report('20250701_asm_rtmcp_prelim.csv', '2025-07-03T12:00:00Z').text;
  const parts = prelim.split('\r\n\r\n');
  assert.equal(parts.length, 4);
  assert.equal(parts[0], 'Real Time Market MCPs.,Not settlement quality data.');
  assert.equal(parts[1], '07/01/2025,,All Hours-Ending are Eastern Standard Time (EST)');
  assert.equal(report('20250701_asm_rtmcp_final.csv', '2025-07-03T12:00:00Z').status, 404);
  assert.equal(report('20250701_asm_rtmcp_prelim.csv', '2025-07-08T12:00:00Z').status, 404);
  const final = report('20250701_asm_rtmcp_final.csv', '2025-07-08T12:00:00Z').text;
  const cells = (text: string): string[] => cellsOf(text.replaceAll('\r', '')).flat();
  const [before, after] = [cells(prelim).slice(5), cells(final).slice(4)];
  assert.equal(before.length, after.length);
  const changed = before.filter((cell, k) => cell !== after[k]).length;
  assert.ok(changed > 0 && changed < before.length * 0.08, `${changed} of ${before.length}`);
});

interface FuelMix {
  readonly RefId: string;
  readonly TotalMW: string;
  readonly Fuel: {
    readonly Type: readonly {
      readonly INTERVALEST: string;
      readonly CATEGORY: string;
      readonly ACT: string;
      readonly FUEL_CATEGORY: string;
    }[];
  };
}

test('fuels are strings, their total is that of the newest interval, and yesterday goes on until now', () => {
  const now = display<FuelMix>('FuelMix');
  assert.match(now.RefId, /^08-Jul-2025 - Interval 15:2[05] EST$/);
  assert.deepEqual(
    now.Fuel.Type.map(({ CATEGORY }) => CATEGORY),
    ['Battery Storage', 'Coal', 'Imports', 'Natural Gas', 'Nuclear', 'Other', 'Solar', 'Wind'],
  );
  assert.equal(
    now.Fuel.Type.reduce((sum, { ACT }) => sum + Number(ACT), 0),
    Number(now.TotalMW),
  );
  for (const { INTERVALEST, ACT, FUEL_CATEGORY } of now.Fuel.Type) {
    assert.match(INTERVALEST, /^2025-07-08 3:2[05]:00 PM$/);
    assert.match(ACT, /^-?\d+$/);
    assert.match(FUEL_CATEGORY, /^[A-Za-z ]+ {2}\(-?[\d,]+ MW\)$/);
  }
  const today = display<FuelMix>('FuelMix/Today').Fuel.Type;
  assert.equal(today[0].INTERVALEST, '2025-07-08 12:00:00 AM');
  assert.deepEqual(today.slice(-8), now.Fuel.Type);
  const yesterday = display<FuelMix>('FuelMix/Yesterday').Fuel.Type;
  assert.equal(yesterday[0].INTERVALEST, '2025-07-07 12:00:00 AM');
  assert.equal(yesterday.length, 288 * 8 + today.length);
});

interface TotalLoad {
  readonly LoadInfo: {
    readonly RefId: string;
    readonly ClearedMW: readonly { readonly ClearedMWHourly: { Hour: string; Value: string } }[];
    readonly MediumTermLoadForecast: readonly {
      readonly Forecast: { HourEnding: string; LoadForecast: string };
    }[];
    readonly FiveMinTotalLoad: readonly { readonly Load: { Time: string; Value: string } }[];
  };
}

test('the display of load names its day in RefId alone; hours are all there, five minutes until now', () => {
  const { LoadInfo } = display<TotalLoad>('RealTimeTotalLoad');
  assert.match(LoadInfo.RefId, /^08-Jul-2025 - Interval 15:2[05] EST$/);
  const hours = Array.from({ length: 24 }, (_, k) => String(k + 1));
  assert.deepEqual(
    LoadInfo.ClearedMW.map(({ ClearedMWHourly }) => ClearedMWHourly.Hour),
    hours,
  );
  assert.deepEqual(
    LoadInfo.MediumTermLoadForecast.map(({ Forecast }) => Forecast.HourEnding),
    hours,
  );
  const times = LoadInfo.FiveMinTotalLoad.map(({ Load }) => Load.Time);
  assert.deepEqual([times[0], times[1]], ['00:00', '00:05']);
  assert.match(times.at(-1) ?? '', /^15:2[05]$/);
  for (const { Load } of LoadInfo.FiveMinTotalLoad) assert.match(Load.Value, /^\d{5,6}$/);
});

test('schedules end their five minutes in EST, flows in UTC; what is scheduled in all is the sum of neighbours', () => {
  const { instance } = display<{ instance: Record<string, string>[] }>('Interchange/GetNsi/FiveMinute');
  assert.deepEqual(Object.keys(instance[0]), [
    'timestamp',
    ...['AECI', 'LGEE', 'MHEB', 'ONT', 'PJM', 'SOCO', 'SPA', 'SWPP', 'TVA', 'MISO'],
  ]);
  assert.equal(instance[0]['timestamp'], '2025-07-08T00:05:00');
  for (const { timestamp: _, MISO, ...parts } of instance)
    assert.equal(
      Object.values(parts).reduce((sum, each) => sum + Number(each), 0),
      Number(MISO),
    );
  const flows = display<{ Time: string; Value: string }[]>('Interchange/GetNai/Imports');
  assert.equal(flows.length, instance.length);
  assert.equal(flows[0].Time, '2025-07-08 5:05:00 AM');
});

interface Renewables {
  readonly MktDay: string;
  readonly instance: readonly Record<string, string | null>[];
}

test('wind and sun are told of for today and tomorrow; what is not over has no output', () => {
  const { MktDay, instance } = display<Renewables>('WindSolar/GetCombined');
  assert.equal(MktDay, '07-08-2025');
  assert.equal(instance.length, 48);
  assert.equal(instance[0]['ForecastDateTimeEST'], '2025-07-08 12:00:00 AM');
  assert.equal(instance[0]['ForecastHourEndingEST'], '1');
  const known = instance.filter((hour) => hour['ActualWindValue'] !== null).length;
  assert.equal(known, 15);
  assert.equal(Number(instance[1]['ForecastSolarValue']), 0);
  for (const hour of instance) assert.match(hour['ForecastWindValue'] ?? '', /^\d+(\.\d{1,2})?$/);
});

/** The cells of a workbook as they are shown. */
function sheetOf(name: string, at: string): string[][] {
  const { status, bytes } = report(name, at);
  assert.equal(status, 200);
  const [sheet] = readXls({ name, bytes });
  return Array.from(sheet?.rows ?? [], (row) => Array.from(row ?? [], (cell) => cell?.text ?? ''));
}

test('the workbook has the day before with its load and six days of forecast, each under the header and its date', () => {
  assert.equal(report('20250708_df_al.xls', '2025-07-08T12:00:00Z').status, 404);
  const rows = sheetOf('20250708_df_al.xls', AT);
  const header = rows[4];
  assert.deepEqual(header.slice(0, 4), [
    'Market Day',
    'HourEnding',
    'LRZ1 MTLF (MWh)',
    'LRZ1 ActualLoad (MWh)',
  ]);
  assert.deepEqual(header.slice(-2), ['MISO MTLF (MWh)', 'MISO ActualLoad (MWh)']);
  assert.equal(header.length, 16);
  assert.equal(rows.filter((row) => row[0] === 'Market Day').length, 7);
  assert.deepEqual(
    rows.filter((row) => /^July \d+, 2025$/.test(row[0] ?? '')).map(([date]) => date),
    Array.from({ length: 7 }, (_, k) => `July ${7 + k}, 2025`),
  );
  const hours = rows.filter((row) => /^\d+$/.test(row[1] ?? ''));
  assert.equal(hours.length, 7 * 24);
  assert.equal(hours.filter((row) => (row[3] ?? '') !== '').length, 24);
  const lower = sheetOf('20260708_df_al.xls', '2026-07-08T20:31:30Z')[6];
  assert.deepEqual(lower.slice(0, 4), ['Market Day', 'HourEnding', '', 'LRZ1 MTLF (MWh)']);
});
