/** CAISO, the market of California: its OASIS, https://oasis.caiso.com. Public, no account, one query per five seconds. */

import type { Connector } from '../kit/contract.ts';
import { dayAheadReserves, hourAheadReserves, realTimeReserves } from './ancillary-prices.ts';
import { curtailment, production } from './curtailment-workbook.ts';
import { dailyRenewablesWatch } from './daily-renewables-watch.ts';
import { otherFigures } from './figures.ts';
import { allowancePrice, gasPrice } from './gas-price.ts';
import { describeCaiso } from './glimpse.ts';
import { outlook } from './outlook.ts';
import {
  outlookEmissions,
  outlookFuels,
  outlookIntensity,
  outlookLoad,
  outlookPrices,
  outlookStorage,
} from './outlook-day.ts';
import { dayAheadLmp, fifteenMinuteLmp, hourAheadLmp, realTimeLmp } from './prices.ts';
import { refusalOfCaiso } from './refusal.ts';
import { reportPage } from './report-pages.ts';
import { actualLoad, loadForecast, losses, renewableForecast, schedule } from './system.ts';
import { systemConditions } from './system-conditions.ts';
import { dayAheadTieLmp, fifteenMinuteTieLmp, realTimeTieLmp } from './tie-prices.ts';

const REPORTS: ReadonlySet<string> = new Set([
  'PRC_LMP',
  'PRC_INTVL_LMP',
  'PRC_RTPD_LMP',
  'PRC_HASP_LMP',
  'PRC_SPTIE_LMP',
  'PRC_AS',
  'PRC_INTVL_AS',
  'PRC_FUEL',
  'PRC_GHG_ALLOWANCE',
  'SLD_FCST',
  'SLD_REN_FCST',
  'ENE_SLRS',
  'ENE_LOSS',
]);

/** The connector as a value; its schedule and output are in `connector.yaml`. */
export const caiso: Connector = {
  name: 'caiso',
  market: 'CAISO',
  datasets: [
    dayAheadLmp,
    realTimeLmp,
    fifteenMinuteLmp,
    hourAheadLmp,
    dayAheadReserves,
    hourAheadReserves,
    realTimeReserves,
    dayAheadTieLmp,
    fifteenMinuteTieLmp,
    realTimeTieLmp,
    gasPrice,
    allowancePrice,
    loadForecast,
    actualLoad,
    renewableForecast,
    schedule,
    losses,
    outlook,
    outlookLoad,
    outlookFuels,
    outlookStorage,
    outlookEmissions,
    outlookIntensity,
    outlookPrices,
    systemConditions,
    curtailment,
    production,
    dailyRenewablesWatch,
    reportPage,
    otherFigures(REPORTS),
  ],
  pushed: [],
  describe: describeCaiso,
  refusal: refusalOfCaiso,
};
