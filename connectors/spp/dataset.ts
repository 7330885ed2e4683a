/** What all datasets of SPP share: the clock in GMT, the recognition by columns, the two forms, the routes. */

import { HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, PublishedField, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf } from '../kit/payload.ts';
import { headerLines } from '../kit/pieces.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { withAreaByLoad } from './area-by-load.ts';
import { readSppChart } from './chart.ts';
import { glimpseOf, type SppHead } from './glimpse.ts';
import type { PortalPlan } from './routes.ts';
import { gmtTime, readSppMap, readSppTable, type SppColumns } from './table.ts';

/** One report of SPP. */
export interface SppReport {
  readonly name: string;
  readonly title: string;
  readonly fields: readonly PublishedField[];
  readonly time: TimeConvention;
  /** The convention of its files whose stamps are all full hours, several of them; absent where there are none. */
  readonly hourly?: TimeConvention;
  readonly columns: SppColumns;
  /** True when a head has this report's columns and stamps; the name helps only between reports of one layout. */
  matches(head: SppHead, name: string): boolean;
  /** Names of its files. */
  readonly named: RegExp;
  /** True where a body that names no area may be that of either one, told by its load. */
  readonly areaByLoad?: boolean;
  /** Where the portal keeps it; null where nothing is fetched. */
  readonly files: PortalPlan | null;
}

/** A stamp ends an hour. */
export const HOUR_ENDING: TimeConvention = gmtTime('gmt-hour-ending', 'ending-clock', HOUR, true);

const FIVE: Micros = 5 * MINUTE;

/** A stamp ends five minutes. */
export const FIVE_MINUTES_ENDING: TimeConvention = gmtTime(
  'gmt-five-minutes-ending',
  'ending-clock',
  FIVE,
  true,
);

/** A stamp begins five minutes. */
export const FIVE_MINUTES_BEGINNING: TimeConvention = gmtTime(
  'gmt-five-minutes-beginning',
  'beginning',
  FIVE,
  false,
);

/** A stamp begins an hour. */
export const HOUR_BEGINNING: TimeConvention = gmtTime('gmt-hour-beginning', 'beginning', HOUR, true);

/** A reading at the instant of its stamp. */
export const GMT_INSTANT: TimeConvention = gmtTime('gmt-instant', 'instant', 0, false);

/** The dataset as the kit knows it. */
export function sppDataset(report: SppReport): Dataset {
  const { name, title, fields, time, columns, files } = report;
  const inArea = (decoded: Decoded, file: string): Decoded =>
    report.areaByLoad === true
      ? withAreaByLoad(decoded, file, decoded.layout?.time?.pattern ?? time.pattern)
      : decoded;
  return {
    name,
    title,
    time,
    nullWords: NULL_WORDS,
    coverage: null,
    fields,
    recognise: (head) => recognise(head, report),
    plan: (window, settings) => (files === null ? [] : files(window, settings)),
    // Whether all stamps are full hours is seen of the whole file only: its last piece may have a single one.
    ...(report.hourly === undefined ? { pieces: headerLines } : {}),
    decode(payload) {
      if (!/^[\s\u00EF\u00BB\u00BF]*\{/.test(startOf(payload.bytes)))
        return inArea(readSppTable(payload, columns, timeOf(payload, report)), payload.name);
      const isMap = /"features"\s*:\s*\[/.test(headOf(payload).text);
      return isMap ? readSppMap(payload, columns, time) : readSppChart(payload, columns, time);
    },
  };
}

/** The convention of a table. */
function timeOf(payload: Payload, { time, hourly }: SppReport): TimeConvention {
  return hourly !== undefined && glimpseOf(headOf(payload))?.cadence === 'hourly' ? hourly : time;
}

/** The first characters of a body. */
const startOf = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes.subarray(0, 64));

function recognise(head: PayloadHead, report: SppReport): Recognition {
  const glimpse = glimpseOf(head);
  if (glimpse === null || !report.matches(glimpse, head.name)) return 0;
  return report.named.test(head.name) ? 3 : 2;
}

/** True when a head has all of these columns. */
export function hasAll(head: SppHead, ...names: readonly string[]): boolean {
  return names.every((name) => head.names.has(name));
}
