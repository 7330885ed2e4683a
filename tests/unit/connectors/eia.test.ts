import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPayload } from '../../../app/ingest/load.ts';
import { CONNECTORS } from '../../../connectors/catalog.ts';
import { eia } from '../../../connectors/eia/index.ts';
import { redactEia } from '../../../connectors/eia/redaction.ts';
import { formatInstant, parseInstant } from '../../../core/time/instant.ts';
import type { Interval } from '../../../core/time/interval.ts';
import { xlsOf } from '../../../simulators/xls-writer.ts';
import { openIngestWorld } from '../../support/ingest-world.ts';
import { bytesOf, failureOf, readBody, readOf } from '../../support/read-body.ts';

const EIA = { market: 'eia' };
const at = (text: string): number => parseInstant(text) as number;
const window = (start: string, end: string): Interval => ({ start: at(start), end: at(end) });
const hourly = (records: readonly object[], more = {}): string =>
  JSON.stringify({ response: { total: 1, frequency: 'hourly', data: records }, ...more });
const demand = {
  period: '2025-03-09T09',
  respondent: 'CISO',
  type: 'D',
  value: '1',
  'value-units': 'megawatthours',
};

const REFUSED: readonly (readonly [what: string, body: string, code: string, words: RegExp])[] = [
  [
    'a series that is not valid',
    '{"error":"Series ID \'X\' is not valid.","code":404}',
    'SOURCE_REFUSED',
    /not valid/,
  ],
  [
    'no key',
    '{"error":{"code":"API_KEY_MISSING","message":"No api_key was supplied."}}',
    'SOURCE_REFUSED',
    /No api_key/,
  ],
  [
    'too many',
    '{"error":{"code":"OVER_RATE_LIMIT","message":"You have exceeded your rate limit."}}',
    'SOURCE_BUSY',
    /rate/,
  ],
  [
    'version 1',
    '{"request":{},"data":{"error":"invalid or missing api_key"}}',
    'SOURCE_REFUSED',
    /missing api_key/,
  ],
  [
    'a page',
    '<html><head><title>Service Unavailable</title></head></html>',
    'SOURCE_NOT_DATA',
    /Unavailable/,
  ],
  ['no bytes', '', 'SOURCE_EMPTY', /no bytes/],
  ['a cut answer', hourly([demand]).slice(0, -20), 'SOURCE_MALFORMED', /cut short/],
  ['nothing, of nothing', '{"response":{"total":0,"data":[]}}', 'SOURCE_NO_DATA', /total 0: no record/],
  [
    'another route',
    hourly([{ period: '2025', stateid: 'CO', sectorid: 'ALL', price: 1 }]),
    'SOURCE_UNRECOGNISED',
    /not read here/,
  ],
  [
    'a document of another kind',
    '<?xml version="1.0"?>\n<Report/>',
    'SOURCE_UNRECOGNISED',
    /: an XML document <Report>$/,
  ],
  [
    'quarters',
    JSON.stringify({
      response: {
        frequency: 'quarterly',
        data: [{ period: '2025-Q1', duoarea: 'X', process: 'P', series: 'S', value: 1 }],
      },
    }),
    'SOURCE_UNRECOGNISED',
    /quarterly/,
  ],
];
for (const [what, body, code, words] of REFUSED)
  test(`${what} is refused with ${code}`, () => {
    const error = failureOf(body, EIA);
    assert.equal(error.code, code);
    assert.match(error.message, words);
  });

test('an answer without records is read when its description says of what', () => {
  const read = readBody(
    '{"response":{"total":"0","frequency":"hourly","data":[],"description":"Hourly net generation by balancing authority and energy source."}}',
    EIA,
  );
  assert.deepEqual([read.dataset, read.rows, read.damage], ['fuel_mix', [], null]);
});

test('what has no rule rejects its record: an unknown type, a period, a zone', () => {
  const codes = (body: string): string[] => readBody(body, EIA).rejected.map(({ code }) => code);
  assert.deepEqual(codes(hourly([demand, { ...demand, type: 'XX' }])), ['FIELD_UNKNOWN']);
  assert.deepEqual(codes(hourly([demand, { ...demand, period: '2025-03-09T24' }])), []);
  assert.deepEqual(codes(hourly([demand, { ...demand, period: '2025-03-09T25' }])), ['TIME_UNPARSEABLE']);
  assert.deepEqual(codes(hourly([demand, { ...demand, value: 'about 7' }])), ['VALUE_NOT_NUMERIC']);
  const day = { ...demand, period: '2025-03-09', timezone: 'Eastern' };
  const daily = (records: readonly object[]): string => hourly(records).replace('"hourly"', '"daily"');
  assert.deepEqual(codes(daily([day, { ...day, timezone: 'Lunar' }])), ['TIME_UNPARSEABLE']);
});

test('a local hour is read by its offset', () => {
  const [row] = readBody(hourly([{ ...demand, period: '2025-03-09T04-05' }]), EIA).rows;
  assert.equal(formatInstant(row?.intervalEnd ?? 0), '2025-03-09T09:00:00Z');
});

test('the key is taken out of the bytes, in place, in every form; other bodies stay the same bytes', () => {
  const body = hourly([demand], {
    request: {
      command: '/v2/x?api_key=SECRETsecret123&x=1',
      params: { api_key: 'SECRETsecret123', frequency: 'hourly' },
    },
  });
  const clean = new TextDecoder().decode(redactEia(bytesOf(body)));
  assert.equal(clean.length, body.length);
  assert.ok(!clean.includes('SECRET') && clean.includes('x=1'));
  assert.deepEqual(JSON.parse(clean).request.params, { api_key: '*'.repeat(15), frequency: 'hourly' });
  assert.deepEqual(JSON.parse(clean).response, JSON.parse(body).response);
  const other = bytesOf('{"response":{"data":[]},"note":"api_keys are free"}');
  assert.equal(redactEia(other), other);
});

test('no key reaches the archive, by whatever name the file came', async () => {
  const world = await openIngestWorld(at('2025-03-10T00:00:00Z'));
  try {
    const body = hourly([demand], { request: { params: { api_key: 'SECRETsecret123' } } });
    const loaded = await loadPayload(world.stores, {
      name: 'answer.json',
      bytes: bytesOf(body),
      market: 'eia',
      partial: false,
    });
    assert.equal(loaded.rows, 1);
    const kept = new TextDecoder().decode(await world.stores.archive.get(loaded.sha256));
    assert.ok(!kept.includes('SECRET') && kept.includes('megawatthours'));
  } finally {
    await world.close();
  }
});

test('a plan asks for hours by their ends, in spans that stay below a page, without a key', () => {
  const hours = eia.datasets.find(({ name }) => name === 'load_hourly');
  const requests = hours?.plan(window('2025-03-09T00:00:00Z', '2025-03-20T00:00:00Z'), { now: 0 }) ?? [];
  assert.equal(requests.length, 2);
  assert.match(requests[0]?.url ?? '', /&start=2025-03-09T01&end=2025-03-15T00&/);
  assert.match(requests[1]?.url ?? '', /&start=2025-03-15T01&end=2025-03-20T00&/);
  assert.ok(requests.every(({ url }) => !/api_key/i.test(url) && URL.canParse(url)));
  const gas = eia.datasets.find(({ name }) => name === 'gas_price');
  const [one] =
    gas?.plan(window('2025-03-01T00:00:00Z', '2025-03-08T00:00:00Z'), {
      now: 0,
      options: { series: 'RNGC1,RNGC2' },
    }) ?? [];
  assert.match(one?.url ?? '', /RNGC1.*RNGC2.*&start=2025-03-01&end=2025-03-07&/);
  const files = eia.datasets.find(({ name }) => name === 'balance');
  assert.deepEqual(
    files?.plan(window('2024-06-30T00:00:00Z', '2024-07-02T00:00:00Z'), { now: 0 }).map(({ name }) => name),
    ['EIA930_BALANCE_2024_Jan_Jun.csv', 'EIA930_BALANCE_2024_Jul_Dec.csv'],
  );
});

const bulk = (id: string, data: string, units = 'megawatthours'): string =>
  `{"series_id":"${id}","units":"${units}","f":"H","data":${data}}`;

test('a bulk file: what the local hour says again and what is not known is reported; a broken line is damage', () => {
  const hours = '[["20230312T11Z",5]]';
  const body = [
    bulk('EBA.CISO-ALL.D.HL', '[["20230312T04-07",5]]'),
    bulk('EBA.CISO-ALL.D.H', hours),
    bulk('EBA.CISO-ALL.CO2.H', hours),
    bulk('EBA.LDWP-ALL.D.HL', '[["20230312T04-07",7]]'),
  ].join('\n');
  const { dataset, rows, drift } = readBody(body, EIA, 'EBA.txt');
  assert.equal(dataset, 'grid_series');
  assert.deepEqual(
    rows.map(({ location, intervalEnd, values }) => [location, formatInstant(intervalEnd), values[0]?.value]),
    [
      ['CISO', '2023-03-12T11:00:00Z', '5'],
      ['LDWP', '2023-03-12T11:00:00Z', '7'],
    ],
  );
  assert.deepEqual(drift, [
    { column: 'EBA.CISO-ALL.D.HL', at: 1 },
    { column: 'EBA.CISO-ALL.CO2.H', at: 3 },
  ]);
  const cut = failureOf(body.slice(0, -9), EIA);
  assert.deepEqual([cut.code, cut.position.line], ['SOURCE_MALFORMED', 4]);
  assert.equal(
    failureOf('{"series_id":"NG.N9010US2.M","units":"Million Cubic Feet","data":[]}', EIA).code,
    'SOURCE_EMPTY',
  );
});

test('an old workbook of a series: its cover is passed over, months and years are told by their middle', () => {
  const history = (rows: readonly (readonly (string | number | { date: string })[])[]) =>
    readBody(
      xlsOf('Data 1', [
        ['Back to Contents', 'Data 1: Henry Hub Natural Gas Spot Price (Dollars per Million Btu)'],
        ['Sourcekey', 'RNGWHHD'],
        ['Date', 'Henry Hub Natural Gas Spot Price (Dollars per Million Btu)'],
        ...rows,
      ]),
      EIA,
      'RNGWHHDm.xls',
    ).rows.map(({ location, intervalStart, intervalEnd, values }) => [
      location,
      formatInstant(intervalStart),
      formatInstant(intervalEnd),
      values[0]?.value,
    ]);
  assert.deepEqual(history([[{ date: '1997-01-07' }, 3.82]]), [
    ['RNGWHHD', '1997-01-07T00:00:00Z', '1997-01-08T00:00:00Z', '3.82'],
  ]);
  assert.deepEqual(
    history([
      [{ date: '1997-01-15' }, 3.45],
      [{ date: '1997-02-15' }, 2.15],
    ]),
    [
      ['RNGWHHD', '1997-01-01T00:00:00Z', '1997-02-01T00:00:00Z', '3.45'],
      ['RNGWHHD', '1997-02-01T00:00:00Z', '1997-03-01T00:00:00Z', '2.15'],
    ],
  );
  assert.deepEqual(
    history([
      [{ date: '1997-06-30' }, 2.49],
      [{ date: '1998-06-30' }, 2.09],
    ])[1],
    ['RNGWHHD', '1998-01-01T00:00:00Z', '1999-01-01T00:00:00Z', '2.09'],
  );
});

test('figures that are withheld, not meaningful or missing are no value, at EIA alone', () => {
  for (const value of ['W', 'NM', '.', '--', 'NaN']) {
    const { rows, rejected } = readBody(hourly([{ ...demand, value }]), EIA);
    assert.deepEqual([rows[0]?.values[0]?.value, rejected], [null, []], value);
  }
  assert.equal(readBody(hourly([{ ...demand, value: 'MW' }]), EIA).rejected[0]?.code, 'VALUE_NOT_NUMERIC');
  const codes = new Set(
    CONNECTORS.filter(({ name }) => name !== 'eia').flatMap(({ datasets }) =>
      datasets.flatMap(({ nullWords }) => nullWords.filter((word) => ['w', 'nm', '.'].includes(word))),
    ),
  );
  assert.deepEqual([...codes], []);
});

const spotPage = (day: string, ...gas: readonly string[]): string =>
  `<html><body><b>Spot Natural Gas and Electric Power Prices${day}</b><table>${gas
    .map(
      (price, i) =>
        `<tr><td>Region ${i}</td><td>${price}</td><td>+1</td><td>40</td><td>-2</td><td>18</td></tr>`,
    )
    .join('')}</table></body></html>`;

test('a region of the page of prices stays with whatever word stands for no price', () => {
  const words = ['NA', 'n/a', '-', '--', 'W', 'NM'];
  const { rows, rejected } = readBody(spotPage(', 7/16/25', '3.10', ...words), EIA);
  assert.deepEqual(
    rows.map(({ location, values }) => [location, ...values.map(({ value }) => value)]),
    ['3.10', ...words].map((_, i) => [`Region ${i}`, i === 0 ? '3.10' : null, '40', '18']),
  );
  assert.deepEqual(rejected, []);
});

test('a page of prices without its day is refused', () => {
  assert.equal(failureOf(spotPage('', '3.10'), EIA).code, 'SOURCE_NOT_DATA');
});

test('a record of nuclear outages that lacks a figure of its answer has no value of it', () => {
  const of = { period: '2025-03-08', facility: 46, facilityName: 'x' };
  const data = [
    { ...of, generator: '1', capacity: '1250', outage: '7' },
    { ...of, generator: 2, percentOutage: '1' },
  ];
  const { rows, dataset } = readOf('eia', JSON.stringify({ response: { data } }));
  assert.equal(dataset, 'nuclear_outage_generator');
  assert.deepEqual(
    rows.map(({ location, series, values }) => [location, series, ...values.map(({ value }) => value)]),
    [
      ['46', '1', '1250', '7'],
      ['46', '2', null, null],
    ],
  );
});
