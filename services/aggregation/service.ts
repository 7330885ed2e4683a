/** Wiring of aggregation: reads the enriched topic; writes bars and rolling metrics, to their tables and topics. */

import { type BarTopic, encodeBars } from '../../core/codec/topics/bars.ts';
import { encodeRolling } from '../../core/codec/topics/rolling.ts';
import { barsTopic, Topic } from '../../core/codec/topics/topic-names.ts';
import type { BarBatch } from '../../core/model/bar-batch.ts';
import type { RollingBatch } from '../../core/model/rolling-batch.ts';
import type { Emission } from '../../core/stage/emission.ts';
import type { StageResult } from '../../core/stage/stage.ts';
import { blocksOf, recordsOf, reportsOf, type Wire } from '../../core/stage/wire.ts';
import { barBlocks } from '../../core/store/tables/bars.ts';
import { rollingBlocks } from '../../core/store/tables/rolling-metrics.ts';
import type { Bars } from './aggregation-state.ts';
import type { AggregationSettings } from './config.ts';

/** What is to be written for one batch. `metadata` is the JSON that says which settings made the bars (F6). */
export function aggregationEmissions(
  result: StageResult<Bars>,
  settings: AggregationSettings,
  metadata: string,
  wire: Wire,
): Emission[] {
  const { statements, provisional } = result.output;
  const emissions = blocksOf('bars', barBlocks(statements, settings.intervals, metadata));
  if (settings.provisional === 'table')
    emissions.push(...blocksOf('bars', barBlocks(provisional, settings.intervals, metadata)));
  emissions.push(...barRecords(statements, settings, wire));
  if (settings.provisional !== 'off') emissions.push(...barRecords(provisional, settings, wire));
  emissions.push(...reportsOf('aggregation', result, wire));
  return emissions;
}

/** Bars of open windows for the table: when a run ends, and for whoever wants to see them early. */
export function provisionalBlocks(
  provisional: BarBatch,
  settings: AggregationSettings,
  metadata: string,
): Emission[] {
  return blocksOf('bars', barBlocks(provisional, settings.intervals, metadata));
}

/** What is to be written of the rolling metrics that follow from the bars of a batch. */
export function rollingEmissions(
  metrics: RollingBatch,
  settings: AggregationSettings,
  windows: readonly string[],
  metadata: string,
  wire: Wire,
): Emission[] {
  if (metrics.length === 0) return [];
  const lists = { intervals: settings.intervals, windows };
  const emissions = blocksOf('rolling_metrics', rollingBlocks(metrics, lists, metadata));
  const topic = Topic.rollingMetrics;
  if (!wire.feeds(topic)) return emissions;
  const batches = encodeRolling(metrics, lists, wire.schemaId(topic), wire.partitions(topic), wire.producer);
  return [...emissions, ...recordsOf(topic, batches)];
}

function barRecords(bars: BarBatch, settings: AggregationSettings, wire: Wire): Emission[] {
  if (bars.length === 0) return [];
  const topicOf = (name: string): BarTopic | null =>
    wire.feeds(name) ? { name, schemaId: wire.schemaId(name), partitions: wire.partitions(name) } : null;
  const all = settings.topics.all ? topicOf(Topic.ohlcBars) : null;
  const own = settings.topics.per_interval ? settings.intervals.map((name) => topicOf(barsTopic(name))) : [];
  return encodeBars(bars, settings.intervals, all, own, wire.producer).flatMap(({ topic, batches }) =>
    recordsOf(topic, batches),
  );
}
