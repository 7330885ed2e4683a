/** ISO 8601 instants in UTC, read as bytes: `2026-03-01T00:00:00Z`, with a fraction of up to six digits. */

import {
  DAY,
  daysFromCivil,
  daysInMonth,
  HOUR,
  isExactYear,
  MINUTE,
  type Micros,
  SECOND,
} from '../../time/instant.ts';

/** Micros of one unit at each digit after the point. */
const FRACTION = [100_000, 10_000, 1000, 100, 10, 1];

/** Reads times; remembers the day of the one before, since neighbours mostly share it. */
export class IsoTimes {
  private readonly day = new Uint8Array(10);
  private readonly midnight = new Float64Array(1);

  /**
   * Writes the instant in `bytes[from, to)` to `out[i]`, in UTC micros. False, and nothing written, for any other form
   * than the one of this file, whether it is a time or not.
   */
  read(bytes: Uint8Array, from: number, to: number, out: Float64Array, i: number): boolean {
    const length = to - from;
    if (length < 20 || length > 27 || bytes[to - 1] !== 0x5a || bytes[from + 10] !== 0x54) return false;
    if (!this.isKnownDay(bytes, from) && !this.readDay(bytes, from)) return false;
    const hour = two(bytes, from + 11);
    const minute = two(bytes, from + 14);
    const second = two(bytes, from + 17);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
    if (bytes[from + 13] !== 0x3a || bytes[from + 16] !== 0x3a) return false;
    let micros = 0;
    if (length > 20) {
      if (bytes[from + 19] !== 0x2e || length === 21) return false;
      for (let p = from + 20, k = 0; p < to - 1; p++, k++) {
        const digit = bytes[p] - 0x30;
        if (digit < 0 || digit > 9) return false;
        micros += digit * FRACTION[k];
      }
    }
    const at: Micros = this.midnight[0] + hour * HOUR + minute * MINUTE + second * SECOND + micros;
    out[i] = at;
    return true;
  }

  private isKnownDay(bytes: Uint8Array, from: number): boolean {
    const { day } = this;
    for (let k = 9; k >= 0; k--) if (bytes[from + k] !== day[k]) return false;
    return true;
  }

  private readDay(bytes: Uint8Array, from: number): boolean {
    const century = two(bytes, from);
    const year = two(bytes, from + 2);
    const month = two(bytes, from + 5);
    const date = two(bytes, from + 8);
    if (century < 0 || year < 0 || month < 1 || month > 12 || date < 1) return false;
    if (bytes[from + 4] !== 0x2d || bytes[from + 7] !== 0x2d) return false;
    if (!isExactYear(100 * century + year) || date > daysInMonth(100 * century + year, month)) return false;
    this.midnight[0] = daysFromCivil(100 * century + year, month, date) * DAY;
    for (let k = 0; k < 10; k++) this.day[k] = bytes[from + k];
    return true;
  }
}

/** Two digits as a number; negative when they are none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - 0x30;
  const ones = bytes[at + 1] - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : -1;
}
