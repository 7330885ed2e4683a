/**
 * ERCOT wind and solar: hourly averages of what was generated with the forecasts of the next seven days (NP4-732, NP4-742,
 * NP4-737, NP4-745), and five-minute averages (NP4-733, NP4-743, NP4-738, NP4-746). One column per figure and region;
 * `ACTUAL_` became `GEN` in September 2024, and `SYSTEM_WIDE_GEN` stands for `GEN_SYSTEM_WIDE`.
 */

import type { PublishedField } from '../kit/contract.ts';
import { type Cells, FORWARD, type Measure, ofFiles } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { fiveMinuteClock, hourlyClock, hourStampClock } from './clock.ts';
import { ercotShape } from './shapes.ts';

const UNIT = 'MW';
type Source = 'wind' | 'solar';

/** What a column's first or last word means. Forecasts: expected (STWPF, STPPF) and exceeded with 80 % (WGRPP, PVGRPP). */
const FIGURES: Readonly<Record<Source, Readonly<Record<string, string>>>> = {
  wind: {
    actual: 'wind_generation',
    gen: 'wind_generation',
    stwpf: 'wind_forecast',
    wgrpp: 'wind_forecast_potential',
    cophsl: 'wind_capacity_scheduled',
    hsl: 'wind_capacity',
  },
  solar: {
    actual: 'solar_generation',
    gen: 'solar_generation',
    stppf: 'solar_forecast',
    pvgrpp: 'solar_forecast_potential',
    cophsl: 'solar_capacity_scheduled',
    hsl: 'solar_capacity',
  },
};

/** Regions by their names without marks → the spelling of the files. */
const REGIONS: ReadonlyMap<string, string> = new Map(
  [
    ['SYSTEM_WIDE'],
    ['LZ_SOUTH_HOUSTON', 'loadzonesouthhouston', 'southhouston'],
    ['LZ_WEST', 'loadzonewest'],
    ['LZ_NORTH', 'loadzonenorth'],
    ['PANHANDLE'],
    ['COASTAL', 'coast'],
    ['SOUTH'],
    ['WEST'],
    ['NORTH'],
    ['CenterWest'],
    ['NorthWest'],
    ['FarWest'],
    ['FarEast'],
    ['SouthEast'],
    ['CenterEast'],
  ].flatMap(([region = '', ...others]) =>
    [region.toLowerCase().replace(/_/g, ''), ...others].map((name) => [name, region] as const),
  ),
);

/** Fields of the hourly datasets of a source. */
export function renewableFields(source: Source): readonly PublishedField[] {
  return [
    { field: `${source}_generation`, unit: UNIT, what: 'average output of the hour, null for hours to come' },
    { field: `${source}_forecast`, unit: UNIT, what: 'expected output' },
    { field: `${source}_forecast_potential`, unit: UNIT, what: 'output that is exceeded with 80 percent' },
    { field: `${source}_capacity_scheduled`, unit: UNIT, what: 'limits in the operating plans' },
    { field: `${source}_capacity`, unit: UNIT, what: 'limits as measured' },
  ];
}

/** Fields of the averages of five minutes: output, and the limits that newer reports print beside it. */
export const averageFields = (source: Source): readonly PublishedField[] =>
  renewableFields(source).filter(({ field }) => /_(?:generation|capacity)$/.test(field));

/** The figure and region of a column; null for another one. */
function figureOf(name: string, figures: Readonly<Record<string, string>>): Omit<Measure, 'at'> | null {
  for (const [word, field] of Object.entries(figures)) {
    const rest = name.startsWith(word)
      ? name.slice(word.length)
      : name.endsWith(word)
        ? name.slice(0, -word.length)
        : null;
    const location = rest === null ? undefined : REGIONS.get(rest);
    if (location !== undefined) return { field, unit: UNIT, location };
  }
  return null;
}

const PLACE = () => ({ location: null, series: null });

function hourly(source: Source) {
  const figures = FIGURES[source];
  return ercotShape({
    title: `DELIVERY_DATE, HOUR_ENDING, … ${source === 'wind' ? 'STWPF' : 'STPPF'}_SYSTEM_WIDE, DSTFlag`,
    needs: [
      ['hourending', 'hourbeginning'],
      source === 'wind'
        ? ['stwpfsystemwide', 'wgrppsystemwide', 'stwpf', 'wgrpplzwest']
        : ['stppfsystemwide', 'pvgrppsystemwide'],
    ],
    // Until about 2015 one cell had the date and the hour.
    clock: (view) => hourlyClock(view) ?? hourStampClock(view),
    cells: (view): Cells => ({
      measures: view.columns.take((name) => figureOf(name, figures)).map(({ at, of }) => ({ at, ...of })),
      place: PLACE,
    }),
    coverage: ofFiles(FORWARD),
  });
}

/** Regions of wind alone. */
const WIND_PLACES: ReadonlySet<string> = new Set([
  'LZ_SOUTH_HOUSTON',
  'LZ_WEST',
  'LZ_NORTH',
  'PANHANDLE',
  'COASTAL',
  'SOUTH',
  'WEST',
  'NORTH',
]);
/** Their columns in the reports of five minutes, whose files say in no other way what they are: alone, or with a figure. */
const WIND_REGIONS: readonly string[] = [...REGIONS]
  .filter(([, region]) => WIND_PLACES.has(region))
  .flatMap(([name]) =>
    ['', 'gen', 'actual', 'hsl'].flatMap((figure) => [`${figure}${name}`, `${name}${figure}`]),
  );

/** By its regions; a selection of the system alone by the report that an answer names. */
const isWindTable = ({ columns, source }: TableView): boolean =>
  columns.has(...WIND_REGIONS) || /wpp/i.test(source ?? '');

function averages(source: Source) {
  const field = `${source}_generation`;
  const figures = { gen: field, actual: field, hsl: `${source}_capacity` };
  const alone = (name: string): Omit<Measure, 'at'> | null => {
    const location = REGIONS.get(name);
    return location === undefined ? null : { field, unit: UNIT, location };
  };
  const isWind = source === 'wind';
  return ercotShape({
    title: `INTERVAL_ENDING, SYSTEM_WIDE${isWind ? ', LZ_… or PANHANDLE …' : ''}, DSTFlag`,
    needs: [['intervalending'], ['systemwide', 'systemwidegen', 'gensystemwide']],
    accepts: (view) => isWindTable(view) === isWind,
    clock: fiveMinuteClock,
    cells: (view: TableView): Cells => ({
      measures: view.columns
        .take((name) => figureOf(name, figures) ?? alone(name))
        .map(({ at, of }) => ({ at, ...of })),
      place: PLACE,
    }),
  });
}

/** Shapes of `wind_forecast` and `solar_forecast`. */
export const RENEWABLE_FORECASTS = { wind: [hourly('wind')], solar: [hourly('solar')] } as const;

/** Shapes of `wind_generation` and `solar_generation`. */
export const RENEWABLE_AVERAGES = { wind: [averages('wind')], solar: [averages('solar')] } as const;
