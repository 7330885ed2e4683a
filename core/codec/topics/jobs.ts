/** Requests and reports of jobs, and invalidations, on the wire. They are few, so they are objects. */

import type { BackfillMessage, Invalidation, JobReport } from '../../model/job.ts';
import type { LogSlice } from '../../ports/event-log.ts';
import {
  BACKFILL_REQUEST_FIELDS,
  readBackfillRequest,
  writeBackfillRequest,
} from '../avro/generated/backfill-request.ts';
import {
  INVALIDATE_INSTRUMENT_FIELDS,
  readInvalidateInstrument,
  writeInvalidateInstrument,
} from '../avro/generated/invalidate-instrument.ts';
import { JOB_STATUS_FIELDS, readJobStatus, writeJobStatus } from '../avro/generated/job-status.ts';
import type { Undecodable } from './framing.ts';
import { decodeObjects, encodeObjects, type ReadJson } from './object-records.ts';
import { type EncodedBatch, MAX_BATCH_BYTES, topicKey } from './routing.ts';

/** What a log gave: objects with their offsets, and what is none. */
export interface DecodedObjects<T> {
  readonly rows: readonly T[];
  readonly offsets: readonly number[];
  readonly rejected: readonly Undecodable[];
}

/** Encodes requests, keyed `tenant|backfill|request`. The event id is made from all but the time. */
export function encodeBackfillRequests(
  requests: readonly BackfillMessage[],
  schemaId: number,
  partitions: number,
  producer: string,
): EncodedBatch[] {
  return encodeObjects(
    requests,
    schemaId,
    partitions,
    producer,
    MAX_BATCH_BYTES,
    writeBackfillRequest,
    (request, hash) => {
      hash.reset().text(request.tenant).text(request.requestId).integer(request.start).integer(request.end);
      hash
        .text(request.market ?? '')
        .text(request.requestedBy)
        .word(request.dryRun ? 1 : 0);
      for (const instrument of request.instruments) hash.text(instrument);
      return topicKey(request.tenant, 'backfill', request.requestId);
    },
  );
}

/** Encodes reports, keyed `tenant|job|id`, so that those of one job stay in order. */
export function encodeJobReports(
  reports: readonly JobReport[],
  schemaId: number,
  partitions: number,
  producer: string,
): EncodedBatch[] {
  return encodeObjects(
    reports,
    schemaId,
    partitions,
    producer,
    MAX_BATCH_BYTES,
    writeJobStatus,
    (report, hash) => {
      hash.reset().text(report.tenant).text(report.jobId).text(report.status).integer(report.knownAt);
      hash.integer(report.done).integer(report.total).integer(report.differences);
      return topicKey(report.tenant, 'job', report.jobId);
    },
  );
}

/** Encodes invalidations, keyed `tenant|invalidate|instrument`. */
export function encodeInvalidations(
  invalidations: readonly Invalidation[],
  schemaId: number,
  partitions: number,
  producer: string,
): EncodedBatch[] {
  return encodeObjects(
    invalidations,
    schemaId,
    partitions,
    producer,
    MAX_BATCH_BYTES,
    writeInvalidateInstrument,
    (one, hash) => {
      hash.reset().text(one.tenant).text(one.instrument).text(one.reason).text(one.requestedBy);
      hash.integer(one.knownAt);
      return topicKey(one.tenant, 'invalidate', one.instrument);
    },
  );
}

/** Decodes requests with offsets in `[from, to)`. */
export function decodeBackfillRequests(
  slice: LogSlice,
  from: number,
  to: number,
  readJson?: ReadJson<BackfillMessage>,
): DecodedObjects<BackfillMessage> {
  return decodeObjects(slice, from, to, readBackfillRequest, BACKFILL_REQUEST_FIELDS, readJson);
}

/** Decodes reports with offsets in `[from, to)`. */
export function decodeJobReports(slice: LogSlice, from: number, to: number): DecodedObjects<JobReport> {
  return decodeObjects(slice, from, to, readJobStatus, JOB_STATUS_FIELDS);
}

/** Decodes invalidations with offsets in `[from, to)`. */
export function decodeInvalidations(
  slice: LogSlice,
  from: number,
  to: number,
  readJson?: ReadJson<Invalidation>,
): DecodedObjects<Invalidation> {
  return decodeObjects(slice, from, to, readInvalidateInstrument, INVALIDATE_INSTRUMENT_FIELDS, readJson);
}
