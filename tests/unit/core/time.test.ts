import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseBarInterval, windowEnd, windowStart } from '../../../core/math/bar-interval.ts';
import { parseDuration } from '../../../core/time/duration.ts';
import {
  DAY,
  formatInstant,
  HOUR,
  instantFromCivil,
  MINUTE,
  parseInstant,
} from '../../../core/time/instant.ts';
import { contains, parseWindow } from '../../../core/time/interval.ts';
import { MARKET_ZONES, marketDayBounds, marketDayOf, marketZone } from '../../../core/time/market-day.ts';
import { offsetAt, resolveWall } from '../../../core/time/zone.ts';

const instant = fc.integer({ min: instantFromCivil(1970, 1, 1), max: instantFromCivil(2200, 1, 1) });

test('property: instants print and read back, and agree with Temporal', () => {
  fc.assert(
    fc.property(instant, (at) => {
      assert.equal(parseInstant(formatInstant(at)), at);
      const exact = Temporal.Instant.fromEpochNanoseconds(BigInt(at) * 1000n);
      assert.equal(Temporal.Instant.compare(Temporal.Instant.from(formatInstant(at)), exact), 0);
    }),
  );
});

test('instants read offsets, dates and fractions, and refuse what is no time', () => {
  assert.equal(parseInstant('2025-03-09T00:00:00-05:00'), instantFromCivil(2025, 3, 9, 5));
  assert.equal(parseInstant('2025-03-09'), instantFromCivil(2025, 3, 9));
  assert.equal(parseInstant('2025-03-09T00:00:00.1234567Z'), instantFromCivil(2025, 3, 9) + 123_456);
  for (const text of ['2025-02-29', '2025-13-01', '2025-01-01T24:00:00Z', 'yesterday', '03/09/2025', ''])
    assert.equal(parseInstant(text), null, text);
});

test('windows: a date-only end is inclusive, a timestamp end exclusive', () => {
  const week = parseWindow('2025-09-01', '2025-09-07');
  assert.equal((week.end - week.start) / DAY, 7);
  const day = parseWindow('2025-09-01T00:00:00Z', '2025-09-02T00:00:00Z');
  assert.equal((day.end - day.start) / DAY, 1);
  assert.ok(contains(day, day.start) && !contains(day, day.end));
  assert.throws(() => parseWindow('2025-09-07', '2025-09-01T00:00:00Z'), { code: 'USAGE_INVALID' });
  assert.throws(() => parseWindow('soon', '2025-09-01'), { code: 'USAGE_INVALID' });
});

test('market days have 23, 24 or 25 hours, as their zone has it', () => {
  const hours = (zone: string, day: number): number => {
    const { start, end } = marketDayBounds(zone, day / DAY);
    return (end - start) / HOUR;
  };
  const spring = instantFromCivil(2025, 3, 9);
  const autumn = instantFromCivil(2025, 11, 2);
  for (const market of ['NYISO', 'PJM', 'ISONE', 'ERCOT', 'SPP', 'CAISO']) {
    assert.equal(hours(marketZone(market), spring), 23, market);
    assert.equal(hours(marketZone(market), autumn), 25, market);
  }
  for (const market of ['MISO', 'IESO']) {
    assert.equal(hours(marketZone(market), spring), 24, market);
    assert.equal(hours(marketZone(market), autumn), 24, market);
  }
  assert.equal(
    formatInstant(marketDayBounds('America/New_York', autumn / DAY).start),
    '2025-11-02T04:00:00Z',
  );
});

test('property: every instant lies in exactly its market day, and days tile the line', () => {
  fc.assert(
    fc.property(instant, fc.constantFrom(...Object.values(MARKET_ZONES)), (at, zone) => {
      const day = marketDayOf(zone, at);
      const bounds = marketDayBounds(zone, day);
      assert.ok(contains(bounds, at));
      assert.equal(bounds.end, marketDayBounds(zone, day + 1).start);
    }),
  );
});

test('property: a wall time resolves to the instants that Temporal gives it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1990, max: 2040 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 28 }),
      fc.integer({ min: 0, max: 23 }),
      fc.constantFrom(0, 5, 30, 59),
      fc.constantFrom(
        'America/New_York',
        'America/Chicago',
        'America/Los_Angeles',
        'Europe/Berlin',
        '-05:00',
      ),
      (year, month, day, hour, minute, zone) => {
        const wall = { year, month, day, hour, minute, second: 0 };
        const found = resolveWall(zone, wall);
        const plain = Temporal.PlainDateTime.from(wall);
        const pick = (disambiguation: 'earlier' | 'later'): number =>
          plain.toZonedDateTime(zone, { disambiguation }).epochMilliseconds * 1000;
        const [first, second] = [pick('earlier'), pick('later')];
        const exists = Temporal.Instant.fromEpochMilliseconds(first / 1000)
          .toZonedDateTimeISO(zone)
          .toPlainDateTime()
          .equals(plain);
        if (!exists) assert.equal(found.kind, 'skipped');
        else if (first === second) assert.deepEqual(found, { kind: 'unique', at: first });
        else assert.deepEqual(found, { kind: 'repeated', first, second });
      },
    ),
    {
      numRuns: 2000,
      examples: [
        [2025, 3, 9, 2, 30, 'America/New_York'],
        [2025, 11, 2, 1, 30, 'America/New_York'],
        [2025, 11, 2, 1, 0, 'America/Los_Angeles'],
        [2025, 11, 2, 2, 0, 'America/New_York'],
      ],
    },
  );
});

test('offsets agree with Temporal around every transition of a year', () => {
  for (const zone of ['America/New_York', 'America/Chicago', 'America/Los_Angeles'])
    for (
      let at = instantFromCivil(2025, 1, 1);
      at < instantFromCivil(2026, 1, 1);
      at += 6 * HOUR + 7 * MINUTE
    ) {
      const zoned = Temporal.Instant.fromEpochMilliseconds(at / 1000).toZonedDateTimeISO(zone);
      assert.equal(offsetAt(zone, at), zoned.offsetNanoseconds / 1000);
    }
});

test('bar intervals: whole divisors of a day, and the day', () => {
  for (const name of ['1m', '5m', '15m', '1h', '4h', '1d'])
    assert.notEqual(parseBarInterval(name), null, name);
  for (const name of ['7m', '25h', '2d', '0m', '1w', '', '60', '24h'])
    assert.equal(parseBarInterval(name), null, name);
  assert.equal(parseDuration('15m'), 15 * MINUTE);
  assert.equal(parseDuration('15 minutes'), null);
});

test('property: a window holds its instant and windows of an interval tile the line', () => {
  fc.assert(
    fc.property(
      instant,
      fc.constantFrom('1m', '5m', '1h', '1d'),
      fc.constantFrom('America/New_York', '-05:00'),
      (at, name, zone) => {
        const interval = parseBarInterval(name);
        assert.ok(interval !== null);
        const start = windowStart(interval, zone, at);
        const end = windowEnd(interval, zone, start);
        assert.ok(start <= at && at < end);
        assert.equal(windowStart(interval, zone, end), end);
        assert.equal(windowStart(interval, zone, end - 1), start);
      },
    ),
  );
});
