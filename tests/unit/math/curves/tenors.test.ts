/** Names of deliveries, each form once, and what is no name. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  EUROPEAN_SEASONS,
  parseTenor,
  type Seasons,
  US_GAS_SEASONS,
} from '../../../../core/math/curves/tenors.ts';
import { formatDay } from '../../../../core/time/calendar-day.ts';
import { day } from './quotes.ts';

/** `2026-01-01..2026-02-01`, with `~` before what depends on the day; `none` for what is refused. */
function read(text: string, asOf = '2026-01-14', seasons: Seasons = US_GAS_SEASONS): string {
  const found = parseTenor(text, day(asOf), seasons);
  if (found === null) return 'none';
  return `${found.isRelative ? '~' : ''}${formatDay(found.start)}..${formatDay(found.end)}`;
}

test('days, months, weeks', () => {
  assert.equal(read('2026-01-15'), '2026-01-15..2026-01-16');
  assert.equal(read('2028-02-29'), '2028-02-29..2028-03-01');
  assert.equal(read('2026-12'), '2026-12-01..2027-01-01');
  assert.equal(read('F26'), '2026-01-01..2026-02-01');
  assert.equal(read('z26'), '2026-12-01..2027-01-01');
  assert.equal(read('Jan26'), '2026-01-01..2026-02-01');
  assert.equal(read('Jan2026'), '2026-01-01..2026-02-01');
  assert.equal(read('2026-W04'), '2026-01-19..2026-01-26');
  assert.equal(read('2026-W01'), '2025-12-29..2026-01-05');
  assert.equal(read('2026-W53'), '2026-12-28..2027-01-04');
  assert.deepEqual(
    [...'FGHJKMNQUVXZ'].map((code) => read(`${code}27`).slice(5, 7)),
    ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'],
  );
});

test('quarters, years and gas years', () => {
  for (const text of ['Q1-2027', 'q1-27', 'Q1 2027', 'Q1,27', ' Q1-2027 '])
    assert.equal(read(text), '2027-01-01..2027-04-01', text);
  assert.equal(read('Q4-2026'), '2026-10-01..2027-01-01');
  for (const text of ['CAL-2027', 'Cal27', 'CAL 2027', 'cal2027'])
    assert.equal(read(text), '2027-01-01..2028-01-01', text);
  assert.equal(read('GY-2026'), '2026-10-01..2027-10-01');
});

test('seasons are those of the market, and the year is that of their first month', () => {
  assert.equal(read('SUM-2026'), '2026-04-01..2026-11-01');
  assert.equal(read('WIN-2026'), '2026-11-01..2027-04-01');
  assert.equal(read('SUM-2026', undefined, EUROPEAN_SEASONS), '2026-04-01..2026-10-01');
  assert.equal(read('WIN-26', undefined, EUROPEAN_SEASONS), '2026-10-01..2027-04-01');
});

test('strips take in their last month, day or week', () => {
  assert.equal(read('2026-01..2026-05'), '2026-01-01..2026-06-01');
  assert.equal(read('2026-01-15..2026-01-31'), '2026-01-15..2026-02-01');
  assert.equal(read('2026-W04..2026-W05'), '2026-01-19..2026-02-02');
  assert.equal(read('jan26-feb26'), '2026-01-01..2026-03-01');
  assert.equal(read('F26-H26'), '2026-01-01..2026-04-01');
  assert.equal(read('1jan26-3feb26'), '2026-01-01..2026-02-04');
  assert.equal(read('2026-01..2026-01'), '2026-01-01..2026-02-01');
});

test('relative names go by the day, and nothing left is no delivery', () => {
  assert.equal(read('DA'), '~2026-01-15..2026-01-16');
  assert.equal(read('spot', '2026-01-31'), '~2026-02-01..2026-02-02');
  assert.equal(read('BALMO'), '~2026-01-15..2026-02-01');
  assert.equal(read('BALMO', '2026-01-30'), '~2026-01-31..2026-02-01');
  assert.equal(read('BALMO', '2026-01-31'), 'none');
  assert.equal(read('BALWEEK'), '~2026-01-15..2026-01-19');
  assert.equal(read('BALWEEK', '2026-01-17'), '~2026-01-18..2026-01-19');
  assert.equal(read('BALWEEK', '2026-01-18'), 'none', 'a Sunday');
  assert.equal(read('M+1'), '~2026-02-01..2026-03-01');
  assert.equal(read('M+12'), '~2027-01-01..2027-02-01');
});

test('refused, never guessed', () => {
  const texts = [
    ['', ' ', 'x', 'Jan201', 'Jan 26', 'Jen26', 'Z217', 'Z 17', 'Z2026', 'A26', 'I26', '26F', 'F-26'],
    ['Q1 201', 'Q0-2026', 'Q5-2026', 'Q12026', 'Q1', 'Q1--2026', 'Q1/2026', '2026Q1'],
    ['CAL', 'CAL-201', 'CAL-20277', 'CALENDAR-2027', 'SUM-202', 'SPR-2026', 'GY-'],
    [
      '2026-13',
      '2026-00',
      '2026-1',
      '202601',
      '2026-0703',
      '2026',
      '2026-02-30',
      '2026-1-5',
      '2026-W54',
      '2025-W53',
    ],
    [
      '2026-W4',
      '2026-W00',
      '2026W04',
      '1600-01',
      '2300-01',
      '2254-12..2255-01',
      'CAL-1600',
      '0000-W01',
      'WIN-2254',
      'GY-2254',
    ],
    [
      'jan23-dec22',
      '2026-05..2026-01',
      '2026-01..',
      '..2026-01',
      '2026-01..2026-02..2026-03',
      '2026-01..F26',
    ],
    [
      '2026-01-15..2026-02',
      '2026-01-2026-05',
      'Q1-2026..Q2-2026',
      'BALMO..2026-05',
      '31feb26',
      '0jan26',
      '32jan26',
    ],
    ['BALMO+1', 'M+0', 'M+', 'M-1', 'M+1000', 'DA+1', 'M1', 'DAY', 'SPOT ON'],
  ].flat();
  for (const text of texts) assert.equal(read(text), 'none', text);
});

test('whatever is read is a whole number of days, not empty, and reads the same again', () => {
  const pieces = [
    'Q',
    'CAL',
    'SUM',
    'M+',
    'F',
    'Jan',
    '-',
    '..',
    '2026',
    '26',
    '01',
    'W',
    '1',
    ' ',
    'BALMO',
    'DA',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 6 }), (parts) => {
      const text = parts.join('');
      const found = parseTenor(text, day('2026-01-14'), US_GAS_SEASONS);
      if (found === null) return;
      assert.ok(
        Number.isInteger(found.start) && Number.isInteger(found.end) && found.start < found.end,
        text,
      );
      assert.deepEqual(parseTenor(text.toLowerCase(), day('2026-01-14'), US_GAS_SEASONS), found);
      const later = parseTenor(text, day('2026-08-20'), US_GAS_SEASONS);
      assert.equal(found.isRelative, later?.start !== found.start, text);
    }),
    { numRuns: 2000 },
  );
});
