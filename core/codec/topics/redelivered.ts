/**
 * Ticks that stand twice among the records of one read: a stage that was killed between writing them and finishing its
 * plan writes them again, in record batches of the same plan. Each raw event's ticks are in one record batch, so what an
 * earlier batch reached tells which ticks of a later one were there before.
 */

import { type TickBatch, valuesIn } from '../../model/tick-batch.ts';

/** Before all offsets, also those that a damaged record may claim. */
const NOTHING = Number.NEGATIVE_INFINITY;

/** Follows the rows of a read in their order. What was read before this read is not known here. */
export class Redelivered {
  /** Values of the rows that were seen before. */
  values = 0;
  private recordBatch = -1;
  /** By raw topic: the offset after the greatest one in the record batches before, and with the one at hand. */
  private readonly before = new Map<number, number>();
  private readonly reached = new Map<number, number>();
  private topic = -1;
  private topicBefore = NOTHING;
  private topicReached = NOTHING;

  /** True when row `i`, the last one of the batch, came in an earlier record batch. */
  takes(ticks: TickBatch, i: number, recordBatch: number): boolean {
    if (recordBatch !== this.recordBatch) this.next(recordBatch);
    if (ticks.srcTopic[i] !== this.topic) this.turnTo(ticks.srcTopic[i]);
    const offset = ticks.srcOffset[i];
    if (offset < this.topicBefore) {
      this.values += valuesIn(ticks.present[i]);
      return true;
    }
    if (offset >= this.topicReached) this.topicReached = offset + 1;
    return false;
  }

  private next(recordBatch: number): void {
    this.keep();
    for (const [topic, offset] of this.reached) this.before.set(topic, offset);
    this.recordBatch = recordBatch;
    this.topic = -1;
  }

  private turnTo(topic: number): void {
    this.keep();
    this.topic = topic;
    this.topicBefore = this.before.get(topic) ?? NOTHING;
    this.topicReached = this.reached.get(topic) ?? NOTHING;
  }

  private keep(): void {
    if (this.topic !== -1) this.reached.set(this.topic, this.topicReached);
  }
}
