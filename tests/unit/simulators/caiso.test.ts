/** The simulated OASIS against what is known of the real one: written by hand from its description. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, cellsOf, mantissa, membersOf, small, utc } from './ask.ts';

const market = small('caiso');
const NP15 = 'TH_NP15_GEN-APND';
const LATER = '2025-12-20T00:00:00Z';

const path = (query: Record<string, string>): string =>
  `/oasisapi/SingleZip?${Object.entries(query)
    .map(([key, value]) => `${key}=${value}`)
    .join('&')}`;
const dayAhead = (from: string, to: string, more: Record<string, string> = {}): string =>
  path({
    queryname: 'PRC_LMP',
    version: '12',
    market_run_id: 'DAM',
    startdatetime: `${from}-0000`,
    enddatetime: `${to}-0000`,
    resultformat: '6',
    node: NP15,
    ...more,
  });

async function bodyOf(url: string, at = LATER): Promise<{ name: string; text: string }> {
  const { status, bytes } = ask(market, url, at);
  assert.equal(status, 200);
  const members = [...(await membersOf(bytes))];
  assert.equal(members.length, 1);
  return { name: members[0][0], text: members[0][1] };
}

const HEAD_DAM =
  'INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,OPR_INTERVAL,NODE_ID_XML,NODE_ID,NODE,MARKET_RUN_ID,LMP_TYPE,XML_DATA_ITEM,PNODE_RESMRID,GRP_TYPE,POS,MW,GROUP';
const headRt = (price: string): string =>
  `INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,NODE_ID_XML,NODE_ID,NODE,MARKET_RUN_ID,LMP_TYPE,XML_DATA_ITEM,PNODE_RESMRID,GRP_TYPE,POS,${price},OPR_INTERVAL,GROUP`;

test('a day-ahead answer is a zip of one CSV: a row per component, unsorted, the price under MW', async () => {
  const { headers } = ask(market, dayAhead('20250901T07:00', '20250902T07:00'), LATER);
  assert.match(
    headers['content-disposition'],
    /filename=20250901_20250902_PRC_LMP_DAM_20251219_16_00_00_v12\.zip;/,
  );
  const { name, text } = await bodyOf(dayAhead('20250901T07:00', '20250902T07:00'));
  assert.equal(name, '20250901_20250902_PRC_LMP_DAM_20251219_16_00_00_v12.csv');
  const [head, ...rows] = cellsOf(text);
  assert.equal(head.join(','), HEAD_DAM);
  assert.equal(rows.length, 24 * 5);
  const pairs = {
    LMP: 'LMP_PRC',
    MCC: 'LMP_CONG_PRC',
    MCE: 'LMP_ENE_PRC',
    MCL: 'LMP_LOSS_PRC',
    MGHG: 'LMP_GHG_PRC',
  };
  for (const row of rows) {
    assert.match(row[0], /^2025-09-0[12]T\d\d:00:00-00:00$/);
    assert.equal(row[2], '2025-09-01');
    assert.match(row[3], /^([1-9]|1\d|2[0-4])$/);
    assert.deepEqual([row[4], row[5], row[6], row[7], row[8]], ['0', NP15, NP15, NP15, 'DAM']);
    assert.equal(row[10], pairs[row[9] as keyof typeof pairs]);
    assert.deepEqual([row[12], row[13]], ['ALL_APNODES', '0']);
    assert.match(row[14], /^(0|-?\d+(\.\d{0,4}[1-9])?)$/);
    assert.equal(Number(row[15]), Object.keys(pairs).indexOf(row[9]) + 1);
  }
  const starts = rows.filter((row) => row[9] === 'LMP').map((row) => row[0]);
  assert.notDeepEqual(starts, [...starts].sort());
});

test('LMP = MCE + MCC + MCL + MGHG in every interval', async () => {
  const { text } = await bodyOf(
    dayAhead('20250401T07:00', '20250402T07:00', { node: 'ELAP_SIM5-APND,DLAP_SCE-APND' }),
    '2025-04-20T00:00:00Z',
  );
  const rows = cellsOf(text).slice(1);
  const sums = new Map<string, Record<string, number>>();
  for (const row of rows) {
    const key = `${row[0]} ${row[7]}`;
    sums.set(key, { ...sums.get(key), [row[9]]: mantissa(row[14], 5) });
  }
  assert.equal(sums.size, 24 + 24);
  for (const { LMP, MCC, MCE, MCL, MGHG } of sums.values()) assert.equal(LMP, MCC + MCE + MCL + MGHG);
  assert.ok([...sums].some(([key, { MGHG }]) => key.includes('ELAP') && MGHG !== 0));
});

test('autumn has OPR_HR 25 between 2 and 3, spring no 3', async () => {
  const hours = async (from: string, to: string, more = {}): Promise<string[]> => {
    const rows = cellsOf((await bodyOf(dayAhead(from, to, more), '2026-03-20T00:00:00Z')).text).slice(1);
    return [
      ...new Set(
        rows.sort((a, b) => (a[0] < b[0] ? -1 : 1)).map((row) => `${row[0].slice(5, 13)}=${row[3]}`),
      ),
    ];
  };
  const autumn = await hours('20251102T07:00', '20251103T08:00');
  assert.equal(autumn.length, 25);
  assert.deepEqual(autumn.slice(0, 5), [
    '11-02T07=1',
    '11-02T08=2',
    '11-02T09=25',
    '11-02T10=3',
    '11-02T11=4',
  ]);
  assert.equal(autumn.at(-1), '11-03T07=24');
  const spring = await hours('20260308T08:00', '20260309T07:00');
  assert.equal(spring.length, 23);
  assert.deepEqual(spring.slice(0, 3), ['03-08T08=1', '03-08T09=2', '03-08T10=4']);
  assert.equal(spring.at(-1), '03-09T06=24');
  const hasp = await hours('20251102T07:00', '20251103T08:00', {
    queryname: 'PRC_HASP_LMP',
    version: '3',
    market_run_id: 'HASP',
  });
  assert.equal(hasp[0], '11-02T07=01');
  assert.ok(hasp.includes('11-02T09=25'));
});

test('real-time queries have their own column order, price column and count of intervals', async () => {
  const realTime = (queryname: string, run: string, more: Record<string, string> = { node: NP15 }): string =>
    path({
      queryname,
      version: '3',
      market_run_id: run,
      startdatetime: '20251101T20:00-0000',
      enddatetime: '20251101T21:00-0000',
      resultformat: '6',
      ...more,
    });
  const check = async (url: string, price: string, perHour: number, nodes: number): Promise<void> => {
    const [head, ...rows] = cellsOf((await bodyOf(url)).text);
    assert.equal(head.join(','), headRt(price));
    assert.equal(rows.length, perHour * 5 * nodes);
    assert.deepEqual(
      [...new Set(rows.map((row) => Number(row[14])))].sort((a, b) => a - b),
      Array.from({ length: perHour }, (_, k) => k + 1),
    );
    assert.ok(rows.every((row) => row[3] === '14' && row[2] === '2025-11-01'));
  };
  await check(realTime('PRC_INTVL_LMP', 'RTM'), 'MW', 12, 1);
  await check(realTime('PRC_INTVL_LMP', 'RTM', { grp_type: 'ALL' }), 'VALUE', 12, 14);
  await check(realTime('PRC_RTPD_LMP', 'RTPD'), 'PRC', 4, 1);
  await check(realTime('PRC_HASP_LMP', 'HASP'), 'MW', 4, 1);
});

test('without resultformat 6 the same values come as XML', async () => {
  const url = dayAhead('20250901T07:00', '20250902T07:00');
  const { name, text } = await bodyOf(url.replace('&resultformat=6', ''));
  assert.ok(name.endsWith('.xml'));
  assert.match(
    text,
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<OASISReport xmlns="http:\/\/www.caiso.com\/soa\/OASISReport_v1.xsd">\n<MessageHeader>\n<TimeDate>2025-12-20T00:00:00-00:00<\/TimeDate>/,
  );
  assert.equal(text.match(/<REPORT_ITEM>/g)?.length, 5);
  assert.match(
    text,
    /<REPORT>PRC_LMP<\/REPORT>\n<MKT_TYPE>DAM<\/MKT_TYPE>\n<UOM>US\$\/MWh<\/UOM>\n<INTERVAL>ENDING<\/INTERVAL>\n<SEC_PER_INTERVAL>3600</,
  );
  const data = [
    ...text.matchAll(
      /<DATA_ITEM>(\w+)<\/DATA_ITEM>\n<RESOURCE_NAME>([^<]+)<\/RESOURCE_NAME>\n<OPR_DATE>([\d-]+)<\/OPR_DATE>\n<INTERVAL_NUM>(\d+)<\/INTERVAL_NUM>\n<INTERVAL_START_GMT>([^<]+)<\/INTERVAL_START_GMT>\n<INTERVAL_END_GMT>([^<]+)<\/INTERVAL_END_GMT>\n<VALUE>([^<]+)<\/VALUE>/g,
    ),
  ];
  const csv = cellsOf((await bodyOf(url)).text).slice(1);
  assert.deepEqual(
    data
      .map(([, item, node, date, hour, start, end, value]) =>
        [start, end, date, hour, node, item, value].join(),
      )
      .sort(),
    csv.map((row) => [row[0], row[1], row[2], row[3], row[7], row[10], row[14]].join()).sort(),
  );
});

test('OASIS says no with status 200, a zip and a code', async () => {
  const errorOf = async (url: string, at = LATER): Promise<string> => {
    const { name, text } = await bodyOf(url, at);
    assert.ok(name.endsWith('.xml'));
    assert.match(text, /<m:OASISReport xmlns:m="http:\/\/www.caiso.com\/soa\/OASISReport_v1.xsd">/);
    return /<m:ERR_CODE>(\w+)<\/m:ERR_CODE>\n<m:ERR_DESC>([^<]+)</.exec(text)?.slice(1).join(' ') ?? text;
  };
  const none = '1000 No data returned for the specified selection';
  const wanted = dayAhead('20250901T07:00', '20250902T07:00');
  assert.equal(await errorOf(wanted, '2025-08-31T19:00:00Z'), none);
  assert.equal(await errorOf(wanted, '2029-01-01T00:00:00Z'), none);
  assert.equal(await errorOf(wanted.replace(NP15, 'NOWHERE')), none);
  assert.equal(await errorOf(wanted.replace('=DAM', '=RTM')), none);
  assert.equal(
    await errorOf(dayAhead('20250801T07:00', '20250902T07:00')),
    '1004 Data can be requested for period of 31 days only',
  );
  for (const key of [
    'queryname=PRC_LMP',
    'version=12',
    'startdatetime=20250901T07:00-0000',
    `node=${NP15}`,
  ]) {
    const url = wanted.replace(key, 'x=y');
    assert.match(ask(market, url, LATER).headers['content-disposition'], /INVALID_REQUEST\.xml\.zip/);
    assert.match(await errorOf(url), /^INVALID_REQUEST /);
  }
  assert.match(
    await errorOf(wanted.replace(`node=${NP15}`, 'grp_type=ALL').replace('20250902', '20250903')),
    /^INVALID_REQUEST /,
  );
});

test('day-ahead prices are there by one o’clock Pacific the day before, corrections a day after the trade day', async () => {
  const url = dayAhead('20250901T07:00', '20250902T07:00', {
    node: 'TH_NP15_GEN-APND,DLAP_SCE-APND,DLAP_PGAE-APND,DLAP_SDGE-APND',
  });
  const sorted = async (at: string): Promise<string[]> => (await bodyOf(url, at)).text.split('\n').sort();
  const first = await sorted('2025-08-31T20:00:00Z');
  assert.equal(first.filter((line) => line.startsWith('2025')).length, 24 * 5 * 4);
  assert.deepEqual(await sorted('2025-09-03T06:00:00Z'), first);
  let changed = 0;
  for (let day = 1; day < 29; day++) {
    const stamp = (n: number): string => `202509${String(n).padStart(2, '0')}T07:00`;
    const of = async (at: string): Promise<string[]> =>
      (await bodyOf(dayAhead(stamp(day), stamp(day + 1)), at)).text.split('\n').sort();
    const noon = `2025-09-${String(day).padStart(2, '0')}T12:00:00Z`;
    const [before, after] = [await of(noon), await of(LATER)];
    assert.equal(before.length, after.length);
    changed += before.filter((line, k) => line !== after[k]).length;
  }
  assert.ok(changed > 0 && changed < 28 * 120 * 0.05, String(changed));
});

test('an answer that spans two trade days numbers its groups on, and ends where nothing is published', async () => {
  const { text } = await bodyOf(dayAhead('20250901T08:00', '20250902T08:00'));
  const rows = cellsOf(text).slice(1);
  assert.equal(rows.filter((row) => row[2] === '2025-09-01').length, 23 * 5);
  assert.deepEqual(
    rows
      .filter((row) => row[2] === '2025-09-02')
      .map((row) => [row[3], row[15]])
      .sort(),
    [
      ['1', '10'],
      ['1', '6'],
      ['1', '7'],
      ['1', '8'],
      ['1', '9'],
    ],
  );
  const partial = await bodyOf(dayAhead('20250901T07:00', '20250903T07:00'), '2025-09-01T00:00:00Z');
  assert.equal(cellsOf(partial.text).length, 1 + 24 * 5);
});

test('what is told as true is what the answer prints', async () => {
  const at = utc(LATER);
  const start = utc('2025-11-02T07:00:00Z');
  const end = utc('2025-11-03T08:00:00Z');
  const truth = [...market.published('da_lmp', { start, end }, at)].filter(
    ({ location }) => location === NP15,
  );
  const fields: Record<string, string> = {
    LMP: 'lmp',
    MCC: 'congestion',
    MCE: 'energy',
    MCL: 'loss',
    MGHG: 'ghg',
  };
  const rows = cellsOf((await bodyOf(dayAhead('20251102T07:00', '20251103T08:00'))).text).slice(1);
  assert.deepEqual(
    rows.map((row) => `${utc(row[0])} ${utc(row[1])} ${fields[row[9]]} ${row[14]}`).sort(),
    truth.map((each) => `${each.start} ${each.end} ${each.field} ${each.value}`).sort(),
  );
});
