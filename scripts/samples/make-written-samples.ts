/**
 * Writes the golden cases that are written out, and their samples: `scripts/node scripts/samples/make-written-samples.ts`. The
 * layouts are the operators', the numbers are invented, and each figure is worked out by hand.
 */

import { CAISO_WRITTEN } from './caiso-written-cases.ts';
import { writeFiles } from './case-folder.ts';
import { ERCOT_WRITTEN } from './ercot-written-cases.ts';
import { filesOf } from './golden-case.ts';
import { MISO_WRITTEN } from './miso-written-cases.ts';
import { NYISO_CUSTOM } from './nyiso-custom-cases.ts';
import { NYISO_WRITTEN } from './nyiso-written-cases.ts';
import { type Written, writtenCase } from './written-case.ts';

const MARKETS: Readonly<Record<string, Readonly<Record<string, Written>>>> = {
  caiso: CAISO_WRITTEN,
  ercot: ERCOT_WRITTEN,
  miso: MISO_WRITTEN,
  nyiso: { ...NYISO_WRITTEN, ...NYISO_CUSTOM },
};

/** Every file that this script makes: path from the root of the project → content. */
export function samples(): Map<string, string | Uint8Array> {
  const files = Object.entries(MARKETS).flatMap(([market, cases]) => {
    const made = Object.entries(cases).map(([name, each]) => [name, writtenCase(each)] as const);
    return [...filesOf(market, 'make-written-samples.ts', Object.fromEntries(made))];
  });
  return new Map(files);
}

if (import.meta.main) writeFiles(samples());
