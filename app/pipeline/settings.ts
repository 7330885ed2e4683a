/** Settings of the stages: the policy files, checked by the schema of each, and their hash. */

import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import zod from 'zod/package.json' with { type: 'json' };
import { CarbonError } from '../../core/errors.ts';
import { type AggregationSettings, aggregationSchema } from '../../services/aggregation/config.ts';
import { type CurvesSettings, curvesSchema, NO_CURVES } from '../../services/aggregation/curves/config.ts';
import { type EnrichmentSettings, enrichmentSchema } from '../../services/enrichment/config.ts';
import { type NormalizationSettings, normalizationSchema } from '../../services/normalization/config.ts';
import { ruleFor } from '../../services/normalization/policy.ts';
import { type ProjectionSettings, projectionSchema } from '../../services/projection/config.ts';
import { barIntervalsOf, POLICY_SETTINGS } from '../config/beside-settings.ts';
import { type FileStates, fileStates } from '../config/file-states.ts';
import { readYaml, type SchemaCode } from '../config/yaml-file.ts';
import { type OwnRule, startFacts } from '../connectors/start-facts.ts';
import { FIRST_VERSIONS, type TopicVersions, topicVersionsSchema } from './topic-versions.ts';

export interface StageSettings {
  readonly normalization: NormalizationSettings;
  readonly enrichment: EnrichmentSettings;
  readonly aggregation: AggregationSettings;
  readonly projection: ProjectionSettings;
  readonly curves: CurvesSettings;
  /** Which versions of topics are written. */
  readonly topics: TopicVersions;
}

/** Where each policy file lies. */
export interface PolicyPaths {
  readonly normalization: string;
  readonly enrichment: string;
  readonly aggregation: string;
  readonly projection: string;
  readonly curves: string;
  readonly topics: string;
}

/** The files' places in a checkout, with the documents' variables on top. */
export function policyPaths(root: string, env: Readonly<Record<string, string | undefined>>): PolicyPaths {
  return {
    normalization: env['NORMALIZATION_RULES_PATH'] ?? join(root, 'configs/normalization_rules.yaml'),
    enrichment: env['ENRICHMENT_TAXONOMY_PATH'] ?? join(root, 'configs/enrichment_taxonomy.yaml'),
    aggregation: env['AGGREGATION_POLICIES_PATH'] ?? join(root, 'configs/aggregation_policies.yaml'),
    projection: env['PROJECTION_POLICIES_PATH'] ?? join(root, 'configs/projection_policies.yaml'),
    curves: env['CURVE_POLICIES_PATH'] ?? join(root, 'configs/curve_policies.yaml'),
    topics: env['TOPIC_VERSIONS_PATH'] ?? join(root, 'configs/topic_versions.yaml'),
  };
}

/** Reads and checks all policy files. Throws CONFIG_INVALID with file, line, key and what is allowed. */
export async function loadStageSettings(
  paths: PolicyPaths,
  env: Readonly<Record<string, string | undefined>>,
): Promise<StageSettings> {
  const [normalization, enrichment, aggregation, projection, curves, topics] = await Promise.all([
    readYaml(paths.normalization, normalizationSchema, env, codeOf('normalization')),
    readYaml(paths.enrichment, enrichmentSchema, env, codeOf('enrichment')),
    readYaml(paths.aggregation, aggregationSchema, env, codeOf('aggregation')),
    readYaml(paths.projection, projectionSchema, env, codeOf('projection')),
    readYaml(paths.curves, curvesSchema, env, codeOf('curves')),
    readYaml(paths.topics, topicVersionsSchema, env),
  ]);
  return {
    normalization: withOwnRules(normalization, startFacts().ownRules),
    enrichment,
    aggregation: selected(aggregation, paths.aggregation, env),
    projection,
    curves,
    topics,
  };
}

/** The rooms that the schemas of services are made of: they import nothing else but zod. */
const ROOMS = ['core', 'services'].map((room) => resolve(import.meta.dirname, '../..', room));
let rooms: FileStates | null | undefined;

/** The code of a service's schema; null when it was edited since this process began. */
function codeOf(policy: keyof PolicyPaths): SchemaCode | null {
  if (rooms === undefined) rooms = fileStates(ROOMS);
  return rooms && { name: `${policy} ${zod.version} ${ROOMS.join()}`, states: rooms };
}

/**
 * The rules file first; a dataset of which it does not speak brings its own rule. Throws CONFIG_INVALID for one that the
 * file could not hold either.
 */
export function withOwnRules(
  normalization: NormalizationSettings,
  ownRules: readonly OwnRule[],
): NormalizationSettings {
  const own = ownRules
    .filter(({ market, dataset }) => ruleFor(normalization, market, dataset) === null)
    .map(({ market, dataset, rule }) => ({ market, dataset, ...rule }));
  if (own.length === 0) return normalization;
  const checked = normalizationSchema.shape.datasets.safeParse(own);
  if (checked.success) return { ...normalization, datasets: [...normalization.datasets, ...checked.data] };
  const [issue] = checked.error.issues;
  const at = own[Number(issue?.path[0] ?? 0)];
  throw new CarbonError('CONFIG_INVALID', `the rule of ${at?.market} ${at?.dataset}: ${issue?.message}`, {
    position: { field: issue?.path.slice(1).join('.') ?? 'rule' },
  });
}

/** `DATA_PROC_BAR_INTERVALS` leaves some of the intervals of the policy. */
function selected(
  aggregation: AggregationSettings,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): AggregationSettings {
  const { variable } = POLICY_SETTINGS.barIntervals;
  const wanted = barIntervalsOf(env[variable] ?? '');
  if (wanted.length === 0) return aggregation;
  const { intervals } = aggregation;
  const missing = wanted.find((interval) => !intervals.includes(interval));
  if (missing !== undefined)
    throw new CarbonError('CONFIG_INVALID', `${variable} names ${missing}, which ${file} does not make`, {
      position: { field: variable, expected: `some of ${intervals.join(', ')}`, got: wanted.join(', ') },
    });
  return {
    ...aggregation,
    intervals: intervals.filter((interval) => wanted.includes(interval)),
    rolling: aggregation.rolling.filter(({ interval }) => wanted.includes(interval)),
  };
}

/** The settings as one text, the same for the same settings: what a plan's hash stands for. */
export function settingsText(settings: StageSettings): string {
  return JSON.stringify(sorted(settings));
}

/** SHA-256 of the settings' text, 16 hex digits. */
export function settingsHashOf(settings: StageSettings): string {
  return createHash('sha256').update(settingsText(settings)).digest('hex').slice(0, 16);
}

/** Settings from a text that `settingsText` made. */
export function settingsFromText(text: string): StageSettings {
  const value: unknown = JSON.parse(text);
  const parts = value as Record<keyof StageSettings, unknown>;
  return {
    normalization: normalizationSchema.parse(parts.normalization),
    enrichment: enrichmentSchema.parse(parts.enrichment),
    aggregation: aggregationSchema.parse(parts.aggregation),
    projection: projectionSchema.parse(parts.projection),
    // Settings of a plan that was cut before there were curves, or topics had versions, do not speak of them.
    curves: curvesSchema.parse(parts.curves ?? NO_CURVES),
    topics: topicVersionsSchema.parse(parts.topics ?? FIRST_VERSIONS),
  };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
