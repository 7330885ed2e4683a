/** Consumer lag: what the log holds beyond what a group has committed. Asked of the log, so it is right when nobody reads. */

import { Topic } from '../../core/codec/topics/topic-names.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { EngineSettings } from '../config/runtime.ts';
import { BACKFILL_GROUP, INVALIDATION_GROUP } from '../pipeline/control-reader.ts';
import { groupOf } from '../pipeline/services.ts';
import { rawTopics } from '../stores/topics.ts';
import type { HttpService } from './http-service.ts';

/** A group and the topics that it reads. */
export interface LagWatch {
  readonly group: string;
  readonly topics: readonly string[];
  /** Left out while the group has committed nowhere: it may not exist. */
  readonly onlyIfCommitted: boolean;
}

/** Records of a topic that a group has still to read, all partitions together. */
export interface Lag {
  readonly topic: string;
  readonly group: string;
  readonly lag: number;
}

/**
 * What the port of a service watches: its own input, and what it is asked for beside it; at aggregation the inputs of curves,
 * too. In the fused process (`pipeline`) the input is the raw topics, shown at normalization; the connector registry shows
 * every group that reads them, whoever runs it.
 */
export function lagWatchesOf(
  service: HttpService,
  process: string,
  engines: Pick<EngineSettings, 'consumerGroup'>,
): readonly LagWatch[] {
  if (service === 'connector-registry')
    return (['pipeline', 'normalization'] as const).map((reader) => ({
      group: groupOf(reader, engines),
      topics: rawTopics(),
      onlyIfCommitted: reader !== process,
    }));
  const own = (topics: readonly string[]): LagWatch[] => [
    { group: groupOf(service, engines), topics, onlyIfCommitted: false },
  ];
  const asked = ASKED_OF[service] ?? [];
  if (process === 'pipeline')
    return service === 'normalization'
      ? [{ group: 'pipeline', topics: rawTopics(), onlyIfCommitted: false }]
      : asked;
  if (service === 'normalization') return own(rawTopics());
  return [...own([service === 'enrichment' ? Topic.normalizedTicks : Topic.enrichedTicks]), ...asked];
}

const asking = (group: string, topic: string): readonly LagWatch[] => [
  { group, topics: [topic], onlyIfCommitted: false },
];
/** Topics that a service reads beside its input: what it is asked for, and what curves are made of. */
const ASKED_OF: Readonly<Partial<Record<HttpService, readonly LagWatch[]>>> = {
  aggregation: [...asking(BACKFILL_GROUP, Topic.backfillRequest), ...asking('curves', Topic.curvePrestage)],
  projection: asking(INVALIDATION_GROUP, Topic.invalidateInstrument),
};

/** Lags in the order of the watches; a topic that does not exist is left out. */
export async function lagsOf(log: EventLog, watches: readonly LagWatch[]): Promise<Lag[]> {
  const partitions = new Map((await log.listTopics()).map((topic) => [topic.name, topic.partitions]));
  const found: Lag[] = [];
  for (const { group, topics, onlyIfCommitted } of watches) {
    const lags: Lag[] = [];
    let hasCommitted = false;
    for (const topic of topics) {
      const count = partitions.get(topic);
      if (count === undefined) continue;
      let lag = 0;
      for (let partition = 0; partition < count; partition++) {
        const { earliest, end } = await log.bounds(topic, partition);
        const committed = await log.committed(group, topic, partition);
        if (committed !== null) hasCommitted = true;
        lag += end - Math.max(committed ?? earliest, earliest);
      }
      lags.push({ topic, group, lag });
    }
    if (hasCommitted || !onlyIfCommitted) found.push(...lags);
  }
  return found;
}
