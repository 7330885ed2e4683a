/** Wire: what a service has to know of the topics that it feeds, so that its output stays a pure function. */

import { encodeAnomalies, encodeDeadLetters } from '../codec/topics/reports.ts';
import type { EncodedBatch } from '../codec/topics/routing.ts';
import { deadLetterTopic, Topic } from '../codec/topics/topic-names.ts';
import { deadLetterStage, type StageName } from '../model/dead-letter.ts';
import type { Emission } from './emission.ts';
import type { StageResult } from './stage.ts';

/**
 * The topics as a service sees them. Ids and counts are looked up before work begins; an unknown topic throws
 * LOG_TOPIC_UNKNOWN.
 */
export interface Wire {
  /** Producer named in the envelope: `254carbon-normalization`. */
  readonly producer: string;
  /** Whether policy feeds the topic in this profile. */
  feeds(topic: string): boolean;
  /** Id of the topic's schema in the registry. */
  schemaId(topic: string): number;
  /** Number of partitions of the topic. */
  partitions(topic: string): number;
}

/** Batches of one topic as emissions. */
export function recordsOf(topic: string, batches: readonly EncodedBatch[]): Emission[] {
  return batches.map(({ partition, batch, count }) => ({ kind: 'records', topic, partition, batch, count }));
}

/** Blocks of one table as emissions. */
export function blocksOf(table: string, blocks: readonly Uint8Array[]): Emission[] {
  return blocks.map((bytes) => ({ kind: 'block', table, bytes }));
}

/** What every stage has to report: rejected values to its dead-letter topic, anomalies to theirs. Never switched off. */
export function reportsOf<Out>(stage: StageName, result: StageResult<Out>, wire: Wire): Emission[] {
  const emissions: Emission[] = [];
  if (result.rejected.length > 0) {
    const topic = deadLetterTopic(deadLetterStage(stage));
    const batches = encodeDeadLetters(
      result.rejected,
      wire.schemaId(topic),
      wire.partitions(topic),
      wire.producer,
    );
    emissions.push(...recordsOf(topic, batches));
  }
  if (result.anomalies.length > 0) {
    const topic = Topic.anomalies;
    const batches = encodeAnomalies(
      result.anomalies,
      wire.schemaId(topic),
      wire.partitions(topic),
      wire.producer,
    );
    emissions.push(...recordsOf(topic, batches));
  }
  return emissions;
}
