/** Variables of the documents that name policy files, and those that belong to programs beside this one. */

import { z } from 'zod';
import { parseBarInterval } from '../../core/math/bar-interval.ts';
import { choiceSetting, freeSetting, integerSetting, type Setting } from './setting.ts';

const policy = (variable: string, file: string, aliases: readonly string[] = []) =>
  freeSetting('policies', variable, 'a path', {
    aliases,
    fallback: file,
    what: 'Another policy file in place of the one of the checkout.',
  });

/** Files that say what the stages do and what is logged. */
export const POLICY_SETTINGS = {
  normalizationRules: policy('NORMALIZATION_RULES_PATH', 'configs/normalization_rules.yaml', [
    'NORMALIZATION_CONFIG',
  ]),
  enrichmentTaxonomy: policy('ENRICHMENT_TAXONOMY_PATH', 'configs/enrichment_taxonomy.yaml', [
    'ENRICHMENT_CONFIG',
  ]),
  aggregationPolicies: policy('AGGREGATION_POLICIES_PATH', 'configs/aggregation_policies.yaml'),
  projectionPolicies: policy('PROJECTION_POLICIES_PATH', 'configs/projection_policies.yaml'),
  topicPolicies: policy('TOPIC_POLICIES_PATH', 'configs/topic_policies.yaml'),
  topicVersions: policy('TOPIC_VERSIONS_PATH', 'configs/topic_versions.yaml'),
  loggingConfig: policy('LOGGING_CONFIG_PATH', 'configs/logging.yaml'),
  barIntervals: {
    group: 'policies',
    variable: 'DATA_PROC_BAR_INTERVALS',
    allowed: 'intervals such as 5m,1h with commas, or nothing',
    schema: z
      .string()
      .refine((text) => barIntervalsOf(text).every((word) => parseBarInterval(word) !== null)),
    fallback: '',
    what: 'Selects some of the intervals of the aggregation policy; empty: all of them.',
  } satisfies Setting,
} as const;

/** The intervals of the variable; none for all. */
export function barIntervalsOf(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Accepted and checked: what they are for is not there yet, or is another program. Each says so. */
export const BESIDE_SETTINGS = {
  projectionSweep: integerSetting('beside', 'DATA_PROC_PROJECTION_REFRESH_INTERVAL', [1, 3600], {
    fallback: '10',
    what: 'Seconds from one sweep of the projections to the next. Accepted and checked; nothing reads it yet.',
  }),
  traceEnabled: choiceSetting('beside', 'DATA_PROC_TRACE_ENABLED', ['true', 'false'], {
    fallback: 'false',
    what: 'Traces by OpenTelemetry. Accepted and checked; nothing reads it yet.',
  }),
  otlpEndpoint: freeSetting('beside', 'OTLP_ENDPOINT', 'an address', {
    fallback: 'http://localhost:4317',
    what: 'Collector of traces. Accepted and checked; nothing reads it yet.',
  }),
  misoApiUrl: freeSetting('beside', 'MISO_API_URL', 'an address', {
    fallback: '',
    what: 'For the job files of SeaTunnel; nothing here reads it.',
  }),
  misoApiToken: freeSetting('beside', 'MISO_API_TOKEN', 'a text', {
    fallback: '',
    what: 'For the job files of SeaTunnel; nothing here reads it.',
    isSecret: true,
  }),
  airflowFernetKey: freeSetting('beside', 'AIRFLOW__CORE__FERNET_KEY', 'a text', {
    fallback: '',
    what: 'Read by Airflow alone, which make airflow-up starts with one of its own where none is given; nothing here reads it.',
    isSecret: true,
  }),
} as const;
