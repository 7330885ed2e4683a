/** ERCOT, the market of Texas: https://www.ercot.com/mp/data-products. Files without an account, an API with one. */

import type { Connector } from '../kit/contract.ts';
import { dashboards } from './dashboards.ts';
import { otherDatasets } from './other-datasets.ts';
import { outages } from './outage-dashboard.ts';
import { priceOutlook } from './price-dashboard.ts';
import { pricePage } from './price-page.ts';
import { describeErcot, refusalOfErcot } from './refusals.ts';
import { reserves } from './reserve-dashboards.ts';
import { loadToday } from './supply-demand-dashboard.ts';
import { systemConditions } from './system-conditions.ts';
import { tableDatasets } from './table-datasets.ts';

/** The connector as a value; its schedule and output are in `connector.yaml`. */
export const ercot: Connector = {
  name: 'ercot',
  market: 'ERCOT',
  datasets: [
    ...tableDatasets,
    ...otherDatasets,
    ...dashboards,
    loadToday,
    priceOutlook,
    reserves,
    outages,
    systemConditions,
    pricePage,
  ],
  pushed: [],
  describe: describeErcot,
  refusal: refusalOfErcot,
};
