/** Topics as we make them, and what is said of them in their configuration. */

import {
  ConfigResourceTypes,
  type Connection,
  createTopicsV7,
  deleteRecordsV2,
  describeConfigsV4,
  IncrementalAlterConfigOperationTypes,
  incrementalAlterConfigsV1,
} from '@platformatic/kafka';
import { CarbonError } from '../../core/errors.ts';
import type { TopicSpec } from '../../core/ports/event-log.ts';
import { brokerCodes, kafkaFailure } from './broker-errors.ts';
import type { KafkaCluster } from './cluster.ts';

const TOPIC_RESOURCE = ConfigResourceTypes.TOPIC;
const SET = IncrementalAlterConfigOperationTypes.SET;
/**
 * Batches are cut at 900 kB, but one raw event is never parted: a batch may be as long as its event. The default of a
 * broker, 1 MB, would refuse it.
 */
const LONGEST_BATCH = 8 * 1024 * 1024;
const KEPT = ['retention.ms', 'cleanup.policy'];
const CREATE_MS = 10_000;

/** Makes a topic with its partitions, retention and compaction; false when one of that name exists. */
export async function makeTopic(cluster: KafkaCluster, spec: TopicSpec): Promise<boolean> {
  const { replicationFactor, minInsyncReplicas } = cluster.options;
  const configs = [
    { name: 'retention.ms', value: retentionMs(spec) },
    { name: 'cleanup.policy', value: cleanupPolicy(spec) },
    { name: 'max.message.bytes', value: String(LONGEST_BATCH) },
    // What we pack stays packed as we did it; the times of records are known times.
    { name: 'compression.type', value: 'producer' },
    { name: 'message.timestamp.type', value: 'CreateTime' },
    // Known times of a backfill are years old, and those of a forecast may lie ahead.
    { name: 'message.timestamp.before.max.ms', value: '9223372036854775807' },
    { name: 'message.timestamp.after.max.ms', value: '9223372036854775807' },
    ...(minInsyncReplicas === undefined
      ? []
      : [{ name: 'min.insync.replicas', value: String(minInsyncReplicas) }]),
  ];
  try {
    await cluster.call(
      createTopicsV7.api,
      await cluster.administrator(),
      [
        {
          name: spec.name,
          numPartitions: spec.partitions,
          replicationFactor: replicationFactor ?? -1,
          assignments: [],
          configs,
        },
      ],
      CREATE_MS,
      false,
    );
    return true;
  } catch (error) {
    if (brokerCodes(error).includes('TOPIC_ALREADY_EXISTS')) return false;
    throw error;
  }
}

/** What the configuration of topics says, by name: retention in micros, and whether the topic is compacted. */
export async function configurationsOf(
  cluster: KafkaCluster,
  names: readonly string[],
): Promise<Map<string, Pick<TopicSpec, 'retention' | 'compacted'>>> {
  const found = new Map<string, Pick<TopicSpec, 'retention' | 'compacted'>>();
  if (names.length === 0) return found;
  const asked = names.map((resourceName) => ({
    resourceType: TOPIC_RESOURCE,
    resourceName,
    configurationKeys: KEPT,
  }));
  const connection = await cluster.administrator();
  const { results } = await cluster.call(describeConfigsV4.api, connection, asked, false, false);
  for (const { resourceName, configs } of results) {
    const settingOf = (name: string): string => configs.find((config) => config.name === name)?.value ?? '';
    const ms = Number(settingOf('retention.ms'));
    const compacted = settingOf('cleanup.policy').split(',').includes('compact');
    found.set(resourceName, {
      retention: ms < 0 ? null : ms * 1000,
      ...(compacted ? { compacted } : {}),
    });
  }
  return found;
}

/** Gives an existing topic the retention and compaction of the spec. */
export async function reconfigureTopic(cluster: KafkaCluster, spec: TopicSpec): Promise<void> {
  const set = (name: string, value: string) => ({ name, configOperation: SET, value }) as const;
  const configs = [set('retention.ms', retentionMs(spec)), set('cleanup.policy', cleanupPolicy(spec))];
  const connection = await cluster.administrator();
  await cluster.call(
    incrementalAlterConfigsV1.api,
    connection,
    [{ resourceType: TOPIC_RESOURCE, resourceName: spec.name, configs }],
    false,
  );
}

/** Removes what lies before an offset, for good. */
export async function removeBefore(
  cluster: KafkaCluster,
  topic: string,
  partition: number,
  offset: number,
): Promise<void> {
  const connection: Connection = await cluster.leader(topic, partition);
  const partitions = [{ partitionIndex: partition, offset: BigInt(offset) }];
  await cluster.call(deleteRecordsV2.api, connection, [{ name: topic, partitions }], CREATE_MS);
}

/** Checks what Kafka would refuse with less to say. Throws USAGE_INVALID. */
export function checkSpec(spec: TopicSpec): void {
  const refused = (field: string, expected: string, got: string): CarbonError =>
    new CarbonError('USAGE_INVALID', `topic ${spec.name}: ${field} needs ${expected}`, {
      position: { field, expected, got },
    });
  if (!Number.isInteger(spec.partitions) || spec.partitions < 1)
    throw refused('partitions', 'a positive integer', String(spec.partitions));
  if (!/^[A-Za-z0-9._-]{1,249}$/.test(spec.name) || spec.name === '.' || spec.name === '..')
    throw refused('name', 'up to 249 letters, digits, dots, underscores and hyphens', spec.name);
}

/** The error of a topic that cannot be made or changed. */
export function topicFailure(error: unknown, topic: string): CarbonError {
  return kafkaFailure(error, `topic ${topic}`, { topic });
}

function retentionMs({ retention }: TopicSpec): string {
  return retention === null ? '-1' : String(Math.ceil(retention / 1000));
}

function cleanupPolicy({ compacted, retention }: TopicSpec): string {
  if (compacted !== true) return 'delete';
  return retention === null ? 'compact' : 'compact,delete';
}
