import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadStageSettings, policyPaths } from '../../../app/pipeline/settings.ts';
import { CONNECTORS } from '../../../connectors/catalog.ts';
import { ieso } from '../../../connectors/ieso/index.ts';
import { formatInstant, parseInstant } from '../../../core/time/instant.ts';
import { nodesCsv, ontarioHours, reservesCsv } from '../../../scripts/samples/ieso-price-bodies.ts';
import { adequacy, totals } from '../../../scripts/samples/ieso-system-bodies.ts';
import { failureOf, printedLines, readBody } from '../../support/read-body.ts';

const IESO = { market: 'ieso' };
const DA = 'DAHourlyOntarioZonalPrice';
const text = (body: { payload: string | Uint8Array }): string => body.payload as string;
const PRICES = text(ontarioHours(DA, '2026-03-08'));

const REFUSED: readonly (readonly [what: string, body: string, code: string, words: RegExp])[] = [
  ['an absent report', '<html><head><title>404 Not Found</title></head></html>', 'SOURCE_NO_DATA', /404/],
  [
    'a server that is away',
    '<html><body><h1>503 Service Unavailable</h1></body></html>',
    'SOURCE_BUSY',
    /503/,
  ],
  [
    'a list of files',
    '<html><head><title>Index of /public</title></head></html>',
    'SOURCE_NOT_DATA',
    /Index/,
  ],
  ['no bytes', '', 'SOURCE_EMPTY', /no bytes/],
  ['a cut document', PRICES.slice(0, 2_000), 'SOURCE_MALFORMED', /line \d+/],
  [
    'a document type of its own',
    PRICES.replace('<Document ', '<!DOCTYPE Document [<!ENTITY a "b">]><Document '),
    'SOURCE_MALFORMED',
    /document type/,
  ],
  [
    'a report that is not read',
    '<Document docID="TxOutagesTodayAll" xmlns="http://www.ieso.ca/schema"><DocHeader><DocTitle>Outages</DocTitle></DocHeader><DocBody/></Document>',
    'SOURCE_UNRECOGNISED',
    /not read here: Outages/,
  ],
  [
    'a cut CSV',
    text(nodesCsv('2025-11-02', false)).slice(0, -9),
    'SOURCE_MALFORMED',
    /fields under a header/,
  ],
];
for (const [what, body, code, words] of REFUSED)
  test(`${what} is refused with ${code}`, () => {
    const error = failureOf(body, IESO);
    assert.equal(error.code, code);
    assert.match(error.message, words);
  });

test('an hour that there is not rejects its row, and no other moves', () => {
  for (const hour of ['0', '25', 'x']) {
    const read = readBody(PRICES.replace('<PricingHour>3<', `<PricingHour>${hour}<`), IESO);
    assert.deepEqual(
      read.rejected.map(({ code }) => code),
      ['TIME_UNPARSEABLE'],
    );
    assert.equal(read.rows.length, 23);
  }
  const five = readBody(text(totals('2026-03-08', 1)).replace('<Interval>2<', '<Interval>13<'), IESO);
  assert.deepEqual([five.rows.length, five.rejected.length], [2, 1]);
});

test('a prefix, letters of either case and a mark of byte order change nothing', () => {
  const prefixed = PRICES.replace('xmlns=', 'xmlns:m=').replaceAll(/<(\/?)([A-Z])/g, '<$1m:$2');
  const marked = `\uFEFF${PRICES.replaceAll('DeliveryDate', 'DELIVERYDATE')}`;
  const expected = printedLines(readBody(PRICES, IESO));
  assert.deepEqual(printedLines(readBody(prefixed, IESO)), expected);
  assert.deepEqual(printedLines(readBody(marked, IESO)), expected);
});

test('the run of a price is told by its title, then by its name; a document without either is day-ahead', () => {
  const bare = PRICES.replaceAll(DA, 'Prices');
  assert.equal(readBody(PRICES, IESO, 'PUB_PredispHourlyOntarioZonalPrice.xml').dataset, 'da_lmp');
  assert.equal(readBody(bare, IESO, 'PUB_PredispHourlyOntarioZonalPrice.xml').dataset, 'predispatch_lmp');
  assert.equal(readBody(bare, IESO).dataset, 'da_lmp');
  const nodes = text(nodesCsv('2025-11-02', false));
  assert.equal(readBody(nodes, IESO, 'PUB_PredispHourlyEnergyLMP_20251102.csv').dataset, 'predispatch_lmp');
  assert.equal(readBody(text(nodesCsv('2025-11-02', true)), IESO).dataset, 'rt_lmp');
});

test('hourly prices as CSV are told by their name, else by when they were made, else they are refused', () => {
  const made = (created: string, name = ''): string =>
    readBody(text(nodesCsv('2026-03-08', false, created)), IESO, name).dataset;
  assert.equal(made('2026-03-07T12:31:16'), 'da_lmp');
  assert.equal(made('2026-03-07T20:12:40'), 'predispatch_lmp');
  assert.equal(made('2026-03-08T09:12:40'), 'predispatch_lmp');
  assert.equal(made('2026-03-08T09:12:40', 'PUB_DAHourlyEnergyLMP_20260308_v2.csv'), 'da_lmp');
  const evening = failureOf(text(nodesCsv('2026-03-08', false, '2026-03-07T19:00:00')), IESO);
  assert.equal(evening.code, 'SOURCE_UNRECOGNISED');
  assert.match(evening.message, /IESO da_lmp, IESO predispatch_lmp/);
  const untold = text(reservesCsv('2026-03-08', false)).replace(/^CREATED AT [^\n]* FOR/, 'FOR');
  assert.match(failureOf(untold, IESO).message, /IESO da_as_prices, IESO predispatch_as_prices/);
});

test('rows that have lost their header are read where their columns tell, and counted by their own lines', () => {
  const demand = '2015-07-16,1,15000,14000\n7/16/2015,25,15001,14001\n';
  const { dataset, rows, rejected } = readBody(demand, IESO);
  assert.deepEqual([dataset, rows[0]?.row, rejected[0]?.row], ['load_hourly', 1, 2]);
  assert.equal(failureOf('2015-07-16,1,15000\n', IESO).code, 'SOURCE_UNRECOGNISED');
  assert.equal(failureOf('2015-07-16,25,15000,14000\n', IESO).code, 'SOURCE_UNRECOGNISED');
});

test('a list of the adequacy report that is not known is drift, not a figure', () => {
  const { drift } = readBody(text(adequacy('2026-03-08')), IESO);
  assert.deepEqual(
    drift.map(({ column }) => column),
    ['/ForecastSupply/Unheard'],
  );
});

test('dates in the forms of old years', () => {
  const lines = [
    'Date,Hour,Total Market Demand,Ontario Demand',
    '1-May-02,24,16000,14137',
    '5/2/2002,1,15000,14000',
  ];
  const read = readBody(`${lines.join('\n')}\n`, IESO);
  assert.deepEqual(
    read.rows.map((row) => formatInstant(row.intervalStart)),
    ['2002-05-02T04:00:00Z', '2002-05-02T04:00:00Z', '2002-05-02T05:00:00Z', '2002-05-02T05:00:00Z'],
  );
});

test('generators of a month: an hour to a column', () => {
  const hours = Array.from({ length: 24 }, (_, i) => `Hour ${i + 1}`);
  const row = ['2026-03-08', 'AMARANTH', 'WIND', 'Output', ...hours.map((_, i) => String(i))];
  const body = `\\\\Report\n\\\\Created at 2026-04-01 02:00:00\nDelivery Date,Generator,Fuel Type,Measurement,${hours.join(',')}\n${row.join(',')}\n`;
  const read = readBody(body, IESO);
  assert.deepEqual([read.dataset, read.rows.length], ['generation_by_unit', 24]);
  assert.equal(formatInstant(read.rows[23]?.intervalEnd ?? 0), '2026-03-09T05:00:00Z');
});

test('a plan names the files of hours, days and years, and the reports that are chosen', () => {
  const of = (name: string, from: string, to: string, options = {}): string[] =>
    ieso.datasets
      .find((dataset) => dataset.name === name)
      ?.plan({ start: parseInstant(from) as number, end: parseInstant(to) as number }, { now: 0, options })
      .map(({ url }) => url.slice(url.lastIndexOf('/public/') + 8)) ?? [];
  assert.deepEqual(of('rt_lmp', '2026-03-09T04:00:00Z', '2026-03-09T06:00:00Z'), [
    'RealtimeOntarioZonalPrice/PUB_RealtimeOntarioZonalPrice_2026030824.xml',
    'RealtimeOntarioZonalPrice/PUB_RealtimeOntarioZonalPrice_2026030901.xml',
  ]);
  assert.deepEqual(
    of('da_lmp', '2026-03-08T05:00:00Z', '2026-03-09T05:00:00Z', {
      reports: 'DAHourlyZonal, DAHourlyEnergyLMP',
    }),
    ['DAHourlyZonal/PUB_DAHourlyZonal_20260308.xml', 'DAHourlyEnergyLMP/PUB_DAHourlyEnergyLMP_20260308.csv'],
  );
  assert.deepEqual(of('fuel_mix', '2025-12-30T05:00:00Z', '2026-01-02T05:00:00Z'), [
    'GenOutputbyFuelHourly/PUB_GenOutputbyFuelHourly_2025.xml',
    'GenOutputbyFuelHourly/PUB_GenOutputbyFuelHourly_2026.xml',
  ]);
});

test('every field that is published has a rule of normalization', async () => {
  const root = new URL('../../..', import.meta.url).pathname;
  const { normalization } = await loadStageSettings(policyPaths(root, {}), {});
  for (const { market, datasets } of CONNECTORS)
    for (const { name, fields } of datasets) {
      const rule = normalization.datasets.find((each) => each.market === market && each.dataset === name);
      for (const { field } of fields)
        if (name !== 'trade') assert.ok(rule?.fields[field] !== undefined, `${market} ${name} ${field}`);
    }
});

test('rows without their header are read below a blank line and in quotes; a quote that does not end is none', () => {
  const body = '2025-03-09,1,16389,14093\n2025-03-09,24,16136,13932\n';
  const loads = (text: string): unknown[] =>
    printedLines(readBody(text, IESO)).map((line) => JSON.parse(line));
  assert.equal(loads(body).length, 4);
  assert.deepEqual(loads(`\n${body}`), loads(body));
  assert.deepEqual(loads(body.replace(/[^,\n]+/g, '"$&"')), loads(body));
  assert.notEqual(failureOf(body.replace('16389', '"16389'), IESO).code, undefined);
});
