/** The simulated ISO New England against what is known of the real one: written by hand from its description. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../../core/time/instant.ts';
import { ask, mantissa, small, utc } from './ask.ts';

const market = small('isone');
type Row = Record<string, unknown> & { BeginDate: string };

const json = (path: string, at: string) => JSON.parse(ask(market, `/api/v1.1/${path}.json`, at).text);
const report = (path: string, at: string) => ask(market, `/static-transform/csv/histRpts/${path}`, at);
const linesOf = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.match(/"[^"]*"|[^,]+/g)?.map((cell) => cell.replaceAll('"', '')) ?? []);

test('day-ahead prices as JSON: nested location, integers without decimals, parts that add up', () => {
  const { text, headers } = ask(
    market,
    '/api/v1.1/hourlylmp/da/final/day/20250708/location/4000.json',
    '2025-07-08T12:00:00Z',
  );
  assert.equal(headers['content-type'], 'application/json');
  assert.match(
    text,
    /^\{"HourlyLmps":\{"HourlyLmp":\[\{"BeginDate":"2025-07-08T00:00:00\.000-04:00","Location":\{"@LocId":"4000","@LocType":"HUB","\$":"\.H\.INTERNAL_HUB"\},"LmpTotal":-?[\d.]+,"EnergyComponent":-?[\d.]+,"CongestionComponent":-?[\d.]+,"LossComponent":-?[\d.]+\},/,
  );
  assert.ok(!/:-?\d+\.\d*0[,}]/.test(text), 'no trailing zeros');
  const prices =
    /"LmpTotal":([^,]+),"EnergyComponent":([^,]+),"CongestionComponent":([^,]+),"LossComponent":([^}]+)\}/g;
  let rows = 0;
  for (const [, ...cells] of text.matchAll(prices)) {
    const [total, energy, congestion, loss] = cells.map((cell) => mantissa(cell, 2));
    assert.equal(total, energy + congestion + loss);
    rows++;
  }
  assert.equal(rows, 24);
});

test('spring jumps from 01:00-05:00 to 03:00-04:00, autumn has 01:00 with both offsets', () => {
  const stamps = (day: string, at: string): string[] =>
    json(`hourlylmp/da/final/day/${day}/location/4000`, at).HourlyLmps.HourlyLmp.map((row: Row) =>
      row.BeginDate.slice(11, 13).concat(row.BeginDate.slice(23)),
    );
  const spring = stamps('20260308', '2026-03-09T12:00:00Z');
  assert.equal(spring.length, 23);
  assert.deepEqual(spring.slice(0, 4), ['00-05:00', '01-05:00', '03-04:00', '04-04:00']);
  const autumn = stamps('20251102', '2025-11-03T12:00:00Z');
  assert.equal(autumn.length, 25);
  assert.deepEqual(autumn.slice(0, 4), ['00-04:00', '01-04:00', '01-05:00', '02-05:00']);
});

test('five-minute prices come by local hour; in autumn hour 01 has both', () => {
  const count = (day: string, hour: string, at: string): number => {
    const rows = json(`fiveminutelmp/prelim/day/${day}/starthour/${hour}`, at).FiveMinLmps.FiveMinLmp ?? [];
    return rows.filter((row: { Location: { $: string } }) => row.Location.$ === '.H.INTERNAL_HUB').length;
  };
  assert.equal(count('20250707', '13', '2025-07-08T12:00:00Z'), 12);
  assert.equal(count('20251102', '01', '2025-11-03T12:00:00Z'), 24);
  assert.equal(count('20260308', '02', '2026-03-09T12:00:00Z'), 0);
});

test('no data is an empty text, one record is no list, and /current may lack its container', () => {
  const at = '2025-07-08T16:02:00Z';
  assert.deepEqual(json('hourlylmp/da/final/day/20250710', at), { HourlyLmps: '' });
  assert.deepEqual(json('hourlylmp/rt/final/day/20250707', at), { HourlyLmps: '' });
  const one = json('hourlysysload/current', at).HourlySystemLoads.HourlySystemLoad;
  assert.equal(Array.isArray(one), false);
  assert.deepEqual(one.Location, { '@LocId': '32', $: 'NEPOOL AREA' });
  assert.deepEqual(Object.keys(json('fiveminutesystemload/current', at)), ['FiveMinSystemLoad']);
  assert.deepEqual(Object.keys(json('fiveminutesystemload/day/20250707', at)), ['FiveMinSystemLoads']);
});

test('XML says the same, by ending or by what is accepted', () => {
  const at = '2025-07-08T12:00:00Z';
  const { text, headers } = ask(market, '/api/v1.1/hourlylmp/da/final/day/20250708/location/4001.xml', at);
  assert.equal(headers['content-type'], 'application/xml');
  const first = json('hourlylmp/da/final/day/20250708/location/4001', at).HourlyLmps.HourlyLmp[0];
  assert.ok(
    text.startsWith(
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><HourlyLmps xmlns="http://WEBSERV.iso-ne.com"><HourlyLmp><BeginDate>2025-07-08T00:00:00.000-04:00</BeginDate><Location LocId="4001" LocType="LOAD ZONE">.Z.MAINE</Location><LmpTotal>${first.LmpTotal}</LmpTotal>`,
    ),
  );
  const bare = (accept: string): string =>
    ask(market, '/api/v1.1/locations', at, null, { headers: { accept } }).text.slice(0, 5);
  assert.deepEqual([bare('application/json'), bare('*/*')], ['{"Loc', '<?xml']);
});

test('final prices come days later and differ in a few; preliminary ones stay', () => {
  const path = (state: string): string => `hourlylmp/rt/${state}/day/20250701`;
  const rowsOf = (state: string, at: string): string[] =>
    (json(path(state), at).HourlyLmps.HourlyLmp ?? []).map((row: Row) => JSON.stringify(row));
  const early = rowsOf('prelim', '2025-07-02T12:00:00Z');
  assert.equal(early.length, 24 * 14);
  assert.equal(rowsOf('final', '2025-07-06T12:00:00Z').length, 0);
  const final = rowsOf('final', '2025-07-08T12:00:00Z');
  assert.deepEqual(rowsOf('prelim', '2025-07-08T12:00:00Z'), early);
  const changed = final.filter((row, k) => row !== early[k]).length;
  assert.ok(changed > 0 && changed < early.length * 0.06, String(changed));
});

test('a CSV report: comments, two headers, data and the count of its lines', () => {
  const { text, headers } = report('da-lmp/WW_DALMP_ISO_20250708.csv', '2025-07-08T12:00:00Z');
  assert.equal(headers['content-type'], 'text/csv');
  const lines = text.trimEnd().split('\n');
  assert.deepEqual(lines.slice(0, 3), [
    '"C","Day-Ahead Energy Market Hourly LMP Report"',
    '"C","Filename: WW_DALMP_ISO_20250708.csv"',
    '"C","Report for 07/08/2025"',
  ]);
  assert.match(lines[3], /^"C","Report generated 07\/07\/2025 1[23]:\d\d:\d\d EDT"$/);
  assert.equal(
    lines[4],
    '"H","Date","Hour Ending","Location ID","Location Name","Location Type","Locational Marginal Price","Energy Component","Congestion Component","Marginal Loss Component"',
  );
  assert.match(lines[5], /^"H","Date","String",/);
  assert.match(
    lines[6],
    /^"D","07\/08\/2025",01,320,"UN\.SIMBROOK13\.8U1","NETWORK NODE"(,-?\d+(\.\d{1,2})?){4}$/,
  );
  assert.equal(lines.length, 6 + 24 * 14 + 1);
  assert.equal(lines.at(-1), `"T","${24 * 14} lines"`);
});

test('CSV hours: 03 is absent in spring, 02X is the repeated hour of autumn', () => {
  const hours = (day: string, at: string): string[] =>
    linesOf(report(`da-lmp/WW_DALMP_ISO_${day}.csv`, at).text)
      .filter((cells) => cells[0] === 'D' && cells[3] === '4000')
      .map((cells) => cells[2]);
  const spring = hours('20260308', '2026-03-09T12:00:00Z');
  assert.equal(spring.length, 23);
  assert.deepEqual(spring.slice(0, 4), ['01', '02', '04', '05']);
  const autumn = hours('20251102', '2025-11-03T12:00:00Z');
  assert.equal(autumn.length, 25);
  assert.deepEqual(autumn.slice(0, 4), ['01', '02', '02X', '03']);
});

test('five-minute blocks of four hours come when they are over; the repeated hour lies in the first', () => {
  const rows = (day: string, block: string, at: string): string[][] =>
    linesOf(report(`5min-rt-prelim/lmp_5min_${day}_${block}.csv`, at).text).filter(
      (cells) => cells[0] === 'D' && cells[2] === '4000',
    );
  assert.equal(rows('20250708', '08-12', '2025-07-08T15:59:00Z').length, 0);
  const block = rows('20250708', '08-12', '2025-07-08T16:05:00Z');
  assert.deepEqual([block.length, block[0][1], block.at(-1)?.[1]], [48, '08:00:00', '11:55:00']);
  const autumn = rows('20251102', '00-04', '2025-11-03T12:00:00Z').map((cells) => cells[1]);
  assert.equal(autumn.length, 60);
  assert.equal(autumn.filter((time) => time === '01:30:00').length, 2);
  assert.equal(rows('20260308', '00-04', '2026-03-09T12:00:00Z').length, 36);
});

test('an account is wanted, and a cookie for the reports, which the first page sets', () => {
  const asked = (path: string, headers: Record<string, string>) =>
    market.authorize?.(path, new URLSearchParams(), { method: 'GET', headers, body: '' }, 0) ?? null;
  const services = '/api/v1.1/locations.json';
  const refused = asked(services, {});
  assert.equal(refused?.status, 401);
  assert.match(String(refused?.headers['www-authenticate']), /^Basic realm=/);
  assert.equal(asked(services, { authorization: `Basic ${btoa('name:')}` })?.status, 401);
  assert.equal(asked(services, { authorization: `Basic ${btoa('name:word')}` }), null);
  const csv = '/static-transform/csv/histRpts/da-lmp/WW_DALMP_ISO_20250708.csv';
  const page = asked(csv, {});
  assert.deepEqual([page?.status, page?.headers['content-type']], [200, 'text/html']);
  const cookie = String(page?.headers['set-cookie']).split(';')[0];
  assert.equal(asked(csv, { cookie }), null);
});

test('what the services do not understand is 400; a report that is not there is a page', () => {
  const at = '2025-07-08T12:00:00Z';
  for (const path of [
    'nonsense',
    'hourlylmp/da/prelim/day/20250708',
    'hourlylmp/da/final/day/2025',
    'genfuelmix',
  ])
    assert.equal(ask(market, `/api/v1.1/${path}.json`, at).status, 400, path);
  const none = report('da-lmp/WW_DALMP_ISO_20250710.csv', at);
  assert.equal(none.status, 404);
  assert.match(none.text, /^<!DOCTYPE html>/);
});

test('load, forecast and fuels; what is told as true is what is printed', () => {
  const at = '2025-11-03T15:00:00Z';
  const start = utc('2025-11-02T04:00:00Z');
  const window = { start, end: start + 25 * HOUR };
  const truth = (dataset: string, field: string): number[] =>
    [...market.published(dataset, window, utc(at))]
      .filter((each) => each.field === field)
      .map(({ value }) => Number(value));
  const load = json('hourlysysload/day/20251102', at).HourlySystemLoads.HourlySystemLoad;
  assert.equal(load.length, 25);
  assert.deepEqual(
    truth('load_hourly', 'load'),
    load.map((row: Row) => row['Load']),
  );
  const forecast = json('hourlyloadforecast/day/20251102', at).HourlyLoadForecasts.HourlyLoadForecast;
  assert.deepEqual(
    truth('load_forecast', 'load_forecast'),
    forecast.map((row: Row) => row['LoadMw']),
  );
  assert.equal(forecast[0].CreationDate, '2025-11-02T09:00:00.000-05:00');
  const fuels = json('genfuelmix/day/20251102', at).GenFuelMixes.GenFuelMix;
  assert.equal(fuels.length, 300 * 10);
  assert.deepEqual(
    truth('fuel_mix', 'generation'),
    fuels.map((row: Row) => row['GenMw']),
  );
});

test('the same question at the same time gives the same bytes; another seed gives others', () => {
  const at = '2025-07-08T12:00:00Z';
  const path = '/api/v1.1/genfuelmix/day/20250707.json';
  assert.deepEqual(ask(small('isone'), path, at).bytes, ask(market, path, at).bytes);
  assert.notDeepEqual(ask(small('isone', 8), path, at).bytes, ask(market, path, at).bytes);
});
