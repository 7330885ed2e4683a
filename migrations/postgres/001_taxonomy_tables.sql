-- Reference data of instruments, regions and curves, by tenant. SQLite and PostgreSQL both take every word here.

create table taxonomy_instruments (
  tenant_id text not null,
  instrument_id text not null,
  commodity text not null,
  region text not null,
  product_tier text not null,
  -- JSON array of words, sorted
  tags text not null,
  -- 0 to 1
  confidence double precision not null,
  primary key (tenant_id, instrument_id)
);

create table taxonomy_regions (
  tenant_id text not null,
  region text not null,
  name text not null,
  market text not null,
  -- the region around it; null for the outermost
  parent_region text,
  -- IANA name or fixed offset
  time_zone text not null,
  primary key (tenant_id, region)
);

create table instrument_aliases (
  tenant_id text not null,
  alias text not null,
  instrument_id text not null,
  primary key (tenant_id, alias)
);

create table curve_metadata (
  tenant_id text not null,
  curve_id text not null,
  name text not null,
  commodity text not null,
  region text not null,
  currency text not null,
  unit text not null,
  -- how the curve is built between its inputs
  method text not null,
  -- JSON object of further settings
  settings text not null,
  primary key (tenant_id, curve_id)
);
