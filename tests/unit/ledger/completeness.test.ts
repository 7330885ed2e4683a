import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedIntervals, mergedGaps, slotsOf } from '../../../connectors/kit/completeness.ts';
import { type Dataset, sparse } from '../../../connectors/kit/contract.ts';
import { dayAheadLmp } from '../../../connectors/nyiso/day-ahead-lmp.ts';
import { load } from '../../../connectors/nyiso/load.ts';
import { realTimeLmp } from '../../../connectors/nyiso/real-time-lmp.ts';
import type { LandedInterval } from '../../../core/ports/interval-ledger.ts';
import { daysFromCivil, formatInstant, HOUR, MINUTE, parseInstant } from '../../../core/time/instant.ts';
import { marketDayBounds, marketZone } from '../../../core/time/market-day.ts';

const at = (text: string): number => parseInstant(text) as number;
const settings = { now: at('2025-11-20T00:00:00Z'), grace: HOUR };
const SPRING = daysFromCivil(2025, 3, 9);
const AUTUMN = daysFromCivil(2025, 11, 2);

const landed = (start: string, end: string, revisions = 0): LandedInterval => ({
  interval: { start: at(start), end: at(end) },
  places: 'p',
  digest: 'd',
  values: 1,
  firstKnownAt: 0,
  lastKnownAt: 0,
  revisions,
  sha256: '',
});

test('a day has the intervals of its market clock: 23, 24, 25 hours, and twelve times as many of five minutes', () => {
  const count = (dataset: Dataset, day: number): number =>
    expectedIntervals(dataset, 'NYISO', day, settings).length;
  assert.deepEqual(
    [SPRING, SPRING + 1, AUTUMN].map((day) => count(dayAheadLmp, day)),
    [23, 24, 25],
  );
  assert.deepEqual(
    [SPRING, SPRING + 1, AUTUMN].map((day) => count(realTimeLmp, day)),
    [276, 288, 300],
  );
  assert.equal(
    count(sparse(dayAheadLmp), SPRING),
    0,
    'nothing is missed of what is only told when it happens',
  );
  assert.equal(count(load, SPRING), 92, 'a quarter of an hour for readings that come every five minutes');
  // 05:00Z is midnight of the spring day, EST; 04:00Z the next, EDT.
  const hours = expectedIntervals(dayAheadLmp, 'NYISO', SPRING, settings);
  assert.equal(formatInstant(hours[0]?.interval.start ?? 0), '2025-03-09T05:00:00Z');
  assert.equal(formatInstant(hours.at(-1)?.interval.end ?? 0), '2025-03-10T04:00:00Z');
});

test('every market day from 2018 to 2027 has whole hours without gap or overlap', () => {
  const dataset: Dataset = { ...dayAheadLmp, plan: () => [] };
  for (const market of ['NYISO', 'MISO', 'CAISO', 'ERCOT', 'PJM', 'SPP', 'ISONE', 'IESO']) {
    let end = marketDayBounds(marketZone(market), daysFromCivil(2018, 1, 1)).start;
    const odd: number[] = [];
    for (let day = daysFromCivil(2018, 1, 1); day < daysFromCivil(2028, 1, 1); day++) {
      const slots = expectedIntervals(dataset, market, day, settings);
      assert.equal(slots[0]?.interval.start, end, `${market} ${day}`);
      end = slots.at(-1)?.interval.end ?? 0;
      if (slots.length !== 24) odd.push(slots.length);
    }
    // Ten years, two changes each; MISO and IESO keep one time.
    const expected = market === 'MISO' || market === 'IESO' ? 0 : 20;
    assert.equal(odd.length, expected, market);
    assert.ok(odd.every((n) => n === 23 || n === 25));
  }
});

test('what is published ahead is due then, anything else after its end; the grace comes on top', () => {
  const day = daysFromCivil(2025, 7, 16);
  const due = (dataset: Dataset, i: number): string =>
    formatInstant(
      expectedIntervals(dataset, 'NYISO', day, { ...settings, now: at('2025-07-17T00:00:00Z') }).at(i)
        ?.dueAt ?? 0,
    );
  // Day-ahead: 13 hours before midnight Eastern (04:00Z), so 15:00Z the day before, and one hour of grace.
  assert.equal(due(dayAheadLmp, 0), '2025-07-15T16:00:00Z');
  assert.equal(due(dayAheadLmp, -1), '2025-07-15T16:00:00Z');
  const plain: Dataset = { ...realTimeLmp, plan: () => [] };
  assert.equal(due(plain, 0), '2025-07-16T05:05:00Z', 'end of the first five minutes and one hour');
  assert.equal(due(plain, -1), '2025-07-17T05:00:00Z');
});

test('daily figures count by their own day, weekends are left out where nothing is published', () => {
  const time = { ...dayAheadLmp.time, zone: 'America/Chicago', length: 24 * HOUR };
  const daily: Dataset = { ...dayAheadLmp, time: { ...time, publishes: 'weekdays' }, plan: () => [] };
  const friday = daysFromCivil(2025, 11, 14);
  const counts = [0, 1, 2, 3].map((n) => expectedIntervals(daily, 'EIA', friday + n, settings).length);
  assert.deepEqual(counts, [1, 0, 0, 1]);
  const [slot] = expectedIntervals(daily, 'EIA', friday, settings);
  assert.equal(formatInstant(slot?.interval.start ?? 0), '2025-11-14T06:00:00Z', 'midnight in Chicago');
  const none: Dataset = { ...daily, time: { ...time, length: 7 * 24 * HOUR } };
  assert.equal(expectedIntervals(none, 'EIA', friday, settings).length, 0, 'a week is not a day');
});

test('a slot is landed when nothing of it is left out, revised when it was said otherwise later', () => {
  const expected = [0, 1, 2, 3].map((n) => ({
    interval: { start: at('2025-07-16T04:00:00Z') + n * HOUR, end: at('2025-07-16T05:00:00Z') + n * HOUR },
    dueAt: at('2025-07-16T06:00:00Z') + n * HOUR,
  }));
  const rows = [
    landed('2025-07-16T04:00:00Z', '2025-07-16T04:30:00Z'),
    landed('2025-07-16T04:30:00Z', '2025-07-16T05:00:00Z', 1),
    landed('2025-07-16T05:00:00Z', '2025-07-16T05:15:00Z'),
    landed('2025-07-16T05:30:00Z', '2025-07-16T06:00:00Z'),
    landed('2025-07-16T06:40:00Z', '2025-07-16T06:40:00Z'),
  ];
  const states = slotsOf(expected, rows, at('2025-07-16T07:00:00Z')).map(({ state }) => state);
  assert.deepEqual(states, ['revised', 'missing', 'landed', 'awaited']);
  const later = slotsOf(expected, rows, at('2025-07-16T09:00:00Z')).map(({ state }) => state);
  assert.deepEqual(later, ['revised', 'missing', 'landed', 'missing'], 'the due time itself counts as past');
});

test('gaps that follow each other are one', () => {
  const slot = (minute: number) => ({
    interval: { start: minute * MINUTE, end: (minute + 5) * MINUTE },
    dueAt: 100 - minute,
  });
  assert.deepEqual(mergedGaps([slot(0), slot(5), slot(20)]), [
    { interval: { start: 0, end: 10 * MINUTE }, dueAt: 95, intervals: 2 },
    { interval: { start: 20 * MINUTE, end: 25 * MINUTE }, dueAt: 80, intervals: 1 },
  ]);
});
