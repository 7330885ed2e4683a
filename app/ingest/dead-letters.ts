/**
 * Dead letters of ingestion: bodies and rows that never became raw events. Their bytes are in the archive; the letter
 * leads there.
 */

import { encodeDeadLetters } from '../../core/codec/topics/reports.ts';
import { deadLetterTopic } from '../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../core/errors.ts';
import type { DeadLetter } from '../../core/model/dead-letter.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { topicSubject } from '../../core/schema/subject.ts';
import type { Stores } from '../stores/open-stores.ts';
import type { DatasetRun } from './dataset-run.ts';
import type { OpenedPayload } from './open-payload.ts';

/** Earlier rows of a request that are searched for the same refusal. */
const LOOK_BACK = 20;

/** True when the same body was refused for the same reason by an earlier run: its letter is there. */
export async function isKnownRefusal(run: DatasetRun, record: FetchRecord): Promise<boolean> {
  const { tenant, connector, dataset, request } = record;
  const before = await run.stores.reference.listFetches({
    tenant,
    connector,
    dataset,
    request,
    limit: LOOK_BACK,
  });
  return before.some(
    (row) => row.outcome === 'rejected' && row.sha256 === record.sha256 && row.code === record.code,
  );
}

/** Writes the letter of a whole body; durable when it resolves. */
export async function refuseBody(run: DatasetRun, record: FetchRecord, error: CarbonError): Promise<void> {
  const { field, expected, got, line } = error.position;
  const member = error.context['member'];
  await append(run.stores, [
    {
      ...sharedBy(run, record, ''),
      code: error.code,
      message: error.message,
      sourceTopic: sourceOf(record, null),
      sourceOffset: 0,
      field: field ?? null,
      expected: expected ?? null,
      got: got ?? null,
      raw: reference(run, record, {
        archive_member: typeof member === 'string' ? member : null,
        archive_row: line ?? null,
      }),
    },
  ]);
}

/** Writes a letter for each rejected row of a payload; durable when it resolves. Returns how many. */
export async function refuseRows(
  run: DatasetRun,
  record: FetchRecord,
  opened: OpenedPayload,
  traceId: string,
): Promise<number> {
  const letters = opened.members.flatMap(({ member, refined }) =>
    refined.rejected.map(
      (row): DeadLetter => ({
        ...sharedBy(run, record, traceId),
        code: row.code,
        message: row.message,
        sourceTopic: sourceOf(record, member),
        sourceOffset: row.row,
        field: row.field,
        expected: row.expected,
        got: row.got,
        raw: reference(run, record, {
          dataset: refined.dataset,
          archive_member: member,
          archive_row: row.row,
          location: row.location,
          series: row.series,
        }),
      }),
    ),
  );
  await append(run.stores, letters);
  return letters.length;
}

function sharedBy(
  run: DatasetRun,
  record: FetchRecord,
  traceId: string,
): Pick<DeadLetter, 'tenant' | 'traceId' | 'knownAt' | 'stage' | 'sourcePartition' | 'values'> {
  return {
    tenant: record.tenant,
    traceId,
    knownAt: record.knownAt ?? run.startedAt,
    stage: 'ingestion',
    sourcePartition: 0,
    // Ingestion counts rows: what values a row would have held is not known of one that cannot be read.
    values: 1,
  };
}

function sourceOf(record: FetchRecord, member: string | null): string {
  return `archive:${record.sha256 ?? ''}${member === null ? '' : `!${member}`}`;
}

function reference(run: DatasetRun, record: FetchRecord, place: Record<string, unknown>): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify({
      archive_sha256: record.sha256,
      market: run.connector.market,
      connector: record.connector,
      dataset: record.dataset,
      request: record.request,
      url: record.url,
      run_id: record.runId,
      ...place,
    }),
  );
}

async function append(stores: Stores, letters: readonly DeadLetter[]): Promise<void> {
  if (letters.length === 0) return;
  const topic = deadLetterTopic('ingestion');
  const partitions = stores.partitions.get(topic);
  if (partitions === undefined)
    throw new CarbonError('LOG_TOPIC_UNKNOWN', `no topic ${topic}`, { context: { topic } });
  const { id } = await stores.registry.latest(topicSubject(topic));
  for (const { partition, batch } of encodeDeadLetters(letters, id, partitions, '254carbon-ingestion'))
    await stores.log.append(topic, partition, [batch]);
}
