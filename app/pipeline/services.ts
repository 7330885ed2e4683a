/**
 * The services that work on topics: `pipeline` is the fused chain; `normalization`, `enrichment`, `aggregation` and
 * `projection` are the stages alone. `curves` works beside the first and the fourth, in the same process.
 */

import { Topic } from '../../core/codec/topics/topic-names.ts';
import type { StageName } from '../../core/model/dead-letter.ts';
import type { Chain } from '../../core/stage/runner-contract.ts';
import type { EngineSettings } from '../config/runtime.ts';
import { rawTopics } from '../stores/topics.ts';
import type { ChainParts } from './chain-parts.ts';
import { CurveChain } from './curve-chain.ts';
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
  /** What works in the same process on what this one feeds; null for nothing. */
  readonly beside: ServiceName | null;
}

const STAGES: readonly StageName[] = ['normalization', 'enrichment', 'aggregation', 'projection'];

/** The work of each service. */
export const WORK: Readonly<Record<ServiceName, Work>> = {
  pipeline: {
    stages: STAGES,
    topics: rawTopics,
    readsTicks: false,
    feedsTicks: false,
    beside: 'curves',
  },
  normalization: {
    stages: ['normalization'],
    topics: rawTopics,
    readsTicks: false,
    feedsTicks: true,
    beside: null,
  },
  enrichment: {
    stages: ['enrichment'],
    topics: () => [Topic.normalizedTicks],
    readsTicks: true,
    feedsTicks: true,
    beside: null,
  },
  aggregation: {
    stages: ['aggregation'],
    topics: () => [Topic.enrichedTicks],
    readsTicks: true,
    feedsTicks: false,
    beside: 'curves',
  },
  projection: {
    stages: ['projection'],
    topics: () => [Topic.enrichedTicks],
    readsTicks: true,
    feedsTicks: false,
    beside: null,
  },
  curves: {
    stages: ['curves'],
    topics: () => [Topic.curvePrestage],
    readsTicks: false,
    feedsTicks: false,
    beside: null,
  },
};

/** The consumer group of a service: its own name, except that normalization may have another by setting. */
export function groupOf(
  service: ServiceName,
  { consumerGroup }: Pick<EngineSettings, 'consumerGroup'>,
): string {
  return service === 'normalization' && consumerGroup !== '' ? consumerGroup : service;
}

/** Names that `carbon run` takes. Curves have no service of their own: they run where their inputs are made. */
export const SERVICE_NAMES: readonly ServiceName[] = (Object.keys(WORK) as ServiceName[]).filter(
  (name) => name !== 'curves',
);

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
    case 'curves':
      return erase(new CurveChain(parts));
  }
}

function erase<Input>(chain: Chain<Input>): Chain<unknown> {
  return chain as Chain<unknown>;
}
