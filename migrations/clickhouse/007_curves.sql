-- Curves, as they are written from here on. Nothing was ever written to the tables that migration 004 made, so they are
-- made again: a delivery has a block of hours, an input has its kind and may be withdrawn, and a statement of a curve holds
-- as a whole. A table that holds rows is not dropped: the migration fails then.

DROP TABLE IF EXISTS IF EMPTY curves_base;

CREATE TABLE IF NOT EXISTS curves_base
(
    tenant_id LowCardinality(String),
    curve_id LowCardinality(String),
    -- Day of the market, in the zone of the curve, on which the price was said.
    as_of_date Date,
    -- The instrument that was priced, its half-open delivery in days of the market, and the hours of it.
    contract_id LowCardinality(String),
    delivery_start Date CODEC(LZ4),
    delivery_end Date CODEC(LZ4),
    block LowCardinality(String),
    -- settlement, trade, assessed, model.
    kind LowCardinality(String),
    price Decimal(18, 8) CODEC(LZ4),
    unit LowCardinality(String),
    -- 1: the value is taken back from its known time on; price is 0.
    is_withdrawn UInt8,
    event_time DateTime64(6, 'UTC') CODEC(Delta, LZ4),
    seq UInt64 CODEC(LZ4),
    -- 1 where the source gave the sequence number.
    has_seq UInt8,
    source_id LowCardinality(String),
    dataset LowCardinality(String),
    known_at DateTime64(6, 'UTC') CODEC(Delta, LZ4),
    -- Versions of one value share the key; the last known of them counts. event_id is that of the tick.
    value_key UUID,
    event_id UUID,
    trace_id String CODEC(LZ4),
    -- Place of the raw event, and of the record on aggregation.curve.prestage.v1.
    raw_topic LowCardinality(String),
    raw_partition UInt32 CODEC(LZ4),
    raw_offset UInt64 CODEC(Delta, LZ4),
    src_topic LowCardinality(String),
    src_partition UInt32 CODEC(LZ4),
    src_offset UInt64 CODEC(Delta, LZ4),
    ingested_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, LZ4)
)
ENGINE = ReplacingMergeTree(src_offset)
PARTITION BY as_of_date
ORDER BY (tenant_id, curve_id, as_of_date, delivery_start, delivery_end, block, contract_id, known_at, event_id)
SETTINGS non_replicated_deduplication_window = 10000, merge_selector_base = 10;

DROP TABLE IF EXISTS IF EMPTY curves_computed;

-- One row for each point of a statement, and one for the statement itself: that one has no block and no delivery, and
-- says in metadata what became of each quote. Rows of one statement share its number; of the statements with one
-- known time only the greatest holds.
CREATE TABLE IF NOT EXISTS curves_computed
(
    tenant_id LowCardinality(String),
    curve_id LowCardinality(String),
    as_of_date Date,
    -- Known time of the inputs, rounded up to the grid of the curve.
    known_at DateTime64(6, 'UTC') CODEC(Delta, LZ4),
    delivery_start Date CODEC(LZ4),
    delivery_end Date CODEC(LZ4),
    block LowCardinality(String),
    price Decimal(18, 8) CODEC(LZ4),
    unit LowCardinality(String),
    -- QUOTED: one contract says it; IMPLIED: several do; SHAPED: finer than any.
    point_source LowCardinality(String),
    method LowCardinality(String),
    statement UInt64 CODEC(Delta, LZ4),
    metadata String CODEC(LZ4),
    trace_id String CODEC(LZ4),
    src_topic LowCardinality(String),
    src_partition UInt32 CODEC(LZ4),
    src_offset UInt64 CODEC(Delta, LZ4),
    ingested_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, LZ4)
)
ENGINE = ReplacingMergeTree(statement)
PARTITION BY as_of_date
ORDER BY (tenant_id, curve_id, as_of_date, known_at, block, delivery_start, delivery_end)
SETTINGS non_replicated_deduplication_window = 10000, merge_selector_base = 10;

DROP TABLE IF EXISTS IF EMPTY served_curve_snapshots;

-- The last statement of each curve and day of the market.
CREATE TABLE IF NOT EXISTS served_curve_snapshots
(
    tenant_id LowCardinality(String),
    curve_id LowCardinality(String),
    as_of_date Date,
    known_at DateTime64(6, 'UTC') CODEC(Delta, LZ4),
    method LowCardinality(String),
    unit LowCardinality(String),
    -- Points in order of delivery and block.
    delivery_starts Array(Date),
    delivery_ends Array(Date),
    blocks Array(String),
    prices Array(Decimal(18, 8)),
    point_sources Array(String),
    statement UInt64 CODEC(LZ4),
    metadata String CODEC(LZ4),
    src_topic LowCardinality(String),
    src_partition UInt32 CODEC(LZ4),
    src_offset UInt64 CODEC(Delta, LZ4),
    ingested_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, LZ4)
)
ENGINE = ReplacingMergeTree(statement)
PARTITION BY as_of_date
ORDER BY (tenant_id, curve_id, as_of_date)
SETTINGS non_replicated_deduplication_window = 10000;

-- Points of the statement that holds now, for each curve and day of the market.
CREATE VIEW IF NOT EXISTS curves_latest AS
SELECT
    tenant_id, curve_id, as_of_date, delivery_start, delivery_end, block, price, unit, point_source, method, known_at,
    statement
FROM curves_computed FINAL
WHERE block != '' AND (tenant_id, curve_id, as_of_date, known_at, statement) IN
(
    SELECT tenant_id, curve_id, as_of_date, argMax((known_at, statement), (known_at, statement)).1 AS known,
        argMax((known_at, statement), (known_at, statement)).2 AS number
    FROM curves_computed
    WHERE block = ''
    GROUP BY tenant_id, curve_id, as_of_date
);

-- The same as it was known at a time: SELECT ... FROM curves_as_of(as_of = '2026-01-31 12:00:00').
CREATE VIEW IF NOT EXISTS curves_as_of AS
SELECT
    tenant_id, curve_id, as_of_date, delivery_start, delivery_end, block, price, unit, point_source, method, known_at,
    statement
FROM curves_computed FINAL
WHERE block != '' AND (tenant_id, curve_id, as_of_date, known_at, statement) IN
(
    SELECT tenant_id, curve_id, as_of_date, argMax((known_at, statement), (known_at, statement)).1 AS known,
        argMax((known_at, statement), (known_at, statement)).2 AS number
    FROM curves_computed
    WHERE block = '' AND known_at <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY tenant_id, curve_id, as_of_date
);

-- The active curve: the last statement of the newest day of the market that has points.
CREATE VIEW IF NOT EXISTS served_curves AS
SELECT *
FROM served_curve_snapshots FINAL
WHERE notEmpty(prices)
ORDER BY tenant_id, curve_id, as_of_date DESC
LIMIT 1 BY tenant_id, curve_id;
