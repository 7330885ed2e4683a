/**
 * The area of a body that names none: since April 2026 generation has a file for each of two areas, with one header. Their
 * loads are a tenth of each other: two to three thousand megawatts in the west, twenty to thirty thousand in the other
 * area, which tells a body whose name does not.
 */

import { DAY, daysFromCivil } from '../../core/time/instant.ts';
import type { Decoded, SourceRow } from '../kit/contract.ts';
import { parseStamp } from '../kit/time/stamp.ts';
import { areaInName, SPP_SYSTEM } from './table.ts';

const WEST = 'SWPW';
/** First day with two areas. */
const AREAS_SINCE = daysFromCivil(2026, 4, 1) * DAY;
/** Load that the western area stays below, and the other one above, in megawatts. */
const BETWEEN = 5_000;
const LOADS: readonly string[] = ['load', 'load_average'];

/** True for a name that tells the larger area, `GenMix2Hour_SPP.csv`. */
const namesSystem = (name: string): boolean => /(?:^|[^a-z])SPP(?:[^a-z]|$)/i.test(name);

/** The figures of the whole market, whose location is the western area where all of their loads are those of it. */
export function withAreaByLoad(decoded: Decoded, name: string, pattern: string): Decoded {
  if (areaInName(name) !== null || namesSystem(name)) return decoded;
  const [first] = decoded.rows;
  const since = first === undefined ? null : parseStamp(pattern, first.sourceTime);
  if (since === null || since < AREAS_SINCE) return decoded;
  const isLoad = ({ field, value }: SourceRow['values'][number]): boolean =>
    LOADS.includes(field) && value !== null && value.trim() !== '';
  const loads = decoded.rows.flatMap(({ values }) => values.filter(isLoad).map(({ value }) => Number(value)));
  if (loads.length === 0 || !loads.every((load) => load > 0 && load < BETWEEN)) return decoded;
  const rows = decoded.rows.map((row) => (row.location === SPP_SYSTEM ? { ...row, location: WEST } : row));
  return { ...decoded, rows };
}
