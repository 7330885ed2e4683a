-- Jobs: work that takes longer than a request, and can be paused and taken up again. Times are UTC micros.

create table jobs (
  -- made from tenant and name of the request: the same request is the same job
  id text not null primary key,
  tenant_id text not null,
  kind text not null check (kind in ('backfill')),
  request_id text not null,
  requested_by text not null,
  window_start bigint not null,
  window_end bigint not null,
  -- JSON list; an empty one for all
  instruments text not null,
  market text,
  dry_run integer not null,
  status text not null check (status in ('pending', 'running', 'paused', 'succeeded', 'failed', 'cancelled')),
  -- where to go on, in the words of whoever works
  place text not null,
  done_count bigint not null,
  total_count bigint not null,
  difference_count bigint not null,
  error_code text,
  error_message text,
  created_at bigint not null,
  started_at bigint,
  updated_at bigint not null,
  ended_at bigint,
  -- who works on it, and until when; empty and 0 for nobody
  holder text not null,
  lease_until bigint not null,
  -- the last state that readers of the topic were told of
  told text not null
);

-- What is to be done next.
create index jobs_by_status on jobs (status, created_at);

-- The last jobs of a tenant.
create index jobs_by_tenant on jobs (tenant_id, created_at);
