/**
 * The workbooks of EIA's grid monitor, one for each authority and region (`CISO.xlsx`, `Region_NE.xlsx`): the sheet of
 * what was published by the hour, with demand, its forecast, net generation in all and by fuel (`NG: COL`), interchange.
 * An hour is named by its end in UTC; the local time beside it is not read. Emissions and neighbours are left alone.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Decoded, Payload, PayloadHead, SourceRow } from '../kit/contract.ts';
import { ownEntry } from '../kit/own-entry.ts';
import { placeOf } from '../kit/payload.ts';
import { type Sheet, textAt } from '../kit/readers/sheet.ts';
import { wholeSheets } from '../kit/readers/sheets.ts';
import { sourceRow } from '../kit/source-row.ts';
import { HOURS, hourEndingOnClock } from './period.ts';

const UNIT = 'MW';
const PLACES: readonly string[] = ['ba', 'region', 'balancing authority'];
const TIME = 'utc time';
const FIGURES: Readonly<Record<string, string>> = {
  'demand forecast': 'load_forecast',
  df: 'load_forecast',
  demand: 'load',
  d: 'load',
  'net generation': 'generation',
  ng: 'generation',
  'total interchange': 'interchange',
  ti: 'interchange',
  'sum(valid dibas)': 'interchange_of_neighbours',
};

type Row = Sheet['rows'][number];
const namesOf = (row: Row): string[] =>
  Array.from({ length: row?.length ?? 0 }, (_, at) => textAt(row, at).toLowerCase().replace(/\s+/g, ' '));

const isHeader = (names: readonly string[]): boolean =>
  names.includes(TIME) &&
  names.some((name) => PLACES.includes(name)) &&
  names.some((name) => Object.hasOwn(FIGURES, name));

/** True for the start of such a sheet. */
export function isAuthoritySheet(head: PayloadHead): boolean {
  if (/^[\s\uFEFF]*[[{<]/.test(head.text)) return false;
  const [line = ''] = head.text.replace(/^[\s\uFEFF]+/, '').split('\n', 1);
  return isHeader(line.split(',').map((name) => name.replaceAll('"', '').trim().toLowerCase()));
}

/** Throws SOURCE_COLUMN_MISSING and SOURCE_EMPTY, and as {@link wholeSheets}. */
export function readAuthoritySheet(payload: Payload): Decoded {
  const [sheet] = wholeSheets(payload);
  const lines = sheet?.rows ?? [];
  const headerAt = lines.findIndex((row) => isHeader(namesOf(row)));
  const names = namesOf(lines[headerAt]);
  const [placeAt, timeAt] = [names.findIndex((name) => PLACES.includes(name)), names.indexOf(TIME)];
  const figures = names.flatMap((name, at): { at: number; field: string; series: string | null }[] => {
    const field = ownEntry(FIGURES, name);
    if (field !== undefined) return [{ at, field, series: null }];
    const fuel = /^ng: (\w+)$/.exec(name)?.[1];
    return fuel === undefined ? [] : [{ at, field: 'generation', series: fuel.toUpperCase() }];
  });
  const { position } = placeOf(payload);
  if (figures.length === 0)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'the sheet lacks the header of published hours', {
      position: { ...position, line: 1, field: 'UTC time', expected: 'BA, UTC time, …, Demand, …' },
    });
  const rows: SourceRow[] = [];
  for (const [index, row] of lines.entries()) {
    const printed = textAt(row, timeAt);
    if (index <= headerAt || printed === '') continue;
    const { words, bounds } = hourEndingOnClock(printed);
    for (const { at, field, series } of figures) {
      const values = [{ field, value: textAt(row, at), unit: UNIT }];
      rows.push(sourceRow(index + 1, textAt(row, placeAt), words, values, { bounds, series }));
    }
  }
  if (rows.length === 0)
    throw new CarbonError('SOURCE_EMPTY', 'the sheet has a header and no row', { position });
  return { rows, rejected: [], drift: [], damage: null, layout: { time: HOURS } };
}
