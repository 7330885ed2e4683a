/** Golden cases that are written out: a body as it stands, and each figure that it must decode to as one line. */

import type { GoldenCase } from './golden-case.ts';
import type { Figure } from './printed-line.ts';

/** A case, its samples named after market and dataset where there are any. */
export interface Written {
  readonly what: string;
  readonly ending: string;
  readonly payload: string;
  /** `location|series|begin|end|field|value|unit`, and `|published`; instants as `2026-10-09T05:00`, UTC. */
  readonly figures: readonly string[];
  readonly sample?: string;
}

const at = (text: string): number => Date.parse(`${text.length === 16 ? `${text}:00` : text}Z`);

/** One figure of its line; an end that is left out is the begin. */
function figureOf(line: string): Figure {
  const [location = '', series = '', start = '', end = '', field = '', value = '', unit = '', published] =
    line.split('|');
  return {
    location: location === '' ? null : location,
    series: series === '' ? null : series,
    start: at(start),
    end: at(end === '' ? start : end),
    field,
    value: value === '' ? null : value,
    unit,
    ...(published === undefined ? {} : { published: at(published) }),
  };
}

/** The case as makers write it. */
export function writtenCase({ what, ending, payload, figures, sample }: Written): GoldenCase {
  return {
    what,
    ending,
    body: { payload, figures: figures.map(figureOf) },
    ...(sample === undefined ? {} : { sample }),
  };
}

/** Figures of one place and field at times that follow each other: `[begin, end, value]`. */
export const inTurn = (
  place: string,
  field: string,
  unit: string,
  slots: readonly (readonly [begin: string, end: string, value: string])[],
): string[] => slots.map(([begin, end, value]) => `${place}|${begin}|${end}|${field}|${value}|${unit}`);
