/** Reserves, loads, fuels, flows and sun of the simulated NYISO against what is known of the real files: written by hand. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, cellsOf, membersOf, small } from './ask.ts';

const market = small('nyiso');
const file = (path: string, at: string) => ask(market, `/public/csv/${path}`, at);

/** The evening of 4 July 2025. */
const EVENING = '2025-07-05T03:02:00Z';

/** First line, second line, and whether lines end with CR LF. */
function topOf(path: string, at = EVENING): [header: string, first: string, isWindows: boolean] {
  const { status, text } = file(path, at);
  assert.equal(status, 200, path);
  const [header, first] = text.split(/\r?\n/);
  const ends = text.match(/\r?\n/g) ?? [];
  const windows = ends.filter((end) => end === '\r\n').length;
  assert.ok(windows === 0 || windows === ends.length, path);
  return [header, first, windows > 0];
}

const RESERVES =
  '"10 Min Spinning Reserve ($/MWHr)","10 Min Non-Synchronous Reserve ($/MWHr)","30 Min Operating Reserve ($/MWHr)","NYCA Regulation Capacity ($/MWHr)"';

test('headers, quotes, stamps and line ends are those of each report', () => {
  const expected: readonly [path: string, header: string, first: RegExp, isWindows: boolean][] = [
    [
      'damasp/20250704damasp.csv',
      `"Time Stamp","Time Zone","Name","PTID",${RESERVES}`,
      /^"07\/04\/2025 00:00","EDT","CAPITL",61757,\d+\.\d\d,\d+\.\d\d,\d+\.\d\d,\d+\.\d\d$/,
      false,
    ],
    [
      'rtasp/20250704rtasp.csv',
      `"Time Stamp","Time Zone","Name","PTID",${RESERVES},"NYCA Regulation Movement ($/MW)"`,
      /^"07\/04\/2025 00:0[1-5]:\d\d","EDT","CAPITL",61757(,\d+\.\d\d){5}$/,
      false,
    ],
    [
      'pal/20250704pal.csv',
      '"Time Stamp","Time Zone","Name","PTID","Load"',
      /^"07\/04\/2025 00:00:00","EDT","CAPITL",61757,\d+(\.\d{1,4})?$/,
      true,
    ],
    [
      'palIntegrated/20250704palIntegrated.csv',
      '"Time Stamp","Time Zone","Name","PTID","Integrated Load"',
      /^"07\/04\/2025 00:00:00","EDT","CAPITL",61757,\d+(\.\d)?$/,
      true,
    ],
    [
      'isolf/20250704isolf.csv',
      '"Time Stamp","Capitl","Centrl","Dunwod","Genese","Hud Vl","Longil","Mhk Vl","Millwd","N.Y.C.","North","West","NYISO"',
      /^"07\/04\/2025 00:00"(,\d+){12}$/,
      false,
    ],
    [
      'rtfuelmix/20250704rtfuelmix.csv',
      'Time Stamp,Time Zone,Fuel Category,Gen MW',
      /^07\/04\/2025 00:00:00,EDT,Dual Fuel,\d+$/,
      true,
    ],
    [
      'ExternalLimitsFlows/20250704ExternalLimitsFlows.csv',
      'Timestamp,Interface Name,Point ID,Flow (MWH),Positive Limit (MWH),Negative Limit (MWH)',
      /^07\/04\/2025 00:00,CENTRAL EAST - VC,\d+,-?\d+\.\d\d,2900,-9999$/,
      false,
    ],
    [
      'btmdaforecast/20250704btmdaforecast.csv',
      '"Time Stamp","Time Zone","Zone Name","MW Value"',
      /^"07\/04\/2025 00:00","EDT","CAPITL",0$/,
      false,
    ],
  ];
  for (const [path, header, first, isWindows] of expected) {
    const top = topOf(path);
    assert.deepEqual([top[0], top[2]], [header, isWindows], path);
    assert.match(top[1], first);
  }
});

test('old years: reserves by area, MWh and no seconds of fuels, a price header that is cut off', () => {
  const at = '2014-07-05T03:02:00Z';
  const areas = ['East', 'West'].map(
    (area) =>
      `"${area} 10 Min Spinning Reserve ($/MWHr)","${area} 10 Min Non-Synchronous Reserve","${area} 30 Min Operating Reserve ($/MWH)","${area} Regulation ($/MWHr)"`,
  );
  const [reserves, row] = topOf('damasp/20140704damasp.csv', at);
  assert.equal(reserves, `"Time Stamp","Time Zone",${areas.join(',')}`);
  assert.match(row, /^"07\/04\/2014 00:00","EDT"(,\d+\.\d\d){8}$/);
  const [fuels, fuel] = topOf('rtfuelmix/20140704rtfuelmix.csv', at);
  assert.equal(fuels, 'Time Stamp,Time Zone,Fuel Category,Gen MWh');
  assert.match(fuel, /^07\/04\/2014 00:00,EDT,Dual Fuel,\d+$/);
  assert.ok(topOf('damlbmp/20140704damlbmp_zone.csv', at)[0].endsWith(',"Marginal Cost Congestion ($/MWH"'));
});

test('the repeated hour is told by the zone of the stamp, in forecasts and flows by order alone', () => {
  const at = '2025-11-03T14:02:00Z';
  const hours = (path: string): string[] =>
    cellsOf(file(path, at).text.replaceAll('\r', ''))
      .filter((row) => row[2] === '"N.Y.C."')
      .map(([stamp, zone]) => `${stamp.slice(12, 17)} ${zone.replaceAll('"', '')}`);
  for (const path of ['palIntegrated/20251102palIntegrated.csv', 'damasp/20251102damasp.csv']) {
    assert.equal(hours(path).length, 25);
    assert.deepEqual(hours(path).slice(0, 4), ['00:00 EDT', '01:00 EDT', '01:00 EST', '02:00 EST']);
  }
  const forecast = file('isolf/20251102isolf.csv', at).text.split('\n');
  assert.equal(forecast.length, 1 + 6 * 24 + 1 + 1);
  assert.match(forecast[2], /^"11\/02\/2025 01:00",/);
  assert.equal(forecast[3], forecast[2]);
  const flows = cellsOf(file('ExternalLimitsFlows/20251102ExternalLimitsFlows.csv', at).text).filter(
    (row) => row[1] === 'TOTAL EAST',
  );
  assert.equal(flows.length, 300);
  assert.deepEqual(
    flows.slice(23, 25).map(([stamp]) => stamp),
    ['11/02/2025 01:55', '11/02/2025 01:00'],
  );
});

test('reserves of real time end with their stamps, loads and fuels are readings; all of them know the extra runs', () => {
  const stamps = (path: string): string[] => [
    ...new Set(
      cellsOf(file(path, '2025-07-10T12:00:00Z').text)
        .slice(1)
        .map(([stamp]) => stamp.replaceAll('"', '')),
    ),
  ];
  const extra = (all: readonly string[]): string[] => all.filter((stamp) => !/[05]:00$/.test(stamp));
  let found = 0;
  for (let day = 5; day <= 9; day++) {
    const name = `2025070${day}`;
    const reserves = stamps(`rtasp/${name}rtasp.csv`);
    assert.ok(
      reserves.includes(`07/0${day}/2025 00:05:00`) && !reserves.includes(`07/0${day}/2025 00:00:00`),
    );
    assert.ok(reserves.includes(`07/${day === 9 ? '10' : `0${day + 1}`}/2025 00:00:00`));
    const load = stamps(`pal/${name}pal.csv`);
    assert.equal(load[0], `07/0${day}/2025 00:00:00`);
    assert.deepEqual(extra(load), extra(reserves));
    assert.deepEqual(load, stamps(`rtfuelmix/${name}rtfuelmix.csv`));
    found += extra(load).length;
  }
  assert.ok(found > 0);
});

test('better reserves are never cheaper; the forecast of a market is the sum of its zones', () => {
  for (const row of cellsOf(file('damasp/20250704damasp.csv', '2025-07-04T12:00:00Z').text).slice(1)) {
    const [spin, nonspin, operating] = row.slice(4).map(Number);
    assert.ok(spin >= nonspin && nonspin >= operating && operating >= 0, row.join());
  }
  for (const row of cellsOf(file('isolf/20250704isolf.csv', EVENING).text).slice(1)) {
    const numbers = row.slice(1).map(Number);
    assert.equal(
      numbers.slice(0, -1).reduce((sum, each) => sum + each, 0),
      numbers.at(-1),
    );
  }
});

test('each file comes at its time, is corrected in place where it has prices, and moves into the archive', async () => {
  const statuses = (path: string, times: readonly string[]): number[] =>
    times.map((at) => file(path, at).status);
  assert.deepEqual(
    statuses('isolf/20250704isolf.csv', ['2025-07-04T11:00:00Z', '2025-07-04T12:30:00Z']),
    [404, 200],
  );
  assert.deepEqual(
    statuses('btmactualforecast/20250704BTMEstimatedActual.csv', [
      '2025-07-05T11:00:00Z',
      '2025-07-05T12:30:00Z',
    ]),
    [404, 200],
  );
  const reserves = 'rtasp/20250704rtasp.csv';
  const [before, after] = ['2025-07-05T12:00:00Z', '2025-07-09T12:00:00Z'].map((at) =>
    file(reserves, at).text.split('\n'),
  );
  const changed = before.filter((line, k) => line !== after[k]).length;
  assert.ok(before.length === after.length && changed > 0 && changed < before.length * 0.02, `${changed}`);
  assert.equal(file('pal/20250701pal.csv', '2025-07-12T12:00:00Z').status, 404);
  const members = await membersOf(file('pal/20250701pal_csv.zip', '2025-07-12T12:00:00Z').bytes);
  assert.equal(members.size, 11);
  assert.equal(members.get('20250704pal.csv'), file('pal/20250704pal.csv', '2025-07-10T12:00:00Z').text);
});
