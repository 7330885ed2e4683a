-- What runners and connectors must not forget. Offsets, versions and fences are integers, times UTC micros.

-- At most one open plan of a group's partition, and the one finished last: the key says so.
create table plans (
  consumer_group text not null,
  topic text not null,
  topic_partition integer not null,
  state text not null check (state in ('open', 'done')),
  from_offset bigint not null,
  to_offset bigint not null,
  settings_hash text not null,
  reference_version bigint not null,
  clock_reading bigint not null,
  -- JSON objects with sorted keys: raw topic to the offset after the last raw event
  since_positions text not null,
  until_positions text not null,
  code_version text not null,
  fence bigint not null,
  primary key (consumer_group, topic, topic_partition, state)
);

-- The newest generation that stored a plan: older ones are refused.
create table plan_fences (
  consumer_group text not null,
  topic text not null,
  topic_partition integer not null,
  fence bigint not null,
  primary key (consumer_group, topic, topic_partition)
);

create table cursors (
  name text not null primary key,
  value text not null
);

create table leases (
  name text not null primary key,
  holder text not null,
  -- half-open: at this moment another may take it
  lease_until bigint not null
);

create table reference_versions (
  tenant_id text not null primary key,
  version bigint not null
);
