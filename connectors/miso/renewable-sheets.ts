/** Wind and sun of MISO in sheets: the hourly ones of the operating margin, and the history of wind. */

import { textAt } from '../kit/readers/sheet.ts';
import { sourceRow } from '../kit/source-row.ts';
import {
  type Above,
  cellsOf,
  compact,
  dayOf,
  type HourReport,
  hourOf,
  type LineReader,
  type SheetRow,
} from './hour-sheets.ts';

export type Kind = 'wind' | 'solar';

/** The kind that words name, or that the figures of the night tell; null where neither does. */
export function kindIn(
  words: string,
  figures: readonly { readonly hour: number; readonly value: string }[] = [],
): Kind | null {
  if (/solar/i.test(words)) return 'solar';
  if (/wind/i.test(words)) return 'wind';
  const nights = figures.filter(
    ({ hour, value }) => (hour <= 3 || hour >= 23) && value.trim() !== '' && Number.isFinite(Number(value)),
  );
  if (nights.length < 2) return null;
  return nights.every(({ value }) => Math.abs(Number(value)) < 1) ? 'solar' : 'wind';
}

/** `DAY HE`, then a column for each region; a day with stars is one that has been. */
function byRegion(header: SheetRow, above: Above): LineReader | null {
  const names = cellsOf(header);
  const timeAt = names.findIndex((name) => compact(name) === 'dayhe');
  const kind = timeAt < 0 ? null : kindIn(above.words());
  if (kind === null) return null;
  const regions = names.flatMap((name, at) => (at > timeAt && name !== '' ? [{ at, name }] : []));
  return (row, line) => {
    const time = /^\**\s*(\S+)\s+(?:HE\s*)?0*(\d{1,2})$/i.exec(textAt(row, timeAt));
    if (time === null) return [];
    return regions.map(({ at, name }) =>
      sourceRow(line, name, `${dayOf(time[1] ?? '')} HE ${time[2]}`, [
        { field: `${kind}_forecast`, value: row?.[at]?.text ?? null, unit: 'MW' },
      ]),
    );
  };
}

/** `Market Day, Hour Ending, MWh`. */
function history(header: SheetRow): LineReader | null {
  const words = cellsOf(header).map(compact);
  const [day, hour, value] = [words.indexOf('marketday'), words.indexOf('hourending'), words.indexOf('mwh')];
  if (day < 0 || hour < 0 || value < 0 || words.filter(Boolean).length !== 3) return null;
  return (row, line) => {
    const number = hourOf(textAt(row, hour));
    if (number === null) return [];
    const values = [{ field: 'wind_energy', value: row?.[value]?.text ?? null, unit: 'MWh' }];
    return [sourceRow(line, 'MISO', `${dayOf(textAt(row, day))} HE ${number}`, values)];
  };
}

/** The reports. */
export const RENEWABLE_SHEETS: HourReport = {
  open: (header, above) => byRegion(header, above) ?? history(header),
  words: /DAY HE|Hourly Wind/i,
  named: /wind|solar|hwd|mom/i,
  expected: 'DAY HE, North, Central, …; or Market Day, Hour Ending, MWh',
};
