/** Reserves, flows and forecasts of the simulated ISO New England against what is known of the real ones: written by hand. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, small, utc } from './ask.ts';

const market = small('isone');
const service = (path: string, at: string): string => ask(market, `/api/v1.1/${path}`, at).text;
const seconds = (stamp: string): number => utc(stamp) / 1_000_000;

test('day-ahead reserves: a record in three containers, its hour in an object, since March 2025', () => {
  const spring = JSON.parse(service('daasreservedata/day/20260308.json', '2026-03-08T12:00:00Z'));
  const records = spring.isone_web_services.day_ahead_reserves.day_ahead_reserve;
  assert.equal(records.length, 23);
  assert.equal(records[2].market_hour.local_day, '2026-03-08T03:00:00.000-04:00');
  assert.ok(['tmsr', 'tmnsr', 'tmor', 'fer'].every((name) => `${name}_clearing_price` in records[0]));
  assert.equal(
    service('daasreservedata/day/20250228.json', '2025-03-08T12:00:00Z'),
    '{"isone_web_services":{"day_ahead_reserves":""}}',
  );
  const xml = service('daasreservedata/day/20260308.xml', '2026-03-08T12:00:00Z');
  assert.match(xml, /<market_hour><local_day>2026-03-08T00:00:00.000-05:00<\/local_day><\/market_hour>/);
  assert.match(xml, /<isone_web_services [^>]*><day_ahead_reserves><day_ahead_reserve>/);
});

test('real-time reserves: four zones by five minutes, some stamps a second or two late', () => {
  const zones = JSON.parse(service('fiveminutereserveprice/day/20251102.json', '2025-11-03T12:00:00Z'));
  const records: Record<string, string | number>[] = zones.FiveMinReservePrices.FiveMinReservePrice;
  assert.equal(records.length, 300 * 4);
  assert.deepEqual(
    records.slice(0, 4).map((record) => `${record['ReserveZoneId']} ${record['ReserveZoneName']}`),
    ['7000 ROS', '7001 SWCT', '7002 CT', '7003 NEMABSTN'],
  );
  const late = records.map(({ BeginDate }) => seconds(String(BeginDate)) % 300);
  assert.deepEqual([...new Set(late)].sort(), [0, 1, 2]);
  assert.ok(late.filter((each) => each > 0).length < records.length / 20);
});

test('flows: a record per interface, the schedule bought or sold', () => {
  const flows = JSON.parse(service('fiveminuteexternalflow/day/20250309.json', '2025-03-10T12:00:00Z'));
  const records: Record<string, number>[] = flows.ExternalFlows.ExternalFlow;
  assert.equal(records.length, 276 * 6);
  assert.deepEqual(flows.ExternalFlows.ExternalFlow[0].Location, { '@LocId': '4010', $: '.I.SALBRYNB345 1' });
  for (const record of records)
    assert.equal(record['CurrentSchedule'], (record['Purchase'] ?? 0) + (record['Sale'] ?? 0));
});

test('forecasts of a week: a column for each day, hours in lines, blank where they are past or skipped', () => {
  const path = '/transform/csv/sphf?start=';
  assert.equal(ask(market, `${path}20260308`, '2026-03-08T13:00:00Z').status, 404);
  const lines = ask(market, `${path}20260307`, '2026-03-07T15:30:00Z').text.trimEnd().split('\n');
  assert.equal(lines[0], '"C","ISO New England Inc. Seven Day Solar Power Forecast Report"');
  assert.equal(lines[3], '"C","Report generated 03/07/2026 10:00:00 EST"');
  assert.equal(lines[4], '"H","",,"Day 1","Day 2","Day 3","Day 4","Day 5","Day 6","Day 7"');
  assert.match(lines[5] ?? '', /^"D","Day",,"Sat","Sun",/);
  assert.match(lines[6] ?? '', /^"D","Date","Hour Ending","03\/07\/2026","03\/08\/2026",/);
  const cells = lines.slice(7, -1).map((line) => line.split(','));
  assert.equal(cells.length, 24);
  assert.deepEqual(cells[9]?.slice(0, 4), ['"D"', '', '10', '']);
  assert.notEqual(cells[10]?.[3], '');
  // The hour ending at three of the spring day.
  assert.equal(cells[2]?.[4], '');
  assert.notEqual(cells[2]?.[5], '');
  assert.equal(lines.at(-1), '"T","26 lines"');
  const autumn = ask(market, `${path}20251102`, '2025-11-02T16:00:00Z').text.split('\n');
  assert.deepEqual(
    autumn.slice(7, 11).map((line) => line.split(',')[2]),
    ['01', '02', '02X', '03'],
  );
});
