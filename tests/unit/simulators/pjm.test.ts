/** The simulated PJM against what is known of the real one: written by hand from its description. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../../core/time/instant.ts';
import { ask, mantissa, small, utc } from './ask.ts';

const market = small('pjm');
type Item = Record<string, string | number | boolean | null>;

const query = (feed: string, parameters: string, at: string) => {
  const { status, text, headers } = ask(market, `/api/v1/${feed}?${parameters.replaceAll(' ', '%20')}`, at);
  return {
    status,
    text,
    headers,
    body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null,
  };
};
const itemsOf = (feed: string, date: string, at: string, rest = ''): Item[] =>
  query(feed, `startRow=1&rowCount=50000&datetime_beginning_ept=${date} 00:00to${date} 23:59${rest}`, at).body
    .items;

test('day-ahead prices: zones and hubs by number within hours, columns in order, parts that add up', () => {
  const { body, text } = query(
    'da_hrl_lmps',
    'startRow=1&rowCount=600&datetime_beginning_ept=07/08/2025 00:00to07/08/2025 23:59&type=ZONE',
    '2025-07-08T12:00:00Z',
  );
  assert.deepEqual(Object.keys(body), ['links', 'items', 'searchSpecification', 'totalRows']);
  assert.equal(body.totalRows, 23 * 24);
  assert.equal(body.items.length, 23 * 24);
  assert.deepEqual(Object.keys(body.items[0]), [
    'datetime_beginning_utc',
    'datetime_beginning_ept',
    'pnode_id',
    'pnode_name',
    'voltage',
    'equipment',
    'type',
    'zone',
    'system_energy_price_da',
    'total_lmp_da',
    'congestion_price_da',
    'marginal_loss_price_da',
    'row_is_current',
    'version_nbr',
  ]);
  const [first] = body.items;
  assert.deepEqual(
    [
      first.datetime_beginning_utc,
      first.datetime_beginning_ept,
      first.pnode_id,
      first.pnode_name,
      first.zone,
    ],
    ['2025-07-08T04:00:00', '2025-07-08T00:00:00', 1, 'PJM-RTO', null],
  );
  const numbers =
    /"system_energy_price_da":([^,]+),"total_lmp_da":([^,]+),"congestion_price_da":([^,]+),"marginal_loss_price_da":([^,]+),/g;
  let rows = 0;
  for (const [, ...cells] of text.matchAll(numbers)) {
    const [energy, total, congestion, loss] = cells.map((cell) => mantissa(cell, 6));
    assert.equal(total, energy + congestion + loss);
    rows++;
  }
  assert.equal(rows, 23 * 24);
  assert.deepEqual(body.searchSpecification.filters, [
    { datetime_beginning_ept: '07/08/2025 00:00to07/08/2025 23:59' },
    { type: 'ZONE' },
  ]);
});

test('UTC is unique on both days; Eastern time leaves out 02:00, or prints 01:00 twice', () => {
  const stamps = (date: string, at: string): [string, string][] =>
    itemsOf('da_hrl_lmps', date, at, '&pnode_id=51288').map((item) => [
      String(item['datetime_beginning_utc']),
      String(item['datetime_beginning_ept']).slice(11, 16),
    ]);
  const spring = stamps('03/08/2026', '2026-03-09T12:00:00Z');
  assert.equal(spring.length, 23);
  assert.deepEqual(spring.map(([, ept]) => ept).slice(0, 4), ['00:00', '01:00', '03:00', '04:00']);
  const autumn = stamps('11/02/2025', '2025-11-03T12:00:00Z');
  assert.equal(autumn.length, 25);
  assert.deepEqual(autumn.slice(1, 3), [
    ['2025-11-02T05:00:00', '01:00'],
    ['2025-11-02T06:00:00', '01:00'],
  ]);
  assert.equal(new Set(autumn.map(([stamp]) => stamp)).size, 25);
});

test('five-minute prices: 276, 288 or 300 intervals; unverified without energy and with trailing zeros', () => {
  const count = (date: string, at: string): number =>
    itemsOf('rt_unverified_fivemin_lmps', date, at, '&pnode_id=51288').length;
  assert.equal(count('03/08/2026', '2026-03-09T12:00:00Z'), 276);
  assert.equal(count('07/07/2025', '2025-07-08T12:00:00Z'), 288);
  assert.equal(count('11/02/2025', '2025-11-03T12:00:00Z'), 300);
  const { text } = query(
    'rt_unverified_fivemin_lmps',
    'startRow=1&rowCount=10&datetime_beginning_ept=07/07/2025 00:00to07/07/2025 23:59&type=HUB',
    '2025-07-08T12:00:00Z',
  );
  assert.match(
    text,
    /\{"datetime_beginning_utc":"2025-07-07T04:00:00","datetime_beginning_ept":"2025-07-07T00:00:00","pnode_id":51217,"pnode_name":"EASTERN HUB","type":"HUB","total_lmp_rt":-?\d+\.\d{6},"congestion_price_rt":-?\d+\.\d{6},"marginal_loss_price_rt":-?\d+\.\d{6},"occ_check":"1","ref_caseid_used_multi_interval":\d+\}/,
  );
});

test('verified prices come on the next business day and differ a little; a second version stands beside the first', () => {
  const date = '07/03/2025';
  assert.equal(itemsOf('rt_hrl_lmps', date, '2025-07-04T12:00:00Z').length, 0);
  // The third was a Thursday; Friday is a business day here, and the weekend is none.
  assert.equal(itemsOf('rt_hrl_lmps', '07/04/2025', '2025-07-06T22:00:00Z').length, 0);
  assert.ok(itemsOf('rt_hrl_lmps', '07/04/2025', '2025-07-07T22:00:00Z').length > 0);
  const verified = itemsOf('rt_hrl_lmps', date, '2025-07-07T12:00:00Z');
  const first = itemsOf('rt_unverified_hrl_lmps', date, '2025-07-07T12:00:00Z');
  assert.equal(verified.length, first.length);
  const changed = verified.filter((item, k) => item['total_lmp_rt'] !== first[k]['total_lmp_rt']).length;
  assert.ok(changed > 0 && changed < verified.length * 0.1, String(changed));
  assert.ok(verified.every((item) => item['version_nbr'] === 1 && item['row_is_current'] === true));
  const later = itemsOf('rt_hrl_lmps', date, '2025-07-20T12:00:00Z');
  const old = later.filter((item) => item['row_is_current'] === false);
  assert.equal(later.length, verified.length + old.length);
  assert.ok(old.length > 0);
  assert.equal(later.filter((item) => item['version_nbr'] === 2).length, old.length);
  const current = itemsOf('rt_hrl_lmps', date, '2025-07-20T12:00:00Z', '&row_is_current=TRUE');
  assert.equal(current.length, verified.length);
});

test('pages: next as long as rows remain, the echo in capitals, all rows once', () => {
  const parameters = (from: number): string =>
    `startRow=${from}&rowCount=200&datetime_beginning_ept=2025-07-08T00:00to2025-07-08T23:59&type=ZONE&fields=datetime_beginning_utc,pnode_id,total_lmp_da`;
  const at = '2025-07-08T12:00:00Z';
  const seen: string[] = [];
  for (let from = 1; ; from += 200) {
    const { body } = query('da_hrl_lmps', parameters(from), at);
    seen.push(...body.items.map((item: Item) => `${item['datetime_beginning_utc']} ${item['pnode_id']}`));
    const next = body.links.find((link: { rel: string }) => link.rel === 'next');
    if (next === undefined) break;
    assert.equal(
      next.href,
      `https://api.pjm.com/api/v1/da_hrl_lmps?RowCount=200&Order=Asc&StartRow=${from + 200}&IsActiveMetadata=True&Fields=datetime_beginning_utc%2Cpnode_id%2Ctotal_lmp_da&datetime_beginning_ept=2025-07-08T00%3A00to2025-07-08T23%3A59&type=ZONE`,
    );
    assert.deepEqual(Object.keys(body.items[0]), ['datetime_beginning_utc', 'pnode_id', 'total_lmp_da']);
  }
  assert.equal(seen.length, 552);
  assert.equal(new Set(seen).size, 552);
});

test('CSV and bare lists say the same; their header counts the rows', () => {
  const at = '2025-07-08T12:00:00Z';
  const base =
    'startRow=1&rowCount=3&datetime_beginning_ept=07/08/2025 13:00&type=HUB&fields=datetime_beginning_utc,pnode_name,total_lmp_da,row_is_current';
  const list = query('da_hrl_lmps', `${base}&download=true`, at);
  assert.equal(list.body.length, 3);
  assert.equal(list.headers['x-totalrows'], '12');
  const [head, first] = query('da_hrl_lmps', `${base}&format=csv`, at).text.split('\n');
  assert.equal(head, 'datetime_beginning_utc,pnode_name,total_lmp_da,row_is_current');
  assert.equal(first, `7/8/2025 5:00:00 PM,EASTERN HUB,${list.body[0].total_lmp_da},True`);
});

test('refusals: fields, pages, the archive and its boundary; no rows are no error', () => {
  const at = '2025-07-08T12:00:00Z';
  const refused = (feed: string, parameters: string): unknown[] => {
    const { status, body } = query(feed, parameters, at);
    return [status, body.errors?.[0].field ?? null];
  };
  const page = 'startRow=1&rowCount=10';
  assert.deepEqual(refused('no_such_feed', page), [404, null]);
  assert.deepEqual(refused('da_hrl_lmps', 'type=ZONE'), [400, 'rowCount']);
  assert.deepEqual(refused('da_hrl_lmps', 'startRow=1&rowCount=50001'), [400, 'rowCount']);
  assert.deepEqual(refused('da_hrl_lmps', `${page}&nonsense=1`), [400, 'nonsense']);
  assert.deepEqual(refused('da_hrl_lmps', `${page}&fields=nonsense`), [400, 'nonsense']);
  assert.deepEqual(refused('da_hrl_lmps', `${page}&datetime_beginning_ept=soon`), [
    400,
    'datetime_beginning_ept',
  ]);
  const range = (from: string, to: string): string =>
    `${page}&datetime_beginning_ept=${from} 00:00to${to} 23:59`;
  const boundary = [400, 'datetime_beginning_ept'];
  assert.deepEqual(
    refused('rt_fivemin_hrl_lmps', `${range('06/01/2024', '06/01/2024')}&type=ZONE`),
    boundary,
  );
  assert.deepEqual(refused('rt_fivemin_hrl_lmps', range('12/01/2024', '02/01/2025')), boundary);
  assert.deepEqual(refused('da_hrl_lmps', range('12/30/2021', '01/02/2022')), boundary);
  const archived = itemsOf('rt_fivemin_hrl_lmps', '06/01/2024', at);
  assert.equal(archived.filter((item) => item['row_is_current'] === true).length, 288 * 35);
  const none = query('da_hrl_lmps', range('08/01/2025', '08/01/2025'), at);
  assert.deepEqual([none.status, none.body.totalRows, none.body.items], [200, 0, []]);
});

test('load, forecast and fuels', () => {
  const at = '2025-07-08T16:02:00Z';
  const load = itemsOf('hrl_load_metered', '07/05/2025', at, '&load_area=RTO');
  assert.equal(load.length, 24);
  assert.deepEqual(Object.keys(load[0]), [
    'datetime_beginning_utc',
    'datetime_beginning_ept',
    'nerc_region',
    'mkt_region',
    'zone',
    'load_area',
    'mw',
    'is_verified',
  ]);
  const { body } = query('load_frcstd_7_day', 'startRow=1&rowCount=5000&forecast_area=RTO_COMBINED', at);
  assert.equal(body.items[0].evaluated_at_datetime_ept, '2025-07-08T08:15:00');
  assert.equal(body.items[0].forecast_datetime_beginning_ept, '2025-07-08T11:00:00');
  assert.equal(body.items.at(-1).forecast_datetime_ending_ept, '2025-07-15T00:00:00');
  const { text } = query(
    'gen_by_fuel',
    'startRow=1&rowCount=10&datetime_beginning_utc=2025-07-08T00:00:00.0000000',
    at,
  );
  assert.match(text, /"fuel_type":"Nuclear","mw":\d+\.0,/);
  assert.deepEqual(
    JSON.parse(text).items.map((item: Item) => item['fuel_type']),
    [
      'Coal',
      'Gas',
      'Hydro',
      'Multiple Fuels',
      'Nuclear',
      'Oil',
      'Other Renewables',
      'Solar',
      'Storage',
      'Wind',
    ],
  );
});

test('a key is wanted, and too many requests are told how long to wait', () => {
  const asked = (headers: Record<string, string>): number =>
    market.authorize?.('/api/v1/inst_load', new URLSearchParams(), { method: 'GET', headers, body: '' }, 0)
      ?.status ?? 200;
  assert.equal(asked({}), 401);
  assert.equal(asked({ 'ocp-apim-subscription-key': 'k' }), 200);
  assert.deepEqual([market.pace?.requests, market.pace?.seconds], [6, 60]);
  const refusal = market.tooSoon(17);
  assert.deepEqual([refusal.status, refusal.headers['retry-after']], [429, '17']);
});

test('what is told as true is what the feeds print; the same question gives the same bytes', () => {
  const at = '2025-11-04T02:00:00Z';
  const start = utc('2025-11-02T04:00:00Z');
  const told = [...market.published('da_lmp', { start, end: start + 25 * HOUR }, utc(at))]
    .filter(({ field }) => field === 'lmp')
    .map(({ location, value }) => `${location} ${Number(value)}`);
  const printed = itemsOf('da_hrl_lmps', '11/02/2025', at).map(
    (item) => `${item['pnode_name']} ${item['total_lmp_da']}`,
  );
  assert.deepEqual(told.sort(), printed.sort());
  const path = '/api/v1/da_hrl_lmps?startRow=1&rowCount=10';
  assert.deepEqual(ask(small('pjm'), path, at).bytes, ask(market, path, at).bytes);
  assert.notDeepEqual(ask(small('pjm', 8), path, at).bytes, ask(market, path, at).bytes);
});
