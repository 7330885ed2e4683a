/** Reserves, forecasts, interties and zonal load of the simulated IESO against what is known of the real ones: written by hand. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, cellsOf, small } from './ask.ts';

const market = small('ieso');
const file = (report: string, name: string, at: string) => ask(market, `/public/${report}/${name}`, at);
const linesOf = (text: string, tag: string): string[] => text.match(new RegExp(`<${tag}>`, 'g')) ?? [];

test('operating reserve: three classes with their congestion, day-ahead and by five minutes', () => {
  const day = file('DAHourlyORLMP', 'PUB_DAHourlyORLMP_20251102.csv', '2025-11-02T12:00:00Z');
  const [created, header, ...rows] = cellsOf(day.text);
  assert.match(created?.join() ?? '', /^CREATED AT 2025\/11\/01 12:\d\d:\d\d FOR 2025\/11\/02$/);
  assert.equal(
    header?.join(),
    'Delivery Hour,Pricing Location,LMP 10S,Congestion Price 10S,LMP 10N,Congestion Price 10N,LMP 30R,Congestion Price 30R',
  );
  assert.equal(rows.length, 24 * 4);
  const hour = file('RealtimeORLMP', 'PUB_RealtimeORLMP_2025110213.csv', '2025-11-02T19:00:00Z');
  const [, names, ...intervals] = cellsOf(hour.text);
  assert.deepEqual(names?.slice(0, 3), ['Delivery Hour', 'Interval', 'Pricing Location']);
  assert.equal(intervals.length, 12 * 4);
  assert.equal(file('RealtimeORLMP', 'PUB_RealtimeORLMP_2025043013.csv', '2025-05-01T19:00:00Z').status, 404);
});

test('wind and sun: a version each hour, two days ahead, two organisations', () => {
  const third = file('VGForecastSummary', 'PUB_VGForecastSummary_20251102_v3.xml', '2025-11-02T20:00:00Z');
  assert.match(third.text, /<ForecastTimeStamp>2025-11-02T02:05:00<\/ForecastTimeStamp>/);
  assert.match(third.text, /<DocRevision>3<\/DocRevision>/);
  assert.equal(linesOf(third.text, 'OrganizationData').length, 2);
  assert.equal(linesOf(third.text, 'FuelData').length, 4);
  assert.equal(linesOf(third.text, 'ResourceData').length, 16);
  assert.equal(linesOf(third.text, 'ForecastInterval').length, 16 * 47);
  const last = file('VGForecastSummary', 'PUB_VGForecastSummary_20251102.xml', '2025-11-02T20:00:00Z');
  assert.match(last.text, /<ForecastTimeStamp>2025-11-02T14:05:00<\/ForecastTimeStamp>/);
  assert.equal(
    file('VGForecastSummary', 'PUB_VGForecastSummary_20251102_v16.xml', '2025-11-02T20:00:00Z').status,
    404,
  );
  assert.match(
    ask(market, '/public/VGForecastSummary/', '2025-11-02T20:00:00Z').text,
    /<a href="PUB_VGForecastSummary_20251102_v15.xml">[^<]*<\/a> {3}02-Nov-2025 14:05/,
  );
});

test('adequacy: written from the morning before on, every figure a list of 24 hours', () => {
  assert.equal(file('Adequacy3', 'PUB_Adequacy3_20251103.xml', '2025-11-02T14:00:00Z').status, 404);
  const { text } = file('Adequacy3', 'PUB_Adequacy3_20251103.xml', '2025-11-02T15:00:00Z');
  assert.match(text, /<ForecastOntDemand>\n<Demand><DeliveryHour>1</);
  assert.match(text, /<FuelType>Wind<\/FuelType>/);
  assert.equal(linesOf(text, 'DeliveryHour').length, 24 * (6 + 6));
});

test('interties: hours and five minutes of each zone, the sum under a name of its own', () => {
  const { text } = file(
    'IntertieScheduleFlow',
    'PUB_IntertieScheduleFlow_20251102.xml',
    '2025-11-02T19:31:00Z',
  );
  assert.match(text, /<IMODocument docID="IntertieScheduleFlow"/);
  assert.equal(linesOf(text, 'IntertieZone').length, 8);
  assert.equal(linesOf(text, 'Totals').length, 1);
  // Until 14:00 of the market's clock.
  assert.equal(linesOf(text, 'Schedule').length, 9 * 14);
  assert.equal(linesOf(text, 'Actual').length, 9 * 14 * 12);
  const flows = [...text.matchAll(/<Hour>14<\/Hour><Interval>12<\/Interval><Flow>([-\d.]+)<\/Flow>/g)];
  const amounts = flows.map(([, flow]) => Number(flow));
  const sum = amounts.slice(0, -1).reduce((total, each) => total + each, 0);
  assert.ok(Math.abs(sum - (amounts.at(-1) ?? 0)) < 0.05);
});

test('load by zone and five minutes: the last days of the year, intervals within hours', () => {
  const { text } = file('RealtimeDemandZonal', 'PUB_RealtimeDemandZonal_2025.csv', '2025-11-02T19:31:00Z');
  const [title, , , header, ...rows] = cellsOf(text);
  assert.match(title?.join() ?? '', /^\\\\Real-Time Zonal Demand Report$/);
  assert.deepEqual(header?.slice(0, 4), ['Date', 'Hour', 'Interval', 'Ontario Demand']);
  assert.deepEqual(header?.slice(-2), ['Zones Total', 'Diff']);
  assert.deepEqual(rows.at(-1)?.slice(0, 3), ['2025-11-02', '14', '12']);
  assert.equal(rows[0]?.[0], '2025-10-19');
});
