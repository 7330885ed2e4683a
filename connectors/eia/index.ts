/**
 * EIA, the statistics office for energy of the United States: https://www.eia.gov/opendata/. A free key for the
 * interface; the six-month files of the grid monitor need none.
 */

import type { Connector } from '../kit/contract.ts';
import { gasPrice } from './gas-price.ts';
import { gasStorage } from './gas-storage.ts';
import { gridDatasets } from './grid-monitor.ts';
import { gridSeries } from './grid-series.ts';
import { nuclearOutages } from './nuclear-outages.ts';
import { redactEia } from './redaction.ts';
import { describeEia, refusalOfEia } from './refusal.ts';
import { balance } from './six-month-files.ts';
import { spotPage } from './spot-page.ts';
import { wholesalePrice } from './wholesale-prices.ts';

/** The connector as a value; its schedule and output are in `connector.yaml`. */
export const eia: Connector = {
  name: 'eia',
  market: 'EIA',
  datasets: [
    gasPrice,
    gasStorage,
    ...gridDatasets,
    gridSeries,
    balance,
    spotPage,
    ...nuclearOutages,
    wholesalePrice,
  ],
  pushed: [],
  describe: describeEia,
  refusal: refusalOfEia,
  redact: redactEia,
};
