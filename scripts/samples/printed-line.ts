/** The lines that `carbon decode --json` must print of a body, written without the decoder. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** One figure that a body must decode to. Times are milliseconds of UTC. */
export interface Figure {
  readonly location: string | null;
  readonly series?: string | null;
  readonly start: number;
  readonly end: number;
  readonly field: string;
  readonly value: string | null;
  readonly unit: string;
  /** An instant, or as it is printed. */
  readonly published?: number | string;
}

/** An instant as `carbon decode` prints it. */
export const utc = (ms: number): string => new Date(ms).toISOString().replace('.000', '');

/** The line of a figure, in the order of its keys. */
export function printedLine(market: string, dataset: string, figure: Figure): string {
  const { location, series, start, end, field, value, unit, published } = figure;
  return JSON.stringify({
    market,
    dataset,
    location,
    ...(series === undefined || series === null ? {} : { series }),
    interval_start: utc(start),
    interval_end: utc(end),
    field,
    value,
    unit,
    ...(published === undefined
      ? {}
      : { published_at: typeof published === 'number' ? utc(published) : published }),
  });
}
