/**
 * Ten years of market days, every one of them: its hours and five minutes are as many as the calendar says, they fill the
 * day, and what a market prints for an instant comes back as that instant. The calendar is computed here from the law
 * (Energy Policy Act of 2005: the clocks move at 2:00 on the second Sunday of March and the first of November; in Great
 * Britain, by the Summer Time Order 2002, on the last Sundays of March and October), not asked of the time library under
 * test.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONNECTORS } from '../../../connectors/catalog.ts';
import type { Dataset, SourceRow } from '../../../connectors/kit/contract.ts';
import { sourceRow } from '../../../connectors/kit/source-row.ts';
import type { TimeConvention } from '../../../connectors/kit/time/convention.ts';
import { formatStamp, wallFields } from '../../../connectors/kit/time/stamp.ts';
import { standardizeTimezone } from '../../../connectors/kit/transforms/standardize-timezone.ts';
import { MARKET_ZONES, marketDayBounds, marketDayOf } from '../../../core/time/market-day.ts';
import { offsetAt, resolveWall } from '../../../core/time/zone.ts';

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const dayNumber = (year: number, month: number, day: number): number =>
  Date.UTC(year, month - 1, day) / 86_400_000;
const FIRST = dayNumber(2018, 1, 1);
const LAST = dayNumber(2027, 12, 31);

/** Whose summer time is kept, if any. */
type Summer = false | 'america' | 'europe';

/** Hours from UTC in winter, and whose summer time is kept: what the operators' manuals say. */
const CLOCKS: Readonly<Record<string, readonly [winter: number, summer: Summer]>> = {
  AEMO: [10, false],
  CAISO: [-8, 'america'],
  ERCOT: [-6, 'america'],
  EIA: [0, false],
  ELEXON: [0, 'europe'],
  IESO: [-5, false],
  ISONE: [-5, 'america'],
  MISO: [-5, false],
  NYISO: [-5, 'america'],
  PJM: [-5, 'america'],
  SPP: [-6, 'america'],
};

/** The `n`-th Sunday of a month, as days since the epoch. */
function sunday(n: number, year: number, month: number): number {
  const first = dayNumber(year, month, 1);
  // Day 0 of the epoch was a Thursday.
  return first + ((7 - ((first + 4) % 7)) % 7) + 7 * (n - 1);
}

const yearOf = (day: number): number => new Date(day * 86_400_000).getUTCFullYear();
/** The last Sunday of a month of 31 days. */
const lastSunday = (year: number, month: number): number => {
  const fifth = sunday(5, year, month);
  return fifth <= dayNumber(year, month, 31) ? fifth : fifth - 7;
};
const springDay = (day: number, summer: Summer = 'america'): boolean =>
  day === (summer === 'europe' ? lastSunday(yearOf(day), 3) : sunday(2, yearOf(day), 3));
const autumnDay = (day: number, summer: Summer = 'america'): boolean =>
  day === (summer === 'europe' ? lastSunday(yearOf(day), 10) : sunday(1, yearOf(day), 11));

function hoursOf(day: number, summer: Summer): number {
  if (summer !== false && springDay(day, summer)) return 23;
  return summer !== false && autumnDay(day, summer) ? 25 : 24;
}

/** UTC micros at which a civil day begins. */
function midnight(day: number, winter: number, summer: Summer): number {
  const year = yearOf(day);
  const [from, to] =
    summer === 'europe'
      ? [lastSunday(year, 3), lastSunday(year, 10)]
      : [sunday(2, year, 3), sunday(1, year, 11)];
  const inSummer = summer !== false && day > from && day <= to;
  return day * DAY - (winter + (inSummer ? 1 : 0)) * HOUR;
}

test('the table of clocks names every market that has a zone', () => {
  assert.deepEqual(Object.keys(CLOCKS).sort(), Object.keys(MARKET_ZONES).sort());
});

/** Markets by the zone of their day. */
const ZONES = Map.groupBy(Object.keys(CLOCKS), (market) => MARKET_ZONES[market] as string);

for (const [zone, markets] of ZONES)
  test(`${markets.join(', ')}: every day of 2018 to 2027 has the hours and five minutes of its calendar`, () => {
    const clocks = new Set(markets.map((market) => String(CLOCKS[market])));
    assert.equal(clocks.size, 1, 'markets of one zone keep one clock');
    const [winter, summer] = CLOCKS[markets[0] as string] as readonly [number, Summer];
    let [short, long] = [0, 0];
    for (let day = FIRST; day <= LAST; day++) {
      const hours = hoursOf(day, summer);
      const begin = midnight(day, winter, summer);
      assert.deepEqual(marketDayBounds(zone, day), { start: begin, end: begin + hours * HOUR });
      if (hours === 23) short++;
      if (hours === 25) long++;
      assert.equal(marketDayBounds(zone, day).end, marketDayBounds(zone, day + 1).start);
      assert.equal(fiveMinutesOf(zone, day), 12 * hours);
    }
    assert.deepEqual([short, long], summer ? [10, 10] : [0, 0]);
  });

/** Counts the five minutes of a day, each of which must come back from its reading of the clock. */
function fiveMinutesOf(zone: string, day: number): number {
  const { start, end } = marketDayBounds(zone, day);
  const seen = new Set<number>();
  let count = 0;
  for (let at = start; at < end; at += 5 * MINUTE, count++) {
    const wall = at + offsetAt(zone, at);
    const found = resolveWall(zone, wallFields(wall));
    const second = seen.has(wall);
    seen.add(wall);
    let back = Number.NaN;
    if (found.kind === 'unique') back = found.at;
    if (found.kind === 'repeated') back = second ? found.second : found.first;
    if (back !== at || (second && found.kind === 'unique') || marketDayOf(zone, at) !== day)
      assert.fail(`day ${day}: ${at} comes back as ${back}`);
  }
  return count;
}

/** What a convention prints for the instant at which a stamp of it points, and the word beside it. */
interface Printed {
  readonly stamp: string;
  readonly hint: string | null;
}

/** The words of a source for an interval; `pass` is 2 in the second run of a repeated hour. */
function printed(time: TimeConvention, start: number, pass: 1 | 2): Printed {
  const { stamp, length, repeated, zone } = time;
  const at = stamp === 'ending-clock' ? start + length : start;
  const offset = offsetAt(zone, at);
  const wall = at + offset + (stamp === 'ending-label' ? length : 0);
  let hint: string | null = null;
  if (repeated.by === 'zone')
    hint = Object.keys(repeated.words).find((word) => repeated.words[word] === offset) ?? null;
  if (repeated.by === 'flag') hint = (pass === 2 ? repeated.second : repeated.first)[0] ?? null;
  return { stamp: labelled(time, wall), hint };
}

/** A label of the last hour of a day is 24 of that day, not 0 of the next one. */
function labelled({ stamp, pattern: declared }: TimeConvention, wall: number): string {
  // The mark of a repeated hour stands in the hint.
  const pattern = declared.replace('[X]', '');
  // A quarter is written with the day in which it lies, the last of a day as hour 24 of that day.
  const whole = stamp !== 'ending-label' || wall % DAY !== 0 || / q$/.test(pattern);
  if (whole) return formatStamp(pattern, wall, true);
  return formatStamp(pattern, wall - DAY, true).replace(/(?<=\D)0?0((?::?00)*)$/, '24$1');
}

/** Rows of a day as a source prints them, in order of time. */
function rowsOf(time: TimeConvention, from: number, to: number, step: number): SourceRow[] {
  const rows: SourceRow[] = [];
  for (let start = from, line = 2; start < to; start += step, line++) {
    const stampAt = time.stamp === 'ending-clock' ? start + time.length : start;
    const again = offsetAt(time.zone, stampAt) < offsetAt(time.zone, stampAt - HOUR);
    const values = [{ field: 'lmp', value: '1', unit: 'USD/MWh' }];
    if (time.stamp === 'bounds') {
      const bounds = { start: zoned(time, start), end: zoned(time, start + time.length) };
      rows.push(sourceRow(line, 'A', bounds.start, values, { bounds }));
      continue;
    }
    const { stamp, hint } = printed(time, start, again ? 2 : 1);
    rows.push(sourceRow(line, 'A', stamp, values, { timeHint: hint }));
  }
  return rows;
}

const zoned = (time: TimeConvention, at: number): string =>
  formatStamp(time.pattern.replace(/\[[+-][^\]]*\]/g, ''), at + offsetAt(time.zone, at), true);

/** Each convention that a dataset declares, once, with the first dataset and market that have it. */
function conventions(): Map<string, { market: string; dataset: Dataset }> {
  const found = new Map<string, { market: string; dataset: Dataset }>();
  for (const { market, datasets } of CONNECTORS)
    for (const dataset of datasets) {
      const { name, ...rule } = dataset.time;
      const key = JSON.stringify([rule, rule.zone === 'UTC' ? null : name]);
      if (dataset.name !== 'trade' && !found.has(key)) found.set(key, { market, dataset });
    }
  return found;
}

for (const { market, dataset } of conventions().values()) {
  const { time } = dataset;
  // Readings at an instant, and reports by the day, are held to the hours.
  const step = time.length === 0 || time.length >= DAY ? HOUR : time.length;
  test(`${market} ${time.name} (${dataset.name}): words for every interval of ten years come back as it`, () => {
    const [winter, summer] = CLOCKS[market] as readonly [number, Summer];
    const own = time.length >= DAY ? { ...time, length: HOUR } : time;
    for (let day = FIRST; day <= LAST; day++) {
      const date = new Date(day * 86_400_000).getUTCDate();
      const moves = [day - 1, day, day + 1].some((each) => springDay(each) || autumnDay(each));
      // Five minutes of a day are like those of any other: the transitions with their neighbours, a day of each month.
      if (!moves && date !== 1 && (step < HOUR || time.zone === 'UTC')) continue;
      const begin = midnight(day, winter, summer);
      const end = begin + hoursOf(day, summer) * HOUR;
      const { rows, rejected } = standardizeTimezone(rowsOf(own, begin, end, step), {
        ...dataset,
        time: own,
      });
      // A source without a rule of the repeated hour has that hour refused, both passes of it and nothing else.
      const untold = own.repeated.by === 'none' && hoursOf(day, summer) === 25 && own.zone !== 'UTC';
      assert.deepEqual(
        rejected.filter(({ code }) => !untold || code !== 'TIME_AMBIGUOUS'),
        [],
      );
      assert.equal(rejected.length, untold ? (2 * HOUR) / step : 0);
      assert.equal(rows.length + rejected.length, (hoursOf(day, summer) * HOUR) / step);
      rows.forEach((row) => {
        const i = row.row - 2;
        if (row.intervalStart !== begin + i * step || row.intervalEnd - row.intervalStart !== own.length)
          assert.fail(`day ${day}: ${row.sourceTime} is read as ${row.intervalStart}`);
      });
    }
  });
}
