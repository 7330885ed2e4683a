/** Instants as the clocks of the markets show them. Input and output days are counted since 1970-01-01. */

import { civilFromDays, DAY, HOUR, MINUTE, type Micros, SECOND } from '../core/time/instant.ts';
import { offsetAt, type WallTime } from '../core/time/zone.ts';

/** What a wall clock of the zone shows at an instant. */
export function wallAt(zone: string, at: Micros): WallTime {
  const local = at + offsetAt(zone, at);
  const days = Math.floor(local / DAY);
  const rest = local - days * DAY;
  const [year, month, day] = civilFromDays(days);
  return {
    year,
    month,
    day,
    hour: Math.floor(rest / HOUR),
    minute: Math.floor((rest % HOUR) / MINUTE),
    second: Math.floor((rest % MINUTE) / SECOND),
  };
}

/** A number with leading zeros. */
export function padded(n: number, width = 2): string {
  return String(n).padStart(width, '0');
}

/** `MM/DD/YYYY` of a day. */
export function slashDate(day: number): string {
  const [year, month, date] = civilFromDays(day);
  return `${padded(month)}/${padded(date)}/${year}`;
}

/** `YYYYMMDD` of a day. */
export function compactDate(day: number): string {
  const [year, month, date] = civilFromDays(day);
  return `${year}${padded(month)}${padded(date)}`;
}

/** `YYYY-MM-DD` of a day. */
export function isoDate(day: number): string {
  const [year, month, date] = civilFromDays(day);
  return `${year}-${padded(month)}-${padded(date)}`;
}

/** Date of an instant on the clock of a zone, in days since the epoch. */
export function localDay(zone: string, at: Micros): number {
  return Math.floor((at + offsetAt(zone, at)) / DAY);
}

/** `MM/DD/YYYY HH:MM:SS` of an instant. */
export function slashStamp(zone: string, at: Micros): string {
  return `${slashDate(localDay(zone, at))} ${clockText(wallAt(zone, at), true)}`;
}

/** `YYYY-MM-DDTHH:MM:SS` of an instant, without an offset. */
export function isoStamp(zone: string, at: Micros): string {
  return `${isoDate(localDay(zone, at))}T${clockText(wallAt(zone, at), true)}`;
}

/** `-05:00` of an instant: how far the zone's clock is from UTC. */
export function offsetText(zone: string, at: Micros): string {
  const minutes = Math.round(offsetAt(zone, at) / MINUTE);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60))}:${padded(size % 60)}`;
}

/** True in the second hour of two that bear the same label: the one of standard time. */
export function isRepeatedHour(zone: string, at: Micros): boolean {
  return wallAt(zone, at).hour === wallAt(zone, at - HOUR).hour;
}

/** `HH:MM` or `HH:MM:SS` of a wall time. */
export function clockText(wall: WallTime, withSeconds: boolean): string {
  const text = `${padded(wall.hour)}:${padded(wall.minute)}`;
  return withSeconds ? `${text}:${padded(wall.second)}` : text;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** English names of the months as three letters. */
export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Day of the week, 0 for Sunday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The date of an HTTP header: `Sun, 09 Mar 2025 16:00:00 GMT`. */
export function httpDate(at: Micros): string {
  const w = wallAt('UTC', at);
  const weekday = WEEKDAYS[weekdayOf(Math.floor(at / DAY))];
  return `${weekday}, ${padded(w.day)} ${MONTHS[w.month - 1]} ${w.year} ${clockText(w, true)} GMT`;
}
