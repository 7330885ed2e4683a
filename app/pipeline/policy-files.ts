/** The files of `configs/`, each with the variable that moves it and the schema that checks it. */

import { aggregationSchema } from '../../services/aggregation/config.ts';
import { curvesSchema } from '../../services/aggregation/curves/config.ts';
import { enrichmentSchema } from '../../services/enrichment/config.ts';
import { normalizationSchema } from '../../services/normalization/config.ts';
import { projectionSchema } from '../../services/projection/config.ts';
import { loggingSchema } from '../config/logging.ts';
import { topicPoliciesSchema } from './topic-policy.ts';
import { topicVersionsSchema } from './topic-versions.ts';

/** Policy files with the variable that moves each, and the schema that checks it. */
export const POLICY_FILES = [
  {
    service: 'normalization',
    file: 'configs/normalization_rules.yaml',
    variable: 'NORMALIZATION_RULES_PATH',
    schema: normalizationSchema,
  },
  {
    service: 'enrichment',
    file: 'configs/enrichment_taxonomy.yaml',
    variable: 'ENRICHMENT_TAXONOMY_PATH',
    schema: enrichmentSchema,
  },
  {
    service: 'aggregation',
    file: 'configs/aggregation_policies.yaml',
    variable: 'AGGREGATION_POLICIES_PATH',
    schema: aggregationSchema,
  },
  {
    service: 'projection',
    file: 'configs/projection_policies.yaml',
    variable: 'PROJECTION_POLICIES_PATH',
    schema: projectionSchema,
  },
  {
    service: 'curves',
    file: 'configs/curve_policies.yaml',
    variable: 'CURVE_POLICIES_PATH',
    schema: curvesSchema,
  },
  {
    service: 'topics',
    file: 'configs/topic_versions.yaml',
    variable: 'TOPIC_VERSIONS_PATH',
    schema: topicVersionsSchema,
  },
] as const;

/** Every file of configs/: the policies, what topics are made with, and what is logged. */
export const CONFIG_FILES = [
  ...POLICY_FILES,
  {
    service: 'topic policies',
    file: 'configs/topic_policies.yaml',
    variable: 'TOPIC_POLICIES_PATH',
    schema: topicPoliciesSchema,
  },
  {
    service: 'logging',
    file: 'configs/logging.yaml',
    variable: 'LOGGING_CONFIG_PATH',
    schema: loggingSchema,
  },
] as const;
