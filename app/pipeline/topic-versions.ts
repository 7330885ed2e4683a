/**
 * Versions of topics: `configs/topic_versions.yaml`. A breaking change of a contract is a new topic; this policy says which
 * of the two is written while readers move, and from when the old one is deprecated (C3, docs/SCHEMA_EVOLUTION.md).
 */

import { z } from 'zod';
import { SUCCESSORS, versionOfTopic } from '../../core/codec/topics/topic-names.ts';

const day = (what: string) => z.iso.date().optional().describe(what);

const versionSchema = z.strictObject({
  successor: z.string().describe('Topic with the next version of the contract.'),
  write: z
    .string()
    .describe('Which is written: the version of the topic (v1), both, or that of its successor (v2).'),
  deprecated_since: day(
    'Day from which nobody should begin to read the topic; from here on notices are published. Absent: not deprecated.',
  ),
  removal_after: day('Day until which the topic is kept. Needed with deprecated_since.'),
  reason: z
    .string()
    .min(1)
    .optional()
    .describe('Why, and what a reader has to change. Needed with deprecated_since.'),
});

/** What is known of one topic that has a successor. */
export type TopicVersion = z.infer<typeof versionSchema>;

export const topicVersionsSchema = z.strictObject({
  version: z.literal(1).describe('Version of the form of this file.'),
  topics: z
    .record(z.string(), versionSchema)
    .default({})
    .superRefine((topics, context) => {
      for (const [topic, entry] of Object.entries(topics))
        for (const { key, message } of flawsOf(topic, entry))
          context.addIssue({ code: 'custom', message, path: key === null ? [topic] : [topic, key] });
    })
    .describe('Topics that have a successor, by name. One that is not named is written alone.'),
});

/** The policy once checked, with defaults filled in. */
export type TopicVersions = z.infer<typeof topicVersionsSchema>;

/** The policy that leaves every topic as it is. */
export const FIRST_VERSIONS: TopicVersions = { version: 1, topics: {} };

interface Flaw {
  readonly key: keyof TopicVersion | null;
  readonly message: string;
}

function flawsOf(topic: string, entry: TopicVersion): Flaw[] {
  const flaws: Flaw[] = [];
  const flaw = (key: Flaw['key'], message: string): number => flaws.push({ key, message });
  const successor = SUCCESSORS[topic];
  if (successor === undefined)
    return [
      { key: null, message: `no topic with a successor; there are ${Object.keys(SUCCESSORS).join(', ')}` },
    ];
  if (entry.successor !== successor) flaw('successor', `the successor of ${topic} is ${successor}`);
  const [before, after] = [topic, successor].map((name) => `v${versionOfTopic(name)}`);
  if (![before, 'both', after].includes(entry.write)) flaw('write', `one of ${before}, both, ${after}`);
  const { deprecated_since: since, removal_after: removal, reason } = entry;
  if (since === undefined) {
    if (entry.write === after)
      flaw(
        'write',
        `a topic falls silent only after a notice: set deprecated_since, or write ${before} or both`,
      );
    for (const key of ['removal_after', 'reason'] as const)
      if (entry[key] !== undefined) flaw(key, 'needs deprecated_since beside it');
    return flaws;
  }
  if (removal === undefined) flaw('deprecated_since', 'needs removal_after beside it');
  else if (removal <= since) flaw('removal_after', `a day after ${since}`);
  if (reason === undefined) flaw('deprecated_since', 'needs a reason beside it');
  return flaws;
}

/** The topics of a contract that the policy has written, old before new: the topic alone when nothing is said of it. */
export function writtenTopics(versions: TopicVersions, topic: string): readonly string[] {
  const entry = versions.topics[topic];
  if (entry === undefined || entry.write === `v${versionOfTopic(topic)}`) return [topic];
  return entry.write === 'both' ? [topic, entry.successor] : [entry.successor];
}
