-- One row per attempt to fetch something from a source. Times are UTC micros, hashes lower-case hex.

create table fetches (
  tenant_id text not null,
  connector text not null,
  dataset text not null,
  run_id text not null,
  request_name text not null,
  -- counted from 1 within the run
  attempt integer not null,
  -- without secrets
  url text not null,
  window_start bigint not null,
  window_end bigint not null,
  outcome text not null check (outcome in
    ('retried', 'archived', 'published', 'unchanged', 'no_data', 'rejected', 'failed')),
  http_status integer,
  sha256 text,
  etag text,
  known_at bigint,
  body_bytes bigint not null,
  row_count bigint not null,
  value_count bigint not null,
  rejected_count bigint not null,
  error_code text,
  error_message text,
  started_at bigint not null,
  ended_at bigint not null,
  primary key (tenant_id, connector, dataset, run_id, request_name, attempt)
);

-- The last bodies of a request.
create index fetches_by_request on fetches (tenant_id, connector, dataset, request_name, started_at);

-- The last runs.
create index fetches_by_time on fetches (tenant_id, started_at);
