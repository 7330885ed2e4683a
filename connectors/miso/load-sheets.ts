/**
 * MISO's workbooks of load: `YYYYMMDD_df_al.xls` (forecast and actual load of a week by local resource zone),
 * `YYYYMMDD_rf_al.xls` (by region), and `YYYY12_dfal_HIST_xls.zip`, `YYYY12_rfal_HIST_xls.zip` (a year, a zone or a region
 * to a line); old workbooks, or sheets of new ones as text.
 *
 * The header stands somewhere near the top and is repeated between days; columns that hold nothing came in 2026. MTLF is
 * the medium-term load forecast. Hours that have not been have no actual load.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { placeOf } from '../kit/payload.ts';
import { looksCompound } from '../kit/readers/compound-file.ts';
import { type Sheet, textAt } from '../kit/readers/sheet.ts';
import { headSheets, readSheets, sheetWords } from '../kit/readers/sheets.ts';
import { sourceRow } from '../kit/source-row.ts';
import { exchangeHead, isExchange, readExchange } from './data-exchange.ts';
import { dayOf, hourOf, SHEET_HOUR } from './hour-sheets.ts';
import { PREAMBLE_RECORDS } from './layouts.ts';
import { operatingDays, workbookRequest } from './routes.ts';

const UNIT = 'MWh';
/** Location of a figure of the whole market. */
const SYSTEM = 'MISO';

/** A column that holds a figure, or names the zone of its row. */
interface Layout {
  readonly day: number;
  readonly hour: number;
  /** Column of the zone, where each row has its own; -1 where zones are columns. */
  readonly zone: number;
  readonly figures: readonly { readonly at: number; readonly field: string; readonly place: string }[];
}

const compact = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The columns of a row; null where it is no header. */
function layoutOf(row: Sheet['rows'][number]): Layout | null {
  const names = Array.from({ length: row?.length ?? 0 }, (_, at) => textAt(row, at));
  const words = names.map(compact);
  const [day, hour] = [words.indexOf('marketday'), words.indexOf('hourending')];
  if (day < 0 || hour < 0) return null;
  const figures = names.flatMap((name, at) => {
    const parts = /^(.*?)\s*(MTLF|Actual ?Load)\s*(?:\(MWh\))?$/i.exec(name);
    if (parts === null) return [];
    const field = /^mtlf$/i.test(parts[2] ?? '') ? 'load_forecast' : 'load';
    return [{ at, field, place: parts[1] === '' ? SYSTEM : (parts[1] ?? '') }];
  });
  const zone = words.findIndex((word) => /^(?:load|local)resourcezone|^region$/.test(word));
  return { day, hour, zone, figures };
}

function recognise(head: PayloadHead): Recognition {
  if (exchangeHead(head)?.kind === 'load-forecast') return 2;
  if (!looksCompound(head.text)) {
    const rows = headSheets(head).flatMap((sheet) => sheet.rows.slice(0, 2 * PREAMBLE_RECORDS));
    if (!rows.some((row) => (layoutOf(row)?.figures.length ?? 0) > 0)) return 0;
    return /df_?al|rf_?al/i.test(head.name) ? 3 : 2;
  }
  const text = sheetWords(head);
  if (!/MTLF \(MWh\)|ActualLoad \(MWh\)/.test(text)) return /d?f_?al|rf_al/i.test(head.name) ? 1 : 0;
  return /df_?al|rf_al/i.test(head.name) ? 3 : 2;
}

/** Throws SOURCE_COLUMN_MISSING for a workbook without the header, SOURCE_EMPTY for one without rows below it. */
function decode(payload: Payload): Decoded {
  if (isExchange(payload)) return readExchange(payload, 'load-forecast');
  const rows: SourceRow[] = [];
  let found = false;
  const { sheets, damage } = readSheets(payload);
  for (const sheet of sheets) {
    let layout: Layout | null = null;
    for (const [index, row] of sheet.rows.entries()) {
      const header = layoutOf(row);
      if (header !== null) {
        layout = header;
        found ||= header.figures.length > 0;
      } else if (layout !== null) for (const made of rowsOf(row, index + 1, layout)) rows.push(made);
    }
  }
  const { position } = placeOf(payload);
  if (!found)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'no sheet has the header of the load report', {
      position: { ...position, field: 'Market Day', expected: 'Market Day, HourEnding, … MTLF (MWh)' },
    });
  if (rows.length === 0)
    throw damage ?? new CarbonError('SOURCE_EMPTY', 'the load report has no row', { position });
  return { rows, rejected: [], drift: [], damage };
}

/** The figures of a row; none for lines of days and for the words below the table. */
function rowsOf(row: Sheet['rows'][number], line: number, layout: Layout): SourceRow[] {
  const hour = hourOf(textAt(row, layout.hour));
  if (hour === null) return [];
  const date = dayOf(textAt(row, layout.day));
  const zone = layout.zone < 0 ? null : textAt(row, layout.zone);
  return layout.figures.map(({ at, field, place }) =>
    sourceRow(line, zone ?? place, `${date} HE ${hour}`, [
      { field, value: row?.[at]?.text ?? null, unit: UNIT },
    ]),
  );
}

/** The dataset `load_forecast`. */
export const loadForecast: Dataset = {
  name: 'load_forecast',
  title: 'Forecast and actual load of zones and regions by the hour',
  time: SHEET_HOUR,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'load_forecast', unit: UNIT, what: 'medium-term forecast of load (MTLF)' },
    { field: 'load', unit: UNIT, what: 'actual load, absent for hours to come' },
  ],
  recognise,
  plan: (window) => operatingDays(window).map((day) => workbookRequest('df_al', day)),
  decode,
};
