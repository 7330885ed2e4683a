/** The simulated ERCOT against what is known of the real one: written by hand from its description. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, cellsOf, mantissa, membersOf, small, utc } from './ask.ts';

const market = small('ercot');
const API = '/api/public-reports';
const HUBS = ['HB_BUSAVG', 'HB_HOUSTON', 'HB_HUBAVG', 'HB_NORTH', 'HB_PAN', 'HB_SOUTH', 'HB_WEST'];

/** Documents of a report, newest first. */
function documents(type: string, at: string): Record<string, string>[] {
  const { text } = ask(market, `/misapp/servlets/IceDocListJsonWS?reportTypeId=${type}`, at);
  return JSON.parse(text).ListDocsByRptTypeRes.DocumentList.map(
    (each: { Document: object }) => each.Document,
  );
}

async function file(id: string, at: string): Promise<{ name: string; text: string }> {
  const { bytes } = ask(market, `/misdownload/servlets/mirDownload?doclookupId=${id}`, at);
  const [[name, text]] = await membersOf(bytes);
  return { name, text };
}

/** The CSV of the day-ahead prices of a day that were published the day before. */
async function dayAhead(published: string, at: string): Promise<string[][]> {
  const found = documents('12331', at).find(
    (each) => each['PublishDate'].startsWith(published) && each['FriendlyName'] === 'DAMSPNP4190_csv',
  );
  assert.ok(found !== undefined, published);
  return cellsOf((await file(found['DocID'], at)).text);
}

const api = (path: string, at: string) => {
  const { status, text } = ask(market, API + path, at);
  return { status, body: JSON.parse(text) };
};

test('the listing: strings throughout, newest first, each document as CSV and as XML, thirty days back', () => {
  const list = documents('12331', '2025-07-08T16:02:00Z');
  assert.equal(list.length, 60);
  assert.deepEqual(Object.keys(list[0]), [
    'ExpiredDate',
    'ILMStatus',
    'SecurityStatus',
    'ContentSize',
    'Extension',
    'ReportTypeID',
    'Prefix',
    'FriendlyName',
    'ConstructedName',
    'DocID',
    'PublishDate',
    'ReportName',
    'DUNS',
    'DocCount',
  ]);
  for (const each of list) for (const value of Object.values(each)) assert.equal(typeof value, 'string');
  const [csv, xml] = list;
  assert.deepEqual([csv['FriendlyName'], xml['FriendlyName']], ['DAMSPNP4190_csv', 'DAMSPNP4190_xml']);
  assert.match(csv['PublishDate'], /^2025-07-07T12:(29|3\d):\d\d-05:00$/);
  assert.match(
    csv['ConstructedName'],
    /^cdr\.00012331\.0000000000000000\.20250707\.12\d{7}\.DAMSPNP4190_csv\.zip$/,
  );
  const times = list.map((each) => each['PublishDate']);
  assert.deepEqual(times, [...times].sort().reverse());
  assert.equal(new Set(list.map((each) => each['DocID'])).size, 60);
  assert.deepEqual(documents('99999', '2025-07-08T16:02:00Z'), []);
  // The results of tomorrow come at about 12:32.
  assert.equal(documents('12331', '2025-07-08T17:20:00Z')[0]['PublishDate'].slice(0, 10), '2025-07-07');
  assert.equal(documents('12331', '2025-07-08T17:40:00Z')[0]['PublishDate'].slice(0, 10), '2025-07-08');
});

test('day-ahead prices: points within hours, two decimals, bare cells, and the same in XML', async () => {
  const at = '2025-07-08T16:02:00Z';
  const [csv, xml] = documents('12331', at);
  const { name, text } = await file(csv['DocID'], at);
  assert.match(name, /^cdr\.00012331\.0000000000000000\.20250707\.12\d{4}\.DAMSPNP4190\.csv$/);
  const [head, ...lines] = text.trimEnd().split('\n');
  assert.equal(head, 'DeliveryDate,HourEnding,SettlementPoint,SettlementPointPrice,DSTFlag');
  assert.equal(lines.length, 24 * 15);
  for (const line of lines) assert.match(line, /^07\/08\/2025,\d\d:00,[A-Z_]+,-?\d+\.\d\d,N$/);
  assert.deepEqual(
    lines.slice(0, 7).map((line) => line.split(',')[2]),
    HUBS,
  );
  assert.match(lines[lines.length - 1], /^07\/08\/2025,24:00,LZ_WEST,/);
  const document = await file(xml['DocID'], at);
  assert.ok(document.name.endsWith('.xml'));
  const [first] = lines;
  const [date, hour, point, price, flag] = first.split(',');
  assert.ok(
    document.text.includes(
      [
        '<DAMSettlementPointPrices xmlns="http://www.ercot.com/schema/2009-01/nodal/cdr">',
        '<DAMSettlementPointPrice>',
        `<DeliveryDate>${date}</DeliveryDate>`,
        `<HourEnding>${hour}</HourEnding>`,
        `<SettlementPoint>${point}</SettlementPoint>`,
        `<SettlementPointPrice>${price}</SettlementPointPrice>`,
        `<DSTFlag>${flag}</DSTFlag>`,
        '</DAMSettlementPointPrice>',
      ].join('\n'),
    ),
  );
});

test('spring leaves out 03:00, autumn prints 02:00 as N and then as Y', async () => {
  const labels = (rows: string[][]): string[] =>
    rows.filter((row) => row[2] === 'HB_NORTH').map((row) => `${row[1]} ${row[4]}`);
  const spring = labels(await dayAhead('2026-03-07', '2026-03-09T12:00:00Z'));
  assert.equal(spring.length, 23);
  assert.deepEqual(spring.slice(0, 4), ['01:00 N', '02:00 N', '04:00 N', '05:00 N']);
  assert.equal(spring.at(-1), '24:00 N');
  const autumn = labels(await dayAhead('2025-11-01', '2025-11-03T12:00:00Z'));
  assert.equal(autumn.length, 25);
  assert.deepEqual(autumn.slice(0, 5), ['01:00 N', '02:00 N', '02:00 Y', '03:00 N', '04:00 N']);
  const truth = [
    ...market.published(
      'da_lmp',
      { start: utc('2025-11-02T06:00:00Z'), end: utc('2025-11-02T08:00:00Z') },
      utc('2025-11-03T12:00:00Z'),
    ),
  ].filter(({ location }) => location === 'HB_NORTH');
  const printed = (await dayAhead('2025-11-01', '2025-11-03T12:00:00Z')).filter(
    (row) => row[1] === '02:00' && row[2] === 'HB_NORTH',
  );
  assert.deepEqual(
    printed.map((row) => Number(row[3])),
    truth.map(({ value }) => Number(value)),
  );
});

test('quarter hours: 96, 92 or 100 files a day; zones as LZ and LZEW; files of the repeated hour are marked', async () => {
  const count = (day: string, from: string, to: string): number =>
    documents('12301', to).filter(
      (each) =>
        new RegExp(`^SPPHLZNP6905_${day}_\\d{4}(xhr)?_csv$`).test(each['FriendlyName']) &&
        each['PublishDate'] >= from,
    ).length;
  // By name a day begins with 00:00, which ends the day before.
  assert.equal(count('20250708', '2025-07-07', '2025-07-09T12:00:00Z'), 96);
  assert.equal(count('20260308', '2026-03-07', '2026-03-09T12:00:00Z'), 92);
  assert.equal(count('20251102', '2025-11-01', '2025-11-03T12:00:00Z'), 100);
  const marked = documents('12301', '2025-11-03T12:00:00Z')
    .filter((each) => /xhr_csv$/.test(each['FriendlyName']) && !each['FriendlyName'].includes('retry'))
    .map((each) => each['FriendlyName']);
  assert.deepEqual(marked, [
    'SPPHLZNP6905_20251102_0145xhr_csv',
    'SPPHLZNP6905_20251102_0130xhr_csv',
    'SPPHLZNP6905_20251102_0115xhr_csv',
    'SPPHLZNP6905_20251102_0100xhr_csv',
  ]);
  const at = '2025-07-08T16:02:00Z';
  const newest = documents('12301', at).find((each) => each['FriendlyName'].endsWith('1045_csv'));
  const { text } = await file(String(newest?.['DocID']), at);
  const [head, ...rows] = cellsOf(text);
  assert.equal(
    head.join(),
    'DeliveryDate,DeliveryHour,DeliveryInterval,SettlementPointName,SettlementPointType,SettlementPointPrice,DSTFlag',
  );
  assert.deepEqual(rows[0].slice(0, 5), ['07/08/2025', '11', '3', 'HB_BUSAVG', 'SH']);
  assert.deepEqual(
    rows.filter((row) => row[3] === 'LZ_WEST').map((row) => row[4]),
    ['LZ', 'LZEW'],
  );
});

test('some quarter hours come once more as retry, with other prices', async () => {
  const at = '2025-07-09T12:00:00Z';
  const list = documents('12301', at);
  const again = list.find((each) => /^SPPHLZNP6905_retry_2025070[78]_\d{4}_csv$/.test(each['FriendlyName']));
  assert.ok(again !== undefined);
  const name = again['FriendlyName'].replace('_retry', '');
  const first = list.find((each) => each['FriendlyName'] === name);
  assert.ok(first !== undefined && first['PublishDate'] < again['PublishDate']);
  const [before, after] = [await file(first['DocID'], at), await file(again['DocID'], at)];
  assert.notEqual(before.text, after.text);
  assert.equal(before.text.split('\n').length, after.text.split('\n').length);
});

test('dispatch runs at odd seconds, reserves by product, load by zone, and the forecast with its blanks', async () => {
  const at = '2025-07-08T16:02:00Z';
  const textOf = async (type: string): Promise<string[]> =>
    (await file(documents(type, at)[0]['DocID'], at)).text.trimEnd().split('\n');
  const sced = await textOf('12300');
  assert.equal(sced[0], 'SCEDTimestamp,RepeatedHourFlag,SettlementPoint,LMP');
  assert.match(sced[1], /^07\/08\/2025 1[01]:\d[05]:(0[89]|1\d|2[0-7]),N,HB_BUSAVG,-?\d+\.\d\d$/);
  const capacity = await textOf('12329');
  assert.equal(capacity[0], 'DeliveryDate,HourEnding,AncillaryType,MCPC,DSTFlag');
  assert.deepEqual(
    capacity.slice(1, 6).map((line) => line.split(',')[2]),
    ['REGDN', 'REGUP', 'RRS', 'NSPIN', 'ECRS'],
  );
  const load = await textOf('13101');
  assert.equal(
    load[0],
    'OperDay,HourEnding,COAST,EAST,FAR_WEST,NORTH,NORTH_C,SOUTHERN,SOUTH_C,WEST,TOTAL,DSTFlag',
  );
  assert.equal(load.length, 25);
  for (const line of load.slice(1)) {
    const numbers = line
      .split(',')
      .slice(2, 11)
      .map((cell) => mantissa(cell, 2));
    assert.equal(
      numbers.slice(0, 8).reduce((a, b) => a + b),
      numbers[8],
      line,
    );
  }
  const forecast = await textOf('12311');
  assert.equal(forecast[0], 'DeliveryDate,HourEnding,North,South,West,Houston,SystemTotal,DSTFlag    ');
  assert.equal(forecast.length, 1 + 8 * 24);
  assert.match(forecast[1], /^07\/08\/2025,1:00,(\d+(\.\d+)?,){5}N$/);
  assert.match(forecast.at(-1) ?? '', /^07\/15\/2025,24:00,/);
});

test('before 10 June 2023 there was no fifth reserve', () => {
  const types = (day: string): string[] =>
    api(
      `/np4-188-cd/dam_clear_price_for_cap?deliveryDateFrom=${day}&deliveryDateTo=${day}`,
      '2023-06-20T00:00:00Z',
    )
      .body.data.slice(0, 5)
      .map((row: string[]) => row[2]);
  assert.deepEqual(types('2023-06-10'), ['ECRS', 'NSPIN', 'REGDN', 'REGUP', 'RRS']);
  assert.deepEqual(types('2023-06-09'), ['NSPIN', 'REGDN', 'REGUP', 'RRS', 'NSPIN']);
});

test('the API: positional rows by the fields, ISO dates, boolean flags; of the repeated hour true comes first', () => {
  const query = '?deliveryDateFrom=2025-11-02&deliveryDateTo=2025-11-02&settlementPoint=HB_HUBAVG';
  const { body } = api(`/np4-190-cd/dam_stlmnt_pnt_prices${query}`, '2025-11-03T12:00:00Z');
  assert.deepEqual(Object.keys(body), ['_meta', 'report', 'fields', 'data', '_links']);
  assert.equal(body._meta.totalRecords, 25);
  assert.equal(body._meta.query.sortedBy, 'deliveryDate: DESC,hourEnding: ASC,settlementPoint: ASC');
  assert.deepEqual(body.report, {
    reportName: 'dam_stlmnt_pnt_prices',
    reportDisplayName: 'DAM Settlement Point Prices',
    reportId: '12331',
    reportEMIL: 'NP4-190-CD',
    downloadLimit: 2000000,
  });
  assert.deepEqual(
    body.fields.map((field: { name: string }) => field.name),
    ['deliveryDate', 'hourEnding', 'settlementPoint', 'settlementPointPrice', 'DSTFlag'],
  );
  assert.deepEqual(
    body.data.slice(0, 4).map((row: unknown[]) => [row[0], row[1], row[2], typeof row[3], row[4]]),
    [
      ['2025-11-02', '01:00', 'HB_HUBAVG', 'number', false],
      ['2025-11-02', '02:00', 'HB_HUBAVG', 'number', true],
      ['2025-11-02', '02:00', 'HB_HUBAVG', 'number', false],
      ['2025-11-02', '03:00', 'HB_HUBAVG', 'number', false],
    ],
  );
});

test('pages of the API cover all rows once; they shift when new rows arrive', () => {
  const path = '/np6-905-cd/spp_node_zone_hub?deliveryDateFrom=2025-07-08&deliveryDateTo=2025-07-08&size=100';
  const at = '2025-07-08T16:02:00Z';
  const first = api(`${path}&page=1`, at).body;
  const pages = Array.from(
    { length: first._meta.totalPages },
    (_, k) => api(`${path}&page=${k + 1}`, at).body.data,
  );
  const rows = pages.flat().map(String);
  assert.equal(rows.length, first._meta.totalRecords);
  assert.equal(new Set(rows).size, rows.length);
  assert.equal(api(`${path}&page=99`, at).body.data, undefined);
  const later = api(`${path}&page=1`, '2025-07-08T16:20:00Z').body;
  assert.ok(later._meta.totalRecords > first._meta.totalRecords);
});

test('what the API refuses: unknown paths and parameters, wrong pages; no data is no error', () => {
  const at = '2025-07-08T16:02:00Z';
  const error = (path: string) => {
    const { status, body } = api(path, at);
    assert.deepEqual(Object.keys(body), ['timestamp', 'code', 'status', 'message', 'data']);
    assert.equal(body.code, status);
    return status;
  };
  assert.equal(error('/np9-999-cd/nothing'), 404);
  assert.equal(error('/np4-190-cd/dam_stlmnt_pnt_prices?nonsense=1'), 400);
  assert.equal(error('/np4-190-cd/dam_stlmnt_pnt_prices?page=0'), 400);
  assert.equal(error('/np4-190-cd/dam_stlmnt_pnt_prices?deliveryDateFrom=07/08/2025'), 400);
  const none = api(
    '/np4-190-cd/dam_stlmnt_pnt_prices?deliveryDateFrom=2025-07-10&deliveryDateTo=2025-07-10',
    at,
  );
  assert.deepEqual([none.status, none.body._meta.totalRecords, none.body.data], [200, 0, undefined]);
});

test('the API wants a key and a token; a token lasts an hour; the file route wants nothing', () => {
  const token = '/ercotb2c.onmicrosoft.com/B2C_1_PUBAPI-ROPC-FLOW/oauth2/v2.0/token';
  const form = 'grant_type=password&username=a&password=b&client_id=c&scope=openid&response_type=id_token';
  const at = '2025-07-08T16:02:00Z';
  const signed = JSON.parse(ask(market, token, at, null, { method: 'POST', body: form }).text);
  assert.equal(signed.expires_in, '3600');
  const refused = ask(market, token, at, null, { method: 'POST', body: form.replace('password=b', '') });
  assert.equal(refused.status, 400);
  const statusOf = (path: string, headers: Record<string, string>, time: string): number =>
    market.authorize?.(path, new URLSearchParams(), { method: 'GET', headers, body: '' }, utc(time))
      ?.status ?? 200;
  const path = `${API}/np4-190-cd/dam_stlmnt_pnt_prices`;
  const headers = { 'ocp-apim-subscription-key': 'k', authorization: `Bearer ${signed.id_token}` };
  assert.equal(statusOf(path, headers, at), 200);
  assert.equal(statusOf(path, headers, '2025-07-08T17:01:59Z'), 200);
  assert.equal(statusOf(path, headers, '2025-07-08T17:02:00Z'), 401);
  assert.equal(statusOf(path, { ...headers, authorization: 'Bearer a.b.c' }, at), 401);
  assert.equal(statusOf(path, { authorization: headers.authorization }, at), 401);
  assert.equal(statusOf('/misapp/servlets/IceDocListJsonWS', {}, at), 200);
});

test('corrections have a report of their own: original and corrected price', async () => {
  const at = '2025-07-12T12:00:00Z';
  const [found] = documents('13044', at);
  const [head, ...rows] = cellsOf((await file(found['DocID'], at)).text);
  assert.equal(
    head.join(),
    'PriceCorrectionTime,DeliveryDate,HourEnding,SettlementPoint,SPPOriginal,SPPCorrected,DSTFlag',
  );
  assert.ok(rows.length > 0 && rows.length < 20, String(rows.length));
  for (const row of rows) assert.notEqual(row[4], row[5]);
  const [, date, hour, point, original] = rows[0];
  assert.equal(date, '07/08/2025');
  const first = (await dayAhead('2025-07-07', at)).find((row) => row[1] === hour && row[2] === point);
  assert.equal(first?.[3], original);
});

test('the archive lists documents that the file route has forgotten, and gives zips of zips', async () => {
  const at = '2025-12-08T16:02:00Z';
  const list = api(
    '/archive/np4-190-cd?postDatetimeFrom=2025-03-01&postDatetimeTo=2025-03-10&size=4&page=1',
    at,
  ).body;
  assert.equal(list._meta.totalRecords, 10);
  assert.deepEqual(
    list.archives.map((each: { postDatetime: string }) => each.postDatetime.slice(0, 10)),
    ['2025-03-10', '2025-03-09', '2025-03-08', '2025-03-07'],
  );
  const docIds = list.archives.map((each: { docId: number }) => each.docId);
  const { bytes } = ask(market, `${API}/archive/np4-190-cd/download`, at, null, {
    method: 'POST',
    body: JSON.stringify({ docIds }),
  });
  const { fromBuffer } = await import('yauzl');
  const names = await new Promise<string[]>((resolve, reject) =>
    fromBuffer(Buffer.from(bytes), (error, zip) => {
      if (error) return reject(error);
      const found: string[] = [];
      zip.on('entry', (entry: { fileName: string }) => found.push(entry.fileName));
      zip.on('end', () => resolve(found));
    }),
  );
  assert.equal(names.length, 4);
  assert.match(names[0], /DAMSPNP4190_csv\.zip$/);
  assert.equal(ask(market, `/misdownload/servlets/mirDownload?doclookupId=${docIds[0]}`, at).status, 404);
});

test('the same question at the same time gives the same bytes; another seed gives others', () => {
  const path = `${API}/np6-905-cd/spp_node_zone_hub?deliveryDateFrom=2025-07-08&deliveryDateTo=2025-07-08`;
  const at = '2025-07-08T16:02:00Z';
  assert.deepEqual(ask(small('ercot'), path, at).bytes, ask(market, path, at).bytes);
  assert.notDeepEqual(ask(small('ercot', 8), path, at).bytes, ask(market, path, at).bytes);
});
