/**
 * OASIS reports as CSV: one header, one number per record, columns in an order that changes from report to report and
 * from era to era. The number stands under MW, VALUE or PRC, whatever its unit.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Decoded, Payload, SourceRow } from '../kit/contract.ts';
import { headOf } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { isFigure, isSilent, LABELS, type OasisRecord } from './oasis-record.ts';

type Key =
  | 'start'
  | 'end'
  | 'day'
  | 'hour'
  | 'interval'
  | 'run'
  | 'item'
  | 'place'
  | 'kind'
  | 'value'
  | 'published'
  | 'unit';

/** Names under which a column is known, the first that a header has counts. */
const NAMES: Readonly<Record<Key, readonly string[]>> = {
  start: ['intervalstarttime_gmt', 'interval_start_gmt', 'starttime_gmt', 'start_date_gmt'],
  end: ['intervalendtime_gmt', 'interval_end_gmt', 'endtime_gmt', 'end_date_gmt'],
  day: ['opr_dt', 'opr_date'],
  hour: ['opr_hr', 'interval_num'],
  interval: ['opr_interval'],
  run: ['market_run_id', 'mkt_type'],
  item: ['xml_data_item', 'data_item', 'lmp_type'],
  place: [
    'node',
    'node_id',
    'anc_region',
    'tac_area_name',
    'trading_hub',
    'tac_zone_name',
    'resource_name',
    'fuel_region_id',
    'nomogram_id',
    'ti_id',
    'baa_grp_id',
  ],
  kind: ['anc_type', 'renewable_type', 'schedule', 'tie', 'tie_name'],
  value: ['mw', 'value', 'prc', 'ghg_prc_idx'],
  published: ['report_date_gmt', 'publish_time_gmt'],
  unit: ['uom'],
};

/** Columns without which a number has no time, no name or no value. */
const NEEDED: readonly Key[] = ['start', 'end', 'day', 'hour', 'item', 'value'];

/** Stamps of files that went through a spreadsheet or a script. */
const OTHER_STAMPS = ['YYYY-MM-DD hh:mm[:ss][-00:00][+00:00][Z]', 'M/D/YYYY h:mm[:ss]', 'M/D/YY h:mm[:ss]'];

/** A stamp as OASIS prints it; the words themselves where they are in no form that is known. */
function gmtStamp(words: string): string {
  if (words.charAt(10) === 'T') return words;
  const wall = OTHER_STAMPS.map((pattern) => parseStamp(pattern, words)).find((at) => at !== null);
  return wall === undefined || wall === null ? words : formatStamp('YYYY-MM-DDThh:mm:ss', wall);
}

/** The header of a CSV by normalised names, and the first record; null where the head holds no such header. */
export function csvGlimpse(text: string): { columns: ReadonlySet<string>; word(key: string): string } | null {
  const reader = new CsvReader(text, '');
  try {
    if (!reader.next()) return null;
    const columns = reader.fields.map(normaliseHeader);
    const known = new Set(columns);
    if (!NAMES.start.some((name) => known.has(name))) return null;
    const first = reader.next() && reader.fields.length === columns.length ? [...reader.fields] : [];
    const stamps = [...NAMES.start, ...NAMES.end];
    return {
      columns: known,
      word(name) {
        const words = (first[columns.indexOf(name)] ?? '').trim();
        return stamps.includes(name) ? gmtStamp(words) : words;
      },
    };
  } catch {
    // A quote inside a damaged first record: the decoder says where.
    return null;
  }
}

/** Columns without which a number of a report that names no items has no time or no value. */
const NEEDED_AT_LEAST: readonly Key[] = ['start', 'end', 'value'];

/** What a report must have. */
export interface Needs {
  /** True where every number belongs to a place. */
  readonly placed: boolean;
  /** False where the report is its only item and may not name it. */
  readonly named: boolean;
  /** True for a report that is not known, of which each further word may be what tells two rows apart. */
  readonly open: boolean;
}

/** The columns of a header. */
interface OasisLayout {
  readonly columns: Partial<Record<Key, string>>;
  readonly labels: readonly string[];
  readonly ignored: readonly string[];
  /** Columns that are figures by themselves; empty where an item has its value. */
  readonly figures: readonly string[];
}

/** Which columns this header has; a needed one that it lacks stays under its first name, so that the error names it. */
function layoutOf(payload: Payload, { placed, named, open }: Needs): OasisLayout {
  const header = new CsvReader(headOf(payload).text, payload.name);
  const names = header.next() ? new Set(header.fields.map(normaliseHeader)) : new Set<string>();
  const columns: Partial<Record<Key, string>> = {};
  const figures = open && !NAMES.value.some((name) => names.has(name)) ? [...names].filter(isFigure) : [];
  for (const key of Object.keys(NAMES) as Key[]) {
    const found = NAMES[key].find((name) => names.has(name)) ?? null;
    if (found !== null) columns[key] = found;
    else if (key === 'value' && figures.length > 0) continue;
    else if ((named ? NEEDED : NEEDED_AT_LEAST).includes(key) || (placed && key === 'place'))
      columns[key] = NAMES[key][0] ?? '';
  }
  const used = new Set([...Object.values(columns), ...figures]);
  const ignored = [...names].filter((name) => isSilent(name) && !used.has(name));
  const labels = [...names].filter((name) =>
    open ? name !== '' && !used.has(name) && !isSilent(name) : LABELS.includes(name),
  );
  return { columns, labels, ignored, figures };
}

/** Reads every record; `take` makes a row of it, or null when it set the record aside. */
export function readOasisCsv(
  payload: Payload,
  needs: Needs,
  take: (record: OasisRecord) => SourceRow | null,
): Decoded {
  const { columns, labels, ignored, figures } = layoutOf(payload, needs);
  const further = [...labels, ...figures].map((name) => [name, name] as const);
  const rows: SourceRow[] = [];
  const layout = {
    columns: { ...columns, ...Object.fromEntries(further) },
    ignored,
  };
  const only = needs.named || columns.item !== undefined ? '' : (columns.value ?? '').toUpperCase();
  const decoded = readTable<string>(payload, layout, (fields, at, line) => {
    const cell = (key: string): string => {
      const index: number | undefined = at[key];
      return index === undefined ? '' : (fields[index] ?? '').trim();
    };
    const interval = cell('interval');
    const inside = interval === '' || /^0+$/.test(interval) ? '' : `/${interval}`;
    const place = cell('place');
    if (columns.place !== undefined && place === '' && needs.placed)
      throw new CarbonError('SOURCE_MALFORMED', `line ${line}: the record names no place`, {
        position: {
          ...(payload.name === '' ? {} : { file: payload.name }),
          line,
          field: columns.place.toUpperCase(),
          expected: 'a node, region or zone',
          got: 'a blank',
        },
      });
    const record: OasisRecord = {
      report: '',
      run: cell('run'),
      item: only === '' ? cell('item') : only,
      place,
      words: `${cell('day')} ${cell('hour')}${inside}`,
      start: gmtStamp(cell('start')),
      end: gmtStamp(cell('end')),
      value: cell('value'),
      kind: cell('kind'),
      labels: labels
        .map(cell)
        .filter((word) => word !== '')
        .join(' '),
      published: gmtStamp(cell('published')),
      unit: cell('unit'),
      line,
    };
    if (figures.length === 0) return take(record);
    for (const name of figures) {
      const row = cell(name) === '' ? null : take({ ...record, item: name.toUpperCase(), value: cell(name) });
      if (row !== null) rows.push(row);
    }
    return null;
  });
  return figures.length === 0 ? decoded : { ...decoded, rows };
}
