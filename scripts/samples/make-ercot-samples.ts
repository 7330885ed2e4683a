/**
 * Writes the ERCOT samples and golden cases: `scripts/node scripts/samples/make-ercot-samples.ts`. The layouts are the operator's,
 * the numbers are invented; expected rows are counted from the first instant of a day, not read by the decoder.
 */

import { writeFiles } from './case-folder.ts';
import { CASES } from './ercot-sample-cases.ts';
import { sampleFiles } from './sample-files.ts';

/** Every file that this script makes: path from the root of the project → content. */
export const samples = (): Map<string, string> => sampleFiles('ercot', CASES);

if (import.meta.main) writeFiles(samples());
