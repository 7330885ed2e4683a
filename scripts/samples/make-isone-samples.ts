/**
 * Makes the samples and golden cases of ISO New England: the operator's layouts with numbers of our own making, the same
 * on every run.
 *
 * `scripts/node scripts/samples/make-isone-samples.ts` writes them. The expected rows come from the maker, which counts from the
 * first instant of a case, and not from the decoder under test.
 */

import { writeFiles } from './case-folder.ts';
import { goldenFiles } from './golden-cases.ts';
import { ISONE_DAY_CASES } from './isone-day-cases.ts';
import { ISONE_EXPRESS_CASES } from './isone-express-cases.ts';
import { ISONE_WEB_CASES } from './isone-web-cases.ts';

/** Path → content of all samples and cases. */
export function samples(): Map<string, string> {
  return goldenFiles('ISONE', 'make-isone-samples.ts', [
    ...ISONE_WEB_CASES,
    ...ISONE_EXPRESS_CASES,
    ...ISONE_DAY_CASES,
  ]);
}

if (import.meta.main) writeFiles(samples());
