/** The feeds of PJM's operation as datasets: names, conventions, and where they are asked for. */

import type { Dataset } from '../kit/contract.ts';
import { DAYS, FIVE_MINUTES, HOURS, READINGS } from './clock.ts';
import { by, feed } from './feed-dataset.ts';
import {
  DISPATCH,
  DISPATCH_FIELDS,
  OUTAGE_FIELDS,
  OUTAGES,
  PEAK_FIELDS,
  PEAKS,
  PERIOD_FIELDS,
  PERIODS,
  RESERVE_QUANTITIES,
  RESERVES,
} from './operations.ts';

/** The datasets. */
export const operationFeeds: readonly Dataset[] = [
  feed(
    {
      name: 'outages',
      title: 'Generation on outage by day: by type for a week, in all for ninety days',
      time: DAYS,
      fields: OUTAGE_FIELDS,
      shapes: OUTAGES,
      named: /gen_outages/i,
    },
    { feed: 'gen_outages_by_type', filter: 'forecast_execution_date_ept', publishedAfter: 8 },
  ),
  feed(
    {
      name: 'reserves',
      title: 'Reserves that the dispatch had, with what was required, and the regulation of the hour',
      time: FIVE_MINUTES,
      fields: RESERVE_QUANTITIES,
      shapes: RESERVES,
      named: /operational_reserves|rt_dispatch_reserves|reg_market/i,
    },
    by('rt_dispatch_reserves', 24),
  ),
  feed(
    {
      name: 'peak_forecast',
      title: 'Capacity, load and flows that are expected at the peak of a day',
      time: READINGS,
      fields: PEAK_FIELDS,
      shapes: PEAKS,
      named: /ops_sum_(?:frcst_peak|prjctd)/i,
    },
    { feed: 'ops_sum_frcst_peak_rto', filter: 'generated_at_ept', publishedAfter: 24 },
  ),
  feed(
    {
      name: 'operations_hourly',
      title: 'Load, its forecast and the rate of the dispatch by area and hour, of the former day',
      time: HOURS,
      fields: PERIOD_FIELDS,
      shapes: PERIODS,
      named: /ops_sum_prev_period/i,
    },
    { feed: 'ops_sum_prev_period', filter: 'generated_at_ept', publishedAfter: 24 },
  ),
  feed(
    {
      name: 'dispatch_now',
      title: 'The error of the control of the area, and the rate of the dispatch, every few seconds',
      time: READINGS,
      fields: DISPATCH_FIELDS,
      shapes: DISPATCH,
      named: /area_control_error|inst_dispatch/i,
    },
    by('area_control_error', 1),
  ),
];
