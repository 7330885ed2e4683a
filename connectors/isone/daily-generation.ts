/**
 * ISO New England's report of generation by fuel and day: a line for each day of the market, a column for each fuel, in
 * megawatt-hours; as a report of ISO Express, and the same table saved without its frame or as the sheet of a workbook.
 */

import { DAY } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, SourceRow } from '../kit/contract.ts';
import { sourceRow } from '../kit/source-row.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { isoneDataset } from './dataset.ts';
import { dayBounds, MARKET_DAYS } from './eastern.ts';
import { compact, DAY_COLUMNS, isDailyGeneration } from './express-columns.ts';
import { readExpress } from './express-report.ts';
import { ISONE_SYSTEM } from './web-rows.ts';

const UNIT = 'MWh';

/** Columns of the sums; every other one that is not the date is a fuel. */
const SUMS: Readonly<Record<string, string>> = {
  total: 'generation_total',
  totalgeneration: 'generation_total',
  grandtotal: 'generation_total',
  netinterchange: 'interchange',
  netimports: 'interchange',
  netenergyforload: 'load_net',
  nel: 'load_net',
};
const DATES = ['M/D/YYYY', 'YYYY-MM-DD[ hh:mm:ss]', 'YYYY-MM-DD[T]hh:mm:ss[.f]'];

/** Throws as {@link readExpress}. A date that is none leaves its row to be refused. */
function readDays(payload: Payload): Decoded {
  const report = readExpress(payload);
  const names = report.header.map(compact);
  const at = names.findIndex((name) => DAY_COLUMNS.includes(name));
  const rows: SourceRow[] = [];
  for (const { fields, line } of report.data) {
    const printed = fields[at] ?? '';
    const wall = DATES.map((pattern) => parseStamp(pattern, printed)).find((day) => day !== null) ?? null;
    const bounds = wall === null ? { start: printed, end: printed } : printedBounds(wall / DAY);
    const more = { bounds, publishedAt: report.publishedAt };
    const sums: SourceRow['values'] = [];
    for (const [column, name] of names.entries()) {
      const value = fields[column] ?? '';
      if (column === at || name === '') continue;
      const sum = SUMS[name];
      if (sum !== undefined) sums.push({ field: sum, value, unit: UNIT });
      else
        rows.push(
          sourceRow(line, ISONE_SYSTEM, printed, [{ field: 'generation', value, unit: UNIT }], {
            ...more,
            series: report.header[column] ?? '',
          }),
        );
    }
    if (sums.length > 0) rows.push(sourceRow(line, ISONE_SYSTEM, printed, sums, more));
  }
  return { rows, rejected: [], drift: [], damage: report.damage, layout: { time: MARKET_DAYS } };
}

function printedBounds(day: number): { start: string; end: string } {
  const { start, end } = dayBounds(day);
  return { start: formatStamp(MARKET_DAYS.pattern, start), end: formatStamp(MARKET_DAYS.pattern, end) };
}

/** The dataset `fuel_mix_daily` of ISO New England; the report is read where it has been kept. */
export const dailyGeneration: Dataset = {
  ...isoneDataset({
    name: 'fuel_mix_daily',
    title: 'Generation by fuel and day',
    fields: [
      { field: 'generation', unit: UNIT, what: 'energy of a fuel on a day, its name as series' },
      { field: 'generation_total', unit: UNIT, what: 'energy of all fuels' },
      { field: 'interchange', unit: UNIT, what: 'energy over the ties, sign as published' },
      { field: 'load_net', unit: UNIT, what: 'net energy for load' },
    ],
    kinds: [],
    express: (head) => isDailyGeneration(head.names),
    readExpress: readDays,
    named: /daily.?gen|gen.?by.?fuel/i,
    plan: () => [],
  }),
  time: MARKET_DAYS,
};
