/**
 * ERCOT's generation in all as its state estimator sees it (NP6-625), a reading of each run with the time at which it ran,
 * and `s` or `d` for standard or daylight time beside it.
 */

import type { PublishedField } from '../kit/contract.ts';
import { type Cells, FORWARD, ofFiles } from '../kit/tables/layout.ts';
import { estimatorClock } from './clock.ts';
import { ercotShape, SYSTEM } from './shapes.ts';

const UNIT = 'MW';

/** Fields of `generation`. */
export const ESTIMATED_FIELDS: readonly PublishedField[] = [
  { field: 'generation', unit: UNIT, what: 'output of all units as the state estimator sees it' },
];

/** Shapes of `generation`. */
export const ESTIMATED_GENERATION = [
  {
    title: 'SE_EXE_TIME, SE_EXE_TIME_DST, SE_MW',
    needs: [['seexetime'], ['semw']],
    clock: estimatorClock,
    cells: (view: Parameters<typeof estimatorClock>[0]): Cells => ({
      measures: [{ at: view.columns.find('semw'), field: 'generation', unit: UNIT }],
      place: () => SYSTEM,
    }),
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);
