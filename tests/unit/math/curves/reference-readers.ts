/** Which function reads which kind of reference case. */

import assert from 'node:assert/strict';
import {
  businessDayAfter,
  businessDayBefore,
  formatIsoWeek,
  holidaysOf,
} from '../../../../core/math/curves/delivery-calendar.ts';
import {
  crudeLastTradingDay,
  gasLastTradingDay,
  powerOptionLastTradingDay,
} from '../../../../core/math/curves/last-trading-day.ts';
import {
  basis,
  calendarSpread,
  cleanSparkSpread,
  crackSpread,
  crackSpread321,
  darkSpread,
  dartSpread,
  impliedHeatRate,
  sparkSpread,
} from '../../../../core/math/curves/spreads.ts';
import { parseTenor, US_GAS_SEASONS } from '../../../../core/math/curves/tenors.ts';
import { formatDay } from '../../../../core/time/calendar-day.ts';
import { day } from './quotes.ts';
import { near, type ReferenceCase } from './reference-case.ts';
import {
  readBootstrap,
  readContradiction,
  readMonotoneConvex,
  readPoints,
  readSections,
  readSmoothness,
} from './reference-curves.ts';
import {
  readAlignment,
  readAverage,
  readBalance,
  readBlockAverage,
  readBlockIdentity,
  readCount,
  readDifference,
  readHours,
  readSeason,
} from './reference-deliveries.ts';

type Reader = (one: ReferenceCase) => void;

/** Readers by kind. */
export const READERS: Readonly<Record<string, Reader>> = {
  bootstrap: readBootstrap,
  'bootstrap-sections': readSections,
  'bootstrap-error': readContradiction,
  'max-smoothness': readSmoothness,
  'monotone-convex': readMonotoneConvex,
  linear: readPoints,
  'flat-extrapolation': readPoints,
  'point-interpolation': readPoints,
  'bucket-hours': readHours,
  'block-average': readBlockAverage,
  'block-identity': readBlockIdentity,
  average: readAverage,
  count: readCount,
  'nerc-holidays': ({ expected }) => {
    for (const [year, dates] of Object.entries(expected as Record<string, string[]>))
      assert.deepEqual(holidaysOf('NERC', Number(year)).map(formatDay), dates);
  },
  'business-days': ({ input, expected }) => {
    const { first_strictly_after: after, last_strictly_before: before } = input;
    assert.deepEqual(
      after.map((at: string) => formatDay(businessDayAfter('NERC', day(at)))),
      expected.first,
    );
    assert.deepEqual(
      before.map((at: string) => formatDay(businessDayBefore('NERC', day(at)))),
      expected.last,
    );
  },
  'last-trading-day': ({ id, input, expected }) => {
    const rule =
      id === 'cal-003'
        ? gasLastTradingDay
        : id === 'cal-004'
          ? crudeLastTradingDay
          : powerOptionLastTradingDay;
    const calendar = id === 'cal-005' ? 'ICE' : 'NERC';
    assert.deepEqual(
      input.months.map((month: string) => formatDay(rule(calendar, day(`${month}-01`)))),
      expected.dates,
    );
  },
  'tenor-parse': ({ input, expected }) => {
    assert.deepEqual(input.strings.map(intervalOf), expected.intervals);
  },
  'tenor-parse-error': ({ input }) => {
    for (const text of input.strings) assert.equal(intervalOf(text), null, text);
  },
  'iso-week': ({ input, expected }) => {
    assert.deepEqual(
      input.dates.map((date: string) => formatIsoWeek(day(date))),
      expected.weeks,
    );
  },
  'curve-difference': readDifference,
  'curve-align': readAlignment,
  seasonal: readSeason,
  balmo: readBalance,
  basis: ({ input, expected, tolerance }) => near(basis(input.node, input.hub), expected.basis, tolerance),
  dart: ({ input, expected, tolerance }) => {
    const { realTime, spread } = dartSpread(input.da_hour[0].price, input.rt_5min_same_hour);
    near(realTime, expected.rt_hour, tolerance);
    near(spread, expected.dart, tolerance);
  },
  spark: ({ input, expected, tolerance }) => {
    const { power_usd_mwh: power, gas_usd_mmbtu: gas, heat_rate_mmbtu_per_mwh: rate } = input;
    const spark = sparkSpread(power, gas, rate);
    near(spark, expected.spark, tolerance);
    near(basis(spark, input.vom), expected.spark_net_vom, tolerance);
    near(
      cleanSparkSpread(power, gas, rate, input.co2_usd_t, input.ef_t_per_mmbtu),
      expected.clean_spark,
      tolerance,
    );
    near(impliedHeatRate(power, gas), expected.implied_heat_rate, tolerance);
  },
  dark: ({ input, expected, tolerance }) => {
    const { power_usd_mwh: power, coal_usd_short_ton: coal } = input;
    const { heat_content_mmbtu_per_short_ton: heat, heat_rate_mmbtu_per_mwh: rate } = input;
    near(darkSpread(power, coal, heat, rate), expected.dark, tolerance);
  },
  crack: ({ input, expected, tolerance }) => {
    const { wti_usd_bbl: crude, rbob_usd_gal: gasoline, ulsd_usd_gal: distillate } = input;
    near(crackSpread321(gasoline, distillate, crude), expected.crack_321_usd_bbl, tolerance);
    near(crackSpread(gasoline, crude), expected.rbob_crack, tolerance);
    near(crackSpread(distillate, crude), expected.ulsd_crack, tolerance);
  },
  calendar: ({ input, expected, tolerance }) => {
    const [a, b] = [Object.values(input.near)[0], Object.values(input.far)[0]] as [number, number];
    near(calendarSpread(a, b), expected.spread, tolerance);
  },
};

function intervalOf(text: string): [string, string] | null {
  const found = parseTenor(text, day('2017-01-15'), US_GAS_SEASONS);
  return found === null ? null : [formatDay(found.start), formatDay(found.end)];
}
