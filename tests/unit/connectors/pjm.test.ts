/** PJM: which feed a body is, what its stamps say, refusals, and where data is asked for. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pjm } from '../../../connectors/pjm/index.ts';
import { formatInstant, parseInstant } from '../../../core/time/instant.ts';
import { xlsOf } from '../../../simulators/xls-writer.ts';
import { bytesOf, failureOf, readBody } from '../../support/read-body.ts';
import { piecesOf, refinePieces } from '../../support/read-in-pieces.ts';

const MARKET = { market: 'pjm' };
const at = (text: string): number => parseInstant(text) ?? Number.NaN;
const starts = (body: string, name = ''): string[] =>
  readBody(body, MARKET, name).rows.map((row) => formatInstant(row.intervalStart));
const rejections = (body: string): string[] =>
  readBody(body, MARKET).rejected.map(({ code, got }) => `${code} ${got}`);

const PRICE = 'datetime_beginning_utc,datetime_beginning_ept,pnode_id,pnode_name,type,total_lmp_rt\n';
const price = (utc: string, ept: string): string => `${utc},${ept},1,PJM-RTO,ZONE,20.5\n`;
const item = (stamp: string): string =>
  `{"datetime_beginning_utc":"${stamp}","pnode_id":1,"pnode_name":"PJM-RTO","total_lmp_rt":20.5}`;
const document = (feed: string, items: string): string =>
  `{"links":[{"rel":"self","href":"https://api.pjm.com/api/v1/${feed}?RowCount=5"}],"items":[${items}],"totalRows":1}`;

test('real-time prices: the link names the feed; without one the stamps tell, and one full hour alone does not', () => {
  const one = item('2025-07-16T04:00:00');
  assert.equal(readBody(document('rt_unverified_fivemin_lmps', one), MARKET).dataset, 'rt_lmp');
  assert.equal(readBody(document('rt_unverified_hrl_lmps', one), MARKET).dataset, 'rt_lmp_hourly');
  assert.equal(readBody(`[${item('2025-07-16T04:05:00')}]`, MARKET).dataset, 'rt_lmp');
  assert.equal(readBody(`[${one},${item('2025-07-16T05:00:00')}]`, MARKET).dataset, 'rt_lmp_hourly');
  assert.match(failureOf(`[${one}]`, MARKET).message, /may be PJM rt_lmp, PJM rt_lmp_hourly/);
  const asked = { ...MARKET, dataset: 'rt_lmp' };
  assert.equal(formatInstant(readBody(`[${one}]`, asked).rows[0]?.intervalEnd ?? 0), '2025-07-16T04:05:00Z');
});

test('a piece of five-minute prices is read as its body, whatever minutes it shows', () => {
  const rtLmp = pjm.datasets.find(({ name }) => name === 'rt_lmp');
  assert.ok(rtLmp !== undefined);
  // By node, as queries may sort: the second piece shows two full hours, and a broken stamp before them.
  const body =
    PRICE +
    price('11/2/2025 5:55:00 AM', '') +
    price('ZONE', '') +
    price('11/2/2025 6:00:00 AM', '') +
    price('11/2/2025 7:00:00 AM', '');
  const whole = readBody(body, MARKET);
  assert.deepEqual([whole.dataset, whole.rows.length, whole.rejected.length], ['rt_lmp', 3, 1]);
  const pieces = piecesOf(rtLmp, { name: '', bytes: bytesOf(body) }, 60) ?? [];
  assert.ok(pieces.length === 2, String(pieces.length));
  const steps = ['sanitize_numeric', 'standardize_timezone'];
  const { rows, rejected } = refinePieces('PJM', rtLmp, steps, pieces);
  assert.deepEqual(rows, whole.rows);
  assert.deepEqual(rejected, whole.rejected);
});

test('stamps with a fraction, a Z, blanks, and of a 12-hour clock', () => {
  for (const stamp of [
    '2025-07-16T16:05:00.000',
    '2025-07-16T16:05:00Z',
    '2025-07-16 16:05:00',
    '7/16/2025 4:05:00 PM',
    '7/16/2025 16:05',
  ])
    assert.deepEqual(starts(PRICE + price(stamp, '')), ['2025-07-16T16:05:00Z'], stamp);
  assert.deepEqual(starts(PRICE + price('7/16/2025 12:05:00 AM', '')), ['2025-07-16T00:05:00Z']);
  assert.deepEqual(
    rejections(PRICE + price('7/16/2025 4:05:00 PM', '') + price('7/16/2025 13:05:00 PM', '')),
    ['TIME_UNPARSEABLE 7/16/2025 13:05:00 PM'],
  );
});

test('UTC decides over Eastern time; Eastern alone is told by order or refused', () => {
  assert.deepEqual(
    starts(
      PRICE +
        price('2025-11-02T06:05:00', '2025-11-02T01:05:00') +
        price('2025-11-02T05:05:00', '2025-11-02T01:05:00'),
    ),
    ['2025-11-02T06:05:00Z', '2025-11-02T05:05:00Z'],
  );
  const eastern = 'datetime_beginning_ept,pnode_name,total_lmp_da\n';
  const row = (clock: string): string => `2025-11-02T${clock}:00,PJM-RTO,1.5\n`;
  assert.deepEqual(starts(eastern + ['00:00', '01:00', '01:00', '02:00'].map(row).join('')), [
    '2025-11-02T04:00:00Z',
    '2025-11-02T05:00:00Z',
    '2025-11-02T06:00:00Z',
    '2025-11-02T07:00:00Z',
  ]);
  assert.deepEqual(rejections(eastern + ['00:00', '01:00', '02:00'].map(row).join('')), [
    'TIME_AMBIGUOUS 2025-11-02T01:00:00',
  ]);
});

test('begin and end must be as far apart as the feed says', () => {
  const feed = (end: string): string =>
    `[{"datetime_beginning_utc":"2025-07-16T04:00:00","datetime_ending_utc":"${end}","evaluated_at_utc":"2025-07-16T03:00:00","wind_forecast_mwh":5}]`;
  assert.deepEqual(starts(feed('2025-07-16T05:00:00')), ['2025-07-16T04:00:00Z']);
  assert.deepEqual(rejections(feed('2025-07-16T04:30:00')), [
    'TIME_UNPARSEABLE 2025-07-16T04:00:00 to 2025-07-16T04:30:00',
  ]);
});

test('a version is the order of statements, and numbers keep their digits', () => {
  const body = `[{"datetime_beginning_utc":"2025-07-16T04:00:00","pnode_name":"AEP","type":"ZONE","total_lmp_da":545.530000,"row_is_current":true,"version_nbr":2}]`;
  const [row] = readBody(body, MARKET).rows;
  assert.deepEqual([row?.version, row?.sequence, row?.values[0]?.value], [2, null, '545.530000']);
  assert.equal(row?.series, null);
});

test('XML of a feed is read as its JSON', () => {
  const body =
    '<?xml version="1.0"?><ArrayOfGenByFuel><GenByFuel><datetime_beginning_utc>2025-07-16T04:00:00</datetime_beginning_utc>' +
    '<fuel_type>Coal</fuel_type><mw>16908.0</mw></GenByFuel></ArrayOfGenByFuel>';
  const { rows, dataset } = readBody(body, MARKET);
  assert.deepEqual([dataset, rows[0]?.series, rows[0]?.values[0]?.value], ['fuel_mix', 'Coal', '16908.0']);
});

test('a page of the repeated hour is refused, whatever word follows its clock', () => {
  const page = (stamp: string): string =>
    `<h1>Instantaneous Load</h1><p>As of <span>${stamp}</span> EST</p><table><tr><th>Name</th><th>MW</th></tr><tr><td>PJM RTO Total</td><td>91,419</td></tr></table>`;
  assert.deepEqual(rejections(page('11.02.2025 01:23')), ['TIME_AMBIGUOUS 11.02.2025 01:23']);
  assert.deepEqual(starts(page('07.16.2025 01:23')), ['2025-07-16T05:23:00Z']);
});

test('a daily file that numbers an hour 2500 is refused', () => {
  const hours = Array.from({ length: 25 }, (_, i) => `${String(i + 1).padStart(2, '0')}00`);
  const body = `Day-Ahead LMP\n,,,,,,${hours.map((each) => `,${each}`).join('')}\nDate,PnodeID,Name,Voltage,Equipment,Type,Zone${',TotalLMP'.repeat(25)}\n20251102,1,PJM-RTO,,,ZONE,${',1.5'.repeat(25)}\n`;
  const failure = failureOf(body, MARKET);
  assert.deepEqual([failure.code, failure.position.got], ['SOURCE_MALFORMED', '2500']);
});

const REFUSALS: readonly (readonly [what: string, body: string, code: string, words: RegExp])[] = [
  [
    'an empty answer',
    '{"links":[],"items":[],"searchSpecification":{},"totalRows":0}',
    'SOURCE_NO_DATA',
    /no row/,
  ],
  ['an empty array', '[]', 'SOURCE_NO_DATA', /no row/],
  [
    'a bad query',
    '{"errors":[{"field":"sort","message":"Not sortable","detail":null}],"code":400,"message":"Bad"}',
    'SOURCE_REFUSED',
    /sort: Not sortable/,
  ],
  [
    'a missing key',
    '{ "statusCode": 401, "message": "Access denied due to missing subscription key." }',
    'SOURCE_REFUSED',
    /401/,
  ],
  [
    'too many requests',
    '{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 9 seconds." }',
    'SOURCE_BUSY',
    /Rate limit/,
  ],
  ['a failure', '{"code":500,"message":"Internal error","activityId":"x"}', 'SOURCE_BUSY', /500/],
  ['a page', '<html><head><title>Sign in</title></head></html>', 'SOURCE_NOT_DATA', /Sign in/],
  [
    'nodes',
    '[{"pnode_id":1,"pnode_name":"A","pnode_type":"BUS","effective_date":"2025-01-01T00:00:00"}]',
    'SOURCE_UNRECOGNISED',
    /pricing nodes/,
  ],
  [
    'another feed',
    document('ops_sum_frcst_peak_rto', '{"area":"RTO","internal_scheduled_capacity":1}'),
    'SOURCE_UNRECOGNISED',
    /ops_sum_frcst_peak_rto/,
  ],
  [
    'a cut document',
    document(
      'gen_by_fuel',
      '{"datetime_beginning_utc":"2025-07-16T04:00:00","fuel_type":"Coal","mw":1},{"datetime',
    ).slice(0, -16),
    'SOURCE_MALFORMED',
    /cut short/,
  ],
];
for (const [what, body, code, words] of REFUSALS)
  test(`refused: ${what}`, () => {
    const failure = failureOf(body, MARKET);
    assert.equal(failure.code, code);
    assert.match(failure.message, words);
  });

test('a day is asked for by type of node; archived days whole', () => {
  const plan = (now: string, options: Readonly<Record<string, string>> = {}): string[] =>
    (
      pjm.datasets
        .find(({ name }) => name === 'rt_lmp')
        ?.plan(
          { start: at('2026-03-08T05:00:00Z'), end: at('2026-03-09T04:00:00Z') },
          { now: at(now), options },
        ) ?? []
    ).map(({ url }) =>
      url.replace('https://api.pjm.com/api/v1/rt_unverified_fivemin_lmps?startRow=1&rowCount=50000', ''),
    );
  const day = '&datetime_beginning_ept=2026-03-08T00:00to2026-03-08T23:59';
  assert.deepEqual(plan('2026-03-09T12:00:00Z'), [`${day}&type=ZONE`, `${day}&type=HUB`]);
  assert.deepEqual(plan('2026-03-09T12:00:00Z', { types: 'interface' }), [`${day}&type=INTERFACE`]);
  assert.deepEqual(plan('2027-03-09T12:00:00Z'), [day]);
});

test('loads of a year: a sheet is a zone, and the repeated hour is refused, as one column stands for both', () => {
  const names = ['DATE', ...Array.from({ length: 24 }, (_, i) => `HE${String(i + 1).padStart(2, '0')}`)];
  const body = xlsOf('AEP', [names, [{ date: '2014-11-02' }, ...names.slice(1).map((_, i) => 9_000 + i)]]);
  const { dataset, rows, rejected } = readBody(body, MARKET, '2014-hourly-loads.xls');
  assert.equal(dataset, 'load_hourly_years');
  assert.deepEqual([rows.length, rows[0]?.location, rows[0]?.values[0]?.value], [23, 'AEP', '9000']);
  assert.equal(formatInstant(rows[1]?.intervalStart ?? 0), '2014-11-02T07:00:00Z');
  assert.deepEqual(
    rejected.map(({ code, got }) => `${code} ${got}`),
    ['TIME_AMBIGUOUS 2014-11-02 HE 2'],
  );
});
