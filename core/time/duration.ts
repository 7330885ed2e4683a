/** Durations as settings write them: `90s`, `15m`, `2h`, `3d`. */

import { DAY, HOUR, MINUTE, type Micros, SECOND } from './instant.ts';

const FORM = /^(\d{1,6})(s|m|h|d)$/;
const UNITS: Readonly<Record<string, Micros>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** Micros of a duration, or null when the text is not one. A day is 24 hours. */
export function parseDuration(text: string): Micros | null {
  const m = FORM.exec(text);
  return m === null ? null : Number(m[1]) * UNITS[m[2]];
}
