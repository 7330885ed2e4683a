/** When each alert of the objectives (`observability/alerts/SLO`) fires and when it does not. */

import { type AlertCase, at, buckets } from './alert-cases.ts';

const STAGE = 'carbon_stage_duration_seconds';
const LATEST = 'projection="latest_prices"';
const REFRESH = 'carbon_projection_refresh_duration_seconds';
const normalization = at('normalization');

export const SLO_CASES: readonly AlertCase[] = [
  {
    alert: 'NormalizationBudgetBurnsFast',
    what: 'away for more than 7.2 % of an hour, and still',
    interval: '10s',
    series: { [normalization]: '1x360 0x60 1x60', [at('projection')]: '0x480' },
    firing: {
      '60m': [],
      '64m': [],
      '65m': [{ service: 'normalization' }],
      // It is back, and was away for 19 % and then 6 % of the last five minutes.
      '74m20s': [{ service: 'normalization' }],
      '75m': [],
    },
  },
  {
    alert: 'NormalizationBudgetBurnsFast',
    what: 'not in the first hour that it is watched, nor for a minute of absence',
    interval: '10s',
    series: { [normalization]: '0x120 1x800 0x6 1x60' },
    firing: { '10m': [], '59m': [], '155m': [] },
  },
  {
    alert: 'NormalizationBudgetBurnsSlowly',
    what: 'away for more than 3 % of six hours, and still',
    interval: '1m',
    series: { [normalization]: '1x360 0x15 1x50' },
    firing: {
      '6h9m': [],
      '6h13m': [{ service: 'normalization' }],
      '6h45m': [{ service: 'normalization' }],
      '6h50m': [],
    },
  },
  {
    alert: 'NormalizationBatchOverObjective',
    what: 'a tenth of the batches over 500 ms, for ten minutes',
    interval: '10s',
    series: buckets('normalization', STAGE, 'stage="normalization"', 0.5, 1, 90),
    firing: { '10m': [], '10m10s': [{ service: 'normalization' }] },
  },
  {
    alert: 'NormalizationBatchOverObjective',
    what: 'not one in a hundred, and no other stage',
    interval: '10s',
    series: {
      ...buckets('normalization', STAGE, 'stage="normalization"', 0.5, 1, 99),
      ...buckets('projection', STAGE, 'stage="projection"', 0.5, 1, 10),
    },
    firing: { '20m': [] },
  },
  {
    alert: 'NormalizationEndToEndOverObjective',
    what: 'half of the batches of a market up to 5 s; not one in a hundred of another',
    interval: '10s',
    series: {
      ...buckets('normalization', 'carbon_normalization_duration_seconds', 'market="MISO"', 1, 5, 50),
      ...buckets('normalization', 'carbon_normalization_duration_seconds', 'market="PJM"', 1, 5, 99),
    },
    firing: { '10m': [], '10m10s': [{ service: 'normalization', market: 'MISO' }] },
  },
  {
    alert: 'EnrichmentOverObjective',
    what: 'a third of the batches up to 25 ms',
    interval: '10s',
    series: buckets('enrichment', STAGE, 'stage="enrichment"', 0.01, 0.025, 66),
    firing: { '10m': [], '10m10s': [{ service: 'enrichment' }] },
  },
  {
    alert: 'EnrichmentOverObjective',
    what: 'not when nearly all are below 10 ms',
    interval: '10s',
    series: buckets('enrichment', STAGE, 'stage="enrichment"', 0.01, 0.025, 96),
    firing: { '20m': [] },
  },
  {
    alert: 'BarsOverObjective',
    what: 'a tenth of the 5m bars over 30 s, whatever other bars take',
    interval: '10s',
    series: {
      ...buckets('aggregation', 'carbon_aggregation_bar_build_duration_seconds', 'interval="5m"', 30, 60, 90),
      ...buckets('aggregation', 'carbon_aggregation_bar_build_duration_seconds', 'interval="1h"', 30, 60, 10),
    },
    firing: { '5m': [], '5m10s': [{ service: 'aggregation' }] },
  },
  {
    alert: 'BarsOverObjective',
    what: 'not when only other bars take long',
    interval: '10s',
    series: {
      ...buckets('aggregation', 'carbon_aggregation_bar_build_duration_seconds', 'interval="5m"', 30, 60, 99),
      ...buckets('aggregation', 'carbon_aggregation_bar_build_duration_seconds', 'interval="1h"', 30, 60, 10),
    },
    firing: { '20m': [] },
  },
  {
    alert: 'ProjectionOverObjective',
    what: 'a third of the refreshes up to 5 s',
    interval: '10s',
    series: buckets('projection', REFRESH, LATEST, 2.5, 5, 66),
    firing: { '5m': [], '5m10s': [{ service: 'projection', projection: 'latest_prices' }] },
  },
  {
    alert: 'ProjectionOverObjective',
    what: 'not when nearly all are below 2.5 s',
    interval: '10s',
    series: buckets('projection', REFRESH, LATEST, 2.5, 5, 96),
    firing: { '20m': [] },
  },
  {
    alert: 'ProjectionDrifts',
    what: 'two of a hundred refreshes over 5 s',
    interval: '1m',
    series: {
      ...buckets('projection', REFRESH, LATEST, 5, 10, 98),
      [at('projection', `${REFRESH}_count`, LATEST)]: '0+100x400',
    },
    firing: { '5m': [], '6m': [{ service: 'projection', projection: 'latest_prices' }] },
  },
  {
    alert: 'ProjectionDrifts',
    what: 'not one in two hundred',
    interval: '1m',
    series: {
      ...buckets('projection', REFRESH, LATEST, 5, 10, 99.5),
      [at('projection', `${REFRESH}_count`, LATEST)]: '0+100x400',
    },
    firing: { '30m': [] },
  },
];
