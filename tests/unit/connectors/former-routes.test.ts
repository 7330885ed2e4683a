/** Bodies of former services and of answers that were taken apart: made-up values, read by hand. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refined } from '../../../connectors/kit/refine.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { readOf, refusalOf } from '../../support/read-body.ts';

/** Rows as `place series begin end field=value …`. */
const seen = ({ rows }: Refined): string[] =>
  rows.map(({ location, series, intervalStart, intervalEnd, values }) =>
    [
      location,
      ...(series === null ? [] : [series]),
      formatInstant(intervalStart).slice(0, 16),
      formatInstant(intervalEnd).slice(0, 16),
      ...values.map(({ field, value }) => `${field}=${value}`),
    ].join(' '),
  );

test('MISO: the consolidated table as CSV; the first group of columns is the five minutes', () => {
  const body = `LMP Consolidated Table,,,,,,,,,,,,,RefId=19-Feb-2016 - Interval 10:30 EST
,Five Minute LMP,,,Hourly Integrated LMP,,,Day Ahead ExAnte LMP,,,Day Ahead ExPost LMP,,,
Name,LMP,MLC,MCC,LMP,MLC,MCC,LMP,MLC,MCC,LMP,MLC,MCC,
,,,,,,,,,,,,,
ILLINOIS.HUB,20.10,-0.5,.25,21,1,2,22,3,4,23,5,6,
MINN.HUB,-1.10,0,0,21,1,2,22,3,4,23,5,6,
`;
  const read = readOf('MISO', body);
  assert.equal(read.dataset, 'rt_lmp');
  assert.deepEqual(seen(read), [
    'ILLINOIS.HUB 2016-02-19T15:25 2016-02-19T15:30 lmp=20.10 loss=-0.5 congestion=0.25',
    'MINN.HUB 2016-02-19T15:25 2016-02-19T15:30 lmp=-1.10 loss=0 congestion=0',
  ]);
  const headless = body.replaceAll('LMP,MLC,MCC', 'A,B,C');
  assert.equal(refusalOf('MISO', headless).code, 'SOURCE_COLUMN_MISSING');
});

test('MISO: the fuel mix with the month first', () => {
  const body =
    'INTERVALEST,CATEGORY,ACT\n2/19/2016 10:35:00 AM,Coal,30000\n2/19/2016 10:35:00 AM,Wind,4000\n';
  assert.deepEqual(seen(readOf('MISO', body)), [
    'MISO Coal 2016-02-19T15:35 2016-02-19T15:40 generation=30000',
    'MISO Wind 2016-02-19T15:35 2016-02-19T15:40 generation=4000',
  ]);
});

const MINER = JSON.stringify([
  {
    publishDate: '2016-01-01T05:00:00Z',
    pnodeId: 51291,
    versionNum: 1,
    priceType: 'TotalLMP',
    prices: [
      { utchour: '2016-01-01T05:00:00Z', price: 20.5 },
      { utchour: '2016-01-01T06:00:00Z', price: -1.25 },
    ],
  },
  {
    publishDate: '2016-01-01T05:00:00Z',
    pnodeId: 51291,
    versionNum: 1,
    priceType: 'CongLMP',
    prices: [{ utchour: '2016-01-01T05:00:00Z', price: 0.5 }],
  },
]);

test('PJM: Data Miner 1, a record for each node, day and kind; the name tells real time', () => {
  const read = readOf('PJM', MINER);
  assert.equal(read.dataset, 'da_lmp');
  assert.deepEqual(seen(read), [
    '51291 2016-01-01T05:00 2016-01-01T06:00 lmp=20.5',
    '51291 2016-01-01T06:00 2016-01-01T07:00 lmp=-1.25',
    '51291 2016-01-01T05:00 2016-01-01T06:00 congestion=0.5',
  ]);
  assert.equal(readOf('PJM', MINER, 'realtime_lmp_daily.json').dataset, 'rt_lmp_hourly');
  const unknown = readOf('PJM', MINER.replace('CongLMP', 'MysteryLMP'));
  assert.deepEqual(
    unknown.rejected.map(({ code }) => code),
    ['FIELD_UNKNOWN'],
  );
});

test('PJM: the OASIS page, whatever form its time has', () => {
  for (const time of [
    'Friday, January 15, 2016 10:45 EST',
    '01/15/2016 10:45:00 AM',
    'Fri Jan 15 10:45:00 EST 2016',
    '15-Jan-2016 10:45',
  ]) {
    const page = `<html><head><title>OASIS</title></head><body><b>${time}</b><table><tr><td>x</td></tr></table>
<table><tr><th>Name</th><th>Type</th><th>5 Minute Weighted Avg. LMP</th><th>Hourly Integrated LMP for Hour Ending 10</th></tr>
<tr><td>AECO</td><td>ZONE</td><td>25.1</td><td>24.2</td></tr></table></body></html>`;
    assert.deepEqual(seen(readOf('PJM', page)), ['AECO 2016-01-15T15:45 2016-01-15T15:45 lmp=25.1'], time);
  }
});

test('SPP: five-minute reserves under the header of the day-ahead ones are told by their stamps', () => {
  const body = `Interval,GMTIntervalEnd,Reserve Zone,RegUP,RegDN,Spin,Supp
03/31/2025 08:05:00,03/31/2025 13:05:00,1,2,3,4,5
`;
  const read = readOf('SPP', body);
  assert.equal(read.dataset, 'rt_as_prices');
  assert.deepEqual(seen(read), [
    '1 2025-03-31T13:00 2025-03-31T13:05 mcp_regup=2 mcp_regdn=3 mcp_spin=4 mcp_supp=5',
  ]);
  assert.equal(readOf('SPP', body.replaceAll(':05:', ':00:')).dataset, 'da_as_prices');
});

test('SPP: hours on a clock of twelve', () => {
  const body = 'MarketHour,CSWS,EDE,GRDA\n3/31/2025 12:00:00 AM,1,2,3\n3/31/2025 1:00:00 PM,4,5,6\n';
  assert.deepEqual(seen(readOf('SPP', body)), [
    'CSWS 2025-03-30T23:00 2025-03-31T00:00 load=1',
    'EDE 2025-03-30T23:00 2025-03-31T00:00 load=2',
    'GRDA 2025-03-30T23:00 2025-03-31T00:00 load=3',
    'CSWS 2025-03-31T12:00 2025-03-31T13:00 load=4',
    'EDE 2025-03-31T12:00 2025-03-31T13:00 load=5',
    'GRDA 2025-03-31T12:00 2025-03-31T13:00 load=6',
  ]);
});

const hub = { '@LocId': '4000', '@LocType': 'HUB', $: '.H.INTERNAL_HUB' };
const isone = (...records: object[]): string => JSON.stringify(records);

test('ISO New England: records without the name of their answer are known by their keys and stamps', () => {
  const at = (minute: string) => ({ BeginDate: `2026-06-08T00:${minute}:00.000-04:00` });
  const price = { Location: hub, LmpTotal: 34.14, EnergyComponent: 33.83 };
  const five = readOf('ISONE', isone({ ...at('00'), ...price }, { ...at('05'), ...price }));
  assert.equal(five.dataset, 'rt_lmp');
  assert.equal(seen(five)[1], '.H.INTERNAL_HUB 2026-06-08T04:05 2026-06-08T04:10 lmp=34.14 energy=33.83');
  assert.equal(readOf('ISONE', isone({ ...at('00'), ...price })).dataset, 'da_lmp');
  assert.deepEqual(seen(readOf('ISONE', isone({ ...at('00'), GenMw: 1000, FuelCategory: 'Hydro' }))), [
    'ISONE Hydro 2026-06-08T04:00 2026-06-08T04:00 generation=1000',
  ]);
  assert.equal(
    seen(readOf('ISONE', isone({ ...at('05'), LoadMw: 12000.5, NativeLoad: 12000 })))[0],
    'ISONE 2026-06-08T04:05 2026-06-08T04:10 load=12000.5 load_native=12000',
  );
});

test('IESO: HOEP as the XML of a day', () => {
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<IMODocument docID="DispUnconsHOEP" xmlns="http://www.theIMO.com/schema"><IMODocHeader><DocTitle>Hourly Ontario Energy Price
</DocTitle><CreatedAt>2016-05-01T02:05:00</CreatedAt></IMODocHeader><IMODocBody><Date>2016-05-01</Date><HOEPs>
<HOEP><Hour>1</Hour><Price>10.5</Price></HOEP><HOEP><Hour>2</Hour><Price>-3.00</Price></HOEP>
</HOEPs></IMODocBody></IMODocument>`;
  const read = readOf('IESO', body);
  assert.equal(read.dataset, 'rt_lmp_hourly');
  assert.deepEqual(seen(read), [
    'ONTARIO 2016-05-01T05:00 2016-05-01T06:00 lmp=10.5',
    'ONTARIO 2016-05-01T06:00 2016-05-01T07:00 lmp=-3.00',
  ]);
  assert.equal(formatInstant(read.rows[0]?.publishedAt ?? 0), '2016-05-01T07:05:00Z');
});

test('ERCOT: stamps of dashboards in the form of ISO 8601', () => {
  const body = JSON.stringify({
    lastUpdated: '2025-10-08T00:04:56-05:00',
    data: { '2025-10-07': { '2025-10-07T00:04:57-05:00': { Wind: { gen: 9000.1 } } } },
  });
  assert.deepEqual(seen(readOf('ERCOT', body)), [
    'ERCOT Wind 2025-10-07T05:04 2025-10-07T05:04 generation=9000.1',
  ]);
});

test('ERCOT: readings of ties in the dashboard of conditions, by stamp or by milliseconds', () => {
  const body = JSON.stringify({
    lastUpdated: '2023-01-05 10:00:04-0600',
    data: [
      {
        timestamp: '2023-01-05 09:55:00-0600',
        interval: 1672934100000,
        dcE: -10.5,
        dcN: 0,
        currentFrequency: 59.99,
      },
      { interval: 1672934400000, dcE: 3 },
    ],
  });
  const read = readOf('ERCOT', body);
  assert.equal(read.dataset, 'system_conditions');
  assert.deepEqual(seen(read), [
    'dcE 2023-01-05T15:55 2023-01-05T15:55 interchange=-10.5',
    'dcN 2023-01-05T15:55 2023-01-05T15:55 interchange=0',
    'ERCOT 2023-01-05T15:55 2023-01-05T15:55 frequency=59.99',
    'dcE 2023-01-05T16:00 2023-01-05T16:00 interchange=3',
  ]);
});

const demand = {
  period: '2022-10-31T11',
  respondent: 'PGE',
  type: 'D',
  value: 100,
  'value-units': 'megawatthours',
};

test('EIA: records that were taken out of their answer', () => {
  for (const body of [JSON.stringify([demand]), JSON.stringify({ data: [demand] })])
    assert.deepEqual(seen(readOf('EIA', body)), ['PGE 2022-10-31T10:00 2022-10-31T11:00 load=100']);
});

test('EIA: a week is the date that names it; oil and storage are no gas prices', () => {
  const answer = (record: object): string =>
    JSON.stringify({ response: { frequency: 'weekly', data: [{ period: '2022-10-28', ...record }] } });
  const gas = {
    series: 'RNGWHHD',
    process: 'PS0',
    duoarea: 'RGC',
    product: 'EPG0',
    value: 5.5,
    units: '$/MMBTU',
  };
  assert.deepEqual(seen(readOf('EIA', answer(gas))), [
    'RNGWHHD 2022-10-28T00:00 2022-10-29T00:00 gas_price=5.5',
  ]);
  const oil = { ...gas, series: 'RWTC', product: 'EPCWTI', units: '$/BBL' };
  const storage = { ...gas, series: 'NW2_EPG0_SWO_R48_BCF', product: 'EPG0', units: 'BCF' };
  assert.equal(refusalOf('EIA', answer(oil)).code, 'SOURCE_UNRECOGNISED');
  assert.deepEqual(seen(readOf('EIA', answer(storage))), [
    'NW2_EPG0_SWO_R48_BCF 2022-10-28T00:00 2022-10-29T00:00 gas_storage=5.5',
  ]);
});
