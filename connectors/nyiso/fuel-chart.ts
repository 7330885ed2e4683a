/**
 * The chart of generation by fuel on NYISO's pages (`oasis-rest/oasis/currentfuel/line-current`): JSON with a record for each
 * fuel and moment, `timeStamp`, `fuelCategory` and `genMWh`. It shows the readings of `rtfuelmix`, in megawatts too.
 *
 * Moments are milliseconds since the epoch, or ISO 8601 with an offset; without one they are UTC.
 */

import { formatInstant, parseInstant } from '../../core/time/instant.ts';
import type { Decoded, Payload, SourceRow } from '../kit/contract.ts';
import { isJsonArray, isJsonObject, malformedRecord, readJson } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';

const UNIT = 'MW';
const MICROS_IN_MILLISECOND = 1_000;

/** An instant, both ends made from what is printed. */
const MOMENTS: TimeConvention = {
  name: 'utc-instant',
  zone: 'UTC',
  pattern: 'YYYY-MM-DDThh:mm:ss[.f]Z',
  stamp: 'bounds',
  length: 0,
  onGrid: false,
  repeated: { by: 'none' },
};

/** True for the start of the chart. */
export const isFuelChart = (text: string): boolean =>
  /^\s*[[{]/.test(text) && ['timeStamp', 'fuelCategory', 'genMWh'].every((key) => text.includes(`"${key}"`));

/** The moment in the form of the convention; the words themselves where they are none, so that the row is rejected. */
function momentOf(words: string): string {
  const at = /^\d{12,13}$/.test(words) ? Number(words) * MICROS_IN_MILLISECOND : parseInstant(words);
  return at === null ? words : formatInstant(at);
}

/** Reads the chart. Throws as the reader of JSON, and SOURCE_MALFORMED for what is no chart. */
export function readFuelChart(payload: Payload): Decoded {
  const body = readJson(payload);
  const records = isJsonObject(body) ? body['data'] : body;
  if (!isJsonArray(records)) throw malformedRecord(payload, 1, 'an object with a list "data"', body);
  const rows = records.map((record, i): SourceRow => {
    const { timeStamp, fuelCategory, genMWh } = isJsonObject(record) ? record : {};
    const isValue = genMWh === null || typeof genMWh === 'string';
    if (typeof timeStamp !== 'string' || typeof fuelCategory !== 'string' || !isValue)
      throw malformedRecord(payload, i + 1, 'timeStamp, fuelCategory and genMWh', record);
    const at = momentOf(timeStamp.trim());
    const values = [{ field: 'generation', value: genMWh, unit: UNIT }];
    return sourceRow(i + 1, 'NYISO', timeStamp, values, {
      series: fuelCategory.trim(),
      bounds: { start: at, end: at },
    });
  });
  return { rows, rejected: [], drift: [], damage: null, layout: { time: MOMENTS } };
}
