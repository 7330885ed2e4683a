/** SPP, the Southwest Power Pool: the files of its portal, https://portal.spp.org. Public, no account. */

import type { CarbonError } from '../../core/errors.ts';
import { type Connector, type Payload, sparse } from '../kit/contract.ts';
import { fileRefusal, jsonRefusal } from '../kit/refusals.ts';
import { fuelMix } from './fuel-mix.ts';
import { describeSpp } from './glimpse.ts';
import { hourlyLoad } from './hourly-load.ts';
import { imbalancePrice, imbalancePriceHourly } from './imbalance-prices.ts';
import { interchange } from './interchange.ts';
import { loadForecast, loadForecastTrend, shortTermLoadForecast } from './load-forecast.ts';
import { dayAheadMonths, realTimeMonths } from './monthly-prices.ts';
import { dayAheadLmp, realTimeLmp } from './prices.ts';
import {
  renewableForecast,
  shortTermRenewableForecast,
  zonalRenewableForecast,
} from './renewable-forecast.ts';
import { dayAheadReserves, realTimeReserves } from './reserve-prices.ts';
import {
  curtailment,
  dayAheadConstraints,
  dayAheadTotals,
  outages,
  realTimeConstraints,
  realTimeTotals,
} from './system-reports.ts';

/** The connector as a value; its schedule and output are in `connector.yaml`. */
export const spp: Connector = {
  name: 'spp',
  market: 'SPP',
  datasets: [
    dayAheadLmp,
    realTimeLmp,
    dayAheadMonths,
    realTimeMonths,
    imbalancePrice,
    imbalancePriceHourly,
    dayAheadReserves,
    realTimeReserves,
    hourlyLoad,
    loadForecast,
    shortTermLoadForecast,
    loadForecastTrend,
    renewableForecast,
    shortTermRenewableForecast,
    zonalRenewableForecast,
    fuelMix,
    interchange,
    curtailment,
    outages,
    dayAheadTotals,
    realTimeTotals,
    sparse(dayAheadConstraints),
    sparse(realTimeConstraints),
  ],
  pushed: [],
  describe: describeSpp,
  refusal: refusalOfSpp,
};

/** A page, or the JSON or XML of a server, in place of a file. */
function refusalOfSpp(payload: Payload): CarbonError | null {
  const isChart = (body: Readonly<Record<string, unknown>>): boolean =>
    ['response', 'labels', 'features'].some((key) => Object.hasOwn(body, key));
  return fileRefusal(payload, 'SPP') ?? jsonRefusal(payload, 'SPP', isChart);
}
