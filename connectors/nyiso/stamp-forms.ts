/**
 * Forms of NYISO's stamps. The operator prints `06/01/2025 00:05:00`; files that went through a spreadsheet or a script on
 * their way have `6/1/2025 0:05` or `2025-06-01 00:05:00`. One file has one form, which its first stamp shows: a stamp
 * that has lost a digit does not turn into another one.
 */

import type { Dataset, Decoded } from '../kit/contract.ts';
import { parseStamp } from '../kit/time/stamp.ts';

const FORMS: readonly string[] = ['YYYY-MM-DD[T][ ]hh:mm[:ss]', 'M/D/YYYY h:mm[:ss]', 'M/D/YY h:mm[:ss]'];

/** The dataset, whose bodies have the operator's form of stamps or one of the others. */
export function inAnyForm(dataset: Dataset): Dataset {
  return { ...dataset, decode: (payload) => withForm(dataset.decode(payload), dataset) };
}

function withForm(decoded: Decoded, dataset: Dataset): Decoded {
  const [first] = decoded.rows;
  if (first === undefined) return decoded;
  const time = decoded.layout?.time ?? dataset.time;
  const fits = (pattern: string): boolean => parseStamp(pattern, first.sourceTime) !== null;
  const pattern = fits(time.pattern) ? time.pattern : (FORMS.find(fits) ?? time.pattern);
  return { ...decoded, layout: { ...decoded.layout, time: { ...time, pattern } } };
}
