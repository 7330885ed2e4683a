/** Files as people keep them: excerpts, another order, other encodings, stamps and headers of a spreadsheet. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONNECTORS } from '../../../connectors/catalog.ts';
import { recognise } from '../../../connectors/kit/recognise.ts';
import { type Refined, refine } from '../../../connectors/kit/refine.ts';
import { inPlainText } from '../../../connectors/kit/text-form.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { printedLines, readOf, refusalOf } from '../../support/read-body.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Reads a body as an excerpt, as `carbon decode` does. */
function excerpt(market: string, body: string): Refined {
  const payload = inPlainText({ name: '', bytes: bytesOf(body) });
  const { connector, dataset } = recognise(CONNECTORS, payload, { market, dataset: undefined });
  return refine(connector.market, dataset, payload, ['sanitize_numeric', 'standardize_timezone'], {
    held: 'excerpt',
  });
}

/** Rows as `place begin value …`. */
const seen = (refined: Refined): string[] =>
  refined.rows.map(({ location, intervalStart, values }) =>
    [location, formatInstant(intervalStart), ...values.map(({ value }) => value)].join(' '),
  );

const HEADER =
  'Time Stamp,Name,PTID,LBMP ($/MWHr),Marginal Cost Losses ($/MWHr),Marginal Cost Congestion ($/MWHr)';
const nyiso = (...rows: string[]): string => `${[HEADER, ...rows].join('\n')}\n`;

test('hours left out are a note in an excerpt and damage in a whole body', () => {
  const body = nyiso('06/01/2025 00:00,WEST,1,20,1,0', '06/01/2025 05:00,WEST,1,21,1,0');
  const { damage, missing, rows } = excerpt('NYISO', body);
  assert.deepEqual([damage, rows.length], [null, 2]);
  assert.match(missing?.message ?? '', /line 3: an interval is missing before/);
  assert.equal(refusalOf('NYISO', body).code, 'SOURCE_MALFORMED');
});

test('an excerpt may end within a block, unless it ends within a number', () => {
  const body = nyiso(
    '06/01/2025 00:00,WEST,1,20,1,0',
    '06/01/2025 00:00,NORTH,1,20,1,0',
    '06/01/2025 01:00,WEST,1,20,1,0.25',
  );
  assert.equal(excerpt('NYISO', body).damage, null);
  assert.match(excerpt('NYISO', body.slice(0, -2)).damage?.message ?? '', /do not cover the whole span/);
});

test('newest first is another order; back and forth, or an interval twice, is damage', () => {
  const first = '06/01/2025 00:00,WEST,1,20,1,0';
  const second = '06/01/2025 01:00,WEST,1,21,1,0';
  const third = '06/01/2025 02:00,WEST,1,22,1,0';
  const turned = excerpt('NYISO', nyiso(third, second, first));
  assert.deepEqual([turned.damage, seen(turned).at(-1)], [null, 'WEST 2025-06-01T04:00:00Z 20 1 0']);
  assert.equal(excerpt('NYISO', nyiso(second, first, third)).damage?.code, 'SOURCE_MALFORMED');
  assert.equal(excerpt('NYISO', nyiso(first, first)).damage?.code, 'SOURCE_MALFORMED');
});

test('the repeated hour of an excerpt is told by order or not at all', () => {
  const hour = '11/02/2025 01:00,WEST,1,20,1,0';
  const one = excerpt('NYISO', nyiso('11/02/2025 00:00,WEST,1,20,1,0', hour));
  assert.deepEqual(
    one.rejected.map(({ code }) => code),
    ['TIME_AMBIGUOUS'],
  );
  const both = excerpt('NYISO', nyiso(hour, hour, '11/02/2025 04:00,WEST,1,20,1,0'));
  assert.deepEqual(
    seen(both).map((row) => row.slice(5, 25)),
    ['2025-11-02T05:00:00Z', '2025-11-02T06:00:00Z', '2025-11-02T09:00:00Z'],
  );
});

test('components left out of an OASIS report are a note in an excerpt', () => {
  const head =
    'INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,OPR_INTERVAL,NODE,MARKET_RUN_ID,LMP_TYPE,XML_DATA_ITEM,MW';
  const row = (hour: number, type: string, item: string): string =>
    `2025-09-02T0${hour}:00:00-00:00,2025-09-02T0${hour + 1}:00:00-00:00,2025-09-01,${18 + hour},0,TH,DAM,${type},${item},1.5`;
  const body = `${[head, row(0, 'LMP', 'LMP_PRC'), row(1, 'LMP', 'LMP_PRC'), row(1, 'MCC', 'LMP_CONG_PRC')].join('\n')}\n`;
  const { damage, missing, rows } = excerpt('CAISO', body);
  assert.deepEqual([damage, rows.length], [null, 3]);
  assert.match(missing?.message ?? '', /no congestion .*lines are missing/);
  assert.equal(refusalOf('CAISO', body).code, 'SOURCE_MALFORMED');
});

test('UTF-16 and lines with a carriage return alone become text that readers know', () => {
  const body = nyiso('06/01/2025 00:00,WEST,1,20,1,0').trimEnd();
  const little = new Uint8Array(Buffer.from(`\uFEFF${body}`, 'utf16le'));
  const big = new Uint8Array(Buffer.from(little).swap16());
  for (const bytes of [little, big, little.subarray(2), big.subarray(2)])
    assert.equal(textOf(inPlainText({ name: '', bytes }).bytes), body);
  // Zeros alone do not make a text: eight characters of ASCII must be there, and no half of one.
  for (const bytes of [little.subarray(2, 16), little.subarray(2, 33), new Uint8Array(64)])
    assert.equal(inPlainText({ name: '', bytes }).bytes, bytes);
  const returns = inPlainText({ name: '', bytes: bytesOf(body.replaceAll('\n', '\r')) });
  assert.equal(textOf(returns.bytes), body);
  const both = { name: '', bytes: bytesOf(body.replaceAll('\n', '\r\n')) };
  assert.equal(inPlainText(both), both);
  const declared = Buffer.from('\uFEFF<?xml version="1.0" encoding="UTF-16"?><a/>', 'utf16le');
  assert.equal(
    textOf(inPlainText({ name: '', bytes: new Uint8Array(declared) }).bytes),
    '<?xml version="1.0" encoding="UTF-8"?><a/>',
  );
});

test('NYISO: stamps of a file saved anew, one form to a file', () => {
  const expected = ['WEST 2025-06-01T04:00:00Z 20 1 0', 'WEST 2025-06-01T05:00:00Z 21 1 0'];
  for (const [first, second] of [
    ['6/1/2025 0:00', '6/1/2025 1:00'],
    ['2025-06-01 00:00:00', '2025-06-01 01:00:00'],
    ['6/1/25 0:00', '6/1/25 1:00'],
  ])
    assert.deepEqual(
      seen(readOf('NYISO', nyiso(`${first},WEST,1,20,1,0`, `${second},WEST,1,21,1,0`), 'damlbmp.csv')),
      expected,
    );
  const mixed = readOf('NYISO', nyiso('06/01/2025 00:00,WEST,1,20,1,0', '6/1/2025 1:00,WEST,1,21,1,0'));
  assert.deepEqual(
    mixed.rejected.map(({ code }) => code),
    ['TIME_UNPARSEABLE'],
  );
});

test('NYISO: a forecast of some zones', () => {
  const body = '"Time Stamp","Capitl","NYISO"\n"06/01/2025 00:00",1200,16000\n';
  assert.deepEqual(seen(readOf('NYISO', body)), [
    'Capitl 2025-06-01T04:00:00Z 1200',
    'NYISO 2025-06-01T04:00:00Z 16000',
  ]);
});

test('CAISO: a document that has lost its namespace', () => {
  const body = `<OASISReport><MessagePayload><RTO><name>CAISO</name><REPORT_ITEM><REPORT_HEADER><SYSTEM>OASIS</SYSTEM>
<REPORT>PRC_LMP</REPORT><MKT_TYPE>DAM</MKT_TYPE><UOM>US$/MWh</UOM><SEC_PER_INTERVAL>3600</SEC_PER_INTERVAL></REPORT_HEADER>
<REPORT_DATA><DATA_ITEM>LMP_PRC</DATA_ITEM><RESOURCE_NAME>TH</RESOURCE_NAME><OPR_DATE>2016-05-20</OPR_DATE>
<INTERVAL_NUM>9</INTERVAL_NUM><INTERVAL_START_GMT>2016-05-20T15:00:00-00:00</INTERVAL_START_GMT>
<INTERVAL_END_GMT>2016-05-20T16:00:00-00:00</INTERVAL_END_GMT><VALUE>20.5</VALUE></REPORT_DATA></REPORT_ITEM></RTO>
</MessagePayload></OASISReport>`;
  const read = readOf('CAISO', body);
  assert.deepEqual([read.dataset, seen(read)], ['da_lmp', ['TH 2016-05-20T15:00:00Z 20.5']]);
});

test('a page that a browser has saved begins with a comment', () => {
  const page = `<!-- saved from url=(0014)about:internet -->
<h1>Instantaneous Load</h1><p>As of 07.16.2025 14:23 EDT</p>
<table><tr><th>Name</th><th>MW</th></tr><tr><td>PJM RTO Total</td><td>91,000</td></tr></table>`;
  assert.deepEqual(seen(readOf('PJM', page)), ['PJM RTO Total 2025-07-16T18:23:00Z 91000']);
  assert.ok(printedLines(readOf('PJM', page)).length > 0);
});

test('JSON that is the argument of a call is read with the call as blanks; a cut one and other text stay', () => {
  const json = '{"labels":\n[1]}';
  const plain = (body: string): string => textOf(inPlainText({ name: '', bytes: bytesOf(body) }).bytes);
  for (const [before, after] of [
    ['jQuery1112_17(', ');'],
    ['/**/ chart.load (', ')\n'],
    ['callback(\n', ')'],
  ] as const) {
    const read = plain(`${before}${json}${after}`);
    assert.equal(read.length, before.length + json.length + after.length);
    assert.deepEqual(JSON.parse(read), { labels: [1] });
    // Lines keep their numbers.
    assert.equal(read.split('\n').length, `${before}${json}${after}`.split('\n').length);
  }
  for (const body of [`call(${json}`, `call(${json.slice(0, -3)}`, 'a,b(c)\n1,2\n', json])
    assert.equal(plain(body), body);
});
