/**
 * How much to ask a broker for, so that about so much comes of it: brokers count packed bytes, readers plain ones, and
 * batches of one feed shrink two to ten times. Each partition is known by what was fetched of it last.
 */

import { readInt64 } from '../../core/codec/kafka/batch-layout.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import { wholeBatches } from './fetched-slices.ts';

/** Of a partition that nothing is known of. */
const USUAL_RATIO = 4;
/** Less is not worth a request. */
const LEAST_BYTES = 65_536;

export class FetchSizes {
  /** Plain bytes for each packed one, by `topic/partition`. */
  private readonly ratios = new Map<string, number>();

  /** Packed bytes that unpack to about `plainBytes`; never more than those. */
  packedFor(topic: string, partition: number, plainBytes: number): number {
    const ratio = this.ratios.get(`${topic}/${partition}`) ?? USUAL_RATIO;
    return Math.min(plainBytes, Math.max(LEAST_BYTES, Math.ceil(plainBytes / ratio)));
  }

  /** What became of the records of a fetch. */
  note(topic: string, partition: number, records: Uint8Array, slices: readonly LogSlice[]): void {
    const last = slices.at(-1);
    if (last === undefined) return;
    let packed = 0;
    for (const batch of wholeBatches(records)) {
      const base = readInt64(batch, 0);
      if (base >= slices[0].from && base < last.to) packed += batch.length;
    }
    const plain = slices.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (packed > 0) this.ratios.set(`${topic}/${partition}`, Math.max(1, plain / packed));
  }
}
