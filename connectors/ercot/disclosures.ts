/**
 * ERCOT's disclosures after sixty days, of units: what each did in each dispatch (NP3-965, `60d_SCED_Gen_Resource_Data`), and
 * what it was awarded day-ahead by the hour (NP3-966, `60d_DAM_Gen_Resource_Data`). The kind of resource is the series; offer
 * curves and awards of ancillary services beside them are not read.
 */

import type { PublishedField } from '../kit/contract.ts';
import { type Cells, FORWARD, labelOf, ofFiles } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { dispatchClock, hourlyClock } from './clock.ts';
import { ercotShape } from './shapes.ts';

const UNIT = 'MW';

/** Columns → fields, with what they are. */
type Figures = readonly (readonly [column: string, field: string, what: string])[];

const DISPATCHED: Figures = [
  ['telemeterednetoutput', 'generation', 'output of a unit as measured, its kind as series'],
  ['basepoint', 'base_point', 'output that the dispatch asks for'],
  ['hsl', 'capacity', 'highest sustained limit'],
  ['lsl', 'capacity_low', 'lowest sustained limit'],
];
const AWARDED: Figures = [
  ['awardedquantity', 'generation_cleared_day_ahead', 'output awarded day-ahead, the kind of unit as series'],
  ['hsl', 'capacity', 'highest sustained limit'],
  ['lsl', 'capacity_low', 'lowest sustained limit'],
];

/** Fields of a set of figures. */
const fieldsOf = (figures: Figures): readonly PublishedField[] =>
  figures.map(([, field, what]) => ({ field, unit: UNIT, what }));

const unitCells =
  (figures: Figures) =>
  (view: TableView): Cells => {
    const { columns } = view;
    const [unitAt, kindAt] = [columns.find('resourcename'), columns.find('resourcetype')];
    const measures = figures.map(([column, field]) => ({ at: columns.find(column), field, unit: UNIT }));
    // Offers, awards of services and limits of the dispatch: their number differs from year to year.
    columns.take(() => true);
    return {
      measures: measures.filter(({ at }) => at >= 0),
      place: (record) => ({ location: labelOf(record, unitAt), series: labelOf(record, kindAt) }),
    };
  };

/** Fields of `generation_by_unit`. */
export const DISPATCHED_FIELDS = fieldsOf(DISPATCHED);
/** Fields of `generation_cleared_by_unit`. */
export const AWARDED_FIELDS = fieldsOf(AWARDED);

/** Shapes of `generation_by_unit`. */
export const DISPATCHED_UNITS = [
  {
    title: 'SCED Time Stamp, Repeated Hour Flag, Resource Name, Resource Type, …, Telemetered Net Output',
    needs: [['scedtimestamp'], ['resourcename'], ['telemeterednetoutput'], ['basepoint']],
    clock: dispatchClock,
    cells: unitCells(DISPATCHED),
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);

/** Shapes of `generation_cleared_by_unit`. */
export const AWARDED_UNITS = [
  {
    title: 'Delivery Date, Hour Ending, Resource Name, Resource Type, …, Awarded Quantity',
    needs: [['deliverydate'], ['hourending'], ['resourcename'], ['awardedquantity']],
    clock: hourlyClock,
    cells: unitCells(AWARDED),
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);
