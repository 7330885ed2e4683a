-- Curves: the points they are made from, the points computed from them, the snapshots served; and what processing
-- measures about itself.

CREATE TABLE IF NOT EXISTS curves_base
(
    tenant_id LowCardinality(String),
    curve_id LowCardinality(String),
    as_of_date Date,
    -- The contract of the point and its half-open delivery.
    contract_id LowCardinality(String),
    delivery_start DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    delivery_end DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    price Decimal(18, 8) CODEC(ZSTD(1)),
    unit LowCardinality(String),
    source_id LowCardinality(String),
    known_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    event_id UUID,
    src_topic LowCardinality(String),
    src_partition UInt32 CODEC(ZSTD(1)),
    src_offset UInt64 CODEC(Delta, ZSTD(1)),
    ingested_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(src_offset)
PARTITION BY as_of_date
ORDER BY (tenant_id, curve_id, as_of_date, delivery_start, delivery_end, contract_id, known_at)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS curves_computed
(
    tenant_id LowCardinality(String),
    curve_id LowCardinality(String),
    as_of_date Date,
    delivery_start DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    delivery_end DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    price Decimal(18, 8) CODEC(ZSTD(1)),
    unit LowCardinality(String),
    -- How the point came about, and whether it lies outside all inputs.
    method LowCardinality(String),
    is_extrapolated UInt8,
    known_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    metadata LowCardinality(String),
    src_topic LowCardinality(String),
    src_partition UInt32 CODEC(ZSTD(1)),
    src_offset UInt64 CODEC(Delta, ZSTD(1)),
    ingested_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(src_offset)
PARTITION BY as_of_date
ORDER BY (tenant_id, curve_id, as_of_date, delivery_start, delivery_end, known_at)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS served_curve_snapshots
(
    tenant_id LowCardinality(String),
    curve_id LowCardinality(String),
    as_of_date Date,
    known_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    method LowCardinality(String),
    unit LowCardinality(String),
    -- Points in order of delivery.
    delivery_starts Array(DateTime64(6, 'UTC')),
    delivery_ends Array(DateTime64(6, 'UTC')),
    prices Array(Decimal(18, 8)),
    metadata LowCardinality(String),
    src_topic LowCardinality(String),
    src_partition UInt32 CODEC(ZSTD(1)),
    src_offset UInt64 CODEC(Delta, ZSTD(1)),
    ingested_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(src_offset)
PARTITION BY as_of_date
ORDER BY (tenant_id, curve_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS metrics_processing
(
    tenant_id LowCardinality(String),
    service LowCardinality(String),
    stage LowCardinality(String),
    topic LowCardinality(String),
    partition UInt32,
    from_offset UInt64 CODEC(Delta, ZSTD(1)),
    to_offset UInt64 CODEC(Delta, ZSTD(1)),
    at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    duration_ms Float64 CODEC(ZSTD(1)),
    values_in UInt64 CODEC(ZSTD(1)),
    values_out UInt64 CODEC(ZSTD(1)),
    values_rejected UInt64 CODEC(ZSTD(1)),
    values_unchanged UInt64 CODEC(ZSTD(1)),
    trace_id String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (tenant_id, service, stage, at)
SETTINGS non_replicated_deduplication_window = 10000;
