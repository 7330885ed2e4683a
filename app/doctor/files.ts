/** Checks of the files of the checkout: policies, connector manifests, schemas and their ids. */

import { join } from 'node:path';
import { schemaFingerprint } from '../../core/schema/fingerprint.ts';
import { readReleasedIds } from '../../drivers/schema-files/files.ts';
import { openSchemaFiles } from '../../drivers/schema-files/registry.ts';
import { aggregationSchema } from '../../services/aggregation/config.ts';
import { enrichmentSchema } from '../../services/enrichment/config.ts';
import { normalizationSchema } from '../../services/normalization/config.ts';
import { projectionSchema } from '../../services/projection/config.ts';
import { readYaml } from '../config/yaml-file.ts';
import { allConnectors } from '../connectors/catalogue.ts';
import { connectorsFolder, inspectManifest } from '../connectors/manifest.ts';
import { policyPaths } from '../pipeline/settings.ts';
import { topicPoliciesSchema, topicPolicyPath } from '../pipeline/topic-policy.ts';
import { FIRST_VERSIONS, type TopicVersions, topicVersionsSchema } from '../pipeline/topic-versions.ts';
import { examine, type Finding, failure, fine, type Verdict, warning } from './finding.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What the other checks need of the policies. */
export interface PolicyFacts {
  /** Intervals of the bars; null when the file is not valid. */
  readonly intervals: readonly string[] | null;
  /** Which versions of topics are written; the first ones when the file is not valid. */
  readonly versions: TopicVersions;
}

/** One line per policy file. */
export async function examinePolicies(root: string, env: Variables): Promise<[Finding[], PolicyFacts]> {
  const paths = policyPaths(root, env);
  let intervals: readonly string[] | null = null;
  let versions = FIRST_VERSIONS;
  const findings = [
    await examine('policy normalization', 78, async () => {
      const { datasets } = await readYaml(paths.normalization, normalizationSchema, env);
      return fine(`${paths.normalization}: ${datasets.length} datasets`);
    }),
    await examine('policy enrichment', 78, async () => {
      const { instruments } = await readYaml(paths.enrichment, enrichmentSchema, env);
      return fine(`${paths.enrichment}: ${instruments.length} instruments named`);
    }),
    await examine('policy aggregation', 78, async () => {
      intervals = (await readYaml(paths.aggregation, aggregationSchema, env)).intervals;
      return fine(`${paths.aggregation}: intervals ${intervals.join(', ')}`);
    }),
    await examine('policy projection', 78, async () => {
      const { latest_prices: latest } = await readYaml(paths.projection, projectionSchema, env);
      return fine(`${paths.projection}: cache of ${latest.cache_ttl_seconds} s`);
    }),
    await examine('policy topics', 78, async () => {
      versions = await readYaml(paths.topics, topicVersionsSchema, env);
      const said = Object.entries(versions.topics).map(([topic, { write }]) => `${topic} writes ${write}`);
      return fine([paths.topics, ...said].join(': '));
    }),
  ];
  findings.push(
    await examine('policy topic policies', 78, async () => {
      const { topics } = await readYaml(topicPolicyPath(root, env), topicPoliciesSchema, env);
      return fine(`${topicPolicyPath(root, env)}: ${topics.length} lines`);
    }),
  );
  return [findings, { intervals, versions }];
}

/** One line for all manifests, or for each that has a problem. */
export async function examineManifests(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name } of allConnectors()) {
    const path = join(connectorsFolder(), name, 'connector.yaml');
    const found = await examine(`connector ${name}`, 3, async () => {
      const { problems } = await inspectManifest(path);
      if (problems.length === 0) return fine(path);
      const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
      return failure(`${problems[0]?.message}${more}`, `Run carbon connector validate ${path}.`);
    });
    findings.push(found);
  }
  return findings;
}

/** Every schema of the checkout fits its released form and has a released id. */
export function examineSchemas(root: string): Promise<Finding> {
  return examine('schema ids', 3, async (): Promise<Verdict> => {
    const registry = await openSchemaFiles(root, null);
    const released = await readReleasedIds(root);
    const subjects = await registry.subjects();
    const unreleased: string[] = [];
    for (const subject of subjects) {
      const { schema } = await registry.latest(subject);
      if (!released.has(schemaFingerprint(schema))) unreleased.push(subject);
    }
    if (subjects.length === 0) return failure(`no schemas under ${root}`, 'Restore events/avro.');
    if (unreleased.length === 0) return fine(`${subjects.length} subjects, all with released ids`);
    return warning(
      `no released id for ${unreleased.join(', ')}`,
      'They get one at run time, which another machine may give otherwise; release the schemas.',
    );
  });
}
