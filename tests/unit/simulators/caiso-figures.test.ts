/** Loads, forecasts, schedules, reserves and the Outlook of the simulated CAISO against their description: written by hand. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, cellsOf, membersOf, small } from './ask.ts';

const market = small('caiso');

/** A query for a trade day, and for an hour of it. */
const DAY = 'startdatetime=20250704T07:00-0000&enddatetime=20250705T07:00-0000';
const AN_HOUR = 'startdatetime=20250704T18:00-0000&enddatetime=20250704T19:00-0000';
const LATER = '2025-07-06T23:00:00Z';

async function bodyOf(query: string, at = LATER): Promise<string> {
  const { status, bytes } = ask(market, `/oasisapi/SingleZip?${query}`, at);
  assert.equal(status, 200);
  const [text] = (await membersOf(bytes)).values();
  return text ?? '';
}

/** Rows of a CSV by column. */
function rowsOf(text: string): Record<string, string>[] {
  const [header, ...rows] = cellsOf(text);
  return rows.map((row) => Object.fromEntries(header.map((name, k) => [name, row[k]])));
}

const query = (name: string, version: number, run: string, more: string): string =>
  `queryname=${name}&version=${version}&market_run_id=${run}&resultformat=6&${more}`;

test('each report has its columns in its own order', async () => {
  const tops: readonly [string, string][] = [
    [
      query('SLD_FCST', 1, 'DAM', DAY),
      'INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,LOAD_TYPE,OPR_DT,OPR_HR,OPR_INTERVAL,MARKET_RUN_ID,TAC_AREA_NAME,LABEL,XML_DATA_ITEM,POS,MW,EXECUTION_TYPE,GROUP',
    ],
    [
      query('SLD_REN_FCST', 1, 'DAM', DAY),
      'OPR_DT,OPR_HR,OPR_INTERVAL,INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,TRADING_HUB,RENEWABLE_TYPE,LABEL,XML_DATA_ITEM,MARKET_RUN_ID_POS,RENEW_POS,MW,MARKET_RUN_ID,GROUP',
    ],
    [
      query('ENE_SLRS', 1, 'DAM', `${DAY}&tac_zone_name=ALL&schedule=ALL`),
      'INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,SLRS_TYPE,OPR_DT,OPR_HR,OPR_INTERVAL,MARKET_RUN_ID,TAC_ZONE_NAME,SCHEDULE,XML_DATA_ITEM,POS,MW,GROUP',
    ],
    [
      query('PRC_AS', 12, 'DAM', `${DAY}&anc_type=ALL&anc_region=ALL`),
      'INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,OPR_INTERVAL,OPR_TYPE,ANC_TYPE,ANC_REGION,MARKET_RUN_ID,XML_DATA_ITEM,MW,GROUP',
    ],
    [
      `queryname=PRC_FUEL&version=1&resultformat=6&fuel_region_id=ALL&${DAY}`,
      'INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,FUEL_REGION_ID_XML,FUEL_REGION_ID,PRC,GROUP',
    ],
  ];
  for (const [asked, header] of tops) assert.equal((await bodyOf(asked)).split('\n')[0], header);
});

test('the runs of the demand forecast have items and intervals of their own', async () => {
  const runs: readonly [run: string, item: string, minutes: number, rows: number][] = [
    [`DAM&${DAY}`, 'SYS_FCST_DA_MW', 60, 24 * 6],
    [`2DA&${DAY}`, 'SYS_FCST_2DA_MW', 60, 24 * 6],
    [`7DA&${DAY}`, 'SYS_FCST_7DA_MW', 60, 24 * 6],
    [`ACTUAL&${DAY}`, 'SYS_FCST_ACT_MW', 60, 24 * 6],
    [`RTM&execution_type=RTPD&${AN_HOUR}`, 'SYS_FCST_15MIN_MW', 15, 4 * 6],
    [`RTM&execution_type=RTD&${AN_HOUR}`, 'SYS_FCST_5MIN_MW', 5, 12 * 6],
  ];
  for (const [run, item, minutes, count] of runs) {
    const rows = rowsOf(await bodyOf(`queryname=SLD_FCST&version=1&resultformat=6&market_run_id=${run}`));
    assert.equal(rows.length, count, run);
    for (const row of rows) {
      assert.equal(row['XML_DATA_ITEM'], item);
      const [start, end] = [row['INTERVALSTARTTIME_GMT'], row['INTERVALENDTIME_GMT']].map(Date.parse);
      assert.equal(end - start, minutes * 60_000);
    }
    const areas = Map.groupBy(rows, (row) => row['INTERVALSTARTTIME_GMT']);
    for (const group of areas.values()) {
      const amounts = new Map(
        group.map((row) => [row['TAC_AREA_NAME'], Math.round(Number(row['MW']) * 100)]),
      );
      const whole = amounts.get('CA ISO-TAC') ?? 0;
      assert.equal(
        [...amounts.values()].reduce((sum, each) => sum + each, 0),
        2 * whole,
      );
    }
  }
});

test('hours are labelled as prices are: 25 in autumn, no 3 in spring, padded where intervals are counted', async () => {
  const labels = async (asked: string): Promise<string[]> => {
    const rows = rowsOf(await bodyOf(asked, '2025-11-05T12:00:00Z'));
    rows.sort((a, b) => (a['INTERVALSTARTTIME_GMT'] < b['INTERVALSTARTTIME_GMT'] ? -1 : 1));
    return [...new Set(rows.map((row) => row['OPR_HR']))];
  };
  const autumn = await labels(
    query('SLD_FCST', 1, 'DAM', 'startdatetime=20251102T07:00-0000&enddatetime=20251103T08:00-0000'),
  );
  assert.deepEqual([autumn.length, ...autumn.slice(0, 4)], [25, '1', '2', '25', '3']);
  const spring = await labels(
    query('SLD_REN_FCST', 1, 'DAM', 'startdatetime=20250309T08:00-0000&enddatetime=20250310T07:00-0000'),
  );
  assert.deepEqual([spring.length, ...spring.slice(0, 3)], [23, '1', '2', '4']);
  const quarters = await labels(
    query('PRC_INTVL_AS', 1, 'RTM', 'startdatetime=20251102T08:00-0000&enddatetime=20251102T11:00-0000'),
  );
  assert.deepEqual(quarters, ['02', '25', '03']);
});

test('a schedule balances: what is taken is made or brought, less what leaves; totals are the sum of zones', async () => {
  const rows = rowsOf(await bodyOf(query('ENE_SLRS', 1, 'DAM', `${DAY}&tac_zone_name=ALL&schedule=ALL`)));
  const amounts = new Map(
    rows.map((row) => [
      `${row['INTERVALSTARTTIME_GMT']} ${row['TAC_ZONE_NAME']} ${row['SCHEDULE']}`,
      Math.round(Number(row['MW']) * 100),
    ]),
  );
  assert.equal(amounts.size, 24 * 5 * 4);
  for (const start of new Set(rows.map((row) => row['INTERVALSTARTTIME_GMT']))) {
    const of = (zone: string, schedule: string): number => amounts.get(`${start} ${zone} ${schedule}`) ?? 0;
    for (const schedule of ['Load', 'Generation', 'Import', 'Export'])
      assert.equal(
        ['TAC_NORTH', 'TAC_NCNTR', 'TAC_ECNTR', 'TAC_SOUTH'].reduce(
          (sum, zone) => sum + of(zone, schedule),
          0,
        ),
        of('Caiso_Totals', schedule),
      );
    const [load, made, bought, sold] = ['Load', 'Generation', 'Import', 'Export'].map((schedule) =>
      of('Caiso_Totals', schedule),
    );
    assert.equal(load, made + bought - sold);
  }
  const items = new Set(rows.map((row) => row['XML_DATA_ITEM']));
  assert.ok(items.has('ISO_TOT_LOAD_MW') && items.has('TOT_IMP_MW'));
  const narrow = rowsOf(
    await bodyOf(query('ENE_SLRS', 1, 'DAM', `${DAY}&tac_zone_name=Caiso_Totals&schedule=Export`)),
  );
  assert.equal(narrow.length, 24);
});

test('sun and wind by hub, none of it in the middle where there is no wind; the same as XML', async () => {
  const rows = rowsOf(await bodyOf(query('SLD_REN_FCST', 1, 'DAM', DAY)));
  assert.equal(rows.length, 24 * 5);
  assert.ok(!rows.some((row) => row['TRADING_HUB'] === 'ZP26' && row['RENEWABLE_TYPE'] === 'Wind'));
  const xml = await bodyOf(`queryname=SLD_REN_FCST&version=1&market_run_id=DAM&${DAY}`);
  assert.match(xml, /<MKT_TYPE>DAM<\/MKT_TYPE>\n<UOM>MW<\/UOM>/);
  const values = [...xml.matchAll(/<VALUE>([^<]*)<\/VALUE>\n<TRADING_HUB>(\w+)<\/TRADING_HUB>/g)];
  assert.deepEqual(
    values.map(([, value, hub]) => `${hub} ${value}`).sort(),
    rows.map((row) => `${row['TRADING_HUB']} ${row['MW']}`).sort(),
  );
});

test('reserves of a day are corrected a day after it; a forecast and what is not published yet have no data', async () => {
  const asked = query('PRC_AS', 12, 'HASP', `${DAY}&anc_type=ALL&anc_region=ALL`);
  const [first, second] = [
    await bodyOf(asked, '2025-07-05T20:00:00Z'),
    await bodyOf(asked, '2025-07-07T20:00:00Z'),
  ];
  const changed = first.split('\n').filter((line, k) => line !== second.split('\n')[k]).length;
  assert.ok(changed > 0 && changed < first.split('\n').length * 0.03, String(changed));
  for (const early of [
    query('SLD_FCST', 1, 'DAM', DAY),
    query('SLD_REN_FCST', 1, 'ACTUAL', DAY),
    query('PRC_AS', 12, 'DAM', DAY),
  ])
    assert.match(await bodyOf(early, '2025-07-03T16:00:00Z'), /<m:ERR_CODE>1000</);
  assert.match(await bodyOf(query('PRC_AS', 12, 'RTD', DAY)), /<m:ERR_CODE>1000</);
  assert.match(await bodyOf(`queryname=SLD_FCST&version=1&${DAY}`), /INVALID_REQUEST/);
});

/** Lines of a table of the Outlook. */
function outlook(path: string, at: string): string[] {
  const { status, headers, text } = ask(market, `/outlook/${path}`, at);
  assert.deepEqual([status, headers['content-type']], [200, 'text/csv'], path);
  return text.split('\r\n').filter((line) => line !== '');
}

test('a table of the Outlook has every clock time and the next midnight; hours to come are blank but for forecasts', () => {
  const past = outlook('history/20250704/fuelsource.csv', LATER);
  // A decoder of text takes the byte order mark away.
  assert.equal(
    past[0],
    'Time,Solar,Wind,Geothermal,Biomass,Biogas,Small hydro,Coal,Nuclear,Natural Gas,Large Hydro,Batteries,Imports,Other',
  );
  assert.equal(past.length, 1 + 288 + 1);
  assert.match(past[1], /^00:00(,-?\d+){13}$/);
  assert.match(past.at(-1) ?? '', /^00:00(,-?\d+){13}$/);
  assert.equal(past.at(-1), outlook('history/20250705/fuelsource.csv', LATER)[1]);
  const today = outlook('current/demand.csv', '2025-07-04T19:02:00Z');
  assert.equal(today[0], 'Time,Day ahead forecast,Hour ahead forecast,Current demand,Demand response');
  assert.equal(today.length, 1 + 288);
  assert.match(today.find((line) => line.startsWith('11:50')) ?? '', /^11:50(,\d+){4}$/);
  assert.match(today.find((line) => line.startsWith('12:05')) ?? '', /^12:05(,\d+){2},,$/);
  const old = outlook('history/20190704/demand.csv', LATER);
  assert.equal(old[0], 'Time,Day ahead forecast,Hour ahead forecast,Current demand');
});

test('in spring the hour that does not exist is blank, in autumn the repeated one is there once', () => {
  const spring = outlook('history/20250309/fuelsource.csv', LATER);
  assert.equal(spring.length, 1 + 288 + 1);
  assert.match(spring.find((line) => line.startsWith('02:30')) ?? '', /^02:30,{13}$/);
  const autumn = outlook('history/20251102/fuelsource.csv', '2025-11-05T12:00:00Z');
  assert.equal(autumn.length, 1 + 288 + 1);
  assert.equal(autumn.filter((line) => line.startsWith('01:30')).length, 1);
  const missing = ask(market, '/outlook/history/20260101/fuelsource.csv', LATER);
  assert.equal(missing.status, 200);
  assert.match(missing.text, /^<!DOCTYPE html>/);
});
