/** ISO New England: files of ISO Express, https://www.iso-ne.com/isoexpress, and its web services. */

import { type Connector, sparse } from '../kit/contract.ts';
import { dayAheadConstraints, realTimeConstraints, strikePrices } from './constraints.ts';
import { dailyGeneration } from './daily-generation.ts';
import { capacityForecast, morningReport } from './day-reports.ts';
import { fuelMix, solarForecast, windForecast } from './generation.ts';
import { describeIsone } from './glimpse.ts';
import { hourlyInterchange, interchange, quarterHourlyInterchange } from './interchange.ts';
import { clearedLoad, hourlyLoad, load, loadForecast, systemLoadChart, zonalLoadForecast } from './load.ts';
import { dayAheadLmp, realTimeHourlyLmp, realTimeLmp } from './prices.ts';
import { refusalOfIsone } from './refusals.ts';
import { dayAheadReserves, hourlyReserves, realTimeReserves } from './reserve-prices.ts';
import { smdHourly } from './smd-hourly.ts';

/** The connector as a value; its schedule and output are in `connector.yaml`. */
export const isone: Connector = {
  name: 'isone',
  market: 'ISONE',
  datasets: [
    dayAheadLmp,
    realTimeLmp,
    realTimeHourlyLmp,
    dayAheadReserves,
    realTimeReserves,
    hourlyReserves,
    load,
    hourlyLoad,
    clearedLoad,
    loadForecast,
    zonalLoadForecast,
    systemLoadChart,
    windForecast,
    solarForecast,
    fuelMix,
    dailyGeneration,
    interchange,
    quarterHourlyInterchange,
    hourlyInterchange,
    morningReport,
    capacityForecast,
    sparse(dayAheadConstraints),
    sparse(realTimeConstraints),
    strikePrices,
    smdHourly,
  ],
  pushed: [],
  describe: describeIsone,
  refusal: refusalOfIsone,
};
