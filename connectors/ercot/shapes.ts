/** How ERCOT's tables say when they were published, and what its layouts have in common. */

import type { Micros } from '../../core/time/instant.ts';
import {
  FORWARD,
  type Layout,
  ofFiles,
  type Publication,
  type RecordPlace,
  shapeOf,
} from '../kit/tables/layout.ts';
import type { TableShape } from '../kit/tables/table-dataset.ts';
import { instantOf, publishedByName } from './body.ts';

/** The place of figures of the whole system. */
export const SYSTEM: RecordPlace = { location: 'ERCOT', series: null };

const PATTERNS = ['YYYY-MM-DD[T][ ]hh:mm[:ss][.f]', 'M/D/YYYY h:mm[:ss]', 'M/D/YY h:mm[:ss]'];

/** Its own column (of postings, corrections and look-ahead runs), else the name of the file. */
const publication: Publication = (view) => {
  const at = view.columns.find('posteddatetime', 'pricecorrectiontime', 'rtdtimestamp');
  const byName = publishedByName(view.name);
  const known = new Map<string, Micros | null>([['', byName]]);
  return (record) => {
    const cell = at < 0 ? '' : (record.cells[at] ?? '').trim();
    let instant = known.get(cell);
    if (instant === undefined) {
      instant = PATTERNS.map((pattern) => instantOf(cell, pattern)).find((found) => found !== null) ?? null;
      known.set(cell, instant);
    }
    return instant;
  };
};

/** A layout of ERCOT as a shape: the rows of a place run forward in files, unless it says otherwise. */
export const ercotShape = (layout: Layout): TableShape =>
  shapeOf({ coverage: ofFiles(FORWARD), ...layout }, publication);
