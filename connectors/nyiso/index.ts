/** NYISO, the market of New York: https://www.nyiso.com/energy-market-operational-data. Public files, no account. */

import type { Connector } from '../kit/contract.ts';
import { dayAheadLmp } from './day-ahead-lmp.ts';
import { describeNyiso } from './layouts.ts';

/** The connector as a value; its schedule and output are in `connector.yaml`. */
export const nyiso: Connector = {
  name: 'nyiso',
  market: 'NYISO',
  datasets: [dayAheadLmp],
  pushed: [],
  describe: describeNyiso,
};
