import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { formatInstant } from '../../../core/time/instant.ts';
import { readOf, refusalOf } from '../../support/read-body.ts';

const SAMPLE = resolve(import.meta.dirname, '../../../samples/miso_mom.xlsx.SOUTH.csv');
/** By hand from the sample: each line and its figures of two peaks. */
const FIGURES: readonly (readonly [field: string, first: string, second: string | null])[] = [
  ['capacity_committed', '1001', '1002.5'],
  ['emergency_headroom_committed', '11', '12'],
  ['capacity_uncommitted', '2001', '2002'],
  ['capacity_uncommitted_16h', '501', '502'],
  ['capacity_uncommitted_0h', '601', null],
  ['emergency_headroom_uncommitted', '21', '22'],
  ['emergency_headroom', '31', '32'],
  ['interchange_scheduled', '-700', '701'],
  ['load_forecast', '9001', '9002'],
  ['capacity_above_load', '-41', '42'],
  ['transfer_limit', '2500', '2500'],
  ['operating_margin', '801', '-802'],
];

test('the margin of a region: peaks on both sides of the spring night, lines by their words', async () => {
  const body = await readFile(SAMPLE, 'utf8');
  for (const name of ['20260307_mom.xlsx.SOUTH.csv', 'payload.South.csv', 'payload.NORTH+CENTRAL.csv']) {
    const refined = readOf('miso', body, name);
    assert.deepEqual([refined.dataset, refined.damage, refined.rejected], ['operating_margin', null, []]);
    const region = name.includes('CENTRAL') ? 'North and Central' : 'South';
    assert.deepEqual(
      refined.rows.map(({ location, intervalStart, intervalEnd, values }) => [
        location,
        formatInstant(intervalStart),
        formatInstant(intervalEnd),
        ...values.map(({ field, value, unit }) => `${field} ${value} ${unit}`),
      ]),
      FIGURES.flatMap(([field, first, second]) => [
        [region, '2026-03-07T23:00:00Z', '2026-03-08T00:00:00Z', `${field} ${first} MW`],
        [region, '2026-03-09T04:00:00Z', '2026-03-09T05:00:00Z', `${field} ${second} MW`],
      ]),
      name,
    );
  }
});

test('a sheet that is not named after a region is not guessed', async () => {
  const body = await readFile(SAMPLE, 'utf8');
  assert.equal(refusalOf('miso', body, 'payload.csv').code, 'SOURCE_UNRECOGNISED');
  assert.equal(refusalOf('miso', body, 'payload.csv', 'operating_margin').code, 'SOURCE_COLUMN_MISSING');
});

test('a note below a sheet is no cut line, with or without its line end; a row that breaks off is one', () => {
  const lines = [
    'Scheduled Interchange',
    'Market Date: 11/02/2025',
    'Hour,MHEB,PJM,Total',
    '1,-3,4,1',
    '24,5,6,11',
  ];
  const note = 'Figures may be revised';
  for (const body of [lines, [...lines, note]].map((each) => each.join('\n'))) {
    const refined = readOf('miso', body);
    assert.deepEqual([refined.dataset, refined.damage, refined.rejected], ['interchange_hourly', null, []]);
    assert.deepEqual(
      refined.rows.map(({ values }) => values[0]?.value),
      ['-3', '4', '1', '5', '6', '11'],
    );
  }
  assert.match(
    refusalOf('miso', lines.join('\n').slice(0, -3)).message,
    /line 5: the last line is cut short/,
  );
});
