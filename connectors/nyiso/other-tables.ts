/**
 * NYISO's reports beside prices and load: what interfaces can transfer (`atc_ttc`), the
 * weather that load forecasts hang on (`lfweather`), the flow around Lake Erie (`ErieCirculationDA`,
 * `ErieCirculationRT`) and through phase angle regulators (`ParFlows`), generation on outage by day
 * (`genmaint/gen_maint_report`), sun that is installed behind the meter (`btminstalledcapacitytracking`) and the control error
 * (P-38, `ace-YYYYMM01`).
 *
 * Stamps are Eastern time without zone, hours by their begin; the order tells the repeated hour. Those of the control error
 * end in EST or EDT.
 */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { PublishedField } from '../kit/contract.ts';
import { type Cells, type Clock, type Layout, labelOf } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { formatStamp } from '../kit/time/stamp.ts';
import { NYISO_ZONE } from './routes.ts';
import { HOURS, ZONED_INSTANT, ZONED_TIME } from './zoned-time.ts';

const MW = 'MW';
const FAHRENHEIT = '°F';
const STAMP = 'timestamp';
const CIRCULATION = ['lakeeriecirculationmwh', 'lakeeriecirculation'];
const OUTAGE_COLUMNS = ['outage', 'outages'].flatMap((word) => [
  `forecastedgeneration${word}mw`,
  `forecastedgeneration${word}`,
]);

/** Readings. */
export const READINGS: TimeConvention = {
  ...ZONED_INSTANT,
  repeated: { by: 'order' },
  cadence: 15 * MINUTE,
};
/** Days of 23 to 25 hours, both ends made from the date. */
export const DAYS: TimeConvention = {
  name: 'eastern-day',
  zone: 'UTC',
  pattern: 'YYYY-MM-DDThh:mm',
  stamp: 'bounds',
  length: 24 * HOUR,
  otherLengths: [23 * HOUR, 25 * HOUR],
  onGrid: false,
  repeated: { by: 'none' },
};

/** Fields of `transfer_limits`. */
export const TRANSFER_FIELDS: readonly PublishedField[] = [
  { field: 'ttc_day_ahead', unit: MW, what: 'total transfer capability, day-ahead' },
  { field: 'atc_day_ahead', unit: MW, what: 'available transfer capability, day-ahead' },
  { field: 'ttc_hour_ahead', unit: MW, what: 'total, hour-ahead; the quarter it holds from as series' },
  { field: 'atc_hour_ahead', unit: MW, what: 'available, hour-ahead; the quarter it holds from as series' },
];
/** Fields of `weather_forecast`. */
export const WEATHER_FIELDS: readonly PublishedField[] = [
  { field: 'temperature_max', unit: FAHRENHEIT, what: 'highest temperature of the day at a station' },
  { field: 'temperature_min', unit: FAHRENHEIT, what: 'lowest temperature' },
  { field: 'wet_bulb_max', unit: FAHRENHEIT, what: 'highest wet-bulb temperature' },
  { field: 'wet_bulb_min', unit: FAHRENHEIT, what: 'lowest wet-bulb temperature' },
];
/** Fields of both datasets of the flow around the lake. */
export const CIRCULATION_FIELDS: readonly PublishedField[] = [
  { field: 'circulation', unit: MW, what: 'flow around Lake Erie, sign as published' },
];
/** Fields of `outages`. */
export const OUTAGE_FIELDS: readonly PublishedField[] = [
  { field: 'outage', unit: MW, what: 'generation that is expected to be on outage' },
];
/** Fields of `solar_capacity`. */
export const CAPACITY_FIELDS: readonly PublishedField[] = [
  { field: 'solar_capacity', unit: MW, what: 'sun installed behind the meter, SYSTEM for the whole market' },
];
/** Fields of `area_control_error`. */
export const ERROR_FIELDS: readonly PublishedField[] = [
  { field: 'area_control_error', unit: MW, what: 'error of the control of the area' },
];
/** Fields of `par_flow`. */
export const PAR_FIELDS: readonly PublishedField[] = [
  { field: 'flow', unit: MW, what: 'flow through a regulator, its number as location' },
];

const clock =
  (time: TimeConvention) =>
  (view: TableView): Clock => {
    const at = view.columns.find(STAMP);
    return {
      time,
      read(record) {
        const words = labelOf(record, at);
        return words === null ? null : { words, hint: null };
      },
    };
  };

const DATES = ['MM/DD/YYYY', 'M/D/YYYY', 'YYYY-MM-DD', 'M/D/YY'];

/** Both ends of a day in UTC; words that are no date stand for themselves, and are refused. */
const dayClock =
  (column: string) =>
  (view: TableView): Clock => {
    const at = view.columns.find(column);
    return {
      time: DAYS,
      read(record) {
        const words = labelOf(record, at);
        if (words === null) return null;
        const date = words.replace(/[ T]0?0:00(?::00)?$/, '');
        const moment = DATES.map((pattern) => momentOf({ ...HOURS, pattern }, date)).find(
          ({ kind }) => kind === 'unique',
        );
        if (moment === undefined) return { words, hint: null, bounds: { start: words, end: words } };
        const day = marketDayBounds(NYISO_ZONE, marketDayOf(NYISO_ZONE, moment.first));
        const [start, end] = [day.start, day.end].map((each) => formatStamp(DAYS.pattern, each));
        return { words, hint: null, bounds: { start: start ?? '', end: end ?? '' } };
      },
    };
  };

const ZONED = /^(.*\d) (E[SD]T)$/;
const ERROR_PATTERNS = ['YYYY-MM-DD[T][ ]hh:mm:ss[.f]', 'M/D/YYYY h:mm:ss'];

/** Readings whose stamps end in the name of their zone: `11/02/2025 01:00:06 EDT`. */
function zonedClock(view: TableView): Clock {
  const at = view.columns.find('time');
  const [first = ''] = view.records.map((record) => labelOf(record, at) ?? '');
  const plain = ZONED.exec(first)?.[1] ?? '';
  const pattern = ERROR_PATTERNS.find(
    (each) => momentOf({ ...READINGS, pattern: each }, plain).kind !== 'unparseable',
  );
  return {
    time: { ...ZONED_INSTANT, pattern: pattern ?? ZONED_TIME.pattern },
    read(record) {
      const words = labelOf(record, at);
      if (words === null) return null;
      const [, stamp = words, zone = ''] = ZONED.exec(words) ?? [];
      return { words: stamp, hint: zone };
    },
  };
}

/** True for stamps that are dates: no hour is told but midnight. */
export const areDays = (stamps: readonly string[]): boolean =>
  stamps.length > 0 &&
  stamps.every((stamp) =>
    /^(?:\d{1,2}\/\d{1,2}\/\d{2,4}|\d{4}-\d{2}-\d{2})(?:[ T]0?0:00(?::00)?)?$/.test(stamp),
  );

const stampsOf = (view: TableView, at: number): string[] =>
  view.records.map((record) => labelOf(record, at) ?? '').filter((stamp) => stamp !== '');

/** Measures by the names of their columns; those that the table lacks are absent. */
const measures = (
  view: TableView,
  fields: Readonly<Record<string, string>>,
  unit: string,
): Cells['measures'] =>
  Object.entries(fields).flatMap(([name, field]) =>
    view.columns.has(name) ? [{ at: view.columns.find(name), field, unit }] : [],
  );

const TRANSFER = /^(?:(ttc|atc)(dam|ham)|(dam|ham)(ttc|atc))(?:(?:xx)?(\d\d))?$/;

function transferCells(view: TableView): Cells {
  const placeAt = view.columns.find('interfacename');
  const taken = view.columns.take((name) => TRANSFER.exec(name));
  return {
    measures: taken.map(({ at, of: [, what, market, early, late, quarter] }) => ({
      at,
      field: `${what ?? late}_${(market ?? early) === 'dam' ? 'day' : 'hour'}_ahead`,
      unit: MW,
      ...(quarter === undefined ? {} : { series: `xx:${quarter}` }),
    })),
    place: (record) => ({ location: labelOf(record, placeAt), series: null }),
  };
}

/** True where stamps lie between full hours. */
function betweenHours(view: TableView): boolean {
  const at = view.columns.find(STAMP);
  return view.records.some((record) => !/[ T]\d?\d:00(?::00)?$/.test(labelOf(record, at) ?? ' 0:00'));
}

const circulation = (title: string, realTime: boolean): Layout => ({
  title,
  needs: [[STAMP], CIRCULATION],
  accepts: (view) =>
    /circulation ?(?:da|rt)/i.test(view.name)
      ? /circulation ?rt/i.test(view.name) === realTime
      : betweenHours(view) === realTime,
  clock: clock(realTime ? READINGS : HOURS),
  cells: (view) => ({
    measures: [{ at: view.columns.find(...CIRCULATION), field: 'circulation', unit: MW }],
    place: () => ({ location: 'LAKE ERIE', series: null }),
  }),
});

/** Layouts by dataset. */
export const OTHER_LAYOUTS = {
  transfer_limits: {
    title: 'Interface Name, Time Stamp, TTC (DAM), ATC (DAM), TTC (HAM) xx:00, …',
    needs: [['interfacename'], [STAMP], ['ttcdam', 'ttcham', 'ttchamxx00', 'damttc', 'hamttc', 'hamttc00']],
    clock: clock(HOURS),
    cells: transferCells,
  },
  weather_forecast: {
    title: 'Forecast Date, Vintage Date, Vintage, Station ID, Max Temp, …',
    needs: [['forecastdate'], ['stationid'], ['maxtemp', 'mintemp']],
    ignored: ['vintagedate'],
    clock: dayClock('forecastdate'),
    cells: (view) => {
      const [placeAt, vintageAt] = [view.columns.find('stationid'), view.columns.find('vintage')];
      const fields = {
        maxtemp: 'temperature_max',
        mintemp: 'temperature_min',
        maxwetbulb: 'wet_bulb_max',
        minwetbulb: 'wet_bulb_min',
      };
      return {
        measures: measures(view, fields, FAHRENHEIT),
        place: (record) => ({ location: labelOf(record, placeAt), series: labelOf(record, vintageAt) }),
      };
    },
  },
  da_loop_flow: circulation('Timestamp, Lake Erie Circulation (MWH), full hours', false),
  rt_loop_flow: circulation('Timestamp, Lake Erie Circulation (MWH), five minutes', true),
  outages: {
    title: 'Date, Forecasted Generation Outage (MW)',
    needs: [['date'], OUTAGE_COLUMNS],
    clock: dayClock('date'),
    cells: (view) => ({
      measures: [{ at: view.columns.find(...OUTAGE_COLUMNS), field: 'outage', unit: MW }],
      place: () => ({ location: 'NYISO', series: null }),
    }),
  },
  solar_capacity: {
    title: 'Time Stamp, Zone Name, MW Value, dates alone',
    needs: [[STAMP], ['zonename'], ['mwvalue']],
    ignored: ['timezone', 'ptid'],
    accepts: (view) =>
      !/btm ?(?:est|act|da)/i.test(view.name) && areDays(stampsOf(view, view.columns.find(STAMP))),
    clock: dayClock(STAMP),
    cells: (view) => {
      const placeAt = view.columns.find('zonename');
      return {
        measures: measures(view, { mwvalue: 'solar_capacity' }, MW),
        place: (record) => ({ location: labelOf(record, placeAt), series: null }),
      };
    },
  },
  area_control_error: {
    title: 'time, value; stamps that end in EST or EDT',
    needs: [['time'], ['value', 'ace']],
    accepts: (view) => ZONED.test(stampsOf(view, view.columns.find('time'))[0] ?? ''),
    clock: zonedClock,
    cells: (view) => ({
      measures: measures(view, { value: 'area_control_error', ace: 'area_control_error' }, MW),
      place: () => ({ location: 'NYISO', series: null }),
    }),
  },
  par_flow: {
    title: 'Timestamp, Point ID, Flow (MWH)',
    needs: [[STAMP], ['pointid', 'ptid'], ['flowmwh', 'flowmw', 'flow']],
    lacks: ['interfacename'],
    clock: clock(READINGS),
    cells: (view) => {
      const placeAt = view.columns.find('pointid', 'ptid');
      return {
        measures: [{ at: view.columns.find('flowmwh', 'flowmw', 'flow'), field: 'flow', unit: MW }],
        place: (record) => ({ location: labelOf(record, placeAt), series: null }),
      };
    },
  },
} as const satisfies Readonly<Record<string, Layout>>;
