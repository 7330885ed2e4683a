/**
 * Deadlines: the known time that a dataset has reached, and the slots that close when it reaches theirs. Slots of one
 * deadline are chained in columns, so that a new window costs no list of its own.
 */

import { wider } from '../../core/model/tick-batch.ts';
import type { Micros } from '../../core/time/instant.ts';

/** The deadlines of one dataset's slots. Times are UTC micros. */
export class Deadlines {
  /** The known time that the dataset has reached. */
  knownAt: Micros = -Infinity;
  /** A window closes at its end plus this. */
  readonly lateness: Micros;
  /** Windows that close at this time or earlier may have been let go: only the store knows their values. */
  letGoUntil: Micros = -Infinity;
  /** Distinct deadlines, the latest first, and the first link of each one's chain. */
  private times: Micros[] = [];
  private heads: number[] = [];
  private slotOf = new Int32Array(64);
  private nextOf = new Int32Array(64);
  private links = 0;
  private free = -1;

  constructor(lateness: Micros) {
    this.lateness = lateness;
  }

  /** The earliest deadline; Infinity for none. */
  get next(): Micros {
    return this.times.length === 0 ? Infinity : this.times[this.times.length - 1];
  }

  /** Notes that a slot closes at the time that its place in a column says. */
  expect(closesAt: Float64Array, slot: number): void {
    const at = closesAt[slot];
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] > at) low = middle + 1;
      else high = middle;
    }
    if (this.times[low] !== at) {
      this.times.splice(low, 0, at);
      this.heads.splice(low, 0, -1);
    }
    let link = this.free;
    if (link === -1) {
      link = this.links++;
      if (link >= this.slotOf.length) {
        this.slotOf = wider(this.slotOf, new Int32Array(2 * link));
        this.nextOf = wider(this.nextOf, new Int32Array(2 * link));
      }
    } else this.free = this.nextOf[link];
    this.slotOf[link] = slot;
    this.nextOf[link] = this.heads[low];
    this.heads[low] = link;
  }

  /**
   * Takes the earliest deadline if it is `until` or earlier: its slots go to `due`. Returns the deadline, or null when
   * none is due. A slot may have been given another deadline since; that is the caller's to see.
   */
  take(due: number[], until: Micros): Micros | null {
    const last = this.times.length - 1;
    if (last < 0 || this.times[last] > until) return null;
    const at = this.times[last];
    let link = this.heads[last];
    this.times.pop();
    this.heads.pop();
    while (link !== -1) {
      due.push(this.slotOf[link]);
      const next = this.nextOf[link];
      this.nextOf[link] = this.free;
      this.free = link;
      link = next;
    }
    return at;
  }
}
