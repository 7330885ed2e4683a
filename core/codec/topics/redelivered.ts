/**
 * Ticks that stand twice among the records of one read: a stage that was killed between writing them and finishing its
 * plan writes them again, in record batches of the same plan. Each raw event's ticks are in one record batch, so what an
 * earlier batch reached tells which ticks of a later one were there before.
 */

import { type TickBatch, valuesIn } from '../../model/tick-batch.ts';

/** Before all offsets, also those that a damaged record may claim. */
const NOTHING = Number.NEGATIVE_INFINITY;
/** Partitions of a topic are numbered below this. */
const PARTITIONS = 2 ** 31;

/** Follows the rows of a read in their order. What was read before this read is not known here. */
export class Redelivered {
  /** Values of the rows that were seen before. */
  values = 0;
  private recordBatch = -1;
  /**
   * By raw topic and partition: the offset after the greatest one in the record batches before, and with the one at
   * hand. A producer that spreads its events by a key of its own lets one partition of ticks draw from several.
   */
  private readonly before = new Map<number, number>();
  private readonly reached = new Map<number, number>();
  /** Raw topic and partition of the row before. */
  private lane = -1;
  private laneBefore = NOTHING;
  private laneReached = NOTHING;

  /** True when row `i`, the last one of the batch, came in an earlier record batch. */
  takes(ticks: TickBatch, i: number, recordBatch: number): boolean {
    if (recordBatch !== this.recordBatch) this.next(recordBatch);
    const lane = ticks.srcTopic[i] * PARTITIONS + ticks.srcPartition[i];
    if (lane !== this.lane) this.turnTo(lane);
    const offset = ticks.srcOffset[i];
    if (offset < this.laneBefore) {
      this.values += valuesIn(ticks.present[i]);
      return true;
    }
    if (offset >= this.laneReached) this.laneReached = offset + 1;
    return false;
  }

  private next(recordBatch: number): void {
    this.keep();
    for (const [lane, offset] of this.reached) this.before.set(lane, offset);
    this.recordBatch = recordBatch;
    this.lane = -1;
  }

  private turnTo(lane: number): void {
    this.keep();
    this.lane = lane;
    this.laneBefore = this.before.get(lane) ?? NOTHING;
    this.laneReached = this.reached.get(lane) ?? NOTHING;
  }

  private keep(): void {
    if (this.lane !== -1) this.reached.set(this.lane, this.laneReached);
  }
}
