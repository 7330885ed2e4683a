/** Columns of numbers in the feeds of PJM: which field they are, and which cells name the place and the series. */

import { type Cells, labelOf, type Measure } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';

const MW = 'MW';

/** A column as `Columns` compares its name, the field that it is, and its unit where that is not MW. */
export type Column = readonly [column: string, field: string, unit?: string];

/**
 * The columns of numbers that the table has. The place of a record is its first cell of `places`, else the market; its
 * series the first of `series`, else none.
 */
export function figures(
  view: TableView,
  columns: readonly Column[],
  places: readonly string[],
  series: readonly string[] = [],
): Cells {
  const placeAt = view.columns.find(...places);
  const seriesAt = view.columns.find(...series);
  const measures: Measure[] = columns.map(([column, field, unit = MW]) => ({
    at: view.columns.find(column),
    field,
    unit,
  }));
  return {
    measures: measures.filter(({ at }) => at >= 0),
    place: (record) => ({ location: labelOf(record, placeAt) ?? 'PJM', series: labelOf(record, seriesAt) }),
  };
}
