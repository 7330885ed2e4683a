/**
 * ERCOT's forecasts of wind and solar by model: by the hour (NP4-442 wind, NP4-443 solar), and by five minutes for the next
 * two hours (NP4-751, NP4-752). A record for each interval, region and model, which is the series; `InUseFlag` says which
 * model the operator works by. Wind and solar have the same columns: the regions tell them apart, else the report's name.
 */

import type { PublishedField } from '../kit/contract.ts';
import { type Cells, FORWARD, labelOf, ofFiles } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { fiveMinuteClock, hourlyClock } from './clock.ts';
import { ercotShape } from './shapes.ts';

const UNIT = 'MW';
type Source = 'wind' | 'solar';

/** Names of regions without marks that only one of the two has. */
const OWN: Readonly<Record<Source, readonly string[]>> = {
  wind: ['panhandle', 'coastal', 'south', 'west', 'north'],
  solar: ['centerwest', 'northwest', 'farwest', 'fareast', 'southeast', 'centereast'],
};
const NAMED: Readonly<Record<Source, RegExp>> = {
  wind: /wind|wpp|wpf|np4.?(?:442|751)/i,
  solar: /solar|spp|spf|pv|np4.?(?:443|752)/i,
};

/** Of which source a table is: by its regions, else by the names of report and file; null where neither says. */
function sourceOf(view: TableView): Source | null {
  const at = view.columns.find('region');
  const regions = new Set(
    view.records.map(({ cells }) => (cells[at] ?? '').toLowerCase().replace(/[^a-z]/g, '')),
  );
  const sources = ['wind', 'solar'] as const;
  return (
    sources.find((source) => OWN[source].some((region) => regions.has(region))) ??
    sources.find((source) => NAMED[source].test(`${view.source ?? ''} ${view.name}`)) ??
    null
  );
}

const cells =
  (field: string) =>
  (view: TableView): Cells => {
    const { columns } = view;
    const [regionAt, modelAt] = [columns.find('region'), columns.find('model')];
    return {
      measures: [{ at: columns.find('value'), field, unit: UNIT }],
      place: (record) => ({ location: labelOf(record, regionAt), series: labelOf(record, modelAt) }),
    };
  };

const shared = (source: Source) => ({
  ignored: ['inuseflag'],
  // A piece of a body may lack the regions that tell; only another source refuses it.
  accepts: (view: TableView) => (sourceOf(view) ?? source) === source,
  tells: (view: TableView) => sourceOf(view) === source,
  cells: cells(`${source}_forecast`),
  coverage: ofFiles(FORWARD),
});

/** The shape of a source by the hour. */
export const hourlyByModel = (source: Source) =>
  ercotShape({
    title: 'DeliveryDate, HourEnding, Region, Value, Model, InUseFlag, DSTFlag',
    needs: [['deliverydate'], ['hourending'], ['region'], ['value'], ['model']],
    clock: hourlyClock,
    ...shared(source),
  });

/** The shape of a source by five minutes. */
export const fiveMinutesByModel = (source: Source) =>
  ercotShape({
    title: 'IntervalEnding, Region, Value, Model, InUseFlag, DSTFlag',
    needs: [['intervalending'], ['region'], ['value'], ['model']],
    clock: fiveMinuteClock,
    ...shared(source),
  });

/** Fields of the forecasts by five minutes. */
export const modelFields = (source: Source): readonly PublishedField[] => [
  { field: `${source}_forecast`, unit: UNIT, what: 'expected output of a region, the model as series' },
];
