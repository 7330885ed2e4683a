-- What a row costs to write: columns are packed with LZ4, and parts are merged ten at a time.
--
-- With ZSTD and merges of five the engine spends half as much again on the same rows; LZ4 takes 28 % more space
-- (docs/decisions/0014-memory-of-arrays.md). Whoever keeps years and would rather have the space gives the columns
-- CODEC(ZSTD(1)) again: only new parts and merges follow.

ALTER TABLE silver_ticks
    MODIFY COLUMN ts CODEC(Delta, LZ4),
    MODIFY COLUMN ts_end CODEC(Delta, LZ4),
    MODIFY COLUMN known_at CODEC(Delta, LZ4),
    MODIFY COLUMN price CODEC(LZ4),
    MODIFY COLUMN volume CODEC(LZ4),
    MODIFY COLUMN bid CODEC(LZ4),
    MODIFY COLUMN ask CODEC(LZ4),
    MODIFY COLUMN flags CODEC(LZ4),
    MODIFY COLUMN seq CODEC(LZ4),
    MODIFY COLUMN has_seq CODEC(LZ4),
    MODIFY COLUMN trade_id CODEC(LZ4),
    MODIFY COLUMN trace_id CODEC(LZ4),
    MODIFY COLUMN src_partition CODEC(LZ4),
    MODIFY COLUMN src_offset CODEC(Delta, LZ4),
    MODIFY COLUMN archive_row CODEC(Delta, LZ4),
    MODIFY COLUMN ingested_at CODEC(Delta, LZ4);

ALTER TABLE silver_ticks MODIFY SETTING merge_selector_base = 10;

ALTER TABLE silver_repeats
    MODIFY COLUMN ts CODEC(Delta, LZ4),
    MODIFY COLUMN ts_end CODEC(Delta, LZ4),
    MODIFY COLUMN known_at CODEC(Delta, LZ4),
    MODIFY COLUMN price CODEC(LZ4),
    MODIFY COLUMN volume CODEC(LZ4),
    MODIFY COLUMN bid CODEC(LZ4),
    MODIFY COLUMN ask CODEC(LZ4),
    MODIFY COLUMN flags CODEC(LZ4),
    MODIFY COLUMN seq CODEC(LZ4),
    MODIFY COLUMN has_seq CODEC(LZ4),
    MODIFY COLUMN trade_id CODEC(LZ4),
    MODIFY COLUMN trace_id CODEC(LZ4),
    MODIFY COLUMN src_partition CODEC(LZ4),
    MODIFY COLUMN src_offset CODEC(Delta, LZ4),
    MODIFY COLUMN archive_row CODEC(Delta, LZ4),
    MODIFY COLUMN ingested_at CODEC(Delta, LZ4);

ALTER TABLE silver_repeats MODIFY SETTING merge_selector_base = 10;

ALTER TABLE bars
    MODIFY COLUMN interval_start CODEC(Delta, LZ4),
    MODIFY COLUMN interval_end CODEC(Delta, LZ4),
    MODIFY COLUMN known_at CODEC(Delta, LZ4),
    MODIFY COLUMN open_price CODEC(LZ4),
    MODIFY COLUMN high_price CODEC(LZ4),
    MODIFY COLUMN low_price CODEC(LZ4),
    MODIFY COLUMN close_price CODEC(LZ4),
    MODIFY COLUMN volume CODEC(LZ4),
    MODIFY COLUMN notional CODEC(LZ4),
    MODIFY COLUMN price_seconds CODEC(LZ4),
    MODIFY COLUMN seconds CODEC(LZ4),
    MODIFY COLUMN trade_count CODEC(LZ4),
    MODIFY COLUMN open_time CODEC(Delta, LZ4),
    MODIFY COLUMN open_seq CODEC(LZ4),
    MODIFY COLUMN close_time CODEC(Delta, LZ4),
    MODIFY COLUMN close_seq CODEC(LZ4),
    MODIFY COLUMN flags CODEC(LZ4),
    MODIFY COLUMN trace_id CODEC(LZ4),
    MODIFY COLUMN src_partition CODEC(LZ4),
    MODIFY COLUMN src_offset CODEC(Delta, LZ4),
    MODIFY COLUMN ingested_at CODEC(Delta, LZ4);

ALTER TABLE bars MODIFY SETTING merge_selector_base = 10;

ALTER TABLE served_latest
    MODIFY COLUMN ts CODEC(Delta, LZ4),
    MODIFY COLUMN ts_end CODEC(Delta, LZ4),
    MODIFY COLUMN known_at CODEC(Delta, LZ4),
    MODIFY COLUMN price CODEC(LZ4),
    MODIFY COLUMN volume CODEC(LZ4),
    MODIFY COLUMN bid CODEC(LZ4),
    MODIFY COLUMN ask CODEC(LZ4),
    MODIFY COLUMN flags CODEC(LZ4),
    MODIFY COLUMN seq CODEC(LZ4),
    MODIFY COLUMN has_seq CODEC(LZ4),
    MODIFY COLUMN trade_id CODEC(LZ4),
    MODIFY COLUMN trace_id CODEC(LZ4),
    MODIFY COLUMN src_partition CODEC(LZ4),
    MODIFY COLUMN src_offset CODEC(Delta, LZ4),
    MODIFY COLUMN archive_row CODEC(Delta, LZ4),
    MODIFY COLUMN ingested_at CODEC(Delta, LZ4);

ALTER TABLE served_latest MODIFY SETTING merge_selector_base = 10;
