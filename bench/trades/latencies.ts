/**
 * How long ticks took, and notes of those that are still on their way. All of it lies in memory that is taken at the
 * beginning: a benchmark that looks for growth must not grow itself.
 */

import type { Sent } from './feeder.ts';

/** Longest latency that is told apart, in milliseconds; what took longer counts as this long. */
const LONGEST = 15 * 60_000;
/** Notes kept for a partition. Beyond them the newest two become one, with the time of the older. */
const NOTES = 1 << 16;

/** Notes of one partition, the oldest first: end, records and due time of each, in a ring. */
class Notes {
  private readonly ring = new Float64Array(3 * NOTES).fill(0);
  private first = 0;
  private count = 0;

  add({ end, records, due }: Sent): void {
    if (this.count === NOTES) {
      const last = 3 * ((this.first + this.count - 1) % NOTES);
      this.ring[last] = end;
      this.ring[last + 1] += records;
      return;
    }
    const at = 3 * ((this.first + this.count) % NOTES);
    this.ring[at] = end;
    this.ring[at + 1] = records;
    this.ring[at + 2] = due;
    this.count++;
  }

  /** Takes the notes up to an offset, each as how many records were due when. */
  take(done: number, tell: (records: number, due: number) => void): void {
    for (; this.count > 0 && this.ring[3 * this.first] <= done; this.count--) {
      tell(this.ring[3 * this.first + 1], this.ring[3 * this.first + 2]);
      this.first = (this.first + 1) % NOTES;
    }
  }
}

/** Latencies by the millisecond. Times are milliseconds of one clock. */
export class Latencies {
  private readonly counts = new Float64Array(LONGEST + 1).fill(0);
  private readonly notes: readonly Notes[];
  private total = 0;

  constructor(partitions: number) {
    this.notes = Array.from({ length: partitions }, () => new Notes());
  }

  /** What was sent and is not stored yet. */
  sent(note: Sent): void {
    this.notes[note.partition].add(note);
  }

  /** Everything of a partition before an offset is stored now. */
  stored(partition: number, done: number, now: number): void {
    this.notes[partition].take(done, (records, due) => {
      this.counts[Math.min(LONGEST, Math.max(0, Math.round(now - due)))] += records;
      this.total += records;
    });
  }

  /** The latency that a share of the ticks did not exceed, in milliseconds; null when none was stored. */
  quantile(share: number): number | null {
    if (this.total === 0) return null;
    let left = share * this.total;
    let ms = 0;
    while (ms < LONGEST && left > this.counts[ms]) left -= this.counts[ms++];
    return ms;
  }
}
