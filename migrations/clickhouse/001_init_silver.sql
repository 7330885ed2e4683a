-- Silver: normalised ticks, one row per value and version. Nothing is ever changed here: a correction is a new row.
--
-- `instrument_id` is LowCardinality: rows are sorted by it, so a granule holds few of them whatever their number, and
-- blocks carry each name once.
-- TTL is left to the operator (365 days in the documents): ALTER TABLE silver_ticks MODIFY TTL toDateTime(ts) + ...

CREATE TABLE IF NOT EXISTS silver_ticks
(
    tenant_id LowCardinality(String),
    instrument_id LowCardinality(String),
    market LowCardinality(String),
    product LowCardinality(String),
    location LowCardinality(String),
    field LowCardinality(String),
    unit LowCardinality(String),
    source_id LowCardinality(String),
    dataset LowCardinality(String),
    -- The half-open time the value is about; equal for a reading at one instant.
    ts DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    ts_end DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    -- When the value became known.
    known_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    price Nullable(Decimal(18, 8)) CODEC(ZSTD(1)),
    volume Nullable(Decimal(18, 8)) CODEC(ZSTD(1)),
    bid Nullable(Decimal(18, 8)) CODEC(ZSTD(1)),
    ask Nullable(Decimal(18, 8)) CODEC(ZSTD(1)),
    -- Bits in the order of the names in silver_current.quality_flags.
    flags UInt32 CODEC(ZSTD(1)),
    seq UInt64 CODEC(ZSTD(1)),
    -- 1 where the source gave the sequence number; a key cannot hold nulls.
    has_seq UInt8 CODEC(ZSTD(1)),
    trade_id String CODEC(ZSTD(1)),
    event_id UUID,
    trace_id String CODEC(ZSTD(1)),
    src_topic LowCardinality(String),
    src_partition UInt32 CODEC(ZSTD(1)),
    src_offset UInt64 CODEC(Delta, ZSTD(1)),
    archive_sha256 LowCardinality(String),
    archive_row UInt32 CODEC(Delta, ZSTD(1)),
    ingested_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(src_offset)
PARTITION BY toYYYYMMDD(ts)
ORDER BY (tenant_id, instrument_id, ts, known_at, seq, event_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- Values published again unchanged: kept apart, so that silver holds versions only.
CREATE TABLE IF NOT EXISTS silver_repeats AS silver_ticks;

-- The newest known version of each value, withdrawn ones left out. The key of a value is its trade id where there is
-- one, else its sequence number, else its time alone. Ids are compared as numbers: the store sorts UUIDs by their
-- second half.
CREATE VIEW IF NOT EXISTS silver_current AS
SELECT
    * EXCEPT (newest),
    if(flags = 0, ['VALID'], arrayFilter(
        (name, bit) -> bitTest(flags, bit),
        ['PRICE_NEGATIVE', 'OUT_OF_RANGE', 'VOLUME_SPIKE', 'LATE_ARRIVAL', 'MISSING_METADATA', 'ROUNDED', 'REVISED',
            'CANCELLED', 'CONFLICTING', 'REINSTATED'],
        range(10))) AS quality_flags
FROM
(
    SELECT
        *,
        row_number() OVER (
            PARTITION BY tenant_id, source_id, dataset, instrument_id, ts, trade_id,
                if(trade_id = '', has_seq, 0), if(trade_id = '', seq, 0)
            ORDER BY known_at DESC, toUInt128(event_id) DESC, src_offset DESC
        ) AS newest
    FROM silver_ticks
)
WHERE newest = 1 AND NOT bitTest(flags, 7);

-- The same as it was known at a time: SELECT ... FROM silver_as_of(as_of = '2026-01-31 12:00:00').
CREATE VIEW IF NOT EXISTS silver_as_of AS
SELECT
    * EXCEPT (newest),
    if(flags = 0, ['VALID'], arrayFilter(
        (name, bit) -> bitTest(flags, bit),
        ['PRICE_NEGATIVE', 'OUT_OF_RANGE', 'VOLUME_SPIKE', 'LATE_ARRIVAL', 'MISSING_METADATA', 'ROUNDED', 'REVISED',
            'CANCELLED', 'CONFLICTING', 'REINSTATED'],
        range(10))) AS quality_flags
FROM
(
    SELECT
        *,
        row_number() OVER (
            PARTITION BY tenant_id, source_id, dataset, instrument_id, ts, trade_id,
                if(trade_id = '', has_seq, 0), if(trade_id = '', seq, 0)
            ORDER BY known_at DESC, toUInt128(event_id) DESC, src_offset DESC
        ) AS newest
    FROM silver_ticks
    WHERE known_at <= {as_of:DateTime64(6, 'UTC')}
)
WHERE newest = 1 AND NOT bitTest(flags, 7);
