import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayAheadLmp } from '../../../connectors/caiso/prices.ts';
import type { Dataset, SourceRow } from '../../../connectors/kit/contract.ts';
import { sourceRow } from '../../../connectors/kit/source-row.ts';
import { standardizeTimezone } from '../../../connectors/kit/transforms/standardize-timezone.ts';
import { formatInstant, HOUR, MINUTE } from '../../../core/time/instant.ts';

const DATASET: Dataset = {
  ...dayAheadLmp,
  time: { ...dayAheadLmp.time, length: HOUR, otherLengths: [15 * MINUTE] },
};

const row = (start: string, end: string): SourceRow =>
  sourceRow(7, 'A', '2026-03-08 4', [], { bounds: { start, end } });

const resolve = (from: SourceRow) => standardizeTimezone([from], DATASET);

for (const [start, end] of [
  ['2026-03-08T10:00:00-00:00', '2026-03-08T11:00:00-00:00'],
  ['2026-03-08T10:00:00Z', '2026-03-08T11:00:00+00:00'],
  ['2026-12-31T23:00:00-00:00', '2027-01-01T00:00:00-00:00'],
  ['2026-03-08T10:15:00-00:00', '2026-03-08T10:30:00-00:00'],
] as const)
  test(`${start} to ${end} is taken as printed`, () => {
    const { rows, rejected } = resolve(row(start, end));
    assert.deepEqual(rejected, []);
    assert.equal(formatInstant(rows[0]?.intervalStart ?? 0), `${start.slice(0, 19)}Z`);
    assert.equal(formatInstant(rows[0]?.intervalEnd ?? 0), `${end.slice(0, 19)}Z`);
    assert.equal(rows[0]?.timeRule, 'gmt-begin-and-end');
  });

for (const [what, start, end, message] of [
  ['another length', '2026-03-08T10:00:00-00:00', '2026-03-08T10:05:00-00:00', /5 minutes long/],
  ['an end before its start', '2026-03-08T10:00:00-00:00', '2026-03-08T09:00:00-00:00', /-60 minutes/],
  ['off the grid', '2026-03-08T10:05:00-00:00', '2026-03-08T10:20:00-00:00', /off the grid/],
  ['a local offset', '2026-03-08T10:00:00-08:00', '2026-03-08T11:00:00-08:00', /not in the layout/],
  ['no calendar day', '2026-02-30T10:00:00-00:00', '2026-02-30T11:00:00-00:00', /not in the layout/],
  ['a blank end', '2026-03-08T10:00:00-00:00', '', /not in the layout/],
] as const)
  test(`${what} is rejected with the words of the row`, () => {
    const { rows, rejected } = resolve(row(start, end));
    assert.deepEqual(rows, []);
    assert.equal(rejected[0]?.code, 'TIME_UNPARSEABLE');
    assert.equal(rejected[0]?.row, 7);
    assert.match(rejected[0]?.message ?? '', message);
    assert.match(rejected[0]?.message ?? '', /2026-03-08 4/);
  });

test('a row without bounds is rejected, not read from its words', () => {
  const { rejected } = resolve(sourceRow(1, 'A', '2026-03-08 4', []));
  assert.match(rejected[0]?.message ?? '', /no begin and end/);
});
