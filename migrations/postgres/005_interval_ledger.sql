-- Which delivery intervals of a dataset have landed, and which were reported as missing. Times are UTC micros.

-- For sources that name no tag of a body but the time of its last change.
alter table fetches add column last_modified text;

-- One row per interval and set of places (locations, series, fields): files about other places of the same interval
-- are other rows, and none of them revises the other.
create table landed_intervals (
  tenant_id text not null,
  connector text not null,
  dataset text not null,
  interval_start bigint not null,
  interval_end bigint not null,
  -- hash of the places, 16 hex digits
  places text not null,
  -- hash of places and values, 16 hex digits
  digest text not null,
  value_count bigint not null,
  first_known_at bigint not null,
  last_known_at bigint not null,
  -- how often a later payload said something else about the same places
  revisions integer not null,
  sha256 text not null,
  primary key (tenant_id, connector, dataset, interval_start, interval_end, places)
);

-- Gaps that were told as anomalies: each once, until it is filled and opens anew.
create table reported_gaps (
  tenant_id text not null,
  connector text not null,
  dataset text not null,
  interval_start bigint not null,
  interval_end bigint not null,
  due_at bigint not null,
  reported_at bigint not null,
  primary key (tenant_id, connector, dataset, interval_start, interval_end)
);
