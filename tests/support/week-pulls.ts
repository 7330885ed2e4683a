/**
 * What the week of all markets asks for: every dataset that a simulator serves and a plan reaches, when its day is asked
 * for, and when again for what was corrected meanwhile.
 */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';

/** A week of market days that holds a change of clocks. */
export interface Week {
  readonly name: string;
  /** First market day, as days since the epoch. */
  readonly first: number;
  readonly days: number;
  /** Hours of the day on which the clocks change, and which day of the week that is, from 0. */
  readonly clockChange: { readonly day: number; readonly hours: number };
}

/** One dataset of a market. */
export interface WeekPull {
  readonly connector: string;
  readonly dataset: string;
  /** Length of the intervals that every day must have; 0 where none are promised. */
  readonly step: Micros;
  /** Days after the day itself on which it is asked for: what is published then is all that was published at first. */
  readonly lag: number;
  /** Days after the day itself on which it is asked for once more. */
  readonly again: readonly number[];
  /** True for files of a year: asked for once, for all days. */
  readonly isWhole: boolean;
  /** True for answers with all statements about a value, the newest last: all but that one are known to them alone. */
  readonly hasHistory: boolean;
  /** True for bodies that leave blank what is not known yet, such as the actual value beside a forecast. */
  readonly hasBlanks: boolean;
  /** True for hundreds of bodies or thousands of values a day: without WEEK_DAYS=all four days will do, the change among them. */
  readonly isMuch: boolean;
  readonly options: Readonly<Record<string, string>>;
}

const FIVE = 5 * MINUTE;
const QUARTER = 15 * MINUTE;

/** Prices of zones only. */
const ZONES = { types: 'ZONE' };
/** Two of the hubs and load aggregation points. */
const NODES = { nodes: 'TH_NP15_GEN-APND,TH_SP15_GEN-APND' };

type Rest = Partial<
  Pick<WeekPull, 'lag' | 'again' | 'isWhole' | 'hasHistory' | 'hasBlanks' | 'isMuch' | 'options'>
>;

const pull = (connector: string, dataset: string, step: Micros, rest: Rest = {}): WeekPull => ({
  connector,
  dataset,
  step,
  lag: 0,
  again: [],
  isWhole: false,
  hasHistory: false,
  hasBlanks: false,
  isMuch: false,
  options: {},
  ...rest,
});

/** Before and after Ontario's market of 1 May 2025: other reports. */
const ONTARIO: Readonly<Record<string, readonly WeekPull[]>> = {
  spring: [pull('ieso', 'rt_lmp_hourly', HOUR, { lag: 2, isWhole: true })],
  autumn: [
    pull('ieso', 'da_lmp', HOUR, { again: [2] }),
    pull('ieso', 'rt_lmp', FIVE, { again: [2] }),
    pull('ieso', 'da_as_prices', HOUR, { again: [2] }),
  ],
};

/** Days of the week on which a dataset is asked for, from 0. */
export function daysAsked(week: Week, { isMuch }: Pick<WeekPull, 'isMuch'>): number[] {
  const all = Array.from({ length: week.days }, (_, k) => k);
  const { day } = week.clockChange;
  return isMuch && process.env['WEEK_DAYS'] !== 'all' ? all.filter((k) => k >= day - 1 && k <= day + 2) : all;
}

/** All pulls of a week, market by market. */
export function pullsOf(week: Week): WeekPull[] {
  return [
    pull('miso', 'da_lmp', HOUR),
    pull('miso', 'da_lmp_ex_ante', HOUR),
    pull('miso', 'rt_lmp', FIVE, { again: [16], options: { today: 'rolling' } }),
    pull('miso', 'rt_lmp_hourly', HOUR, { lag: 1, again: [8] }),
    pull('miso', 'da_as_prices', HOUR),
    pull('miso', 'rt_as_prices_hourly', HOUR, { lag: 1, again: [8] }),
    pull('miso', 'load_forecast', HOUR, { hasBlanks: true }),
    pull('caiso', 'da_lmp', HOUR, { again: [3], options: NODES }),
    pull('caiso', 'rt_lmp', FIVE, { again: [3], options: NODES }),
    pull('caiso', 'rt_lmp_15min', QUARTER, { again: [3], options: NODES }),
    pull('caiso', 'hasp_lmp', QUARTER, { again: [3], options: NODES }),
    pull('caiso', 'da_as_prices', HOUR, { again: [3] }),
    pull('caiso', 'load', HOUR),
    pull('caiso', 'load_forecast', HOUR),
    pull('caiso', 'renewable_forecast', HOUR),
    pull('caiso', 'schedule', HOUR),
    pull('nyiso', 'da_lmp', HOUR, { again: [4] }),
    pull('nyiso', 'rt_lmp', FIVE, { again: [4] }),
    pull('nyiso', 'rt_lmp_hourly', HOUR, { again: [4] }),
    pull('nyiso', 'hasp_lmp', HOUR),
    pull('nyiso', 'da_as_prices', HOUR, { again: [4] }),
    pull('nyiso', 'load', QUARTER),
    pull('nyiso', 'load_hourly', HOUR),
    pull('nyiso', 'load_forecast', HOUR),
    pull('nyiso', 'solar_generation', HOUR),
    pull('nyiso', 'solar_forecast', HOUR),
    pull('ercot', 'da_lmp', HOUR, { again: [4] }),
    pull('ercot', 'rt_lmp', QUARTER, { again: [2] }),
    // Of a document each five minutes the API makes one answer a day.
    pull('ercot', 'rt_lmp_sced', 0, { options: { route: 'api' } }),
    pull('ercot', 'da_as_prices', HOUR),
    pull('ercot', 'load_hourly', HOUR),
    pull('ercot', 'load_forecast', HOUR, { options: { route: 'api' } }),
    pull('ercot', 'fuel_mix', 0, { isMuch: true }),
    pull('pjm', 'da_lmp', HOUR, { options: ZONES }),
    pull('pjm', 'rt_lmp', FIVE, { again: [8], options: ZONES }),
    pull('pjm', 'rt_lmp_hourly', HOUR, { lag: 5, options: ZONES }),
    pull('pjm', 'load', FIVE, { isMuch: true }),
    pull('pjm', 'load_hourly', HOUR, { lag: 1 }),
    pull('pjm', 'load_forecast', HOUR, { hasHistory: true }),
    pull('pjm', 'fuel_mix', HOUR),
    pull('pjm', 'da_as_prices', HOUR),
    pull('pjm', 'wind_generation', HOUR),
    pull('pjm', 'solar_generation', HOUR),
    pull('pjm', 'interchange', HOUR),
    pull('isone', 'da_lmp', HOUR),
    pull('isone', 'rt_lmp', FIVE, { lag: 1 }),
    pull('isone', 'rt_lmp_hourly', HOUR, { lag: 1, again: [8] }),
    pull('isone', 'load', FIVE, { isMuch: true }),
    pull('isone', 'load_hourly', HOUR, { lag: 1 }),
    pull('isone', 'load_forecast', HOUR),
    pull('isone', 'fuel_mix', 0, { isMuch: true }),
    pull('isone', 'da_as_prices', HOUR),
    pull('spp', 'da_lmp', HOUR),
    pull('spp', 'rt_lmp', FIVE, { again: [8], isMuch: true }),
    pull('spp', 'da_as_prices', HOUR),
    pull('spp', 'load_hourly', HOUR, { lag: 2 }),
    pull('spp', 'load_forecast', HOUR, { hasBlanks: true }),
    pull('spp', 'load_forecast_5min', FIVE, { hasBlanks: true, isMuch: true }),
    pull('spp', 'fuel_mix', FIVE, { isWhole: true, isMuch: true }),
    ...(ONTARIO[week.name] ?? []),
    pull('ieso', 'totals', FIVE, { again: [2], isMuch: true }),
    pull('ieso', 'load_hourly', HOUR, { lag: 1, isWhole: true }),
    pull('ieso', 'generation_by_unit', HOUR),
    pull('ieso', 'fuel_mix', HOUR, { lag: 1, isWhole: true }),
    pull('ieso', 'interchange', HOUR),
    pull('eia', 'gas_price', DAY, { lag: 6, again: [14] }),
    pull('eia', 'load_hourly', HOUR, { again: [4] }),
    pull('eia', 'fuel_mix', HOUR, { again: [4] }),
    pull('eia', 'interchange', HOUR, { again: [4] }),
    pull('eia', 'load_by_part', HOUR, { again: [4] }),
  ];
}
