/** Stamps that end in their offset from UTC: `2026-03-08T00:00:00.000-05:00`. */

import { HOUR, MINUTE, type Micros } from '../../../core/time/instant.ts';

const OFFSET = /(?:\.\d+)?(Z|[+-]\d{2}(?::?\d{2})?)$/i;

/** The stamp without offset and fraction, and the offset in the form of {@link OFFSET_WORDS}; null where there is none. */
export function splitOffset(text: string): { stamp: string; offset: string | null } {
  const m = OFFSET.exec(text);
  if (m === null) return { stamp: text, offset: null };
  const [whole, printed = ''] = m;
  const digits = printed.toUpperCase() === 'Z' ? '+0000' : printed.replace(':', '').padEnd(5, '0');
  return {
    stamp: text.slice(0, text.length - whole.length).trim(),
    offset: `${digits.slice(0, 3)}:${digits.slice(3)}`,
  };
}

/** Every offset in use, `-12:00` to `+14:00` in quarters of an hour, with its micros: the words of the zone rule. */
export const OFFSET_WORDS: Readonly<Record<string, Micros>> = Object.fromEntries(
  Array.from({ length: 105 }, (_, i) => (i - 48) * 15).map((minutes) => {
    const size = Math.abs(minutes);
    const text = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
    return [text, minutes * MINUTE];
  }),
);

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** Micros of an offset such as `-05:00`; null when it is none. */
export function offsetOf(text: string): Micros | null {
  const m = /^([+-])(\d{2}):(\d{2})$/.exec(text);
  if (m === null) return null;
  return (m[1] === '-' ? -1 : 1) * (Number(m[2]) * HOUR + Number(m[3]) * MINUTE);
}
