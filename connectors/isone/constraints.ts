/**
 * ISO New England's constraints that bind, day-ahead by the hour and in real time by fifteen and by five minutes, with
 * what another megawatt would be worth; and the strike prices of its day-ahead reserves.
 */

import type { Dataset, PublishedField } from '../kit/contract.ts';
import { isoneDataset } from './dataset.ts';
import { service } from './routes.ts';
import { WEB_KINDS } from './web-kinds.ts';

const UNIT = 'USD/MWh';
const SHADOW: readonly PublishedField[] = [
  {
    field: 'shadow_price',
    unit: UNIT,
    what: 'marginal value; location the constraint, series the contingency',
  },
];

/** The dataset `da_constraints` of ISO New England. */
export const dayAheadConstraints: Dataset = isoneDataset({
  name: 'da_constraints',
  title: 'Constraints that bind in the day-ahead market, by the hour',
  fields: SHADOW,
  kinds: WEB_KINDS.dayAheadConstraints,
  named: /dayaheadconstraint/i,
  plan: service('dayaheadconstraints', -11),
});

/** The dataset `rt_constraints` of ISO New England. */
export const realTimeConstraints: Dataset = isoneDataset({
  name: 'rt_constraints',
  title: 'Constraints that bind in real time, by fifteen and by five minutes',
  fields: SHADOW,
  kinds: WEB_KINDS.realTimeConstraints,
  named: /constraint|binding|bcs?\b/i,
  plan: service('fifteenminuteconstraint/prelim', 1),
});

const PRICES: Readonly<Record<string, string>> = {
  strike_price: 'strike price of the hour',
  expected_closeout_charge: 'charge that is expected at the close',
  expected_closeout_charge_override: 'the same where it was set by hand',
  expected_lmp: 'price that is expected at the hub in real time',
  expected_lmp_p10: 'its tenth percentile',
  expected_lmp_p25: 'its quartile',
  expected_lmp_p75: 'its upper quartile',
  expected_lmp_p90: 'its ninetieth percentile',
};

/** The dataset `da_strike_prices` of ISO New England. */
export const strikePrices: Dataset = isoneDataset({
  name: 'da_strike_prices',
  title: 'Strike prices of day-ahead reserves by the hour, with what is expected of the hub',
  fields: Object.entries(PRICES).map(([field, what]) => ({ field, unit: UNIT, what })),
  kinds: WEB_KINDS.strikePrices,
  named: /strikeprice/i,
  plan: service('daasstrikeprices', -18),
});
