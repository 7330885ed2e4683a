/** Wiring of projection: reads the enriched topic; writes served_latest, its topic and the cache (G1). */

import { encodeLatest, encodeLatestV2 } from '../../core/codec/topics/ticks.ts';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import { formatDecimal } from '../../core/model/decimal.ts';
import { formatUuid } from '../../core/model/hash128.ts';
import { flagNames } from '../../core/model/quality-flags.ts';
import { Present, TickBatch } from '../../core/model/tick-batch.ts';
import type { Emission } from '../../core/stage/emission.ts';
import type { StageResult } from '../../core/stage/stage.ts';
import { blocksOf, recordsOf, reportsOf, type Wire } from '../../core/stage/wire.ts';
import { latestBlocks } from '../../core/store/tables/served-latest.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { LatestRows } from './project-latest.stage.ts';

/** The topic of latest prices in each version of its contract; policy says which are fed. */
const SERVED_TOPICS = [
  [Topic.latestPrices, encodeLatest],
  [Topic.latestPricesV2, encodeLatestV2],
] as const;

/** What is to be written for one batch. */
export function projectionEmissions(result: StageResult<LatestRows>, wire: Wire): Emission[] {
  const { ticks, gone } = result.output;
  const emissions = blocksOf('served_latest', latestBlocks(ticks, gone));
  const served = new TickBatch(ticks.names, ticks.length);
  for (let i = 0; i < ticks.length; i++) if (gone[i] === 0) served.append(ticks, i);
  for (const [topic, encode] of SERVED_TOPICS)
    if (wire.feeds(topic) && served.length > 0)
      emissions.push(
        ...recordsOf(topic, encode(served, wire.schemaId(topic), wire.partitions(topic), wire.producer)),
      );
  if (ticks.length > 0) emissions.push({ kind: 'cache', entries: cacheEntries(ticks, gone) });
  emissions.push(...reportsOf('projection', result, wire));
  return emissions;
}

/** `tenant:{tenant_id}:latest:{instrument_id}` with the served row as JSON; `null` for an instrument without a value. */
export function cacheEntries(ticks: TickBatch, gone: Uint8Array): (readonly [string, string])[] {
  const { names } = ticks;
  const entries: (readonly [string, string])[] = [];
  for (let i = 0; i < ticks.length; i++) {
    const instrument = names.instruments.nameOf(ticks.instrument[i]);
    const key = `tenant:${names.tenants.nameOf(ticks.tenant[i])}:latest:${instrument}`;
    const value = {
      instrument_id: instrument,
      ts: formatInstant(ticks.eventStart[i]),
      ts_end: formatInstant(ticks.eventEnd[i]),
      known_at: formatInstant(ticks.knownAt[i]),
      price: (ticks.present[i] & Present.PRICE) === 0 ? null : formatDecimal(ticks.price, i),
      volume: (ticks.present[i] & Present.SIZE) === 0 ? null : formatDecimal(ticks.size, i),
      quality_flags: flagNames(ticks.flags[i]),
      event_id: formatUuid(ticks.id, i),
    };
    entries.push([key, gone[i] === 1 ? 'null' : JSON.stringify(value)]);
  }
  return entries;
}
