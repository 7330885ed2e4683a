/** The simulated MISO against what is known of the real one's files: written by hand from their description. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY } from '../../../core/time/instant.ts';
import { ask, cellsOf, mantissa, membersOf, small, utc } from './ask.ts';

const market = small('miso');
const report = (name: string, at: string, on = market) => ask(on, `/marketreports/${name}`, at);

test('a day-ahead report has five lines of head, three blocks, and 24 hours on every day of the year', () => {
  for (const day of ['20250309', '20251102', '20250704']) {
    const { status, headers, text } = report(`${day}_da_expost_lmp.csv`, '2025-12-31T00:00:00Z');
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/octet-stream');
    assert.match(headers['last-modified'], /^\w{3}, \d\d \w{3} 2025 (17|18):\d\d:\d\d GMT$/);
    assert.ok(!text.includes('\r') && text.endsWith('\n'));
    const lines = text.split('\n');
    const date = `${day.slice(4, 6)}/${day.slice(6)}/${day.slice(0, 4)}`;
    assert.deepEqual(lines.slice(0, 4), [
      'Day Ahead Market ExPost LMPs',
      date,
      '',
      ',,,All Hours-Ending are Eastern Standard Time (EST)',
    ]);
    assert.equal(
      lines[4],
      'Node,Type,Value,HE 1,HE 2,HE 3,HE 4,HE 5,HE 6,HE 7,HE 8,HE 9,HE 10,HE 11,HE 12,HE 13,HE 14,HE 15,HE 16,HE 17,HE 18,HE 19,HE 20,HE 21,HE 22,HE 23,HE 24',
    );
    const rows = cellsOf(lines.slice(5).join('\n'));
    assert.equal(rows.length, 3 * 14);
    assert.ok(rows.every((row) => row.length === 27));
    assert.deepEqual(
      rows.map((row) => row[2]),
      ['LMP', 'MCC', 'MLC'].flatMap((word) => Array(14).fill(word)),
    );
    const block = rows.slice(0, 14).map((row) => row[0]);
    assert.deepEqual(block, [...block].sort());
    for (const hub of ['ARKANSAS.HUB', 'INDIANA.HUB', 'MS.HUB', 'TEXAS.HUB']) assert.ok(block.includes(hub));
    assert.ok(rows.every(([, type]) => ['Hub', 'Loadzone', 'Interface', 'Gennode'].includes(type)));
  }
});

test('LMP − MCC − MLC is the same for all nodes of an hour; numbers have no zero in front', () => {
  const { text } = report('20250401_da_expost_lmp.csv', '2025-12-31T00:00:00Z');
  const rows = cellsOf(text).slice(4);
  const numbers = rows.flatMap((row) => row.slice(3));
  for (const number of numbers) assert.match(number, /^(0|-?([1-9]\d*|[1-9]\d*\.\d?[1-9]|\.\d?[1-9]))$/);
  assert.ok(numbers.some((number) => number.startsWith('-')));
  for (let hour = 3; hour < 27; hour++) {
    const energies = rows
      .filter((row) => row[2] === 'LMP')
      .map(([node, , , ...lmp]) => {
        const part = (word: string): number =>
          mantissa(rows.find((row) => row[0] === node && row[2] === word)?.[hour] ?? '', 2);
        return mantissa(lmp[hour - 3], 2) - part('MCC') - part('MLC');
      });
    assert.equal(new Set(energies).size, 1, `HE ${hour - 2}`);
  }
});

test('ex-ante and ex-post are different prices under different titles', () => {
  const post = report('20250401_da_expost_lmp.csv', '2025-04-02T00:00:00Z').text;
  const ante = report('20250401_da_exante_lmp.csv', '2025-04-02T00:00:00Z').text;
  assert.equal(ante.split('\n')[0], 'Day Ahead Market ExAnte LMPs');
  assert.notEqual(ante.split('\n')[5], post.split('\n')[5]);
});

test('a report is there from its time on: before that the blob storage knows nothing of it', () => {
  const name = '20250401_da_expost_lmp.csv';
  const early = report(name, '2025-03-31T17:00:00Z');
  assert.equal(early.status, 404);
  assert.match(early.text, /<Error><Code>BlobNotFound<\/Code><Message>/);
  assert.equal(early.headers['content-type'], 'application/xml');
  assert.equal(report(name, '2025-03-31T18:05:00Z').status, 200);
  assert.equal(report('20250401_nothing.csv', '2025-12-31T00:00:00Z').status, 404);
  assert.equal(ask(market, '/api/other', '2025-12-31T00:00:00Z').status, 404);
});

test('the preliminary report gives way to the final one, in which 1 to 3 % of the cells differ', () => {
  const prelim = '20250401_rt_lmp_prelim.csv';
  const final = '20250401_rt_lmp_final.csv';
  const wide = small('miso');
  const states = [
    '2025-04-02T10:00:00Z',
    '2025-04-02T12:00:00Z',
    '2025-04-07T15:00:00Z',
    '2025-04-07T18:00:00Z',
  ];
  assert.deepEqual(
    states.map((at) => [report(prelim, at, wide).status, report(final, at, wide).status]),
    [
      [404, 404],
      [200, 404],
      [200, 404],
      [404, 200],
    ],
  );
  let cells = 0;
  let changed = 0;
  for (let day = 1; day <= 28; day++) {
    const stamp = `202504${String(day).padStart(2, '0')}`;
    const next = new Date(Date.UTC(2025, 3, day + 1, 12)).toISOString();
    const before = cellsOf(report(`${stamp}_rt_lmp_prelim.csv`, next).text);
    const after = cellsOf(report(`${stamp}_rt_lmp_final.csv`, '2025-12-31T00:00:00Z').text);
    before.forEach((row, r) => {
      row.forEach((cell, c) => {
        if (r < 4 || c < 3) return;
        cells++;
        if (cell !== after[r][c]) changed++;
      });
    });
  }
  assert.ok(changed / cells > 0.01 && changed / cells < 0.03, `${changed} of ${cells}`);
});

test('real-time JSON is strings, EST without offset, the interval that ended', () => {
  const { headers, text } = ask(
    market,
    '/api/MarketPricing/GetRealTimeFiveMinExPost/Current',
    '2025-12-03T05:02:00Z',
  );
  assert.equal(headers['content-type'], 'application/json; charset=utf-8');
  const body = JSON.parse(text) as { headers: string[]; data: string[][] };
  assert.deepEqual(Object.keys(body), ['headers', 'data']);
  assert.deepEqual(body.headers, ['INTERVAL', 'CPNODE', 'LMP', 'MLC', 'MCC']);
  assert.equal(body.data.length, 14);
  for (const [interval, , ...prices] of body.data) {
    assert.equal(interval, '2025-12-03T00:00:00');
    for (const price of prices) assert.match(price, /^-?\d+\.\d\d$/);
  }
  const energies = body.data.map(
    ([, , lmp, mlc, mcc]) => mantissa(lmp, 2) - mantissa(mlc, 2) - mantissa(mcc, 2),
  );
  assert.equal(new Set(energies).size, 1);
  const stampsOf = (path: string, at: string): string[] => [
    ...new Set(
      (
        JSON.parse(ask(market, `/api/MarketPricing/GetRealTimeFiveMinExPost/${path}`, at).text) as typeof body
      ).data.map(([interval]) => interval),
    ),
  ];
  assert.equal(stampsOf('Previous', '2025-12-03T12:00:00Z').length, 288);
  const rolling = stampsOf('Rolling', '2025-12-03T05:12:00Z');
  assert.deepEqual(rolling, ['2025-12-03T00:00:00', '2025-12-03T00:05:00', '2025-12-03T00:10:00']);
  assert.deepEqual(stampsOf('Rolling', '2025-12-03T05:00:30Z'), []);
});

test('the consolidated table names its interval', () => {
  const { text } = ask(market, '/api/MarketPricing/GetLmpConsolidatedTable', '2026-06-12T19:37:00Z');
  const { LMPData } = JSON.parse(text) as {
    LMPData: Record<string, { PricingNode: Record<string, string>[] }>;
  };
  assert.equal(LMPData['RefId'] as unknown, '12-Jun-2026 - Interval 14:35 EST');
  assert.deepEqual(Object.keys(LMPData['FiveMinLMP'].PricingNode[0]), ['name', 'LMP', 'loss', 'congestion']);
  assert.deepEqual(Object.keys(LMPData).slice(1), [
    'FiveMinLMP',
    'HourlyIntegratedLmp',
    'DayAheadExAnteLmp',
    'DayAheadExPostLmp',
  ]);
});

test('the weekly archive holds the week from Monday that ended a week before the Monday in its name', async () => {
  assert.equal(report('20250414_5MIN_LMP.zip', '2025-04-14T12:00:00Z').status, 404);
  assert.equal(report('20250415_5MIN_LMP.zip', '2025-05-01T12:00:00Z').status, 404);
  const { bytes } = report('20250414_5MIN_LMP.zip', '2025-04-15T12:00:00Z');
  const [[name, text]] = await membersOf(bytes);
  assert.equal(name, '20250414_5MIN_LMP.csv');
  const lines = text.split('\n');
  assert.equal(lines[4], 'MKTHOUR_EST,PNODENAME,LMP,CON_LMP,LOSS_LMP');
  const stamps = [
    ...new Set(
      lines
        .slice(5)
        .filter((line) => line.includes('.HUB'))
        .map((line) => line.split(',')[0]),
    ),
  ];
  assert.equal(stamps.length, 7 * 288);
  assert.equal(stamps[0], '03/31/2025 00:00');
  assert.equal(stamps.at(-1), '04/06/2025 23:55');
});

test('nodes come and go on the first of March, June, September and December', () => {
  const nodesOf = (day: string): string[] =>
    cellsOf(report(`${day}_da_expost_lmp.csv`, '2025-12-31T00:00:00Z').text)
      .filter((row) => row[2] === 'LMP')
      .map(([node]) => node);
  assert.deepEqual(nodesOf('20250301'), nodesOf('20250531'));
  const left = nodesOf('20250531').filter((node) => !nodesOf('20250601').includes(node));
  assert.deepEqual(left, ['SIM.NEW.2025MAR']);
  assert.ok(nodesOf('20250228').includes('SIM.NEW.2024DEC'));
});

test('what is told as true is what the files print', () => {
  const at = utc('2025-04-10T00:00:00Z');
  const start = utc('2025-04-01T05:00:00Z');
  const values = [...market.published('da_lmp', { start, end: start + DAY }, at)];
  assert.equal(values.length, 14 * 24 * 3);
  const rows = cellsOf(report('20250401_da_expost_lmp.csv', '2025-04-10T00:00:00Z').text);
  const words: Record<string, string> = { lmp: 'LMP', congestion: 'MCC', loss: 'MLC' };
  for (const { location, field, start: from, end, value } of values) {
    const hour = (from - start) / 3_600_000_000;
    assert.equal(end - from, 3_600_000_000);
    const row = rows.find((each) => each[0] === location && each[2] === words[field]);
    assert.equal(mantissa(row?.[3 + hour] ?? '', 2), Math.round(Number(value) * 100));
  }
});
