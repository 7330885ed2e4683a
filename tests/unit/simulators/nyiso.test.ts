/** The simulated NYISO against what is known of the real one's files: written by hand from their description. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../../../core/time/instant.ts';
import { ask, cellsOf, mantissa, membersOf, small, utc } from './ask.ts';

const market = small('nyiso');
const file = (path: string, at: string) => ask(market, `/public/csv/${path}`, at);
const HEADER =
  '"Time Stamp","Name","PTID","LBMP ($/MWHr)","Marginal Cost Losses ($/MWHr)","Marginal Cost Congestion ($/MWHr)"';
const ZONES = [
  'CAPITL 61757',
  'CENTRL 61754',
  'DUNWOD 61760',
  'GENESE 61753',
  'H Q 61844',
  'HUD VL 61758',
  'LONGIL 61762',
  'MHK VL 61756',
  'MILLWD 61759',
  'N.Y.C. 61761',
  'NORTH 61755',
  'NPX 61845',
  'O H 61846',
  'PJM 61847',
  'WEST 61752',
];

/** Distinct stamps in order of the file; a block of all locations counts as one. */
function stampsOf(text: string): string[] {
  return cellsOf(text)
    .filter((row) => row[1] === '"N.Y.C."')
    .map(([stamp]) => stamp.replaceAll('"', ''));
}

test('a day-ahead file: quoted text, bare numbers, LF, blocks of fifteen by time and name', () => {
  const { status, headers, text } = file('damlbmp/20250704damlbmp_zone.csv', '2025-07-04T12:00:00Z');
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/csv');
  assert.ok(!text.includes('\r') && text.endsWith('\n'));
  const [head, ...lines] = text.trimEnd().split('\n');
  assert.equal(head, HEADER);
  assert.equal(lines.length, 24 * 15);
  for (const line of lines)
    assert.match(line, /^"07\/04\/2025 \d\d:00","[A-Z. ]+",\d{5},-?\d+\.\d\d,-?\d+\.\d\d,-?\d+\.\d\d$/);
  assert.deepEqual(
    lines.slice(15, 30).map((line) => line.split(',').slice(1, 3).join(' ').replaceAll('"', '')),
    ZONES,
  );
});

test('LBMP − losses + congestion is the same at all locations: congestion has the opposite sign', () => {
  for (const path of [
    'damlbmp/20250704damlbmp_zone.csv',
    'damlbmp/20250704damlbmp_gen.csv',
    'realtime/20250704realtime_zone.csv',
    'rtlbmp/20250704rtlbmp_gen.csv',
  ]) {
    const blocks = Map.groupBy(cellsOf(file(path, '2025-07-05T12:00:00Z').text).slice(1), ([stamp]) => stamp);
    assert.ok(blocks.size >= 24, path);
    for (const [stamp, rows] of blocks) {
      const energies = rows.map((row) => mantissa(row[3], 2) - mantissa(row[4], 2) + mantissa(row[5], 2));
      assert.equal(new Set(energies).size, 1, `${path} ${stamp}`);
      const reference = rows.find((row) => row[1] === '"NYISO_LBMP_REFERENCE"');
      assert.equal(reference !== undefined, path.includes('_gen'), path);
      if (reference !== undefined) assert.deepEqual(reference.slice(4), ['0.00', '0.00']);
    }
  }
});

test('spring leaves out 02:00, autumn prints 01:00 twice as whole blocks with other prices', () => {
  const spring = file('damlbmp/20250309damlbmp_zone.csv', '2025-03-10T12:00:00Z').text;
  assert.deepEqual(stampsOf(spring).slice(0, 4), [
    '03/09/2025 00:00',
    '03/09/2025 01:00',
    '03/09/2025 03:00',
    '03/09/2025 04:00',
  ]);
  assert.equal(stampsOf(spring).length, 23);
  const autumn = file('damlbmp/20251102damlbmp_zone.csv', '2025-11-03T12:00:00Z').text;
  assert.deepEqual(stampsOf(autumn).slice(0, 4), [
    '11/02/2025 00:00',
    '11/02/2025 01:00',
    '11/02/2025 01:00',
    '11/02/2025 02:00',
  ]);
  assert.equal(stampsOf(autumn).length, 25);
  const lines = autumn.split('\n');
  assert.deepEqual(
    lines.slice(16, 46).map((line) => line.split(',')[1].replaceAll('"', '')),
    [...ZONES, ...ZONES].map((zone) => zone.slice(0, -6)),
  );
  assert.notDeepEqual(lines.slice(16, 31), lines.slice(31, 46));
});

test('five-minute stamps end their interval: 00:05:00 to 00:00:00, with extra runs between', () => {
  const { text } = file('realtime/20250704realtime_zone.csv', '2025-07-05T12:00:00Z');
  const stamps = stampsOf(text);
  assert.equal(stamps[0], '07/04/2025 00:05:00');
  assert.equal(stamps.at(-1), '07/05/2025 00:00:00');
  const onGrid = stamps.filter((stamp) => /[05]:00$/.test(stamp));
  assert.equal(onGrid.length, 288);
  let extra = 0;
  for (let day = 1; day <= 9; day++)
    extra += stampsOf(file(`realtime/2025070${day}realtime_zone.csv`, '2025-07-09T23:00:00Z').text).filter(
      (stamp) => !/[05]:00$/.test(stamp),
    ).length;
  assert.ok(extra >= 3 && extra <= 60, String(extra));
  assert.deepEqual(stamps, [...stamps].sort());
});

test('the five-minute file of the autumn day runs through its hour twice, that of spring leaves one out', () => {
  const autumn = stampsOf(file('realtime/20251102realtime_zone.csv', '2025-11-03T12:00:00Z').text).filter(
    (s) => /[05]:00$/.test(s),
  );
  assert.equal(autumn.length, 300);
  assert.deepEqual(autumn.slice(10, 13), [
    '11/02/2025 00:55:00',
    '11/02/2025 01:00:00',
    '11/02/2025 01:05:00',
  ]);
  assert.deepEqual(autumn.slice(22, 25), [
    '11/02/2025 01:55:00',
    '11/02/2025 01:00:00',
    '11/02/2025 01:05:00',
  ]);
  assert.deepEqual(autumn.slice(34, 36), ['11/02/2025 01:55:00', '11/02/2025 02:00:00']);
  const spring = stampsOf(file('realtime/20250309realtime_zone.csv', '2025-03-10T12:00:00Z').text).filter(
    (s) => /[05]:00$/.test(s),
  );
  assert.equal(spring.length, 276);
  assert.deepEqual(spring.slice(22, 24), ['03/09/2025 01:55:00', '03/09/2025 03:00:00']);
});

test('the file of today grows, and ends with advisory quarter hours that the real prices replace', () => {
  const path = 'realtime/20250704realtime_zone.csv';
  const early = file(path, '2025-07-04T16:02:00Z').text;
  const later = file(path, '2025-07-04T16:52:00Z').text;
  const ahead = stampsOf(early).slice(-3);
  assert.deepEqual(ahead, ['07/04/2025 12:15:00', '07/04/2025 12:30:00', '07/04/2025 12:45:00']);
  assert.equal(stampsOf(early).at(-4), '07/04/2025 12:00:00');
  const line = (text: string): string | undefined =>
    text.split('\n').find((each) => each.startsWith('"07/04/2025 12:15:00","N.Y.C."'));
  assert.notEqual(line(early), undefined);
  assert.notEqual(line(later), line(early));
  const past = early.split('\n').slice(0, -3 * 15 - 1);
  assert.deepEqual(later.split('\n').slice(0, past.length), past);
  assert.equal(file(path, '2025-07-04T04:04:00Z').status, 404);
  const latest = ask(market, '/public/realtime/realtime_zone_lbmp.csv', '2025-07-04T16:02:00Z').text;
  assert.deepEqual(stampsOf(latest), ['07/04/2025 12:00:00']);
  assert.ok(early.includes(latest.split('\n')[1]));
});

test('daily files go after eight days; the archive of their month has them, and grows with it', async () => {
  const path = 'damlbmp/20250701damlbmp_zone.csv';
  const statuses = [
    '2025-06-30T14:00:00Z',
    '2025-06-30T15:00:00Z',
    '2025-07-09T12:00:00Z',
    '2025-07-10T12:00:00Z',
  ];
  assert.deepEqual(
    statuses.map((at) => file(path, at).status),
    [404, 200, 200, 404],
  );
  assert.match(file(path, statuses[3]).text, /^<!DOCTYPE HTML .*>\n<html>/);
  const zip = 'damlbmp/20250701damlbmp_zone_csv.zip';
  assert.equal(file(zip, '2025-07-01T12:00:00Z').status, 404);
  const grown = await membersOf(file(zip, '2025-07-10T12:00:00Z').bytes);
  assert.deepEqual(
    [...grown.keys()],
    Array.from({ length: 9 }, (_, k) => `2025070${k + 1}damlbmp_zone.csv`),
  );
  const whole = await membersOf(file(zip, '2025-12-10T12:00:00Z').bytes);
  assert.equal(whole.size, 31);
  assert.equal(whole.get('20250701damlbmp_zone.csv'), file(path, '2025-07-09T12:00:00Z').text);
});

test('a file is rewritten in place: a few rows differ, and its date moves', () => {
  let changed = 0;
  let lines = 0;
  for (let day = 1; day <= 7; day++) {
    const path = `realtime/2025070${day}realtime_zone.csv`;
    const first = file(path, `2025-07-0${day + 1}T12:00:00Z`);
    const second = file(path, `2025-07-0${day + 1}T20:00:00Z`);
    const [before, after] = [first.text.split('\n'), second.text.split('\n')];
    assert.equal(before.length, after.length);
    lines += before.length;
    changed += before.filter((line, k) => line !== after[k]).length;
    assert.notEqual(first.headers['etag'], second.headers['etag']);
    assert.notEqual(first.headers['last-modified'], second.headers['last-modified']);
  }
  assert.ok(changed > 0 && changed < lines * 0.02, `${changed} of ${lines}`);
});

test('the same question at the same time gives the same bytes, whatever was asked before', () => {
  const paths = [
    'damlbmp/20250704damlbmp_zone.csv',
    'realtime/20250704realtime_gen.csv',
    'rtlbmp/20250704rtlbmp_zone.csv',
  ];
  const at = '2025-07-04T20:00:00Z';
  const one = small('nyiso');
  const other = small('nyiso');
  const forward = paths.map((path) => ask(one, `/public/csv/${path}`, at).text);
  const backward = [...paths].reverse().map((path) => ask(other, `/public/csv/${path}`, at).text);
  assert.deepEqual(forward, backward.reverse());
  assert.notEqual(ask(small('nyiso', 8), `/public/csv/${paths[0]}`, at).text, forward[0]);
});

test('what is told as true is what the files print', () => {
  const at = '2025-11-02T20:02:00Z';
  const start = utc('2025-11-02T04:00:00Z');
  const zones = new Set(ZONES.map((zone) => zone.slice(0, -6)));
  for (const [dataset, set] of [
    ['da_lmp', 'damlbmp'],
    ['rt_lmp', 'realtime'],
    ['rt_lmp_hourly', 'rtlbmp'],
  ]) {
    const truth = [
      ...market.published(dataset, { start: start - DAY, end: start + 2 * DAY }, utc(at)),
    ].filter(({ location }) => zones.has(location));
    const printed = cellsOf(file(`${set}/20251102${set}_zone.csv`, at).text)
      .slice(1)
      .flatMap(([, name, , ...prices]) =>
        prices.map((price) => `${name.replaceAll('"', '')} ${mantissa(price, 2)}`),
      );
    // A file holds the intervals that end in its day, also an extra run that began before it.
    const told = truth
      .filter((each) => each.end > start && each.end <= start + 25 * HOUR)
      .map(({ location, value }) => `${location} ${Math.round(Number(value) * 100)}`);
    assert.deepEqual(told.sort(), printed.sort());
  }
});
