import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { miso } from '../../../connectors/miso/index.ts';
import { CarbonError } from '../../../core/errors.ts';
import { formatInstant, parseInstant } from '../../../core/time/instant.ts';
import {
  bare,
  dailyReport,
  display,
  exact,
  SERVED,
  week,
} from '../../../scripts/samples/miso-sample-bodies.ts';
import { forecast } from '../../../scripts/samples/miso-sample-forecasts.ts';
import { trades } from '../../../scripts/samples/miso-sample-trades.ts';
import { failureOf, mutant, printedLines, readBody } from '../../support/read-body.ts';

const MISO = { market: 'miso' };

const EX_POST = dailyReport('da_lmp', SERVED).payload;
const withTitle = (title: string): string => EX_POST.replace(/^.*/, title);

test('a column that the layout does not know is reported and changes no row', () => {
  const lines = EX_POST.split('\n');
  const header = lines.findIndex((line) => line.startsWith('Node,'));
  const wider = lines.map((line, at) =>
    at < header || line === '' ? line : `${line}${at === header ? ',BAA' : ',MISO'}`,
  );
  const added = readBody(wider.join('\n'), MISO);
  assert.deepEqual([added.damage, added.rejected, added.drift], [null, [], [{ column: 'baa', at: 28 }]]);
  assert.deepEqual(printedLines(added), printedLines(readBody(EX_POST, MISO)));
});

const RECOGNISED: readonly (readonly [what: string, body: string, name: string, dataset: string])[] = [
  ['ex-post title', EX_POST, '', 'da_lmp'],
  ['the name of the sibling does not overrule the title', EX_POST, '20260308_da_exante_lmp.csv', 'da_lmp'],
  ['title of 2011', withTitle('Day Ahead Market LMPs'), '', 'da_lmp'],
  ['title in a spreadsheet row', withTitle('Day Ahead Market ExPost LMPs,,,'), '', 'da_lmp'],
  ['ex-ante title', withTitle('Day Ahead Market ExAnte LMPs'), '', 'da_lmp_ex_ante'],
  ['real-time title', withTitle('Realtime Market LMPs'), '', 'rt_lmp_hourly'],
  ['real-time title, other spelling', withTitle('Real-Time Market LMPs'), '', 'rt_lmp_hourly'],
  ['no title: the name', EX_POST.replace(/^.*\n/, ''), '20260308_rt_lmp_final.csv', 'rt_lmp_hourly'],
  [
    'no title: the name, ex ante',
    EX_POST.replace(/^.*\n/, ''),
    '20260308_da_exante_lmp.csv',
    'da_lmp_ex_ante',
  ],
  ['a display', display('2026-03-08', 0, 1).payload, '', 'rt_lmp'],
  ['an empty display', '{"headers":["INTERVAL","CPNODE","LMP","MLC","MCC"],"data":[]}', '', 'rt_lmp'],
  ['the week', week().payload, '', 'rt_lmp'],
  ['trades in an array', `[${trades().payload.trim().split('\n').join(',\n')}]`, '', 'trade'],
  ['one trade', JSON.stringify(JSON.parse(trades().payload.split('\n')[0] ?? ''), null, 2), '', 'trade'],
];
for (const [what, body, name, dataset] of RECOGNISED)
  test(`recognised: ${what}`, () => {
    const refined = readBody(body, MISO, name);
    assert.deepEqual([refined.dataset, refined.damage, refined.rejected.length], [dataset, null, 0]);
  });

test('a table without title or telling name is not guessed', () => {
  const error = failureOf(EX_POST.replace(/^.*\n/, ''), MISO);
  assert.match(error.message, /may be MISO da_lmp, MISO da_lmp_ex_ante, MISO rt_lmp_hourly/);
  assert.equal(
    readBody(EX_POST.replace(/^.*\n/, ''), { ...MISO, dataset: 'rt_lmp' }).dataset,
    'rt_lmp_hourly',
  );
});

const lineOf = (n: number, change: (line: string) => string): string =>
  EX_POST.split('\n')
    .map((text, i) => (i === n - 1 ? change(text) : text))
    .join('\n');
const store = (code: string): string =>
  `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>The specified blob does not exist.\nRequestId:1</Message></Error>`;

const REFUSED: readonly (readonly [what: string, body: string, code: string, message: RegExp])[] = [
  ['no bytes', '', 'SOURCE_EMPTY', /no bytes/],
  ['a page', '<html><title>Sign in</title></html>', 'SOURCE_NOT_DATA', /Sign in/],
  ['an absent file', store('BlobNotFound'), 'SOURCE_NO_DATA', /BlobNotFound: The specified blob/],
  ['a busy store', store('ServerBusy'), 'SOURCE_BUSY', /ServerBusy/],
  ['a refused request', store('AuthenticationFailed'), 'SOURCE_REFUSED', /AuthenticationFailed/],
  [
    'a gateway, 404',
    '{ "statusCode": 404, "message": "Resource not found" }',
    'SOURCE_REFUSED',
    /404: Resource/,
  ],
  [
    'a gateway, 429',
    '{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 5 seconds." }',
    'SOURCE_BUSY',
    /429/,
  ],
  [
    'a page of the gateway',
    '<html><title>Service unavailable</title></html>',
    'SOURCE_BUSY',
    /Service unavail/,
  ],
  ['a server at fault', '{"Message":"An error has occurred."}', 'SOURCE_BUSY', /error has occurred/],
  ['a header only', EX_POST.split('\n').slice(0, 5).join('\n'), 'SOURCE_EMPTY', /no row/],
  ['a title only', 'Day Ahead Market ExPost LMPs\n03/08/2026\n', 'SOURCE_COLUMN_MISSING', /header/],
  ['no date', lineOf(2, () => 'yesterday'), 'SOURCE_COLUMN_MISSING', /no date/],
  ['an hour that is absent', EX_POST.replace(',HE 7,', ',HE 77,'), 'SOURCE_COLUMN_MISSING', /he 7$/],
  ['an hour twice', EX_POST.replace(',HE 7,', ',HE 8,'), 'SOURCE_MALFORMED', /"he 8" twice/],
  ['a line without its node', lineOf(7, (text) => text.replace(/^[^,]*/, '')), 'SOURCE_MALFORMED', /line 7/],
  ['a line twice', lineOf(7, (text) => `${text}\n${text}`), 'SOURCE_MALFORMED', /line 8.*repeats/],
  ['a cut line', EX_POST.slice(0, 1000), 'SOURCE_MALFORMED', /cut short/],
  ['a cut display', display('2026-03-08', 0, 2).payload.slice(0, 300), 'SOURCE_MALFORMED', /cut short/],
  [
    'another display',
    '{"headers":["CPNODE","LMP"],"data":[]}',
    'SOURCE_COLUMN_MISSING',
    /interval, mlc, mcc/,
  ],
  ['a cut week', week().payload.slice(0, 900), 'SOURCE_MALFORMED', /fields under a header of 5/],
  ['a row below the end of a week', `${week().payload}05/06/2026 00:00,X,1,1,1`, 'SOURCE_MALFORMED', /below/],
  [
    'a forecast without a telling name and without the hours of the night',
    forecast('wind').payload.replaceAll(/"HourEndingEST":"(?:1|2|3|23|24)"/g, '"HourEndingEST":"12"'),
    'SOURCE_UNRECOGNISED',
    /may be MISO wind_forecast/,
  ],
  [
    'a forecast whose hour and clock differ',
    forecast('wind').payload.replace('"HourEndingEST":"5"', '"HourEndingEST":"6"'),
    'SOURCE_MALFORMED',
    /record 5 is not an hour/,
  ],
  ['a cut file of trades', trades().payload.slice(0, 700), 'SOURCE_MALFORMED', /a whole JSON object/],
  ['no trade', '[]', 'SOURCE_UNRECOGNISED', /JSON/],
];
for (const [what, body, code, message] of REFUSED)
  test(`${what} is refused with ${code}`, () => {
    const dataset = what.endsWith('clock differ') ? 'wind_forecast' : undefined;
    const error = failureOf(body, { ...MISO, dataset });
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
  });

test('latin-1 bytes are no text, and say so', () => {
  const error = failureOf(new TextEncoder().encode(EX_POST).with(400, 0xe9), MISO);
  assert.deepEqual([error.code, error.message], ['SOURCE_MALFORMED', 'the body is not UTF-8 text']);
});

test('a number of an unknown kind is rejected with its line, the others stay', () => {
  const refined = readBody(
    lineOf(7, (text) => text.replace(',LMP,', ',MYSTERY,')),
    MISO,
  );
  assert.deepEqual(
    refined.rejected.map(({ row, code, got }) => [row, code, got]),
    [[7, 'FIELD_UNKNOWN', 'MYSTERY']],
  );
  assert.equal(refined.rows.length, (7 * 3 - 1) * 24);
});

test('a word in place of a number rejects one hour of one node', () => {
  const refined = readBody(
    lineOf(6, (text) => text.replace(/,[^,]*$/, ',n.n.')),
    MISO,
  );
  assert.equal(refined.damage, null);
  assert.deepEqual(
    refined.rejected.map(({ row, code, location }) => [row, code, location]),
    [[6, 'VALUE_NOT_NUMERIC', 'AEC.SAMPLE']],
  );
});

test('trades: other markets, other tenants and bad events are set aside with field and line', () => {
  const [first = '', second = '', third = '', ...rest] = trades().payload.trim().split('\n');
  const lines = [
    first,
    second.replace('"market":"MISO"', '"market":"CAISO"'),
    third.replace('"tenant_id":"default"', '"tenant_id":"other"'),
    first.replace('"price":3.412', '"price":true'),
    first.replace('2026-03-09T14:30:00Z', 'half past nine'),
    ...rest,
  ];
  const refined = readBody(lines.join('\n'), { ...MISO, dataset: 'trade' });
  assert.equal(refined.damage, null);
  assert.deepEqual(
    refined.rejected.map(({ row, code, field }) => [row, code, field]),
    [
      [2, 'EVENT_UNDECODABLE', 'payload.market'],
      [3, 'EVENT_UNDECODABLE', 'tenant_id'],
      [4, 'EVENT_UNDECODABLE', 'payload.raw_data.price'],
      [5, 'EVENT_UNDECODABLE', 'payload.raw_data.timestamp'],
    ],
  );
  assert.deepEqual(
    refined.rows.map((row) => row.row),
    [1, 6, 7, 8],
  );
});

test('plan: reports by day, prints by age, displays for today and yesterday, weeks before', () => {
  const dataset = (name: string) => miso.datasets.find((candidate) => candidate.name === name);
  const now = parseInstant('2026-03-12T18:00:00Z') ?? 0;
  const plan = (name: string, from: string, to: string, options: Record<string, string> = {}) =>
    dataset(name)?.plan({ start: parseInstant(from) ?? 0, end: parseInstant(to) ?? 0 }, { now, options }) ??
    [];
  const names = (requests: ReturnType<typeof plan>) => requests.map((request) => request.name);
  const ahead = plan('da_lmp', '2026-03-12T05:00:00Z', '2026-03-14T05:00:00Z');
  assert.deepEqual(names(ahead), ['20260312_da_expost_lmp.csv', '20260313_da_expost_lmp.csv']);
  assert.equal(ahead[0]?.url, 'https://docs.misoenergy.org/marketreports/20260312_da_expost_lmp.csv');
  assert.equal(formatInstant(ahead[1]?.expectedAt ?? 0), '2026-03-12T19:00:00Z');
  assert.deepEqual(names(plan('rt_lmp_hourly', '2026-03-07T05:00:00Z', '2026-03-09T05:00:00Z')), [
    '20260307_rt_lmp_final.csv',
    '20260308_rt_lmp_prelim.csv',
  ]);
  // 23 February 2026 and 2 March are Mondays; a week is named by the Monday two weeks later.
  const five = plan('rt_lmp', '2026-02-28T05:00:00Z', '2026-03-13T05:00:00Z');
  assert.deepEqual(names(five), [
    '20260309_5MIN_LMP.zip',
    '20260316_5MIN_LMP.zip',
    '20260323_5MIN_LMP.zip',
    'GetRealTimeFiveMinExPost_Previous.json',
    'GetRealTimeFiveMinExPost_Rolling.json',
  ]);
  assert.equal(formatInstant(five[0]?.window.start ?? 0), '2026-02-23T05:00:00Z');
  // The last interval of yesterday is in the display of today alone.
  for (const today of ['rolling', 'current'])
    assert.deepEqual(names(plan('rt_lmp', '2026-03-11T05:00:00Z', '2026-03-12T05:00:00Z', { today })), [
      'GetRealTimeFiveMinExPost_Previous.json',
      'GetRealTimeFiveMinExPost_Rolling.json',
    ]);
  const sun = plan('renewable_forecast', '2026-03-11T05:00:00Z', '2026-03-13T05:00:00Z');
  assert.deepEqual(
    sun.map(({ url }) => url),
    ['https://public-api.misoenergy.org/api/WindSolar/GetCombined'],
  );
  assert.deepEqual(names(plan('renewable_forecast', '2026-03-11T05:00:00Z', '2026-03-12T05:00:00Z')), []);
  const current = plan('rt_lmp', '2026-03-12T17:50:00Z', '2026-03-12T18:00:00Z', { today: 'current' });
  assert.deepEqual(
    current.map(({ url, window }) => [url.split('/').at(-1), formatInstant(window.start)]),
    [['Current', '2026-03-12T17:55:00Z']],
  );
});

const nodeName = fc
  .stringMatching(/^[A-Z0-9][A-Z0-9 ."',&/_-]{0,18}[A-Z0-9]$/)
  .filter((name) => !/^\d{1,2}\//.test(name));

test('generated reports come back exactly: names, seasons, line ends, number spellings', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(nodeName, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('2026-03-08', '2025-11-02', '2024-02-29', '2025-12-01', '2011-07-16'),
      fc.constantFrom('\n' as const, '\r\n' as const),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      (names, date, lineEnd, paddedDate, blankLine, money) => {
        const nodes = names.map((name) => [name, 'Gennode'] as const);
        const made = dailyReport('da_lmp', { ...SERVED, date, lineEnd, paddedDate, blankLine, money }, nodes);
        const refined = readBody(made.payload, MISO);
        assert.equal(refined.damage, null);
        assert.deepEqual(refined.rejected, []);
        assert.equal(`${printedLines(refined).join('\n')}\n`, made.expected);
      },
    ),
    { numRuns: 60 },
  );
});

test('the maker prints what the operator prints', () => {
  assert.deepEqual([74, -37, 1600, 2990, 0, -5, 100].map(bare), [
    '.74',
    '-.37',
    '16',
    '29.9',
    '0',
    '-.05',
    '1',
  ]);
  assert.deepEqual(['.74', '-.37', '16'].map(exact), ['0.74', '-0.37', '16']);
});

const FUZZED: Readonly<Record<string, string>> = {
  da_lmp: dailyReport('da_lmp', SERVED, undefined, false).payload,
  'rt_lmp display': display('2026-03-08', 0, 3).payload,
  'rt_lmp week': week().payload,
  trade: trades().payload,
};
for (const [what, body] of Object.entries(FUZZED))
  test(`fuzz: ${what}: no mutant ends untyped, and no row stands that its line does not say`, () => {
    const clean = new TextEncoder().encode(body);
    const asked = { ...MISO, dataset: what.split(' ')[0] };
    let whole = 0;
    fc.assert(
      fc.property(
        fc.nat(clean.length - 1),
        fc.nat(4),
        fc.oneof(fc.nat(255), fc.integer({ min: 0x2c, max: 0x39 })),
        (at, kind, byte) => {
          const bytes = mutant(clean, at, kind, byte);
          let refined: ReturnType<typeof readBody>;
          try {
            refined = readBody(bytes, asked);
          } catch (error) {
            assert.ok(error instanceof CarbonError, String(error));
            return;
          }
          if (refined.damage === null) whole++;
          const text = new TextDecoder().decode(bytes);
          for (const row of refined.rows) {
            assert.ok(row.intervalEnd >= row.intervalStart);
            // Digits are never made: they stand in the body, whatever zeros or sign stand before them there. Only an
            // exponent moves the point.
            for (const { value } of row.values)
              if (value !== null && !/\de[+-]?\d/i.test(text))
                assert.ok(text.includes(value.replace(/^-?0?(?=[\d.])/, '')), value);
          }
        },
      ),
      { numRuns: 2000 },
    );
    assert.ok(whole > 20, `only ${whole} mutants were read whole: the property is hollow`);
  });
