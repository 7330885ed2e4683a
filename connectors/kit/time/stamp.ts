/** Time stamps as markets print them: a small pattern language, strict widths, calendar checked. */

import {
  civilFromDays,
  DAY,
  daysInMonth,
  HOUR,
  instantFromCivil,
  isExactYear,
  MINUTE,
  type Micros,
} from '../../../core/time/instant.ts';
import type { WallTime } from '../../../core/time/zone.ts';

const PARTS: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  YY: '(?<short>\\d{2})',
  Mon: '(?<name>[A-Z][a-z]{2})',
  MM: '(?<month>\\d{2})',
  DD: '(?<day>\\d{2})',
  hh: '(?<hour>\\d{2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
  M: '(?<month>\\d{1,2})',
  D: '(?<day>\\d{1,2})',
  h: '(?<hour>\\d{1,2})',
  A: '(?<half>[AaPp][Mm])',
  f: '(?<fraction>\\d{1,6})0*',
  q: '(?<quarter>[1-4])',
};
const TOKENS = /YYYY|YY|Mon|MM|DD|hh|mm|ss|[MDhAfq](?![A-Za-z])/g;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const compiled = new Map<string, RegExp>();

/**
 * Compiles a pattern of `YYYY MM DD hh mm ss`, literal characters, and `[...]` for an optional part:
 * `MM/DD/YYYY hh:mm[:ss]`. A single `M`, `D` or `h` that no letter follows takes one digit or two: `M/D/YYYY HE h`.
 * `Mon` is an English month of three letters, `YY` a year of this century. A single `A` is AM or PM and makes the hour one of 12:
 * `h:mm:ss A`. A single `f` is a fraction of a second, to the micro; a single `q` the quarter of an hour, 1 to 4, inside the
 * hour that `h` numbers by its end: `2 1` is 01:15, the end of that quarter.
 */
export function stampPattern(pattern: string): RegExp {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const source = pattern.replace(
      /YYYY|YY|Mon|MM|DD|hh|mm|ss|[MDhAfq](?![A-Za-z])|\[|\]|[^\w]/g,
      (token) => {
        if (token === '[') return '(?:';
        if (token === ']') return ')?';
        return PARTS[token] ?? `\\u{${token.codePointAt(0)?.toString(16)}}`;
      },
    );
    expression = new RegExp(`^${source}$`, 'u');
    compiled.set(pattern, expression);
  }
  return expression;
}

/**
 * The wall clock that a stamp shows, as micros since the epoch *of that clock* (no zone applied). `24:00` is the next
 * midnight. Blanks around it are ignored. Null when the stamp does not fit the pattern or the calendar, or when its year
 * is beyond what micros tell exactly.
 */
export function parseStamp(pattern: string, text: string): Micros | null {
  const parts = stampPattern(pattern).exec(text.trim())?.groups;
  if (parts === undefined) return null;
  const year = Number(parts['year'] ?? `20${parts['short']}`);
  const name = parts['name'];
  const month = name === undefined ? Number(parts['month'] ?? 1) : MONTHS.indexOf(name) + 1;
  const day = Number(parts['day'] ?? 1);
  const hour = hourOf(Number(parts['hour'] ?? 0), parts['half']);
  const minute = Number(parts['minute'] ?? 0);
  const second = Number(parts['second'] ?? 0);
  if (!isExactYear(year) || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (minute > 59 || second > 59 || !(hour <= 24) || (hour === 24 && minute + second > 0)) return null;
  const quarter = parts['quarter'];
  if (quarter !== undefined && (hour === 0 || minute + second > 0)) return null;
  const before = quarter === undefined ? 0 : (4 - Number(quarter)) * 15 * MINUTE;
  const fraction = Number((parts['fraction'] ?? '').padEnd(6, '0'));
  return instantFromCivil(year, month, day, hour, minute, second) + fraction - before;
}

/** The hour of the day; NaN for one that a clock of 12 hours does not show. */
function hourOf(printed: number, half: string | undefined): number {
  if (half === undefined) return printed;
  if (printed < 1 || printed > 12) return Number.NaN;
  return (printed % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

/** Writes a wall clock in a pattern; the optional part is written when `optional` says so. */
export function formatStamp(pattern: string, wall: Micros, optional = false): string {
  // A quarter belongs to the hour and the day in which it lies, not to those in which it ends.
  const quarterly = /(?<![A-Za-z])q(?![A-Za-z])/.test(pattern);
  const { year, month, day, hour, minute, second } = wallFields(quarterly ? wall - 15 * MINUTE : wall);
  const twelve = /(?<![A-Za-z])A(?![A-Za-z])/.test(pattern);
  const parts: Record<string, number | string> = {
    YYYY: year,
    YY: year % 100,
    Mon: MONTHS[month - 1] ?? '',
    MM: month,
    M: month,
    DD: day,
    D: day,
    hh: twelve ? hour % 12 || 12 : hour,
    h: quarterly ? hour + 1 : twelve ? hour % 12 || 12 : hour,
    q: Math.floor(minute / 15) + 1,
    f: String(wall - Math.floor(wall / 1_000_000) * 1_000_000).padStart(6, '0'),
    A: hour < 12 ? 'AM' : 'PM',
    mm: minute,
    ss: second,
  };
  const chosen = optional ? pattern : pattern.replace(/\[[^\]]*\]/g, '');
  const written = chosen.replace(TOKENS, (token) => String(parts[token]).padStart(token.length, '0'));
  return written.replace(/[[\]]/g, '');
}

/** Fields of a wall clock given as micros of that clock. */
export function wallFields(wall: Micros): WallTime {
  const days = Math.floor(wall / DAY);
  const [year, month, day] = civilFromDays(days);
  const rest = wall - days * DAY;
  return {
    year,
    month,
    day,
    hour: Math.floor(rest / HOUR),
    minute: Math.floor((rest % HOUR) / MINUTE),
    second: Math.floor((rest % MINUTE) / 1_000_000),
  };
}
