/** IESO, the market of Ontario: https://reports-public.ieso.ca/public/. Public files, no account. */

import type { Connector } from '../kit/contract.ts';
import { fileRefusal } from '../kit/refusals.ts';
import { loadForecast } from './adequacy.ts';
import { load, loadHourly } from './demand.ts';
import { demandChart } from './demand-chart.ts';
import { dayAheadLmp, preDispatchLmp, realTimeLmp } from './energy-prices.ts';
import { describeIeso } from './foreign-body.ts';
import { fuelMix, generationByUnit } from './generation.ts';
import { intertieLimits } from './intertie-limits.ts';
import { interchange } from './interties.ts';
import { renewableForecast } from './renewable-forecast.ts';
import { dayAheadReserves, preDispatchReserves, realTimeReserves } from './reserve-prices.ts';
import { dayAheadShadowPrices, preDispatchShadowPrices, realTimeShadowPrices } from './shadow-prices.ts';
import { surplusForecast } from './surplus-forecast.ts';
import { dayAheadTotals, preDispatchTotals, totals } from './totals.ts';
import { transmissionLimits } from './transmission-limits.ts';
import { clearingPrice, hourlyPrice } from './uniform-prices.ts';
import { preDispatchClearingPrice } from './zonal-clearing-prices.ts';

/** The connector as a value; its schedule and output are in `connector.yaml`. */
export const ieso: Connector = {
  name: 'ieso',
  market: 'IESO',
  datasets: [
    dayAheadLmp,
    preDispatchLmp,
    realTimeLmp,
    hourlyPrice,
    clearingPrice,
    preDispatchClearingPrice,
    dayAheadReserves,
    preDispatchReserves,
    realTimeReserves,
    load,
    loadHourly,
    loadForecast,
    demandChart,
    totals,
    preDispatchTotals,
    dayAheadTotals,
    fuelMix,
    generationByUnit,
    renewableForecast,
    interchange,
    intertieLimits,
    surplusForecast,
    transmissionLimits,
    dayAheadShadowPrices,
    preDispatchShadowPrices,
    realTimeShadowPrices,
  ],
  pushed: [],
  describe: describeIeso,
  refusal: (payload) => fileRefusal(payload, 'IESO'),
};
