/** Made-up raw events for tests, and raw batches of them without going through a topic. */

import type { Names } from '../../core/model/names.ts';
import { RawBatch } from '../../core/model/raw-batch.ts';
import type { RawRow } from '../../core/model/raw-row.ts';
import type { Micros } from '../../core/time/instant.ts';

/** One raw event with one value (or, for a trade, price and volume). */
export interface RawEventSpec {
  readonly market: string;
  readonly dataset: string;
  readonly location: string;
  readonly series: string;
  readonly start: Micros;
  readonly end: Micros;
  readonly knownAt: Micros;
  readonly field: string;
  /** Decimal text; null with `cancels` for a withdrawal, or for a blank. */
  readonly value: string | null;
  readonly volume: string | null;
  readonly sequence: number | null;
  readonly tradeId: string;
  readonly cancels: boolean;
}

export const RAW_TOPIC = 'ingestion.test.raw.v1';

const ascii = new TextEncoder();

/** A batch of events at the offsets given, as `decodeRawEvents` would hand it to normalization. */
export function rawBatchOf(
  names: Names,
  events: readonly RawEventSpec[],
  offsets: readonly number[],
  partition = 0,
): RawBatch {
  const texts = events.map((e) => `${e.value ?? ''}${e.volume ?? ''}`).join('');
  const batch = new RawBatch(
    names,
    ascii.encode(texts),
    names.topics.idOf(RAW_TOPIC),
    partition,
    events.length,
  );
  let at = 0;
  events.forEach((event, index) => {
    const i = batch.addRow();
    batch.tenant[i] = names.tenants.idOf('default');
    batch.market[i] = names.markets.idOf(event.market);
    batch.source[i] = names.sources.idOf('test');
    batch.dataset[i] = names.datasets.idOf(event.dataset);
    batch.location[i] = names.locations.idOf(event.location);
    batch.series[i] = names.series.idOf(event.series);
    batch.rule[i] = names.rules.idOf('given');
    batch.trace[i] = names.traces.idOf(`trace-${offsets[index]}`);
    batch.archive[i] = names.archives.idOf('');
    batch.eventStart[i] = event.start;
    batch.eventEnd[i] = event.end;
    batch.knownAt[i] = event.knownAt;
    batch.hasSequence[i] = event.sequence === null ? 0 : 1;
    batch.sequence[i] = event.sequence ?? 0;
    batch.tradeId[i] = event.tradeId;
    batch.cancels[i] = event.cancels ? 1 : 0;
    batch.row[i] = index + 1;
    batch.srcOffset[i] = offsets[index];
    const value = event.value ?? '';
    batch.addValue(names.fields.idOf(event.field), names.units.idOf('USD/MWh'), at, at + value.length);
    at += value.length;
    if (event.dataset === 'trade') {
      const volume = event.volume ?? '';
      batch.addValue(names.fields.idOf('volume'), names.units.idOf('MW'), at, at + volume.length);
      at += volume.length;
    }
  });
  return batch;
}

/** The row that a connector would publish for an event; its publication time is the event's known time. */
export function rawRowOf(event: RawEventSpec, row: number): RawRow {
  const values = [{ field: event.field, value: event.value, unit: 'USD/MWh' }];
  if (event.dataset === 'trade') values.push({ field: 'volume', value: event.volume, unit: 'MW' });
  return {
    market: event.market,
    dataset: event.dataset,
    location: event.location === '' ? null : event.location,
    series: event.series === '' ? null : event.series,
    sourceTime: '',
    intervalStart: event.start,
    intervalEnd: event.end,
    timeRule: 'given',
    values,
    sequence: event.sequence,
    tradeId: event.tradeId === '' ? null : event.tradeId,
    cancels: event.cancels,
    publishedAt: event.knownAt,
    row,
  };
}
