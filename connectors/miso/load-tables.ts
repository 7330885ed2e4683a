/**
 * The CSV of MISO's display of load: `RefId,…`, then ClearedMW, MediumTermLoadForecast and FiveMinTotalLoad, each a line
 * with its name, a header (`Load_Hour,Load_Value`, `Hour_End,Load_Forecast`, `Load_Time,Load_Value`) and its rows.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Payload } from '../kit/contract.ts';
import { ownEntry } from '../kit/own-entry.ts';
import { placeOf, requireText } from '../kit/payload.ts';
import { csvOf } from '../kit/readers/csv.ts';
import type { Json } from '../kit/readers/json.ts';

const NAMES: readonly string[] = ['ClearedMW', 'MediumTermLoadForecast', 'FiveMinTotalLoad'];

/** Columns → the keys of the same figure in the JSON of the display. */
const KEYS: Readonly<Record<string, string>> = {
  Load_Hour: 'Hour',
  Hour_End: 'HourEnding',
  Load_Time: 'Time',
  Load_Value: 'Value',
  Load_Forecast: 'LoadForecast',
};

/** True for the start of the display as CSV. */
export function isLoadCsv(text: string): boolean {
  return (
    !/^\s*[[{<]/.test(text) && /^"?(?:Load_Hour|Hour_End|Load_Time)"?,\s*"?Load_/m.test(text.slice(0, 8_000))
  );
}

/** The same document as the JSON of the display. Throws SOURCE_MALFORMED where a row has not the fields of its header. */
export function loadTables(payload: Payload): Json {
  requireText(payload);
  const reader = csvOf(payload);
  const info: Record<string, Json> = {};
  let header: readonly string[] | null = null;
  let rows: Json[] = [];
  while (reader.nextFilled()) {
    const fields = reader.fields.map((field) => field.trim());
    const [first = ''] = fields;
    if (/^RefId$/i.test(first)) info['RefId'] = fields[1] ?? '';
    else if (NAMES.includes(first)) {
      rows = [];
      info[first] = rows;
      header = null;
    } else if (Object.hasOwn(KEYS, first)) header = fields.filter((field) => field !== '');
    else if (header !== null) {
      if (fields.length < header.length || fields.slice(header.length).some((field) => field !== ''))
        throw new CarbonError(
          'SOURCE_MALFORMED',
          `line ${reader.line}: ${fields.length} fields in a row of ${header.length}`,
          {
            position: {
              ...placeOf(payload).position,
              line: reader.line,
              expected: header.join(', '),
              got: fields.join(', ').slice(0, 80),
            },
          },
        );
      rows.push(
        Object.fromEntries(header.map((name, at) => [ownEntry(KEYS, name) ?? name, fields[at] ?? ''])),
      );
    }
  }
  return { LoadInfo: info };
}
