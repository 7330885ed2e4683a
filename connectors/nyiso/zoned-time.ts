/** Time in the NYISO reports that have a column `Time Zone`: EST or EDT tells the repeated hour, and is checked. */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { NYISO_ZONE } from './routes.ts';

/** What these conventions share. */
export const ZONED_TIME = {
  zone: NYISO_ZONE,
  pattern: 'MM/DD/YYYY hh:mm[:ss]',
  repeated: { by: 'zone', words: { EST: -5 * HOUR, EDT: -4 * HOUR } },
} as const satisfies Partial<TimeConvention>;

/** The convention of a report whose files have no such column at times: the order tells the repeated hour then. */
export const unzoned = (time: TimeConvention): TimeConvention => ({ ...time, repeated: { by: 'order' } });

/** Hours by their begin. */
export const ZONED_HOURS: TimeConvention = {
  ...ZONED_TIME,
  name: 'eastern-hour-beginning',
  stamp: 'beginning',
  length: HOUR,
  onGrid: true,
};

/** Hours of a report without such a column. */
export const HOURS: TimeConvention = unzoned(ZONED_HOURS);

/** A reading at the instant of its stamp, which may lie off any grid; about every five minutes there is one. */
export const ZONED_INSTANT: TimeConvention = {
  ...ZONED_TIME,
  name: 'eastern-instant',
  stamp: 'instant',
  length: 0,
  onGrid: false,
  cadence: 15 * MINUTE,
};
