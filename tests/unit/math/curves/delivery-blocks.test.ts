/** Holidays, business days and weeks; hours of blocks against hours counted one by one. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  blocksOf,
  hoursOfBlock,
  hoursOfBlockOnDay,
  hoursOfDay,
  ON_PEAK_RULES,
  type OnPeakRule,
  onPeakRuleNamed,
} from '../../../../core/math/curves/delivery-blocks.ts';
import {
  businessDayAfter,
  businessDayBefore,
  formatIsoWeek,
  holidaysOf,
  isBusinessDay,
  isoWeekStart,
  monthStartOf,
  nextMonthStart,
} from '../../../../core/math/curves/delivery-calendar.ts';
import { deliveryWeights } from '../../../../core/math/curves/delivery-weights.ts';
import type { DeliveryBlock } from '../../../../core/math/curves/forward-curve.ts';
import {
  crudeLastTradingDay,
  gasLastTradingDay,
  powerOptionLastTradingDay,
} from '../../../../core/math/curves/last-trading-day.ts';
import { formatDay } from '../../../../core/time/calendar-day.ts';
import { curveOf, day } from './quotes.ts';

const dates = (days: readonly number[]): string => days.map((at) => formatDay(at).slice(5)).join(' ');

test('NERC: a Sunday is held on Monday, a Saturday stays', () => {
  assert.equal(dates(holidaysOf('NERC', 2026)), '01-01 05-25 07-04 09-07 11-26 12-25');
  assert.equal(dates(holidaysOf('NERC', 2027)), '01-01 05-31 07-05 09-06 11-25 12-25');
  assert.equal(dates(holidaysOf('NERC', 2022)), '01-01 05-30 07-04 09-05 11-24 12-26');
  assert.equal(dates(holidaysOf('NERC', 2023)), '01-02 05-29 07-04 09-04 11-23 12-25');
});

test('Good Friday moves with Easter', () => {
  const fridays = [2019, 2024, 2025, 2026, 2038].map((year) => formatDay(holidaysOf('ICE', year)[1]));
  assert.deepEqual(fridays, ['2019-04-19', '2024-03-29', '2025-04-18', '2026-04-03', '2038-04-23']);
});

test('business days before and after, over weekends and holidays', () => {
  assert.equal(formatDay(businessDayAfter('NERC', day('2026-07-02'))), '2026-07-03', 'the 4th is a Saturday');
  assert.equal(formatDay(businessDayBefore('NERC', day('2026-09-08'))), '2026-09-04');
  assert.equal(formatDay(businessDayBefore('NERC', day('2026-09-08'), 3)), '2026-09-02');
  assert.equal(isBusinessDay('NERC', day('2026-05-25')), false);
  assert.equal(isBusinessDay('ICE', day('2026-05-25')), true);
});

test('last trading days by rule', () => {
  assert.equal(formatDay(gasLastTradingDay('NERC', day('2026-01-15'))), '2025-12-29');
  assert.equal(
    formatDay(crudeLastTradingDay('NERC', day('2026-02-01'))),
    '2026-01-20',
    '25 January is a Sunday',
  );
  assert.equal(formatDay(crudeLastTradingDay('NERC', day('2026-04-01'))), '2026-03-20');
  assert.equal(formatDay(powerOptionLastTradingDay('ICE', day('2026-05-01'))), '2026-04-29');
});

test('every day lies in the week and month that its name says', () => {
  fc.assert(
    fc.property(fc.integer({ min: -90_000, max: 100_000 }), (at) => {
      const m = /^(\d{4})-W(\d{2})$/.exec(formatIsoWeek(at));
      const monday = isoWeekStart(Number(m?.[1]), Number(m?.[2]));
      assert.ok(monday !== null && monday <= at && at < monday + 7);
      assert.ok(monthStartOf(at) <= at && at < nextMonthStart(at));
      assert.equal(formatDay(monthStartOf(at)).slice(0, 7), formatDay(at).slice(0, 7));
      assert.ok(formatDay(nextMonthStart(at)).endsWith('-01'));
    }),
  );
  assert.equal(isoWeekStart(2025, 53), null);
  assert.equal(isoWeekStart(2026, 53), day('2026-12-28'));
  assert.equal(isoWeekStart(2026, 0), null);
});

/** Hours of a block on a day, each hour looked at by the clock on the wall. */
function countedHours(rule: OnPeakRule, block: DeliveryBlock, at: number): number {
  const date = Temporal.PlainDate.from(formatDay(at));
  const end = date.add({ days: 1 }).toZonedDateTime(rule.zone).epochMilliseconds;
  const isHoliday = holidaysOf('NERC', date.year).includes(at);
  let hours = 0;
  for (let ms = date.toZonedDateTime(rule.zone).epochMilliseconds; ms < end; ms += 3_600_000) {
    const { hour } = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(rule.zone);
    const isDaytime = hour >= rule.from && hour < rule.to;
    const isPeakDay = date.dayOfWeek <= (rule.isSaturdayPeak ? 6 : 5) && !isHoliday;
    const belongs: Record<DeliveryBlock, boolean> = {
      '7x24': true,
      '5x16': isDaytime && date.dayOfWeek <= 5 && !isHoliday,
      '2x16H': isDaytime && (date.dayOfWeek > 5 || isHoliday),
      '6x16': isDaytime && date.dayOfWeek <= 6 && !isHoliday,
      '1x16H': isDaytime && (date.dayOfWeek === 7 || isHoliday),
      '7x8': !isDaytime,
      offpeak: !(isDaytime && isPeakDay),
    };
    if (belongs[block]) hours++;
  }
  return hours;
}

const BLOCKS: readonly DeliveryBlock[] = ['7x24', '5x16', '2x16H', '6x16', '1x16H', '7x8', 'offpeak'];

test('hours of each block on any day of any rule, counted one by one', () => {
  const changes = ['2026-03-08', '2026-11-01', '2025-03-09', '2026-07-04', '2026-11-26'].map(day);
  const anyDay = fc.oneof(
    fc.constantFrom(...changes),
    fc.integer({ min: day('2007-04-01'), max: day('2040-01-01') }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...ON_PEAK_RULES), anyDay, (rule, at) => {
      for (const block of BLOCKS)
        assert.equal(
          hoursOfBlockOnDay(rule, block, at),
          countedHours(rule, block, at),
          `${rule.name} ${block}`,
        );
    }),
    { numRuns: 150 },
  );
});

test('the rules: zone, first and last on-peak hour, Saturdays', () => {
  assert.deepEqual(
    ON_PEAK_RULES.map(({ name, zone, from, to, isSaturdayPeak }) =>
      [name, zone, `${from}-${to}`, ...(isSaturdayPeak ? ['Saturdays'] : [])].join(' '),
    ),
    [
      'PJM America/New_York 7-23',
      'NYISO America/New_York 7-23',
      'ISONE America/New_York 7-23',
      'MISO -05:00 6-22',
      'MISO_EXCHANGE America/New_York 7-23',
      'ERCOT America/Chicago 6-22',
      'SPP America/Chicago 6-22',
      'CAISO America/Los_Angeles 6-22 Saturdays',
      'IESO -05:00 7-23',
    ],
  );
});

test('clocks never change in on-peak hours', () => {
  for (const rule of ON_PEAK_RULES)
    for (let at = day('2020-01-01'); at < day('2031-01-01'); at++) {
      if (hoursOfDay(rule, at) === 24) continue;
      assert.equal(countedHours(rule, '7x24', at) - countedHours(rule, '7x8', at), 16);
    }
});

test('months of a rule: March has 743 hours but for clocks that stand still', () => {
  const hours = (name: string, block: DeliveryBlock, month: string): number => {
    const rule = onPeakRuleNamed(name);
    assert.ok(rule !== null);
    return hoursOfBlock(rule, block, day(`${month}-01`), nextMonthStart(day(`${month}-01`)));
  };
  assert.equal(hours('PJM', '7x24', '2026-03'), 743);
  assert.equal(hours('MISO', '7x24', '2026-03'), 744);
  assert.equal(hours('MISO_EXCHANGE', '7x8', '2026-11'), 241);
  assert.equal(hours('IESO', '7x8', '2026-11'), 240);
  assert.equal(hours('PJM', '5x16', '2026-07'), 368, '4 July on a Saturday takes nothing');
  assert.equal(hours('CAISO', '6x16', '2026-07'), 416, 'but in the West it does');
  assert.equal(hours('CAISO', '1x16H', '2026-07'), 80);
  assert.equal(onPeakRuleNamed('pjm'), null);
});

test('tables of quantities agree with hours counted by day, and blocks add up', () => {
  const span = [day('2026-02-20'), day('2026-12-10')] as const;
  const within = fc.tuple(
    fc.integer({ min: span[0], max: span[1] }),
    fc.integer({ min: span[0], max: span[1] }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...ON_PEAK_RULES), within, (rule, [a, b]) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      const weights = deliveryWeights(curveOf({ quantity: 'hours', onPeak: rule.name }), ...span);
      const of = (block: DeliveryBlock): number => hoursOfBlock(rule, block, start, end);
      const [base, peak, off, night] = blocksOf(rule);
      assert.equal(weights.of(15, start, end), of('7x24'));
      assert.equal(weights.of(8, start, end), of('7x8'));
      assert.equal(weights.of(rule.isSaturdayPeak ? 3 : 1, start, end), of(peak));
      assert.equal(of(peak) + of(off) + of(night), of(base));
      assert.equal(of(peak) + of('offpeak'), of(base));
      assert.equal(of('6x16') + of('1x16H'), of('5x16') + of('2x16H'));
    }),
    { numRuns: 60 },
  );
});
