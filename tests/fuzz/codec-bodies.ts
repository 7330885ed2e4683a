/** Valid records of every topic, Native blocks and trades in JSON, made from a seed: what codecs are fuzzed with. */

import fc from 'fast-check';
import { NativeWriter } from '../../core/codec/native/native-writer.ts';
import { encodeBars } from '../../core/codec/topics/bars.ts';
import { encodeCurveInputs, encodeCurveUpdates } from '../../core/codec/topics/curves.ts';
import { encodeEnriched } from '../../core/codec/topics/enriched.ts';
import { encodeRawRows } from '../../core/codec/topics/raw.ts';
import { encodeAnomalies, encodeDeadLetters, encodeNotices } from '../../core/codec/topics/reports.ts';
import { encodeRolling } from '../../core/codec/topics/rolling.ts';
import type { EncodedBatch } from '../../core/codec/topics/routing.ts';
import { encodeLatest, encodeLatestV2, encodeTicks } from '../../core/codec/topics/ticks.ts';
import type { Anomaly } from '../../core/model/anomaly.ts';
import type { DeadLetter } from '../../core/model/dead-letter.ts';
import type { Taxonomy } from '../../core/model/enriched-batch.ts';
import { Names } from '../../core/model/names.ts';
import { tradeEvents } from '../../simulators/trades.ts';
import { seededDays } from '../support/generated-days.ts';
import { rawRowOf } from '../support/raw-events.ts';
import { curveInput, curveUpdate } from '../unit/codec/curve-events.ts';
import { barRows, barsOf, INTERVALS, recordsOf, tickRows, ticksOf } from '../unit/codec/events.ts';
import { LISTS, rollingOf, rollingRows } from '../unit/codec/rolling-events.ts';

const SEED = 254;

/** Values of the records of encoded batches, some of them. */
function valuesOf(batches: readonly EncodedBatch[], count = 12): Uint8Array[] {
  return batches
    .flatMap(({ batch }) => recordsOf(batch).map(({ value }) => new Uint8Array(value)))
    .slice(0, count);
}

const names = new Names();
const ticks = ticksOf(names, fc.sample(tickRows, { seed: SEED, numRuns: 40 }).flat().slice(0, 12));
const bars = barsOf(names, fc.sample(barRows, { seed: SEED, numRuns: 40 }).flat().slice(0, 12));

const rolling = rollingOf(names, fc.sample(rollingRows, { seed: SEED, numRuns: 40 }).flat().slice(0, 12));

/** Record values of the topic of normalized ticks. */
export const TICK_VALUES: readonly Uint8Array[] = valuesOf(encodeTicks(ticks, 7, 1, 'fuzz'));

/** Record values of the topic of newest prices. */
export const LATEST_VALUES: readonly Uint8Array[] = valuesOf(encodeLatest(ticks, 7, 1, 'fuzz'));

/** The same in the second version. */
export const LATEST_V2_VALUES: readonly Uint8Array[] = valuesOf(encodeLatestV2(ticks, 7, 1, 'fuzz'));

const taxonomy = (version: number, tags: readonly string[]): Taxonomy => ({
  commodity: 'power',
  region: 'NYISO_ZONE_J',
  productTier: 'DA',
  tags: [...tags],
  confidence: 0.9,
  version,
});

/** Record values of the topic of enriched ticks. */
export const ENRICHED_VALUES: readonly Uint8Array[] = valuesOf(
  encodeEnriched(
    {
      ticks,
      taxonomyOf: Uint32Array.from({ length: ticks.length }, (_, i) => i % 2),
      taxa: [taxonomy(1, []), taxonomy(2, ['hub', 'zone é'])],
    },
    7,
    1,
    'fuzz',
  ),
);

/** A record batch with several records, as the log holds it. */
export const TICK_BATCHES: readonly Uint8Array[] = encodeTicks(ticks, 7, 2, 'fuzz').map(({ batch }) => batch);

/** Record values of the topics of bars. */
export const BAR_VALUES: readonly Uint8Array[] = encodeBars(
  bars,
  INTERVALS,
  { name: 'aggregation.ohlc.bars.v1', schemaId: 7, partitions: 1 },
  INTERVALS.map(() => null),
  'fuzz',
).flatMap(({ batches }) => valuesOf(batches));

/** Record values of the topics of curves. */
export const CURVE_INPUT_VALUES: readonly Uint8Array[] = valuesOf(
  encodeCurveInputs(fc.sample(curveInput, { seed: SEED, numRuns: 12 }), 7, 1, 'fuzz'),
);
export const CURVE_UPDATE_VALUES: readonly Uint8Array[] = valuesOf(
  encodeCurveUpdates(fc.sample(curveUpdate, { seed: SEED, numRuns: 12 }), 7, 1, 'fuzz'),
);
/** Record values of the topic of rolling metrics. */
export const ROLLING_VALUES: readonly Uint8Array[] = valuesOf(encodeRolling(rolling, LISTS, 7, 1, 'fuzz'));

const letter = (raw: Uint8Array, field: string | null): DeadLetter => ({
  tenant: 'default',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  knownAt: 1_762_000_000_000_000,
  stage: 'normalization',
  code: 'VALUE_NOT_NUMERIC',
  message: 'no number',
  sourceTopic: 'ingestion.nyiso.raw.v1',
  sourcePartition: 1,
  sourceOffset: 17,
  field,
  expected: field,
  got: field === null ? null : 'n/a',
  raw,
  values: 3,
});

/** Record values of a topic of dead letters. */
export const LETTER_VALUES: readonly Uint8Array[] = valuesOf(
  encodeDeadLetters(
    [letter(TICK_VALUES[0] as Uint8Array, 'lmp'), letter(new Uint8Array(0), null)],
    7,
    1,
    'fuzz',
  ),
);

const anomaly = (instrumentId: string | null, context: Readonly<Record<string, string>>): Anomaly => ({
  tenant: 'default',
  traceId: '',
  knownAt: 1_762_000_000_000_000,
  type: 'OUT_OF_RANGE',
  severity: 'warning',
  stage: 'normalization',
  market: 'NYISO',
  dataset: 'da_lmp',
  instrumentId,
  ts: instrumentId === null ? null : 1_762_000_000_000_000,
  message: 'beyond',
  count: 2,
  context,
});

/** Record values of the topic of anomalies. */
export const ANOMALY_VALUES: readonly Uint8Array[] = valuesOf(
  encodeAnomalies([anomaly('NYISO.DA.LMP.WEST', { max: '5000' }), anomaly(null, {})], 7, 1, 'fuzz'),
);

/** Record values of the topic of notices. */
export const NOTICE_VALUES: readonly Uint8Array[] = valuesOf(
  encodeNotices(
    [1, 2].map((revision) => ({
      tenant: 'default',
      traceId: '',
      knownAt: 1_762_000_000_000_000,
      topic: 'served.market.latest_prices.v1',
      successor: 'served.market.latest_prices.v2',
      revision,
      state: revision === 1 ? 'announced' : 'withdrawn',
      write: 'both',
      since: 20_454,
      removalAfter: 20_544,
      reason: 'fields are in groups',
    })),
    7,
    1,
    'fuzz',
  ),
);

/** Record values of a raw topic, as connectors write them. */
export const RAW_VALUES: readonly Uint8Array[] = valuesOf(
  encodeRawRows(
    seededDays(SEED)
      .filter((_, i) => i % 9 === 0)
      .map((event, i) => rawRowOf(event, i + 1)),
    {
      tenant: 'default',
      source: 'nyiso',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      archiveSha256: 'ab'.repeat(32),
      archiveMember: null,
      archivedAt: 1_762_000_000_000_000,
    },
    7,
    1,
    1 << 20,
  ),
);

/** Raw events as JSON: nested as the simulator tells them, plain, and in the flat form of the schema. */
export const JSON_VALUES: readonly Uint8Array[] = [
  ...Array.from(
    tradeEvents({
      seed: SEED,
      market: 'MISO',
      tenant: 'default',
      count: 3,
      start: 1_772_323_200_000_000,
      spacing: 1_000_000,
    }),
    ({ json }) => json,
  ),
  '{"source":"feed","market":"MISO","instrument_id":"A","ts":"2026-03-01T00:00:00.250Z","price":1.50,"volume":2,"sequence":3,"cancels":false}',
  '{"market":"PJM","instrument_id":"B","ts":1772323200000000,"occurred_at":"2026-03-01T00:00:01Z","price":null,"trade_id":"T-1","cancels":true}',
  '{"event_id":"x","tenant_id":"t","occurred_at":1772323200000000,"payload":{"market":"NYISO","dataset":"da_lmp","location":"WEST","series":null,"source_time":"03/01/2026 00:00","interval_start":1772323200000000,"interval_end":"2026-03-01T01:00:00Z","values":[{"field":"lmp","value":"31.25","unit":"USD/MWh"},{"field":"loss","value":null,"unit":"USD/MWh"}],"sequence":{"long":4}}}',
].map((text) => new Uint8Array(Buffer.from(text)));

const rows = [0, 1, 2];

/** Native blocks with a column of every kind that the writer knows. */
export const NATIVE_BLOCKS: readonly Uint8Array[] = [
  new NativeWriter(Uint32Array.from(rows))
    .int64('n', [1, -2, 2 ** 40])
    .float64('f', [1.5, Number.NaN, -0])
    .string('s', ['', 'é', 'x'.repeat(150)])
    .lowCardinalityOf('lc', [0, 1, 0], (id) => `zone ${id}`)
    .nullableUint64('u', [1, 0, 3], Uint8Array.of(0, 1, 0))
    .uuid(
      'id',
      Uint32Array.from({ length: 12 }, (_, i) => i * 7919),
    )
    .stringLists('a', [[], ['a', 'é'], ['b']])
    .finish(),
  Uint8Array.from(
    Buffer.from(
      `0203026c63164c6f7743617264696e616c69747928537472696e6729010000000000000000060000000000000300000000000000
       0003c3a93003c3a931030000000000000001020101750455554944
       7766554433221100ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100ffeeddccbbaa9988`.replace(
        /\s/g,
        '',
      ),
      'hex',
    ),
  ),
];
