/**
 * The daily price files that PJM kept before Data Miner, `YYYYMMDD-da.csv` and `YYYYMMDD-rt.csv`: below some lines of
 * text a row of hours (`0100` to `2400`, hour ending, Eastern), below it the header (`Date, PnodeID, Name, Voltage,
 * Equipment, Type, Zone`, then TotalLMP, CongestionPrice and MarginalLossPrice again for each hour), one line per node.
 *
 * In spring the cells of the hour that is skipped are blank; in autumn its label stands twice. A file that numbers an
 * hour 2500 counts its hours otherwise, and is refused.
 */

import { CarbonError } from '../../core/errors.ts';
import { HOUR } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { placeOf, requireText, textOf } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { sourceRow } from '../kit/source-row.ts';
import { columnName } from '../kit/tables/columns.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { PJM_ZONE } from './body.ts';
import { PRICE_FIELDS } from './prices.ts';

const UNIT = 'USD/MWh';
const FIELDS: Readonly<Record<string, string>> = {
  totallmp: 'lmp',
  energyprice: 'energy',
  systemenergyprice: 'energy',
  congestionprice: 'congestion',
  marginallossprice: 'loss',
};
const TIME: TimeConvention = {
  name: 'eastern-hour-ending',
  zone: PJM_ZONE,
  pattern: 'YYYYMMDD hhmm',
  stamp: 'ending-label',
  length: HOUR,
  onGrid: true,
  repeated: { by: 'order' },
};

/** A block of columns: the hour, and its price columns. */
interface HourBlock {
  readonly hour: string;
  readonly measures: { readonly at: number; readonly field: string }[];
}

interface Header {
  readonly dateAt: number;
  readonly idAt: number;
  readonly nameAt: number;
  readonly typeAt: number;
  readonly blocks: readonly HourBlock[];
  readonly width: number;
}

const HOUR_LABEL = /^(?:HE\s*)?(\d{1,2})(?:00)?\*?$/i;

/** Hours above the header, by column; null for a record that is no row of hours. */
function hoursOf(fields: readonly string[]): ReadonlyMap<number, string> | null {
  const hours = new Map<number, string>();
  for (const [at, field] of fields.entries()) {
    const label = HOUR_LABEL.exec(field.trim())?.[1];
    if (label !== undefined) hours.set(at, `${label.padStart(2, '0')}00`);
    else if (field.trim() !== '') return null;
  }
  return hours.size >= 23 ? hours : null;
}

function headerOf(fields: readonly string[], hours: ReadonlyMap<number, string> | null): Header | null {
  const names = fields.map(columnName);
  const [dateAt, idAt, nameAt] = [names.indexOf('date'), names.indexOf('pnodeid'), names.indexOf('name')];
  if (hours === null || dateAt < 0 || idAt < 0 || !names.includes('totallmp')) return null;
  const blocks: HourBlock[] = [];
  for (const [at, name] of names.entries()) {
    const hour = hours.get(at);
    if (hour !== undefined) blocks.push({ hour, measures: [] });
    const field = FIELDS[name];
    if (field !== undefined) blocks.at(-1)?.measures.push({ at, field });
  }
  return { dateAt, idAt, nameAt, typeAt: names.indexOf('type'), blocks, width: fields.length };
}

/** The market that a file says it is of, in the lines above its rows or by its name. */
function marketOf(head: PayloadHead): 'da' | 'rt' | null {
  const text = head.text.slice(0, 4_000);
  if (/^\s*[[{<]/.test(text) || !/PnodeID/i.test(text) || !/TotalLMP/i.test(text)) return null;
  if (/Day.?Ahead/i.test(text)) return 'da';
  if (/Real.?Time/i.test(text)) return 'rt';
  return /-rt\b|real.?time/i.test(head.name) ? 'rt' : 'da';
}

/** Throws SOURCE_EMPTY, SOURCE_NOT_DATA and SOURCE_COLUMN_MISSING; a line of another width is damage. */
function decode(payload: Payload): Decoded {
  requireText(payload);
  const { position } = placeOf(payload);
  const reader = new CsvReader(textOf(payload), payload.name);
  const rows: SourceRow[] = [];
  let hours: ReadonlyMap<number, string> | null = null;
  let header: Header | null = null;
  let seen = false;
  let damage: CarbonError | null = null;
  try {
    while (reader.next()) {
      const { fields, line } = reader;
      const found = headerOf(fields, hours);
      if (found !== null) {
        header = found;
        seen = true;
        if (found.blocks.some(({ hour }) => hour === '2500'))
          throw new CarbonError('SOURCE_MALFORMED', `line ${line}: the hours of this file cannot be told`, {
            position: { ...position, line, field: 'hour', expected: '0100 to 2400', got: '2500' },
          });
        continue;
      }
      hours = hoursOf(fields) ?? hours;
      if (header === null || !/^\d{8}$/.test((fields[header.dateAt] ?? '').trim())) {
        // Text between blocks of nodes, as `End of Day Ahead LMP Data`.
        continue;
      }
      if (fields.length !== header.width)
        throw new CarbonError(
          'SOURCE_MALFORMED',
          `line ${line}: ${fields.length} fields under a header of ${header.width}`,
          {
            position: {
              ...position,
              line,
              expected: `${header.width} fields`,
              got: `${fields.length} fields`,
            },
          },
        );
      for (const row of rowsOf(fields, header, line)) rows.push(row);
    }
  } catch (error) {
    if (!(error instanceof CarbonError) || !seen) throw error;
    damage = error;
  }
  if (!seen)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'the file has no header below a row of hours', {
      position: { ...position, line: 1, expected: '0100, …, 2400; Date, PnodeID, Name, …, TotalLMP' },
    });
  if (rows.length === 0 && damage === null)
    throw new CarbonError('SOURCE_EMPTY', 'the file has a header and no row', { position });
  return { rows, rejected: [], drift: [], damage };
}

const EQUIPMENT = /^(?:GEN|LOAD|EHV|TIE|EXT|BUS)$/i;

function rowsOf(fields: readonly string[], header: Header, line: number): SourceRow[] {
  const cell = (at: number): string => (fields[at] ?? '').trim();
  const name = cell(header.nameAt);
  const series = name !== '' && EQUIPMENT.test(cell(header.typeAt)) ? cell(header.idAt) : null;
  const rows: SourceRow[] = [];
  for (const { hour, measures } of header.blocks) {
    if (measures.every(({ at }) => cell(at) === '')) continue;
    const values = measures.map(({ at, field }) => ({ field, value: fields[at] ?? '', unit: UNIT }));
    const location = name === '' ? cell(header.idAt) : name;
    rows.push(sourceRow(line, location, `${cell(header.dateAt)} ${hour}`, values, { series }));
  }
  return rows;
}

function fileOf(market: 'da' | 'rt'): Dataset {
  return {
    name: market === 'da' ? 'da_lmp_daily' : 'rt_lmp_hourly_daily',
    title: `${market === 'da' ? 'Day-ahead' : 'Real-time hourly'} prices of the former daily files`,
    time: TIME,
    nullWords: NULL_WORDS,
    coverage: { contiguous: true, sameSpan: true },
    fields: PRICE_FIELDS,
    recognise: (head): Recognition =>
      marketOf(head) === market ? (/-(?:da|rt)\./i.test(head.name) ? 3 : 2) : 0,
    // The file host is gone; files that were kept are read.
    plan: () => [],
    decode,
  };
}

/** The datasets of the daily files. */
export const dailyFiles: readonly Dataset[] = [fileOf('da'), fileOf('rt')];
