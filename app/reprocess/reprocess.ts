/**
 * Reprocessing (D7): the raw events about a window stand on their raw topic once more, byte for byte, with their keys and
 * times, and whatever runs normalization judges them again by the rules of today. A value that was refused may become a
 * tick; one that is there already is known by its event id, and dropped as DUPLICATE. So nothing is counted twice, nothing
 * that was said is changed, and a value keeps the time at which it was known.
 *
 * What a decoder makes of a body is not looked at: that is `carbon connector repair`.
 */

import { createHash } from 'node:crypto';
import { RecordBatchWriter } from '../../core/codec/kafka/record-batch.ts';
import { RecordSpans } from '../../core/codec/kafka/record-spans.ts';
import { decodeRawEvents } from '../../core/codec/topics/raw.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import { contains, type Interval } from '../../core/time/interval.ts';
import { MAX_RAW_BATCH } from '../ingest/publish.ts';
import { holdLeases } from '../ingest/run-lease.ts';
import type { Stores } from '../stores/open-stores.ts';
import { rawTopics } from '../stores/topics.ts';

/** About how much of a partition is read at a time. */
const READ_BYTES = 4 * 1024 * 1024;

/** Which raw events. */
export interface ReprocessRequest {
  /** Events whose interval begins in it. */
  readonly window: Interval;
  /** Only of this market, or of this dataset; null for all. */
  readonly market: string | null;
  readonly dataset: string | null;
}

/** What was done, in records. */
export interface ReprocessReport {
  /** Records looked at, on all raw topics. */
  readonly scanned: number;
  /** Records that now stand on their topic once more. */
  readonly events: number;
  /** Records about the window that are copies of one of those. */
  readonly copies: number;
  /** Records that cannot be read: they have no time, and stay in the dead letters. */
  readonly unreadable: number;
}

type Counts = { -readonly [K in keyof ReprocessReport]: ReprocessReport[K] };

/**
 * Reprocesses the tenant of the stores. Each raw topic is read from its begin to where it ends now; what retention has
 * removed is gone. Killed half-way, it may be repeated. Throws PLAN_CONFLICT while another reprocesses the same tenant,
 * and what the log throws.
 */
export async function reprocess(stores: Stores, request: ReprocessRequest): Promise<ReprocessReport> {
  const { tenant } = stores.runtime;
  const release = await holdLeases(stores, [`reprocess/${tenant}`], 'reprocess');
  const began = stores.clock.now();
  const counts: Counts = { scanned: 0, events: 0, copies: 0, unreadable: 0 };
  try {
    for (const topic of rawTopics())
      for (let partition = 0; partition < (stores.partitions.get(topic) ?? 0); partition++)
        await reprocessPartition(stores, topic, partition, request, counts);
  } finally {
    await release();
  }
  const { start, end } = request.window;
  const facts = { service: 'normalization', from: start, to: end, ...counts };
  const durationMs = Math.round((stores.clock.now() - began) / 1000);
  stores.telemetry.emit({
    name: 'window.reprocessed',
    level: 'info',
    facts: { ...facts, records: counts.events, duration_ms: durationMs },
  });
  return counts;
}

async function reprocessPartition(
  stores: Stores,
  topic: string,
  partition: number,
  request: ReprocessRequest,
  counts: Counts,
): Promise<void> {
  const { log } = stores;
  const { earliest, end } = await log.bounds(topic, partition);
  const copier = new Copier(stores, request, counts);
  // What is appended here comes after the end, and is not read again.
  for (let at = earliest; at < end; ) {
    const slices = await log.read(topic, partition, at, READ_BYTES);
    const last = slices.at(-1);
    if (last === undefined) break;
    for (const slice of slices) {
      copier.take(slice, Math.max(at, slice.from), Math.min(end, slice.to));
      for (const batch of copier.full()) await log.append(topic, partition, [batch]);
    }
    at = last.to;
  }
  for (const batch of copier.rest()) await log.append(topic, partition, [batch]);
}

/** Copies records of one partition, each once, in their order. */
class Copier {
  private readonly stores: Pick<Stores, 'names' | 'runtime'>;
  private readonly request: ReprocessRequest;
  private readonly counts: Counts;
  private readonly spans = new RecordSpans();
  private readonly seen = new Set<string>();
  private readonly done: Uint8Array[] = [];
  private readonly writer = new RecordBatchWriter();

  constructor(stores: Pick<Stores, 'names' | 'runtime'>, request: ReprocessRequest, counts: Counts) {
    this.stores = stores;
    this.request = request;
    this.counts = counts;
  }

  /** Records with offsets in [from, to). */
  take(slice: LogSlice, from: number, to: number): void {
    const { batch, rejected } = decodeRawEvents(slice, from, to, this.stores.names);
    this.counts.scanned += batch.length + rejected.length;
    this.counts.unreadable += rejected.length;
    const { tenants, markets, datasets } = batch.names;
    const { window, market, dataset } = this.request;
    const wanted = new Set<number>();
    for (let i = 0; i < batch.length; i++)
      if (
        contains(window, batch.eventStart[i]) &&
        tenants.nameOf(batch.tenant[i]) === this.stores.runtime.tenant &&
        (market === null || markets.nameOf(batch.market[i]) === market) &&
        (dataset === null || datasets.nameOf(batch.dataset[i]) === dataset)
      )
        wanted.add(batch.srcOffset[i]);
    if (wanted.size === 0) return;
    this.spans.walk(slice.bytes);
    for (let k = 0; k < this.spans.count; k++) if (wanted.has(this.spans.offset[k])) this.copy(k);
  }

  private copy(k: number): void {
    const { bytes, timestampMs, keyFrom, keyTo, valueFrom, valueTo, headersFrom, headersTo } = this.spans;
    const value = bytes.subarray(valueFrom[k], valueTo[k]);
    // A record without a time of its own is known at the time of the log: the same text at another time is another event.
    const name = createHash('sha1').update(value).update(`|${timestampMs[k]}`).digest('base64');
    if (this.seen.has(name)) {
      this.counts.copies++;
      return;
    }
    this.seen.add(name);
    this.counts.events++;
    this.writer.add(
      timestampMs[k],
      keyFrom[k] < 0 ? null : bytes,
      keyFrom[k],
      keyTo[k],
      bytes,
      valueFrom[k],
      valueTo[k],
      bytes.slice(headersFrom[k], headersTo[k]),
    );
    if (this.writer.byteLength >= MAX_RAW_BATCH) this.done.push(this.writer.finish());
  }

  /** Batches that are full, once each. */
  full(): Uint8Array[] {
    return this.done.splice(0);
  }

  /** The last batch, if there is one. */
  rest(): Uint8Array[] {
    if (this.writer.count > 0) this.done.push(this.writer.finish());
    return this.full();
  }
}
