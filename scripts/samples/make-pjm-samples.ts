/**
 * Writes the PJM samples and golden cases: `scripts/node scripts/samples/make-pjm-samples.ts`. The layouts are the operator's, the
 * numbers are invented; expected rows are counted from the first instant of a day, not read by the decoder.
 */

import { writeFiles } from './case-folder.ts';
import { CASES } from './pjm-sample-cases.ts';
import { sampleFiles } from './sample-files.ts';

/** Every file that this script makes: path from the root of the project → content. */
export const samples = (): Map<string, string> => sampleFiles('pjm', CASES);

if (import.meta.main) writeFiles(samples());
