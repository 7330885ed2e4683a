/**
 * MISO's summary of the day-ahead market, `YYYYMMDD_da_ex.xls`: what was cleared in each hour, demand and supply by their
 * kinds, in GWh, and what was offered, in GW. A line for each hour, `Hour 01` to `Hour 24`; each column keeps its own name as field.
 * `YYYYMMDD_da_ex_rg.xlsx` says the same of the market and of each region, which stands beside the hour or below it.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { placeOf } from '../kit/payload.ts';
import { looksCompound } from '../kit/readers/compound-file.ts';
import { type Sheet, textAt } from '../kit/readers/sheet.ts';
import { readSheets, sheetWords } from '../kit/readers/sheets.ts';
import { sourceRow } from '../kit/source-row.ts';
import { dayIn, SHEET_HOUR } from './hour-sheets.ts';

const SYSTEM = 'MISO';
const UNIT = 'GWh';
const OFFER_UNIT = 'GW';

/** Columns by the words of their names, units and dashes aside. */
const COLUMNS: Readonly<Record<string, string>> = {
  'demand cleared physical fixed': 'demand_cleared_physical_fixed',
  'demand cleared physical price sen': 'demand_cleared_physical_price_sensitive',
  'demand cleared physical price sensitive': 'demand_cleared_physical_price_sensitive',
  'demand cleared virtual': 'demand_cleared_virtual',
  'demand cleared total': 'demand_cleared_total',
  'supply cleared physical': 'supply_cleared_physical',
  'supply cleared virtual': 'supply_cleared_virtual',
  'supply cleared total': 'supply_cleared_total',
  'net scheduled imports': 'net_scheduled_imports',
};

const HOUR_LINE = /^(?:Hour|HE)?\s*0*(\d{1,2})(?:\.0)?$/i;

/** What is offered, by the limit that the offers are counted at and their kind. */
const OFFERED =
  /^Generation Resources Offered.*\(GW at Econ\.? (Max|Min)\)\s*-?\s*(Must.?Run|Economic|Emergency|Total)$/i;

interface Named {
  readonly field: string;
  readonly unit: string;
}

/** The field of a column and its unit; null for one that is not read. */
function fieldOf(name: string): Named | null {
  const offered = OFFERED.exec(name.replace(/\s+/g, ' ').trim());
  if (offered !== null) {
    const kind = (offered[2] ?? '').toLowerCase().replace(/\W/g, '_');
    return { field: `offered_${(offered[1] ?? '').toLowerCase()}_${kind}`, unit: OFFER_UNIT };
  }
  const words = name
    .toLowerCase()
    .replace(/\([^)]*\)/g, ' ')
    .replace(/[^a-z]+/g, ' ')
    .trim();
  const field = Object.hasOwn(COLUMNS, words) ? (COLUMNS[words] ?? null) : null;
  return field === null ? null : { field, unit: UNIT };
}

function recognise(head: PayloadHead): Recognition {
  const text = sheetWords(head);
  if (
    !looksCompound(head.text) &&
    (!/^[^\n]*(?:\n[^\n]*){0,20}Hour (?:Ending|0?1\b)/i.test(text) || /^\s*[[{<]/.test(text))
  )
    return 0;
  if (!/Cleared \(GWh\)/i.test(text)) return 0;
  return /da_ex/i.test(head.name) ? 3 : 2;
}

/**
 * The hour of a line, in the first cell before the figures that is not blank, and its region where the report has a column of
 * them; a blank hour is that of the line above then. No hour for a line of other words.
 */
function labelsOf(
  row: Sheet['rows'][number],
  fields: readonly (Named | null)[],
  regionAt: number,
  before: string | undefined,
): { hour: string | undefined; place: string } {
  const figureAt = fields.findIndex((field) => field !== null);
  const until = regionAt >= 0 ? regionAt : Math.max(1, figureAt);
  const first = Array.from({ length: until }, (_, at) => textAt(row, at)).find((cell) => cell !== '');
  const place = regionAt < 0 ? SYSTEM : textAt(row, regionAt);
  // Above the header a number alone is no hour.
  const headed = figureAt >= 0 || /^(?:Hour|HE)/i.test(first ?? '');
  const hour = first === undefined && regionAt >= 0 ? before : HOUR_LINE.exec(first ?? '')?.[1];
  return { hour: headed && place !== '' ? hour : undefined, place };
}

/** Throws SOURCE_COLUMN_MISSING where no line of hours stands below a header and a date. */
function decode(payload: Payload): Decoded {
  const rows: SourceRow[] = [];
  const { sheets, damage } = readSheets(payload);
  for (const sheet of sheets) {
    let date: string | null = null;
    let fields: (Named | null)[] = [];
    let regionAt = -1;
    let last: string | undefined;
    for (const [index, row] of sheet.rows.entries()) {
      const { hour, place } = labelsOf(row, fields, regionAt, last);
      if (hour === undefined) {
        date ??= dayIn(row);
        const cells = Array.from({ length: row?.length ?? 0 }, (_, at) => textAt(row, at));
        const named = cells.map(fieldOf);
        if (named.some((field) => field !== null)) {
          fields = named;
          regionAt = cells.findIndex((cell) => /^region$/i.test(cell));
        }
        continue;
      }
      last = hour;
      const values = fields.flatMap((field, at) =>
        field === null ? [] : [{ ...field, value: row?.[at]?.text ?? null }],
      );
      if (date !== null && values.length > 0)
        rows.push(sourceRow(index + 1, place, `${date} HE ${Number(hour)}`, values));
    }
  }
  if (rows.length === 0)
    throw new CarbonError(
      'SOURCE_COLUMN_MISSING',
      'no sheet has hours below a date and the names of what was cleared',
      {
        position: {
          ...placeOf(payload).position,
          field: 'Hour 01',
          expected: Object.keys(COLUMNS).join(', '),
        },
      },
    );
  return { rows, rejected: [], drift: [], damage };
}

/** The dataset `da_summary` of MISO. */
export const dayAheadSummary: Dataset = {
  name: 'da_summary',
  title: 'What the day-ahead market cleared in each hour',
  time: SHEET_HOUR,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    ...[...new Set(Object.values(COLUMNS))].map((field) => ({ field, unit: UNIT })),
    ...['max', 'min'].flatMap((limit) =>
      ['must_run', 'economic', 'emergency', 'total'].map((kind) => ({
        field: `offered_${limit}_${kind}`,
        unit: OFFER_UNIT,
      })),
    ),
  ].map((each) => ({ ...each, what: each.field.replaceAll('_', ' ') })),
  recognise,
  // The report ended; files that were kept are read, nothing is fetched.
  plan: () => [],
  decode,
};
