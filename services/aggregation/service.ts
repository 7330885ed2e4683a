/** Wiring of aggregation: reads the enriched topic; writes the bar table and the bar topics. */

import { encodeBars } from '../../core/codec/topics/bars.ts';
import { barsTopic, Topic } from '../../core/codec/topics/topic-names.ts';
import { BarBatch } from '../../core/model/bar-batch.ts';
import type { Emission } from '../../core/stage/emission.ts';
import type { StageResult } from '../../core/stage/stage.ts';
import { blocksOf, recordsOf, reportsOf, type Wire } from '../../core/stage/wire.ts';
import { barBlocks } from '../../core/store/tables/bars.ts';
import type { Bars } from './aggregate.stage.ts';
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

function barRecords(bars: BarBatch, settings: AggregationSettings, wire: Wire): Emission[] {
  const emissions: Emission[] = [];
  const encode = (topic: string, batch: BarBatch): void => {
    if (!wire.feeds(topic) || batch.length === 0) return;
    const batches = encodeBars(
      batch,
      settings.intervals,
      wire.schemaId(topic),
      wire.partitions(topic),
      wire.producer,
    );
    emissions.push(...recordsOf(topic, batches));
  };
  if (settings.topics.all) encode(Topic.ohlcBars, bars);
  if (settings.topics.per_interval)
    settings.intervals.forEach((name, interval) => {
      const own = new BarBatch(bars.names);
      for (let j = 0; j < bars.length; j++) if (bars.interval[j] === interval) own.append(bars, j);
      encode(barsTopic(name), own);
    });
  return emissions;
}
