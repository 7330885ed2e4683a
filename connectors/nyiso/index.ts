/** NYISO, the market of New York: https://www.nyiso.com/energy-market-operational-data. Public files, no account. */

import { type Connector, sparse } from '../kit/contract.ts';
import { inPlainTable } from '../kit/plain-table.ts';
import { fileRefusal } from '../kit/refusals.ts';
import { inAnyForm } from '../kit/time/stamp-forms.ts';
import { dayAheadReserves, realTimeReserves } from './ancillary-prices.ts';
import { dayAheadConstraints, realTimeConstraints } from './constraints.ts';
import { inCustomReport } from './custom-reports.ts';
import { dayAheadLmp } from './day-ahead-lmp.ts';
import { fuelMix } from './fuel-mix.ts';
import { hourAheadLmp } from './hour-ahead-lmp.ts';
import { interchange } from './interchange.ts';
import { describeNyiso } from './layouts.ts';
import { load, loadHourly } from './load.ts';
import { clearedLoad } from './load-cleared-day-ahead.ts';
import { loadForecast } from './load-forecast.ts';
import { otherDatasets } from './other-datasets.ts';
import { realTimeHourlyLmp } from './real-time-hourly-lmp.ts';
import { realTimeLmp } from './real-time-lmp.ts';
import { solarForecast, solarGeneration } from './solar.ts';

/** Stamps of custom reports (`2025/06/01 00:05:00`) and of files that were saved anew; daily files print `06/01/2025 00:05:00`. */
const STAMPS = [
  'YYYY-MM-DD[T][ ]hh:mm[:ss]',
  'YYYY/MM/DD hh:mm[:ss]',
  'M/D/YYYY h:mm[:ss]',
  'M/D/YY h:mm[:ss]',
];

/** The connector as a value; its schedule and output are in `connector.yaml`. */
export const nyiso: Connector = {
  name: 'nyiso',
  market: 'NYISO',
  datasets: [
    inCustomReport(dayAheadLmp, 'dam lbmp'),
    inCustomReport(realTimeLmp, 'rtd lbmp'),
    inCustomReport(realTimeHourlyLmp, 'twi lbmp'),
    inCustomReport(hourAheadLmp, 'ham lbmp'),
    inCustomReport(dayAheadReserves, 'dam reserve'),
    inCustomReport(realTimeReserves, 'rtd reserve'),
    inCustomReport(load, 'rtd load'),
    inCustomReport(loadHourly, 'twi load'),
    inCustomReport(loadForecast, 'dam forecast'),
    clearedLoad,
    fuelMix,
    interchange,
    solarGeneration,
    solarForecast,
    sparse(dayAheadConstraints),
    sparse(realTimeConstraints),
    ...otherDatasets,
  ].map((dataset) => inPlainTable(inAnyForm(dataset, STAMPS))),
  pushed: [],
  describe: describeNyiso,
  refusal: (payload) => fileRefusal(payload, 'NYISO'),
};
