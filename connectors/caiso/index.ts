/** CAISO, the market of California: its OASIS, https://oasis.caiso.com. Public, no account, one query per five seconds. */

import type { Connector } from '../kit/contract.ts';
import { dayAheadReserves, hourAheadReserves } from './ancillary-prices.ts';
import { describeCaiso } from './glimpse.ts';
import { outlook } from './outlook.ts';
import { dayAheadLmp, fifteenMinuteLmp, hourAheadLmp, realTimeLmp } from './prices.ts';
import { refusalOfCaiso } from './refusal.ts';
import { actualLoad, loadForecast, losses, renewableForecast, schedule } from './system.ts';

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
    loadForecast,
    actualLoad,
    renewableForecast,
    schedule,
    losses,
    outlook,
  ],
  pushed: [],
  describe: describeCaiso,
  refusal: refusalOfCaiso,
};
