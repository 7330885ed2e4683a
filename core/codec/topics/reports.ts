/** Dead letters, anomalies and notices of deprecation on the wire. They are few, so they are objects. */

import type { Anomaly } from '../../model/anomaly.ts';
import type { DeadLetter } from '../../model/dead-letter.ts';
import type { DeprecationNotice } from '../../model/deprecation-notice.ts';
import type { LogSlice } from '../../ports/event-log.ts';
import { DEAD_LETTER_FIELDS, readDeadLetter, writeDeadLetter } from '../avro/generated/dead-letter.ts';
import {
  DEPRECATE_NOTICE_FIELDS,
  readDeprecateNotice,
  writeDeprecateNotice,
} from '../avro/generated/deprecate-notice.ts';
import { DQ_ANOMALY_FIELDS, readDqAnomaly, writeDqAnomaly } from '../avro/generated/dq-anomaly.ts';
import type { Undecodable } from './framing.ts';
import { decodeObjects, encodeObjects } from './object-records.ts';
import { type EncodedBatch, MAX_BATCH_BYTES, topicKey } from './routing.ts';

/**
 * Encodes dead letters of one stage, keyed `tenant|source topic|source partition`, so that those of one partition
 * stay in order. The event id is made from the record's position and the reason.
 */
export function encodeDeadLetters(
  letters: readonly DeadLetter[],
  schemaId: number,
  partitions: number,
  producer: string,
  maxBatchBytes = MAX_BATCH_BYTES,
): EncodedBatch[] {
  return encodeObjects(
    letters,
    schemaId,
    partitions,
    producer,
    maxBatchBytes,
    writeDeadLetter,
    (letter, hash) => {
      hash.reset().text(letter.tenant).text(letter.stage).text(letter.code).text(letter.message);
      hash.text(letter.sourceTopic).integer(letter.sourcePartition).integer(letter.sourceOffset);
      hash.text(letter.field ?? '').text(letter.got ?? '');
      return topicKey(letter.tenant, letter.sourceTopic, String(letter.sourcePartition));
    },
  );
}

/**
 * Encodes anomalies, keyed `tenant|market|instrument`, or the dataset where no instrument is meant. The event id is
 * made from everything that the anomaly says.
 */
export function encodeAnomalies(
  anomalies: readonly Anomaly[],
  schemaId: number,
  partitions: number,
  producer: string,
  maxBatchBytes = MAX_BATCH_BYTES,
): EncodedBatch[] {
  return encodeObjects(
    anomalies,
    schemaId,
    partitions,
    producer,
    maxBatchBytes,
    writeDqAnomaly,
    (anomaly, hash) => {
      hash.reset().text(anomaly.tenant).text(anomaly.type).text(anomaly.severity).text(anomaly.stage);
      hash
        .text(anomaly.market)
        .text(anomaly.dataset)
        .text(anomaly.instrumentId ?? '')
        .text(anomaly.message);
      hash.word(anomaly.ts === null ? 0 : 1).integer(anomaly.ts ?? 0);
      hash.integer(anomaly.knownAt).integer(anomaly.count);
      for (const key of Object.keys(anomaly.context).sort()) hash.text(key).text(anomaly.context[key]);
      return topicKey(anomaly.tenant, anomaly.market, anomaly.instrumentId ?? anomaly.dataset);
    },
  );
}

/**
 * Encodes notices of deprecation, keyed `tenant|deprecation|topic`, so that those of one topic stay in order. The event
 * id is made from everything but the time: the same revision sent again is the same event.
 */
export function encodeNotices(
  notices: readonly DeprecationNotice[],
  schemaId: number,
  partitions: number,
  producer: string,
): EncodedBatch[] {
  return encodeObjects(
    notices,
    schemaId,
    partitions,
    producer,
    MAX_BATCH_BYTES,
    writeDeprecateNotice,
    (notice, hash) => {
      hash.reset().text(notice.tenant).text(notice.topic).text(notice.successor).integer(notice.revision);
      hash.text(notice.state).text(notice.write).text(notice.reason);
      hash.integer(notice.since).integer(notice.removalAfter);
      return noticeKey(notice.tenant, notice.topic);
    },
  );
}

/** Key of the notices of a topic. */
export function noticeKey(tenant: string, topic: string): Uint8Array {
  return topicKey(tenant, 'deprecation', topic);
}

/** Decodes dead letters with offsets in `[from, to)`, each with its own offset. */
export function decodeDeadLetters(
  slice: LogSlice,
  from: number,
  to: number,
): { letters: DeadLetter[]; offsets: number[]; rejected: Undecodable[] } {
  const { rows, offsets, rejected } = decodeObjects(slice, from, to, readDeadLetter, DEAD_LETTER_FIELDS);
  return { letters: rows, offsets, rejected };
}

/** Decodes anomalies with offsets in `[from, to)`, each with its own offset. */
export function decodeAnomalies(
  slice: LogSlice,
  from: number,
  to: number,
): { anomalies: Anomaly[]; offsets: number[]; rejected: Undecodable[] } {
  const { rows, offsets, rejected } = decodeObjects(slice, from, to, readDqAnomaly, DQ_ANOMALY_FIELDS);
  return { anomalies: rows, offsets, rejected };
}

/** Decodes notices of deprecation with offsets in `[from, to)`, each with its own offset. */
export function decodeNotices(
  slice: LogSlice,
  from: number,
  to: number,
): { notices: DeprecationNotice[]; offsets: number[]; rejected: Undecodable[] } {
  const { rows, offsets, rejected } = decodeObjects(
    slice,
    from,
    to,
    readDeprecateNotice,
    DEPRECATE_NOTICE_FIELDS,
  );
  return { notices: rows, offsets, rejected };
}
