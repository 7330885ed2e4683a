-- Bars: one row per window and known time. A later statement about a window is a new row; the row written from the
-- last source position wins where two have the same key.

CREATE TABLE IF NOT EXISTS bars
(
    tenant_id LowCardinality(String),
    instrument_id LowCardinality(String),
    market LowCardinality(String),
    product LowCardinality(String),
    location LowCardinality(String),
    field LowCardinality(String),
    unit LowCardinality(String),
    interval LowCardinality(String),
    interval_start DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    interval_end DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    -- The greatest known time of the inputs.
    known_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    -- provisional, final, revised, empty (no value any more), retracted (a product of the order of arrival).
    status LowCardinality(String),
    open_price Decimal(18, 8) CODEC(ZSTD(1)),
    high_price Decimal(18, 8) CODEC(ZSTD(1)),
    low_price Decimal(18, 8) CODEC(ZSTD(1)),
    close_price Decimal(18, 8) CODEC(ZSTD(1)),
    volume Decimal(38, 8) CODEC(ZSTD(1)),
    -- Sum of price times volume.
    notional Decimal(38, 16) CODEC(ZSTD(1)),
    price_seconds Decimal(38, 8) CODEC(ZSTD(1)),
    seconds Float64 CODEC(ZSTD(1)),
    trade_count UInt64 CODEC(ZSTD(1)),
    open_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    open_seq UInt64 CODEC(ZSTD(1)),
    open_id UUID,
    close_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    close_seq UInt64 CODEC(ZSTD(1)),
    close_id UUID,
    flags UInt32 CODEC(ZSTD(1)),
    metadata LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    src_topic LowCardinality(String),
    src_partition UInt32 CODEC(ZSTD(1)),
    src_offset UInt64 CODEC(Delta, ZSTD(1)),
    ingested_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(src_offset)
PARTITION BY (interval, toYYYYMM(interval_start))
ORDER BY (tenant_id, instrument_id, interval, interval_start, known_at)
SETTINGS non_replicated_deduplication_window = 10000;

-- Every revision of every bar, counted from 1 by known time. Retracted rows are no revisions, and provisional ones
-- are none once their window has a closed statement.
CREATE VIEW IF NOT EXISTS bars_history AS
SELECT
    tenant_id,
    instrument_id,
    market,
    product,
    location,
    field,
    unit,
    interval,
    interval_start,
    interval_end,
    open_price,
    high_price,
    low_price,
    close_price,
    volume,
    trade_count,
    -- Sum of price times volume over volume, and of price times seconds over seconds: whole-number division of the
    -- exact sums, halves to the even last digit. Null where there is nothing to divide by.
    if(volume = 0, NULL, reinterpret(toInt128(
        if((notional < 0) = (volume < 0), 1, -1) * (
            intDiv(vwap_up, vwap_by)
            + if(2 * (vwap_up % vwap_by) > vwap_by
                OR (2 * (vwap_up % vwap_by) = vwap_by AND intDiv(vwap_up, vwap_by) % 2 = 1), 1, 0))
    ), 'Decimal(38, 8)')) AS vwap,
    if(seconds = 0, NULL, reinterpret(toInt128(
        if(price_seconds < 0, -1, 1) * (
            intDiv(twap_up, twap_by)
            + if(2 * (twap_up % twap_by) > twap_by
                OR (2 * (twap_up % twap_by) = twap_by AND intDiv(twap_up, twap_by) % 2 = 1), 1, 0))
    ), 'Decimal(38, 8)')) AS twap,
    revision,
    known_at,
    status,
    flags,
    metadata
FROM
(
    SELECT
        *,
        toInt256(abs(toInt256(reinterpretAsInt128(notional)))) AS vwap_up,
        greatest(toInt256(abs(toInt256(reinterpretAsInt128(volume)))), toInt256(1)) AS vwap_by,
        toInt256(abs(toInt256(reinterpretAsInt128(price_seconds)))) * 1000000 AS twap_up,
        greatest(toInt256(round(seconds * 1000000)), toInt256(1)) AS twap_by,
        row_number() OVER (
            PARTITION BY tenant_id, instrument_id, interval, interval_start ORDER BY known_at
        ) AS revision
    FROM
    (
        SELECT
            *,
            max(status != 'provisional') OVER (
                PARTITION BY tenant_id, instrument_id, interval, interval_start
            ) AS is_closed
        FROM bars FINAL
        WHERE status != 'retracted'
    )
    WHERE status != 'provisional' OR is_closed = 0
);

-- The newest revision of each window; a window whose newest statement is that it holds nothing is absent.
CREATE VIEW IF NOT EXISTS bars_current AS
SELECT
    tenant_id,
    instrument_id,
    market,
    product,
    location,
    field,
    unit,
    interval,
    interval_start,
    interval_end,
    open_price,
    high_price,
    low_price,
    close_price,
    volume,
    trade_count,
    -- Sum of price times volume over volume, and of price times seconds over seconds: whole-number division of the
    -- exact sums, halves to the even last digit. Null where there is nothing to divide by.
    if(volume = 0, NULL, reinterpret(toInt128(
        if((notional < 0) = (volume < 0), 1, -1) * (
            intDiv(vwap_up, vwap_by)
            + if(2 * (vwap_up % vwap_by) > vwap_by
                OR (2 * (vwap_up % vwap_by) = vwap_by AND intDiv(vwap_up, vwap_by) % 2 = 1), 1, 0))
    ), 'Decimal(38, 8)')) AS vwap,
    if(seconds = 0, NULL, reinterpret(toInt128(
        if(price_seconds < 0, -1, 1) * (
            intDiv(twap_up, twap_by)
            + if(2 * (twap_up % twap_by) > twap_by
                OR (2 * (twap_up % twap_by) = twap_by AND intDiv(twap_up, twap_by) % 2 = 1), 1, 0))
    ), 'Decimal(38, 8)')) AS twap,
    revision,
    known_at,
    status,
    flags,
    metadata
FROM
(
    SELECT
        *,
        toInt256(abs(toInt256(reinterpretAsInt128(notional)))) AS vwap_up,
        greatest(toInt256(abs(toInt256(reinterpretAsInt128(volume)))), toInt256(1)) AS vwap_by,
        toInt256(abs(toInt256(reinterpretAsInt128(price_seconds)))) * 1000000 AS twap_up,
        greatest(toInt256(round(seconds * 1000000)), toInt256(1)) AS twap_by,
        row_number() OVER (
            PARTITION BY tenant_id, instrument_id, interval, interval_start ORDER BY known_at
        ) AS revision,
        count() OVER (PARTITION BY tenant_id, instrument_id, interval, interval_start) AS revisions
    FROM
    (
        SELECT
            *,
            max(status != 'provisional') OVER (
                PARTITION BY tenant_id, instrument_id, interval, interval_start
            ) AS is_closed
        FROM bars FINAL
        WHERE status != 'retracted'
    )
    WHERE status != 'provisional' OR is_closed = 0
)
WHERE revision = revisions AND status != 'empty';

-- The same as it was known at a time: SELECT ... FROM bars_as_of(as_of = '2026-01-31 12:00:00').
CREATE VIEW IF NOT EXISTS bars_as_of AS
SELECT
    tenant_id,
    instrument_id,
    market,
    product,
    location,
    field,
    unit,
    interval,
    interval_start,
    interval_end,
    open_price,
    high_price,
    low_price,
    close_price,
    volume,
    trade_count,
    -- Sum of price times volume over volume, and of price times seconds over seconds: whole-number division of the
    -- exact sums, halves to the even last digit. Null where there is nothing to divide by.
    if(volume = 0, NULL, reinterpret(toInt128(
        if((notional < 0) = (volume < 0), 1, -1) * (
            intDiv(vwap_up, vwap_by)
            + if(2 * (vwap_up % vwap_by) > vwap_by
                OR (2 * (vwap_up % vwap_by) = vwap_by AND intDiv(vwap_up, vwap_by) % 2 = 1), 1, 0))
    ), 'Decimal(38, 8)')) AS vwap,
    if(seconds = 0, NULL, reinterpret(toInt128(
        if(price_seconds < 0, -1, 1) * (
            intDiv(twap_up, twap_by)
            + if(2 * (twap_up % twap_by) > twap_by
                OR (2 * (twap_up % twap_by) = twap_by AND intDiv(twap_up, twap_by) % 2 = 1), 1, 0))
    ), 'Decimal(38, 8)')) AS twap,
    revision,
    known_at,
    status,
    flags,
    metadata
FROM
(
    SELECT
        *,
        toInt256(abs(toInt256(reinterpretAsInt128(notional)))) AS vwap_up,
        greatest(toInt256(abs(toInt256(reinterpretAsInt128(volume)))), toInt256(1)) AS vwap_by,
        toInt256(abs(toInt256(reinterpretAsInt128(price_seconds)))) * 1000000 AS twap_up,
        greatest(toInt256(round(seconds * 1000000)), toInt256(1)) AS twap_by,
        row_number() OVER (
            PARTITION BY tenant_id, instrument_id, interval, interval_start ORDER BY known_at
        ) AS revision,
        count() OVER (PARTITION BY tenant_id, instrument_id, interval, interval_start) AS revisions
    FROM
    (
        SELECT
            *,
            max(status != 'provisional') OVER (
                PARTITION BY tenant_id, instrument_id, interval, interval_start
            ) AS is_closed
        FROM bars FINAL
        WHERE status != 'retracted' AND known_at <= {as_of:DateTime64(6, 'UTC')}
    )
    WHERE status != 'provisional' OR is_closed = 0
)
WHERE revision = revisions AND status != 'empty';

CREATE VIEW IF NOT EXISTS bars_1m AS SELECT * FROM bars_current WHERE interval = '1m';

CREATE VIEW IF NOT EXISTS bars_5m AS SELECT * FROM bars_current WHERE interval = '5m';

CREATE VIEW IF NOT EXISTS bars_1h AS SELECT * FROM bars_current WHERE interval = '1h';

CREATE VIEW IF NOT EXISTS bars_1d AS SELECT * FROM bars_current WHERE interval = '1d';
