/**
 * The door for JSON events that come line by line (NDJSON): each line becomes a record of a raw topic as it stands,
 * with the key that the Avro rows of the same instrument have, so that all of them share a partition.
 */

import type { Names } from '../../model/names.ts';
import { partitionOf } from '../kafka/partition.ts';
import { NO_HEADERS, RecordBatchWriter } from '../kafka/record-batch.ts';
import { placeOf, tickScanOf } from './raw.ts';
import { readRawJson } from './raw-json.ts';
import type { TickScan } from './raw-json-scan.ts';
import { type EncodedBatch, MAX_BATCH_BYTES, topicKey } from './routing.ts';

interface Target {
  readonly key: Uint8Array;
  readonly partition: number;
}

/** Encodes lines for one raw topic. Reused for every chunk. */
export class JsonLines {
  private readonly scan: TickScan;
  private readonly partitions: number;
  private readonly writers: RecordBatchWriter[] = [];
  private readonly targets: (Target | undefined)[] = [];

  constructor(names: Names, partitions: number) {
    this.scan = tickScanOf(names);
    this.partitions = partitions;
    for (let p = 0; p < partitions; p++) this.writers.push(new RecordBatchWriter());
  }

  /**
   * Records of the lines of a chunk, which ends with a whole line; their time is `logMs`, milliseconds since the
   * epoch. Blank lines are passed over. A line that is no event goes to partition 0 without a key: normalization
   * rejects it with its bytes.
   */
  encode(bytes: Uint8Array, logMs: number): EncodedBatch[] {
    const out: EncodedBatch[] = [];
    for (let from = 0; from < bytes.length; ) {
      let to = bytes.indexOf(0x0a, from);
      if (to === -1) to = bytes.length;
      const end = to > from && bytes[to - 1] === 0x0d ? to - 1 : to;
      if (end > from) this.add(bytes, from, end, logMs, out);
      from = to + 1;
    }
    for (let p = 0; p < this.partitions; p++) this.close(p, out);
    return out;
  }

  private add(bytes: Uint8Array, from: number, to: number, logMs: number, out: EncodedBatch[]): void {
    const number = this.scan.keyOf(bytes, from, to);
    const target =
      (number === -1 ? undefined : this.targets[number]) ?? this.targetOf(bytes, from, to, number);
    const writer = this.writers[target?.partition ?? 0];
    const key = target?.key ?? null;
    if (writer.count > 0 && writer.byteLength + (to - from) + (key?.length ?? 0) + 30 > MAX_BATCH_BYTES)
      this.close(target?.partition ?? 0, out);
    writer.time[0] = logMs;
    writer.append(key, 0, key?.length ?? 0, bytes, from, to, NO_HEADERS);
  }

  private targetOf(bytes: Uint8Array, from: number, to: number, number: number): Target | undefined {
    const event = readRawJson(bytes, from, to, 0);
    if ('expected' in event) return undefined;
    const key = topicKey(event.context.tenant, event.row.market, placeOf(event.row));
    const target = { key, partition: partitionOf(key, this.partitions) };
    if (number !== -1) {
      while (this.targets.length < number) this.targets.push(undefined);
      this.targets[number] = target;
    }
    return target;
  }

  private close(partition: number, out: EncodedBatch[]): void {
    const writer = this.writers[partition];
    const { count } = writer;
    if (count > 0) out.push({ partition, batch: writer.finish(), count });
  }
}
