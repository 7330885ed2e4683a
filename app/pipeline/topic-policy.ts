/**
 * Topic policy: partitions, retention and compaction of topics, by name, in one table (`configs/topic_policies.yaml`). It
 * holds when a topic is made; what is there is never changed, since a count of partitions cannot be and records that
 * retention removes do not come back.
 */

import { join } from 'node:path';
import { z } from 'zod';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../core/errors.ts';
import type { TopicSpec } from '../../core/ports/event-log.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { readYaml } from '../config/yaml-file.ts';

/** Topics whose keys name what their records are about, so that the last record of a key says it all. */
const COMPACTABLE: readonly string[] = [Topic.deprecateNotice];

const topicSchema = z
  .strictObject({
    match: z
      .string()
      .regex(/^[A-Za-z0-9._*-]+$/, {
        error:
          'must be the name of a topic, of letters, digits, dots, underscores and hyphens; * stands for any part',
      })
      .describe('Name of a topic; * stands for any part of it.'),
    partitions: z
      .int()
      .min(1)
      .max(256)
      .optional()
      .describe('Partitions; absent: DATA_PROC_PARTITIONS. Raw topics and topics of ticks have the same.'),
    retention: z
      .string()
      .refine((text) => text === 'keep' || (parseDuration(text) ?? 0) > 0, {
        error: 'must be keep, or a duration such as 12h or 30d',
      })
      .default('keep')
      .describe('How long records are kept, counted from their known times; keep: for ever.'),
    compacted: z
      .boolean()
      .default(false)
      .describe(
        'Of the records of a key the last one is kept. For topics whose key names what a record is about.',
      ),
  })
  .refine(({ compacted, match }) => !compacted || COMPACTABLE.includes(match), {
    error: `only ${COMPACTABLE.join(', ')}: records of the others have the key of a location, and compaction would lose instruments`,
    path: ['compacted'],
  });

export const topicPoliciesSchema = z.strictObject({
  version: z.literal(1).describe('Version of the form of this file.'),
  topics: z.array(topicSchema).default([]).describe('The first line that fits a topic counts.'),
});

type TopicLine = z.infer<typeof topicSchema>;

/** What topics are made with. */
export interface TopicPolicy {
  /** The topic of that name as it is made. */
  specOf(name: string): TopicSpec;
}

/** Every topic alike: as many partitions, records kept. */
export const alike = (partitions: number): TopicPolicy => ({
  specOf: (name) => ({ name, partitions, retention: null }),
});

/** Where the file lies. */
export function topicPolicyPath(root: string, env: Readonly<Record<string, string | undefined>>): string {
  return env['TOPIC_POLICIES_PATH'] ?? join(root, 'configs/topic_policies.yaml');
}

/**
 * Reads and checks the file. `partitions` is the count of topics of which no line says one; `chain` are the topics that
 * must have the same. Throws CONFIG_INVALID or FILE_UNREADABLE with file, line, key and what is allowed.
 */
export async function loadTopicPolicy(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  partitions: number,
  chain: readonly string[],
): Promise<TopicPolicy> {
  const { topics } = await readYaml(path, topicPoliciesSchema, env);
  const lines = topics.map((line) => [patternOf(line.match), line] as const);
  const policy: TopicPolicy = {
    specOf: (name) => specOf(name, lines.find(([pattern]) => pattern.test(name))?.[1], partitions),
  };
  const counts = new Map(chain.map((name) => [policy.specOf(name).partitions, name]));
  if (counts.size > 1)
    throw new CarbonError(
      'CONFIG_INVALID',
      `${path} gives topics of the chain different numbers of partitions`,
      {
        position: {
          file: path,
          field: 'topics',
          expected: 'the same partitions on raw topics and topics of ticks',
          got: [...counts].map(([count, name]) => `${name}: ${count}`).join(', '),
        },
      },
    );
  return policy;
}

/** `*` stands for any part of a name. */
export function patternOf(match: string): RegExp {
  return new RegExp(`^${match.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

function specOf(name: string, line: TopicLine | undefined, otherwise: number): TopicSpec {
  return {
    name,
    partitions: line?.partitions ?? otherwise,
    retention: parseDuration(line?.retention ?? ''),
    ...(line?.compacted === true ? { compacted: true } : {}),
  };
}
