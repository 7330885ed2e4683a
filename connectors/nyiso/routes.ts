/**
 * Where NYISO keeps its public files, https://www.nyiso.com/custom-reports and the index pages P-2A, P-2B.
 *
 * Daily files stay for about a week; older days lie in monthly archives whose members are the daily files.
 */

import {
  civilFromDays,
  DAY,
  daysFromCivil,
  daysInMonth,
  HOUR,
  MINUTE,
  type Micros,
} from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { Dataset, PlanSettings, SourceRequest } from '../kit/contract.ts';

/** The market's clock. */
export const NYISO_ZONE = 'America/New_York';

/** Served without TLS by the operator. */
const NYISO_BASE = 'http://mis.nyiso.com/public/csv';
const NYISO_LATEST = 'http://mis.nyiso.com/public/realtime';

/** Days that are surely still served as daily files; the operator keeps 7 to 10. */
const DAILY_DAYS = 7;
const DAILY_BYTES = 20_000_000;
const ARCHIVE_BYTES = 200_000_000;

/** A family of daily files: `{set}/YYYYMMDD{file}.csv`, archived as `{set}/YYYYMM01{file}_csv.zip`. */
export interface DailySet {
  readonly set: string;
  readonly file: string;
  /** Hours from the begin of the operating day to the publication; negative for a day-ahead report. */
  readonly publishedAfter: number;
}

/** What the option `files` of the settings may name, and what it means when it is absent. */
export interface FileChoice {
  readonly known: readonly string[];
  readonly usual: string;
}

/** The words of the option `files` that are known, in their order. */
export function chosenFiles(choice: FileChoice, settings: PlanSettings): readonly string[] {
  const asked = (settings.options?.['files'] ?? choice.usual).split(',').map((word) => word.trim());
  return choice.known.filter((file) => asked.includes(file));
}

const ZONES_OR_GENERATORS: FileChoice = { known: ['zone', 'gen'], usual: 'zone' };

/** The plan of a price report with a file for zones and one for generators: `{set}/YYYYMMDD{set}_{zone,gen}.csv`. */
export const priceFiles =
  (set: string, publishedAfter: number): Dataset['plan'] =>
  (window, settings) =>
    chosenFiles(ZONES_OR_GENERATORS, settings).flatMap((file) =>
      dailyRequests({ set, file: `${set}_${file}`, publishedAfter }, window, settings.now),
    );

/** The file of the interval that ended last, `realtime/realtime_{zone,gen}_lbmp.csv`: one stamp, rewritten each time. */
export function latestRequest(file: string, now: Micros): SourceRequest {
  const name = `realtime_${file}_lbmp.csv`;
  const end = Math.floor(now / (5 * MINUTE)) * 5 * MINUTE;
  const window = { start: end - 5 * MINUTE, end };
  return { url: `${NYISO_LATEST}/${name}`, name, window, expectedAt: end, maxBytes: DAILY_BYTES };
}

/** The files that cover a window, oldest first: one request per recent day, one per month of older days. */
export function dailyRequests(family: DailySet, window: Interval, now: Micros): SourceRequest[] {
  const first = marketDayOf(NYISO_ZONE, window.start);
  const last = marketDayOf(NYISO_ZONE, Math.max(window.start, window.end - 1));
  const oldest = marketDayOf(NYISO_ZONE, now) - DAILY_DAYS;
  const requests: SourceRequest[] = [];
  for (let day = first; day <= last; day++) {
    const archived = day < oldest;
    const request = archived ? monthRequest(family, day) : dayRequest(family, day);
    requests.push(request);
    // The rest of this month's old days are in the same archive.
    if (archived) day = Math.min(monthEnd(day), oldest) - 1;
  }
  return requests;
}

/** First day after the month of a day. */
function monthEnd(day: number): number {
  const [year, month] = civilFromDays(day);
  return daysFromCivil(year, month, 1) + daysInMonth(year, month);
}

function stampOf(day: number): string {
  const [year, month, date] = civilFromDays(day);
  return `${year}${String(month).padStart(2, '0')}${String(date).padStart(2, '0')}`;
}

function dayRequest(family: DailySet, day: number): SourceRequest {
  const window = marketDayBounds(NYISO_ZONE, day);
  const name = `${stampOf(day)}${family.file}.csv`;
  return {
    url: `${NYISO_BASE}/${family.set}/${name}`,
    name,
    window,
    expectedAt: window.start + family.publishedAfter * HOUR,
    maxBytes: DAILY_BYTES,
  };
}

function monthRequest(family: DailySet, day: number): SourceRequest {
  const end = monthEnd(day);
  const [year, month] = civilFromDays(day);
  const first = daysFromCivil(year, month, 1);
  const name = `${stampOf(first)}${family.file}_csv.zip`;
  const window = {
    start: marketDayBounds(NYISO_ZONE, first).start,
    end: marketDayBounds(NYISO_ZONE, end - 1).end,
  };
  return {
    url: `${NYISO_BASE}/${family.set}/${name}`,
    name,
    window,
    // An archive grows day by day; a day that left the daily files is surely in it.
    expectedAt: marketDayBounds(NYISO_ZONE, day).start + family.publishedAfter * HOUR + DAY,
    maxBytes: ARCHIVE_BYTES,
  };
}
