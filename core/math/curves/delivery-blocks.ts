/** On-peak rules of the markets, and how many hours a block has. Clock changes are counted as they happen. */

import { HOUR } from '../../time/instant.ts';
import { MARKET_ZONES, marketDayBounds } from '../../time/market-day.ts';
import { isHoliday, weekdayOf } from './delivery-calendar.ts';
import type { CurveDay, DeliveryBlock } from './forward-curve.ts';

/** Which hours are on-peak. Holidays are those of NERC. */
export interface OnPeakRule {
  readonly name: string;
  /** Zone of days and hours: an IANA name, or `-05:00` where the market keeps its clock all year. */
  readonly zone: string;
  /**
   * First on-peak hour and the hour after the last, by the clock on the wall: 7 and 23 are hours ending 8 to 23. Clocks
   * change outside of them, so a day has as many on-peak hours as there are between the two.
   */
  readonly from: number;
  readonly to: number;
  /** Whether Saturday is a peak day, as in the West. */
  readonly isSaturdayPeak: boolean;
}

const rule = (
  name: string,
  from: number,
  zone: string = MARKET_ZONES[name],
  isSaturdayPeak = false,
): OnPeakRule => ({
  name,
  zone,
  from,
  to: from + 16,
  isSaturdayPeak,
});

/**
 * All rules by name. MISO's tariff keeps EST all year, exchange contracts on MISO go by the clock of New York: they
 * are an hour apart in winter, so a curve says which of the two it is. IESO's own holidays are not known here.
 */
export const ON_PEAK_RULES: readonly OnPeakRule[] = [
  rule('PJM', 7),
  rule('NYISO', 7),
  rule('ISONE', 7),
  rule('MISO', 6),
  rule('MISO_EXCHANGE', 7, 'America/New_York'),
  rule('ERCOT', 6),
  rule('SPP', 6),
  rule('CAISO', 6, undefined, true),
  rule('IESO', 7),
];

/** The rule of that name, or null. */
export function onPeakRuleNamed(name: string): OnPeakRule | null {
  return ON_PEAK_RULES.find((rule) => rule.name === name) ?? null;
}

/** Parts of a week that no block divides, as bits: on-peak hours by kind of day, and the hours of the night. */
export const WEEKDAY_PEAK = 1;
export const SATURDAY_PEAK = 2;
export const SUNDAY_PEAK = 4;
export const NIGHT = 8;
export const ALL_HOURS = 15;

/** A set of parts, as a sum of bits. */
export type WeekParts = number;

const PARTS: Readonly<Record<Exclude<DeliveryBlock, 'offpeak'>, WeekParts>> = {
  '7x24': ALL_HOURS,
  '5x16': WEEKDAY_PEAK,
  '2x16H': SATURDAY_PEAK + SUNDAY_PEAK,
  '6x16': WEEKDAY_PEAK + SATURDAY_PEAK,
  '1x16H': SUNDAY_PEAK,
  '7x8': NIGHT,
};

/** The parts that a block consists of. */
export function partsOfBlock(rule: OnPeakRule, block: DeliveryBlock): WeekParts {
  if (block !== 'offpeak') return PARTS[block];
  return ALL_HOURS - (rule.isSaturdayPeak ? PARTS['6x16'] : PARTS['5x16']);
}

const FIVE_DAYS: readonly DeliveryBlock[] = ['7x24', '5x16', '2x16H', '7x8', 'offpeak'];
const SIX_DAYS: readonly DeliveryBlock[] = ['7x24', '6x16', '1x16H', '7x8', 'offpeak'];

/** The blocks that contracts of the rule's market are written in. */
export function blocksOf(rule: OnPeakRule): readonly DeliveryBlock[] {
  return rule.isSaturdayPeak ? SIX_DAYS : FIVE_DAYS;
}

/** The part that the on-peak hours of a day belong to. A holiday counts as a Sunday, on a Saturday too. */
export function peakPartOf(day: CurveDay): WeekParts {
  const weekday = weekdayOf(day);
  if (weekday === 6 || isHoliday('NERC', day)) return SUNDAY_PEAK;
  return weekday === 5 ? SATURDAY_PEAK : WEEKDAY_PEAK;
}

/** All hours of a market day: 23, 24 or 25. */
export function hoursOfDay(rule: OnPeakRule, day: CurveDay): number {
  const { start, end } = marketDayBounds(rule.zone, day);
  return (end - start) / HOUR;
}

/** Hours of a block on one day. */
export function hoursOfBlockOnDay(rule: OnPeakRule, block: DeliveryBlock, day: CurveDay): number {
  return hoursOfPartsOnDay(rule, partsOfBlock(rule, block), day);
}

/** Hours of some parts on one day. */
export function hoursOfPartsOnDay(rule: OnPeakRule, parts: WeekParts, day: CurveDay): number {
  const peak = rule.to - rule.from;
  const night = (parts & NIGHT) === 0 ? 0 : hoursOfDay(rule, day) - peak;
  return (parts & peakPartOf(day)) === 0 ? night : night + peak;
}

/** Hours of a block in a half-open range of days. */
export function hoursOfBlock(rule: OnPeakRule, block: DeliveryBlock, start: CurveDay, end: CurveDay): number {
  let hours = 0;
  for (let day = start; day < end; day++) hours += hoursOfBlockOnDay(rule, block, day);
  return hours;
}
