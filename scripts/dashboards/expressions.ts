/** Expressions that several panels are made of. The range is the one that Grafana finds right for the picture. */

import type { Query } from './board.ts';

const RANGE = '$__rate_interval';

/** Per second, summed by labels. */
export function rateOf(metric: string, by: string, where = ''): string {
  return `sum by (${by}) (rate(${metric}${where}[${RANGE}]))`;
}

/** The value below which a share of the observations of a histogram lies, by labels. */
export function quantileOf(share: number, histogram: string, by: string, where = ''): string {
  const labels = by === '' ? 'le' : `${by}, le`;
  return `histogram_quantile(${share}, sum by (${labels}) (rate(${histogram}_bucket${where}[${RANGE}])))`;
}

/** P50 and P95 of a histogram. */
export function middleAndHigh(histogram: string, by = '', where = ''): Query[] {
  const of = by === '' ? '' : ` {{${by}}}`;
  return [
    { expr: quantileOf(0.5, histogram, by, where), legend: `P50${of}` },
    { expr: quantileOf(0.95, histogram, by, where), legend: `P95${of}` },
  ];
}
