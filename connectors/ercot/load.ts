/**
 * ERCOT load and its forecasts, in zones. Actual load by the hour: by weather zone (NP6-345) and forecast zone (NP6-346),
 * as files, API answers, display pages, and the yearly archives (`Native_Load_2017`, one stamp that ends the hour).
 * System-wide demand by the quarter of an hour (NP6-235). Forecasts of seven days: by forecast zone (NP3-560), by weather
 * zone (NP3-561), and by model (NP3-565, the model as series).
 */

import type { PublishedField } from '../kit/contract.ts';
import { type Cells, CONTIGUOUS, FORWARD, type Layout, labelOf, ofFiles } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { fiveMinuteClock, hourlyClock, hourStampClock, quarterEndClock } from './clock.ts';
import { ercotShape, SYSTEM } from './shapes.ts';

const UNIT = 'MW';

/**
 * Zones by their names without marks → the spelling that files of the same family have. The archives shorten three of them
 * (`FWEST`, `NCENT`, `SCENT`), and a place is named as published.
 */
const ZONES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    COAST: 'coast',
    EAST: 'east',
    FAR_WEST: 'farwest',
    FWEST: 'fwest',
    NORTH: 'north',
    NORTH_C: 'northc',
    NCENT: 'ncent',
    NorthCentral: 'northcentral',
    SOUTHERN: 'southern',
    SOUTH: 'south',
    SOUTH_C: 'southc',
    SCENT: 'scent',
    SouthCentral: 'southcentral',
    WEST: 'west',
    HOUSTON: 'houston',
    ERCOT: 'ercot',
    TOTAL: 'total',
    SystemTotal: 'systemtotal',
    Valley: 'valley',
  }).flatMap(([zone, names]) => names.split(' ').map((name) => [name, zone] as const)),
);

/** Fields of the load datasets. */
export const LOAD_FIELDS: readonly PublishedField[] = [
  { field: 'load', unit: UNIT, what: 'demand of a zone, or of the system' },
];
/** Fields of the forecasts. */
export const FORECAST_FIELDS: readonly PublishedField[] = [
  { field: 'load_forecast', unit: UNIT, what: 'forecast demand of a zone, or of the system' },
];

/** Which zones a table has: forecast zones and weather zones share the names of NORTH, SOUTH and WEST. */
function kindOfZones(view: TableView): string | null {
  if (view.columns.has('houston')) return 'forecast zone';
  return view.columns.has('coast', 'farwest', 'fwest', 'east', 'southern') ? 'weather zone' : null;
}

/**
 * One column per zone, the kind of the zones as series, or the model where each has its figures; the total is that of its
 * report. Forecasts write zones as words, actual load in capitals.
 */
function zoned(view: TableView, field: string, spelled: (zone: string) => string): Cells | null {
  const modelAt = view.columns.find('model');
  const taken = view.columns.take((name) => ZONES.get(name) ?? null);
  if (taken.length === 0) return null;
  const kind = kindOfZones(view);
  return {
    measures: taken.map(({ at, of }) => ({ at, field, unit: UNIT, location: spelled(of) })),
    place: (record) => ({ location: null, series: labelOf(record, modelAt) ?? kind }),
  };
}

const asPrinted = (zone: string): string => zone;
const WORDS: Readonly<Record<string, string>> = {
  COAST: 'Coast',
  EAST: 'East',
  FAR_WEST: 'FarWest',
  NORTH: 'North',
  SOUTHERN: 'Southern',
  SOUTH: 'South',
  WEST: 'West',
  HOUSTON: 'Houston',
};
const asWord = (zone: string): string => WORDS[zone] ?? zone;

const DAYS = ['deliverydate', 'operday', 'operatingday'];
/** Columns of other reports that have zones, too. */
const OTHERS = ['systemtotal', 'model', 'regup', 'rrs', 'settlementpoint', 'temperature'];

const archive: Layout = {
  title: 'Hour_End, COAST, EAST, …, ERCOT',
  needs: [['hourend', 'hourending'], ['coast'], ['east'], ['ercot', 'total']],
  lacks: [...DAYS, 'systemtotal'],
  clock: hourStampClock,
  cells: (view) => zoned(view, 'load', asPrinted),
  coverage: ofFiles(FORWARD),
};

/** Shapes of `load_hourly`. */
export const LOAD_HOURLY = [
  archive,
  {
    title: 'OperDay, HourEnding, COAST, …, TOTAL, DSTFlag',
    // The report of the study area has the column Valley alone.
    needs: [DAYS, ['hourending'], ['total', 'valley'], ['coast', 'houston', 'valley']],
    lacks: OTHERS,
    clock: hourlyClock,
    cells: (view: TableView) => zoned(view, 'load', asPrinted),
    coverage: ofFiles(CONTIGUOUS),
  },
].map(ercotShape);

/** Shapes of `load`. */
export const LOAD_QUARTERS = [
  {
    title: 'DeliveryDate, TimeEnding, Demand, DSTFlag',
    needs: [DAYS, ['timeending'], ['demand']],
    clock: quarterEndClock,
    cells: (view: TableView): Cells => ({
      measures: [{ at: view.columns.find('demand'), field: 'load', unit: UNIT }],
      place: () => SYSTEM,
    }),
  },
].map(ercotShape);

/** Shapes of `load_forecast`. */
export const LOAD_FORECASTS = [
  {
    title: 'DeliveryDate, HourEnding, North, South, West, Houston, SystemTotal, DSTFlag',
    needs: [DAYS, ['hourending'], ['systemtotal', 'valley'], ['north', 'coast', 'model']],
    lacks: ['total', 'regup'],
    ignored: ['inuseflag'],
    clock: hourlyClock,
    cells: (view: TableView) => zoned(view, 'load_forecast', asWord),
    coverage: ofFiles(CONTIGUOUS),
  },
].map(ercotShape);

/** Shapes of `load_forecast_5min`. */
export const LOAD_FORECASTS_AT_ONCE = [
  {
    title: 'IntervalEnding, Coast, East, …, SystemTotal, Model, InUseFlag, DSTFlag',
    needs: [['intervalending'], ['coast'], ['systemtotal']],
    ignored: ['inuseflag'],
    clock: fiveMinuteClock,
    cells: (view: TableView) => zoned(view, 'load_forecast', asWord),
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);

/** Columns of the report that compares the load with its forecasts → fields, as its dashboard has them. */
const OUTLOOK: ReadonlyMap<string, string> = new Map([
  ['actualload', 'load'],
  ['currentdayforecast', 'load_forecast'],
  ['dayaheadforecast', 'load_forecast_day_ahead'],
  ['currentdayhsl', 'capacity'],
  ['dayaheadhsl', 'capacity_day_ahead'],
]);

/** Fields of `load_outlook_file`. */
export const LOAD_OUTLOOK_FIELDS: readonly PublishedField[] = [
  { field: 'load', unit: UNIT, what: 'load of the system, for hours past' },
  { field: 'load_forecast', unit: UNIT, what: 'its forecast of now' },
  { field: 'load_forecast_day_ahead', unit: UNIT, what: 'its forecast of the day before' },
  { field: 'capacity', unit: UNIT, what: 'capacity in the operating plans' },
  { field: 'capacity_day_ahead', unit: UNIT, what: 'capacity in the plans of the day before' },
];

/** Shapes of `load_outlook_file`. */
export const LOAD_OUTLOOKS = [
  {
    title: 'DeliveryDate, HourEnding, CurrentDayForecast, DayAheadForecast, ActualLoad, …, DSTFlag',
    needs: [DAYS, ['hourending'], ['actualload'], ['dayaheadforecast', 'currentdayforecast']],
    clock: hourlyClock,
    cells: (view: TableView): Cells => ({
      measures: view.columns
        .take((name) => OUTLOOK.get(name) ?? null)
        .map(({ at, of }) => ({ at, field: of, unit: UNIT })),
      place: () => SYSTEM,
    }),
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);
