/**
 * ERCOT's dashboard of supply and demand, `supply-demand`: a list of today's readings, those ahead of now a forecast
 * (`"forecast":1`), and in later answers a list of the hours of the next six days with the demand and the capacity that
 * are expected then.
 *
 * Readings are instants with an offset, which must be that of the season; hours are read by their day, number and flag.
 * Both stand in one body, so that both ends of each interval are written out here, in UTC.
 */

import { formatInstant, HOUR, type Micros } from '../../core/time/instant.ts';
import type { Dataset, Payload, PrintedBounds, PublishedField, SourceRow } from '../kit/contract.ts';
import { isJsonObject, type Json, type JsonObject, malformedRecord } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { HOUR_ENDING } from './clock.ts';
import {
  entriesOf,
  lastUpdated,
  NUMBERED_HOUR,
  OFFSET_INSTANT,
  splitOffset,
  textOf,
  valuesOf,
  withoutDoubles,
} from './dashboard.ts';
import { dashboardDataset, PLACE } from './dashboard-dataset.ts';

const UNIT = 'MW';

const TIME: TimeConvention = {
  name: 'central-instant-or-hour',
  zone: 'UTC',
  pattern: 'YYYY-MM-DDThh:mm:ss[.000]Z',
  stamp: 'bounds',
  length: 0,
  otherLengths: [HOUR],
  onGrid: false,
  repeated: { by: 'none' },
};

const PAST = { demand: 'load', capacity: 'capacity', available: 'available_capacity' };
const AHEAD = {
  demand: 'load_forecast',
  capacity: 'capacity_forecast',
  available: 'available_capacity_forecast',
};
const SIX_DAYS = {
  forecastedDemand: 'load_forecast_six_days',
  availCapGen: 'available_capacity_six_days',
};

const field = (name: string, what: string): PublishedField => ({ field: name, unit: UNIT, what });

const boundsAt = (start: Micros, length: Micros): PrintedBounds => ({
  start: formatInstant(start),
  end: formatInstant(start + length),
});

/** The instant of a stamp with its offset; null for no stamp, and for an offset that the season does not have. */
function instantOf(words: string, offset: string): Micros | null {
  const { repeated } = OFFSET_INSTANT;
  const behind =
    repeated.by === 'zone' && Object.hasOwn(repeated.words, offset) ? repeated.words[offset] : undefined;
  const { wall, first, second } = momentOf(OFFSET_INSTANT, words);
  if (behind === undefined) return null;
  const at = wall - behind;
  return at === first || at === second ? at : null;
}

/** Today's readings. The words of a stamp that is none stay, for the row to be refused. */
function readings(list: readonly Json[], publishedAt: Micros | null, payload: Payload): SourceRow[] {
  return list.map((entry, i) => {
    if (!isJsonObject(entry))
      throw malformedRecord(payload, i + 1, 'an entry with "timestamp" and "demand"', entry);
    const { words, hint } = splitOffset(textOf(entry['timestamp']));
    const at = instantOf(words, hint);
    const bounds = at === null ? { start: words, end: words } : boundsAt(at, 0);
    const values = valuesOf(entry, entry['forecast'] === '1' ? AHEAD : PAST, UNIT);
    return sourceRow(i + 1, PLACE, words, values, { timeHint: hint, bounds, publishedAt });
  });
}

/** Begin of an hour by its day, number and flag, else by the stamp of its end; null where they tell none. */
function hourOf(entry: JsonObject, words: string): Micros | null {
  const american = words.includes('/');
  const moment = momentOf(american ? { ...HOUR_ENDING, pattern: 'M/D/YYYY h' } : NUMBERED_HOUR, words);
  const flag = textOf(entry['dstFlag']).toLowerCase();
  if (moment.kind === 'unique') return moment.first;
  if (moment.kind === 'repeated' && /^[yn]$/.test(flag)) return flag === 'y' ? moment.second : moment.first;
  if (moment.kind !== 'unparseable') return null;
  const stamp = splitOffset(textOf(entry['timestamp']));
  const end = instantOf(stamp.words, stamp.hint);
  return end === null ? null : end - HOUR;
}

/** The hours of the next six days. */
function hours(
  list: readonly Json[],
  publishedAt: Micros | null,
  payload: Payload,
  before: number,
): SourceRow[] {
  return list.map((entry, i) => {
    const row = before + i + 1;
    if (!isJsonObject(entry))
      throw malformedRecord(payload, row, 'an hour with "deliveryDate" and "forecastedDemand"', entry);
    const date = textOf(entry['deliveryDate']).split(/[T ]/, 1)[0] ?? '';
    const words = `${date} ${textOf(entry['hourEnding'])}`;
    const at = hourOf(entry, words);
    const bounds = at === null ? { start: words, end: words } : boundsAt(at, HOUR);
    const timeHint = textOf(entry['dstFlag']).toLowerCase();
    return sourceRow(row, PLACE, words, valuesOf(entry, SIX_DAYS, UNIT), { timeHint, bounds, publishedAt });
  });
}

function read(body: Json, payload: Payload): ReturnType<typeof withoutDoubles> {
  const list = isJsonObject(body) ? entriesOf(body['data']) : null;
  const ahead = isJsonObject(body) ? (entriesOf(body['forecast']) ?? []) : [];
  if (list === null) throw malformedRecord(payload, 1, 'entries under "data"', body);
  const publishedAt = lastUpdated(body);
  const rows = readings(list, publishedAt, payload);
  return withoutDoubles([...rows, ...hours(ahead, publishedAt, payload, list.length)]);
}

/** The dataset `load_today` of ERCOT. */
export const loadToday: Dataset = dashboardDataset({
  dataset: 'load_today',
  title:
    'Load, capacity and their forecast of today, every five minutes, and of the next six days by the hour',
  file: 'supply-demand',
  time: TIME,
  fields: [
    field('load', 'load of the system'),
    field('load_forecast', 'its forecast for the rest of the day'),
    field('capacity', 'committed capacity'),
    field('capacity_forecast', 'its forecast'),
    field('available_capacity', 'available capacity'),
    field('available_capacity_forecast', 'its forecast'),
    field('load_forecast_six_days', 'forecast load of an hour of the next six days'),
    field('available_capacity_six_days', 'capacity that is expected to be available then'),
  ],
  marks: [/"demand"/, /"capacity"/, /"forecast"/],
  read,
});
