-- Served: the value of each instrument with the greatest (event start, known time), and what is being delivered now.

CREATE TABLE IF NOT EXISTS served_latest
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
    -- 1: the instrument's value was withdrawn and nothing is left.
    is_gone UInt8,
    ingested_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(src_offset)
ORDER BY (tenant_id, instrument_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- Instruments that have a value.
CREATE VIEW IF NOT EXISTS served_latest_prices AS
SELECT
    * EXCEPT (is_gone),
    if(flags = 0, ['VALID'], arrayFilter(
        (name, bit) -> bitTest(flags, bit),
        ['PRICE_NEGATIVE', 'OUT_OF_RANGE', 'VOLUME_SPIKE', 'LATE_ARRIVAL', 'MISSING_METADATA', 'ROUNDED', 'REVISED',
            'CANCELLED', 'CONFLICTING', 'REINSTATED'],
        range(10))) AS quality_flags
FROM served_latest FINAL
WHERE is_gone = 0;

-- The value whose interval holds a time, as known at another; one per instrument, the one that begins last where
-- intervals overlap: SELECT ... FROM served_in_delivery(now = '2026-01-31 12:00:00', as_of = '2026-01-31 12:00:00').
CREATE VIEW IF NOT EXISTS served_in_delivery AS
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
    WHERE ts <= {now:DateTime64(6, 'UTC')} AND known_at <= {as_of:DateTime64(6, 'UTC')}
        AND (tenant_id, instrument_id, ts) IN (
            SELECT tenant_id, instrument_id, ts
            FROM silver_ticks
            WHERE ts <= {now:DateTime64(6, 'UTC')} AND ts_end > {now:DateTime64(6, 'UTC')}
        )
)
WHERE newest = 1 AND NOT bitTest(flags, 7) AND ts_end > {now:DateTime64(6, 'UTC')}
ORDER BY tenant_id, instrument_id, ts DESC, known_at DESC, toUInt128(event_id) DESC
LIMIT 1 BY tenant_id, instrument_id;
