/** Numbers and times on the command line. */

import { CarbonError } from '../../core/errors.ts';
import { type Micros, parseInstant } from '../../core/time/instant.ts';

/** What is allowed. */
export interface NumberBounds {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

/** The number of an option, or the fallback when it is not given. Throws USAGE_INVALID with option and bounds. */
export function numberOption(
  option: string,
  text: string | undefined,
  fallback: number,
  { least, most, whole = false }: NumberBounds,
): number {
  if (text === undefined) return fallback;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  const expected = `a ${whole ? 'whole ' : ''}number from ${least} to ${most}`;
  throw new CarbonError('USAGE_INVALID', `${option} is ${text}, but must be ${expected}`, {
    position: { field: option, expected, got: text },
  });
}

/** The time of an option, UTC micros. Throws USAGE_INVALID with the option. */
export function timeOption(option: string, text: string): Micros {
  const at = parseInstant(text);
  if (at !== null) return at;
  throw new CarbonError('USAGE_INVALID', `${option} is not a time: ${text}`, {
    position: { field: option, expected: 'YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ', got: text },
  });
}
