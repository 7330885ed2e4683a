/** An event log that puts the headers of CloudEvents onto what is appended to some topics, by setting. */

import { withCloudEvents } from '../../core/codec/topics/cloud-events.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { RuntimeSettings } from '../config/runtime.ts';
import { patternOf } from '../pipeline/topic-policy.ts';

/** Which topics, and where their schemas are found. */
export interface CloudEventSettings {
  readonly bears: (topic: string) => boolean;
  /** URL of the schema registry; null where nobody outside can ask for schemas. */
  readonly registryUrl: string | null;
}

/** The topics of a setting: names with commas between them, where `*` stands for any part of a name; empty: none. */
export function topicsOfSetting(text: string): (topic: string) => boolean {
  const patterns = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(patternOf);
  return (topic) => patterns.some((pattern) => pattern.test(topic));
}

/**
 * The log of a process with what its setting says. Schemas are found at the registry of the cluster profile; where the
 * registry is files of the data directory, no address is told.
 */
export function asSettingSays(
  log: EventLog,
  { cloudEventsTopics, profile, engines }: Pick<RuntimeSettings, 'cloudEventsTopics' | 'profile' | 'engines'>,
): EventLog {
  if (cloudEventsTopics === '') return log;
  const registryUrl = profile === 'cluster' ? engines.registryUrl : null;
  return withCloudEventHeaders(log, { bears: topicsOfSetting(cloudEventsTopics), registryUrl });
}

/** The log with the headers; everything but `append` is the log's own. */
export function withCloudEventHeaders(log: EventLog, settings: CloudEventSettings): EventLog {
  const { bears, registryUrl } = settings;
  const schemas = registryUrl === null ? null : `${registryUrl.replace(/\/+$/, '')}/schemas/ids`;
  return {
    append: (topic, partition, batches, mayStore) =>
      log.append(
        topic,
        partition,
        bears(topic) ? batches.map((batch) => withCloudEvents(batch, { topic, schemas })) : batches,
        mayStore,
      ),
    createTopic: (spec) => log.createTopic(spec),
    listTopics: () => log.listTopics(),
    read: (topic, partition, offset, maxBytes) => log.read(topic, partition, offset, maxBytes),
    bounds: (topic, partition) => log.bounds(topic, partition),
    seekTime: (topic, partition, at) => log.seekTime(topic, partition, at),
    commit: (group, topic, partition, next) => log.commit(group, topic, partition, next),
    committed: (group, topic, partition) => log.committed(group, topic, partition),
    waitForAppend: (topics, timeoutMs) => log.waitForAppend(topics, timeoutMs),
    applyRetention: (now) => log.applyRetention(now),
    close: () => log.close(),
  };
}
