/**
 * MISO's scheduled interchange by the hour: the workbook of a day `YYYYMMDD_sr_nd_is.xls`, a column for each neighbour, and
 * the history of a year `YYYY_sr_hist_is.csv` between bars, `MKTDAY|INTERFACE|HE1|…|HE24`.
 */

import { textAt } from '../kit/readers/sheet.ts';
import { sourceRow } from '../kit/source-row.ts';
import {
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
const FIELD = 'interchange_scheduled';
const SYSTEM = 'MISO';
/** Names of neighbours, of which a header has at least two. */
const NEIGHBOURS =
  /^(?:AECI?|CSWS|GLHB|LGEE|MHEB|OKGE|ONT|IESO|PJM|SOCO|SPA|SPC|SPP|SWPP|TVA|WAUE|EEI|EES|NSP)$/i;
const TOTAL = /^(?:MISO|NSI|TOTAL.*|NET.*)$/i;

/** A column for each neighbour. */
function columns(header: SheetRow): LineReader | null {
  const names = cellsOf(header);
  // `MarketHour` is SPP's, whose loads have columns of the same names.
  const first = names.findIndex((name) => NEIGHBOURS.test(name));
  const named = names.findIndex((name) => /^(?:hour|he|(?:market)?hourending)$/.test(compact(name)));
  // Hours may have no heading: then they are what stands before the neighbours.
  const bare = first > 0 && names.slice(0, first).every((name) => name === '');
  if ((named < 0 && !bare) || names.filter((name) => NEIGHBOURS.test(name)).length < 2) return null;
  const from = named < 0 ? first : named + 1;
  const taken = names.flatMap((name, at) => (at >= from && name !== '' ? [{ at, name }] : []));
  return (row, line, day) => {
    const label = named < 0 ? cellsOf(row).slice(0, first).find(Boolean) : textAt(row, named);
    const hour = hourOf(label ?? '');
    if (hour === null || day === null) return [];
    return taken.map(({ at, name }) => figure(line, `${day} HE ${hour}`, name, row?.[at]?.text ?? null));
  };
}

/** A column for each hour. */
function lines(header: SheetRow): LineReader | null {
  const words = cellsOf(header).map(compact);
  const [day, place] = [words.indexOf('mktday'), words.indexOf('interface')];
  const hours = words.flatMap((word, at) => {
    const hour = /^he0?(\d{1,2})$/.exec(word)?.[1];
    return hour === undefined ? [] : [{ at, hour: Number(hour) }];
  });
  if (day < 0 || place < 0 || hours.length === 0) return null;
  return (row, line) => {
    const date = textAt(row, day);
    // Words below the last line stand alone in it.
    if (date === '' || (!/\d/.test(date) && hours.every(({ at }) => textAt(row, at) === ''))) return [];
    return hours.map(({ at, hour }) =>
      figure(line, `${dayOf(date)} HE ${hour}`, textAt(row, place), row?.[at]?.text ?? null),
    );
  };
}

const figure = (
  line: number,
  time: string,
  name: string,
  value: string | null,
): ReturnType<typeof sourceRow> =>
  sourceRow(line, SYSTEM, time, [{ field: FIELD, value, unit: UNIT }], {
    series: TOTAL.test(name) ? null : name,
  });

const REPORT: HourReport = {
  open: (header) => columns(header) ?? lines(header),
  // The summary of the day-ahead market has net scheduled imports.
  words: /Scheduled Interchange|Interchange Schedule|Net Scheduled(?! Imports)/i,
  named: /sr_|interchange/i,
  expected: 'Hour Ending, MHEB, PJM, …; or MKTDAY, INTERFACE, HE1 … HE24',
};

/** The dataset `interchange_hourly` of MISO. */
export const hourlyInterchange = hourDataset(REPORT, {
  name: 'interchange_hourly',
  title: 'Scheduled interchange with each neighbour by the hour',
  fields: [{ field: FIELD, unit: UNIT, what: 'scheduled interchange, the neighbour as series' }],
});
