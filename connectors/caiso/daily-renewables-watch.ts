/**
 * CAISO's Daily Renewables Watch, `YYYYMMDD_DailyRenewablesWatch.txt` (2010 to 2021): production of a day by the hour,
 * first the renewable resources, then all by type. Cells are set apart by tabs, more than one for the eye.
 *
 * Hours are labels of their end on the Pacific clock, 1 to 24. On the autumn day there are 24 too: 2 is the first of the
 * two hours, as everywhere in this market, where the second is called 25. On the spring day the line of hour 3 stays,
 * with words of an error in its cells: it says nothing and is passed over.
 */

import { CarbonError } from '../../core/errors.ts';
import { HOUR } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { placeOf, requireText, textOf } from '../kit/payload.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { sanitizeNumber } from '../kit/transforms/sanitize-numeric.ts';
import { CAISO_ZONE } from './routes.ts';

const UNIT = 'MW';
const TITLE = /Hourly Breakdown of (?:Renewable Resources|Total Production)/i;

const HINTS = { first: 'HE', second: 'HE 25' } as const;

const TIME: TimeConvention = {
  name: 'pacific-hour-ending',
  zone: CAISO_ZONE,
  pattern: 'YYYY-MM-DD HE h',
  stamp: 'ending-label',
  length: HOUR,
  onGrid: true,
  repeated: { by: 'flag', first: [HINTS.first], second: [HINTS.second] },
};

function recognise(head: PayloadHead): Recognition {
  if (/^\s*[<{[]/.test(head.text) || !TITLE.test(head.text.slice(0, 2_000))) return 0;
  return /RenewablesWatch|ren_report/i.test(head.name) ? 3 : 2;
}

/** `11/05/17` → `2017-11-05`; null for another text. */
function dateOf(text: string): string | null {
  const full = text.trim().replace(/^(\d{1,2}\/\d{1,2}\/)(\d{2})$/, '$120$2');
  const wall = parseStamp('M/D/YYYY', full);
  return wall === null ? null : formatStamp('YYYY-MM-DD', wall);
}

const cellsOf = (line: string): string[] =>
  line
    .split('\t')
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '');

/** Throws SOURCE_COLUMN_MISSING where no date or no line of names stands above the hours. */
function decode(payload: Payload): Decoded {
  requireText(payload);
  const { position } = placeOf(payload);
  const rows: SourceRow[] = [];
  let date: string | null = null;
  let names: readonly string[] = [];
  for (const [index, line] of textOf(payload).split(/\r?\n/).entries()) {
    const cells = cellsOf(line);
    const [first = ''] = cells;
    date ??= dateOf(first);
    if (/^hour$/i.test(first)) names = cells.slice(1);
    else if (/^\d{1,2}$/.test(first) && names.length > 0 && date !== null) {
      const made = rowsOf(cells, names, date, index + 1, first);
      if (made === null)
        return {
          rows,
          rejected: [],
          drift: [],
          damage: unequal(index + 1, names.length, cells.length - 1, position),
        };
      for (const row of made) rows.push(row);
    }
  }
  if (rows.length === 0)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'no date and names of resources stand above the hours', {
      position: {
        ...position,
        line: 1,
        field: 'Hour',
        expected: 'a date such as 11/05/17, then Hour and names',
      },
    });
  return { rows, rejected: [], drift: [], damage: null };
}

/** The figures of an hour; none for the hour that the clock skips (words or zeros), null where figures are missing. */
function rowsOf(
  cells: readonly string[],
  names: readonly string[],
  date: string,
  line: number,
  label: string,
): SourceRow[] | null {
  const values = cells.slice(1);
  const late = label === '25';
  const words = `${date} HE ${late ? 2 : Number(label)}`;
  const isNumber = (value: string): boolean => typeof sanitizeNumber(value, NULL_WORDS) === 'string';
  const isFigure = values.every(isNumber) && values.some((value) => Number(value) !== 0);
  if (momentOf(TIME, words).kind === 'skipped' && !isFigure) return [];
  if (values.length !== names.length) return null;
  return names.map((name, at) =>
    sourceRow(line, 'CAISO', words, [{ field: 'generation', value: values[at] ?? null, unit: UNIT }], {
      series: name,
      timeHint: late ? HINTS.second : HINTS.first,
    }),
  );
}

function unequal(line: number, expected: number, got: number, file: { file?: string }): CarbonError {
  return new CarbonError('SOURCE_MALFORMED', `line ${line}: ${got} figures under ${expected} names`, {
    position: { ...file, line, expected: `${expected} figures`, got: `${got} figures` },
  });
}

/** The dataset `fuel_mix_hourly`. */
export const dailyRenewablesWatch: Dataset = {
  name: 'fuel_mix_hourly',
  title: 'Daily Renewables Watch: production by resource and hour, until 2021',
  time: TIME,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [{ field: 'generation', unit: UNIT, what: 'production of the resource that is the series' }],
  recognise,
  // The report ended; files that were kept are read, nothing is fetched.
  plan: () => [],
  decode,
};
