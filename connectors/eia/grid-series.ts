/**
 * The grid monitor in version 1 of EIA's interface, `EBA.{authority}-{what}.{kind}.{H or HL}`: `EBA.BPAT-ALL.D.H` is
 * demand, `.DF.` its forecast, `.NG.` net generation and `.NG.WND.` that of a fuel, `.TI.` total interchange,
 * `EBA.BPAT-PGE.ID.H` the interchange with a neighbour. Periods are hours named by their end, in UTC or with an offset.
 */

import type { Decoded, Payload, Rejection, SourceRow } from '../kit/contract.ts';
import { sourceRow } from '../kit/source-row.ts';
import { readSeries, unitOf } from './api-answer.ts';
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
export function seriesKind(id: string): 'region' | 'fuel' | 'interchange' | null {
  const parts = ID.exec(id);
  if (parts === null) return null;
  if (parts[3] === 'ID') return 'interchange';
  return parts[3] === 'NG' && parts[4] !== undefined ? 'fuel' : 'region';
}

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
    const [, location = '', other = '', kind = '', fuel] = parts;
    const series = kind === 'ID' ? other : (fuel ?? null);
    for (const [period, value] of data) {
      record++;
      const { words, bounds } = hourEnding(period);
      const values = [{ field: FIELDS[kind] ?? '', value, unit: unitOf(units) }];
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
