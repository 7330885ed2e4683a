/** Reserves, wind, sun and ties of the simulated PJM against what is known of the real ones: written by hand. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, small } from './ask.ts';

const market = small('pjm');
type Item = Record<string, string | number | null>;

const itemsOf = (feed: string, date: string, at: string, stamp = 'datetime_beginning'): Item[] => {
  const query = `startRow=1&rowCount=50000&${stamp}_ept=${date} 00:00to${date} 23:59`.replaceAll(' ', '%20');
  return JSON.parse(ask(market, `/api/v1/${feed}?${query}`, at).text).items;
};

test('results of reserves: a row per locale and service, five minutes since September 2022, hours before', () => {
  const items = itemsOf('reserve_market_results', '11/02/2025', '2025-11-04T12:00:00Z');
  assert.equal(items.length, 300 * 6);
  assert.deepEqual(Object.keys(items[0] ?? {}), [
    'datetime_beginning_utc',
    'datetime_beginning_ept',
    'locale',
    'service',
    'mcp',
    'mcp_capped',
    'reg_ccp',
    'reg_pcp',
    'as_req_mw',
    'total_mw',
    'as_mw',
    'ss_mw',
    'tier1_mw',
    'ircmwt2',
    'dsr_as_mw',
    'nsr_mw',
    'regd_mw',
  ]);
  assert.deepEqual(
    items.slice(0, 6).map(({ locale, service }) => `${locale} ${service}`),
    ['PJM_RTO SR', 'PJM_RTO PR', 'PJM_RTO 30MIN', 'PJM_RTO REG', 'MAD SR', 'MAD PR'],
  );
  const old = itemsOf('reserve_market_results', '08/31/2022', '2022-09-02T12:00:00Z');
  assert.equal(old.length, 24 * 6);
  assert.equal(itemsOf('reserve_market_results', '09/01/2022', '2022-09-03T12:00:00Z').length, 288 * 6);
});

test('day-ahead reserves: since October 2022, the afternoon before, 23 hours in spring', () => {
  assert.equal(itemsOf('da_reserve_market_results', '03/09/2025', '2025-03-08T20:00:00Z').length, 23 * 5);
  assert.equal(itemsOf('da_reserve_market_results', '03/09/2025', '2025-03-08T12:00:00Z').length, 0);
  assert.equal(itemsOf('da_reserve_market_results', '09/30/2022', '2022-10-02T12:00:00Z').length, 0);
});

test('forecasts of wind and sun: each issue of a day with 48 hours, the part behind the meter with the sun', () => {
  const items = itemsOf('hourly_solar_power_forecast', '07/08/2025', '2025-07-08T12:30:00Z', 'evaluated_at');
  // Issues of midnight to eight in the morning.
  assert.equal(items.length, 9 * 48);
  const [first] = items;
  assert.deepEqual(Object.keys(first ?? {}).slice(-2), ['solar_forecast_btm_mwh', 'solar_forecast_mwh']);
  assert.equal(first?.['evaluated_at_utc'], '2025-07-08T04:00:00');
  assert.equal(first?.['datetime_beginning_utc'], '2025-07-08T04:00:00');
  assert.equal(first?.['datetime_ending_ept'], '2025-07-08T01:00:00');
  const noon = items.filter((item) => item['datetime_beginning_utc'] === '2025-07-08T16:00:00');
  assert.equal(new Set(noon.map((item) => item['evaluated_at_utc'])).size, 9);
  assert.ok(
    noon.every((item) => Number(item['solar_forecast_mwh']) > Number(item['solar_forecast_btm_mwh'])),
  );
});

test('flows: what is inadvertent is actual less scheduled; readings of five minutes are a second late', () => {
  const hours = itemsOf('act_sch_interchange', '11/02/2025', '2025-11-04T12:00:00Z');
  assert.equal(hours.length, 25 * 8);
  for (const { actual_flow: actual, sched_flow: planned, inadv_flow: rest } of hours)
    assert.ok(Math.abs(Number(actual) - Number(planned) - Number(rest)) < 0.0015);
  const [reading] = itemsOf('five_min_tie_flows', '11/02/2025', '2025-11-02T12:00:00Z');
  assert.equal(reading?.['datetime_beginning_utc'], '2025-11-02T04:00:01');
});
