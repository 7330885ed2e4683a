/**
 * Other forms of a source's stamps, as files have that went through a spreadsheet or a script on their way. One body has one
 * form, which its first stamp shows: a stamp that has lost a digit does not turn into another one.
 */

import type { Dataset, Decoded } from '../contract.ts';
import { parseStamp } from './stamp.ts';

/** The dataset, whose bodies have the stamps of its layout or, all of them, those of one of `forms`. */
export function inAnyForm(dataset: Dataset, forms: readonly string[]): Dataset {
  return { ...dataset, decode: (payload) => withForm(dataset.decode(payload), dataset, forms) };
}

function withForm(decoded: Decoded, dataset: Dataset, forms: readonly string[]): Decoded {
  const [first] = decoded.rows;
  const time = decoded.layout?.time ?? dataset.time;
  // Begin and end are not read by the words of the row.
  if (first === undefined || time.stamp === 'bounds') return decoded;
  const fits = (pattern: string): boolean => parseStamp(pattern, first.sourceTime) !== null;
  const pattern = fits(time.pattern) ? time.pattern : (forms.find(fits) ?? time.pattern);
  return { ...decoded, layout: { ...decoded.layout, time: { ...time, pattern } } };
}
