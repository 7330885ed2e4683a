/** Wind, sun, real-time reserves and the page of conditions of the simulated ERCOT: written by hand from what is known. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, cellsOf, membersOf, small } from './ask.ts';

const market = small('ercot');

interface Listed {
  readonly Document: {
    readonly DocID: string;
    readonly ConstructedName: string;
    readonly PublishDate: string;
  };
}

/** The newest document of a report as CSV. */
async function newest(type: number, at: string): Promise<{ name: string; rows: string[][] }> {
  const listing = ask(market, `/misapp/servlets/IceDocListJsonWS?reportTypeId=${type}`, at);
  const list: Listed[] = JSON.parse(listing.text).ListDocsByRptTypeRes.DocumentList;
  const found = list.find(({ Document }) => Document.ConstructedName.includes('_csv'));
  assert.ok(found !== undefined, `nothing listed under ${type}`);
  const body = ask(market, `/misdownload/servlets/mirDownload?doclookupId=${found.Document.DocID}`, at);
  const [text] = (await membersOf(body.bytes)).values();
  return { name: found.Document.ConstructedName, rows: cellsOf(text ?? '') };
}

const WIND_TAIL = ['LZ_SOUTH_HOUSTON', 'LZ_WEST', 'LZ_NORTH'];

test('wind: two days back and seven ahead, blank where there is nothing yet, columns of its time', async () => {
  const { rows } = await newest(13028, '2025-11-02T12:58:00Z');
  const [header, ...hours] = rows;
  assert.deepEqual(header, [
    'DELIVERY_DATE',
    'HOUR_ENDING',
    'SYSTEM_WIDE_GEN',
    'COP_HSL_SYSTEM_WIDE',
    'STWPF_SYSTEM_WIDE',
    'WGRPP_SYSTEM_WIDE',
    'SYSTEM_WIDE_HSL',
    ...WIND_TAIL.flatMap((zone) => [`GEN_${zone}`, `COP_HSL_${zone}`, `STWPF_${zone}`, `WGRPP_${zone}`]),
    'DSTFlag',
  ]);
  assert.equal(hours.length, 48 + 7 * 24);
  const repeated = hours.filter(([day, hour]) => day === '11/02/2025' && hour === '2');
  assert.deepEqual(
    repeated.map((row) => row.at(-1)),
    ['N', 'Y'],
  );
  assert.deepEqual([hours[47]?.[2] === '', hours[48]?.[2]], [false, '']);
  const old = await newest(13028, '2024-07-02T12:58:00Z');
  assert.equal(old.rows[0]?.[2], 'ACTUAL_SYSTEM_WIDE');
  assert.ok(!old.rows[0]?.includes('SYSTEM_WIDE_HSL'));
});

test('sun: the system alone, in the API under its own names and with the time of posting', () => {
  const { text } = ask(
    market,
    '/api/public-reports/np4-737-cd/spp_hrly_avrg_actl_fcast?deliveryDateFrom=2025-03-09&deliveryDateTo=2025-03-09',
    '2025-03-09T18:00:00Z',
  );
  const body = JSON.parse(text);
  assert.deepEqual(
    body.fields.map((field: { name: string }) => field.name),
    [
      'postedDatetime',
      'deliveryDate',
      'hourEnding',
      'genSystemWide',
      'COPHSLSystemWide',
      'STPPFSystemWide',
      'PVGRPPSystemWide',
      'HSLSystemWide',
      'DSTFlag',
    ],
  );
  assert.equal(body.data.length, 23);
  const hours = body.data.map((row: unknown[]) => row[2]);
  assert.deepEqual(hours.slice(0, 3), [1, 2, 4]);
  assert.equal(body.data.at(-1)[3], null);
});

test('real-time reserves: since 5 December 2025, a row per product', async () => {
  const { rows } = await newest(24898, '2026-03-08T12:05:00Z');
  assert.equal(rows[0]?.join(), 'DeliveryDate,DeliveryHour,DeliveryInterval,ASType,MCPC,RepeatedHourFlag');
  assert.deepEqual(
    rows.slice(1).map((row) => row[3]),
    ['REGUP', 'REGDN', 'RRS', 'NSPIN', 'ECRS'],
  );
  const dispatch = await newest(24891, '2026-03-08T12:05:00Z');
  assert.equal(dispatch.rows[0]?.join(), 'SCEDTimestamp,RepeatedHourFlag,ASType,MCPC');
  await assert.rejects(newest(24898, '2025-12-04T12:05:00Z'));
});

test('the page of conditions: one reading of the last minute, thousands with commas, ties by name', () => {
  const { text } = ask(market, '/content/cdr/html/real_time_system_conditions.html', '2025-07-16T19:39:10Z');
  assert.match(text, /Last Updated: Jul 16, 2025 14:38:40</);
  assert.match(text, /Actual System Demand<\/td>\n<td class="labelClassCenter">\d{2},\d{3}</);
  assert.match(text, /Current Frequency<\/td>\n<td class="labelClassCenter">(59|60)\.\d{3}</);
  assert.equal(text.match(/>DC_[A-Z] \(/g)?.length, 5);
});
