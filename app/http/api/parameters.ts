/** What the read API may be asked: parameters as schemas, and the error for what does not fit. */

import { z } from 'zod';
import { parseBarInterval } from '../../../core/math/bar-interval.ts';
import { parseDay } from '../../../core/time/calendar-day.ts';
import { DAY, formatInstant, type Micros, parseInstant } from '../../../core/time/instant.ts';
import { nearestName } from '../../connectors/nearest-name.ts';
import { ALL_TIME } from '../../read/bars.ts';
import { refused } from '../problem.ts';

/** Rows of a page, when nothing else is asked for, and at most. */
export const PAGE_ROWS = { usual: 1000, most: 10_000 } as const;

const DATE = '\\d{4}-\\d{2}-\\d{2}';
const TIME = `^${DATE}([T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:?\\d{2})?)?$`;
const TIME_WORDS = 'YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ';

/** A date or a time; `expected` in errors is the description up to its first stop. */
const time = (what: string) =>
  z
    .string()
    .regex(new RegExp(TIME), TIME_WORDS)
    .refine((text) => parseInstant(text) !== null, TIME_WORDS)
    .describe(what);
const word = (what: string) => z.string().min(1).max(200).describe(what);

/** Parameters of pages. */
export const paging = {
  limit: z.coerce
    .number({ error: `a whole number from 1 to ${PAGE_ROWS.most}` })
    .int(`a whole number from 1 to ${PAGE_ROWS.most}`)
    .min(1, `a whole number from 1 to ${PAGE_ROWS.most}`)
    .max(PAGE_ROWS.most, `a whole number from 1 to ${PAGE_ROWS.most}`)
    .optional()
    .describe(
      `Rows of a page: ${PAGE_ROWS.usual} when left out. A stream (NDJSON, CSV) without it has no end but its own.`,
    ),
  cursor: z
    .string()
    .min(1)
    .max(4000)
    .optional()
    .describe('`next` of the page before, with the same other parameters.'),
};

/** A window of event time. */
export const window = {
  from: time('Start of the window: a date (UTC) or a time.').optional(),
  to: time('End of the window: a date is inclusive, a time exclusive.').optional(),
};

/** The time at which things were known. */
export const asOf = { as_of: time('As known at this time; now when left out.').optional() };
/** A day of the market. */
export const asOfDate = {
  as_of_date: z
    .string()
    .regex(new RegExp(`^${DATE}$`), 'YYYY-MM-DD')
    .refine((text) => (parseDay(text) ?? -1) >= 0, 'YYYY-MM-DD')
    .optional()
    .describe('Day of the market; the newest one that has points when left out.'),
};
/** A moment. */
export const at = (what: string) => ({ at: time(what).optional() });
/** A name that is compared as it is. */
export const name = (what: string) => word(what).optional();
/** Names, given once or several times. */
export const names = (what: string) =>
  z
    .union([word(what).transform((one) => [one]), z.array(word(what)).max(100)])
    .optional()
    .describe(what);
/** A switch. */
export const flag = (what: string) =>
  z.enum(['true', 'false'], { error: 'true or false' }).default('false').describe(what);
/** A kind of bar of the policy in force. */
export const interval = (known: readonly string[]) =>
  z.enum(known as [string, ...string[]], { error: known.join(', ') }).describe('Kind of bar.');

/** Micros of a parameter that was checked, or null. */
export function microsOrNull(text: string | undefined): Micros | null {
  return text === undefined ? null : parseInstant(text);
}

/** The window of two checked parameters. Throws REQUEST_INVALID when it is empty. */
export function windowOf(query: { from?: string | undefined; to?: string | undefined }): {
  from: Micros;
  to: Micros;
} {
  const from = microsOrNull(query.from) ?? ALL_TIME.from;
  const end = microsOrNull(query.to);
  const isDate = query.to !== undefined && new RegExp(`^${DATE}$`).test(query.to);
  const to = end === null ? ALL_TIME.to : isDate ? end + DAY : end;
  if (to <= from)
    throw refused('the window is empty', 'to', `a time after ${formatInstant(from)}`, String(query.to));
  return { from: Math.max(from, ALL_TIME.from), to: Math.min(to, ALL_TIME.to) };
}

/** Length of a bar, shortest first; for the order of intervals in the document. */
export function byLength(a: string, b: string): number {
  const length = (interval: string): number => parseBarInterval(interval)?.length || DAY;
  return length(a) - length(b);
}

/** Checks parameters against a schema. Throws REQUEST_INVALID with the name of the first that does not fit. */
export function checked<S extends z.ZodObject>(
  schema: S,
  given: Readonly<Record<string, unknown>>,
): z.output<S> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    const known = Object.keys(schema.shape);
    const meant = nearestName(key, known);
    const hint = meant === null ? '' : `; did you mean ${meant}?`;
    throw refused(`no parameter ${key}${hint}`, key, known.join(', ') || 'no parameters', String(given[key]));
  }
  const field = String(issue.path[0] ?? '');
  const got = given[field];
  if (Array.isArray(got) && !acceptsList(schema, field))
    throw refused(`${field} is given ${got.length} times`, field, 'once', got.join(', '));
  const message = got === undefined ? `${field} is missing` : `${field} is not understood`;
  throw refused(message, field, issue.message, got === undefined ? 'nothing' : String(got));
}

function acceptsList(schema: z.ZodObject, field: string): boolean {
  return schema.shape[field]?.safeParse(['x']).success === true;
}
