/**
 * SPP generation by fuel, every five minutes: the files of the last two hours, of the last 365 days and of past years
 * (`GenMix2Hour`, `GenMix365`, `GenMix_2019`), and the chart of it (`chart-api/gen-mix`). The column of the fuel is the
 * series; since 2018 files have two for each fuel, what the market dispatches and what is scheduled by its owner
 * (`Coal Market`, `Coal Self`). Stamps are the begin of five minutes, in GMT, and of an
 * hour in the files of 2014 that have full hours alone (`2014_Hourly_GenMix`).
 */

import { DAY, HOUR, MINUTE } from '../../core/time/instant.ts';
import type { Dataset } from '../kit/contract.ts';
import { FIVE_MINUTES_BEGINNING, HOUR_BEGINNING, sppDataset } from './dataset.ts';
import { byAge, dailyFiles, type PortalFamily, perArea, rollingFile } from './routes.ts';
import type { SppColumns } from './table.ts';

const UNIT = 'MW';

/** Fuels by the names that they have had; a name that ends in Market or Self is a fuel too. */
const FUELS: ReadonlySet<string> = new Set([
  'battery',
  'biomass',
  'coal',
  'dfo',
  'dieselfueloil',
  'energystorage',
  'energystorageresource',
  'fueloil',
  'gas',
  'hydro',
  'hybrid',
  'naturalgas',
  'nuclear',
  'oil',
  'other',
  'pumphydro',
  'solar',
  'storage',
  'waste',
  'wastedisposalservices',
  'wasteheat',
  'wind',
]);

const LOADS: Readonly<Record<string, string>> = {
  load: 'load',
  actualload: 'load',
  averageactualload: 'load_average',
  shorttermloadforecast: 'load_forecast',
};

const isFuel = (name: string): boolean => FUELS.has(name) || /^[a-z]+(?:market|self)$/.test(name);

const COLUMNS: SppColumns = {
  place: ['baa'],
  series: [],
  required: [],
  ignored: ['interval'],
  meaningOf(name, printed) {
    if (isFuel(name)) return { field: 'generation', unit: UNIT, series: printed };
    const load = LOADS[name];
    return load === undefined ? null : { field: load, unit: UNIT };
  },
};

const generation = (path: string): PortalFamily => ({
  folder: 'generation-mix-historical',
  path,
  published: 5 * MINUTE,
});

/** The dataset `fuel_mix` of SPP. */
export const fuelMix: Dataset = sppDataset({
  name: 'fuel_mix',
  title: 'Generation by fuel, every five minutes',
  fields: [
    { field: 'generation', unit: UNIT, what: 'output of a fuel, its name as series' },
    { field: 'load', unit: UNIT, what: 'load' },
    { field: 'load_average', unit: UNIT, what: 'average actual load' },
    { field: 'load_forecast', unit: UNIT, what: 'load forecast of the short term' },
  ],
  time: FIVE_MINUTES_BEGINNING,
  hourly: HOUR_BEGINNING,
  columns: COLUMNS,
  matches: (head) => [...head.names].filter(isFuel).length >= 3,
  named: /Gen.?Mix/i,
  areaByLoad: true,
  files: byAge(
    [2 * HOUR, perArea((area) => rollingFile(generation(`/${area}/GenMix2Hour_${area}.csv`), 2 * HOUR))],
    [365 * DAY, perArea((area) => rollingFile(generation(`/${area}/GenMix365_${area}.csv`), 365 * DAY))],
    [
      Number.POSITIVE_INFINITY,
      (window, settings) =>
        dailyFiles({
          folder: 'generation-mix-historical',
          path: '/GenMix_{YYYY}.csv',
          published: 365 * DAY,
        })({ start: window.start, end: window.start + 1 }, settings),
    ],
  ),
});
