import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caiso } from '../../../connectors/caiso/index.ts';
import { formatInstant, parseInstant } from '../../../core/time/instant.ts';
import { NORMAL, outlookTable, renewablesWatch, SPRING } from '../../../scripts/samples/caiso-page-bodies.ts';
import { failureOf, readBody } from '../../support/read-body.ts';

const CAISO = { market: 'caiso' };
const starts = (body: string, name: string): string[] => [
  ...new Set(readBody(body, CAISO, name).rows.map((row) => formatInstant(row.intervalStart))),
];

test('a table of clocks takes its day from its name: the skipped hour is passed over, a last midnight is tomorrow', () => {
  const body = outlookTable(['Solar', 'Natural gas', 'Imports']);
  assert.deepEqual(starts(body, '20250309_fuelsource.csv'), [
    '2025-03-09T09:55:00Z',
    '2025-03-09T10:00:00Z',
    '2025-03-10T06:55:00Z',
    '2025-03-10T07:00:00Z',
  ]);
  assert.deepEqual(starts(body, 'fuelsource-2025-07-09.csv').slice(0, 2), [
    '2025-07-09T08:55:00Z',
    '2025-07-09T10:00:00Z',
  ]);
  const error = failureOf(body, CAISO, 'fuelsource.csv');
  assert.deepEqual([error.code, error.position.field], ['SOURCE_COLUMN_MISSING', 'date']);
});

test('tables are told by their columns', () => {
  const of = (columns: readonly string[]): string =>
    readBody(outlookTable(columns), CAISO, '20250309.csv').dataset;
  assert.equal(of(['Solar', 'Imports']), 'fuel_mix');
  assert.equal(of(['Day ahead forecast', 'Current demand']), 'load_outlook');
  assert.equal(of(['Total batteries']), 'storage');
});

test('an hour that comes once on the autumn day is ambiguous, never guessed', () => {
  const body = 'Time,Current demand\n00:55,1\n01:00,2\n01:55,3\n02:00,4\n';
  const read = readBody(body, CAISO, '20251102_demand.csv');
  assert.deepEqual(
    read.rejected.map(({ code }) => code),
    ['TIME_AMBIGUOUS', 'TIME_AMBIGUOUS'],
  );
});

test('the watch: a figure that is missing is damage, one in the skipped hour is refused', () => {
  const normal = renewablesWatch(NORMAL).payload as string;
  const short = failureOf(normal.replace(/(\t5\t\t\d+)\t\t\d+/, '$1'), CAISO);
  assert.deepEqual([short.code, short.position.line], ['SOURCE_MALFORMED', 7]);
  const spring = (renewablesWatch(SPRING).payload as string).replace('#VALUE!', '4000');
  assert.deepEqual(
    readBody(spring, CAISO).rejected.map(({ code }) => code),
    ['TIME_NONEXISTENT', 'TIME_NONEXISTENT', 'TIME_NONEXISTENT', 'TIME_NONEXISTENT'],
  );
  assert.equal(
    failureOf('\t\tHourly Breakdown of Renewable Resources (MW)\t\n\tHour\t\tWIND\n\t1\t\t5\n', CAISO).code,
    'SOURCE_COLUMN_MISSING',
  );
});

test('the second hour of autumn, where a file calls it 25', () => {
  const body =
    '11/05/17\t\tHourly Breakdown of Renewable Resources (MW)\n\tHour\tWIND\n\t2\t1\n\t25\t2\n\t3\t3\n';
  assert.deepEqual(starts(body, ''), [
    '2017-11-05T08:00:00Z',
    '2017-11-05T09:00:00Z',
    '2017-11-05T10:00:00Z',
  ]);
});

test('a plan of pages: today from its folder, days before from theirs', () => {
  const at = (text: string): number => parseInstant(text) as number;
  const plan = caiso.datasets.find(({ name }) => name === 'load_outlook')?.plan;
  const window = { start: at('2025-03-08T08:00:00Z'), end: at('2025-03-10T07:00:00Z') };
  assert.deepEqual(
    plan?.(window, { now: at('2025-03-09T20:00:00Z') }).map(({ url }) =>
      url.slice('https://www.caiso.com'.length),
    ),
    [
      '/outlook/history/20250308/demand.csv',
      '/outlook/history/20250308/netdemand.csv',
      '/outlook/current/demand.csv',
      '/outlook/current/netdemand.csv',
    ],
  );
});
