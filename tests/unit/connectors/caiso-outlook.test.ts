/** The seven-day outlook: Pacific instants without offset, over both changes of the clock. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlook } from '../../../connectors/caiso/outlook.ts';
import { type Refined, refine } from '../../../connectors/kit/refine.ts';
import { formatInstant, parseInstant } from '../../../core/time/instant.ts';

const HEADER = 'Time,Demand,Net Demand,Day-ahead demand forecast,Resource adequacy credits';
const TRANSFORMS = ['sanitize_numeric', 'standardize_timezone'];

function read(...lines: readonly string[]): Refined {
  const bytes = new TextEncoder().encode(`${[HEADER, ...lines].join('\n')}\n`);
  assert.equal(outlook.recognise({ name: '', text: new TextDecoder().decode(bytes), whole: true }), 2);
  return refine('CAISO', outlook, { name: '', bytes }, TRANSFORMS);
}

const instants = ({ rows }: Refined): string[] => rows.map((row) => formatInstant(row.intervalStart));

test('a reading is an instant with the figures that its column names; what is blank is no value', () => {
  const { rows, drift } = read('03/11/2026 00:00,21481,16265,22556,968', '03/12/2026 00:05,,,22251,968');
  assert.deepEqual(drift, []);
  assert.deepEqual(
    rows.map((row) => [
      row.location,
      row.intervalStart === row.intervalEnd,
      formatInstant(row.intervalStart),
    ]),
    [
      ['CAISO', true, '2026-03-11T07:00:00Z'],
      ['CAISO', true, '2026-03-12T07:05:00Z'],
    ],
  );
  assert.deepEqual(
    rows[1]?.values.map(({ field, value }) => `${field} ${value}`),
    ['load null', 'net_load null', 'load_forecast 22251', 'resource_adequacy_credits 968'],
  );
});

test('autumn: the repeated hour by its order; spring: the empty hour is passed over, a filled one is refused', () => {
  const autumn = read(
    ...['00:55', '01:00', '01:55', '01:00', '01:55', '02:00'].map((at) => `11/01/2026 ${at},1,1,1,1`),
  );
  assert.deepEqual(instants(autumn), [
    '2026-11-01T07:55:00Z',
    '2026-11-01T08:00:00Z',
    '2026-11-01T08:55:00Z',
    '2026-11-01T09:00:00Z',
    '2026-11-01T09:55:00Z',
    '2026-11-01T10:00:00Z',
  ]);
  const spring = read('03/08/2026 01:55,1,1,1,1', '03/08/2026 02:00,,,,', '03/08/2026 03:00,1,1,1,1');
  assert.deepEqual(instants(spring), ['2026-03-08T09:55:00Z', '2026-03-08T10:00:00Z']);
  assert.deepEqual(spring.rejected, []);
  assert.equal(read('03/08/2026 02:00,1,1,1,1').rejected[0]?.code, 'TIME_NONEXISTENT');
});

test('lines out of order are damage', () => {
  const { damage } = read('03/11/2026 00:05,1,1,1,1', '03/11/2026 00:00,1,1,1,1');
  assert.equal(damage?.code, 'SOURCE_MALFORMED');
});

test('plan: the current file for today, the history of days before, nothing for days to come', () => {
  const at = (text: string): number => parseInstant(text) ?? Number.NaN;
  const requests = outlook.plan(
    { start: at('2026-03-07T08:00:00Z'), end: at('2026-03-12T07:00:00Z') },
    { now: at('2026-03-08T20:00:00Z') },
  );
  assert.deepEqual(
    requests.map(({ url }) => url),
    [
      'https://www.caiso.com/outlook/history/20260307/rtm_forecast_7day.csv',
      'https://www.caiso.com/outlook/current/rtm_forecast_7day.csv',
    ],
  );
});
