/**
 * MISO's summary of the day-ahead market, `YYYYMMDD_da_ex.xls`: what was cleared in each hour, demand and supply by their
 * kinds, in GWh. A line for each hour, `Hour 01` to `Hour 24`; each column keeps its own name as field.
 */

import { CarbonError } from '../../core/errors.ts';
import { HOUR } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { placeOf } from '../kit/payload.ts';
import { looksCompound } from '../kit/readers/compound-file.ts';
import { type Sheet, textAt } from '../kit/readers/sheet.ts';
import { readXls } from '../kit/readers/xls.ts';
import { sourceRow } from '../kit/source-row.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { MISO_NULL_WORDS } from './lmp-table.ts';
import { MISO_ZONE } from './routes.ts';

const UNIT = 'GWh';

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

const HOUR_LINE = /^(?:Hour|HE)\s*0*(\d{1,2})$/i;

/** The field of a column; null for one that is not read. */
function fieldOf(name: string): string | null {
  const words = name
    .toLowerCase()
    .replace(/\([^)]*\)/g, ' ')
    .replace(/[^a-z]+/g, ' ')
    .trim();
  return Object.hasOwn(COLUMNS, words) ? (COLUMNS[words] ?? null) : null;
}

function recognise(head: PayloadHead): Recognition {
  if (!looksCompound(head.text)) return 0;
  const text = head.text.replaceAll('\0', '');
  if (!/Cleared \(GWh\)/i.test(text)) return 0;
  return /da_ex/i.test(head.name) ? 3 : 2;
}

const DATES = ['YYYY-MM-DD[ hh:mm:ss]', 'M/D/YYYY'];

/** The first date of a row, as `2018-06-05`; null where it has none. */
function dateIn(row: Sheet['rows'][number]): string | null {
  for (const cell of row ?? []) {
    const found = /\d{4}-\d{2}-\d{2}|\d{1,2}\/\d{1,2}\/\d{4}/.exec(cell?.text ?? '')?.[0];
    for (const pattern of DATES) {
      const wall = found === undefined ? null : parseStamp(pattern, found);
      if (wall !== null) return formatStamp('YYYY-MM-DD', wall);
    }
  }
  return null;
}

/** Throws SOURCE_COLUMN_MISSING where no line of hours stands below a header and a date. */
function decode(payload: Payload): Decoded {
  const rows: SourceRow[] = [];
  for (const sheet of readXls(payload)) {
    let date: string | null = null;
    let fields: (string | null)[] = [];
    for (const [index, row] of sheet.rows.entries()) {
      const hour = HOUR_LINE.exec(textAt(row, 0))?.[1];
      if (hour === undefined) {
        date ??= dateIn(row);
        const named = Array.from({ length: row?.length ?? 0 }, (_, at) => fieldOf(textAt(row, at)));
        if (named.some((field) => field !== null)) fields = named;
        continue;
      }
      const values = fields.flatMap((field, at) =>
        field === null ? [] : [{ field, value: row?.[at]?.text ?? null, unit: UNIT }],
      );
      if (date !== null && values.length > 0)
        rows.push(sourceRow(index + 1, 'MISO', `${date} HE ${Number(hour)}`, values));
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
  return { rows, rejected: [], drift: [], damage: null };
}

/** The dataset `da_summary` of MISO. */
export const dayAheadSummary: Dataset = {
  name: 'da_summary',
  title: 'What the day-ahead market cleared in each hour',
  time: {
    name: 'est-hour-ending',
    zone: MISO_ZONE,
    pattern: 'YYYY-MM-DD HE h',
    stamp: 'ending-label',
    length: HOUR,
    onGrid: true,
    repeated: { by: 'none' },
  },
  nullWords: MISO_NULL_WORDS,
  coverage: null,
  fields: [...new Set(Object.values(COLUMNS))].map((field) => ({
    field,
    unit: UNIT,
    what: field.replaceAll('_', ' '),
  })),
  recognise,
  // The report ended; files that were kept are read, nothing is fetched.
  plan: () => [],
  decode,
};
