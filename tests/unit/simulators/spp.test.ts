/** The simulated SPP against what is known of the real one: written by hand from its description. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../../../core/time/instant.ts';
import { ask, cellsOf, mantissa, small, utc } from './ask.ts';

const market = small('spp');
const file = (folder: string, path: string, at: string) =>
  ask(market, `/file-browser-api/download/${folder}?path=${encodeURIComponent(path)}`, at);
const dayAhead = (day: string, at: string) =>
  file(
    'da-lmp-by-settlement-location',
    `/${day.slice(0, 4)}/${day.slice(4, 6)}/By_Day/DA-LMP-SL-${day}0100.csv`,
    at,
  );
const interval = (day: string, stamp: string, at: string) =>
  file(
    'rtbm-lmp-by-location',
    `/${day.slice(0, 4)}/${day.slice(4, 6)}/By_Interval/${day.slice(6)}/RTBM-LMP-SL-${stamp}.csv`,
    at,
  );

test('a day-ahead file: stamps of the end in Central and GMT, four decimals, parts that add up', () => {
  const { status, text } = dayAhead('20250708', '2025-07-08T12:00:00Z');
  assert.equal(status, 200);
  const [head, ...rows] = cellsOf(text);
  assert.equal(head.join(), 'Interval,GMTIntervalEnd,Settlement Location,Pnode,LMP,MLC,MCC,MEC');
  assert.equal(rows.length, 24 * 14);
  assert.deepEqual(rows[0].slice(0, 4), ['07/08/2025 01:00:00', '07/08/2025 06:00:00', 'AEC', 'SOUC']);
  assert.deepEqual(rows.at(-1)?.slice(0, 2), ['07/09/2025 00:00:00', '07/09/2025 05:00:00']);
  const energies = new Map<string, Set<number>>();
  for (const row of rows) {
    assert.ok(
      row.slice(4).every((cell) => /^-?\d+\.\d{4}$/.test(cell)),
      row.join(),
    );
    const [lmp, loss, congestion, energy] = row.slice(4).map((cell) => mantissa(cell, 4));
    assert.equal(lmp, loss + congestion + energy, row.join());
    energies.getOrInsertComputed(row[1], () => new Set()).add(energy);
  }
  for (const seen of energies.values()) assert.ok(Math.max(...seen) - Math.min(...seen) <= 1);
  assert.ok([...energies.values()].some((seen) => seen.size === 2));
});

test('day-ahead hours: spring goes from 01:00 to 03:00, autumn has 02:00 at 07:00 and 08:00 GMT', () => {
  const stamps = (day: string, at: string): string[] =>
    cellsOf(dayAhead(day, at).text)
      .filter((row) => row[2] === 'AEC')
      .map((row) => `${row[0].slice(11, 16)} ${row[1].slice(11, 16)}`);
  const spring = stamps('20260308', '2026-03-09T12:00:00Z');
  assert.equal(spring.length, 23);
  assert.deepEqual(spring.slice(0, 3), ['01:00 07:00', '03:00 08:00', '04:00 09:00']);
  const autumn = stamps('20251102', '2025-11-03T12:00:00Z');
  assert.equal(autumn.length, 25);
  assert.deepEqual(autumn.slice(0, 4), ['01:00 06:00', '02:00 07:00', '02:00 08:00', '03:00 09:00']);
});

test('since 1 April 2026 a balancing area stands third in day-ahead files and last in real-time ones', () => {
  const at = '2026-06-05T12:00:00Z';
  const [head, ...rows] = cellsOf(dayAhead('20260605', at).text);
  assert.equal(head.join(), 'Interval,GMTIntervalEnd,BAA,Settlement Location,Pnode,LMP,MLC,MCC,MEC');
  assert.deepEqual(new Set(rows.map((row) => row[2])), new Set(['SPP', 'SWPW', '']));
  const real = cellsOf(file('rtbm-lmp-by-location', '/RTBM-LMP-SL-latestInterval.csv', at).text);
  assert.equal(real[0].join(), 'Interval,GMTIntervalEnd,Settlement Location,Pnode,LMP,MLC,MCC,MEC,BAA');
  const last = cellsOf(dayAhead('20260331', '2026-04-01T12:00:00Z').text);
  assert.equal(last[0].length, 8);
});

test('interval files: named by the end, in the folder of the begin; what is not there is 404 without a body', () => {
  const at = '2025-07-02T12:00:00Z';
  const { status, text } = interval('20250630', '202507010000', at);
  assert.equal(status, 200);
  const [, row] = cellsOf(text);
  assert.deepEqual(row.slice(0, 2), ['07/01/2025 00:00:00', '07/01/2025 05:00:00']);
  for (const [day, stamp] of [
    ['20250701', '202507010000'],
    ['20250630', '202507010003'],
    ['20250703', '202507030005'],
  ]) {
    const none = interval(day, stamp, at);
    assert.deepEqual([none.status, none.bytes.length], [404, 0]);
  }
});

test('in autumn the names of the second hour bear a d; the same label stands for two intervals', () => {
  const at = '2025-11-03T12:00:00Z';
  const gmt = (stamp: string): string => cellsOf(interval('20251102', stamp, at).text)[1][1];
  assert.equal(gmt('202511020105'), '11/02/2025 06:05:00');
  assert.equal(gmt('202511020105d'), '11/02/2025 07:05:00');
  assert.equal(gmt('202511020155d'), '11/02/2025 07:55:00');
  assert.equal(gmt('202511020205'), '11/02/2025 08:05:00');
  assert.equal(interval('20251102', '202511020205d', at).status, 404);
  const count = (day: string, time: string): number => {
    let found = 0;
    for (let minute = 0; minute < 1440; minute += 5)
      for (const mark of ['', 'd']) {
        const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}${String(minute % 60).padStart(2, '0')}`;
        if (interval(day, `${day}${clock}${mark}`, time).status === 200) found++;
      }
    return found;
  };
  // The last interval of a day is named after the next one, and a few never come.
  const [autumn, spring] = [count('20251102', at), count('20260308', '2026-03-09T12:00:00Z')];
  assert.ok(autumn > 290 && autumn <= 299, String(autumn));
  assert.ok(spring > 266 && spring <= 275, String(spring));
});

test('the file of a whole day comes five days later: all intervals, corrected, under other column names', () => {
  const path = '/2025/07/By_Day/RTBM-LMP-DAILY-SL-20250701.csv';
  assert.equal(file('rtbm-lmp-by-location', path, '2025-07-06T12:00:00Z').status, 404);
  const { text } = file('rtbm-lmp-by-location', path, '2025-07-08T12:00:00Z');
  const [head, ...rows] = cellsOf(text);
  assert.equal(
    head.join(),
    'Interval, GMT Interval, Settlement Location Name, PNODE Name, LMP, MLC, MCC, MEC',
  );
  assert.equal(rows.length, 288 * 14);
  let holes = 0;
  let changed = 0;
  for (let k = 0; k < 287; k++) {
    const [stamp] = rows[k * 14];
    const clock = stamp.slice(11, 16).replace(':', '');
    const first = interval('20250701', `20250701${clock}`, '2025-07-08T12:00:00Z');
    if (first.status === 404) holes++;
    else
      cellsOf(first.text)
        .slice(1)
        .forEach((row, n) => {
          if (row.join() !== rows[k * 14 + n].join()) changed++;
        });
  }
  assert.ok(changed > 0 && changed < 287 * 14 * 0.02, String(changed));
  assert.ok(holes <= 8, String(holes));
});

test('an interval that never came is nowhere until the file of the day', () => {
  const start = utc('2025-07-01T05:00:00Z');
  const at = '2025-07-04T12:00:00Z';
  const told = new Set(
    [...market.published('rt_lmp', { start, end: start + 2 * DAY }, utc(at))].map((value) => value.end),
  );
  let missing = 0;
  for (let end = start + HOUR / 12; end <= start + 2 * DAY - HOUR / 12; end += HOUR / 12) {
    const local = new Date((end - 5 * HOUR) / 1000).toISOString().replaceAll(/[-T:]/g, '').slice(0, 12);
    const day = new Date((end - 5 * HOUR - 1) / 1000).toISOString().slice(0, 10).replaceAll('-', '');
    const { status } = interval(day, local, at);
    assert.equal(status === 200, told.has(end), local);
    if (status !== 200) missing++;
  }
  assert.ok(missing >= 1 && missing <= 12, String(missing));
});

test('load: forecasts with what came of them, hourly load wide and since 24 March 2026 long', () => {
  const at = '2025-07-08T16:02:00Z';
  const medium = cellsOf(file('mtlf-vs-actual', '/2025/07/08/OP-MTLF-202507081000.csv', at).text);
  assert.equal(medium[0].join(), 'Interval,GMTIntervalEnd,MTLF,Averaged Actual');
  assert.equal(medium.length, 1 + 24 + 7 * 24);
  assert.equal(medium[1][1], '07/07/2025 16:00:00');
  assert.deepEqual(
    medium.slice(1).map((row) => row[3] === ''),
    [...Array(23).fill(false), ...Array(1 + 7 * 24).fill(true)],
  );
  const short = cellsOf(file('stlf-vs-actual', '/2025/07/08/11/OP-STLF-202507081000.csv', at).text);
  assert.equal(short[0].join(), 'Interval,GMTInterval,STLF,Actual');
  assert.equal(file('stlf-vs-actual', '/2025/07/08/10/OP-STLF-202507081000.csv', at).status, 404);
  const wide = cellsOf(file('hourly-load', '/2025/DAILY_HOURLY_LOAD-20250706.csv', at).text);
  assert.equal(
    wide[0].join(),
    'MarketHour, CSWS, EDE, GRDA, INDN, KACY, KCPL, LES, MPS, NPPD, OKGE, OPPD, SECI, SPRM, SPS, WAUE, WFEC, WR',
  );
  assert.equal(wide.length, 25);
  assert.equal(wide[1][0], '07/06/2025 06:00:00');
  const long = (day: string): string[][] =>
    cellsOf(file('hourly-load', `/2026/DAILY_HOURLY_LOAD-${day}.csv`, '2026-03-27T12:00:00Z').text);
  assert.equal(long('20260323')[0][0], 'MarketHour');
  assert.equal(
    long('20260324')[0].join(),
    'Market Hour,Balancing Area Name,Control Zone Name,Forecast Area Type,Load MW',
  );
  assert.equal(long('20260324').length, 1 + 24 * 17);
});

test('in autumn a forecast of 02:00 comes twice, the second with a d', () => {
  const at = '2025-11-03T12:00:00Z';
  const first = (name: string): string =>
    cellsOf(file('mtlf-vs-actual', `/2025/11/02/OP-MTLF-${name}.csv`, at).text)[24][1];
  assert.deepEqual(['202511020100', '202511020200', '202511020200d', '202511020300'].map(first), [
    '11/02/2025 06:00:00',
    '11/02/2025 07:00:00',
    '11/02/2025 08:00:00',
    '11/02/2025 09:00:00',
  ]);
});

test('reserves by zone; uncertainty reserve since 6 July 2023', () => {
  const read = (day: string, at: string): string[][] =>
    cellsOf(file('da-mcp', `/${day.slice(0, 4)}/${day.slice(4, 6)}/DA-MCP-${day}0100.csv`, at).text);
  const now = read('20250708', '2025-07-08T12:00:00Z');
  assert.equal(
    now[0].join(),
    'Interval,GMTIntervalEnd,Reserve Zone,RegUP,RegDN,RampUP,RampDN,Spin,Supp,UncUP',
  );
  assert.equal(now.length, 1 + 24 * 5);
  assert.equal(read('20230705', '2023-07-06T12:00:00Z')[0].at(-1), 'Supp');
  assert.equal(read('20230706', '2023-07-06T12:00:00Z')[0].at(-1), 'UncUP');
});

test('the same question at the same time gives the same bytes; another seed gives others', () => {
  const at = '2025-07-08T12:00:00Z';
  const path = '/file-browser-api/download/da-mcp?path=/2025/07/DA-MCP-202507080100.csv';
  assert.deepEqual(ask(small('spp'), path, at).bytes, ask(market, path, at).bytes);
  assert.notDeepEqual(ask(small('spp', 8), path, at).bytes, ask(market, path, at).bytes);
});
