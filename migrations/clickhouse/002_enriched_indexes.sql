-- Gold: ticks with what the taxonomy says about their instruments, and indexes for the questions that do not start
-- with an instrument.

CREATE TABLE IF NOT EXISTS taxonomy
(
    tenant_id LowCardinality(String),
    instrument_id LowCardinality(String),
    commodity LowCardinality(String),
    region LowCardinality(String),
    product_tier LowCardinality(String),
    tags Array(String),
    -- 0 to 1: 1 from the reference tables, less from a rule, 0 where nothing is known.
    confidence Float64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant_id, instrument_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- A tick without an entry keeps empty texts and confidence 0.
CREATE VIEW IF NOT EXISTS enriched_ticks AS
SELECT
    t.*,
    x.commodity AS commodity,
    x.region AS region,
    x.product_tier AS product_tier,
    x.tags AS tags,
    x.confidence AS confidence,
    x.version AS taxonomy_version
FROM silver_ticks AS t
LEFT JOIN (SELECT * FROM taxonomy FINAL) AS x
    ON t.tenant_id = x.tenant_id AND t.instrument_id = x.instrument_id;

ALTER TABLE silver_ticks ADD INDEX IF NOT EXISTS ts_end_range ts_end TYPE minmax GRANULARITY 4;

ALTER TABLE silver_ticks ADD INDEX IF NOT EXISTS market_names market TYPE set(16) GRANULARITY 4;

ALTER TABLE silver_ticks ADD INDEX IF NOT EXISTS location_names location TYPE bloom_filter(0.01) GRANULARITY 4;
