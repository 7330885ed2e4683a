/** ERCOT, the market of Texas: https://www.ercot.com/mp/data-products. Files without an account, an API with one. */

import type { Connector } from '../kit/contract.ts';
import { dashboards } from './dashboards.ts';
import { describeErcot, refusalOfErcot } from './refusals.ts';
import { systemConditions } from './system-conditions.ts';
import { tableDatasets } from './table-datasets.ts';

/** The connector as a value; its schedule and output are in `connector.yaml`. */
export const ercot: Connector = {
  name: 'ercot',
  market: 'ERCOT',
  datasets: [...tableDatasets, ...dashboards, systemConditions],
  pushed: [],
  describe: describeErcot,
  refusal: refusalOfErcot,
};
