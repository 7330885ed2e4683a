/**
 * ERCOT's dashboards of the capacity in reserve: grid conditions (daily-prc, the physical responsive capability every some
 * seconds), ancillary services (ancillary-services, the responsibilities with the frequency), capacity that the dispatch may
 * move (capacity-available-sced), and the monitor of capability and awards (ancillary-service-capacity-monitor), which is
 * one reading in groups of pairs. A figure has the name of its key as series.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Payload, SourceRow } from '../kit/contract.ts';
import { placeOf } from '../kit/payload.ts';
import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  malformedRecord,
} from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import { dayLists, lastUpdated, OFFSET_INSTANT, splitOffset, textOf, withoutDoubles } from './dashboard.ts';
import { dashboardDataset, PLACE } from './dashboard-dataset.ts';

const UNIT = 'MW';
const HERTZ = 'Hz';
const FREQUENCY = 'currentFrequency';

/** Keys of an entry that are no figure. */
const LABELS: ReadonlySet<string> = new Set(['timestamp', 'epoch', 'interval', 'dstFlag', 'hourEnding']);

/** The figures of one entry, a row for each. */
function figuresOf(
  entry: JsonObject,
  row: number,
  stamp: string,
  publishedAt: SourceRow['publishedAt'],
): SourceRow[] {
  const { words, hint } = splitOffset(stamp);
  return Object.entries(entry).flatMap(([key, value]) => {
    if (LABELS.has(key) || !(value === null || typeof value === 'string')) return [];
    const isFrequency = key === FREQUENCY;
    const values = [
      { field: isFrequency ? 'frequency' : 'reserve', value, unit: isFrequency ? HERTZ : UNIT },
    ];
    const series = isFrequency ? null : key;
    return [sourceRow(row, PLACE, words, values, { series, timeHint: hint, publishedAt })];
  });
}

/** Groups of `[["key","value"],["prc",10418],…]`, or of objects, as one reading at `lastUpdated`. */
function monitor(body: JsonObject, groups: JsonObject, payload: Payload): SourceRow[] {
  const stamp = textOf(body['lastUpdated']);
  return Object.entries(groups).flatMap(([group, listed], i) => {
    const pairs = isJsonObject(listed) ? Object.entries(listed) : listed;
    if (!isJsonArray(pairs)) throw malformedRecord(payload, i + 1, `a group of pairs under ${group}`, listed);
    const entry: Record<string, Json> = {};
    for (const pair of pairs) {
      const [key, value] = isJsonArray(pair) ? pair : [];
      if (typeof key !== 'string' || value === undefined)
        throw malformedRecord(payload, i + 1, `a key and its value in ${group}`, pair as Json);
      if (key !== 'key') entry[key] = value;
    }
    return figuresOf(entry, i + 1, stamp, lastUpdated(body));
  });
}

function read(body: Json, payload: Payload): ReturnType<typeof withoutDoubles> {
  if (!isJsonObject(body)) throw malformedRecord(payload, 1, 'a dashboard', body);
  const { data } = body;
  if (isJsonObject(data)) return { rows: monitor(body, data, payload), rejected: [] };
  const publishedAt = lastUpdated(body);
  const rows: SourceRow[] = [];
  let row = 0;
  for (const list of [data, body['ascapmon'], ...dayLists(body)])
    for (const entry of isJsonArray(list) ? list : []) {
      row++;
      if (!isJsonObject(entry)) throw malformedRecord(payload, row, 'an entry with "timestamp"', entry);
      for (const each of figuresOf(entry, row, textOf(entry['timestamp']), publishedAt)) rows.push(each);
    }
  if (row === 0) throw new CarbonError('SOURCE_EMPTY', 'the dashboard holds no entry', placeOf(payload));
  return withoutDoubles(rows);
}

/** The dataset `reserves` of ERCOT. */
export const reserves = dashboardDataset({
  dataset: 'reserves',
  title: 'Capacity in reserve, readings every some seconds, with the frequency',
  file: 'daily-prc',
  time: OFFSET_INSTANT,
  fields: [
    { field: 'reserve', unit: UNIT, what: 'capability, responsibility or award, its name as series' },
    { field: 'frequency', unit: HERTZ, what: 'frequency of the system' },
  ],
  marks: [/"prc"|"ascapmon"|"undeployedRegUp"|"\w+(?:Capability|Awards)Group"|"increaseGenResESRs"/],
  read,
});
