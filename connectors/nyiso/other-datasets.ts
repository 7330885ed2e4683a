/** NYISO's datasets of other reports, which are read from kept files; nothing is fetched. */

import type { Dataset, PublishedField } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { FORWARD, type Layout, ofFiles, shapeOf } from '../kit/tables/layout.ts';
import { tableDataset } from '../kit/tables/table-dataset.ts';
import { FLAT_TABLES } from '../kit/tables/table-head.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import {
  CAPACITY_FIELDS,
  CIRCULATION_FIELDS,
  DAYS,
  ERROR_FIELDS,
  OTHER_LAYOUTS,
  OUTAGE_FIELDS,
  PAR_FIELDS,
  READINGS,
  TRANSFER_FIELDS,
  WEATHER_FIELDS,
} from './other-tables.ts';
import { HOURS } from './zoned-time.ts';

const dataset = (
  name: keyof typeof OTHER_LAYOUTS,
  title: string,
  time: TimeConvention,
  fields: readonly PublishedField[],
  named: RegExp,
): Dataset => {
  const layout: Layout = OTHER_LAYOUTS[name];
  return tableDataset({
    name,
    title,
    time,
    fields,
    named,
    nullWords: NULL_WORDS,
    coverage: null,
    shapes: [shapeOf({ coverage: ofFiles(FORWARD), ...layout }, () => () => null)],
    reader: FLAT_TABLES,
    plan: () => [],
  });
};

/** The datasets. */
export const otherDatasets: readonly Dataset[] = [
  dataset(
    'transfer_limits',
    'What interfaces can transfer, day-ahead and hour-ahead',
    HOURS,
    TRANSFER_FIELDS,
    /atc_ttc/i,
  ),
  dataset(
    'weather_forecast',
    'Weather of the stations that load forecasts hang on',
    DAYS,
    WEATHER_FIELDS,
    /lfweather/i,
  ),
  dataset(
    'da_loop_flow',
    'Day-ahead flow around Lake Erie by the hour',
    HOURS,
    CIRCULATION_FIELDS,
    /ErieCirculationDA/i,
  ),
  dataset(
    'rt_loop_flow',
    'Real-time flow around Lake Erie',
    READINGS,
    CIRCULATION_FIELDS,
    /ErieCirculationRT/i,
  ),
  dataset(
    'outages',
    'Generation that is expected to be on outage, by day',
    DAYS,
    OUTAGE_FIELDS,
    /gen_?maint|outage/i,
  ),
  dataset(
    'solar_capacity',
    'Sun that is installed behind the meter by zone and day',
    DAYS,
    CAPACITY_FIELDS,
    /btminstalled/i,
  ),
  dataset(
    'area_control_error',
    'Area control error, readings every few seconds',
    READINGS,
    ERROR_FIELDS,
    /(?:^|[^a-z])ace/i,
  ),
  dataset('par_flow', 'Flow through phase angle regulators', READINGS, PAR_FIELDS, /ParFlows/i),
];
