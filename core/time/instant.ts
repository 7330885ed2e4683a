/**
 * Instants: microseconds since 1970-01-01T00:00:00Z as a JavaScript number.
 *
 * Exact for every instant until the year 2255 (2^53 microseconds), cheap in typed arrays, and the unit of Avro's
 * `timestamp-micros` and of the store's `DateTime64(6)`.
 */

/** UTC microseconds since the epoch; always an integer. */
export type Micros = number;

export const SECOND: Micros = 1_000_000;
export const MINUTE: Micros = 60 * SECOND;
export const HOUR: Micros = 60 * MINUTE;
export const DAY: Micros = 24 * HOUR;

/** True for a year all of whose instants are exact, whatever the offset: 1700 to 2254. */
export function isExactYear(year: number): boolean {
  return year >= 1700 && year <= 2254;
}

const pad = (n: number, width: number): string => String(n).padStart(width, '0');

/**
 * ISO 8601 in UTC with the shortest exact fraction: `2026-03-08T05:00:00Z`, `…:00.250Z`, `…:00.000001Z`.
 */
export function formatInstant(at: Micros): string {
  const days = Math.floor(at / DAY);
  let rest = at - days * DAY;
  const [year, month, day] = civilFromDays(days);
  const hour = Math.floor(rest / HOUR);
  rest -= hour * HOUR;
  const minute = Math.floor(rest / MINUTE);
  rest -= minute * MINUTE;
  const second = Math.floor(rest / SECOND);
  const micros = rest - second * SECOND;
  const fraction =
    micros === 0 ? '' : micros % 1000 === 0 ? `.${pad(micros / 1000, 3)}` : `.${pad(micros, 6)}`;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}${fraction}Z`;
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Parses an ISO 8601 date or date-time; without an offset it is read as UTC. Digits beyond the microsecond are cut.
 * Returns null for anything else, years that micros cannot tell exactly included: the caller knows the position and
 * raises the error.
 */
export function parseInstant(text: string): Micros | null {
  const m = ISO.exec(text.trim());
  if (m === null || !isExactYear(Number(m[1]))) return null;
  const month = Number(m[2]);
  const day = Number(m[3]);
  const hour = Number(m[4] ?? 0);
  const minute = Number(m[5] ?? 0);
  const second = Number(m[6] ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(Number(m[1]), month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const micros = Number((m[7] ?? '').slice(0, 6).padEnd(6, '0'));
  let offset = 0;
  const zone = m[8];
  if (zone !== undefined && zone.toUpperCase() !== 'Z') {
    const sign = zone.startsWith('-') ? -1 : 1;
    offset = sign * (Number(zone.slice(1, 3)) * HOUR + Number(zone.slice(-2)) * MINUTE);
  }
  return instantFromCivil(Number(m[1]), month, day, hour, minute, second) + micros - offset;
}

/** Instant of a proleptic Gregorian date and time read as UTC. Fields are not checked. */
export function instantFromCivil(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
): Micros {
  return daysFromCivil(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second * SECOND;
}

/** Days since the epoch of a proleptic Gregorian date (Hinnant, "chrono-compatible low-level date algorithms"). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yoe = y - era * 400;
  const doy = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const doe = yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy;
  return era * 146_097 + doe - 719_468;
}

/** Year, month and day of a count of days since the epoch; the inverse of {@link daysFromCivil}. */
export function civilFromDays(days: number): [year: number, month: number, day: number] {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365,
  );
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const day = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  return [yoe + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

/** Length of a month of the proleptic Gregorian calendar. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
