/** The fetch ledger as statements that SQLite and PostgreSQL both take; see `reference-queries.ts` for the form. */

import type { FetchOutcome, FetchQuestion, FetchRecord } from '../ports/fetch-ledger.ts';
import type { SqlRow, SqlValue, SqlWork } from './reference-queries.ts';

const KEY = ['tenant_id', 'connector', 'dataset', 'run_id', 'request_name', 'attempt'] as const;

const FACTS = [
  'url',
  'window_start',
  'window_end',
  'outcome',
  'http_status',
  'sha256',
  'etag',
  'last_modified',
  'known_at',
  'body_bytes',
  'row_count',
  'value_count',
  'rejected_count',
  'error_code',
  'error_message',
  'started_at',
  'ended_at',
] as const;

const COLUMNS = [...KEY, ...FACTS].join(', ');
const PLACES = [...KEY, ...FACTS].map((_, i) => `$${i + 1}`).join(', ');
const REPLACED = FACTS.map((column) => `${column} = excluded.${column}`).join(', ');

/** Newest first; the attempt parts rows that began in the same microsecond. */
const NEWEST = 'order by started_at desc, run_id desc, dataset, request_name desc, attempt desc';

/** Writes a row, in place of the one with the same key. */
export function* recordFetch(record: FetchRecord): SqlWork<void> {
  yield {
    sql: `insert into fetches (${COLUMNS}) values (${PLACES})
      on conflict (${KEY.join(', ')}) do update set ${REPLACED}`,
    values: [
      record.tenant,
      record.connector,
      record.dataset,
      record.runId,
      record.request,
      record.attempt,
      record.url,
      record.window.start,
      record.window.end,
      record.outcome,
      record.status,
      record.sha256,
      record.etag,
      record.lastModified,
      record.knownAt,
      record.bytes,
      record.rows,
      record.values,
      record.rejected,
      record.code,
      record.message,
      record.startedAt,
      record.endedAt,
    ],
  };
}

/** Rows that match, newest first. */
export function* listFetches(question: FetchQuestion): SqlWork<FetchRecord[]> {
  const values: SqlValue[] = [question.tenant];
  const conditions = ['tenant_id = $1'];
  const narrow = (column: string, value: string | undefined): void => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(`${column} = $${values.length}`);
  };
  narrow('connector', question.connector);
  narrow('dataset', question.dataset);
  narrow('run_id', question.runId);
  narrow('request_name', question.request);
  values.push(question.limit);
  const rows = yield {
    sql: `select ${COLUMNS} from fetches where ${conditions.join(' and ')} ${NEWEST} limit $${values.length}`,
    values,
  };
  return rows.map(recordOf);
}

/** The rows of a request that hold a body to publish or a published one, newest first. */
export function* bodiesOf(
  tenant: string,
  connector: string,
  dataset: string,
  request: string,
  limit: number,
): SqlWork<FetchRecord[]> {
  const rows = yield {
    sql: `select ${COLUMNS} from fetches
      where tenant_id = $1 and connector = $2 and dataset = $3 and request_name = $4
        and outcome in ('archived', 'published') ${NEWEST} limit $5`,
    values: [tenant, connector, dataset, request, limit],
  };
  return rows.map(recordOf);
}

function recordOf(row: SqlRow): FetchRecord {
  const text = (column: (typeof FACTS)[number]): string | null =>
    row[column] === null ? null : String(row[column]);
  const number = (column: (typeof FACTS)[number]): number | null =>
    row[column] === null ? null : Number(row[column]);
  return {
    tenant: String(row['tenant_id']),
    connector: String(row['connector']),
    dataset: String(row['dataset']),
    runId: String(row['run_id']),
    request: String(row['request_name']),
    attempt: Number(row['attempt']),
    url: String(row['url']),
    window: { start: Number(row['window_start']), end: Number(row['window_end']) },
    outcome: String(row['outcome']) as FetchOutcome,
    status: number('http_status'),
    sha256: text('sha256'),
    etag: text('etag'),
    lastModified: text('last_modified'),
    knownAt: number('known_at'),
    bytes: Number(row['body_bytes']),
    rows: Number(row['row_count']),
    values: Number(row['value_count']),
    rejected: Number(row['rejected_count']),
    code: text('error_code'),
    message: text('error_message'),
    startedAt: Number(row['started_at']),
    endedAt: Number(row['ended_at']),
  };
}
