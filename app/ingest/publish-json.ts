/** JSON events onto a raw topic, as a producer of streams writes them: normalization reads and checks them. */

import { utf8 } from '../../core/codec/bytes.ts';
import { partitionOf } from '../../core/codec/kafka/partition.ts';
import { RecordBatchWriter } from '../../core/codec/kafka/record-batch.ts';
import { MAX_BATCH_BYTES, topicKey } from '../../core/codec/topics/routing.ts';
import { rawTopic } from '../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../core/errors.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Stores } from '../stores/open-stores.ts';

/** One event: its text, what it is about (the third part of its key), and its time in the log, UTC micros. */
export interface JsonEvent {
  readonly json: string;
  readonly place: string;
  readonly at: Micros;
}

/** Appends the events of a market in their order, one append per partition and 900 kB. Throws LOG_TOPIC_UNKNOWN. */
export async function publishJson(
  { log, partitions, runtime }: Pick<Stores, 'log' | 'partitions' | 'runtime'>,
  market: string,
  events: readonly JsonEvent[],
): Promise<void> {
  const topic = rawTopic(market);
  const count = partitions.get(topic);
  if (count === undefined)
    throw new CarbonError('LOG_TOPIC_UNKNOWN', `no topic ${topic}`, { context: { topic } });
  const writers = Array.from({ length: count }, () => new RecordBatchWriter());
  for (const { json, place, at } of events) {
    const key = topicKey(runtime.tenant, market, place);
    const partition = partitionOf(key, count);
    const writer = writers[partition];
    const value = utf8(json);
    if (writer.count > 0 && writer.byteLength + value.length + 100 > MAX_BATCH_BYTES)
      await log.append(topic, partition, [writer.finish()]);
    writer.add(Math.floor(at / 1000), key, 0, key.length, value, 0, value.length);
  }
  for (const [partition, writer] of writers.entries())
    if (writer.count > 0) await log.append(topic, partition, [writer.finish()]);
}
