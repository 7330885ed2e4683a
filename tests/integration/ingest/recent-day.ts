/** A day-ahead file of NYISO about a recent day: daily files of old days are no longer asked for. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { civilFromDays, DAY } from '../../../core/time/instant.ts';
import { marketDayBounds, marketDayOf } from '../../../core/time/market-day.ts';

const ZONE = 'America/New_York';

/** The file as the market serves it, and the window that brings it alone. */
export interface RecentDay {
  readonly path: string;
  readonly body: string;
  readonly rows: number;
  /** ISO 8601, within the day. */
  readonly from: string;
  readonly to: string;
}

/** The last whole day of 24 hours. */
export function recentDay(): RecentDay {
  let day = marketDayOf(ZONE, Date.now() * 1000) - 1;
  let bounds = marketDayBounds(ZONE, day);
  while (bounds.end - bounds.start !== DAY) bounds = marketDayBounds(ZONE, --day);
  const [year, month, date] = civilFromDays(day).map((n) => String(n).padStart(2, '0'));
  const file = join(import.meta.dirname, '../../data/golden/decode/nyiso/da_lmp/normal-day/payload.csv');
  const body = readFileSync(file, 'utf8').replaceAll('07/16/2025', `${month}/${date}/${year}`);
  const iso = (micros: number): string => new Date(micros / 1000).toISOString();
  return {
    path: `/public/csv/damlbmp/${year}${month}${date}damlbmp_zone.csv`,
    body,
    rows: body.trim().split('\n').length - 1,
    from: iso(bounds.start),
    to: iso(bounds.end),
  };
}
