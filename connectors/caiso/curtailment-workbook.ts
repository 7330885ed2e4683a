/**
 * CAISO's workbooks of production and curtailment, `ProductionAndCurtailmentsData_2023.xlsx`: a sheet of what was produced
 * and one of what wind and sun had to leave out, five minutes to a line, told by day, hour of the market and interval.
 *
 * Hours are counted from 1; the second pass of the repeated hour is 25 where it has a number, and else told by order.
 */

import { MINUTE } from '../../core/time/instant.ts';
import type { Dataset, PublishedField } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { ownEntry } from '../kit/own-entry.ts';
import { type Cells, type Clock, FORWARD, type Layout, labelOf, shapeOf } from '../kit/tables/layout.ts';
import { type TableView, tableDataset } from '../kit/tables/table-dataset.ts';
import { FLAT_TABLES } from '../kit/tables/table-head.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { CAISO_ZONE } from './routes.ts';

const UNIT = 'MW';
const SYSTEM = 'CAISO';
const SECOND = '25';
const DATES = ['YYYY-MM-DD[ hh:mm:ss]', 'M/D/YYYY', 'M/D/YY'];

const TIME: TimeConvention = {
  name: 'pacific-five-minutes-beginning',
  zone: CAISO_ZONE,
  pattern: 'YYYY-MM-DD hh:mm',
  stamp: 'beginning',
  length: 5 * MINUTE,
  onGrid: true,
  repeated: { by: 'order' },
};
const NUMBERED: TimeConvention = {
  ...TIME,
  repeated: { by: 'flag', first: ['1', '2'], second: [SECOND] },
};

/** Begin of an interval on the clock: hour 2 and hour 25 are both 01:00. */
function clockOf(hour: number, interval: number): string | null {
  if (!(hour >= 1 && hour <= 25 && interval >= 1 && interval <= 12)) return null;
  const begin = hour === 25 ? 1 : hour - 1;
  return `${String(begin).padStart(2, '0')}:${String(5 * (interval - 1)).padStart(2, '0')}`;
}

function clock(view: TableView): Clock {
  const [dateAt, hourAt, intervalAt] = ['date', 'hour', 'interval'].map((name) => view.columns.find(name));
  const time = view.records.some((record) => labelOf(record, hourAt ?? -1) === SECOND) ? NUMBERED : TIME;
  return {
    time,
    read(record) {
      const words = [dateAt, hourAt, intervalAt].map((at) => labelOf(record, at ?? -1));
      const [date, hour, interval] = words;
      if (typeof date !== 'string' || typeof hour !== 'string' || typeof interval !== 'string') return null;
      const wall = DATES.map((pattern) => parseStamp(pattern, date)).find((at) => at !== null);
      const begin = clockOf(Number(hour), Number(interval));
      if (wall === undefined || wall === null || begin === null)
        return { words: words.join(' '), hint: null };
      return {
        words: `${formatStamp('YYYY-MM-DD', wall)} ${begin}`,
        hint: time === NUMBERED ? hour : null,
      };
    },
  };
}

const CURTAILED: Layout = {
  title: 'Date, Hour, Interval, Wind Curtailment, Solar Curtailment',
  needs: [['date'], ['hour'], ['interval'], ['windcurtailment', 'solarcurtailment']],
  clock,
  cells: (view): Cells => {
    const reasonAt = view.columns.find('reason');
    const measures = (['wind', 'solar'] as const).flatMap((kind) => {
      const at = view.columns.find(`${kind}curtailment`);
      return at < 0 ? [] : [{ at, field: `${kind}_curtailment`, unit: UNIT }];
    });
    return {
      measures,
      place: (record) => ({ location: SYSTEM, series: labelOf(record, reasonAt) }),
    };
  },
};

/** Columns of the sheet of production that are no resource. */
const SUMS: Readonly<Record<string, string>> = {
  load: 'load',
  netload: 'net_load',
  generation: 'generation_total',
  loadlessgenerationimports: 'load_unserved',
};

const PRODUCED: Layout = {
  title: 'Date, Hour, Interval, Load, Solar, Wind, Net Load, …',
  needs: [
    ['date'],
    ['hour'],
    ['interval'],
    ['load'],
    ['solar'],
    ['wind'],
    ['netload'],
    ['largehydro', 'thermal', 'loadlessgenerationimports'],
  ],
  clock,
  cells: (view): Cells => ({
    measures: view.columns
      .take((name, printed) => (printed === '' ? null : { field: ownEntry(SUMS, name) ?? null, printed }))
      .map(({ at, of: { field, printed } }) =>
        field === null ? { at, field: 'generation', unit: UNIT, series: printed } : { at, field, unit: UNIT },
      ),
    place: () => ({ location: SYSTEM, series: null }),
  }),
};

const workbook = (
  name: string,
  title: string,
  layout: Layout,
  fields: readonly PublishedField[],
): Dataset => {
  const dataset = tableDataset({
    name,
    title,
    time: TIME,
    fields,
    named: /ProductionAndCurtailment|curtailment/i,
    nullWords: NULL_WORDS,
    coverage: null,
    shapes: [shapeOf({ coverage: () => FORWARD, ...layout }, () => () => null)],
    reader: FLAT_TABLES,
    // Workbooks that were kept are read; nothing is fetched.
    plan: () => [],
  });
  // Their columns are those of no other report of any market.
  return { ...dataset, recognise: (head) => (dataset.recognise(head) > 0 ? 3 : 0) };
};

/** The dataset `curtailment`. */
export const curtailment = workbook(
  'curtailment',
  'Wind and sun that were curtailed, by five minutes',
  CURTAILED,
  [
    { field: 'wind_curtailment', unit: UNIT, what: 'wind that was left out, the reason as series' },
    { field: 'solar_curtailment', unit: UNIT, what: 'sun that was left out, the reason as series' },
  ],
);

/** The dataset `production`. */
export const production = workbook(
  'production',
  'Production by resource, load and net load, by five minutes',
  PRODUCED,
  [
    {
      field: 'generation',
      unit: UNIT,
      what: 'production of the resource that is the series, imports among them',
    },
    { field: 'generation_total', unit: UNIT, what: 'production of all resources' },
    { field: 'load', unit: UNIT, what: 'load' },
    { field: 'net_load', unit: UNIT, what: 'load less wind and sun' },
    { field: 'load_unserved', unit: UNIT, what: 'load less generation and imports' },
  ],
);
