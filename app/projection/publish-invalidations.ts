/** Invalidations on `projection.invalidate.instrument.v1`: whoever serves or keeps an instrument hears that it changed (G2). */

import { encodeInvalidations } from '../../core/codec/topics/jobs.ts';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import { topicSubject } from '../../core/schema/subject.ts';
import type { Stores } from '../stores/open-stores.ts';

const PRODUCER = '254carbon';

/** Why, in one word, and who asks. */
export interface InvalidationCause {
  readonly tenant: string;
  readonly reason: string;
  readonly requestedBy: string;
}

/** Puts one invalidation per instrument on the topic; durable when it resolves. */
export async function publishInvalidations(
  stores: Stores,
  instruments: readonly string[],
  { tenant, reason, requestedBy }: InvalidationCause,
): Promise<void> {
  if (instruments.length === 0) return;
  const { log, registry, partitions, clock } = stores;
  const { id } = await registry.latest(topicSubject(Topic.invalidateInstrument));
  const knownAt = clock.now();
  const rows = instruments.map((instrument) => ({
    tenant,
    traceId: '',
    knownAt,
    instrument,
    reason,
    requestedBy,
  }));
  const count = partitions.get(Topic.invalidateInstrument) ?? 1;
  for (const { partition, batch } of encodeInvalidations(rows, id, count, PRODUCER))
    await log.append(Topic.invalidateInstrument, partition, [batch]);
}
