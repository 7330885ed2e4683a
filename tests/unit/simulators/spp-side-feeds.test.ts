/** Reserves, wind, sun and ties of the simulated SPP against what is known of the real ones: written by hand. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, cellsOf, small } from './ask.ts';

const market = small('spp');
const file = (folder: string, path: string, at: string) =>
  ask(market, `/file-browser-api/download/${folder}?path=${path}`, at);

test('real-time reserves: zones and products in a file of five minutes, another spelling in that of the day', () => {
  const path = '/2025/11/By_Interval/02/RTBM-MCP-202511020105d.csv';
  const [header, ...rows] = cellsOf(file('rtbm-mcp', path, '2025-11-02T08:00:00Z').text);
  assert.deepEqual(header, [
    'Interval',
    'GMTIntervalEnd',
    'Reserve Zone',
    'RegUPService',
    'RegDNService',
    'RegUpMile',
    'RegDNMile',
    'RampUP',
    'RampDN',
    'Spin',
    'Supp',
    'UncUP',
  ]);
  assert.equal(rows.length, 5);
  assert.deepEqual(rows[0]?.slice(0, 3), ['11/02/2025 01:05:00', '11/02/2025 07:05:00', '1']);
  assert.match(rows[0]?.[3] ?? '', /^\d+\.\d{4}$/);
  const daily = '/2025/11/By_Day/RTBM-MCP-DAILY-20251102.csv';
  assert.equal(file('rtbm-mcp', daily, '2025-11-05T12:00:00Z').status, 404);
  const whole = cellsOf(file('rtbm-mcp', daily, '2025-11-12T12:00:00Z').text);
  assert.equal(whole.length, 1 + 300 * 5);
  assert.equal(whole[0]?.[6], ' RegDNMile');
  const old = cellsOf(
    file('rtbm-mcp', '/2023/07/By_Day/RTBM-MCP-DAILY-20230705.csv', '2023-07-20T12:00:00Z').text,
  );
  assert.ok(old[0]?.includes('UncUP') === false);
});

test('wind and sun: a week by the hour, and five minutes with what came of them', () => {
  const [header, first] = cellsOf(
    file('midterm-resource-forecast', '/2025/03/09/OP-MTRF-202503090300.csv', '2025-03-09T09:00:00Z').text,
  );
  assert.deepEqual(header, ['Interval', 'GMTIntervalEnd', 'Wind Forecast MW', ' Solar Forecast MW']);
  assert.equal(first?.[1], '03/09/2025 09:00:00');
  const path = '/2026/06/04/09/OP-STRF-202606040830.csv';
  const [names, ...rows] = cellsOf(file('shortterm-resource-forecast', path, '2026-06-04T13:40:00Z').text);
  assert.deepEqual(names, [
    'Interval',
    'GMTInterval',
    'Wind Forecast MW',
    'Actual Wind MW',
    'Solar Forecast MW',
    'Actual Solar MW',
    'BAA',
  ]);
  assert.notEqual(rows[0]?.[3], '');
  assert.equal(rows.at(-1)?.[3], '');
});

test('ties: one file of a month, since March 2026 with the area in its name, in the next month', () => {
  const november = file('historical-tie-flow', '/TieFlows_Nov2025.csv', '2025-12-05T00:00:00Z');
  const [header, ...rows] = cellsOf(november.text);
  assert.deepEqual(header?.slice(0, 3), ['GMTTIME', 'SPP_NSI', 'SPP_NAI']);
  assert.equal(rows[0]?.[0], '2025-11-01T05:00:00Z');
  assert.equal(rows.length, (30 * 24 + 1) * 12);
  const flows = (rows[77] ?? []).slice(2).map(Number);
  assert.ok(Math.abs((flows[0] ?? 0) - flows.slice(1).reduce((sum, flow) => sum + flow, 0)) < 0.0005);
  const isThere = (path: string, at: string): boolean => file('historical-tie-flow', path, at).status === 200;
  assert.ok(!isThere('/TieFlows_Nov2025.csv', '2025-12-01T12:00:00Z'));
  assert.ok(!isThere('/TieFlows_SPP_Nov2025.csv', '2025-12-05T00:00:00Z'));
  assert.ok(isThere('/TieFlows_SPP_Mar2026.csv', '2026-04-05T00:00:00Z'));
  assert.ok(!isThere('/TieFlows_SWPW_Mar2026.csv', '2026-04-05T00:00:00Z'));
  assert.ok(isThere('/TieFlows_SWPW_Apr2026.csv', '2026-05-05T00:00:00Z'));
});
