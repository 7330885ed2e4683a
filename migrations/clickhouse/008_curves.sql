-- Curves, as they are written from here on: a delivery has a block of hours, an input has its kind and may be withdrawn, and
-- a statement of a curve holds as a whole. Deliveries are days of the market, written as midnight UTC.

ALTER TABLE curves_base
    ADD COLUMN IF NOT EXISTS block LowCardinality(String) AFTER delivery_end,
    -- The event id of the tick, once more: a key can only be made longer by columns that are new.
    ADD COLUMN IF NOT EXISTS value_id UUID AFTER event_id,
    -- Versions of one value share it; the last known of them counts.
    ADD COLUMN IF NOT EXISTS value_key UUID AFTER value_id,
    -- settlement, trade, assessed, model.
    ADD COLUMN IF NOT EXISTS kind LowCardinality(String) AFTER block,
    -- 1: the value is taken back from its known time on; price is 0.
    ADD COLUMN IF NOT EXISTS is_withdrawn UInt8 AFTER unit,
    ADD COLUMN IF NOT EXISTS event_time DateTime64(6, 'UTC') CODEC(Delta, LZ4) AFTER is_withdrawn,
    ADD COLUMN IF NOT EXISTS seq UInt64 CODEC(LZ4) AFTER event_time,
    -- 1 where the source gave the sequence number.
    ADD COLUMN IF NOT EXISTS has_seq UInt8 AFTER seq,
    ADD COLUMN IF NOT EXISTS dataset LowCardinality(String) AFTER source_id,
    ADD COLUMN IF NOT EXISTS trace_id String CODEC(LZ4) AFTER value_key,
    -- Place of the raw event; src_topic, src_partition and src_offset are that of the record on aggregation.curve.prestage.v1.
    ADD COLUMN IF NOT EXISTS raw_topic LowCardinality(String) AFTER trace_id,
    ADD COLUMN IF NOT EXISTS raw_partition UInt32 CODEC(LZ4) AFTER raw_topic,
    ADD COLUMN IF NOT EXISTS raw_offset UInt64 CODEC(Delta, LZ4) AFTER raw_partition,
    MODIFY ORDER BY (tenant_id, curve_id, as_of_date, delivery_start, delivery_end, contract_id, known_at, block, value_id);

-- One row for each point of a statement, and one for the statement itself: that one has no block and no delivery, and
-- says in metadata what became of each quote. Rows of one statement share its number; of the statements with one
-- known time (that of the inputs, rounded up to the grid of the curve) only the greatest holds.
ALTER TABLE curves_computed
    ADD COLUMN IF NOT EXISTS block LowCardinality(String) AFTER delivery_end,
    ADD COLUMN IF NOT EXISTS statement UInt64 CODEC(Delta, LZ4) AFTER known_at,
    -- QUOTED: one contract says it; IMPLIED: several do; SHAPED: finer than any.
    ADD COLUMN IF NOT EXISTS point_source LowCardinality(String) AFTER unit,
    ADD COLUMN IF NOT EXISTS trace_id String CODEC(LZ4) AFTER metadata,
    MODIFY COLUMN metadata String CODEC(LZ4),
    MODIFY ORDER BY (tenant_id, curve_id, as_of_date, delivery_start, delivery_end, known_at, block, statement);

-- The last statement of each curve and day of the market: parts of different days are never merged.
ALTER TABLE served_curve_snapshots
    ADD COLUMN IF NOT EXISTS blocks Array(String) AFTER delivery_ends,
    ADD COLUMN IF NOT EXISTS point_sources Array(String) AFTER prices,
    ADD COLUMN IF NOT EXISTS statement UInt64 CODEC(LZ4) AFTER known_at,
    MODIFY COLUMN metadata String CODEC(LZ4);

-- Points of the statement that holds now, for each curve and day of the market.
CREATE VIEW IF NOT EXISTS curves_latest AS
SELECT DISTINCT
    tenant_id, curve_id, as_of_date, toDate(p.delivery_start) AS delivery_start, toDate(p.delivery_end) AS delivery_end,
    block, price, unit, point_source, method, known_at, statement
FROM curves_computed AS p
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
SELECT DISTINCT
    tenant_id, curve_id, as_of_date, toDate(p.delivery_start) AS delivery_start, toDate(p.delivery_end) AS delivery_end,
    block, price, unit, point_source, method, known_at, statement
FROM curves_computed AS p
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
FROM
(
    SELECT *
    FROM served_curve_snapshots
    ORDER BY tenant_id, curve_id, as_of_date, statement DESC
    LIMIT 1 BY tenant_id, curve_id, as_of_date
)
WHERE notEmpty(prices)
ORDER BY tenant_id, curve_id, as_of_date DESC
LIMIT 1 BY tenant_id, curve_id;
