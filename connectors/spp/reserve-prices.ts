/**
 * SPP clearing prices of regulation and reserves by reserve zone: day-ahead by the hour (`DA-MCP`), in real time by five
 * minutes (`RTBM-MCP`, `RTBM-MCP-DAILY`). Ramp came in 2022, uncertainty in 2023: a file has the products of its day.
 */

import { DAY, HOUR, MINUTE } from '../../core/time/instant.ts';
import type { Dataset, PublishedField } from '../kit/contract.ts';
import { FIVE_MINUTES_ENDING, HOUR_ENDING, hasAll, sppDataset } from './dataset.ts';
import type { SppHead } from './glimpse.ts';
import { byAge, DAYS_OF_INTERVALS, dailyFiles, intervalFiles } from './routes.ts';
import type { SppColumns } from './table.ts';

const UNIT = 'USD/MW';

/** Column → field and what it is; real time prices service and mileage of regulation apart. */
const PRODUCTS: Readonly<Record<string, readonly [field: string, what: string]>> = {
  regup: ['mcp_regup', 'regulation up'],
  regdn: ['mcp_regdn', 'regulation down'],
  regupservice: ['mcp_regup', 'regulation up'],
  regdnservice: ['mcp_regdn', 'regulation down'],
  regupmile: ['mcp_regup_mileage', 'mileage of regulation up'],
  regdnmile: ['mcp_regdn_mileage', 'mileage of regulation down'],
  spin: ['mcp_spin', 'spinning reserve'],
  supp: ['mcp_supp', 'supplemental reserve'],
  rampup: ['mcp_rampup', 'ramp up'],
  rampdn: ['mcp_rampdn', 'ramp down'],
  uncup: ['mcp_uncup', 'uncertainty reserve'],
};

const fieldsOf = (columns: readonly string[]): PublishedField[] =>
  columns.map((column) => {
    const [field = '', what = ''] = PRODUCTS[column] ?? [];
    return { field, unit: UNIT, what: `clearing price of ${what}` };
  });

const SHARED: readonly string[] = ['spin', 'supp', 'rampup', 'rampdn', 'uncup'];

const columnsWith = (required: readonly string[]): SppColumns => ({
  place: ['reservezone'],
  series: [],
  required: ['reservezone', ...required],
  ignored: ['interval', 'baa'],
  meaningOf(name) {
    const product = PRODUCTS[name];
    return product === undefined ? null : { field: product[0], unit: UNIT };
  },
});

const isTable = (head: SppHead): boolean => head.form === 'table' && head.names.has('reservezone');

/** Real time is told by its parts of regulation, by stamps between full hours, and of a stamp alone by the name. */
const isRealTime = (head: SppHead, name: string): boolean =>
  head.names.has('regupservice') ||
  (head.names.has('regup') &&
    (head.cadence === 'five-minute' || (head.cadence === 'single' && /RTBM/i.test(name))));

/** The dataset `da_as_prices` of SPP. */
export const dayAheadReserves: Dataset = sppDataset({
  name: 'da_as_prices',
  title: 'Day-ahead clearing prices of regulation and reserves by zone',
  fields: fieldsOf(['regup', 'regdn', ...SHARED]),
  time: HOUR_ENDING,
  columns: columnsWith(['regup', 'regdn']),
  matches: (head, name) => isTable(head) && hasAll(head, 'regup', 'spin') && !isRealTime(head, name),
  named: /DA.?MCP/i,
  files: dailyFiles({
    folder: 'da-mcp',
    path: '/{YYYY}/{MM}/DA-MCP-{YYYYMMDD}0100.csv',
    published: -10 * HOUR,
  }),
});

/** The dataset `rt_as_prices` of SPP. */
export const realTimeReserves: Dataset = sppDataset({
  name: 'rt_as_prices',
  title: 'Real-time five-minute clearing prices of regulation and reserves by zone',
  fields: fieldsOf(['regupservice', 'regdnservice', 'regupmile', 'regdnmile', ...SHARED]),
  time: FIVE_MINUTES_ENDING,
  columns: columnsWith(['spin']),
  matches: (head, name) => isTable(head) && hasAll(head, 'spin') && isRealTime(head, name),
  named: /RTBM.?MCP/i,
  files: byAge(
    [
      DAYS_OF_INTERVALS,
      intervalFiles({
        folder: 'rtbm-mcp',
        path: '/{start:YYYY}/{start:MM}/By_Interval/{start:DD}/RTBM-MCP-{YYYYMMDDhhmm}{d}.csv',
        published: 10 * MINUTE,
      }),
    ],
    [
      Number.POSITIVE_INFINITY,
      dailyFiles({
        folder: 'rtbm-mcp',
        path: '/{YYYY}/{MM}/By_Day/RTBM-MCP-DAILY-{YYYYMMDD}.csv',
        published: 6 * DAY,
      }),
    ],
  ),
});
