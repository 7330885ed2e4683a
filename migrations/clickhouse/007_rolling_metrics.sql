-- Rolling metrics: one row per window of closed bars and known time. A later statement about a window is a new row; the
-- row written from the last source position wins where two have the same key.

CREATE TABLE IF NOT EXISTS rolling_metrics
(
    tenant_id LowCardinality(String),
    instrument_id LowCardinality(String),
    market LowCardinality(String),
    product LowCardinality(String),
    location LowCardinality(String),
    field LowCardinality(String),
    unit LowCardinality(String),
    -- Of the bars that the window is made of.
    interval LowCardinality(String),
    -- As the policy has it: 24h, 7d.
    window_length LowCardinality(String),
    -- Half-open: from the start of the first bar that it has room for to the end of the last.
    window_start DateTime64(6, 'UTC') CODEC(Delta, LZ4),
    window_end DateTime64(6, 'UTC') CODEC(Delta, LZ4),
    -- The greatest known time of the bars.
    known_at DateTime64(6, 'UTC') CODEC(Delta, LZ4),
    -- final, revised, empty (no bar ends with the window any more), retracted (a product of the order of arrival).
    status LowCardinality(String),
    bars UInt32 CODEC(LZ4),
    bars_expected UInt32 CODEC(LZ4),
    -- Mean of the closes.
    sma Decimal(18, 8) CODEC(LZ4),
    -- Sum of price times volume over sum of volumes.
    vwap Nullable(Decimal(38, 8)) CODEC(LZ4),
    high_price Decimal(18, 8) CODEC(LZ4),
    low_price Decimal(18, 8) CODEC(LZ4),
    -- Sample standard deviation of the closes.
    stddev Nullable(Decimal(38, 8)) CODEC(LZ4),
    -- The last close against those before it.
    zscore Nullable(Decimal(38, 8)) CODEC(LZ4),
    -- Root of the mean square of the changes from close to close.
    rms_change Nullable(Decimal(38, 8)) CODEC(LZ4),
    flags UInt32 CODEC(LZ4),
    metadata LowCardinality(String),
    trace_id String CODEC(LZ4),
    src_topic LowCardinality(String),
    src_partition UInt32 CODEC(LZ4),
    src_offset UInt64 CODEC(Delta, LZ4),
    ingested_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, LZ4)
)
ENGINE = ReplacingMergeTree(src_offset)
PARTITION BY (interval, toYYYYMM(window_end))
ORDER BY (tenant_id, instrument_id, interval, window_length, window_end, known_at)
SETTINGS non_replicated_deduplication_window = 10000, merge_selector_base = 10;

-- Every revision of every window, counted from 1 by known time. Retracted rows are no revisions.
CREATE VIEW IF NOT EXISTS rolling_metrics_history AS
SELECT
    tenant_id,
    instrument_id,
    market,
    product,
    location,
    field,
    unit,
    interval,
    window_length,
    window_start,
    window_end,
    bars,
    bars_expected,
    bars = bars_expected AS is_full,
    sma,
    vwap,
    high_price,
    low_price,
    stddev,
    zscore,
    rms_change,
    revision,
    known_at,
    status,
    flags,
    metadata
FROM
(
    SELECT
        *,
        row_number() OVER (
            PARTITION BY tenant_id, instrument_id, interval, window_length, window_end ORDER BY known_at
        ) AS revision
    FROM rolling_metrics FINAL
    WHERE status != 'retracted'
);

-- The newest revision of each window; a window whose newest statement is that no bar ends with it is absent.
CREATE VIEW IF NOT EXISTS rolling_metrics_current AS
SELECT
    tenant_id,
    instrument_id,
    market,
    product,
    location,
    field,
    unit,
    interval,
    window_length,
    window_start,
    window_end,
    bars,
    bars_expected,
    bars = bars_expected AS is_full,
    sma,
    vwap,
    high_price,
    low_price,
    stddev,
    zscore,
    rms_change,
    revision,
    known_at,
    status,
    flags,
    metadata
FROM
(
    SELECT
        *,
        row_number() OVER (
            PARTITION BY tenant_id, instrument_id, interval, window_length, window_end ORDER BY known_at
        ) AS revision,
        count() OVER (
            PARTITION BY tenant_id, instrument_id, interval, window_length, window_end
        ) AS revisions
    FROM rolling_metrics FINAL
    WHERE status != 'retracted'
)
WHERE revision = revisions AND status != 'empty';

-- The same as it was known at a time: SELECT ... FROM rolling_metrics_as_of(as_of = '2026-01-31 12:00:00').
CREATE VIEW IF NOT EXISTS rolling_metrics_as_of AS
SELECT
    tenant_id,
    instrument_id,
    market,
    product,
    location,
    field,
    unit,
    interval,
    window_length,
    window_start,
    window_end,
    bars,
    bars_expected,
    bars = bars_expected AS is_full,
    sma,
    vwap,
    high_price,
    low_price,
    stddev,
    zscore,
    rms_change,
    revision,
    known_at,
    status,
    flags,
    metadata
FROM
(
    SELECT
        *,
        row_number() OVER (
            PARTITION BY tenant_id, instrument_id, interval, window_length, window_end ORDER BY known_at
        ) AS revision,
        count() OVER (
            PARTITION BY tenant_id, instrument_id, interval, window_length, window_end
        ) AS revisions
    FROM rolling_metrics FINAL
    WHERE status != 'retracted' AND known_at <= {as_of:DateTime64(6, 'UTC')}
)
WHERE revision = revisions AND status != 'empty';
