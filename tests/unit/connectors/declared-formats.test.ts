import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { connectorOf } from '../../../app/connectors/catalogue.ts';
import { inspectText, requireManifest } from '../../../app/connectors/manifest.ts';
import type { Connector, Dataset, Payload, SourceRequest } from '../../../connectors/kit/contract.ts';
import { refine } from '../../../connectors/kit/refine.ts';
import { formatInstant } from '../../../core/time/instant.ts';

/** Beside this file lie the schemas that the texts name. */
const PLACE = join(resolve(import.meta.dirname, '../../..'), 'connectors/elexon/connector.yaml');

const HEAD = `name: elexon
version: 1.0.0
market: ELEXON
mode: batch
schedule: "0 * * * *"
output_topic: ingestion.elexon.raw.v1
schema: schemas/raw_elexon_price.avsc
hosts: [x.example]
transforms: [sanitize_numeric, standardize_timezone]
owner: platform
`;

const connector = (datasets: string): Connector =>
  connectorOf(requireManifest(inspectText(PLACE, `${HEAD}datasets:\n${datasets}`)), 'elexon');
const datasetOf = (read: string, request = ''): Dataset =>
  connector(
    `  - name: x\n    request: { url: "https://x.example/a"${request} }\n    read: ${read.replace(/\s+/g, ' ')}\n`,
  ).datasets[0] as Dataset;
const payload = (body: string): Payload => ({ name: 'x', bytes: new TextEncoder().encode(body) });
const rows = (dataset: Dataset, body: string): string[] => {
  const refined = refine('ELEXON', dataset, payload(body), ['sanitize_numeric', 'standardize_timezone']);
  assert.equal(refined.damage, null);
  return [
    ...refined.rows.map(
      (row) =>
        `${row.location}/${row.series ?? ''} ${formatInstant(row.intervalStart)} ${row.values.map(({ field, value }) => `${field}=${value}`).join(' ')}`,
    ),
    ...refined.rejected.map(({ code, row }) => `${code} ${row}`),
  ];
};

const TIME = '{ from: at, zone: UTC, pattern: "YYYY-MM-DD hh:mm", stamp: beginning, length: 1h }';

test('CSV: titles before the header, lines of other kinds, another delimiter, units in the header', () => {
  const marked = datasetOf(`{ format: csv, row_marker: D, time: { from: [Date, Time], zone: America/New_York,
    pattern: "MM/DD/YYYY hh:mm:ss", stamp: instant, length: 1h }, location: { is: ISONE }, series: Fuel Category,
    values: [{ field: generation, from: Gen Mw, unit: MW, what: output }], known: [H, Fuel Category Rollup, Marginal Flag] }`);
  const body = [
    '"C","Generation Fuel Mix"',
    '"C","Filename: genfuelmix.csv"',
    '"H","Date","Time","Fuel Category","Gen Mw","Fuel Category Rollup","Marginal Flag"',
    '"H","Date","Time","String","Number","String","String"',
    '"D","03/09/2025","00:03:12","Hydro","512","Hydro","N"',
    '"D","03/09/2025","03:00:00","Nuclear","3,355","Nuclear","N"',
    '"D","03/09/2025","02:30:00","Nuclear","1","Nuclear","N"',
    '"T","3 lines"',
  ].join('\n');
  assert.deepEqual(rows(marked, body), [
    'ISONE/Hydro 2025-03-09T05:03:12Z generation=512',
    'ISONE/Nuclear 2025-03-09T07:00:00Z generation=3355',
    'TIME_NONEXISTENT 7',
  ]);
  const semicolons = datasetOf(`{ format: csv, delimiter: ";", time: ${TIME}, location: place,
    values: [{ field: price, from: Price (EUR/MWh), unit: EUR/MWh, what: price }], null_words: [n.a.] }`);
  assert.deepEqual(
    rows(
      semicolons,
      '\uFEFFat;place;PRICE (€)\r\n2025-01-01 05:00;DK1;-1.5\r\n2025-01-01 06:00;DK1;N.A.\r\n',
    ),
    ['DK1/ 2025-01-01T05:00:00Z price=-1.5', 'DK1/ 2025-01-01T06:00:00Z price=null'],
  );
});

test('XML: elements by their path, attributes, an inner text', () => {
  const dataset = datasetOf(`{ format: xml, rows: Doc.Rows.Row, time: { from: Begin, zone: America/New_York,
    pattern: "YYYY-MM-DDThh:mm:ss", stamp: beginning, length: 1h, offset: true },
    location: Location.$, series: Location.@LocId, values: [{ field: lmp, from: Lmp, unit: USD/MWh, what: price }] }`);
  const row = (begin: string, lmp: string) =>
    `<Row><Begin>${begin}</Begin><Location LocId="4000">.H.HUB</Location><Lmp>${lmp}</Lmp></Row>`;
  const body = `<?xml version="1.0"?><Doc xmlns="urn:x"><Meta><Row><Lmp>9</Lmp></Row></Meta><Rows>
    ${row('2025-11-02T01:00:00.000-04:00', '1.50')}${row('2025-11-02T01:00:00.000-05:00', '2')}
    ${row('2025-11-02T03:00:00.000-04:00', '3')}</Rows></Doc>`;
  assert.deepEqual(rows(dataset, body), [
    '.H.HUB/4000 2025-11-02T05:00:00Z lmp=1.50',
    '.H.HUB/4000 2025-11-02T06:00:00Z lmp=2',
    'TIME_NONEXISTENT 3',
  ]);
});

test('JSON: rows of positions under named columns, one object in place of a list, nested lists', () => {
  const positions =
    datasetOf(`{ format: json, rows: data, columns: fields, time: { from: [day, hour], zone: America/Chicago,
    pattern: "YYYY-MM-DD hh:mm", stamp: ending-label, length: 1h, hint: dst, repeated: { first: ["false"], second: ["true"] } },
    location: point, values: [{ field: spp, from: price, unit: USD/MWh, what: price }] }`);
  const fields = ['day', 'hour', 'point', 'price', 'dst'].map((name) => ({ name, label: name }));
  const data = [
    ['2025-11-02', '02:00', 'HB_WEST', 42.47, false],
    ['2025-11-02', '02:00', 'HB_WEST', 1.1, true],
    ['2025-11-02', '24:00', 'HB_WEST', 0, false],
  ];
  assert.deepEqual(rows(positions, JSON.stringify({ fields, data })), [
    'HB_WEST/ 2025-11-02T06:00:00Z spp=42.47',
    'HB_WEST/ 2025-11-02T07:00:00Z spp=1.1',
    'HB_WEST/ 2025-11-03T05:00:00Z spp=0',
  ]);
  const nested = datasetOf(`{ format: json, rows: Groups.Rows.Row, time: ${TIME}, location: place,
    values: [{ field: load, from: mw, unit: MW, what: load }] }`);
  const one = (place: string) => ({ at: '2025-01-01 00:00', place, mw: 1 });
  const document = {
    Groups: [{ Rows: { Row: one('A') } }, { Rows: { Row: [one('B'), one('C')] } }, { Rows: '' }],
  };
  assert.deepEqual(
    rows(nested, JSON.stringify(document)).map((each) => each[0]),
    ['A', 'B', 'C'],
  );
});

test('a row may hold one of several fields, be left out by its words, or be refused when nobody knows them', () => {
  const dataset =
    datasetOf(`{ format: json, rows: d, time: ${TIME}, location: who, skip: { type: [TI] }, values: [
    { field: load, from: v, unit: MW, what: load, when: { type: D } },
    { field: load_forecast, from: v, unit: MW, what: forecast, when: { type: DF } }] }`);
  const row = (type: string, v: number) => ({ at: '2025-01-01 00:00', who: 'CISO', type, v });
  const body = JSON.stringify({ d: [row('D', 1), row('DF', 2), row('TI', 3), row('XX', 4)] });
  assert.deepEqual(rows(dataset, body), [
    'CISO/ 2025-01-01T00:00:00Z load=1',
    'CISO/ 2025-01-01T00:00:00Z load_forecast=2',
    'FIELD_UNKNOWN 4',
  ]);
});

test('repeated hours by order and by the name of the zone', () => {
  const csv =
    'at,place,mw,tz\n2025-11-02 01:00,A,1,EDT\n2025-11-02 01:00,A,2,EST\n2025-11-02 02:00,A,3,EST\n';
  const read = (rule: string) =>
    datasetOf(`{ format: csv, time: { from: at, zone: America/New_York, pattern: "YYYY-MM-DD hh:mm", stamp: beginning,
      length: 1h, ${rule} }, location: place, values: [{ field: load, from: mw, unit: MW, what: load }], known: [tz] }`);
  const expected = ['05', '06', '07'].map((hour, i) => `A/ 2025-11-02T${hour}:00:00Z load=${i + 1}`);
  assert.deepEqual(rows(read('repeated: order'), csv), expected);
  assert.deepEqual(
    rows(read('hint: tz, repeated: { words: { EDT: "-04:00", EST: "-05:00" } }'), csv),
    expected,
  );
  assert.deepEqual(rows(read('repeated: none'), csv), [expected[2], 'TIME_AMBIGUOUS 2', 'TIME_AMBIGUOUS 3']);
});

test('pages by number, cursor and link; a link loses the key that the source repeats', () => {
  const first: SourceRequest = {
    url: 'https://x.example/a?page=1&q=2',
    name: 'n',
    window: { start: 0, end: 1 },
    expectedAt: 0,
    maxBytes: 1,
  };
  const read = `{ format: json, rows: d, time: ${TIME}, location: who, values: [{ field: v, from: v, unit: MW, what: v }] }`;
  const next = (page: string, body: unknown, request = first): string | null => {
    const dataset = datasetOf(read, `, page: ${page}`);
    return dataset.next?.(request, payload(JSON.stringify(body)))?.url ?? null;
  };
  const full = {
    d: [1, 2],
    pages: 3,
    cursor: 'abc',
    links: [
      { rel: 'self', href: 'x' },
      { rel: 'next', href: '/b?api_key=REDACTED&c=1' },
    ],
  };
  const number = '{ by: page, parameter: page, size: 2 }';
  assert.equal(next(number, full), 'https://x.example/a?page=2&q=2');
  assert.equal(next(number, { d: [1] }), null, 'a page that is not full is the last');
  const counted = '{ by: page, parameter: page, size: 2, total: pages }';
  assert.equal(next(counted, { ...full, d: [1] }), 'https://x.example/a?page=2&q=2');
  assert.equal(next(counted, { ...full, pages: '1' }), null);
  const cursor = '{ by: cursor, parameter: after, from: cursor }';
  assert.equal(next(cursor, full), 'https://x.example/a?page=1&q=2&after=abc');
  assert.equal(next(cursor, { ...full, cursor: '' }), null);
  assert.equal(
    next(cursor, full, { ...first, url: 'https://x.example/a?after=abc' }),
    null,
    'it does not move',
  );
  const link = connector(`  - name: x
    request: { url: "https://x.example/a", page: { by: link, from: "links[rel=next].href" } }
    read: ${read}
auth: [{ kind: query, name: api_key, secret: X_KEY }]
`).datasets[0] as Dataset;
  assert.equal(link.next?.(first, payload(JSON.stringify(full)))?.url, 'https://x.example/b?c=1');
  assert.equal(link.next?.(first, payload(JSON.stringify({ d: [] }))), null);
});

test('what is wrong with a declaration is told with its line and what is allowed', () => {
  const file = `${HEAD}auth: [{ kind: digest }]
datasets:
  - name: x
    request:
      url: https://y.example/{day}
      span: weekly
      page: { by: offset }
    read:
      format: csv
      tiem: {}
      time: { from: a, zone: Mars/Base, pattern: abc, stamp: begin, length: 1h }
      location: p
      values: []
`;
  const { problems } = inspectText(PLACE, file);
  const told = problems.map(({ position: { line, field, expected } }) => `${line} ${field}: ${expected}`);
  for (const expected of [
    /^11 auth\.0\.kind: basic, bearer, header, query, token, cookie$/,
    /^15 datasets\.0\.request\.url: http or https/,
    /^15 datasets\.0\.request\.url: x\.example$/,
    /^16 datasets\.0\.request\.span: day, month, year/,
    /^17 datasets\.0\.request\.page\.parameter: a name$/,
    /^20 datasets\.0\.read\.tiem: .*time/,
    /^21 datasets\.0\.read\.time\.zone: an IANA zone/,
    /^21 datasets\.0\.read\.time\.pattern: YYYY/,
    /^21 datasets\.0\.read\.time\.stamp: beginning/,
    /^23 datasets\.0\.read\.values: a list/,
  ])
    assert.ok(
      told.some((each) => expected.test(each)),
      `${expected} is not among\n${told.join('\n')}`,
    );
});
