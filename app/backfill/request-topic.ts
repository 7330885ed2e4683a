/** `processing.backfill.request.v1`: each request becomes a job, once, before its place in the log is committed. */

import { decodeBackfillRequests } from '../../core/codec/topics/jobs.ts';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import type { BackfillMessage, BackfillRequest } from '../../core/model/job.ts';
import { BACKFILL_GROUP, ControlReader, type ControlRecord } from '../pipeline/control-reader.ts';
import type { Stores } from '../stores/open-stores.ts';
import { readBackfillJson } from './request-words.ts';
import { writeBackfill } from './submit.ts';

/** Reads the topic for the process that runs jobs. A request that cannot be done is a job that failed, and says why. */
export function requestReader(stores: Stores): ControlReader<BackfillMessage> {
  return new ControlReader(stores, {
    topic: Topic.backfillRequest,
    group: BACKFILL_GROUP,
    stage: 'aggregation',
    decode: (slice, from, to) => decodeBackfillRequests(slice, from, to, readBackfillJson),
    handle: async (records) => {
      for (const record of records) await writeBackfill(stores, requestOf(record));
    },
  });
}

/** Without a name of its own a request goes by its place in the log. */
function requestOf({ value, partition, offset }: ControlRecord<BackfillMessage>): BackfillRequest {
  return {
    tenant: value.tenant,
    requestId: value.requestId === '' ? `${Topic.backfillRequest}/${partition}@${offset}` : value.requestId,
    requestedBy: value.requestedBy,
    window: { start: value.start, end: value.end },
    instruments: [...new Set(value.instruments)].sort(),
    market: value.market?.toUpperCase() ?? null,
    dryRun: value.dryRun,
  };
}
