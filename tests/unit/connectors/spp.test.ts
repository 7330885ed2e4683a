import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { loadStageSettings, policyPaths } from '../../../app/pipeline/settings.ts';
import { spp } from '../../../connectors/spp/index.ts';
import { formatInstant, parseInstant } from '../../../core/time/instant.ts';
import { printedLines, readOf, refusalOf } from '../../support/read-body.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

test('every field that a dataset publishes has a rule of normalization', async () => {
  const { normalization } = await loadStageSettings(policyPaths(ROOT, {}), {});
  for (const { name, fields } of spp.datasets) {
    const rule = normalization.datasets.find((each) => each.market === 'SPP' && each.dataset === name);
    for (const { field } of fields) assert.ok(rule?.fields[field] !== undefined, `${name} ${field}`);
  }
});

const HEADER = 'Interval,GMTIntervalEnd,Settlement Location,Pnode,LMP,MLC,MCC,MEC';
const day = (rows: readonly string[]): string => `${HEADER}\n${rows.join('\n')}\n`;
const priceAt = (gmt: string, central = gmt): string => `${central},${gmt},AEC,SOUC,3,0,1,2`;

test('a day-ahead file longer than its head is told from an interval at a full hour by its end', () => {
  const places = Array.from({ length: 3000 }, (_, i) => `PLACE_${i}`);
  const hours = (ends: readonly string[]): string =>
    day(ends.flatMap((gmt) => places.map((place) => `x,${gmt},${place},N,3,0,1,2`)));
  assert.equal(readOf('spp', hours(['03/31/2025 06:00:00'])).dataset, 'rt_lmp');
  assert.equal(readOf('spp', hours(['03/31/2025 06:00:00', '03/31/2025 07:00:00'])).dataset, 'da_lmp');
});

test('the name decides for one stamp at a full hour, and not against stamps between', () => {
  const hour = day([priceAt('03/31/2025 13:00:00')]);
  assert.equal(readOf('spp', hour).dataset, 'rt_lmp');
  assert.equal(readOf('spp', hour, 'DA-LMP-SL-202503310100.csv').dataset, 'da_lmp');
  const five = day([priceAt('03/31/2025 13:05:00')]);
  assert.equal(readOf('spp', five, 'DA-LMP-SL-202503310100.csv').dataset, 'rt_lmp');
});

test('the header decides for one stamp at a full hour, where the market has the area or the contingency in another place', () => {
  const of = (header: string, row: string, name?: string): string =>
    readOf('spp', `${header}\n${row}\n`, name).dataset;
  const stamp = '6/4/2026 1:00,6/4/2026 6:00';
  const within = [
    'INTERVAL,GMTINTERVALEND,BAA,SETTLEMENT_LOCATION,PNODE,LMP,MLC,MCC,MEC',
    `${stamp},SPP,A,N,3,0,1,2`,
  ] as const;
  const last = [
    'Interval,GMTIntervalEnd,Settlement Location,Pnode,LMP,MLC,MCC,MEC,BAA',
    `${stamp},A,N,3,0,1,2,SPP`,
  ] as const;
  assert.deepEqual(
    [of(...within), of(...last), of(...within, 'RTBM-LMP-SL.csv')],
    ['da_lmp', 'rt_lmp', 'rt_lmp'],
  );
  const bound = (more: string): string =>
    of(
      `Interval,GMTIntervalEnd,Constraint Name,${more},State,Shadow Price,Monitored Facility,Contingent Facility`,
      `${stamp},C,x,B,-1,L,M`,
    );
  assert.deepEqual(
    [bound('Contingency Name'), bound('TLR Level'), bound('NERCID')],
    ['da_constraints', 'rt_constraints', 'rt_constraints'],
  );
});

test('the file of the chart of load has the load under either name', () => {
  for (const name of ['Actual', 'Averaged Actual', 'Actual Load']) {
    const { rows } = readOf(
      'spp',
      `Interval,GMTIntervalEnd,STLF,MTLF,${name}\nx,06/01/2026 15:05:00,3,4,5\n`,
    );
    assert.deepEqual(rows[0]?.values.find(({ field }) => field === 'load')?.value, '5', name);
  }
});

test('a server that says that it says nothing is quoted by its status', () => {
  const body = {
    timestamp: 'x',
    status: 404,
    error: 'Not Found',
    message: 'No message available',
    path: '/x',
  };
  assert.match(refusalOf('spp', JSON.stringify(body)).message, /SPP answers (?:404: )?Not Found/);
  assert.match(
    refusalOf('spp', JSON.stringify({ ...body, message: 'no such file' })).message,
    /no such file/,
  );
});

test('GMT decides, whatever the Central clock beside it says', () => {
  const refined = readOf(
    'spp',
    day([
      priceAt('11/02/2025 07:00:00', '11/02/2025 02:00:00'),
      priceAt('11/02/2025 08:00:00', '11/02/2025 02:00:00'),
    ]),
  );
  assert.deepEqual(
    refined.rows.map(({ intervalStart }) => formatInstant(intervalStart)),
    ['2025-11-02T06:00:00Z', '2025-11-02T07:00:00Z'],
  );
});

test('a stamp off the grid of its report, or of no layout, rejects its row', () => {
  const refined = readOf(
    'spp',
    day([
      priceAt('03/31/2025 13:00:00'),
      priceAt('03/31/2025 14:00:00'),
      priceAt('03/31/2025 25:00:00'),
      priceAt('noon'),
    ]),
  );
  assert.equal(refined.rows.length, 2);
  assert.deepEqual(
    refined.rejected.map(({ code, row }) => [code, row]),
    [
      ['TIME_UNPARSEABLE', 4],
      ['TIME_UNPARSEABLE', 5],
    ],
  );
  const later = readOf('spp', day([priceAt('03/31/2025 13:05:00'), priceAt('03/31/2025 13:07:00')]));
  assert.equal(later.rejected[0]?.code, 'TIME_UNPARSEABLE');
});

const REFUSED: readonly (readonly [what: string, body: string, code: string])[] = [
  ['no byte', '', 'SOURCE_EMPTY'],
  ['a header only', `${HEADER}\n`, 'SOURCE_EMPTY'],
  ['a page', '<!DOCTYPE html><html><title>Current Grid Conditions</title></html>', 'SOURCE_NOT_DATA'],
  ['a page of absence', '<html><title>404 Not Found</title></html>', 'SOURCE_NO_DATA'],
  ['the words of the server', '{"timestamp":"x","status":404,"error":"Not Found"}', 'SOURCE_REFUSED'],
  ['a server that is away', '{"status":503,"error":"Service Unavailable"}', 'SOURCE_BUSY'],
  [
    'an empty chart',
    '{"response":{"labels":[],"datasets":[{"label":"Actual Load","data":[]}]}}',
    'SOURCE_EMPTY',
  ],
  ['a part missing', day([priceAt('03/31/2025 13:05:00')]).replace(',MEC', ',X'), 'SOURCE_COLUMN_MISSING'],
  ['a column twice', day([]).replace(',Pnode', ',LMP') + priceAt('03/31/2025 13:05:00'), 'SOURCE_MALFORMED'],
  ['a cut line', day([priceAt('03/31/2025 13:05:00'), '03/31/2025 08:05:00,03/31']), 'SOURCE_MALFORMED'],
  ['another table', 'a,b,c\n1,2,3\n', 'SOURCE_UNRECOGNISED'],
];
for (const [what, body, code] of REFUSED)
  test(`${what} is refused with ${code}`, () => assert.equal(refusalOf('spp', body).code, code));

test('records of intervals to come, without a number, are passed over; a blank area is none', () => {
  const refined = readOf(
    'spp',
    'Interval,GMTIntervalEnd,MTLF,Averaged Actual,BAA\n' +
      'x,06/04/2026 06:00:00,31000.5,,SPP\nx,06/04/2026 07:00:00,,,\nx,06/04/2026 08:00:00,30000,,\n',
  );
  assert.deepEqual(
    refined.rows.map(({ location, values }) => [location, values.map(({ value }) => value)]),
    [
      ['SPP', ['31000.5', null]],
      [null, ['30000', null]],
    ],
  );
});

test('a column that no report has had is reported and left alone', () => {
  const body = 'GMT MKT Interval, Coal, Wind, Hydro, Moonlight\n2026-06-04T06:00:00Z,1,2,3,4\n';
  const refined = readOf('spp', body);
  assert.deepEqual(refined.drift, [{ column: 'Moonlight', at: 5 }]);
  assert.equal(printedLines(refined).length, 3);
});

test('a byte-order mark, blank lines and a gap after the last record do no harm', () => {
  const body = `\uFEFF\n${day([priceAt('03/31/2025 13:00:00'), '', priceAt('03/31/2025 14:00:00')])}\n\n`;
  assert.equal(readOf('spp', body).rows.length, 2);
});

const at = (text: string): number => parseInstant(text) ?? Number.NaN;

function urlsOf(dataset: string, from: string, to: string, now: string, options = {}): string[] {
  const found = spp.datasets.find(({ name }) => name === dataset);
  const requests = found?.plan({ start: at(from), end: at(to) }, { now: at(now), options }) ?? [];
  return requests.map(({ url }) => url.replace('https://portal.spp.org/file-browser-api/download/', ''));
}

test('files of the western area have it in their name alone, and of ties in their neighbours', () => {
  const placesOf = (body: string, name: string): (string | null)[] =>
    readOf('spp', body, name).rows.map(({ location }) => location);
  const ties = 'GMTTIME,SPP_NSI,SPP_NAI,PACE\n2026-05-01T05:00:00Z,-210.5,-198.25,40\n';
  assert.deepEqual(placesOf(ties, 'TieFlows_SWPW_May2026.csv'), ['SWPW', 'PACE']);
  const west = 'GMTTIME,SPP_NSI,SPP_NAI,AZPS,PACE,WALC\n2026-05-01T06:00:00Z,10,11,1,2,3\n';
  assert.deepEqual([...new Set(placesOf(west, 'body.csv'))], ['SWPW', 'AZPS', 'PACE', 'WALC']);
  const east = west.replace('AZPS,PACE', 'AECI,PACE');
  assert.deepEqual([...new Set(placesOf(east, 'body.csv'))], ['SPP', 'AECI', 'PACE', 'WALC']);
  assert.deepEqual(placesOf(ties, 'TieFlows_SPP_May2026.csv'), ['SPP', 'PACE']);
  const fuels =
    'GMT MKT Interval, Coal Market, Wind Self, Gas Self, Load\n2026-06-04T06:35:00Z,600.5,90,12.25,1500\n';
  assert.deepEqual([...new Set(placesOf(fuels, 'GenMix2Hour_SWPW.csv'))], ['SWPW']);
  assert.deepEqual([...new Set(placesOf(fuels, 'GenMix2Hour_SPP.csv'))], ['SPP']);
  assert.deepEqual([...new Set(placesOf(fuels.replace('1500', '21500'), 'swpwish.csv'))], ['SPP']);
  // A name that tells nothing: the load does, since there are two areas.
  assert.deepEqual([...new Set(placesOf(fuels, 'swpwish.csv'))], ['SWPW']);
  assert.deepEqual([...new Set(placesOf(fuels.replace('2026-06-04', '2026-03-31'), 'body.csv'))], ['SPP']);
  assert.deepEqual(
    [...new Set(placesOf(fuels.replace(', Load', '').replace(',1500', ''), 'body.csv'))],
    ['SPP'],
  );
});

test('plans name the files of the portal', () => {
  const now = '2026-06-10T12:00:00Z';
  assert.deepEqual(urlsOf('da_lmp', '2026-06-09T05:00:00Z', '2026-06-10T05:00:00Z', now), [
    'da-lmp-by-settlement-location?path=/2026/06/By_Day/DA-LMP-SL-202606090100.csv',
  ]);
  assert.deepEqual(urlsOf('rt_lmp', '2026-06-10T04:55:00Z', '2026-06-10T05:05:00Z', now), [
    'rtbm-lmp-by-location?path=/2026/06/By_Interval/09/RTBM-LMP-SL-202606100000.csv',
    'rtbm-lmp-by-location?path=/2026/06/By_Interval/10/RTBM-LMP-SL-202606100005.csv',
  ]);
  assert.deepEqual(urlsOf('rt_lmp', '2026-05-01T05:00:00Z', '2026-05-02T05:00:00Z', now, { files: 'bus' }), [
    'rtbm-lmp-by-bus?path=/2026/05/By_Day/RTBM-LMP-DAILY-B-20260501.csv',
  ]);
  assert.deepEqual(urlsOf('interchange', '2026-05-01T06:00:00Z', '2026-05-02T05:00:00Z', now), [
    'historical-tie-flow?path=/TieFlows_SPP_May2026.csv',
    'historical-tie-flow?path=/TieFlows_SWPW_May2026.csv',
  ]);
  // Files have areas in their names since March 2026.
  assert.deepEqual(urlsOf('interchange', '2026-02-28T12:00:00Z', '2026-03-02T05:00:00Z', now), [
    'historical-tie-flow?path=/TieFlows_Feb2026.csv',
    'historical-tie-flow?path=/TieFlows_SPP_Mar2026.csv',
    'historical-tie-flow?path=/TieFlows_SWPW_Mar2026.csv',
  ]);
  assert.deepEqual(urlsOf('fuel_mix', '2026-06-10T11:00:00Z', now, now), [
    'generation-mix-historical?path=/SPP/GenMix2Hour_SPP.csv',
    'generation-mix-historical?path=/SWPW/GenMix2Hour_SWPW.csv',
  ]);
  assert.deepEqual(urlsOf('fuel_mix', '2026-03-01T06:00:00Z', '2026-03-02T06:00:00Z', now), [
    'generation-mix-historical?path=/SPP/GenMix365_SPP.csv',
  ]);
});

test('files of the second pass of the repeated hour have a d', () => {
  const now = '2025-11-02T12:00:00Z';
  assert.deepEqual(urlsOf('rt_lmp', '2025-11-02T06:00:00Z', '2025-11-02T06:05:00Z', now), [
    'rtbm-lmp-by-location?path=/2025/11/By_Interval/02/RTBM-LMP-SL-202511020105.csv',
  ]);
  assert.deepEqual(urlsOf('rt_lmp', '2025-11-02T07:00:00Z', '2025-11-02T07:05:00Z', now), [
    'rtbm-lmp-by-location?path=/2025/11/By_Interval/02/RTBM-LMP-SL-202511020105d.csv',
  ]);
  assert.deepEqual(urlsOf('load_forecast', '2025-11-02T07:00:00Z', '2025-11-02T08:00:00Z', now), [
    'mtlf-vs-actual?path=/2025/11/02/OP-MTLF-202511020200d.csv',
  ]);
});

test('when clocks go back, no two files of forecasts share a name', () => {
  // Hours that begin at 00, at 01, at 01 once more, and at 02: the one that ends with the change bears the next hour.
  const [from, to, now] = ['2025-11-02T05:00:00Z', '2025-11-02T09:00:00Z', '2025-11-03T00:00:00Z'];
  assert.deepEqual(urlsOf('load_forecast', from, to, now), [
    'mtlf-vs-actual?path=/2025/11/02/OP-MTLF-202511020100.csv',
    'mtlf-vs-actual?path=/2025/11/02/OP-MTLF-202511020200.csv',
    'mtlf-vs-actual?path=/2025/11/02/OP-MTLF-202511020200d.csv',
    'mtlf-vs-actual?path=/2025/11/02/OP-MTLF-202511020300.csv',
  ]);
  const short = urlsOf('load_forecast_5min', '2025-11-02T05:55:00Z', '2025-11-02T06:00:00Z', now);
  assert.deepEqual(short, ['stlf-vs-actual?path=/2025/11/02/02/OP-STLF-202511020100.csv']);
});

test('a month of prices is day-ahead unless its name says real time, and a kind that is not known rejects its line', () => {
  const hours = Array.from({ length: 24 }, (_, i) => i + 1);
  const header = `Date, Settlement Location Name, PNODE Name, Price Type, ${hours.map((h) => `HE${h}`).join()}`;
  const month = `${header}\n2023/11/05, AEC, SOUC, LMP, ${hours.join()}\n2023/11/05, AEC, SOUC, MXC, ${hours.join()}\n`;
  assert.equal(readOf('spp', month).dataset, 'da_lmp_monthly');
  assert.equal(readOf('spp', `\uFEFF\n${month.replaceAll('\n', '\r\n')}`).rows.length, 24);
  assert.equal(readOf('spp', month, 'DA-LMP-MONTHLY-SL-202311.csv').dataset, 'da_lmp_monthly');
  const { dataset, rows, rejected } = readOf('spp', month, 'RTBM-LMP-MONTHLY-SL-202311.csv');
  assert.equal(dataset, 'rt_lmp_hourly_monthly');
  // GMT has no repeated hour: hour 7 of the day of the change begins at 06:00.
  assert.deepEqual(
    rows.slice(6, 8).map(({ intervalStart, values }) => [formatInstant(intervalStart), values[0]?.value]),
    [
      ['2023-11-05T06:00:00Z', '7'],
      ['2023-11-05T07:00:00Z', '8'],
    ],
  );
  assert.deepEqual(
    rejected.map(({ row, code, got }) => [row, code, got]),
    [[3, 'FIELD_UNKNOWN', 'MXC']],
  );
  const cut = month.replace('HE24', 'HE23');
  assert.equal(refusalOf('spp', cut).code, 'SOURCE_UNRECOGNISED');
});
