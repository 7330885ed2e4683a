/** The simulated EIA against what is known of the real one: written by hand from its description. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, small, utc } from './ask.ts';

const market = small('eia');
type Row = Record<string, string | null>;

const SORTED = 'data[0]=value&sort[0][column]=period&sort[0][direction]=asc';
const query = (route: string, parameters: string, at: string, headers: Record<string, string> = {}) => {
  const { status, text } = ask(market, `/v2/${route}/data/?${parameters}`, at, null, { headers });
  return { status, text, body: JSON.parse(text) };
};
const gas = (parameters: string, at: string) =>
  query('natural-gas/pri/fut', `frequency=daily&${SORTED}&${parameters}`, at).body.response;

test('Henry Hub: texts throughout, hyphens in keys, no prices on weekends and holidays', () => {
  const { total, dateFormat, frequency, data } = gas(
    'facets[series][]=RNGWHHD&start=2024-03-25&end=2024-04-05',
    '2024-06-01T12:00:00Z',
  );
  assert.deepEqual([total, dateFormat, frequency], ['9', 'YYYY-MM-DD', 'daily']);
  assert.deepEqual(
    data.map((row: Row) => row['period']),
    // The 29th was Good Friday.
    [25, 26, 27, 28].map((day) => `2024-03-${day}`).concat([1, 2, 3, 4, 5].map((day) => `2024-04-0${day}`)),
  );
  assert.deepEqual(Object.keys(data[0]), [
    'period',
    'duoarea',
    'area-name',
    'product',
    'product-name',
    'process',
    'process-name',
    'series',
    'series-description',
    'value',
    'units',
  ]);
  for (const row of data) assert.match(row.value, /^\d+(\.\d{1,3})?$/);
  const holidays = ['2025-01-01', '2025-05-26', '2025-07-04', '2025-09-01', '2025-11-27', '2025-12-25'];
  const year = gas('facets[series][]=RNGWHHD&start=2025-01-01&end=2025-12-31', '2026-06-01T12:00:00Z').data;
  assert.equal(year.length, 251);
  for (const day of holidays) assert.ok(!year.some((row: Row) => row['period'] === day), day);
});

test('prices come days later, and some are replaced in silence', () => {
  const days = (at: string): string[] =>
    gas('facets[series][]=RNGC1&start=2025-06-01', at).data.map((row: Row) => String(row['period']));
  assert.equal(days('2025-07-08T14:00:00Z').at(-1), '2025-07-03');
  const values = (from: string, to: string, at: string): (string | null)[] =>
    gas(`start=${from}&end=${to}`, at).data.map((row: Row) => row['value']);
  let changed = 0;
  let all = 0;
  for (let month = 1; month <= 9; month++) {
    const span = [`2025-0${month}-06`, `2025-0${month}-12`] as const;
    const first = values(...span, `2025-0${month}-16T12:00:00Z`);
    const later = values(...span, `2025-0${month}-27T12:00:00Z`);
    assert.equal(first.length, later.length);
    all += first.length;
    changed += first.filter((value, k) => value !== later[k]).length;
  }
  assert.ok(changed > 0 && changed < all * 0.1, `${changed} of ${all}`);
});

test('the alias by series id, and what it refuses', () => {
  const at = '2025-07-08T12:00:00Z';
  const alias = ask(market, '/v2/seriesid/NG.RNGWHHD.D?start=2025-06-20&end=2025-06-27', at);
  assert.equal(JSON.parse(alias.text).response.total, '6');
  const bare = ask(market, '/v2/seriesid/RNGWHHD', at);
  assert.equal(bare.status, 404);
  assert.equal(bare.text, '{"error":"Series ID \'RNGWHHD\' is not valid.","code":404}');
});

test('the grid monitor: hours by their end in UTC, both bounds count', () => {
  const { body } = query(
    'electricity/rto/region-data',
    `frequency=hourly&${SORTED}&facets[respondent][]=TVA&facets[type][]=D&start=2025-11-02T04&end=2025-11-02T09`,
    '2025-11-04T12:00:00Z',
  );
  const { data, dateFormat } = body.response;
  assert.equal(dateFormat, 'YYYY-MM-DD"T"HH24');
  assert.deepEqual(
    data.map((row: Row) => row['period']),
    ['04', '05', '06', '07', '08', '09'].map((hour) => `2025-11-02T${hour}`),
  );
  assert.deepEqual(Object.entries(data[0]).slice(1, 5), [
    ['respondent', 'TVA'],
    ['respondent-name', 'Tennessee Valley Authority'],
    ['type', 'D'],
    ['type-name', 'Demand'],
  ]);
  const window = { start: utc('2025-11-02T03:00:00Z'), end: utc('2025-11-02T09:00:00Z') };
  const truth = [...market.published('load_hourly', window, utc('2025-11-04T12:00:00Z'))].filter(
    ({ location, field }) => location === 'TVA' && field === 'load',
  );
  assert.deepEqual(
    truth.map(({ value }) => value),
    data.map((row: Row) => row['value']).filter((value: string | null) => value !== null),
  );
});

test('some values are null, and nothing is an answer too', () => {
  const at = '2025-07-08T12:00:00Z';
  const { data } = query(
    'electricity/rto/fuel-type-data',
    `frequency=hourly&${SORTED}&start=2025-07-04T00&end=2025-07-07T00`,
    at,
  ).body.response;
  const nulls = data.filter((row: Row) => row['value'] === null).length;
  assert.ok(nulls > 0 && nulls < data.length * 0.02, String(nulls));
  const none = query('electricity/rto/region-data', `frequency=hourly&${SORTED}&start=2025-07-10T00`, at);
  assert.deepEqual([none.status, none.body.response.total, none.body.response.data], [200, '0', []]);
});

test('pages by offset cover all rows once, sorted or not; more than 5000 rows come with a warning', () => {
  const at = '2025-07-08T12:00:00Z';
  for (const sort of [SORTED, 'data[0]=value']) {
    const rows: string[] = [];
    for (let offset = 0; offset < 360; offset += 100) {
      const parameters = `frequency=hourly&${sort}&start=2025-07-07T01&end=2025-07-08T00&offset=${offset}&length=100`;
      const { data, total } = query('electricity/rto/interchange-data', parameters, at).body.response;
      assert.equal(total, '360');
      rows.push(...data.map((row: Row) => `${row['period']} ${row['fromba']} ${row['toba']}`));
    }
    assert.equal(rows.length, 360);
    assert.equal(new Set(rows).size, 360);
    assert.equal(rows.join() === [...rows].sort().join(), sort === SORTED);
  }
  const long = query(
    'electricity/rto/fuel-type-data',
    `frequency=hourly&${SORTED}&start=2025-06-20T00`,
    at,
  ).body;
  assert.equal(long.response.data.length, 5000);
  assert.equal(long.response.warnings[0].warning, 'incomplete return');
});

test('without data=value there is no value; parameters may come in a header', () => {
  const at = '2025-07-08T12:00:00Z';
  const bare = query(
    'natural-gas/pri/fut',
    'frequency=daily&start=2025-06-20&facets[series][]=RNGWHHD',
    at,
  ).body;
  assert.equal(bare.response.data[0].value, undefined);
  const inHeader = query('natural-gas/pri/fut', '', at, {
    'x-params': JSON.stringify({
      frequency: 'daily',
      data: ['value'],
      facets: { series: ['RNGWHHD'] },
      start: '2025-06-20',
      sort: [{ column: 'period', direction: 'desc' }],
      offset: 0,
      length: 2,
    }),
  }).body.response.data;
  assert.deepEqual(
    inHeader.map((row: Row) => [row['period'], row['series']]),
    [
      ['2025-07-03', 'RNGWHHD'],
      ['2025-07-02', 'RNGWHHD'],
    ],
  );
});

test('refusals: routes, facets, columns, bounds', () => {
  const at = '2025-07-08T12:00:00Z';
  const refused = (route: string, parameters: string): number => {
    const { status, body } = query(route, parameters, at);
    assert.deepEqual(Object.keys(body), ['error', 'code']);
    assert.equal(body.code, status);
    return status;
  };
  assert.equal(refused('natural-gas/nothing', ''), 404);
  assert.equal(refused('natural-gas/pri/fut', 'facets[nonsense][]=A'), 400);
  assert.equal(refused('natural-gas/pri/fut', 'sort[0][column]=nonsense'), 400);
  assert.equal(refused('natural-gas/pri/fut', 'start=yesterday'), 400);
  assert.equal(refused('natural-gas/pri/fut', 'frequency=hourly'), 400);
});

test('a key is wanted, by parameter or header, and it is echoed', () => {
  const asked = (text: string, headers: Record<string, string> = {}) =>
    market.authorize?.('/v2/', new URLSearchParams(text), { method: 'GET', headers, body: '' }, 0) ?? null;
  const missing = asked('');
  assert.equal(missing?.status, 403);
  assert.equal(JSON.parse(String(missing?.body)).error.code, 'API_KEY_MISSING');
  assert.equal(asked('api_key=made-up-key'), null);
  assert.equal(asked('', { 'x-api-key': 'made-up-key' }), null);
  const { text } = query(
    'natural-gas/pri/fut',
    'api_key=made-up-key&start=2025-06-20',
    '2025-07-08T12:00:00Z',
  );
  assert.ok(text.includes('"api_key":"made-up-key"'));
});

test('the same question at the same time gives the same bytes; another seed gives others', () => {
  const path = '/v2/natural-gas/pri/fut/data/?data[0]=value&start=2025-06-20';
  const at = '2025-07-08T12:00:00Z';
  assert.deepEqual(ask(small('eia'), path, at).bytes, ask(market, path, at).bytes);
  assert.notDeepEqual(ask(small('eia', 8), path, at).bytes, ask(market, path, at).bytes);
});
