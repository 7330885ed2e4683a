/** ERCOT: hours told by flags, forms that vary, refusals, and where data is asked for. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ercot } from '../../../connectors/ercot/index.ts';
import { formatInstant, parseInstant } from '../../../core/time/instant.ts';
import { openContainer } from '../../../drivers/containers/container.ts';
import { workbookOf } from '../../../scripts/samples/workbook-writer.ts';
import { zipOf } from '../../../scripts/samples/zip-writer.ts';
import { failureOf, readBody } from '../../support/read-body.ts';

const MARKET = { market: 'ercot' };
const starts = (body: string | Uint8Array, name = ''): string[] =>
  readBody(body, MARKET, name).rows.map((row) => formatInstant(row.intervalStart));
const rejections = (body: string): string[] =>
  readBody(body, MARKET).rejected.map(({ code, got }) => `${code} ${got}`);
const at = (text: string): number => parseInstant(text) ?? Number.NaN;

const SPP = 'DeliveryDate,HourEnding,SettlementPoint,SettlementPointPrice,DSTFlag\n';
const hour = (date: string, label: string, flag: string): string =>
  `${date},${label},HB_NORTH,10.5,${flag}\n`;

test('the flag tells the passes of the repeated hour, in whatever case; false and N are the first', () => {
  for (const [first, second] of [
    ['N', 'Y'],
    ['n', 'y'],
    ['false', 'true'],
  ] as const)
    assert.deepEqual(
      starts(
        SPP +
          hour('11/02/2025', '01:00', first) +
          hour('11/02/2025', '02:00', first) +
          hour('11/02/2025', '02:00', second),
      ),
      ['2025-11-02T05:00:00Z', '2025-11-02T06:00:00Z', '2025-11-02T07:00:00Z'],
    );
});

test('without a flag, or with another word, the repeated hour is refused and no other', () => {
  const bare = 'DeliveryDate,HourEnding,SettlementPoint,SettlementPointPrice\n';
  const rows = ['01:00', '02:00', '03:00'].map((label) => `11/02/2025,${label},HB_NORTH,10.5\n`);
  assert.deepEqual(rejections(bare + rows.join('')), ['TIME_AMBIGUOUS 11/02/2025 02:00']);
  assert.deepEqual(rejections(SPP + hour('11/02/2025', '02:00', 'X')), ['TIME_AMBIGUOUS 11/02/2025 02:00']);
});

test('the label that spring skips is refused, also as a quarter of it', () => {
  assert.deepEqual(rejections(SPP + hour('03/08/2026', '03:00', 'N')), ['TIME_NONEXISTENT 03/08/2026 03:00']);
  const quarters =
    'DeliveryDate,DeliveryHour,DeliveryInterval,SettlementPointName,SettlementPointType,SettlementPointPrice,DSTFlag\n';
  assert.deepEqual(rejections(`${quarters}03/08/2026,3,1,HB_NORTH,HU,1.5,N\n`), [
    'TIME_NONEXISTENT 03/08/2026 3 1',
  ]);
  assert.deepEqual(
    starts(`${quarters}03/08/2026,4,1,HB_NORTH,HU,1.5,N\n03/08/2026,24,4,HB_NORTH,HU,1.5,N\n`),
    ['2026-03-08T08:00:00Z', '2026-03-09T04:45:00Z'],
  );
  assert.deepEqual(rejections(`${quarters}07/16/2025,1,5,HB_NORTH,HU,1.5,N\n`), [
    'TIME_UNPARSEABLE 07/16/2025 1 5',
  ]);
});

test('hours as 1:00, 01, 1, 100 and 24:00; dates padded or not, ISO or American', () => {
  for (const [date, label] of [
    ['07/16/2025', ' 1:00'],
    ['7/16/2025', '01'],
    ['2025-07-16', '1'],
    ['2025-07-16T00:00:00', '01:00'],
    ['07/16/2025', '0100'],
    ['07/16/2025', '100'],
  ] as const)
    assert.deepEqual(starts(SPP + hour(date, label, 'N')), ['2025-07-16T05:00:00Z'], `${date} ${label}`);
  assert.deepEqual(starts(SPP + hour('07/16/2025', '24:00', 'N')), ['2025-07-17T04:00:00Z']);
});

test('a report that counts an hour 25 is refused whole: its hours after two are another count', () => {
  const failure = failureOf(
    SPP + hour('11/02/2025', '24:00', 'N') + hour('11/02/2025', '25:00', 'N'),
    MARKET,
  );
  assert.deepEqual(
    [failure.code, failure.position.line, failure.position.got],
    ['SOURCE_MALFORMED', 3, '25:00'],
  );
});

test('columns in any order, quoted, with a mark of byte order, CRLF and a further column, which is reported', () => {
  const body =
    '\uFEFF"New Thing","DSTFlag","SettlementPointPrice","SettlementPoint","HourEnding","DeliveryDate"\r\n' +
    '"7","N"," 23.94","HB_WEST","02:00","07/16/2025"\r\n';
  const { rows, drift } = readBody(body, MARKET);
  assert.deepEqual(
    rows.map(({ location, values }) => [location, values[0]?.value]),
    [['HB_WEST', '23.94']],
  );
  assert.deepEqual(drift, [{ column: 'New Thing', at: 1 }]);
});

test('a line lost from a day is damage, and so is a cut line', () => {
  const lines = [1, 2, 4].map((n) => hour('07/16/2025', `0${n}:00`, 'N')).join('');
  assert.equal(failureOf(SPP + lines, MARKET).code, 'SOURCE_MALFORMED');
  const cut = failureOf(`${SPP}${hour('07/16/2025', '01:00', 'N')}07/16/2025,02:0`, MARKET);
  assert.deepEqual([cut.code, cut.position.line], ['SOURCE_MALFORMED', 3]);
});

test('a price without a time is refused; an empty margin of a yearly sheet is not a row', () => {
  const yearly =
    'Delivery Date,Delivery Hour,Delivery Interval,Repeated Hour Flag,Settlement Point Name,Settlement Point Type,Settlement Point Price\n';
  assert.deepEqual(starts(`${yearly}03/08/2026,2,4,N,HB_NORTH,HU,1.5\n03/08/2026,,,,HB_NORTH,HU,\n`), [
    '2026-03-08T07:45:00Z',
  ]);
  assert.deepEqual(rejections(`${yearly}03/08/2026,,,,HB_NORTH,HU,7\n`), ['TIME_UNPARSEABLE ']);
});

test('an unknown product of reserves is set aside with what is known', () => {
  const body = 'DeliveryDate,HourEnding,AncillaryType,MCPC,DSTFlag\n07/16/2025,01:00,FFSS,3,N\n';
  assert.deepEqual(rejections(body), ['FIELD_UNKNOWN FFSS']);
});

test('a native load file without marks tells the repeated hour by its order', () => {
  const lines = ['01:00', '02:00', '02:00', '03:00'].map((clock) => `11/05/2017 ${clock},1,2,3\n`);
  assert.deepEqual(
    starts(`Hour_End,COAST,EAST,ERCOT\n${lines.join('')}`)
      .slice(0, 12)
      .filter((_, i) => i % 3 === 0),
    ['2017-11-05T05:00:00Z', '2017-11-05T06:00:00Z', '2017-11-05T07:00:00Z', '2017-11-05T08:00:00Z'],
  );
});

test('the name of a report says when it was published, except in the repeated hour', () => {
  const named = (stamp: string): number | null | undefined =>
    readBody(
      SPP + hour('07/16/2025', '01:00', 'N'),
      MARKET,
      `cdr.00012331.0000000000000000.${stamp}.DAMSPNP4190.csv`,
    ).rows[0]?.publishedAt;
  assert.equal(named('20250715.123105123'), at('2025-07-15T17:31:05Z'));
  assert.equal(named('20250715123105'), at('2025-07-15T17:31:05Z'));
  assert.equal(named('20251102.013105123'), null);
});

test('a yearly workbook is read sheet by sheet, inside its zip', async () => {
  const header = [
    'Delivery Date',
    'Hour Ending',
    'Repeated Hour Flag',
    'Settlement Point',
    'Settlement Point Price',
  ];
  const row = (date: string, label: string, flag: string) => [
    date,
    label,
    flag,
    'HB_NORTH',
    { number: '22.1' },
  ];
  const book = workbookOf([
    { name: 'Mar_3', rows: [header, row('03/08/2015', '02:00', 'N'), row('03/08/2015', '04:00', 'N')] },
    { name: 'Nov_11', rows: [header, row('11/01/2015', '02:00', 'N'), row('11/01/2015', '02:00', 'Y')] },
  ]);
  const zip = zipOf([{ path: 'rpt.00013060.0000000000000000.DAMLZHBSPP_2015.xlsx', bytes: book }]);
  const { members } = await openContainer({ name: 'a.zip', bytes: zip });
  assert.deepEqual(
    members.flatMap((member) => starts(member.bytes, member.name)),
    ['2015-03-08T07:00:00Z', '2015-03-08T08:00:00Z', '2015-11-01T06:00:00Z', '2015-11-01T07:00:00Z'],
  );
});

test('an instant that a dashboard prints twice is refused: one of them is of the other hour', () => {
  const entry = (stamp: string, flag: string): string =>
    `{"dstFlag":"${flag}","totalCharging":-1.5,"totalDischarging":2,"netOutput":0.5,"timestamp":"${stamp}"}`;
  const body = `{"currentDay":{"dayDate":"2025-11-02","data":[${entry('2025-11-02 02:00:00-0600', 'N')},${entry('2025-11-02 02:00:00-0600', 'Y')},${entry('2025-11-02 02:05:00-0600', 'N')}]}}`;
  const { rows, rejected } = readBody(body, MARKET);
  assert.deepEqual(
    rejected.map(({ code }) => code),
    ['TIME_AMBIGUOUS', 'TIME_AMBIGUOUS'],
  );
  assert.deepEqual(
    rows.map((row) => formatInstant(row.intervalStart)),
    ['2025-11-02T08:05:00Z'],
  );
  const wrong = body.replaceAll('-0600', '-0500');
  assert.ok(readBody(wrong, MARKET).rejected.some(({ code }) => code === 'TIME_NONEXISTENT'));
});

test('a page of conditions in the repeated hour is refused', () => {
  const page = (clock: string): string =>
    `<html><body><div>Last Updated: Nov 02, 2025 ${clock}</div><table><tr><td>Actual System Demand</td><td>51,204</td></tr></table></body></html>`;
  assert.deepEqual(rejections(page('01:38:40')), ['TIME_AMBIGUOUS Nov 02, 2025 01:38:40']);
  assert.deepEqual(starts(page('03:38:40')), ['2025-11-02T09:38:40Z']);
});

const REFUSALS: readonly (readonly [what: string, body: string, code: string, words: RegExp])[] = [
  [
    'an empty answer',
    '{"_meta":{"totalRecords":0,"pageSize":100},"report":{},"fields":[],"data":[]}',
    'SOURCE_NO_DATA',
    /totalRecords 0/,
  ],
  [
    'an answer without data',
    '{"_meta":{"totalRecords":0,"pageSize":100},"report":{},"fields":[]}',
    'SOURCE_NO_DATA',
    /no row/,
  ],
  [
    'a bad request',
    '{"timestamp":"x","code":400,"status":"BAD_REQUEST","message":"Invalid date","data":null}',
    'SOURCE_REFUSED',
    /Invalid date/,
  ],
  [
    'a missing key',
    '{"statusCode":401,"message":"Access denied due to missing subscription key."}',
    'SOURCE_REFUSED',
    /401/,
  ],
  [
    'too many requests',
    '{"statusCode":429,"message":"Rate limit is exceeded. Try again in 20 seconds."}',
    'SOURCE_BUSY',
    /Rate limit/,
  ],
  [
    'a listing',
    '{"ListDocsByRptTypeRes":{"DocumentList":[{"Document":{"DocID":"1"}}]}}',
    'SOURCE_UNRECOGNISED',
    /listing of documents/,
  ],
  [
    'an archive listing',
    '{"_meta":{"totalRecords":7},"archives":[{"docId":1}]}',
    'SOURCE_UNRECOGNISED',
    /archived documents/,
  ],
  ['a page', '<html><head><title>Access Denied</title></head></html>', 'SOURCE_NOT_DATA', /Access Denied/],
  ['an absent page', '<html><head><title>404 Not Found</title></head></html>', 'SOURCE_NO_DATA', /404/],
  ['a header alone', SPP, 'SOURCE_EMPTY', /no row/],
  ['nothing', '', 'SOURCE_EMPTY', /no bytes/],
  ['a foreign table', 'a,b\n1,2\n', 'SOURCE_UNRECOGNISED', /begins with "a,b"/],
  [
    'a curve of offers, whose quantities are no plan',
    'DeliveryDate,HourEnding,AncillaryType,Price,Quantity,DSTFlag\n03/08/2026,01:00,REGUP,1.5,20,N\n',
    'SOURCE_UNRECOGNISED',
    /plans or offers/,
  ],
  [
    'awards with the prices at their points',
    'DeliveryDate,HourEnding,SettlementPointName,QSEName,EnergyOnlyBidAwardInMW,SettlementPointPrice,BidId\n03/08/2026,01:00,HB_NORTH,A,20,1.5,7\n',
    'SOURCE_UNRECOGNISED',
    /disclosure of offers/,
  ],
  ['reference data', 'RESOURCE_NODE,UNIT_SUBSTATION\nX,Y\n', 'SOURCE_UNRECOGNISED', /settlement points/],
  [
    'a cut document',
    '{"_meta":{},"fields":[{"name":"deliveryDate"},{"name":"hourEnding"},{"name":"settlementPoint"},{"name":"settlementPointPrice"}],"data":[["2026-0',
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

test('days are asked for as pages without a key, or of the API by choice; dashboards as they are now', () => {
  const plan = (name: string, options: Readonly<Record<string, string>> = {}): string[] =>
    (
      ercot.datasets
        .find((dataset) => dataset.name === name)
        ?.plan(
          { start: at('2026-03-08T06:00:00Z'), end: at('2026-03-10T05:00:00Z') },
          { now: at('2026-03-10T12:00:00Z'), options },
        ) ?? []
    ).map(({ url, expectedAt }) => `${url} ${formatInstant(expectedAt)}`);
  assert.deepEqual(plan('da_lmp'), [
    'https://www.ercot.com/content/cdr/html/20260308_dam_spp.html 2026-03-07T19:00:00Z',
    'https://www.ercot.com/content/cdr/html/20260309_dam_spp.html 2026-03-08T18:00:00Z',
  ]);
  assert.equal(
    plan('da_as_prices', { route: 'api' })[0],
    'https://api.ercot.com/api/public-reports/np4-188-cd/dam_clear_price_for_cap?deliveryDateFrom=2026-03-08&deliveryDateTo=2026-03-08&size=100000&page=1 2026-03-07T19:00:00Z',
  );
  assert.deepEqual(plan('fuel_mix'), [
    'https://www.ercot.com/api/1/services/read/dashboards/fuel-mix.json 2026-03-10T12:00:00Z',
  ]);
  assert.deepEqual(plan('rt_lmp_indicative'), []);
});
