/** Where a record goes and what it carries beside its value: keys, partitions, trace headers. */

import { CarbonError } from '../../errors.ts';
import type { Names } from '../../model/names.ts';
import type { AvroWriter } from '../avro/writer.ts';
import { utf8 } from '../bytes.ts';
import { murmur2 } from '../kafka/partition.ts';
import { encodeHeaders, NO_HEADERS, RecordBatchWriter } from '../kafka/record-batch.ts';

/** One finished batch for one partition of a topic. */
export interface EncodedBatch {
  readonly partition: number;
  readonly batch: Uint8Array;
  /** Records in the batch. */
  readonly count: number;
}

/** Size at which a batch is closed, below the limit of a Kafka topic with its default settings. */
export const MAX_BATCH_BYTES = 900_000;

/** `tenant|market|location`; the third part is the instrument where there is no location. */
export function topicKey(tenant: string, market: string, place: string): Uint8Array {
  return utf8(`${tenant}|${market}|${place}`);
}

const HEX_32 = /^[0-9a-f]{32}$/;

/**
 * Headers of a record of a trace: `trace_id`, and W3C `traceparent` when the id is 32 hex digits and not zero. The
 * parent span is the second half of the trace id: records have no span of their own.
 */
export function traceHeaders(traceId: string): Uint8Array {
  if (traceId === '') return NO_HEADERS;
  const headers: [string, string][] = [['trace_id', traceId]];
  const span = traceId.slice(16);
  if (HEX_32.test(traceId) && /[1-9a-f]/.test(span))
    headers.push(['traceparent', `00-${traceId}-${span}-01`]);
  return encodeHeaders(headers);
}

/** Headers by dense id of the trace, for one batch. */
export class TraceHeaders {
  private readonly names: Names;
  private readonly known = new Map<number, Uint8Array>();

  constructor(names: Names) {
    this.names = names;
  }

  of(trace: number): Uint8Array {
    const known = this.known.get(trace);
    if (known !== undefined) return known;
    const made = traceHeaders(this.names.traces.nameOf(trace));
    this.known.set(trace, made);
    return made;
  }
}

interface TenantKeys {
  readonly keys: Uint8Array[];
  readonly hashes: number[];
}

const noKeys = (): TenantKeys => ({ keys: [], hashes: [] });

/** Keys of instruments and their hashes, made once per tenant and instrument. */
export class InstrumentKeys {
  private readonly names: Names;
  private readonly tenants = new Map<number, TenantKeys>();

  constructor(names: Names) {
    this.names = names;
  }

  /** The key of an instrument's records. */
  keyOf(tenant: number, instrument: number): Uint8Array {
    return this.of(tenant, instrument).keys[instrument];
  }

  /** The partition of an instrument's records. */
  partitionOf(tenant: number, instrument: number, partitions: number): number {
    return this.of(tenant, instrument).hashes[instrument] % partitions;
  }

  private of(tenant: number, instrument: number): TenantKeys {
    const found = this.tenants.getOrInsertComputed(tenant, noKeys);
    for (let id = found.keys.length; id <= instrument; id++) {
      const parts = this.names.instruments.partsOf(id);
      const place = parts.location === '' ? this.names.instruments.nameOf(id) : parts.location;
      const key = topicKey(this.names.tenants.nameOf(tenant), parts.market, place);
      found.keys.push(key);
      found.hashes.push(murmur2(key) & 0x7fffffff);
    }
    return found;
  }
}

const instrumentKeys = new WeakMap<Names, InstrumentKeys>();

/** The instrument keys of a process. */
export function instrumentKeysOf(names: Names): InstrumentKeys {
  return instrumentKeys.getOrInsertComputed(names, (key) => new InstrumentKeys(key));
}

/** Writers with the memory that they have grown to, for the next batches. */
const spareWriters: RecordBatchWriter[] = [];
const MOST_SPARE_WRITERS = 32;

/** Record batches under construction, one per partition; the order of records of a partition is kept. */
export class PartitionedBatches {
  private readonly maxBytes: number;
  private readonly writers: RecordBatchWriter[] = [];
  private readonly finished: EncodedBatch[][] = [];

  /** Throws CONFIG_INVALID when there is no partition to write to. */
  constructor(partitions: number, maxBytes: number) {
    if (!(partitions >= 1))
      throw new CarbonError('CONFIG_INVALID', 'a topic needs at least one partition', {
        position: { field: 'partitions', expected: 'an integer from 1', got: String(partitions) },
      });
    this.maxBytes = maxBytes;
    for (let p = 0; p < partitions; p++) {
      this.writers.push(spareWriters.pop() ?? new RecordBatchWriter(256));
      this.finished.push([]);
    }
  }

  /**
   * Adds what the writer holds as a record; its time is that of `micros[index]`, in whole milliseconds. A record that
   * has to stay with the one before it goes into the same batch, however large that becomes.
   */
  add(
    partition: number,
    micros: Float64Array,
    index: number,
    key: Uint8Array,
    value: AvroWriter,
    headers: Uint8Array,
    staysWithLast = false,
  ): void {
    const writer = this.writers[partition];
    // Lengths, deltas and attributes of a record take 30 bytes at most.
    const needed = value.at + key.length + headers.length + 30;
    if (!staysWithLast && writer.count > 0 && writer.byteLength + needed > this.maxBytes)
      this.close(partition);
    writer.time[0] = Math.floor(micros[index] / 1000);
    writer.append(key, 0, key.length, value.written(), 0, value.at, headers);
  }

  /** All batches, by partition and then in order. Nothing can be added afterwards: the writers are lent to others. */
  finish(): EncodedBatch[] {
    for (let p = 0; p < this.writers.length; p++) if (this.writers[p].count > 0) this.close(p);
    for (const writer of this.writers.splice(0))
      if (spareWriters.length < MOST_SPARE_WRITERS) spareWriters.push(writer);
    return this.finished.flat();
  }

  private close(partition: number): void {
    const writer = this.writers[partition];
    const count = writer.count;
    this.finished[partition].push({ partition, batch: writer.finish(), count });
  }
}
