/** Checks of the topics of an event log against the topic policy. What differs is told, never changed. */

import type { EventLog, TopicSpec } from '../../core/ports/event-log.ts';
import { DAY, HOUR } from '../../core/time/instant.ts';
import type { TopicPolicy } from '../pipeline/topic-policy.ts';
import { allTopics, chainTopics } from '../stores/topics.ts';
import type { PolicyFacts } from './files.ts';
import { failure, fine, type Verdict, warning } from './finding.ts';

/**
 * Missing topics, topics of the chain that do not go together, and those that are not as the policy makes them. `compacts`
 * is false for a log that keeps all records of a key, whatever the policy says.
 */
export async function topicsVerdict(
  log: EventLog,
  policy: TopicPolicy,
  facts: PolicyFacts,
  compacts: boolean,
): Promise<Verdict> {
  const known = new Map((await log.listTopics()).map((topic) => [topic.name, topic]));
  const expected = allTopics(facts.intervals ?? [], facts.versions);
  const missing = expected.filter((name) => !known.has(name));
  if (missing.length > 0)
    return warning(`missing: ${missing.join(', ')}`, 'The next replay or up makes them.');
  const counts = new Set(chainTopics().map((name) => known.get(name)?.partitions));
  if (counts.size > 1)
    return failure(
      `topics of the chain have different numbers of partitions: ${[...counts].join(', ')}`,
      'Use another data directory, or topics of another cluster: counts never change in place, and a key must stay on one partition.',
    );
  const others = expected.flatMap((name) => {
    const topic = known.get(name);
    if (topic === undefined) return [];
    const { compacted, ...spec } = policy.specOf(name);
    const differs = differences(topic, compacts && compacted === true ? { ...spec, compacted } : spec);
    return differs.length === 0 ? [] : [`${name} has ${differs.join(', ')}`];
  });
  if (others.length > 0)
    return warning(
      `not as the policy makes topics: ${others.join('; ')}`,
      'Nothing is changed by itself. Partitions stay: say what is there in configs/topic_policies.yaml or DATA_PROC_PARTITIONS. Retention and compaction: change the topic with the tools of the log, or the policy.',
    );
  return fine(
    `${expected.length} topics as the policy makes them; raw topics and tick topics of ${[...counts].join()} partitions`,
  );
}

function differences(is: TopicSpec, wanted: TopicSpec): string[] {
  const found: string[] = [];
  if (is.partitions !== wanted.partitions)
    found.push(`${is.partitions} partitions and not ${wanted.partitions}`);
  if (is.retention !== wanted.retention)
    found.push(`retention ${lengthText(is.retention)} and not ${lengthText(wanted.retention)}`);
  if ((is.compacted === true) !== (wanted.compacted === true))
    found.push(is.compacted === true ? 'compaction, which it should not have' : 'no compaction');
  return found;
}

function lengthText(retention: number | null): string {
  if (retention === null) return 'for ever';
  return retention % DAY === 0 ? `${retention / DAY}d` : `${retention / HOUR}h`;
}
