/**
 * ERCOT's totals of each dispatch, published two days later (NP3-910): load, generation and ties as measured, base points
 * and the limits of ancillary services by kind of resource, and schedules of output; of the system, or of a region that the name of
 * the report or file alone tells (`2d_Agg_Load_Summary_Houston`).
 */

import type { PublishedField } from '../kit/contract.ts';
import { type Cells, FORWARD, type Measure, ofFiles } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { dispatchClock } from './clock.ts';
import { ercotShape, SYSTEM } from './shapes.ts';

const UNIT = 'MW';

/** Fields of `dispatch_totals`. */
export const TOTAL_FIELDS: readonly PublishedField[] = [
  ['load', 'load, which is generation and what flows in over direct-current ties'],
  ['generation', 'output as measured'],
  ['interchange', 'flow over the direct-current ties, sign as published'],
  ['base_point', 'output that the dispatch asks for, the kind of resources as series'],
  ['capacity_high', 'high limit that ancillary services leave (HASL), the kind of resources as series'],
  ['capacity_low', 'low limit that ancillary services leave (LASL), the kind of resources as series'],
  ['schedule', 'output schedules'],
  ['schedule_high', 'high limits of resources with output schedules'],
  ['schedule_low', 'low limits of resources with output schedules'],
].map(([field = '', what = '']) => ({ field, unit: UNIT, what }));

const FIGURES: ReadonlyMap<string, string> = new Map([
  ['aggloadsummary', 'load'],
  ['sumtelemgenmw', 'generation'],
  ['sumgentelemmw', 'generation'],
  ['sumtelemdctiemw', 'interchange'],
  ['sumoutputsched', 'schedule'],
  ['sumhsloutputsched', 'schedule_high'],
  ['sumlsloutputsched', 'schedule_low'],
]);
const LIMITS: Readonly<Record<string, string>> = {
  basepoint: 'base_point',
  hasl: 'capacity_high',
  lasl: 'capacity_low',
};
/** `sumBasePointNonIRR`, `SUM HASL WGR`. */
const LIMIT = /^sum(basepoint|hasl|lasl)([a-z]+)$/;
const REGION = /2d_?agg_?(?:load|gen|out)\w*?_(houston|north|south|west)/i;

function measureOf(name: string): Omit<Measure, 'at'> | null {
  const field = FIGURES.get(name);
  if (field !== undefined) return { field, unit: UNIT };
  const [, limit = '', kind = ''] = LIMIT.exec(name) ?? [];
  const limited = LIMITS[limit];
  return limited === undefined ? null : { field: limited, unit: UNIT, series: kind.toUpperCase() };
}

/** Shapes of `dispatch_totals`. */
export const DISPATCH_TOTALS = [
  {
    title:
      'SCED Time Stamp, Repeated Hour Flag, SUM TELEM GEN MW, SUM TELEM DCTIE MW, AGG LOAD SUMMARY; or SUM …',
    needs: [
      ['scedtimestamp'],
      ['aggloadsummary', 'sumgentelemmw', 'sumtelemgenmw', 'sumoutputsched', 'sumbasepointnonirr'],
    ],
    clock: dispatchClock,
    cells: (view: TableView): Cells => {
      const region = REGION.exec(`${view.source ?? ''} ${view.name}`)?.[1]?.toUpperCase();
      return {
        measures: view.columns.take(measureOf).map(({ at, of }) => ({ at, ...of })),
        place: () => ({ location: region ?? SYSTEM.location, series: null }),
      };
    },
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);
