/**
 * OASIS reports as CSV: one header, one number per record, columns in an order that changes from report to report and
 * from era to era. The number stands under MW, VALUE or PRC, whatever its unit.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Decoded, Payload, SourceRow } from '../kit/contract.ts';
import { headOf } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import type { OasisRecord } from './oasis-record.ts';

type Key = 'start' | 'end' | 'day' | 'hour' | 'interval' | 'run' | 'item' | 'place' | 'kind' | 'value';

/** Names under which a column is known, the first that a header has counts. */
const NAMES: Readonly<Record<Key, readonly string[]>> = {
  start: ['intervalstarttime_gmt', 'interval_start_gmt'],
  end: ['intervalendtime_gmt', 'interval_end_gmt'],
  day: ['opr_dt', 'opr_date'],
  hour: ['opr_hr', 'interval_num'],
  interval: ['opr_interval'],
  run: ['market_run_id', 'mkt_type'],
  item: ['xml_data_item', 'data_item', 'lmp_type'],
  place: ['node', 'node_id', 'anc_region', 'tac_area_name', 'trading_hub', 'tac_zone_name', 'resource_name'],
  kind: ['anc_type', 'renewable_type', 'schedule'],
  value: ['mw', 'value', 'prc'],
};

/** Columns without which a number has no time, no name or no value. */
const NEEDED: readonly Key[] = ['start', 'end', 'day', 'hour', 'item', 'value'];

/** Columns that reports print and nothing here reads. */
const UNREAD: readonly string[] = [
  'node_id_xml',
  'node_id',
  'node',
  'lmp_type',
  'pnode_resmrid',
  'grp_type',
  'pos',
  'group',
  'load_type',
  'label',
  'execution_type',
  'market_run_id_pos',
  'renew_pos',
  'opr_type',
  'tz',
  'uom',
  'opr_interval',
];

/** The header of a CSV by normalised names, and the first record; null where the head holds no such header. */
export function csvGlimpse(text: string): { columns: ReadonlySet<string>; word(key: string): string } | null {
  const reader = new CsvReader(text, '');
  try {
    if (!reader.next()) return null;
    const columns = reader.fields.map(normaliseHeader);
    const known = new Set(columns);
    if (!NAMES.start.some((name) => known.has(name))) return null;
    const first = reader.next() && reader.fields.length === columns.length ? [...reader.fields] : [];
    return { columns: known, word: (name) => (first[columns.indexOf(name)] ?? '').trim() };
  } catch {
    // A quote inside a damaged first record: the decoder says where.
    return null;
  }
}

/** Which columns this header has; a needed one that it lacks stays under its first name, so that the error names it. */
function layoutOf(
  payload: Payload,
  placed: boolean,
): { columns: Partial<Record<Key, string>>; ignored: readonly string[] } {
  const header = new CsvReader(headOf(payload).text, payload.name);
  const names = header.next() ? new Set(header.fields.map(normaliseHeader)) : new Set<string>();
  const columns: Partial<Record<Key, string>> = {};
  for (const key of Object.keys(NAMES) as Key[]) {
    const found = NAMES[key].find((name) => names.has(name)) ?? null;
    if (found !== null) columns[key] = found;
    else if (NEEDED.includes(key) || (placed && key === 'place')) columns[key] = NAMES[key][0] ?? '';
  }
  const used = new Set(Object.values(columns));
  return { columns, ignored: UNREAD.filter((name) => !used.has(name)) };
}

/** Reads every record; `take` makes a row of it, or null when it set the record aside. `placed`: a place is needed. */
export function readOasisCsv(
  payload: Payload,
  placed: boolean,
  take: (record: OasisRecord) => SourceRow | null,
): Decoded {
  const layout = layoutOf(payload, placed) as { columns: Record<Key, string>; ignored: readonly string[] };
  return readTable<Key>(payload, layout, (fields, at, line) => {
    const cell = (key: Key): string => {
      const index: number | undefined = at[key];
      return index === undefined ? '' : (fields[index] ?? '').trim();
    };
    const interval = cell('interval');
    const inside = interval === '' || /^0+$/.test(interval) ? '' : `/${interval}`;
    const place = cell('place');
    if (layout.columns.place !== undefined && place === '')
      throw new CarbonError('SOURCE_MALFORMED', `line ${line}: the record names no place`, {
        position: {
          ...(payload.name === '' ? {} : { file: payload.name }),
          line,
          field: layout.columns.place.toUpperCase(),
          expected: 'a node, region or zone',
          got: 'a blank',
        },
      });
    return take({
      report: '',
      run: cell('run'),
      item: cell('item'),
      place,
      words: `${cell('day')} ${cell('hour')}${inside}`,
      start: cell('start'),
      end: cell('end'),
      value: cell('value'),
      kind: cell('kind'),
      line,
    });
  });
}
