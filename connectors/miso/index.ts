/** MISO, the market of the Midcontinent: https://www.misoenergy.org/markets-and-operations/. Public files, no account. */

import { type Connector, sparse } from '../kit/contract.ts';
import { calledJson, inOtherForm } from '../kit/other-form.ts';
import { inAnyForm } from '../kit/time/stamp-forms.ts';
import { tradeDataset } from '../kit/trade-events.ts';
import { dayAheadConstraints, realTimeConstraints } from './constraint-sheets.ts';
import { areaControlError } from './control-error.ts';
import { dayAheadExAnteLmp } from './day-ahead-ex-ante-lmp.ts';
import { dayAheadLmp } from './day-ahead-lmp.ts';
import { dayAheadSummary } from './day-ahead-summary.ts';
import { realTimeExAnteLmp } from './ex-ante-lmp.ts';
import { fuelMix } from './fuel-mix.ts';
import { hourlyFuelMix } from './generation-sheets.ts';
import { interchange } from './interchange.ts';
import { hourlyInterchange } from './interchange-sheets.ts';
import { interfacePriceForecast } from './interface-price-forecast.ts';
import { describeMiso } from './layouts.ts';
import { load } from './load-display.ts';
import { loadForecast } from './load-sheets.ts';
import { dailyOutages, lookAheadHourly } from './look-ahead.ts';
import { marketToMarket } from './market-to-market.ts';
import { operatingMargin } from './operating-margin.ts';
import { dayAheadSummaryPrices, realTimeSummaryPrices } from './pricing-sheets.ts';
import { realTimeHourlyLmp } from './real-time-hourly-lmp.ts';
import { realTimeLmp } from './real-time-lmp.ts';
import { realTimeSummary } from './real-time-summary.ts';
import { refusalOfMiso } from './refusals.ts';
import { regionalTransfer } from './regional-transfer.ts';
import { solarForecast, solarGeneration, windForecast, windGeneration } from './renewable-forecast.ts';
import { renewables } from './renewable-tables.ts';
import { realTimeReserveDisplay } from './reserve-display.ts';
import { dayAheadReserves, dayAheadReservesExAnte, realTimeReserves } from './reserve-prices.ts';
import { reserveSheets } from './reserve-sheets.ts';
import { scheduledFlow } from './scheduled-flow.ts';
import { xmlDisplay } from './xml-display.ts';

/** Stamps of displays besides `2018-01-25 4:30:00 AM`. */
const CLOCKS = [
  'YYYY-MM-DD h:mm[:ss] A',
  'M/D/YYYY h:mm[:ss] A',
  'M/D/YY h:mm[:ss] A',
  'YYYY-MM-DD[T][ ]hh:mm[:ss]',
  'M/D/YYYY h:mm[:ss]',
  'M/D/YY h:mm[:ss]',
];

/** Stamps of prices by five minutes besides their own. */
const STAMPS = ['YYYY-MM-DD[T][ ]hh:mm[:ss]', 'M/D/YYYY h:mm[:ss]', 'M/D/YY h:mm[:ss]'];

/** The connector as a value; its schedule and output are in `connector.yaml`. */
export const miso: Connector = {
  name: 'miso',
  market: 'MISO',
  datasets: [
    dayAheadLmp,
    dayAheadExAnteLmp,
    inAnyForm(realTimeLmp, STAMPS),
    realTimeExAnteLmp,
    realTimeHourlyLmp,
    dayAheadReserves,
    dayAheadReservesExAnte,
    realTimeReserves,
    realTimeReserveDisplay,
    ...reserveSheets.map((dataset) => inAnyForm(dataset, CLOCKS)),
    windForecast,
    solarForecast,
    windGeneration,
    solarGeneration,
    renewables,
    inAnyForm(fuelMix, CLOCKS),
    hourlyFuelMix,
    load,
    interchange,
    hourlyInterchange,
    dayAheadSummary,
    realTimeSummary,
    dayAheadSummaryPrices,
    realTimeSummaryPrices,
    loadForecast,
    lookAheadHourly,
    dailyOutages,
    operatingMargin,
    sparse(dayAheadConstraints),
    sparse(realTimeConstraints),
    marketToMarket,
    scheduledFlow,
    inAnyForm(areaControlError, CLOCKS),
    inAnyForm(regionalTransfer, CLOCKS),
    inAnyForm(interfacePriceForecast, CLOCKS),
    tradeDataset('MISO'),
  ].map((dataset) => inOtherForm(inOtherForm(dataset, xmlDisplay), calledJson)),
  pushed: [],
  describe: describeMiso,
  refusal: refusalOfMiso,
};
