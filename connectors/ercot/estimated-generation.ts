/**
 * What ERCOT's state estimator sees (NP6-625 and NP6-626): generation in all, and the flow over each tie to another grid, a
 * reading of each run with its time, and `s` or `d` for standard or daylight time beside it.
 */

import type { PublishedField } from '../kit/contract.ts';
import { type Cells, FORWARD, labelOf, ofFiles } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { estimatorClock } from './clock.ts';
import { ercotShape, SYSTEM } from './shapes.ts';

const UNIT = 'MW';

/** Fields of `generation`. */
export const ESTIMATED_FIELDS: readonly PublishedField[] = [
  { field: 'generation', unit: UNIT, what: 'output of all units as the state estimator sees it' },
];

/** Fields of `interchange`. */
export const TIE_FIELDS: readonly PublishedField[] = [
  { field: 'interchange', unit: UNIT, what: 'flow over a tie, its name as location; sign as published' },
];

/** Shapes of `generation`. */
export const ESTIMATED_GENERATION = [
  {
    title: 'SE_EXE_TIME, SE_EXE_TIME_DST, SE_MW, SE_MVAR, SCADA_MW, SCADA_MVAR',
    needs: [['seexetime'], ['semw']],
    ignored: ['semvar', 'scadamw', 'scadamvar'],
    clock: estimatorClock,
    cells: (view: TableView): Cells => ({
      measures: [{ at: view.columns.find('semw'), field: 'generation', unit: UNIT }],
      place: () => SYSTEM,
    }),
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);

/** Shapes of `interchange`. */
export const TIES = [
  {
    title: 'TAGCLAST_TIME, TAGCLAST_TIME_DST, TIE_LINE_ID, MW_TIE, TEID_TIE',
    needs: [['tagclasttime'], ['tielineid'], ['mwtie']],
    ignored: ['teidtie'],
    clock: estimatorClock,
    cells: (view: TableView): Cells => {
      const tieAt = view.columns.find('tielineid');
      return {
        measures: [{ at: view.columns.find('mwtie'), field: 'interchange', unit: UNIT }],
        place: (record) => ({ location: labelOf(record, tieAt), series: null }),
      };
    },
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);
