/** Instants as the store's SQL writes and prints them. */

import { formatInstant, type Micros } from '../../core/time/instant.ts';

/** `2026-01-31 12:00:00.25`: for parameters of views. */
export function sqlTime(at: Micros): string {
  return formatInstant(at).replace('T', ' ').replace('Z', '');
}

/** An expression that prints a DateTime64 column as ISO 8601 in UTC; the fraction only where there is one. */
export function isoTime(column: string): string {
  const micros = `toUnixTimestamp64Micro(${column}) % 1000000`;
  const fraction = `if(${micros} % 1000 = 0, leftPad(toString(intDiv(${micros}, 1000)), 3, '0'), leftPad(toString(${micros}), 6, '0'))`;
  return `concat(formatDateTime(${column}, '%FT%T'), if(${micros} = 0, '', concat('.', ${fraction})), 'Z')`;
}

/** The instant that {@link isoTime} printed. */
export function microsOf(text: unknown): Micros {
  return Number(Temporal.Instant.from(String(text)).epochNanoseconds / 1000n);
}
