/** PJM, the market of the mid-Atlantic states and the Ohio valley: https://dataminer2.pjm.com. Feeds with a key. */

import type { Connector } from '../kit/contract.ts';
import { dailyFiles } from './daily-files.ts';
import { feeds } from './feeds.ts';
import { furtherFeeds } from './further-feeds.ts';
import { loadYears } from './load-years.ts';
import { operationFeeds } from './operation-feeds.ts';
import { pages } from './pages.ts';
import { describePjm, refusalOfPjm } from './refusals.ts';

/** The connector as a value; its schedule and output are in `connector.yaml`. */
export const pjm: Connector = {
  name: 'pjm',
  market: 'PJM',
  datasets: [...feeds, ...operationFeeds, ...furtherFeeds, ...dailyFiles, loadYears, ...pages],
  pushed: [],
  describe: describePjm,
  refusal: refusalOfPjm,
};
