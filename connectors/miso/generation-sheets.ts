/**
 * MISO's generation by fuel, region and hour: the workbook of a day `YYYYMMDD_sr_gfm.xlsx`, whose blocks of fuels stand
 * beside each other below the names of the regions, one sheet of what was cleared day-ahead and one of what ran; and of a
 * year, `historical_gen_fuel_mix_YYYY.xlsx`, with a line for each region and fuel.
 */

import type { SourceRow, SourceValue } from '../kit/contract.ts';
import { ownEntry } from '../kit/own-entry.ts';
import { textAt } from '../kit/readers/sheet.ts';
import { sourceRow } from '../kit/source-row.ts';
import {
  type Above,
  cellsOf,
  compact,
  dayOf,
  type HourReport,
  hourDataset,
  hourOf,
  type LineReader,
  type SheetRow,
} from './hour-sheets.ts';

const UNIT = 'MW';
const SYSTEM = 'MISO';
const CLEARED = 'generation_cleared_day_ahead';
const RAN = 'generation';
const TOTAL: Readonly<Record<string, string>> = {
  [CLEARED]: 'generation_total_cleared_day_ahead',
  [RAN]: 'generation_total',
};

/** The fuels of regions in columns. */
function blocks(header: SheetRow, above: Above): LineReader | null {
  const names = cellsOf(header);
  const hourAt = names.findIndex((name) => /^(?:market)?hourending$/.test(compact(name)));
  if (hourAt < 0 || !names.some((name) => /^coal$/i.test(name))) return null;
  const field = /day.?ahead|\bDA\b/i.test(above.words()) ? CLEARED : RAN;
  let region = SYSTEM;
  const columns = names.flatMap((fuel, at) => {
    region = textAt(above.row, at) || region;
    if (fuel === '' || at <= hourAt) return [];
    const total = /^total/i.test(fuel);
    return [
      { at, region, fuel: total ? null : fuel, field: total ? (ownEntry(TOTAL, field) ?? field) : field },
    ];
  });
  return (row, line, day) => {
    const hour = hourOf(textAt(row, hourAt));
    if (hour === null || day === null) return [];
    return columns.map(({ at, region: place, fuel, field: of }) =>
      sourceRow(line, place, `${day} HE ${hour}`, [{ field: of, value: cell(row, at), unit: UNIT }], {
        series: fuel,
      }),
    );
  };
}

const cell = (row: SheetRow, at: number): string | null => row?.[at]?.text ?? null;

/** A line for each region and fuel. */
function lines(header: SheetRow): LineReader | null {
  const words = cellsOf(header).map(compact);
  const at = (word: RegExp): number => words.findIndex((each) => word.test(each));
  const [day, hour, region, fuel] = [
    at(/^marketda(?:te|y)$/),
    at(/^hourending$/),
    at(/^region$/),
    at(/^fuel/),
  ];
  const figures = [
    { field: CLEARED, at: at(/^dacleared/) },
    { field: RAN, at: at(/^rtgeneration/) },
  ].filter((figure) => figure.at >= 0);
  if (day < 0 || hour < 0 || region < 0 || fuel < 0 || figures.length === 0) return null;
  return (row, line): SourceRow[] => {
    const number = hourOf(textAt(row, hour));
    if (number === null) return [];
    const values: SourceValue[] = figures.map((figure) => ({
      field: figure.field,
      value: cell(row, figure.at),
      unit: UNIT,
    }));
    const time = `${dayOf(textAt(row, day))} HE ${number}`;
    return [sourceRow(line, textAt(row, region) || SYSTEM, time, values, { series: textAt(row, fuel) })];
  };
}

const REPORT: HourReport = {
  open: (header, above) => blocks(header, above) ?? lines(header),
  words: /Generation Fuel Mix|RT Generation|DA Cleared UDS/i,
  named: /gfm|fuel.?mix/i,
  expected:
    'Market Hour Ending, Coal, Gas, …; or Market Date, HourEnding, Region, Fuel Type, RT Generation …',
};

/** The dataset `fuel_mix_hourly` of MISO. */
export const hourlyFuelMix = hourDataset(REPORT, {
  name: 'fuel_mix_hourly',
  title: 'Generation by fuel, region and hour: cleared day-ahead and as it ran',
  fields: [
    { field: RAN, unit: UNIT, what: 'output of a fuel in a region, its name as series' },
    { field: CLEARED, unit: UNIT, what: 'output of a fuel that was cleared day-ahead' },
    { field: 'generation_total', unit: UNIT, what: 'output of all fuels of a region' },
    { field: 'generation_total_cleared_day_ahead', unit: UNIT, what: 'what was cleared of all fuels' },
  ],
});
