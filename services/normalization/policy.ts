/** Which rule holds for a dataset: its own word, else its market's, else the defaults. */

import { parseDuration } from '../../core/time/duration.ts';
import { HOUR, MINUTE, type Micros, parseInstant } from '../../core/time/instant.ts';
import type { AssertionSettings, DatasetRuleSettings, NormalizationSettings } from './config.ts';

/** What is done with a required value that is absent. */
export type NullPolicy = 'reject' | 'flag' | 'skip';

/** A dataset's policy, resolved. */
export interface Policy {
  readonly lateness: Micros;
  readonly horizon: Micros;
  /** UTC micros before which an event is refused. */
  readonly earliest: Micros;
  readonly negativePrices: boolean;
  readonly nulls: NullPolicy;
  readonly assertions: AssertionSettings;
}

/** The rule of a market's dataset: that of the market itself goes before the one for any market. Null: there is none. */
export function ruleFor(
  settings: NormalizationSettings,
  market: string,
  dataset: string,
): DatasetRuleSettings | null {
  const named = (wanted: string): DatasetRuleSettings | undefined =>
    settings.datasets.find((rule) => rule.market === wanted && rule.dataset === dataset);
  return named(market) ?? named('ANY') ?? null;
}

/** The policy of a rule for events of a market; `market` matters where the rule is one for any market. */
export function policyOf(settings: NormalizationSettings, rule: DatasetRuleSettings, market: string): Policy {
  const { defaults } = settings;
  const ofMarket: PolicyKeys = settings.markets.find((entry) => entry.market === market) ?? {};
  const said = { ...defaults, ...present(ofMarket), ...present(rule) };
  return {
    lateness: parseDuration(said.lateness ?? '') ?? 10 * MINUTE,
    horizon: parseDuration(said.horizon ?? '') ?? HOUR,
    earliest: parseInstant(said.earliest ?? settings.earliest) ?? 0,
    negativePrices: said.negative_prices ?? true,
    nulls: said.nulls ?? 'flag',
    assertions: {
      ...defaults.assertions,
      ...present(ofMarket.assertions ?? {}),
      ...present(rule.assertions ?? {}),
    },
  };
}

type PolicyKeys = Pick<
  DatasetRuleSettings,
  'lateness' | 'horizon' | 'earliest' | 'negative_prices' | 'nulls' | 'assertions'
>;

function present<T extends PolicyKeys | AssertionSettings>(said: T): T {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as T;
}
