/**
 * The services that work on topics: `pipeline` is the fused chain; `normalization`, `enrichment`, `aggregation` and
 * `projection` are the stages alone.
 */

import { Topic } from '../../core/codec/topics/topic-names.ts';
import type { StageName } from '../../core/model/dead-letter.ts';
import type { Chain } from '../../core/stage/runner-contract.ts';
import type { EngineSettings } from '../config/runtime.ts';
import { rawTopics } from '../stores/topics.ts';
import type { ChainParts } from './chain-parts.ts';
import { FusedChain } from './fused-chain.ts';
import { AggregationChain, EnrichmentChain, NormalizationChain, ProjectionChain } from './stage-chains.ts';

/** A service that works on topics. */
export type ServiceName = 'pipeline' | StageName;

/** What a service reads, which stages it is, and what it writes for others. */
export interface Work {
  readonly stages: readonly StageName[];
  readonly topics: () => string[];
  /** Reads a tick topic, on which instruments have their partitions, and not raw ones. */
  readonly readsTicks: boolean;
  /** Feeds the tick topics whatever the policy says: the next service reads them. */
  readonly feedsTicks: boolean;
}

const STAGES: readonly StageName[] = ['normalization', 'enrichment', 'aggregation', 'projection'];

/** The work of each service. */
export const WORK: Readonly<Record<ServiceName, Work>> = {
  pipeline: { stages: STAGES, topics: rawTopics, readsTicks: false, feedsTicks: false },
  normalization: { stages: ['normalization'], topics: rawTopics, readsTicks: false, feedsTicks: true },
  enrichment: {
    stages: ['enrichment'],
    topics: () => [Topic.normalizedTicks],
    readsTicks: true,
    feedsTicks: true,
  },
  aggregation: {
    stages: ['aggregation'],
    topics: () => [Topic.enrichedTicks],
    readsTicks: true,
    feedsTicks: false,
  },
  projection: {
    stages: ['projection'],
    topics: () => [Topic.enrichedTicks],
    readsTicks: true,
    feedsTicks: false,
  },
};

/** The consumer group of a service: its own name, except that normalization may have another by setting. */
export function groupOf(
  service: ServiceName,
  { consumerGroup }: Pick<EngineSettings, 'consumerGroup'>,
): string {
  return service === 'normalization' && consumerGroup !== '' ? consumerGroup : service;
}

/** Names that `carbon run` takes. */
export const SERVICE_NAMES = Object.keys(WORK) as ServiceName[];

/** A new chain with states of its own. What it takes in is between its `decode` and its `process`. */
export function chainOf(service: ServiceName, parts: ChainParts): Chain<unknown> {
  switch (service) {
    case 'pipeline':
      return erase(new FusedChain(parts));
    case 'normalization':
      return erase(new NormalizationChain(parts));
    case 'enrichment':
      return erase(new EnrichmentChain(parts));
    case 'aggregation':
      return erase(new AggregationChain(parts));
    case 'projection':
      return erase(new ProjectionChain(parts));
  }
}

function erase<Input>(chain: Chain<Input>): Chain<unknown> {
  return chain as Chain<unknown>;
}
