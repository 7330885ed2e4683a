import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { loadStageSettings, policyPaths } from '../../../app/pipeline/settings.ts';
import { isone } from '../../../connectors/isone/index.ts';
import { formatInstant, parseInstant } from '../../../core/time/instant.ts';
import { xlsOf } from '../../../simulators/xls-writer.ts';
import { readOf, refusalOf } from '../../support/read-body.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

test('every field that a dataset publishes has a rule of normalization', async () => {
  const { normalization } = await loadStageSettings(policyPaths(ROOT, {}), {});
  for (const { name, fields } of isone.datasets) {
    const rule = normalization.datasets.find((each) => each.market === 'ISONE' && each.dataset === name);
    for (const { field } of fields) assert.ok(rule?.fields[field] !== undefined, `${name} ${field}`);
  }
});

const lmp = (stamp: string): string =>
  `{"BeginDate":"${stamp}","Location":{"@LocId":"4000","$":"HUB"},"LmpTotal":3,"EnergyComponent":2,"CongestionComponent":0,"LossComponent":1}`;
const hourly = (...stamps: readonly string[]): string =>
  `{"HourlyLmps":{"HourlyLmp":[${stamps.map(lmp).join(',')}]}}`;
const startsOf = (body: string): string[] =>
  readOf('isone', body).rows.map(({ intervalStart }) => formatInstant(intervalStart));

test('the offset decides; without one, the clock of New England where it is unique', () => {
  assert.deepEqual(
    startsOf(
      hourly(
        '2025-11-02T01:00:00.000-04:00',
        '2025-11-02T01:00:00.000-05:00',
        '2025-11-02T07:00:00Z',
        '2025-11-02T03:00:00',
      ),
    ),
    ['2025-11-02T05:00:00Z', '2025-11-02T06:00:00Z', '2025-11-02T07:00:00Z', '2025-11-02T08:00:00Z'],
  );
  const refined = readOf('isone', hourly('2025-11-02T01:00:00', '2026-03-08T02:00:00', "2 o'clock"));
  assert.deepEqual(
    refined.rejected.map(({ code, row }) => [code, row]),
    [
      ['TIME_AMBIGUOUS', 1],
      ['TIME_NONEXISTENT', 2],
      ['TIME_UNPARSEABLE', 3],
    ],
  );
});

test('hourly prices of the web service are told apart by the name, and without one are day-ahead', () => {
  const body = hourly('2025-07-16T01:00:00.000-04:00');
  assert.equal(readOf('isone', body).dataset, 'da_lmp');
  assert.equal(readOf('isone', body, 'isone-2026-03-08.json').dataset, 'da_lmp');
  assert.equal(readOf('isone', body, 'hourlylmp_rt_prelim_20250716.json').dataset, 'rt_lmp_hourly');
  assert.equal(readOf('isone', body, '', 'rt_lmp_hourly').dataset, 'rt_lmp_hourly');
});

test('indented JSON, a place as text and a number as text are read alike', () => {
  const body = `{\n  "HourlyDaDemands": {\n    "HourlyDaDemand": [\n      {\n        "BeginDate": "2024-10-06T00:00:00.000-04:00",\n        "Location": ".Z.MAINE",\n        "Load": "753.60"\n      }\n    ]\n  }\n}\n`;
  const [row] = readOf('isone', body).rows;
  assert.deepEqual([row?.location, row?.values[0]?.value], ['.Z.MAINE', '753.60']);
});

test('a key that no record has had is reported and left alone', () => {
  const refined = readOf(
    'isone',
    hourly('2025-07-16T01:00:00.000-04:00').replace('"LmpTotal"', '"New":5,"LmpTotal"'),
  );
  assert.deepEqual(refined.drift, [{ column: 'New', at: 1 }]);
  assert.equal(refined.rows[0]?.values.length, 4);
});

const report = (title: string, headings: readonly string[], data: readonly string[], more = ''): string =>
  [
    `"C","${title}"`,
    '"C","Report for 11/02/2025"',
    ...headings.map((h) => `"H",${h}`),
    ...data.map((d) => `"D",${d}`),
    more,
  ]
    .filter((line) => line !== '')
    .join('\r\n');

const PRICES =
  '"Date","Hour Ending","Location Name","Locational Marginal Price","Energy Component","Congestion Component","Marginal Loss Component"';
const priceLine = (date: string, hour: string): string =>
  `"${date}","${hour}",".H.INTERNAL_HUB",3.0,2.0,0.0,1.0`;

test('02X is the repeated hour, and only of a day that has one', () => {
  const body = report(
    'Day-Ahead Energy Market Hourly LMP Report',
    [PRICES],
    [priceLine('11/02/2025', '02'), priceLine('11/02/2025', '02X'), priceLine('11/02/2025', '03')],
  );
  assert.deepEqual(startsOf(body), ['2025-11-02T05:00:00Z', '2025-11-02T06:00:00Z', '2025-11-02T07:00:00Z']);
});

test('the hour that does not exist in spring is refused where 02 stands beside 03', () => {
  const hours = ['01', '02', '03', '04'].map((hour) => priceLine('03/08/2026', hour));
  const refined = readOf(
    'isone',
    report('Day-Ahead Energy Market Hourly LMP Report', [PRICES], hours, '"T","4 lines"'),
  );
  assert.deepEqual(
    refined.rejected.map(({ code, row }) => [code, row]),
    [['TIME_NONEXISTENT', 6]],
  );
});

test('five minutes of the repeated hour whose passes cannot be told are refused', () => {
  const body = report(
    'Five-Minute Locational Marginal Prices',
    ['"Local Time","Location ID","LMP","Energy Component","Congestion Component","Marginal Loss Component"'],
    ['"01:05:00","4000",3.0,2.0,0.0,1.0', '"02:05:00","4000",3.0,2.0,0.0,1.0'],
    '"T","2 lines"',
  );
  const refined = readOf('isone', body);
  assert.deepEqual(
    refined.rejected.map(({ code }) => code),
    ['TIME_AMBIGUOUS'],
  );
  assert.equal(refined.rows.length, 1);
});

test('a report without its trailer is held to all hours', () => {
  const hours = ['01', '02', '04'].map((hour) => priceLine('07/16/2025', hour));
  const title = 'Real-Time Energy Market Hourly LMP Report';
  assert.equal(refusalOf('isone', report(title, [PRICES], hours)).code, 'SOURCE_MALFORMED');
  assert.equal(readOf('isone', report(title, [PRICES], hours, '"T","24 lines"')).rows.length, 3);
});

const REFUSED: readonly (readonly [what: string, body: string, code: string, words: RegExp])[] = [
  ['no byte', '', 'SOURCE_EMPTY', /no bytes/],
  ['an empty list', '{"HourlyLmps":""}', 'SOURCE_NO_DATA', /HourlyLmps/],
  ['an empty inner list', '{"HourlyLmps":{"HourlyLmp":[]}}', 'SOURCE_NO_DATA', /HourlyLmps/],
  ['an empty chart', '[{"data":[],"namespace":"_nstmp_"}]', 'SOURCE_NO_DATA', /no record/],
  [
    'an empty element',
    '<?xml version="1.0"?>\n<HourlyLmps xmlns="http://WEBSERV.iso-ne.com"/>',
    'SOURCE_NO_DATA',
    /HourlyLmps/,
  ],
  ['a page of the login', '<html><head><title>Log in</title></head></html>', 'SOURCE_NOT_DATA', /Log in/],
  [
    'a day without data',
    '{"status":404,"error":"Not Found","message":"No data found for day 20300101"}',
    'SOURCE_NO_DATA',
    /404: No data found/,
  ],
  [
    'words of the gateway',
    '{"message":"API rate limit exceeded","statusCode":429}',
    'SOURCE_BUSY',
    /rate limit/,
  ],
  [
    'locations',
    '{"Locations":{"Location":[{"LocationID":4000,"LocationName":".H"}]}}',
    'SOURCE_UNRECOGNISED',
    /list of locations/,
  ],
  [
    'words on the state of the system',
    '{"PowerSystemConditions":{"PowerSystemCondition":[{"BeginDate":"2016-01-01T00:00:00.000-05:00"}]}}',
    'SOURCE_UNRECOGNISED',
    /words without numbers/,
  ],
  ['a cut document', hourly('2025-07-16T01:00:00.000-04:00').slice(0, -4), 'SOURCE_MALFORMED', /cut short/],
  [
    'a cut element',
    `<HourlyLmps><HourlyLmp><BeginDate>2025-07-16T01:00:00.000-04:00</BeginDate><LmpTotal>3`,
    'SOURCE_MALFORMED',
    /line 1/,
  ],
  [
    'a report without data',
    report('Day-Ahead Energy Market Hourly LMP Report', [PRICES], []),
    'SOURCE_EMPTY',
    /no line of data/,
  ],
  [
    'a cut report',
    report(
      'Day-Ahead Energy Market Hourly LMP Report',
      [PRICES],
      [priceLine('07/16/2025', '01'), '"07/16/2025","02"'],
    ),
    'SOURCE_MALFORMED',
    /cut short/,
  ],
  ['prose', 'nothing to see here', 'SOURCE_UNRECOGNISED', /nothing to see/],
];
for (const [what, body, code, words] of REFUSED)
  test(`${what} is refused with ${code}`, () => {
    const error = refusalOf('isone', body);
    assert.equal(error.code, code);
    assert.match(error.message, words);
  });

const at = (text: string): number => parseInstant(text) ?? Number.NaN;

function urlsOf(dataset: string, from: string, to: string, now: string): string[] {
  const found = isone.datasets.find(({ name }) => name === dataset);
  return (found?.plan({ start: at(from), end: at(to) }, { now: at(now) }) ?? []).map(({ url }) => url);
}

test('plans name reports without an account where there are some, else the web service', () => {
  const [from, to, now] = ['2026-06-09T04:00:00Z', '2026-06-10T04:00:00Z', '2026-06-10T12:00:00Z'];
  assert.deepEqual(urlsOf('da_lmp', from, to, now), [
    'https://www.iso-ne.com/static-transform/csv/histRpts/da-lmp/WW_DALMP_ISO_20260609.csv',
  ]);
  assert.deepEqual(urlsOf('rt_lmp_hourly', from, to, '2026-07-10T12:00:00Z'), [
    'https://www.iso-ne.com/static-transform/csv/histRpts/rt-lmp/lmp_rt_final_20260609.csv',
  ]);
  assert.deepEqual(urlsOf('load_forecast', from, to, now), [
    'https://webservices.iso-ne.com/api/v1.1/hourlyloadforecast/day/20260609.json',
  ]);
  assert.equal(urlsOf('rt_lmp', from, to, now).length, 6);
});

test('the first block of the day on which the clocks go back is five hours long', () => {
  assert.deepEqual(
    urlsOf('rt_lmp', '2025-11-02T08:30:00Z', '2025-11-02T09:30:00Z', '2025-11-03T12:00:00Z').map((url) =>
      url.slice(url.lastIndexOf('/') + 1),
    ),
    ['lmp_5min_20251102_00-04.csv', 'lmp_5min_20251102_04-08.csv'],
  );
});

test('the hourly workbook: a tab is the place, of an old workbook as of a sheet of a new one', () => {
  const header = ['Date', 'Hour', 'DA_DEMD', 'DEMAND', 'DA_LMP', 'RT_LMP', 'DryBulb', 'Remark'];
  const old = readOf(
    'isone',
    xlsOf('NEMA', [header, [{ date: '2009-01-01' }, 1, 1400.5, 1390, 60.25, 61, 20]]),
    'smd_hourly.xls',
  );
  assert.equal(old.dataset, 'smd_hourly');
  assert.deepEqual(
    old.rows.flatMap(({ location, intervalStart, values }) =>
      values.map(({ field, value }) => [location, formatInstant(intervalStart), field, value]),
    ),
    [
      ['NEMA', '2009-01-01T05:00:00Z', 'load_day_ahead', '1400.5'],
      ['NEMA', '2009-01-01T05:00:00Z', 'load', '1390'],
      ['NEMA', '2009-01-01T05:00:00Z', 'lmp_day_ahead', '60.25'],
      ['NEMA', '2009-01-01T05:00:00Z', 'lmp', '61'],
      ['NEMA', '2009-01-01T05:00:00Z', 'temperature', '20'],
    ],
  );
  assert.deepEqual(old.drift, [{ column: 'Remark', at: 8 }]);
  // Blank cells at the end of a row are not in the text of a sheet.
  const sheet = `${header.join(',')}\n1/1/2009,1,1400.5,1390,60.25,61\n`;
  const [row] = readOf('isone', sheet, '2009_smd_hourly.xlsx.ISO NE CA.csv').rows;
  assert.deepEqual([row?.location, row?.values.at(-1)?.value], ['ISO NE CA', null]);
  assert.equal(refusalOf('isone', sheet.slice(0, -8)).code, 'SOURCE_MALFORMED');
});

test('an hourly workbook whose row of the skipped hour holds numbers is not passed over', () => {
  const rows = ['01', '02', '03', '04'].map((hour) => `2026-03-08,${hour},5,6`);
  const refined = readOf('isone', `Date,Hr_End,DA_LMP,RT_LMP\n${rows.join('\n')}\n`);
  assert.deepEqual(
    refined.rejected.map(({ code, row }) => [code, row]),
    [['TIME_NONEXISTENT', 4]],
  );
});

test('a morning report as XML says what it says as JSON', () => {
  const xml =
    '<MorningReports xmlns="http://WEBSERV.iso-ne.com"><MorningReport><BeginDate>2025-11-02T00:00:00.000-04:00</BeginDate>' +
    '<CsoMw>30389</CsoMw><TieDelivery><TieName>Highgate</TieName><TieFlowMw>-218</TieFlowMw></TieDelivery>' +
    '</MorningReport></MorningReports>';
  const { dataset, rows } = readOf('isone', xml);
  assert.equal(dataset, 'morning_report');
  assert.deepEqual(
    rows.map(({ location, intervalStart, intervalEnd, values }) => [
      location,
      (intervalEnd - intervalStart) / 3_600_000_000,
      values[0]?.field,
      values[0]?.value,
    ]),
    [
      ['ISONE', 25, 'capacity_obligation', '30389'],
      ['Highgate', 25, 'capacity_deliveries', '-218'],
    ],
  );
});

test('records of a known name whose figures have other names are refused, with the names', () => {
  const body =
    '{"WindForecasts":{"WindForecast":[{"BeginDate":"2025-07-02T12:00:00.000-04:00","Gusts":81}]}}';
  const refusal = refusalOf('isone', body);
  assert.equal(refusal.code, 'SOURCE_COLUMN_MISSING');
  assert.match(`${refusal.position.got}`, /Gusts/);
});

test('ties of a chart whose records name no place are told by the number that they stand under', () => {
  const flow = (mw: number): string =>
    `[{"BeginDate":"2025-11-02T01:05:00.000-05:00","Actual":${mw},"Current":-200}]`;
  const { rows } = readOf('isone', `[{"data":{"4012":${flow(-1201.5)},"4013":${flow(-201)}}}]`);
  assert.deepEqual(
    rows.map(
      ({ location, values }) => `${location} ${values.find(({ field }) => field === 'interchange')?.value}`,
    ),
    ['4012 -1201.5', '4013 -201'],
  );
});
