/**
 * The grid monitor in version 1 of EIA's interface, `EBA.{authority}-{what}.{kind}.{H or HL}`: `EBA.BPAT-ALL.D.H` is
 * demand, `.DF.` its forecast, `.NG.` net generation and `.NG.WND.` that of a fuel, `.TI.` total interchange,
 * `EBA.BPAT-PGE.ID.H` the interchange with a neighbour. Periods are hours named by their end, in UTC or with an offset.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Dataset, Decoded, Drift, Payload, Rejection, SourceRow } from '../kit/contract.ts';
import { placeOf } from '../kit/payload.ts';
import { sourceRow } from '../kit/source-row.ts';
import { readSeries, unitOf } from './api-answer.ts';
import { isBulk, readBulk, seriesInBulk } from './bulk-series.ts';
import { EIA_NULL_WORDS } from './null-words.ts';
import { HOURS, hourEnding } from './period.ts';

const ID = /^EBA\.([A-Z0-9]+)-([A-Z0-9]+)\.(D|DF|NG|TI|ID)(?:\.([A-Z]+))?\.(H|HL)$/;
const FIELDS: Readonly<Record<string, string>> = {
  D: 'load',
  DF: 'load_forecast',
  NG: 'generation',
  TI: 'interchange',
  ID: 'interchange',
};

/** Which kind of answer a series belongs to; null for one that is not of the grid monitor. */
export function seriesKind(id: string): 'region' | 'fuel' | 'interchange' | 'part' | null {
  const parts = ID.exec(id);
  if (parts === null) return null;
  if (parts[3] === 'ID') return 'interchange';
  if (parts[3] === 'D' && parts[2] !== 'ALL') return 'part';
  return parts[3] === 'NG' && parts[4] !== undefined ? 'fuel' : 'region';
}

/** What a series is: `CISO-ALL.D` of the authority, `CISO-PGAE.D` of a part of it, `.ID` with a neighbour. */
function meaningOf(parts: RegExpExecArray): { location: string; series: string | null; field: string } {
  const [, location = '', other = '', kind = '', fuel] = parts;
  const series = other === 'ALL' ? (fuel ?? null) : other;
  return { location, series, field: FIELDS[kind] ?? '' };
}

/**
 * Reads the bulk file of the grid monitor, in which all kinds of series stand. A series by the local hour says again what
 * the one in UTC says: where both are there it is left alone, and so is one that is not known; both are reported.
 */
function readBulkGrid(payload: Payload): Decoded {
  const { series, damage } = readBulk(payload);
  const ids = new Set(series.map(({ of }) => of.id));
  const rows: SourceRow[] = [];
  const drift: Drift[] = [];
  for (const { line, of } of series) {
    const parts = ID.exec(of.id);
    if (parts === null || (parts[5] === 'HL' && ids.has(of.id.replace(/L$/, '')))) {
      drift.push({ column: of.id.slice(0, 80), at: line });
      continue;
    }
    const { location, series: label, field } = meaningOf(parts);
    for (const [period, value] of of.data) {
      const { words, bounds } = hourEnding(period);
      const values = [{ field, value, unit: unitOf(of.units) }];
      rows.push(sourceRow(line, location, words, values, { series: label, bounds }));
    }
  }
  if (rows.length === 0 && damage === null)
    throw new CarbonError(
      'SOURCE_EMPTY',
      'the bulk file holds no series of the grid monitor',
      placeOf(payload),
    );
  return { rows, rejected: [], drift, damage, layout: { time: HOURS } };
}

/** The dataset `grid_series`. */
export const gridSeries: Dataset = {
  name: 'grid_series',
  title: 'The bulk file of the grid monitor: every series by the hour',
  time: HOURS,
  nullWords: EIA_NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'load', unit: 'MWh', what: 'demand, of a part where that is the series' },
    { field: 'load_forecast', unit: 'MWh', what: 'day-ahead forecast of demand' },
    { field: 'generation', unit: 'MWh', what: 'net generation, in all or of the fuel that is the series' },
    {
      field: 'interchange',
      unit: 'MWh',
      what: 'interchange, in all or with the neighbour that is the series',
    },
  ],
  recognise: (head) =>
    isBulk(head.text) && seriesInBulk(head).some((id) => ID.test(id)) ? (/EBA/i.test(head.name) ? 3 : 2) : 0,
  // The file is no longer written: copies of it are read.
  plan: () => [],
  decode: readBulkGrid,
};

/** Reads an answer of version 1; a series that is not known is set aside with all its periods as one rejection. */
export function readGridSeries(payload: Payload): Decoded {
  const rows: SourceRow[] = [];
  const rejected: Rejection[] = [];
  let record = 0;
  for (const { id, units, data } of readSeries(payload)) {
    const parts = ID.exec(id);
    if (parts === null) {
      rejected.push(unknownSeries(record + 1, id));
      record += data.length;
      continue;
    }
    const { location, series, field } = meaningOf(parts);
    for (const [period, value] of data) {
      record++;
      const { words, bounds } = hourEnding(period);
      const values = [{ field, value, unit: unitOf(units) }];
      rows.push(sourceRow(record, location, words, values, { series, bounds }));
    }
  }
  return { rows, rejected, drift: [], damage: null, layout: { time: HOURS } };
}

function unknownSeries(row: number, id: string): Rejection {
  return {
    row,
    code: 'FIELD_UNKNOWN',
    message: `record ${row}: the series ${id.slice(0, 60)} is not one of the grid monitor`,
    field: 'series_id',
    expected: 'EBA.{authority}-ALL.{D, DF, NG, TI}.H',
    got: id.slice(0, 80),
    location: null,
    series: null,
  };
}
