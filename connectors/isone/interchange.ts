/**
 * ISO New England's flows over its external interfaces: by five minutes (web service and the chart of the home page), by
 * fifteen, and by the hour. Imports are negative, as published.
 */

import type { Dataset } from '../kit/contract.ts';
import { type ExpressHead, isoneDataset, megawatts } from './dataset.ts';
import { isDailyGeneration } from './express-columns.ts';
import { service } from './routes.ts';
import { WEB_KINDS } from './web-kinds.ts';

const FIELDS = megawatts({
  interchange: 'flow, imports negative',
  interchange_scheduled: 'schedule of the interval',
  purchase: 'scheduled purchases',
  sale: 'scheduled sales',
  import_limit: 'limit of imports',
  export_limit: 'limit of exports',
  total_imports: 'imports offered',
  total_exports: 'exports offered',
});

/** The report of fuels by the day has a column of interchange, too. */
const isFlow = (head: ExpressHead): boolean =>
  !isDailyGeneration(head.names) &&
  ([...head.names].some((name) => /interchange$|^actualflow$/.test(name)) ||
    (/interface|interchange|external/.test(head.title) && head.names.has('actual')));

/** The dataset `interchange` of ISO New England. */
export const interchange: Dataset = isoneDataset({
  name: 'interchange',
  title: 'Flows over external interfaces by five minutes',
  fields: FIELDS,
  kinds: WEB_KINDS.flows,
  express: (head) => head.times === 'clock' && isFlow(head),
  named: /externalflow|exchange/i,
  plan: service('fiveminuteexternalflow', 1),
});

/** The dataset `interchange_15min` of ISO New England. */
export const quarterHourlyInterchange: Dataset = isoneDataset({
  name: 'interchange_15min',
  title: 'Flows over external interfaces by fifteen minutes',
  fields: FIELDS,
  kinds: WEB_KINDS.quarterFlows,
  named: /fifteenminuteinterchange/i,
  plan: service('fifteenminuteinterchange', 24),
});

/** The dataset `interchange_hourly` of ISO New England. */
export const hourlyInterchange: Dataset = isoneDataset({
  name: 'interchange_hourly',
  title: 'Flows over external interfaces by the hour',
  fields: FIELDS,
  kinds: WEB_KINDS.hourlyFlows,
  express: (head) => head.times === 'hours' && isFlow(head),
  named: /actualinterchange/i,
  plan: service('actualinterchange', 24),
});
